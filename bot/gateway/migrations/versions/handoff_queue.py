"""The honest queue: agents' skills and presence, tickets' routing and promises, timers, links to other channels."""

import sqlalchemy as sa
from alembic import op

revision = "handoff_queue"
down_revision = "desk_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agents") as agents:
        agents.add_column(sa.Column("skills", sa.JSON(), nullable=False, server_default="[]"))
        agents.add_column(sa.Column("languages", sa.JSON(), nullable=False, server_default='["en"]'))
        agents.add_column(sa.Column("capacity", sa.Integer(), nullable=False, server_default="5"))
        agents.add_column(sa.Column("presence", sa.String(length=16), nullable=False, server_default="offline"))
        agents.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("tickets") as tickets:
        tickets.add_column(sa.Column("reason", sa.String(length=32), nullable=False, server_default=""))
        tickets.add_column(sa.Column("skill", sa.String(length=64), nullable=False, server_default="general"))
        tickets.add_column(sa.Column("language", sa.String(length=16), nullable=False, server_default="en"))
        tickets.add_column(sa.Column("priority", sa.String(length=16), nullable=False, server_default="normal"))
        tickets.add_column(sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True))
        tickets.add_column(sa.Column("rank_at", sa.DateTime(timezone=True), nullable=True))
        tickets.add_column(sa.Column("assigned_to", sa.String(length=36), nullable=True))
        tickets.add_column(sa.Column("agents_online", sa.Integer(), nullable=True))
        tickets.add_column(sa.Column("promised_position", sa.Integer(), nullable=True))
        tickets.add_column(sa.Column("promised_p50", sa.Integer(), nullable=True))
        tickets.add_column(sa.Column("promised_p90", sa.Integer(), nullable=True))
        tickets.add_column(sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
        tickets.add_column(sa.Column("keeps_place", sa.Boolean(), nullable=False, server_default=sa.false()))
        tickets.add_column(sa.Column("callback_at", sa.DateTime(timezone=True), nullable=True))
        tickets.add_column(sa.Column("contact", sa.JSON(), nullable=True))
        tickets.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
        tickets.add_column(sa.Column("commitments", sa.JSON(), nullable=False, server_default="[]"))
        tickets.add_column(sa.Column("changed_slots", sa.JSON(), nullable=False, server_default="{}"))
        tickets.create_foreign_key(op.f("fk_tickets_assigned_to_agents"), "agents", ["assigned_to"], ["id"])
        tickets.create_index("tickets_line", ["state", "rank_at", "id"])
    # Who waited before the line had ranks keeps the order in which they came.
    op.execute("UPDATE tickets SET queued_at = created_at, rank_at = created_at")
    op.create_table(
        "timers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("ticket_id", sa.String(length=36), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_timers_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_timers_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
        sa.UniqueConstraint("key", name=op.f("uq_timers_key")),
    )
    op.create_index(op.f("ix_timers_conversation_id"), "timers", ["conversation_id"])
    op.create_index(
        "timers_waiting",
        "timers",
        ["due_at"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "continuation_links",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("to_channel", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_continuation_links_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_continuation_links")),
    )
    op.create_index(op.f("ix_continuation_links_conversation_id"), "continuation_links", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("continuation_links")
    op.drop_table("timers")
    with op.batch_alter_table("tickets") as tickets:
        tickets.drop_index("tickets_line")
        tickets.drop_constraint(op.f("fk_tickets_assigned_to_agents"), type_="foreignkey")
        for name in (
            "reason", "skill", "language", "priority", "queued_at", "rank_at", "assigned_to", "agents_online",
            "promised_position", "promised_p50", "promised_p90", "snoozed_until", "keeps_place", "callback_at",
            "contact", "reminded_at", "commitments", "changed_slots",
        ):  # fmt: skip
            tickets.drop_column(name)
    # No batch: it would copy the table, and rows that refer to it would not let the old one go.
    for name in ("skills", "languages", "capacity", "presence", "seen_at"):
        op.drop_column("agents", name)
