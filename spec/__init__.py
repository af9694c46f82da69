"""The law of the project: requirements, limits, wire protocol and golden vectors.

Text and data, and the loaders that read them; no socket, thread, clock, process or window.
"""
