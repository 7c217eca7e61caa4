from tests.kit.databases import postgres

__all__ = ["postgres"]
