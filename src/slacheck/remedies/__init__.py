"""What a breach costs: one file per kind of credit, with its parameters, its formula and its manual page."""
