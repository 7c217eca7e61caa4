"""A telephone of our own that knows what it hears: for the demonstration call, load and tests."""
