"""A customer who writes while they wait gets a reaction: the message is read in a shadow turn.

It is kept for the human whatever happens. From the shadow turn only an article's answer to a question of its own may
follow, or the offer to do a wish now, marked as the assistant's, and neither to somebody in danger or in mourning;
without either, that it was added. What says too little alone is read with what was written before it
(:mod:`bot.gateway.tickets.reading_again`). A value behind the offer takes it. With the brain away it is said that it
was added: the reaction never fails to come.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import dropwhile
from typing import Any

from sqlalchemy import func, select

from bot.contract.turn import TextInput, Turn, input_of
from bot.gateway.conversations import owner, transcript
from bot.gateway.conversations.brain_client import BrainClient, Reply
from bot.gateway.conversations.formatting import MARKDOWN
from bot.gateway.conversations.news import Feed
from bot.gateway.conversations.tables import Conversation, Entry, InboxMessage
from bot.gateway.conversations.wording import in_words
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database, DatabaseAwayError
from bot.gateway.platform.tables import constant
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import line, meanwhile, notices, noting, other_words, standing
from bot.gateway.tickets.reading_again import MOST_EARLIER, Told, Written, whole_question, with_what_stands_before
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.thought import Thought
from bot.nlu.reading.fragment import goes_on_asking
from bot.nlu.reading.own_question import asks_of_its_own
from bot.nlu.tone.waiting import felt_while_waiting

# Conversations of the first look; one that is not among them is looked at when its customer writes.
_PAGE = 500
# Of what somebody wrote in one go, so many are read; a burst of more is no set of questions.
_MOST_READ = 5
# Seconds until another look at what the worker has not kept yet, or the database did not give.
_LOOK_AGAIN = 1.0
# What was kept for a human and nothing else was done with.
_KEPT = "kept_for_human"


@dataclass(frozen=True)
class Unanswered:
    """A message that was kept for the human, and has had no reaction."""

    conversation_id: str
    message_id: str
    seq: int
    turn: Turn | None
    """The shadow turn that reads it; none for a pressed button, which says what it means."""
    is_last: bool
    offered: tuple[str, ...] = ()
    """The messages whose wish was offered just before: a value is for that."""
    earlier: tuple[Written, ...] = ()
    """What else was kept for the human in this wait, the latest first."""
    told: Told | None = None
    """What was answered just before."""


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
    offered = tuple(meanwhile.offered(session, conversation_id) or ())
    began = _wait_began(session, conversation_id)
    kept = session.execute(
        select(Entry.seq, InboxMessage)
        .join(InboxMessage, InboxMessage.message_id == Entry.message_id)
        .where(of_this, Entry.author == "customer", Entry.seq > began, InboxMessage.outcome == _KEPT)
        .order_by(Entry.seq.desc())
        .limit(_MOST_READ + MOST_EARLIER)
    ).all()
    rows = [row for row in kept if row[0] > (covered or 0)][:_MOST_READ]
    told = _told(session, conversation_id, [message for _, message in kept])
    return [
        Unanswered(
            conversation_id,
            message.message_id,
            seq,
            _shadow(conversation, message) if message.input.get("type") == "text" else None,
            is_last=place == 0,
            offered=offered,
            earlier=_written([one for _, one in kept[place + 1 :]])[:MOST_EARLIER],
            told=told,
        )
        for place, (seq, message) in enumerate(rows)
    ][::-1]


def _written(messages: Sequence[InboxMessage]) -> tuple[Written, ...]:
    typed = [one for one in messages if one.input.get("type") == "text" and one.input.get("text")]
    return tuple(Written(one.message_id, str(one.input["text"])) for one in typed)


def _told(session: Transaction, conversation_id: str, kept: Sequence[InboxMessage]) -> Told | None:
    """The answer that the customer got last, if it was one from an article in this wait."""
    said = transcript.last_said(session, conversation_id)
    if said is None or said.author != "bot" or said.citation is None:
        return None
    written = dropwhile(lambda one: one.message_id != said.message_id, _written(kept))
    question = whole_question([one.text for one in written])
    return Told(question, str(said.citation.get("article")), said.text) if question else None


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


def react(session: Transaction, services: TicketServices, to: Unanswered, thought: Thought, now: datetime) -> bool:
    """Say what follows from a shadow turn, once; nothing when the wait is over or another gateway was first."""
    conversation = transcript.lock(session, to.conversation_id)
    if conversation is None:
        return False
    if to.message_id not in [one.message_id for one in unanswered(session, to.conversation_id)]:
        return False
    text = _text(to.turn)
    if to.offered and thought.only_gives_values(text):
        meanwhile.begin(session, services, conversation, [*to.offered, to.message_id], now)
        return True
    ticket = line.open_ticket_of(session, conversation)
    annoyed = standing.is_annoyed(services, text)
    if thought.wants_person and ticket is not None:
        standing.tell(session, services, conversation, ticket, now, annoyed=annoyed).message_id = to.message_id
        return True
    person_alone = noting.wants_care(session, services, conversation, ticket)
    may_answer = (thought.asks or asks_of_its_own(text)) and not person_alone
    answer = thought.answer if may_answer else None
    if answer is not None:
        if _tell(session, services, conversation, to, answer, now):
            return True
        notice = other_words.unsaid(session, services, conversation, (noting.TOLD_ABOVE, noting.ADDED_AGAIN))
    elif thought.would_do_it and not person_alone:
        notice = _offer(session, services, conversation, thought)
    elif not to.is_last:
        return False  # the reaction to the last of them says it for all
    elif felt_while_waiting(text) == "impatient" and ticket is not None:
        standing.tell(session, services, conversation, ticket, now, annoyed=True).message_id = to.message_id
        return True
    else:
        notice = noting.note(session, services, conversation, ticket, text, thought.intent, upset=thought.is_upset)
    notices.say(session, services, conversation, notice, now).message_id = to.message_id
    return True


def _offer(
    session: Transaction, services: TicketServices, conversation: Conversation, thought: Thought
) -> notices.Notice:
    """What would be done, by its title."""
    offered, wish = " ".join(thought.message_ids), thought.wish(services.titles)
    ways = [notices.added_and_offered(offered, wish, again=again) for again in (False, True)]
    return other_words.unsaid(session, services, conversation, ways)


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


def _tell(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    to: Unanswered,
    answer: Reply,
    now: datetime,
) -> bool:
    """Tell what an article says, unless the customer has just read the same."""
    detail: dict[str, Any] | None = None
    heading = in_words(services.wording, conversation, notices.WHILE_YOU_WAIT)
    text = f"{heading}\n\n{answer.text}"
    last = transcript.last_said(session, conversation.id)
    if last is not None and last.text == text:
        return False
    if answer.formatted is not None:
        detail = {MARKDOWN: f"{heading}\n\n{answer.formatted}"}
    transcript.append(
        session,
        conversation,
        author="bot",
        now=now,
        text=text,
        citation=answer.citation,
        detail=detail,
        message_id=to.message_id,
    )
    return True


def _text(turn: Turn | None) -> str:
    return turn.input.text if turn is not None and isinstance(turn.input, TextInput) else ""


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
            thought = await self._think(one)
            await self._database.run(react, self._services, one, thought, self._clock())
        return not behind

    async def _think(self, one: Unanswered) -> Thought:
        """Read a message, and where it says too little alone once more with what stands before it."""
        if one.turn is None:
            return Thought(message_ids=(one.message_id,))
        asks = one.told is not None and goes_on_asking(_text(one.turn))
        first = Thought(await self._brain.think(one.turn), one.turn, (one.message_id,), asks)
        if first.taken is None or (one.offered and first.only_gives_values(_text(one.turn))):
            return first
        for again in with_what_stands_before(one.turn, _text(one.turn), first, one.earlier, one.told):
            tried = again.thought
            found = replace(tried, taken=None if tried.turn is None else await self._brain.think(tried.turn))
            if again.serves(found):
                return found
        return first
