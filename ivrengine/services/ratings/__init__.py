"""What callers think of the service they got: a score after a conversation."""
