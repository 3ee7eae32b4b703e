"""Outside desks: their cases and the events that were taken."""

import sqlalchemy as sa
from alembic import op

revision = "outside_desks"
down_revision = "handoff_waits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outside_cases",
        sa.Column("ticket_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("desk", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ending", sa.String(length=16), nullable=True),
        sa.Column("brought_seq", sa.Integer(), nullable=False),
        sa.Column("last_line", sa.String(length=64), nullable=True),
        sa.Column("unsure", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_outside_cases_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_outside_cases_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_outside_cases")),
    )
    op.create_index("outside_cases_by_conversation", "outside_cases", ["conversation_id"], unique=False)
    op.create_index("outside_cases_by_state", "outside_cases", ["desk", "state"], unique=False)
    op.create_table(
        "outside_events",
        sa.Column("desk", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("desk", "event_id", name=op.f("pk_outside_events")),
    )


def downgrade() -> None:
    op.drop_table("outside_events")
    op.drop_table("outside_cases")
