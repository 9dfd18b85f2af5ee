"""Two versions of an agreement: what changed in plain words, and what it would have changed."""
