"""Calls that agents make by hand to telephones outside."""
