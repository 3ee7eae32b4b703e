"""200 agents at once at a line of 1,000 tickets, on PostgreSQL: each ticket goes to one agent, nobody gets too many."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.report import Check
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.migrations import upgrade
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets import presence
from bot.gateway.tickets.refusals import AtCapacityError
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Agent, Ticket
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest

AGENTS, TICKETS = 200, 1000
# Agents whose requests a gateway works on at the same moment: it has as many connections.
AT_ONCE = 8
PATIENCE = 120.0


def _fill(session: Session, first: int, last: int) -> None:
    now = utc_now()
    for number in range(first, last):
        name = f"c{number:04}"
        made = Conversation(
            id=name, channel="web", account="default", address=name, owner="bot", started_at=now,
            customer={"id": name, "name": None, "verified": False, "attributes": {}},
        )  # fmt: skip
        session.add(made)
        session.flush()
        transcript.lock(session, name)
        at = now + timedelta(milliseconds=number)
        tickets.open_ticket(session, TicketServices(), made, HandoffRequest(ReasonCode.CUSTOMER_REQUEST), at)


def _hire(session: Session) -> None:
    for number in range(AGENTS):
        name = f"a{number:03}"
        session.add(Agent(id=name, username=name, name=name, role="agent", password_hash="-"))  # noqa: S106 - no account
    session.flush()
    for number in range(AGENTS):
        presence.choose(session, f"a{number:03}", "online", utc_now())


def measure() -> tuple[list[Check], dict[str, Any]]:
    """All agents ask for the next ticket until there is none for them."""
    from tests.gateway import postgres

    with postgres.private_cluster() as cluster:
        database = Database(cluster.url, Signals(), patience=PATIENCE)
        upgrade(database)
        for first in range(0, TICKETS, 100):
            database.run_here(_fill, first, first + 100)
        database.run_here(_hire)
        durations: list[float] = []
        faults: list[str] = []
        gate = threading.Semaphore(AT_ONCE)

        def work(name: str) -> None:
            try:
                while True:
                    with gate:
                        start = time.monotonic()
                        found = database.run_here(_next, name)
                        durations.append(time.monotonic() - start)
                    if not found:
                        return
            except Exception as error:
                faults.append(f"{type(error).__name__}: {error}"[:200])

        threads = [threading.Thread(target=work, args=(f"a{number:03}",)) for number in range(AGENTS)]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - start
        held, greetings = database.run_here(_result)
        database.close()
    durations.sort()
    figures = {
        "agents": AGENTS,
        "tickets": TICKETS,
        "claims_a_second": round(sum(held.values()) / seconds, 1),
        "claim_ms_p50": round(1000 * durations[len(durations) // 2], 1),
        "claim_ms_p95": round(1000 * durations[int(0.95 * len(durations))], 1),
        "faults": faults,
    }
    checks = [
        Check("tickets claimed", sum(held.values()), TICKETS, "least"),
        Check("conversations that two agents joined", sum(count > 1 for count in greetings), 0),
        Check("most conversations of one agent", max(held.values()), 5),
        Check("claims that failed", len(faults), 0),
    ]
    return checks, figures


def _next(session: Session, name: str) -> bool:
    try:
        return tickets.claim_next(session, TicketServices(), session.get_one(Agent, name), utc_now()) is not None
    except AtCapacityError:
        return False


def _result(session: Session) -> tuple[Counter[str], list[int]]:
    held = Counter(session.scalars(select(Ticket.agent_id).where(Ticket.state == "accepted")))
    joined = session.scalars(
        select(func.count())
        .where(Entry.type == "message", Entry.text.like("%has joined%"))
        .group_by(Entry.conversation_id)
    )
    return held, list(joined)
