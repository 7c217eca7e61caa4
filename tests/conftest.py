"""What every test is held to."""

import pytest

KINDS = frozenset({"unit", "calls", "contract", "functional"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuses a test that does not say of which kind it is."""
    for item in items:
        kinds = KINDS & {mark.name for mark in item.iter_markers()}
        if len(kinds) != 1:
            said = ", ".join(sorted(kinds)) or "none"
            raise pytest.UsageError(f"{item.nodeid} must have one of {sorted(KINDS)}, has {said}")
