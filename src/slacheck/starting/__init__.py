"""New agreements: from templates, from exports, from OpenSLO."""
