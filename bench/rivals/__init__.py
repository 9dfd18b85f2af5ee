"""What others take: each a script that runs in a process of its own and prints its answer as JSON."""
