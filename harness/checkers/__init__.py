"""Predicates over what was seen: they open no sockets and know no target.

A checker takes the views of the clients (for each name, its events in order) and returns a
sentence that says what contradicts the rule, or None.
"""
