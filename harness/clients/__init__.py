"""Virtual clients over real sockets, all on one reactor."""
