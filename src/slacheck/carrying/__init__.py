"""Whether the agreements that one rests on carry what it promises, from their terms alone."""
