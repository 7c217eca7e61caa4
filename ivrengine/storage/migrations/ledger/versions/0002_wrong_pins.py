"""How often PINs were wrong in a row."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "wrong_pins",
        sa.Column("number", sa.Text, primary_key=True, comment="as a caller keyed it"),
        sa.Column("in_a_row", sa.Integer, nullable=False),
        sa.Column("last_at", sa.Double, nullable=False),
    )
    op.create_index("wrong_pins_by_time", "wrong_pins", ["last_at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("wrong_pins")
