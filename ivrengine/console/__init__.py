"""The engine over HTTP: the API, health, metrics and a start page."""
