"""The reference chat: one room over TCP, in plain Python.

A line travels through these modules, in this order; each owns one duty:

    server      accepts a connection, or refuses it at the doorstep
    reader      the thread of one client: bytes become lines (framing), lines go to the inbox
    inbox       what waits for the dispatcher
    dispatcher  the one owner of the room, and the one writer
    session     what a line means, coming from this client now (protocol, names)
    room        who is here; hearing: who hears what; records: what is to be logged of it
    journal     what was logged before anybody hears it (logfile, checkpoints)
    peer        one connection as its writer sees it (outbox)
    screen      what the server's operator sees

The log is read by logcommand (logreader, logforms); logrows is what its two sides share.

The client is a window, which shows what its presenter tells it (view, wording); the presenter talks
over a connection (events, outgoing).

The standard library only; spec/protocol.md is the law, config holds every number.
"""
