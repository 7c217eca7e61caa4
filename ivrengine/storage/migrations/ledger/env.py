"""Alembic's entry to the history of the ledger tables."""

from ivrengine.storage.migrations.environment import run

run()
