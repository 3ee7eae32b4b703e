"""Whether the assistant was right, said by agents and trainers: what the weekly audit believes before anything else.

A mark is about one turn of the assistant, named by the customer's message that it answered. The last mark stands, with
who and when; the audit log keeps all of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from bot.errors import WarmlineError
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Entry, InboxMessage
from bot.gateway.desk import accounts, audit
from bot.gateway.desk.audit import Action
from bot.gateway.desk.moments import moment
from bot.gateway.desk.tables import AnswerMark
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.tables import Agent, Ticket

Verdict = Literal["right", "wrong"]

INTENT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_/-]{0,63}")
"""The names that intents have; the longest one that a mark keeps has 64 characters."""


class UnknownTurnError(RequestError):
    """The assistant has not handled such a message."""

    status, code = 404, "unknown_turn"


class BadMarkError(RequestError):
    """What was said of the turn makes no sense."""

    status, code = 400, "bad_request"


def mark(
    session: Transaction,
    message_id: str,
    verdict: Verdict | None,
    meant: str | None,
    agent_id: str | None,
    now: datetime,
    ticket_id: str | None = None,
) -> None:
    """Mark a turn, or take its mark back with None; the same again changes nothing.

    ``meant`` is the intent that a wrong turn should have seen. The audit log is written in the same transaction.
    """
    if meant is not None and (verdict != "wrong" or not INTENT_NAME.fullmatch(meant)):
        raise BadMarkError("The intent that was meant goes with `wrong`, and is an intent's name.")
    conversation_id = session.scalar(select(InboxMessage.conversation_id).where(InboxMessage.message_id == message_id))
    turn = select(Entry.id).where(
        Entry.conversation_id == conversation_id, Entry.message_id == message_id, Entry.type == "trace"
    )
    if conversation_id is None or session.scalar(turn.limit(1)) is None:
        raise UnknownTurnError("The assistant has not handled such a message.")
    # Two marks at once come one after the other.
    transcript.lock(session, conversation_id)
    known = session.get(AnswerMark, message_id, populate_existing=True)
    if (verdict, meant) == ((known.verdict, known.meant) if known is not None else (None, None)):
        return
    if verdict is None:
        session.delete(known)
    elif known is None:
        session.add(AnswerMark(message_id=message_id, verdict=verdict, meant=meant, agent_id=agent_id, at=now))
    else:
        known.verdict, known.meant, known.agent_id, known.at = verdict, meant, agent_id, now
    audit.record(
        session,
        Action.MARKED_ANSWER,
        agent_id,
        now,
        ticket_id=ticket_id,
        message=message_id,
        verdict=verdict,
        meant=meant,
    )
    session.flush()


def message_of(session: Transaction, ticket_id: str, seq: int) -> str:
    """The message that a trace in a ticket's conversation is about; :class:`UnknownTurnError`."""
    found = session.scalar(
        select(Entry.message_id)
        .join(Ticket, Ticket.conversation_id == Entry.conversation_id)
        .where(Ticket.id == ticket_id, Entry.seq == seq, Entry.type == "trace")
    )
    if found is None:
        raise UnknownTurnError("There is no such turn of the assistant in this conversation.")
    return found


def marks_of(session: Transaction, message_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The marks of these messages: ``{verdict, meant, by, at}``; ``by`` is none from the command line."""
    rows = session.execute(
        select(AnswerMark, Agent.name)
        .join(Agent, Agent.id == AnswerMark.agent_id, isouter=True)
        .where(AnswerMark.message_id.in_(message_ids))
    )
    return {
        found.message_id: {"verdict": found.verdict, "meant": found.meant, "by": name, "at": moment(found.at)}
        for found, name in rows
    }


def mark_by_hand(
    session: Transaction, message_id: str, verdict: Verdict | None, meant: str | None, by: str | None
) -> None:
    """Mark from the command line, in the name of an account or of nobody."""
    agent = None if by is None else accounts.find(session, by)
    if by is not None and (agent is None or agent.disabled_at is not None):
        raise WarmlineError(f"There is no open account {accounts.username_of(by)}.")
    mark(session, message_id, verdict, meant, None if agent is None else agent.id, utc_now())
