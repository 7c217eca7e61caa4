"""Flows without telephones: virtual time, stand-ins for what is outside, tests, coverage."""
