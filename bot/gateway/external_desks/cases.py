"""The relay's rows: which tickets an outside desk has, what it still has to be told, and how telling it ended.

Each function runs in the caller's transaction. A case is brought one step at a time, and the step's lease keeps other
gateways off it; a process that dies in a step leaves it to be taken again, marked as one that may have arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update

from bot.gateway.channels.protocol import NotNow, Refused
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.external_desks import takeover
from bot.gateway.external_desks.protocol import Brought, Case, Ending, Line, Taken
from bot.gateway.external_desks.tables import ExternalCase
from bot.gateway.platform.signals import DESK, announce
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.states import ENDED
from bot.gateway.tickets.tables import EXTERNAL_ROLE, Agent, Ticket

# Longer than a call takes; after it, the step of a process that died is taken again.
LEASE = timedelta(seconds=45)
# Two minutes without a sign of the outside desk, and a customer who waits there waits for nobody.
PATIENCE = timedelta(minutes=2)
# What an outside desk did not hear within a day it need not hear any more.
GIVE_UP_AFTER = timedelta(hours=24)
MOST_AT_ONCE = 100
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 300.0

_OPENING, _OPEN, _ENDING, _OVER = "opening", "open", "ending", "over"


@dataclass(frozen=True)
class Job:
    """One step that this process may take now: exactly one of the three is set."""

    ticket_id: str
    external_id: str
    opening: Case | None = None
    line: Line | None = None
    ending: Ending | None = None


def adopt(session: Transaction, desk: str, now: datetime) -> None:
    """Make a case of every ticket that waits and has none yet."""
    waiting = (
        select(Ticket)
        .where(Ticket.state == "queued", ~exists().where(ExternalCase.ticket_id == Ticket.id))
        .order_by(Ticket.created_at)
        .limit(MOST_AT_ONCE)
    )
    for ticket in session.scalars(waiting).all():
        said = [line["seq"] for line in ticket.package.get("transcript", ())]
        session.add(
            ExternalCase(
                ticket_id=ticket.id,
                conversation_id=ticket.conversation_id,
                desk=desk,
                state=_OPENING,
                brought_seq=max(said, default=0),
                since=now,
            )
        )


def due(session: Transaction, desk: str, now: datetime) -> list[str]:
    """The cases with a step to take now, by their tickets' ids."""
    unsaid = exists().where(
        Entry.conversation_id == ExternalCase.conversation_id,
        Entry.seq > ExternalCase.brought_seq,
        Entry.author == "customer",
        Entry.type == "message",
    )
    closed = exists().where(Ticket.id == ExternalCase.ticket_id, Ticket.state.in_(ENDED))
    ours = exists().where(Ticket.id == ExternalCase.ticket_id, Ticket.agent_id == Agent.id, Agent.role != EXTERNAL_ROLE)
    found = (
        select(ExternalCase.ticket_id)
        .where(
            ExternalCase.desk == desk,
            or_(
                ExternalCase.state.in_((_OPENING, _ENDING)),
                (ExternalCase.state == _OPEN) & (unsaid | closed | ours),
            ),
            or_(ExternalCase.not_before.is_(None), ExternalCase.not_before <= now),
        )
        .order_by(ExternalCase.ticket_id)
        .limit(MOST_AT_ONCE)
    )
    return list(session.scalars(found))


def next_due(session: Transaction, desk: str) -> datetime | None:
    """When the next case that has to wait may be tried."""
    found = select(ExternalCase.not_before).where(
        ExternalCase.desk == desk, ExternalCase.state != _OVER, ExternalCase.not_before.is_not(None)
    )
    return session.scalar(found.order_by(ExternalCase.not_before).limit(1))


def take(session: Transaction, ticket_id: str, now: datetime) -> Job | None:
    """Claim a case's next step; none if there is nothing to do, or another process has it."""
    case = session.get(ExternalCase, ticket_id, with_for_update=True, populate_existing=True)
    if case is None or case.state == _OVER or (case.not_before is not None and case.not_before > now):
        return None
    ticket = session.get_one(Ticket, ticket_id)
    job = _next_step(session, case, ticket)
    if job is None:
        return None
    case.not_before = now + LEASE
    # Until its end is known, the step may have reached the desk.
    case.unsure = True
    return job


def settle(
    session: Transaction, services: TicketServices, job: Job, result: Brought, title: str, now: datetime
) -> None:
    """Write down how a step ended; an outside desk that stays away loses the case to our own."""
    # The conversation first, as everywhere: who locks it and then the case must not meet who does it the other way.
    conversation_id = session.scalar(
        select(ExternalCase.conversation_id).where(ExternalCase.ticket_id == job.ticket_id)
    )
    conversation = None if conversation_id is None else transcript.lock(session, conversation_id)
    case = session.get(ExternalCase, job.ticket_id, with_for_update=True, populate_existing=True)
    if conversation is None or case is None or case.state == _OVER:
        return
    if isinstance(result, Taken):
        _taken(case, job, result)
        announce(session, DESK)
        return
    case.failing_since = case.failing_since or now
    case.error = result.why
    case.attempts += 1
    if isinstance(result, NotNow):
        # A try that surely did not arrive leaves it as it was known before.
        case.unsure = result.maybe_sent or job_was_unsure(job)
        case.not_before = now + timedelta(seconds=max(result.seconds, _pause(case.attempts)))
    if case.state == _ENDING:
        if isinstance(result, Refused) or now - case.failing_since > GIVE_UP_AFTER:
            case.state = _OVER
        return
    if isinstance(result, Refused) or now - case.failing_since >= PATIENCE:
        _take_over(session, services, conversation, case, title, now)


def put_back(session: Transaction, ticket_id: str, now: datetime) -> None:
    """Leave a case alone for a lease that hit a fault of ours: the others go on meanwhile."""
    session.execute(
        update(ExternalCase)
        .where(ExternalCase.ticket_id == ticket_id)
        .values(not_before=now + LEASE)
        .execution_options(synchronize_session=False)
    )


def job_was_unsure(job: Job) -> bool:
    """Whether an earlier try of the same step may have arrived."""
    return bool((job.opening and job.opening.again) or (job.line and job.line.again))


def _next_step(session: Transaction, case: ExternalCase, ticket: Ticket) -> Job | None:
    external_id = case.external_id or ""
    if case.state == _OPENING:
        if ticket.state in ENDED and not case.unsure:
            # Nobody there has heard of it: nobody has to hear that it is over.
            case.state = _OVER
            return None
        return Job(ticket.id, external_id, opening=_case(session, case, ticket))
    if case.state == _ENDING:
        return Job(ticket.id, external_id, ending=case.ending or "completed")  # type: ignore[arg-type]
    line = _next_line(session, case)
    if line is not None:
        return Job(ticket.id, external_id, line=line)
    ending = _ending(session, ticket)
    if ending is None:
        return None
    case.state, case.ending = _ENDING, ending
    return Job(ticket.id, external_id, ending=ending)


def _case(session: Transaction, case: ExternalCase, ticket: Ticket) -> Case:
    customer = session.get_one(Conversation, case.conversation_id).customer
    return Case(
        ticket_id=ticket.id,
        conversation_id=case.conversation_id,
        customer_id=str(customer.get("id") or case.conversation_id),
        customer_name=customer.get("name"),
        package=ticket.package,
        again=case.unsure,
    )


def _next_line(session: Transaction, case: ExternalCase) -> Line | None:
    entry = session.scalars(
        select(Entry)
        .where(
            Entry.conversation_id == case.conversation_id,
            Entry.seq > case.brought_seq,
            Entry.author == "customer",
            Entry.type == "message",
        )
        .order_by(Entry.seq)
        .limit(1)
    ).first()
    if entry is None:
        return None
    return Line(case.ticket_id, entry.seq, entry.text, entry.at, after=case.last_line, again=case.unsure)


def _ending(session: Transaction, ticket: Ticket) -> Ending | None:
    if ticket.state in ENDED:
        return ticket.state  # type: ignore[return-value]
    agent = None if ticket.agent_id is None else session.get(Agent, ticket.agent_id)
    return "taken_over" if agent is not None and agent.role != EXTERNAL_ROLE else None


def _taken(case: ExternalCase, job: Job, result: Taken) -> None:
    case.unsure, case.failing_since, case.not_before, case.error, case.attempts = False, None, None, None, 0
    if job.opening is not None:
        case.state, case.external_id = _OPEN, result.external_id
    elif job.line is not None:
        case.brought_seq, case.last_line = job.line.seq, result.external_id
    else:
        case.state = _OVER


def _take_over(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    case: ExternalCase,
    title: str,
    now: datetime,
) -> None:
    never_opened = case.state == _OPENING and not case.unsure
    case.state, case.ending = (_OVER if never_opened else _ENDING), "taken_over"
    takeover.by_our_desk(session, services, conversation, session.get_one(Ticket, case.ticket_id), title, now)


def _pause(attempts: int) -> float:
    return min(_FIRST_PAUSE * 2.0 ** min(attempts - 1, 20), _LONGEST_PAUSE)
