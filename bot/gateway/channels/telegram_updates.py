"""What an update from Telegram means: something said, a button pressed, the bot blocked; everything else is nothing.

Objects as in https://core.telegram.org/bots/api#update. Nothing in an update may make the webhook fail: Telegram would
bring it again and again, and hold back those behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.handoff.limits import storable
from bot.wording.sentences import Wording, wording

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
"""What the webhook asks for. Other kinds still come when they were subscribed before, and are survived."""

# What Telegram's own Start button sends; a customer who presses it says hello.
_START = "/start"
_GREETING = "Hello"

# Telegram's own numbers have 52 bits at most (https://core.telegram.org/bots/api#user).
_NUMBERS = 2**63

ATTACHMENTS: Mapping[str, Wording] = {
    "photo": wording("attachment.photo"),
    "voice": wording("attachment.voice"),
    "audio": wording("attachment.audio"),
    "video": wording("attachment.video"),
    "video_note": wording("attachment.video_note"),
    "animation": wording("attachment.animation"),
    "document": wording("attachment.document"),
    "sticker": wording("attachment.sticker"),
    "location": wording("attachment.location"),
    "venue": wording("attachment.venue"),
    "contact": wording("attachment.contact"),
    "poll": wording("attachment.poll"),
    "dice": wording("attachment.dice"),
}
"""What a message can hold instead of a text, by the name of its field, and how that stands in the conversation."""


@dataclass(frozen=True)
class FromCustomer:
    """A message or a pressed button, from a private chat."""

    update_id: int
    chat_id: str
    name: str | None
    locale: str
    text: str = ""
    attachment: str | None = None
    """What came instead of a text, a key of :data:`ATTACHMENTS`; its caption is the text."""
    callback_id: str | None = None
    token: str = ""
    """The pressed button's ``callback_data``."""
    album: str = ""
    """What the parts of an album have in common (``media_group_id``): one act arrives as several updates."""
    link: str = ""
    """What a deep link brought along (https://core.telegram.org/bots/features#deep-linking)."""


@dataclass(frozen=True)
class Membership:
    """The customer blocked the bot, or let it in again."""

    chat_id: str
    reachable: bool


def read_update(update: Any) -> FromCustomer | Membership | None:
    """Read one update; none for what has no use here, whatever its shape.

    An edited message is not taken again: the bot has answered the first version, and an order must not be booked
    twice because a typing mistake was mended.
    """
    update_id = _get(update, "update_id")
    if not _is_number(update_id):
        return None
    if _get(update, "message") is not None:
        return _message(update_id, update["message"])
    if _get(update, "callback_query") is not None:
        return _pressed(update_id, update["callback_query"])
    if _get(update, "my_chat_member") is not None:
        return _membership(update["my_chat_member"])
    return None


def _message(update_id: int, message: Any) -> FromCustomer | None:
    chat_id = _private_chat(_get(message, "chat"))
    attachment = next((kind for kind in ATTACHMENTS if _get(message, kind) is not None), None)
    text = _text(_get(message, "text")) or _text(_get(message, "caption"))
    if chat_id is None or not (text or attachment):
        return None  # a group, where people talk to each other, or a service message (a pinned text, a new photo)
    link = ""
    words = text.split(maxsplit=1)
    if words[:1] == [_START]:
        text, link = _GREETING, words[1].strip() if len(words) > 1 else ""
    person = _person(_get(message, "from"))
    album = _text(_get(message, "media_group_id"))
    return FromCustomer(update_id, chat_id, *person, text=text, attachment=attachment, album=album, link=link)


def _pressed(update_id: int, query: Any) -> FromCustomer | None:
    chat = _get(query, "message", "chat")
    # An old message is not sent along; a private chat has its customer's number.
    chat_id = _number(_get(query, "from", "id")) if chat is None else _private_chat(chat)
    callback_id, token = _text(_get(query, "id")), _text(_get(query, "data"))
    if chat_id is None or not callback_id or not token:
        return None
    return FromCustomer(update_id, chat_id, *_person(_get(query, "from")), callback_id=callback_id, token=token)


def _membership(change: Any) -> Membership | None:
    chat_id = _private_chat(_get(change, "chat"))
    status = _get(change, "new_chat_member", "status")
    if chat_id is None or status not in ("kicked", "member"):
        return None
    return Membership(chat_id, reachable=status == "member")


def _private_chat(chat: Any) -> str | None:
    return _number(_get(chat, "id")) if _get(chat, "type") == "private" else None


def _person(user: Any) -> tuple[str | None, str]:
    names = [_text(_get(user, "first_name")), _text(_get(user, "last_name"))]
    # A language tag (https://en.wikipedia.org/wiki/IETF_language_tag) of a length that the database keeps.
    return " ".join(name for name in names if name) or None, _text(_get(user, "language_code"))[:16] or "en"


def _get(data: Any, *path: str) -> Any:
    for name in path:
        if not isinstance(data, Mapping):
            return None
        data = data.get(name)
    return data


def _text(data: Any) -> str:
    return storable(data) if isinstance(data, str) else ""


def _number(data: Any) -> str | None:
    return str(data) if _is_number(data) else None


def _is_number(data: Any) -> bool:
    return isinstance(data, int) and not isinstance(data, bool) and abs(data) < _NUMBERS
