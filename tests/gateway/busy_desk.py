"""The database of a desk that has been busy for weeks: tickets in every state, long stories, suggestions, waits.

Written in bulk, past the code that serves, because three thousand hand-overs one by one would take minutes. The rows
have the sizes of real ones: a package of 6 kB, a dialogue state of 8 kB.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from bot.gateway.conversations.tables import Conversation, Delivery, Entry, InboxMessage
from bot.gateway.desk.tables import AuditRecord, SuggestionVerdict
from bot.gateway.platform.tables import Table
from bot.gateway.tickets.tables import Agent, Ticket, Timer, Wait
from bot.handoff.reasons import ReasonCode

STATES = ("queued", "accepted", "completed", "returned", "abandoned", "completed", "returned", "completed")
"""The state of each eighth ticket."""
VERDICTS = ("accepted", "edited", "rejected", None)
"""What became of each fourth offer; None was passed over."""
AGENTS = 12
_AT_ONCE = 500


@dataclass(frozen=True)
class Size:
    """How much there is."""

    tickets: int = 3000
    suggestions: int = 5000
    messages: int = 10
    """Of each conversation, beside its suggestions."""
    unasked: int = 1000
    """Conversations that never needed a human."""
    days: int = 6
    """Over which all of it came, evenly."""


def fill(session: Session, size: Size, now: datetime) -> None:
    """Write everything; the newest ticket has just come."""
    agents = [_agent(number, now) for number in range(AGENTS)]
    session.execute(insert(Agent), agents)
    count = size.tickets + size.unasked
    _write(session, Conversation, (_conversation(number, size, now) for number in range(count)))
    _write(session, InboxMessage, (_received(number, now) for number in range(count)))
    _write(session, Entry, _entries(size, count, now))
    _write(session, Ticket, (_ticket(number, size, now) for number in range(size.tickets)))
    _write(session, Wait, _waits(size, now))
    _write(session, Timer, (_timer(number, now) for number in range(size.tickets)))
    _write(session, SuggestionVerdict, _verdicts(size, now))
    _write(session, AuditRecord, (_reading(number, now) for number in range(size.tickets)))
    _write(session, Delivery, (_delivery(number, now) for number in range(1, count + 1)))
    if session.get_bind().dialect.name == "postgresql":
        # What autovacuum does within a minute on a server that runs.
        for table in Table.metadata.tables:
            session.execute(text(f"ANALYZE {table}"))


def _write(session: Session, table: type[Any], rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, _AT_ONCE)):
        session.execute(insert(table), some)


def _agent(number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": f"agent-{number}",
        "username": f"agent{number}",
        "name": f"Agent {number}",
        "role": "agent",
        "password_hash": "none",
        "presence": "online",
        "seen_at": now,
    }


def _conversation(number: int, size: Size, now: datetime) -> dict[str, Any]:
    state = STATES[number % len(STATES)] if number < size.tickets else ""
    return {
        "id": f"conversation-{number}",
        "channel": "web",
        "account": "default",
        "address": f"conversation-{number}",
        "customer": {"id": f"conversation-{number}", "name": f"Customer {number}", "verified": True},
        "dialogue_state": {"slots": {f"slot_{slot}": "x" * 150 for slot in range(50)}},
        "owner": {"queued": "queue", "accepted": f"human:agent-{number % AGENTS}"}.get(state, "bot"),
        "last_seq": 200,
        "started_at": now - timedelta(days=7),
    }


def _received(number: int, now: datetime) -> dict[str, Any]:
    return {
        "message_id": f"message-{number}",
        "conversation_id": f"conversation-{number}",
        "channel": "web",
        "account": "default",
        "provider_message_id": f"provider-{number}",
        "input": {"type": "text", "text": "Where is my parcel?"},
        "received_at": now - timedelta(days=1),
        "handled_at": now - timedelta(days=1),
        "outcome": "answered",
    }


def _came(number: int, size: Size, now: datetime) -> datetime:
    """When the ticket came: the highest number last."""
    return now - timedelta(days=size.days) * ((size.tickets - number) / size.tickets)


def _entries(size: Size, count: int, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(count):
        for seq in range(1, size.messages + 1):
            author = ("customer", "bot", "human")[seq % 3]
            at = now - timedelta(days=size.days) + timedelta(minutes=number)
            yield _entry(number, seq, at, author=author, text="Where is my parcel? It should have come on Monday.")
        yield _entry(number, size.messages + 1, now, type="state", author="system", detail={"owner": "queue"})
    for number in range(size.suggestions):
        offers = [
            {
                "kind": ("answer", "passage")[offer % 2],
                "text": f"Words of article {(number + offer) % 40}. " * 12,
                "source": {"article": f"article-{(number + offer) % 40}", "title": "A title", "heading": "", "url": ""},
            }
            for offer in range(3)
        ]
        detail = {"for_seq": 1, "offers": offers, "next_action": None}
        at = now - timedelta(days=size.days) * ((size.suggestions - number) / size.suggestions)
        yield _entry(number % size.tickets, _seq_of(number, size), at, type="suggestion", author="bot", detail=detail)


def _entry(number: int, seq: int, at: datetime, **rest: Any) -> dict[str, Any]:
    return {
        "conversation_id": f"conversation-{number}",
        "seq": seq,
        "at": at,
        "type": "message",
        "text": "",
        "detail": None,
        "message_id": f"message-{number}",
        "visible_to_customer": rest.get("type") != "suggestion",
    } | rest


def _seq_of(suggestion: int, size: Size) -> int:
    return size.messages + 2 + suggestion // size.tickets


def _ticket(number: int, size: Size, now: datetime) -> dict[str, Any]:
    state = STATES[number % len(STATES)]
    came = _came(number, size, now)
    closed = came + timedelta(minutes=20)
    return {
        "id": f"ticket-{number:06}",
        "conversation_id": f"conversation-{number}",
        "state": state,
        "package": {
            "reason": {"code": "customer_request", "text": "The customer asked for a person.", "evidence": "a person"},
            "summary": "Wants to know where a parcel is.",
            "slots": {f"slot_{slot}": {"value": "x" * 80, "sensitive": False} for slot in range(60)},
        },
        "agent_id": None if state in ("queued", "abandoned") else f"agent-{number % AGENTS}",
        "created_at": came,
        "queued_at": came,
        "rank_at": came,
        "accepted_at": None if state in ("queued", "abandoned") else came + timedelta(seconds=number % 400),
        "closed_at": None if state in ("queued", "accepted") else closed,
        # Nothing falls due while somebody looks.
        "snoozed_until": now + timedelta(days=1) if state == "accepted" else None,
        "outcome": "solved" if state == "completed" else None,
        "reason": list(ReasonCode)[number % len(ReasonCode)].value,
    }


def _waits(size: Size, now: datetime) -> Iterator[dict[str, Any]]:
    load = {"ahead": 3, "online": 5, "able": 4, "free": 2, "in_hand": 9, "oldest": 60.0}
    for number in range(size.tickets):
        if STATES[number % len(STATES)] not in ("queued", "abandoned"):
            yield {
                "ticket_id": f"ticket-{number:06}",
                "ended_at": _came(number, size, now) + timedelta(seconds=number % 400),
                "load": load,
                "waited": number % 400,
                "promised_p50": 120,
                "promised_p90": 360,
            }


def _timer(number: int, now: datetime) -> dict[str, Any]:
    return {
        "key": f"timer-{number}",
        "kind": "promise",
        "conversation_id": f"conversation-{number}",
        "ticket_id": f"ticket-{number:06}",
        "data": {},
        "due_at": now + timedelta(hours=number + 1),
        "done_at": None if number % 10 == 0 else now,
    }


def _verdicts(size: Size, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(size.suggestions):
        verdict = VERDICTS[number % len(VERDICTS)]
        if verdict is not None:
            yield {
                "conversation_id": f"conversation-{number % size.tickets}",
                "seq": _seq_of(number, size),
                "offer": number % 3,
                "verdict": verdict,
                "agent_id": f"agent-{number % AGENTS}",
                "at": now,
                "sent_seq": 3 if verdict == "accepted" else None,
            }


def _reading(number: int, now: datetime) -> dict[str, Any]:
    return {
        "at": now - timedelta(days=1),
        "agent_id": f"agent-{number % AGENTS}",
        "action": "read_ticket",
        "ticket_id": f"ticket-{number:06}",
        "detail": {},
    }


def _delivery(entry_id: int, now: datetime) -> dict[str, Any]:
    return {
        "entry_id": entry_id,
        "conversation_id": "conversation-0",
        "state": "waiting" if entry_id % 100 == 0 else "sent",
        "not_before": now + timedelta(days=1),
    }
