"""Alembic's entry to the history of the calls tables."""

from ivrengine.storage.migrations.environment import run

run()
