"""Whether a call came in or went out."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and fill it for calls whose class tells."""
    op.add_column(
        "calls", sa.Column("outgoing", sa.Boolean, nullable=False, server_default=sa.false())
    )
    calls = sa.table("calls", sa.column("outgoing", sa.Boolean), sa.column("caller_class", sa.Text))
    op.execute(calls.update().where(calls.c.caller_class == "outgoing").values(outgoing=sa.true()))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("calls", "outgoing")
