"""Fills every line of a whole system with callers, and judges from outside how it bears them."""
