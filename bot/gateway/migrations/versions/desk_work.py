"""The desk's work: mentions in notes, canned replies, and what became of suggestions."""

import sqlalchemy as sa
from alembic import op

revision = "desk_work"
down_revision = "handoff_queue"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mentions",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("entry_id", _NUMBER, nullable=False),
        sa.Column("ticket_id", sa.String(length=36), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_mentions_entry_id_entries")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_mentions_ticket_id_tickets")),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_mentions_agent_id_agents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("entry_id", "agent_id", name=op.f("uq_mentions_entry_id_agent_id")),
    )
    op.create_index("mentions_unseen", "mentions", ["agent_id", "seen_at"], unique=False)
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("shortcut", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["agents.id"], name=op.f("fk_canned_replies_changed_by_agents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
        sa.UniqueConstraint("shortcut", name=op.f("uq_canned_replies_shortcut")),
    )
    op.create_table(
        "suggestion_verdicts",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("offer", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_suggestion_verdicts_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_suggestion_verdicts_agent_id_agents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_verdicts")),
        sa.UniqueConstraint(
            "conversation_id", "seq", "offer", name=op.f("uq_suggestion_verdicts_conversation_id_seq_offer")
        ),
    )


def downgrade() -> None:
    for table in ("suggestion_verdicts", "canned_replies", "mentions"):
        op.drop_table(table)
