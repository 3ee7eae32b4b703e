"""Whether a pressed button may still act: a choice belongs to the question under which it was offered.

A bare "yes" means nothing without its question. So what a bot offers while a form asks for something is kept with the
form, the slot and the message that opened the form; what is pressed after that question has gone does nothing, and the
customer is told so and asked what is open now. A form that was left and begun anew is another one, whatever its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select

from bot.contract.names import ANSWERS, KNOWLEDGE_QUESTION
from bot.contract.question import OPEN_FORM, OPENED_BY, Question, question_in
from bot.contract.reading import as_json, checked
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, Entry, InboxMessage
from bot.gateway.conversations.wording import in_words
from bot.gateway.platform.transaction import Transaction
from bot.wording.catalogue import Catalogue
from bot.wording.sentences import wording

EXPIRED = wording("choice.expired")
GIVEN_ALREADY = wording("choice.given_already")
STILL_OPEN = wording("choice.still_open")
NOTHING_OPEN = wording("choice.nothing_open")

# The same wish pressed twice within this time is one act: an impatient thumb, a second tab.
_ONE_ACT = timedelta(minutes=1)
# What a message that was handled so has done: pressing its button again asks for nothing new.
_DONE = frozenset({"answered", "handed_off", "kept_for_human", "repeated"})
# What the assistant did at once.
_TAKEN = frozenset({"answered", "handed_off"})
# How far back the open question is looked for: further back than any detour leads.
_ENTRIES_LOOKED_AT = 60

ASKS = "asks"
"""The field of a message's detail that holds the question that was open when it had been said."""

Verdict = Literal["open", "expired", "repeated"]


def with_opening(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, message_id: str
) -> dict[str, Any] | None:
    """The state after a turn, and in it which message opened its form: that turn's unless the form was open before."""
    if after is None:
        return None
    form = after.get(OPEN_FORM)
    if not isinstance(form, Mapping):
        return dict(after)
    was_open = (before or {}).get(OPEN_FORM)
    if isinstance(was_open, Mapping) and was_open.get("name") == form.get("name"):
        opened_by = was_open.get(OPENED_BY)
    else:
        opened_by = message_id
    kept_form = {key: value for key, value in form.items() if key != OPENED_BY}
    return {**after, OPEN_FORM: kept_form if opened_by is None else {**kept_form, OPENED_BY: opened_by}}


def kept(title: str, payload: str, question: Question | None) -> dict[str, Any]:
    """A choice as its entry keeps it."""
    asks = {} if question is None else {"question": as_json(question)}
    return {"title": title, "payload": payload, **asks}


def verdict(session: Transaction, conversation: Conversation, message: InboxMessage) -> Verdict:
    """Whether a pressed button may act; ``open`` for input that is no button."""
    pressed = message.input.get("of")
    if message.input.get("type") != "choice" or not isinstance(pressed, list):
        return "open"
    entry = session.scalars(
        select(Entry).where(Entry.conversation_id == conversation.id, Entry.seq == pressed[0])
    ).one_or_none()
    if entry is None or pressed[1] >= len(entry.choices):
        return "expired"
    asked_under = entry.choices[pressed[1]].get("question")
    question = None if asked_under is None else checked(asked_under, Question)
    answers = _is_answer(str(message.input.get("payload")), question)
    if _is_repeated(session, message, pressed, within=None if answers else _ONE_ACT):
        return "repeated"
    if not answers:
        return "open"
    if question is None:
        return "open" if _is_last_said(session, entry) else "expired"
    if question != question_in(conversation.dialogue_state):
        return "expired"
    asked = _asked_last(session, conversation, question, with_choices=True)
    return "open" if asked is None or asked.seq == entry.seq or _same(asked, entry) else "expired"


def is_pressed_twice(session: Transaction, message: InboxMessage) -> bool:
    """Whether a button was pressed twice in one act."""
    pressed = message.input.get("of")
    return isinstance(pressed, list) and _is_repeated(session, message, pressed, within=_ONE_ACT)


def tell_expired(
    session: Transaction, words: Catalogue, conversation: Conversation, message: InboxMessage, now: datetime
) -> None:
    """Say kindly that nothing was done, and ask the open question again with its choices."""
    question = question_in(conversation.dialogue_state)
    asked = None if question is None else _asked_last(session, conversation, question)
    what = GIVEN_ALREADY if _was_given(session, message) else EXPIRED
    text = in_words(words, conversation, (what, NOTHING_OPEN if asked is None else STILL_OPEN))
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


def _is_answer(payload: str, question: Question | None) -> bool:
    """Whether a button means something only under what it stood under.

    Everything else is a wish of its own. Under a form's question, whatever carries a value answers it, whatever a
    trainer calls the intent; a payload without an intent is words said in the customer's place.
    """
    if not payload.startswith("/"):
        return True
    intent, carries_value, _ = payload.removeprefix("/").partition("{")
    if intent.strip() in ANSWERS:
        return True
    # A button that shows an article means the same whenever it is pressed.
    return question is not None and bool(carries_value) and intent.strip() != KNOWLEDGE_QUESTION


def _is_repeated(session: Transaction, message: InboxMessage, pressed: list[int], within: timedelta | None) -> bool:
    """Whether the customer's message just before was the same button: two presses, or a second page."""
    before = session.scalars(
        select(InboxMessage)
        .where(InboxMessage.conversation_id == message.conversation_id, InboxMessage.id < message.id)
        .order_by(InboxMessage.id.desc())
        .limit(1)
    ).one_or_none()
    if before is None or before.input.get("of") != pressed or before.outcome not in _DONE:
        return False
    return within is None or message.received_at - before.received_at <= within


def _was_given(session: Transaction, message: InboxMessage) -> bool:
    """Whether the same button was pressed before and acted on; then the customer must not hear that it did nothing."""
    earlier = session.scalars(
        select(InboxMessage)
        .where(InboxMessage.conversation_id == message.conversation_id, InboxMessage.id < message.id)
        .order_by(InboxMessage.id.desc())
        .limit(_ENTRIES_LOOKED_AT)
    )
    pressed = message.input.get("of")
    return any(one.input.get("of") == pressed and one.outcome in _TAKEN for one in earlier)


def _is_last_said(session: Transaction, entry: Entry) -> bool:
    """Whether the bot has said nothing since, but for what belongs to the same turn."""
    last = session.scalars(
        select(Entry)
        .where(Entry.conversation_id == entry.conversation_id, Entry.author == "bot", Entry.type == "message")
        .order_by(Entry.seq.desc())
        .limit(1)
    ).one()
    return last.seq == entry.seq or (last.message_id is not None and last.message_id == entry.message_id)


def _asked_last(
    session: Transaction, conversation: Conversation, question: Question, *, with_choices: bool = False
) -> Entry | None:
    """The message in which the open question was asked last, or was asked last with choices."""
    entries = session.scalars(
        select(Entry)
        .where(Entry.conversation_id == conversation.id, Entry.author == "bot", Entry.type == "message")
        .order_by(Entry.seq.desc())
        .limit(_ENTRIES_LOOKED_AT)
    )
    wanted = as_json(question)
    asking = (entry for entry in entries if (entry.detail or {}).get(ASKS) == wanted)
    return next((entry for entry in asking if entry.choices or not with_choices), None)


def _same(one: Entry, other: Entry) -> bool:
    return (one.text, one.choices) == (other.text, other.choices)
