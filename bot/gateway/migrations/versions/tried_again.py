"""How often a message's turn was lost with its brain, and how long it has waited by clocks that may jump."""

import sqlalchemy as sa
from alembic import op

revision = "tried_again"
down_revision = "visitor_limits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With defaults of the database: SQLite adds them without copying the table.
    op.add_column("inbox", sa.Column("lost", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("inbox", sa.Column("waited_ms", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("inbox", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("inbox") as inbox:
        inbox.drop_column("tried_at")
        inbox.drop_column("waited_ms")
        inbox.drop_column("lost")
