"""How a target speaks: framing, operations and what is recognised, from TOML alone.

A dialect shares no code with the reference system: a bug common to the judge and the judged
would be invisible. Both are held to ``spec/vectors.toml``.
"""
