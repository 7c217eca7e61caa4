"""Quotes by code: from the embedded demonstration market, or from any feed behind the port."""
