"""Back to back: what is owed to customers beside what suppliers owe, for the same outages."""
