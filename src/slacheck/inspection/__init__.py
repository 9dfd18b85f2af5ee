"""What exports hold, seen before there is an agreement, and the sources to write for them."""
