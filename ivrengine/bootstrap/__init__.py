"""The only place that picks real parts and ties them together; tests hand in others."""
