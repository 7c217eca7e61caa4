"""The people on telephones who appear in tests; how they hear and act is the product's own."""

from ivrengine.softphone.person import Agent, Caller, Person

__all__ = ["Agent", "Caller", "Person"]
