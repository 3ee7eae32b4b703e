"""A customer who writes while they wait gets a reaction: the message is read in a shadow turn.

It is kept for the human whatever happens. From the shadow turn only an article's answer to a question of its own may
follow, or the offer to do a wish now, marked as the assistant's, and neither to somebody in danger or in mourning;
without either, that it was added. A value behind the offer takes it. With the brain away it is said that it was added:
the reaction never fails to come.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.contract import names
from bot.contract.question import open_form_in
from bot.contract.trace import ACT, ANSWER
from bot.contract.turn import TextInput, Turn, input_of
from bot.gateway.conversations import owner, transcript
from bot.gateway.conversations.brain_client import BrainClient, Reply, TurnTaken
from bot.gateway.conversations.formatting import MARKDOWN
from bot.gateway.conversations.news import Feed
from bot.gateway.conversations.tables import Conversation, Entry, InboxMessage
from bot.gateway.conversations.wording import in_words
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database, DatabaseAwayError
from bot.gateway.platform.tables import constant
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import line, meanwhile, notices, noting, standing
from bot.gateway.tickets.services import TicketServices
from bot.nlu.reading.own_question import asks_of_its_own

# Conversations of the first look; one that is not among them is looked at when its customer writes.
_PAGE = 500
# Of what somebody wrote in one go, so many are read; a burst of more is no set of questions.
_MOST_READ = 5
# Seconds until another look at what the worker has not kept yet, or the database did not give.
_LOOK_AGAIN = 1.0
# What was kept for a human and nothing else was done with.
_KEPT = "kept_for_human"
# What is no wish that could be done now; values alone may be enough for one, such as an order's number and postcode.
_NOTHING_TO_DO = (names.COURTESIES | names.ANSWERS | {names.ASK_FOR_PERSON}) - {names.INFORM}


@dataclass(frozen=True)
class Unanswered:
    """A message that was kept for the human, and has had no reaction."""

    conversation_id: str
    message_id: str
    seq: int
    turn: Turn | None
    """The shadow turn that reads it; none for a pressed button, which says what it means."""
    is_last: bool
    offered: str | None = None
    """The message whose wish was offered just before: a value is for that."""


def in_line(session: Transaction) -> list[str]:
    """The conversations in the queue: what a gateway that starts looks at first."""
    return list(
        session.scalars(select(Conversation.id).where(Conversation.owner == constant(owner.QUEUE)).limit(_PAGE))
    )


def is_behind(session: Transaction, conversation_id: str) -> bool:
    """Whether the worker has yet to keep something that a waiting customer wrote."""
    unhandled = (
        select(InboxMessage.id)
        .join(Conversation, Conversation.id == InboxMessage.conversation_id)
        .where(
            InboxMessage.conversation_id == conversation_id,
            InboxMessage.handled_at.is_(None),
            Conversation.owner == owner.QUEUE,
        )
    )
    return session.scalar(unhandled.limit(1)) is not None


def unanswered(session: Transaction, conversation_id: str) -> list[Unanswered]:
    """What a waiting customer wrote in this wait since the last reaction, in order.

    What came before the wait was for the bot or a human; the notice that says where they are in line stands below it.
    """
    conversation = session.get(Conversation, conversation_id, populate_existing=True)
    if conversation is None or conversation.owner != owner.QUEUE:
        return []
    of_this = Entry.conversation_id == conversation_id
    reacted = (
        select(Entry.message_id)
        .where(of_this, Entry.type == "message", Entry.author != "customer", Entry.message_id.is_not(None))
        .scalar_subquery()
    )
    covered = session.scalar(
        select(func.max(Entry.seq)).where(of_this, Entry.author == "customer", Entry.message_id.in_(reacted))
    )
    offered = meanwhile.offered(session, conversation_id)
    rows = session.execute(
        select(Entry.seq, InboxMessage)
        .join(InboxMessage, InboxMessage.message_id == Entry.message_id)
        .where(
            of_this,
            Entry.author == "customer",
            Entry.seq > max(covered or 0, _wait_began(session, conversation_id)),
            InboxMessage.outcome == _KEPT,
        )
        .order_by(Entry.seq.desc())
        .limit(_MOST_READ)
    ).all()
    return [
        Unanswered(
            conversation_id,
            message.message_id,
            seq,
            _shadow(conversation, message) if message.input.get("type") == "text" else None,
            is_last=place == 0,
            offered=offered,
        )
        for place, (seq, message) in enumerate(rows)
    ][::-1]


def _wait_began(session: Transaction, conversation_id: str) -> int:
    """The number of the state entry with which the conversation came into the line; later ones tell of its place."""
    states = session.execute(
        select(Entry.seq, Entry.detail)
        .where(Entry.conversation_id == conversation_id, Entry.type == "state")
        .order_by(Entry.seq.desc())
    )
    began = 0
    for seq, detail in states:
        if (detail or {}).get("owner") != owner.QUEUE:
            break
        began = seq
    return began


def react(
    session: Transaction, services: TicketServices, to: Unanswered, taken: TurnTaken | None, now: datetime
) -> bool:
    """Say what follows from a shadow turn, once; nothing when the wait is over or another gateway was first."""
    conversation = transcript.lock(session, to.conversation_id)
    if conversation is None:
        return False
    if to.message_id not in [one.message_id for one in unanswered(session, to.conversation_id)]:
        return False
    if to.offered is not None and _gives_a_value(taken):
        meanwhile.begin(session, services, conversation, [to.offered, to.message_id], now)
        return True
    ticket = line.open_ticket_of(session, conversation)
    if _wants_person(taken) and ticket is not None:
        standing.tell(session, services, conversation, ticket, now).message_id = to.message_id
        return True
    text = _text(to.turn)
    person_alone = noting.wants_care(session, services, conversation, ticket)
    answer = _answer(taken) if asks_of_its_own(text) and not person_alone else None
    if answer is not None:
        _tell(session, services, conversation, to, answer, now)
        return True
    if _would_do_it(taken, to.turn) and not person_alone:
        notice = notices.added_and_offered(to.message_id)
    elif to.is_last:
        intent = "" if taken is None else _intent(taken)
        notice = noting.note(session, services, conversation, ticket, text, intent)
    else:
        return False  # the reaction to the last of them says it for all
    notices.say(session, services, conversation, notice, now).message_id = to.message_id
    return True


def _shadow(conversation: Conversation, message: InboxMessage) -> Turn:
    return Turn(
        conversation_id=conversation.id,
        message_id=message.message_id,
        channel=conversation.channel,
        locale=conversation.locale,
        customer=transcript.customer_of(conversation),
        input=input_of(message.input),
        state=conversation.dialogue_state,
        shadow=True,
    )


def _answer(taken: TurnTaken | None) -> Reply | None:
    """An article's words, where the message asks for a fact and one answers it."""
    if taken is None or taken.handoff is not None or _kind(taken) != ANSWER:
        return None
    return next((reply for reply in taken.replies if reply.citation is not None), None)


def _gives_a_value(taken: TurnTaken | None) -> bool:
    """Whether a message only gives what could be asked for: a number, a postcode, a day."""
    return taken is not None and _intent(taken) == names.INFORM and bool(taken.trace.get("entities"))


def _wants_person(taken: TurnTaken | None) -> bool:
    """Whether somebody who waits for a person asks for one."""
    return taken is not None and _kind(taken) == ACT and _intent(taken) == names.ASK_FOR_PERSON


def _would_do_it(taken: TurnTaken | None, turn: Turn | None) -> bool:
    """Whether the bot would begin something: a form, or an action that looks up or writes."""
    if taken is None or turn is None or taken.handoff is not None or _kind(taken) != ACT:
        return False
    if _intent(taken) in _NOTHING_TO_DO:
        return False
    form = taken.trace.get("form")
    if isinstance(form, dict) and form.get("name"):
        before = open_form_in(turn.state)
        return before is None or form["name"] != before.name
    return bool(taken.trace.get("actions"))


def _tell(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    to: Unanswered,
    answer: Reply,
    now: datetime,
) -> None:
    detail: dict[str, Any] | None = None
    heading = in_words(services.wording, conversation, notices.WHILE_YOU_WAIT)
    if answer.formatted is not None:
        detail = {MARKDOWN: f"{heading}\n\n{answer.formatted}"}
    transcript.append(
        session,
        conversation,
        author="bot",
        now=now,
        text=f"{heading}\n\n{answer.text}",
        citation=answer.citation,
        detail=detail,
        message_id=to.message_id,
    )


def _text(turn: Turn | None) -> str:
    return turn.input.text if turn is not None and isinstance(turn.input, TextInput) else ""


def _intent(taken: TurnTaken) -> str:
    return str((taken.trace.get("intent") or {}).get("name") or "")


def _kind(taken: TurnTaken) -> str:
    return str((taken.trace.get("decision") or {}).get("kind", ""))


class Attendant:
    """One gateway's attendant; several may run, a message gets one reaction. ``run`` goes on until it is cancelled."""

    def __init__(
        self, database: Database, brain: BrainClient, clock: Clock, services: TicketServices, feed: Feed
    ) -> None:
        self._database = database
        self._brain = brain
        self._clock = clock
        self._services = services
        self._feed = feed

    async def run(self) -> None:
        """React to what waiting customers write, and first to what they wrote while no gateway was there."""
        database, signals = self._database, self._database.signals
        with self._feed.listen() as news:
            await self._feed.is_read.wait()
            wanted = dict.fromkeys(await database.read(in_line))
            while not signals.closed:
                with suppress(DatabaseAwayError):
                    for conversation_id in list(wanted):
                        if await self.attend(conversation_id):
                            del wanted[conversation_id]
                found = self._feed.take()
                wanted.update(dict.fromkeys(found))
                if not found:
                    await news.wait(_LOOK_AGAIN if wanted else None)

    async def attend(self, conversation_id: str) -> bool:
        """React to what one customer wrote; tells whether that was all of it."""
        behind = await self._database.read(is_behind, conversation_id)
        for one in await self._database.read(unanswered, conversation_id):
            taken = None if one.turn is None else await self._brain.think(one.turn)
            await self._database.run(react, self._services, one, taken, self._clock())
        return not behind
