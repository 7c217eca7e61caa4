"""What agents note of their conversations."""
