"""Down time, by named rules, built once for every measure that reads it."""
