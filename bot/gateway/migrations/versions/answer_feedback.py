"""What visitors think of an answer, and what agents and trainers marked it as."""

import sqlalchemy as sa
from alembic import op

revision = "answer_feedback"
down_revision = "outside_desks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # May be empty and refers to nothing: SQLite adds it without copying the table.
    op.add_column("entries", sa.Column("rating", sa.String(length=8), nullable=True))
    op.create_table(
        "answer_marks",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("meant", sa.String(length=64), nullable=True),
        sa.Column("agent_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_answer_marks_agent_id_agents")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_answer_marks")),
    )


def downgrade() -> None:
    op.drop_table("answer_marks")
    # No batch: it would copy the table, and rows that refer to it would not let the old one go.
    op.drop_column("entries", "rating")
