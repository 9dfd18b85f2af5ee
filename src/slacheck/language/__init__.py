"""What people write: agreements in YAML, every value with its place in the text."""
