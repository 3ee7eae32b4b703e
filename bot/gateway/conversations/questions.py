"""A choice belongs to the question under which it stood: whether that is still open when its button is pressed.

A bare "yes" means nothing without its question. So what a bot offers while a form asks for something is kept with the
form, the slot and the message in which it was asked; what is pressed after that question has gone does nothing, and the
customer is told so and asked what is open now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript
from bot.gateway.tables import Conversation, Entry, InboxMessage

EXPIRED = "That choice has expired, so I haven't done anything with it."
STILL_OPEN = "This is what I'd like to know:"
NOTHING_OPEN = "What can I do for you?"

# Intents that only make sense as an answer (docs/reference/turn.md); a button with any other is a wish of its own, and
# means the same whenever it is pressed.
_ANSWERS = frozenset({"inform", "affirm", "deny"})
# What a message that was handled so has done: pressing its button again asks for nothing new.
_DONE = frozenset({"answered", "handed_off", "kept_for_human", "repeated"})
# How far back the open question is looked for: further back than any detour leads.
_ENTRIES_LOOKED_AT = 60

ASKS = "asks"
"""The field of a message's detail that holds the question that was open when it had been said."""

Verdict = Literal["open", "expired", "repeated"]
Question = dict[str, str]
"""``{"form", "slot"}``."""


def question_in(state: Mapping[str, Any] | None) -> Question | None:
    """What a dialogue state's open form asks for."""
    form = (state or {}).get("open_form")
    if not isinstance(form, Mapping) or not form.get("name") or not form.get("requested_slot"):
        return None
    return {"form": str(form["name"]), "slot": str(form["requested_slot"])}


def kept(title: str, payload: str, question: Question | None) -> dict[str, Any]:
    """A choice as its entry keeps it."""
    asks = {} if question is None else {"question": question}
    return {"title": title, "payload": payload, **asks}


def verdict(session: Session, conversation: Conversation, message: InboxMessage) -> Verdict:
    """Whether a pressed button may act; ``open`` for everything that is none."""
    pressed = message.input.get("of")
    if message.input.get("type") != "choice" or not isinstance(pressed, list):
        return "open"
    if _is_repeated(session, message, pressed):
        return "repeated"
    entry = session.scalars(
        select(Entry).where(Entry.conversation_id == conversation.id, Entry.seq == pressed[0])
    ).one()
    question = entry.choices[pressed[1]].get("question")
    if question is None or _intent(str(message.input.get("payload"))) not in _ANSWERS:
        return "open"
    if question != question_in(conversation.dialogue_state):
        return "expired"
    asked = _asked_last(session, conversation, question, with_choices=True)
    return "open" if asked is None or asked.seq == entry.seq or _same(asked, entry) else "expired"


def tell_expired(session: Session, conversation: Conversation, message: InboxMessage, now: datetime) -> None:
    """Say kindly that nothing was done, and ask the open question again with its choices."""
    question = question_in(conversation.dialogue_state)
    asked = None if question is None else _asked_last(session, conversation, question)
    text = f"{EXPIRED} {NOTHING_OPEN if asked is None else STILL_OPEN}"
    transcript.append(session, conversation, author="bot", now=now, text=text, message_id=message.message_id)
    if asked is not None:
        transcript.append(
            session,
            conversation,
            author="bot",
            now=now,
            text=asked.text,
            choices=asked.choices,
            detail=asked.detail,
            message_id=message.message_id,
        )


def _is_repeated(session: Session, message: InboxMessage, pressed: list[int]) -> bool:
    """Whether the customer's message just before was the same button: two presses, or a second page."""
    before = session.scalars(
        select(InboxMessage)
        .where(InboxMessage.conversation_id == message.conversation_id, InboxMessage.id < message.id)
        .order_by(InboxMessage.id.desc())
        .limit(1)
    ).one_or_none()
    return before is not None and before.input.get("of") == pressed and before.outcome in _DONE


def _asked_last(
    session: Session, conversation: Conversation, question: Question, *, with_choices: bool = False
) -> Entry | None:
    """The message in which the open question was asked last, or was asked last with choices."""
    entries = session.scalars(
        select(Entry)
        .where(Entry.conversation_id == conversation.id, Entry.author == "bot", Entry.type == "message")
        .order_by(Entry.seq.desc())
        .limit(_ENTRIES_LOOKED_AT)
    )
    asking = (entry for entry in entries if (entry.detail or {}).get(ASKS) == question)
    return next((entry for entry in asking if entry.choices or not with_choices), None)


def _same(one: Entry, other: Entry) -> bool:
    return (one.text, one.choices) == (other.text, other.choices)


def _intent(payload: str) -> str:
    return payload.removeprefix("/").partition("{")[0].strip()
