"""States are among those there are, and what is known of a message on its way is a code and no sentence."""

import sqlalchemy as sa
from alembic import op

revision = "life_cycles"
down_revision = "reports"
branch_labels = None
depends_on = None

# As they were when this step was written: what the code says later is a later step's.
TICKETS = "state IN ('queued', 'accepted', 'scheduled', 'returned', 'completed', 'abandoned')"
DELIVERIES = "state IN ('waiting', 'sent', 'failed', 'cancelled')"
ARRIVALS = "arrival IN ('on_its_way', 'unknown', 'repeating')"
INBOX = (
    "outcome IN ('answered', 'kept_for_human', 'handed_off', 'not_handed_off', 'superseded', 'expired', 'repeated', "
    "'over_budget')"
)
# What stood in a delivery's error, and the code that takes its place.
ON_ITS_WAY, AGAIN = "on its way", "on its way again"
LOST = "the answer to the first try was lost"
SENT_AGAIN = "the answer to the first try was lost; it was repeated once, the customer may have it twice"
NOBODY_KNOWS = "nobody knows whether it arrived; it was repeated once"


def upgrade() -> None:
    with op.batch_alter_table("tickets") as tickets:
        tickets.create_check_constraint(op.f("ck_tickets_state"), TICKETS)
    with op.batch_alter_table("inbox") as inbox:
        inbox.create_check_constraint(op.f("ck_inbox_outcome"), INBOX)
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.add_column(sa.Column("arrival", sa.String(length=16), nullable=True))
        deliveries.create_check_constraint(op.f("ck_deliveries_state"), DELIVERIES)
        deliveries.create_check_constraint(op.f("ck_deliveries_arrival"), ARRIVALS)
    error, arrival = sa.column("error", sa.Text()), sa.column("arrival", sa.String())
    rows = sa.table("deliveries", error, arrival)
    repeated = sa.or_(error.in_((AGAIN, SENT_AGAIN)), error.startswith(NOBODY_KNOWS, autoescape=True))
    op.execute(rows.update().where(repeated).values(arrival="repeating"))
    op.execute(rows.update().where(error == ON_ITS_WAY).values(arrival="on_its_way"))
    op.execute(rows.update().where(error == LOST).values(arrival="unknown"))
    op.execute(rows.update().where(error.in_((ON_ITS_WAY, AGAIN, LOST))).values(error=None))


def downgrade() -> None:
    error, arrival, state = sa.column("error", sa.Text()), sa.column("arrival", sa.String()), sa.column("state")
    rows = sa.table("deliveries", error, arrival, state)
    # A message that was sent twice, or that nobody knows of, has its sentence already.
    under_way = state.in_(("waiting", "cancelled"))
    for code, text in (("on_its_way", ON_ITS_WAY), ("unknown", LOST), ("repeating", AGAIN)):
        op.execute(rows.update().where(under_way, arrival == code).values(error=text))
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_constraint(op.f("ck_deliveries_arrival"), type_="check")
        deliveries.drop_constraint(op.f("ck_deliveries_state"), type_="check")
        deliveries.drop_column("arrival")
    with op.batch_alter_table("inbox") as inbox:
        inbox.drop_constraint(op.f("ck_inbox_outcome"), type_="check")
    with op.batch_alter_table("tickets") as tickets:
        tickets.drop_constraint(op.f("ck_tickets_state"), type_="check")
