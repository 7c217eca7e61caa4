"""Automatic call distribution: who serves whom. Pure, and usable without the engine."""
