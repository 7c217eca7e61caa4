"""Figures of queues, agents and lines, by interval."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "tallies",
        sa.Column("batch", sa.String(40), primary_key=True, comment="what was closed together"),
        sa.Column(
            "kind", sa.String(16), primary_key=True, comment="queue, agent, trunk or resolution"
        ),
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column(
            "begin_s", sa.Integer, primary_key=True, comment="of the interval, epoch seconds"
        ),
        sa.Column(
            "body", sa.Text, nullable=False, comment="the tally as JSON, to be added to others"
        ),
    )
    op.create_index("tallies_by_begin", "tallies", ["begin_s"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("tallies")
