"""Training beside whatever else goes on: one model in a process of its own, many on workers."""
