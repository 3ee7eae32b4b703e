"""What must not be kept is hidden before a message is stored, and the customer is told why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.conversations.wording import in_words
from bot.gateway.platform.transaction import Transaction
from bot.nlu.secrets.passwords import asks_for_password, may_be_password
from bot.nlu.secrets.reader import Hidden, Kind, SecretReader
from bot.wording.catalogue import Catalogue
from bot.wording.files import product_catalogue
from bot.wording.sentences import Wording, wording

HIDES = "hides"
"""In the ``detail`` of the entry that says so: the kinds of what was hidden."""

_TOLD_AGAIN_AFTER = timedelta(days=1)
_WHY: Mapping[Kind, Wording] = {
    "card": wording("secret.card_hidden"),
    "password": wording("secret.password_hidden"),
}

_TOLD = select(Entry.detail).where(
    Entry.conversation_id == bindparam("conversation_id"),
    Entry.author == "system",
    Entry.type == "message",
    Entry.at > bindparam("since"),
)
_LAST_SAID = (
    select(Entry.text)
    .where(
        Entry.conversation_id == bindparam("conversation_id"),
        Entry.type == "message",
        Entry.author.in_(("bot", "human")),
        Entry.visible_to_customer,
    )
    .order_by(Entry.seq.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Discretion:
    """Knows what is secret, and the words in which that is said."""

    secrets: SecretReader = field(default_factory=SecretReader)
    wording: Catalogue = field(default_factory=product_catalogue)

    def hide(self, session: Transaction, conversation_id: str, typed: str) -> Hidden:
        """Return what of a customer's words may be kept."""
        asked = False
        if may_be_password(typed):
            said = session.scalar(_LAST_SAID, {"conversation_id": conversation_id})
            asked = said is not None and asks_for_password(said)
        return self.secrets.hidden(typed, asked_for_password=asked)

    def hide_everywhere(self, value: Any) -> Any:
        """Return what a channel tells of a customer (their name, the page that they read) without secrets."""
        if isinstance(value, str):
            return self.secrets.hidden(value).text
        if isinstance(value, Mapping):
            return {name: self.hide_everywhere(item) for name, item in value.items()}
        return [self.hide_everywhere(item) for item in value] if isinstance(value, list | tuple) else value

    def tell_why(self, session: Transaction, conversation: Conversation, kinds: Iterable[Kind], now: datetime) -> None:
        """Say what was hidden and why: once a day for each kind, not below every message."""
        since = now - _TOLD_AGAIN_AFTER
        told = session.scalars(_TOLD, {"conversation_id": conversation.id, "since": since})
        known = {kind for detail in told if detail for kind in detail.get(HIDES, ())}
        new = sorted(set(kinds) - known)
        if not new:
            return
        sentences = [_WHY[kind] for kind in new]
        if conversation.channel != transcript.WEBSITE:
            # What stands on the customer's own telephone, and with the provider, is not ours to hide.
            sentences.append(wording("secret.delete_there"))
        text = in_words(self.wording, conversation, tuple(sentences))
        transcript.append(session, conversation, author="system", text=text, now=now, detail={HIDES: new})
