"""Canned replies: what the team writes often, kept once; variables in braces are filled in by the page."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.gateway.desk.tables import CannedReply
from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.identity import new_id
from bot.gateway.platform.transaction import Transaction

# Typed after a slash, so without spaces.
SHORTCUT = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
# `{customer_name}`, `{agent_name}`, or a slot's name; anything else in braces is a slip of the finger.
_BRACED = re.compile(r"\{([^{}]*)\}")
_VARIABLE = re.compile(r"[a-z][a-z0-9_]{0,63}")


# For a team that has none yet. Without what may be unknown: an agent sends them as they are, or changes a word.
STARTER: tuple[tuple[str, str, str], ...] = (
    ("welcome", "Welcome", "Hello, this is {agent_name}. I have read what you wrote and am looking into it now."),
    ("moment", "One moment", "One moment please, I am checking this for you."),
    ("wait", "It takes longer", "This is taking longer than I thought. I am still working on it, please stay with me."),
    ("order", "Ask for the order number", "Could you tell me your order number? It is in our confirmation e-mail."),
    ("photo", "Ask what it looks like", "Could you describe what you see, and how long it has been like that?"),
    ("sorry", "Apology", "I am sorry about this. Let me see what I can do for you."),
    ("anything", "Anything else?", "Is there anything else that I can do for you?"),
    ("bye", "Goodbye", "Thank you for writing to us. All the best, {agent_name}"),
)  # fmt: skip


class ShortcutTakenError(RequestError):
    """Two replies cannot have one shortcut."""

    status, code = 409, "shortcut_taken"


class UnknownReplyError(RequestError):
    """There is no such canned reply."""

    status, code = 404, "unknown_reply"


class BadReplyError(RequestError):
    """Something in the reply's fields cannot be; the message says what."""

    status, code = 400, "bad_request"


def listed(session: Transaction) -> list[dict[str, Any]]:
    """All canned replies, by shortcut."""
    return [_shown(one) for one in session.scalars(select(CannedReply).order_by(CannedReply.shortcut))]


def save(
    session: Transaction, reply_id: str | None, shortcut: str, title: str, text: str, agent_id: str, now: datetime
) -> dict[str, Any]:
    """Write a new reply, or change one.

    Raises :class:`BadReplyError`, :class:`ShortcutTakenError` and :class:`UnknownReplyError`.
    """
    shortcut = shortcut.strip().lower().lstrip("/")
    if not SHORTCUT.fullmatch(shortcut):
        raise BadReplyError("A shortcut is one word of up to 32 letters, digits, - and _.")
    for name in _BRACED.findall(text):
        if not _VARIABLE.fullmatch(name):
            raise BadReplyError("A variable looks like {customer_name}: small letters, digits and _.")
    taken = session.scalar(select(CannedReply.id).where(CannedReply.shortcut == shortcut))
    if taken is not None and taken != reply_id:
        raise ShortcutTakenError(f"There is already a reply /{shortcut}.")
    found = None if reply_id is None else session.get(CannedReply, reply_id)
    if reply_id is not None and found is None:
        raise UnknownReplyError("There is no such canned reply.")
    if found is None:
        found = CannedReply(id=new_id(now))
        session.add(found)
    found.shortcut, found.title, found.text = shortcut, title, text
    found.changed_at, found.changed_by = now, agent_id
    session.flush()
    return _shown(found)


def start(session: Transaction, agent_id: str, now: datetime) -> list[dict[str, Any]]:
    """Write the first set, without any reply whose shortcut is taken; answers what was written."""
    taken = set(session.scalars(select(CannedReply.shortcut)))
    return [
        save(session, None, shortcut, title, text, agent_id, now)
        for shortcut, title, text in STARTER
        if shortcut not in taken
    ]


def remove(session: Transaction, reply_id: str) -> None:
    """Take a reply away; :class:`UnknownReplyError`."""
    found = session.get(CannedReply, reply_id)
    if found is None:
        raise UnknownReplyError("There is no such canned reply.")
    session.delete(found)


def _shown(found: CannedReply) -> dict[str, Any]:
    return {"id": found.id, "shortcut": found.shortcut, "title": found.title, "text": found.text}
