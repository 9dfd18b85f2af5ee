"""Scenarios beside an agreement: a few lines of what happens, and what is expected of it."""
