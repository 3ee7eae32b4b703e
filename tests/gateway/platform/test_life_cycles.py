"""What a row may become stands in one table; code and database both hold to it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import exc, make_url, select, text, update
from sqlalchemy.orm import Session

from bot.errors import WarmlineError
from bot.gateway.conversations import shares  # noqa: F401 - the table that it keeps to itself
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.states import ARRIVALS, DELIVERY, INBOX
from bot.gateway.conversations.tables import Delivery, InboxMessage
from bot.gateway.migrations import downgrade, upgrade
from bot.gateway.platform.database import Database
from bot.gateway.platform.life_cycles import ImpossibleStepError, LifeCycle
from bot.gateway.platform.signals import Signals
from bot.gateway.platform.tables import Table
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.states import ENDED, OPEN, TICKET, UNFINISHED
from bot.gateway.tickets.tables import Ticket
from tests.gateway.tickets.scene import Scene

ALL = (TICKET, DELIVERY, INBOX)


@pytest.mark.parametrize("cycle", ALL, ids=lambda one: one.of)
def test_every_step_leads_to_a_state_that_there_is(cycle: LifeCycle) -> None:
    """And each state is reached, or a row begins in it."""
    following = {after for steps in cycle.steps.values() for after in steps}
    assert following | set(cycle.starts) == set(cycle.states)


def test_a_cycle_says_its_check_to_the_database() -> None:
    """By a name, under which a migration finds it."""
    cycle = LifeCycle("A door", "state", {"open": ("shut",), "shut": ()}, ("open",))
    assert (str(cycle.constraint().sqltext), cycle.constraint().name) == ("state IN ('open', 'shut')", "state")
    assert cycle.ended == ("shut",)
    with pytest.raises(ImpossibleStepError, match=r"^A door cannot be made as 'shut': it begins as open\.$"):
        cycle.check(None, "shut")
    with pytest.raises(ImpossibleStepError, match=r"^A door cannot become 'open' after 'gone'\.$"):
        cycle.check("gone", "open")


def test_a_ticket_goes_only_where_a_ticket_goes() -> None:
    """What has ended stays so; nobody has a ticket that was never in the queue."""
    ticket = Ticket(state="queued")
    for state in ("accepted", "accepted", "queued", "scheduled", "scheduled", "queued", "accepted", "completed"):
        ticket.state = state
    for state in TICKET.states:
        with pytest.raises(ImpossibleStepError, match="after 'completed'"):
            ticket.state = state
    assert ticket.state == "completed"
    for wrong in ("accepted", "complete", ""):
        with pytest.raises(ImpossibleStepError, match="begins as queued"):
            Ticket(state=wrong)
    assert set(ENDED) == {"returned", "completed", "abandoned"}
    assert set(UNFINISHED) == {*OPEN, "scheduled"}


def test_a_delivery_that_is_sent_stays_so_and_a_late_arrival_counts() -> None:
    """It was on its way when a human took over, or when it was given up."""
    for before in ("failed", "cancelled", "waiting"):
        delivery = Delivery(state="waiting")
        if before != "waiting":
            delivery.state = before
        delivery.state = "sent"
        for after in ("waiting", "failed", "cancelled"):
            with pytest.raises(ImpossibleStepError):
                delivery.state = after


def test_a_message_is_handled_once() -> None:
    """A second outcome would be a second answer."""
    message = InboxMessage(message_id="m1")
    message.outcome = "answered"
    for again in ("answered", "handed_off"):
        with pytest.raises(ImpossibleStepError):
            message.outcome = again
    with pytest.raises(ImpossibleStepError):
        InboxMessage(outcome="done")


@pytest.mark.parametrize(
    ("table", "column", "wrong"),
    [
        (Ticket, "state", "failed"),
        (Delivery, "state", "on its way"),
        (Delivery, "arrival", "on its way"),
        (InboxMessage, "outcome", "done"),
    ],
)
async def test_the_database_refuses_a_state_that_there_is_not(
    database: Database, payloads: Payloads, table: type[Table], column: str, wrong: str
) -> None:
    """Also where a statement writes many rows and no row's class looks."""
    scene = Scene(database, payloads)
    await scene.hand_off(await scene.says("ada", "help"))
    with pytest.raises(exc.IntegrityError, match=f"ck_{table.__tablename__}_{column}"):
        await database.run(lambda session: session.execute(update(table).values({column: wrong})))
    await scene.handled()


def test_a_migration_keeps_the_rows_that_refer_to_others(
    kind_of_database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """All steps down to the first tables and up again, with customers in every table: nobody is lost on the way."""
    with _empty_database(kind_of_database, tmp_path, request) as database:
        upgrade(database)
        asyncio.run(_filled(database))
        before = database.run_here(_counts)
        assert before["waits"] == before["tickets"] == 2
        downgrade(database, "turn_shares")
        errors = database.run_here(
            lambda session: session.scalars(text("SELECT error FROM deliveries ORDER BY id")).all()
        )
        assert errors[:4] == ["on its way", "the answer to the first try was lost", "on its way again", None]
        upgrade(database)
        assert database.run_here(_counts) == before
        found = database.run_here(lambda session: session.scalars(select(Delivery.arrival).order_by(Delivery.id)).all())
        assert list(found)[:4] == [*ARRIVALS, None]
        downgrade(database, "0001")
        upgrade(database)
        after = database.run_here(_counts)
        for table in ("conversations", "entries", "inbox", "deliveries", "tickets", "agents"):
            assert after[table] == before[table], table
        with database.engine.connect() as connection:
            if database.is_sqlite:
                assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1, "they hold again"
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Table.metadata) == []


def test_a_change_of_tables_that_would_leave_rows_without_what_they_refer_to_is_undone(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """SQLite does not look while tables are copied; Warmline does, before the commit."""
    path = tmp_path / "warmline.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", Signals())
    lost = text(
        "INSERT INTO continuation_links (id, conversation_id, to_channel, expires_at) VALUES ('a', 'b', 'c', 0)"
    )
    with pytest.raises(WarmlineError, match="continuation_links"):
        database.reshape(lambda session: session.execute(lost))
    assert database.run_here(lambda session: session.scalar(text("SELECT count(*) FROM continuation_links"))) == 0
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def kind_of_database(request: pytest.FixtureRequest) -> str:
    """Both."""
    return str(request.param)


@contextmanager
def _empty_database(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of the test's own, whose shape it may change."""
    if kind == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'own.db'}", Signals())
        yield database
        database.close()
        return
    server, name = request.getfixturevalue("postgres_url"), "warmline_reshaped"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        database = Database(url, Signals())
        yield database
        database.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def _filled(database: Database) -> None:
    """Two customers with humans, and deliveries of each kind."""
    scene = Scene(database, Payloads("k" * 40))
    sam = await scene.agent("Sam")
    for who in ("ada", "ben"):
        ticket_id = await scene.hand_off(await scene.says(who, "help"))
        await scene.take(tickets.claim, ticket_id, sam)
    await scene.take(tickets.resolve, ticket_id, sam, "solved", "")

    def arrivals(session: Session) -> None:
        for row, arrival in zip(session.scalars(select(Delivery).order_by(Delivery.id)), ARRIVALS, strict=False):
            row.arrival = arrival

    await database.run(arrivals)


def _counts(session: Session) -> dict[str, int]:
    return {
        name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
        for name in sorted(Table.metadata.tables)
    }
