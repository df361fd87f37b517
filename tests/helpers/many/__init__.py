"""Many computers, as processes of this one. They need Ray: see tools.many."""
