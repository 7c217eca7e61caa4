"""What Alembic runs in both environments: the connection and the group come from the caller."""

from alembic import context
from sqlalchemy import Connection

from ivrengine.storage.migrate import TableGroup


def run() -> None:
    """Run the migrations on the connection, and in the transaction, that were handed in."""
    connection: Connection = context.config.attributes["connection"]
    group: TableGroup = context.config.attributes["group"]
    context.configure(
        connection=connection,
        target_metadata=group.metadata,
        version_table=group.version_table,
        # SQLite alters a table by copying it.
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
