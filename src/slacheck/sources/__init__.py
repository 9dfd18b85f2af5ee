"""Exports and the canonical shapes they are mapped to."""
