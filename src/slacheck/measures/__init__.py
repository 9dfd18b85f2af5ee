"""How numbers are made from observations: one file per kind, with its parameters, its formula and its manual page."""
