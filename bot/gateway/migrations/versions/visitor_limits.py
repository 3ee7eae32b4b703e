"""Limits that all gateways share, and where a conversation's visitor comes from."""

import sqlalchemy as sa
from alembic import op

revision = "visitor_limits"
down_revision = "answer_feedback"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # May be empty and refers to nothing: SQLite adds it without copying the table.
    op.add_column("conversations", sa.Column("origin", sa.String(length=32), nullable=True))
    op.create_table(
        "rate_limits",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("spent_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "subject", name=op.f("pk_rate_limits")),
    )


def downgrade() -> None:
    op.drop_table("rate_limits")
    # No batch: it would copy the table, and take foreign keys that point here along (SQLite 3.35 drops a column).
    op.drop_column("conversations", "origin")
