"""What slacheck takes, beside what others take for the same work. ``python -m bench`` runs it; no test does."""
