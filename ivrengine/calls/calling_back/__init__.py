"""Calls to customers who wanted to be called back instead of waiting on the line."""
