"""Measures how fast parts of the engine are, on this machine, beside what others would do."""
