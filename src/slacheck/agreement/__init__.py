"""What people write: the agreement as models, its file with lines and columns, and the checks on meaning."""
