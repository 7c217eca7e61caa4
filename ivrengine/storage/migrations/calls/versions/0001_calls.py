"""The record of calls: every fact, and one row for each call."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "call_facts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column(
            "digest", sa.String(32), nullable=False, comment="of the body: makes equal facts one"
        ),
        sa.Column("body", sa.Text, nullable=False, comment="the fact as a line of JSON"),
        sa.UniqueConstraint("call_id", "at", "digest", name="call_facts_once"),
    )
    op.create_table(
        "calls",
        sa.Column("call_id", sa.String(64), primary_key=True),
        sa.Column("started_at", sa.Double, nullable=False),
        sa.Column("answered_at", sa.Double, nullable=False),
        sa.Column("ended_at", sa.Double, nullable=False),
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("dialled", sa.Text, nullable=False),
        sa.Column("trunk", sa.Text, nullable=False),
        sa.Column("caller_class", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("ended_by", sa.Text, nullable=False),
        sa.Column("recordings", sa.Text, nullable=False, comment="names as a JSON array"),
    )
    op.create_index("calls_by_start", "calls", ["started_at"])
    op.create_index("calls_by_caller", "calls", ["caller", "started_at"])
    op.create_index("calls_by_agent", "calls", ["agent", "started_at"])


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("calls")
    op.drop_table("call_facts")
