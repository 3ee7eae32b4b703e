"""Buttons: customers get a signed token for each; what the button does never leaves the gateway."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.gateway.conversations.tables import Entry
from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.transaction import Transaction
from bot.wording.sentences import wording

# 128 bits of the HMAC: nobody guesses that, and the token fits the 64 bytes of Telegram's callback_data
# (https://core.telegram.org/bots/api#inlinekeyboardbutton).
_MAC_BYTES = 16
LONGEST_TOKEN = 64


class UnknownChoiceError(RequestError):
    """A choice that this conversation was never offered."""

    status, code = 400, "unknown_choice"
    said = wording("choice.unknown")


@dataclass(frozen=True)
class Choice:
    """A button as it was offered; ``seq`` and ``index`` say in which entry, as which of its choices."""

    title: str
    payload: str
    seq: int = 0
    index: int = 0


class Payloads:
    """Signs and opens the tokens of buttons."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def token(self, conversation_id: str, seq: int, index: int, payload: str) -> str:
        """Make the token of one button: ``{seq}.{index}.{mac}``, 64 bytes at most."""
        # Parts of unknown length are separated by a byte that none of them holds.
        signed = "\x00".join((conversation_id, str(seq), str(index), payload)).encode("utf-8", "surrogatepass")
        mac = hmac.new(self._key, signed, hashlib.sha256).digest()[:_MAC_BYTES]
        return f"{seq}.{index}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    def for_customers(self, entry: Entry) -> list[dict[str, str]]:
        """Show an entry's choices as customers get them: ``[{title, token}]``."""
        return [
            {"title": choice["title"], "token": self.token(entry.conversation_id, entry.seq, index, choice["payload"])}
            for index, choice in enumerate(entry.choices)
        ]

    def open(self, session: Transaction, conversation_id: str, token: str) -> Choice:
        """Find the choice that a token names; :class:`UnknownChoiceError` for anything else."""
        place = _place(token)
        if place is not None:
            seq, index = place
            entry = session.scalars(
                select(Entry).where(Entry.conversation_id == conversation_id, Entry.seq == seq)
            ).one_or_none()
            if entry is not None and entry.visible_to_customer and index < len(entry.choices):
                choice: Mapping[str, Any] = entry.choices[index]
                expected = self.token(conversation_id, seq, index, choice["payload"])
                if hmac.compare_digest(expected.encode(), token.encode("utf-8", "surrogatepass")):
                    return Choice(choice["title"], choice["payload"], seq, index)
        raise UnknownChoiceError("That choice is not one that was offered here.")


def _place(token: str) -> tuple[int, int] | None:
    parts = token.split(".")
    if len(token) > LONGEST_TOKEN or len(parts) != 3:
        return None
    seq, index = parts[0], parts[1]
    # Nine digits fit every database's integers.
    if all(part.isascii() and part.isdigit() and len(part) <= 9 for part in (seq, index)):
        return int(seq), int(index)
    return None
