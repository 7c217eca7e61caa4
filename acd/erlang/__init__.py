"""Erlang's formulas: how many lines or agents a load needs, and how long callers then wait.

They suppose that calls come at random (Poisson) and are of exponential length. Loads are in
erlangs: calls that would be in progress on average if none were ever refused or kept waiting.
"""
