"""How fast a server is, beside others: ``chat-verify bench``. Figures, no verdicts.

``bench`` is the parent, ``worker`` the process that holds all connections, ``speaker`` the one that
speaks at set moments or floods, ``bare`` a program that does nothing but send.
"""
