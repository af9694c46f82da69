"""A connection that is carried by us, and what can go wrong on its way.

``link.Link`` is the connection: the client's end, the target's end, and a direction each way. A
direction is a chain of faults; ``fault.Fault`` says what one of them is, ``table.FAULTS`` which
there are. A new one is a file beside the others and a line in the table.
"""
