"""What each origin has used of the brains, for whose turn comes first."""

import sqlalchemy as sa
from alembic import op

revision = "turn_shares"
down_revision = "tried_again"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turn_shares",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("used", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_turn_shares")),
    )


def downgrade() -> None:
    op.drop_table("turn_shares")
