"""Whether an earlier try of a message may have run actions, which then do not run again unless they say so."""

import sqlalchemy as sa
from alembic import op

revision = "done_once"
down_revision = "life_cycles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a default of the database: SQLite adds it without copying the table.
    op.add_column("inbox", sa.Column("may_have_acted", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    # No batch: it would copy the table without its CHECK. SQLite has dropped columns by itself since 3.35.
    op.drop_column("inbox", "may_have_acted")
