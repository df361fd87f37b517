"""Many computers, as processes of this one. They run where Ray is: see tools.many."""
