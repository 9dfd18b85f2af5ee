"""Drafting faults: what an agreement may say, and should not."""
