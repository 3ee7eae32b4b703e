"""Suggestions in a conversation that a human has: which message to think about, what was offered, what became of it.

A suggestion is an entry of the transcript that customers do not see, so the desk's stream carries it and a killed
gateway loses none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.contract.question import open_form_in
from bot.contract.turn import Turn, input_of
from bot.gateway.conversations import owner, transcript
from bot.gateway.conversations.tables import Conversation, Entry, InboxMessage
from bot.gateway.desk.tables import SuggestionVerdict
from bot.gateway.platform.database import insert_if_absent
from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.transaction import Transaction

SUGGESTION = "suggestion"
"""The type of the entries."""

# Entries of one look; the rest comes with the next.
_PAGE = 500


class UnknownSuggestionError(RequestError):
    """This conversation has no such suggestion, or not so many offers."""

    status, code = 404, "unknown_suggestion"


@dataclass(frozen=True)
class Question:
    """The customer's last message, unanswered, in a conversation that a human has."""

    conversation_id: str
    message_id: str
    seq: int
    text: str
    turn: Turn
    """The shadow turn that tells what the bot would say."""
    open_form: str | None


def question_of(session: Transaction, conversation_id: str) -> Question | None:
    """What there is to think about just now; none when it is answered, thought of, or no human has it."""
    conversation = session.get(Conversation, conversation_id)
    if conversation is None or owner.kind(conversation.owner) != "human":
        return None
    last = session.scalars(
        select(Entry)
        .where(
            Entry.conversation_id == conversation_id, Entry.type == "message", Entry.author.in_(("customer", "human"))
        )
        .order_by(Entry.seq.desc())
        .limit(1)
    ).first()
    if last is None or last.author != "customer" or last.message_id is None:
        return None
    thought = select(Entry.id).where(
        Entry.conversation_id == conversation_id, Entry.type == SUGGESTION, Entry.message_id == last.message_id
    )
    message = session.scalars(select(InboxMessage).where(InboxMessage.message_id == last.message_id)).one_or_none()
    if message is None or session.scalar(thought.limit(1)) is not None:
        return None
    state = conversation.dialogue_state
    turn = Turn(
        conversation_id=conversation.id,
        message_id=message.message_id,
        channel=conversation.channel,
        locale=conversation.locale,
        customer=transcript.customer_of(conversation),
        input=input_of(message.input),
        state=state,
        shadow=True,
    )
    form = open_form_in(state)
    return Question(conversation.id, message.message_id, last.seq, last.text, turn, None if form is None else form.name)


def keep(session: Transaction, question: Question, detail: Mapping[str, Any], now: datetime) -> Entry | None:
    """Write a suggestion beside its message, unless the message has been answered or thought of meanwhile."""
    conversation = transcript.lock(session, question.conversation_id)
    current = None if conversation is None else question_of(session, question.conversation_id)
    if conversation is None or current is None or current.message_id != question.message_id:
        return None
    return transcript.append(
        session,
        conversation,
        type="suggestion",
        author="bot",
        now=now,
        detail={"for_seq": question.seq, **detail},
        message_id=question.message_id,
    )


def offer_of(session: Transaction, conversation_id: str, seq: int, offer: int) -> dict[str, Any]:
    """One offer of a suggestion; :class:`UnknownSuggestionError`."""
    entry = session.scalars(
        select(Entry).where(Entry.conversation_id == conversation_id, Entry.seq == seq, Entry.type == SUGGESTION)
    ).one_or_none()
    offers = (entry.detail or {}).get("offers", []) if entry is not None else []
    if not 0 <= offer < len(offers):
        raise UnknownSuggestionError("There is no such suggestion in this conversation.")
    found: dict[str, Any] = offers[offer]
    return found


def used(
    session: Transaction,
    conversation_id: str,
    seq: int,
    offer: int,
    agent_id: str,
    sent: Entry,
    now: datetime,
) -> str:
    """Note that an offer was sent, as it was or edited; answers which."""
    offered = offer_of(session, conversation_id, seq, offer)
    verdict = "accepted" if sent.text.strip() == str(offered["text"]).strip() else "edited"
    _note(session, conversation_id, seq, offer, verdict, agent_id, sent.seq, now)
    return verdict


def rejected(session: Transaction, conversation_id: str, seq: int, offer: int, agent_id: str, now: datetime) -> None:
    """Note that an agent put an offer away."""
    offer_of(session, conversation_id, seq, offer)
    _note(session, conversation_id, seq, offer, "rejected", agent_id, None, now)


def verdicts(session: Transaction, conversation_id: str, seqs: Collection[int]) -> dict[int, dict[int, str]]:
    """What was said of these suggestions' offers: by suggestion, by offer."""
    rows = session.execute(
        select(SuggestionVerdict.seq, SuggestionVerdict.offer, SuggestionVerdict.verdict).where(
            SuggestionVerdict.conversation_id == conversation_id, SuggestionVerdict.seq.in_(seqs)
        )
    )
    found: dict[int, dict[int, str]] = {}
    for seq, offer, verdict in rows:
        found.setdefault(seq, {})[offer] = verdict
    return found


def _note(
    session: Transaction,
    conversation_id: str,
    seq: int,
    offer: int,
    verdict: str,
    agent_id: str,
    sent_seq: int | None,
    now: datetime,
) -> None:
    # The first verdict stands: the same call again, or a second window, changes nothing.
    insert_if_absent(
        session,
        SuggestionVerdict,
        {
            "conversation_id": conversation_id,
            "seq": seq,
            "offer": offer,
            "verdict": verdict,
            "agent_id": agent_id,
            "at": now,
            "sent_seq": sent_seq,
        },
    )
