"""Indexes for lists and reports, where plans read whole tables."""

import sqlalchemy as sa
from alembic import op

revision = "reports"
down_revision = "turn_shares"
branch_labels = None
depends_on = None

_PARTIAL = {
    "conversations_in_line": ("conversations", ["id"], "owner = 'queue'"),
    "entries_suggestions": ("entries", ["at", "id"], "type = 'suggestion'"),
    "tickets_closed": ("tickets", ["closed_at", "id"], "closed_at IS NOT NULL"),
}
_WHOLE = {
    "tickets_by_conversation": ("tickets", ["conversation_id", "created_at"]),
    "tickets_by_time": ("tickets", ["created_at", "id", "state", "reason", "accepted_at"]),
    "waits_by_end": ("waits", ["ended_at", "id"]),
}


def upgrade() -> None:
    for name, (table, columns, where) in _PARTIAL.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    for name, (table, columns) in _WHOLE.items():
        op.create_index(name, table, columns)
    # The list of closed tickets goes by the time at which they were closed: none may be without.
    op.execute(
        "UPDATE tickets SET closed_at = created_at"
        " WHERE closed_at IS NULL AND state NOT IN ('queued', 'accepted', 'scheduled')"
    )


def downgrade() -> None:
    for name, (table, *_) in {**_PARTIAL, **_WHOLE}.items():
        op.drop_index(name, table_name=table)
