"""A customer who is in no conversation with the bot writes of a danger: read at once, by the gateway itself.

A shadow turn gives way to customers' turns, and the brain may be away; a danger waits for neither. In the queue the
customer gets the fixed words and comes first; while a human has the conversation nothing is said, and the desk sees a
mark.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime

from sqlalchemy import select

from bot.gateway.conversations import owner, transcript
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.conversations.wording import in_words
from bot.gateway.platform.signals import announce
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import line, noting, routing
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket
from bot.handoff.emergency import first_words
from bot.handoff.limits import shortened
from bot.handoff.package import LONG_TEXT
from bot.handoff.reasons import ReasonCode
from bot.nlu.reading.danger import DangerReader
from bot.nlu.reading.danger_asked import asked_in_danger
from bot.nlu.tone.waiting import felt_while_waiting
from bot.wording.sentences import wording

URGENT = "urgent"

# Of a conversation's last messages, so many are looked at for the same words: nobody is told twice in a row.
_TOLD_WITHIN = 8
# A customer's last messages, among which they may have said that it is over.
_LOOKED_BACK = 20
# Dangers in which nothing is used or waited with.
_OF_PEOPLE = frozenset({"self_harm", "violence"})
# Characters of the customer's words in the mark; the message itself stands right above it.
_LONGEST_WORDS = 120


def notice(
    session: Transaction, services: TicketServices, conversation: Conversation, ticket: Ticket, text: str, now: datetime
) -> bool:
    """Look for a danger in what a customer wrote; tells whether they got the fixed words for it."""
    danger = None if services.dangers is None else services.dangers.read(text)
    if danger is None:
        return False
    make_urgent(session, services, ticket, text)
    seen = " ".join(danger.words)[:_LONGEST_WORDS]
    note = f"Danger ({danger.kind.replace('_', ' ')}): “{seen}”"
    transcript.append(session, conversation, type="note", author="system", text=note, now=now)
    # A desk's stream carries a ticket's changes by its states; the customer's page has nothing to show for it.
    detail = {"owner": owner.kind(conversation.owner), "agent_name": None, "position": None}
    transcript.append(
        session, conversation, type="state", author="system", now=now, detail=detail, visible_to_customer=False
    )
    if conversation.owner != owner.QUEUE:
        return False
    said = in_words(services.wording, conversation, first_words(danger.kind, services.country))
    add = services.dangers.safety.add.get(danger.kind, "") if services.dangers is not None else ""
    words = f"{said} {add}".strip()
    if _was_told(session, conversation, words):
        return False
    transcript.append(session, conversation, author="bot", now=now, text=words)
    return True


def answers_in_danger(
    session: Transaction, services: TicketServices, conversation: Conversation, ticket: Ticket, text: str, now: datetime
) -> bool:
    """Repeat the fixed words to whoever asks to wait, to use it again or what to do, until they say that it is over.

    That it is over is heard once with thanks, and that a person sees it all the same.
    """
    if services.dangers is None or ticket.reason != ReasonCode.DANGER.value or conversation.owner != owner.QUEUE:
        return False
    asked = asked_in_danger(text)
    danger = services.dangers.read(str(ticket.package["reason"].get("evidence") or ""))
    if asked == "over" and danger is not None:
        over = wording("queue.seen_first") if danger.kind in _OF_PEOPLE else wording("danger.over")
        feels = felt_while_waiting(text)
        lead = () if feels is None or feels not in noting.FELT else noting.FELT[feels][:1]
        words = in_words(services.wording, conversation, (*lead, over))
        if _was_told(session, conversation, words):
            return False
        transcript.append(session, conversation, author="bot", now=now, text=words)
        return True
    if asked not in {"waits", "what_to_do"} or danger is None or _is_over(session, services.dangers, conversation):
        return False
    no_waiting = asked == "waits" and danger.kind not in _OF_PEOPLE
    leads = (wording("danger.do_not_wait"), wording("danger.comes_first"))[0 if no_waiting else 1 :]
    first = first_words(danger.kind, services.country)
    add = services.dangers.safety.add.get(danger.kind, "")
    # The words themselves may stand last already: they are repeated, but the whole is not said twice running.
    ways = [
        " ".join([*(in_words(services.wording, conversation, one) for one in (*lead, first)), add]).strip()
        for lead in (*((one,) for one in leads), ())
    ]
    last = transcript.last_said(session, conversation.id)
    words = next(one for one in ways if last is None or one != last.text)
    transcript.append(session, conversation, author="bot", now=now, text=words)
    return True


def make_urgent(session: Transaction, services: TicketServices, ticket: Ticket, evidence: str) -> None:
    """Put a ticket before all others, with the danger as its reason."""
    code = ReasonCode.DANGER
    package = deepcopy(ticket.package)
    package["reason"] = {"code": code.value, "text": code.text, "evidence": shortened(evidence, LONG_TEXT)}
    package["routing"] = {**package["routing"], "priority": URGENT}
    ticket.package, ticket.reason, ticket.priority = package, code.value, URGENT
    if ticket.state == "queued" and ticket.queued_at is not None and ticket.rank_at is not None:
        ticket.rank_at = min(ticket.rank_at, routing.rank_of(services.desk, ticket.queued_at, URGENT))
        announce(session, line.MOVED)


def _is_over(session: Transaction, reader: DangerReader, conversation: Conversation) -> bool:
    """Whether the customer has said that there is no danger any more, and told of none since."""
    for text in transcript.last_written(session, conversation.id, _LOOKED_BACK):
        if asked_in_danger(text) == "over":
            return True
        if reader.read(text) is not None:
            return False
    return False


def _was_told(session: Transaction, conversation: Conversation, words: str) -> bool:
    said = session.scalars(
        select(Entry.text)
        .where(Entry.conversation_id == conversation.id, Entry.type == "message")
        .order_by(Entry.seq.desc())
        .limit(_TOLD_WITHIN)
    )
    return words in list(said)
