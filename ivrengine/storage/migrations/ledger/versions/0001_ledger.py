"""Tickets of the voice mailbox, and callers' ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("number", sa.String(16), nullable=False, unique=True),
        sa.Column("recording", sa.String(128), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("kept_at", sa.Double, nullable=False),
    )
    op.create_index("tickets_by_time", "tickets", ["kept_at"])
    op.create_table(
        "ratings",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("rated_at", sa.Double, nullable=False),
        sa.UniqueConstraint("call_id", "agent", name="ratings_once"),
    )
    op.create_index("ratings_by_time", "ratings", ["rated_at"])


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("ratings")
    op.drop_table("tickets")
