"""Waits that were timed, and what a waiting customer was last told."""

import sqlalchemy as sa
from alembic import op

revision = "handoff_waits"
down_revision = "desk_work"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("ticket_id", sa.String(length=36), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("load", sa.JSON(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("promised_p50", sa.Integer(), nullable=True),
        sa.Column("promised_p90", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_waits_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waits")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_waits_ticket_id")),
    )
    # Columns that may be empty and refer to nothing: SQLite adds them without copying the table, to which waits refer.
    op.add_column("tickets", sa.Column("load", sa.JSON(), nullable=True))
    op.add_column("tickets", sa.Column("told", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_table("waits")
    # No batch: it would copy the table, and rows that refer to it would not let the old one go.
    op.drop_column("tickets", "told")
    op.drop_column("tickets", "load")
