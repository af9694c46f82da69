"""What can go wrong on a link, at a socket, to a process; each with proof that it bit."""
