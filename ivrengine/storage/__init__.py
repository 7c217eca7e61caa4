"""What outlives a call: its record, tickets and ratings, in SQLite or PostgreSQL."""
