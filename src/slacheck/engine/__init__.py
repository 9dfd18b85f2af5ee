"""The engine: exports are read into integers here, in bounded memory, and reduced to small exact results."""
