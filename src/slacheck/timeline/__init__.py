"""Civil time turned into instants: zones, intervals, periods, and the words people ask for a period with."""
