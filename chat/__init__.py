"""The reference chat: one room over TCP, in plain Python.

A line travels through these modules, in this order; each owns one duty:

    server      accepts a connection, or refuses it at the doorstep
    reader      the thread of one client: bytes become lines (framing), lines go to the inbox
    inbox       what waits for the dispatcher
    dispatcher  the one owner of the room, and the one writer
    session     what a line means, coming from this client now (protocol, names)
    room        who is here; hearing: who hears what
    peer        one connection as its writer sees it (outbox)
    screen      what the server's operator sees

The standard library only; spec/protocol.md is the law, config holds every number.
"""
