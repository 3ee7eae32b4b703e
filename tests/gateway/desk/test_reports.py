"""Reports and lists of a busy desk: they stop no customer, and they do not read whole tables."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.gateway.channels import ageing, outbox
from bot.gateway.conversations import news
from bot.gateway.conversations.tables import Conversation
from bot.gateway.desk import audit, lists, report, suggestions, supervision, views
from bot.gateway.desk.audit import Action
from bot.gateway.desk.report import MOST_EXAMPLES
from bot.gateway.desk.roles import Role
from bot.gateway.desk.tables import SignInAttempt
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.tables import Table
from bot.gateway.tickets import attending, line, presence, silence, timers, waiting_time
from bot.gateway.tickets.services import TicketServices
from tests.gateway.busy_desk import Size, fill
from tests.gateway.channels.gateway_server import Gateway
from tests.gateway.desk.conftest import Desks

# Enough for PostgreSQL to prefer an index to reading everything.
SIZE = Size(tickets=600, suggestions=900, messages=4, unasked=100, days=150)
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
TICKET, CONVERSATION, AGENT = "ticket-000009", "conversation-9", "agent-9"
WITH_THE_BOT = "conversation-10"
GROWING = frozenset(
    {"answer_marks", "audit", "conversations", "deliveries", "entries", "inbox", "mentions", "suggestion_verdicts"}
    | {"tickets", "timers", "waits"}
)
"""The tables that grow with every customer."""
MAY_BE_WALKED = frozenset(
    str(index.name)
    for table in Table.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
) | {"tickets_by_time"}
"""Indexes that hold only what is wanted, and the one along which the list of all tickets is read page by page."""
# A blocked report is let go by the test; after so long it would be a test that hangs.
LONGEST = 30.0

Look = Callable[[Session, datetime], object]


def has_ended(session: Session, now: datetime) -> bool:
    """Whether an old conversation that the bot has ended, where conversations are forgotten."""
    limit = ageing.AgeLimit(timedelta(0), lambda: now)
    return ageing.has_ended(session, limit, session.get_one(Conversation, WITH_THE_BOT))


LOOKS: dict[str, Look] = {
    "the trainers' report of suggestions": report.report,
    "the supervisor's page": lambda session, now: supervision.overview(session, AGENT, now),
    "the promises that were kept": lambda session, now: waiting_time.kept(session, now - supervision.WINDOW),
    "a ticket with its story": lambda session, now: views.ticket_and_story(session, TICKET, now),
    "the tickets of some conversations": lambda session, now: views.tickets_of(session, [CONVERSATION]),
    "a conversation's open ticket": lambda session, now: line.open_ticket_of(
        session, session.get_one(Conversation, CONVERSATION)
    ),
    "whether a conversation may be forgotten": has_ended,
    "whether somebody has read this before": lambda session, now: audit.record_reading(
        session, Action.READ_TICKET, AGENT, now, ticket_id=TICKET
    ),
    "what there is to think about": lambda session, now: suggestions.question_of(session, CONVERSATION),
    "what is new where the bot has nothing to say": lambda session, now: news.since(session, 100),
    "who waits, when a gateway starts": lambda session, now: attending.in_line(session),
    "a place in the queue": lambda session, now: line.position(session, session.get_one(views.Ticket, "ticket-000000")),
    "what each agent has in hand": presence.in_hand,
    "who has been silent": lambda session, now: silence.due(session, TicketServices(), now),
    "the messages to send": outbox.due,
    "when the next message is to be sent": lambda session, now: outbox.next_due(session),
    "the timers that are due": timers.due,
    "when the next timer is due": lambda session, now: timers.next_due(session),
    "calling a ticket's timers off": lambda session, now: timers.cancel(
        session, ticket_id=TICKET, kind="promise", now=now
    ),
} | {
    f"a page of the list “{which}”": lambda session, now, which=which: lists.page(session, which, AGENT, now)
    for which in lists.LISTS
}


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Everything that is sent to the database meanwhile, as the driver gets it."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def read_whole(session: Session, statement: str, parameters: Any) -> set[str]:
    """What of the growing tables a plan reads from one end to the other: a table, or an index that holds all of it."""
    if session.get_bind().dialect.name == "sqlite":
        return read_whole_by_sqlite(session, statement, parameters)
    # Small tables PostgreSQL reads and joins whole, whatever indexes there are: it is asked what it would do with large
    # ones.
    for way in ("seqscan", "hashjoin", "mergejoin"):
        session.execute(text(f"SET LOCAL enable_{way} = off"))
    explained = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    return set(read_whole_by_postgresql(explained[0]["Plan"]))


def read_whole_by_sqlite(session: Session, statement: str, parameters: Any) -> set[str]:
    """See https://www.sqlite.org/eqp.html: SCAN is from end to end, SEARCH is not."""
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    aliases = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", statement)}
    found = set()
    for step in plan:
        scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step[3])
        if scan and aliases.get(scan[1], scan[1]) in GROWING and scan[2] not in MAY_BE_WALKED:
            found.add(step[3])
    return found


def read_whole_by_postgresql(node: dict[str, Any]) -> Iterator[str]:
    """See https://www.postgresql.org/docs/current/using-explain.html: an index is searched by its condition."""
    scans = node["Node Type"] in ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan")
    # A bitmap's heap names the table, what is below it the index.
    ours = node.get("Relation Name", "tickets") in GROWING
    if scans and ours and "Index Cond" not in node and node.get("Index Name") not in MAY_BE_WALKED:
        yield f"{node['Node Type']} {node.get('Relation Name', '')} {node.get('Index Name', '')}".strip()
    for below in node.get("Plans", ()):
        yield from read_whole_by_postgresql(below)


@pytest.fixture
def busy(database: Database) -> Database:
    """A desk that has been busy for a week."""
    database.run_here(fill, SIZE, NOW)
    return database


def test_no_list_and_no_report_reads_a_whole_table(busy: Database) -> None:
    """The plans as the database makes them for the statements that are really sent, with their values."""
    whole: list[str] = []
    for name, look in LOOKS.items():
        with statements(busy) as sent:
            busy.run_here(look, NOW)
        reads = [one for one in sent if one[0].startswith(("SELECT", "UPDATE"))]
        assert reads, name
        for statement, parameters in reads:
            for table in busy.run_here(read_whole, statement, parameters):
                whole += [f"{name}: {table} for {' '.join(statement.split())}"]
    assert not whole, "\n".join(whole)


@pytest.mark.parametrize("page", ["suggestions", "supervision"])
async def test_customers_and_agents_go_on_while_a_report_is_read(
    page: str, running: Gateway, database: Database, desks: Desks
) -> None:
    """The report stands still in its middle; messages are stored and lists are shown all the same."""
    boss = await desks.signed_in("Boss", Role.ADMINISTRATOR)
    database.run_here(fill, Size(tickets=16, suggestions=16, messages=2, unasked=0), utc_now())
    begun, may_go_on = threading.Event(), threading.Event()

    def stand_still(*_: Any) -> None:
        if threading.current_thread().name.startswith("database-report"):
            begun.set()
            may_go_on.wait(LONGEST)

    event.listen(running.parts.database.reading_engine, "before_cursor_execute", stand_still)
    reading = asyncio.create_task(boss.get(page))
    try:
        assert await asyncio.to_thread(begun.wait, LONGEST), "the report is not read on a thread of its own"
        async with httpx.AsyncClient(base_url=running.url, timeout=LONGEST) as visitor:
            opened = (await visitor.post("/api/web/conversations", json={})).json()
            sent = await visitor.post(
                f"/api/web/conversations/{opened['conversation_id']}/messages",
                json={"client_seq": 1, "text": "hello"},
                headers={"Authorization": f"Bearer {opened['token']}"},
            )
        assert sent.status_code == 202
        assert (await boss.get("tickets?list=waiting"))["tickets"]
        assert not reading.done()
    finally:
        may_go_on.set()
    assert await reading


async def test_what_only_reads_cannot_write(database: Database) -> None:
    """The database refuses at once; the next transaction may write again."""
    for reads in (database.read, database.report):
        with pytest.raises(DBAPIError, match=r"read-?only"):
            await reads(insert_an_attempt)
    await database.run(insert_an_attempt)


def insert_an_attempt(session: Session) -> None:
    """Write a row."""
    session.add(SignInAttempt(username="sam", at=utc_now()))
    session.flush()


def test_the_report_counts_what_became_of_each_offer(busy: Database) -> None:
    """Of the last thirty days of a hundred and fifty: every fourth suggestion was passed over altogether."""
    found = busy.run_here(report.report, NOW)
    total = found["total"]
    assert total["offered"] == 3 * SIZE.suggestions * report.WINDOW.days // SIZE.days
    assert [total[name] for name in report.VERDICTS] == [total["offered"] // 12] * 3
    for group in ("kinds", "articles"):
        assert {name: sum(one[name] for one in found[group]) for name in total} == total, group
    assert len(found["examples"]) == MOST_EXAMPLES
    times = [one["at"] for one in found["examples"]]
    assert times == sorted(times, reverse=True)
    first = found["examples"][0]
    assert (first["verdict"], first["kind"]) == ("rejected", "passage")
    assert first["question"] == "Where is my parcel? It should have come on Monday."
    assert first["sent"] is None
