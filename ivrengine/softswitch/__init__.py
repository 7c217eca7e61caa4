"""All that knows Asterisk: its events and orders, its manager, and how to have one running here."""
