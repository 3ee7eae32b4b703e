"""Links by which a conversation goes on elsewhere: signed, for one conversation, one channel, one use, one day.

Whoever holds a link gets the conversation, as with a link that resets a password; so it is shown to nobody but the
customer, in their own conversation, and dies with its first use.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select, update

from bot.errors import WarmlineError
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import ContinuationLink, Conversation, Delivery
from bot.gateway.platform.signals import announce, conversation_topic
from bot.gateway.platform.tables import constant
from bot.gateway.platform.transaction import Transaction
from bot.wording.sentences import Wording, wording

WEB = "web"
TELEGRAM = "telegram"

# 16 random bytes and 128 bits of the HMAC: 43 characters, and Telegram's deep links take 64
# (https://core.telegram.org/bots/features#deep-linking).
_ID_BYTES = 16
_MAC_BYTES = 16
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


_REFUSALS = {
    "unknown": wording("elsewhere.unknown"),
    "used": wording("elsewhere.used"),
    "expired": wording("elsewhere.expired"),
    "busy": wording("elsewhere.busy"),
}


class LinkError(WarmlineError):
    """The link cannot be used; ``why`` says in which way."""

    def __init__(self, why: Literal["unknown", "expired", "used", "busy"]) -> None:
        super().__init__(why)
        self.why = why

    @property
    def said(self) -> Wording:
        """What the customer reads."""
        return _REFUSALS[self.why]


class Links:
    """Makes and takes links; ``telegram_bot`` is the bot's user name, empty where there is none."""

    def __init__(self, key: str, public_url: str, telegram_bot: str = "") -> None:
        self._key = key.encode()
        self._public_url = public_url
        self._telegram_bot = telegram_bot

    def targets(self, channel: str) -> tuple[str, ...]:
        """The channels to which a conversation on this one can go."""
        if channel == WEB:
            return (TELEGRAM,) if self._telegram_bot else ()
        return (WEB,)

    def issue(
        self, session: Transaction, conversation: Conversation, to_channel: str, lasts: timedelta, now: datetime
    ) -> str:
        """Make a link that lasts so long; answers its address. Earlier unused links of this conversation die."""
        session.execute(
            update(ContinuationLink)
            .where(ContinuationLink.conversation_id == conversation.id, ContinuationLink.used_at.is_(None))
            .values(expires_at=now)
            .execution_options(synchronize_session="fetch")
        )
        link = ContinuationLink(
            id=secrets.token_hex(_ID_BYTES),
            conversation_id=conversation.id,
            to_channel=to_channel,
            expires_at=now + lasts,
        )
        session.add(link)
        session.flush()
        token = self._token(link)
        if to_channel == TELEGRAM:
            return f"https://t.me/{self._telegram_bot}?start={token}"
        return f"{self._public_url}/#warmline={token}"

    def redeem(
        self, session: Transaction, token: str, to_channel: str, account: str, address: str | None, now: datetime
    ) -> Conversation:
        """Move the conversation to this address (None: the website) and use the link up.

        The same address again with the same link gets the same answer: a provider may deliver twice. Raises
        :class:`LinkError`.
        """
        link = self._find(session, token)
        if link is None or link.to_channel != to_channel:
            raise LinkError("unknown")
        conversation = transcript.lock(session, link.conversation_id)
        link = session.get(ContinuationLink, link.id, with_for_update=True, populate_existing=True)
        if conversation is None or link is None:
            raise LinkError("unknown")
        place = conversation.id if address is None else address
        if link.used_at is not None:
            if address is not None and (conversation.channel, conversation.address) == (to_channel, place):
                return conversation
            raise LinkError("used")
        if link.expires_at <= now:
            raise LinkError("expired")
        if not _free(session, to_channel, account, place, conversation):
            raise LinkError("busy")
        link.used_at = now
        _move(session, conversation, to_channel, account, place)
        return conversation

    def _find(self, session: Transaction, token: str) -> ContinuationLink | None:
        if not _TOKEN.fullmatch(token):
            return None
        try:
            raw = base64.urlsafe_b64decode(token + "=")
        except ValueError:
            return None
        link = session.get(ContinuationLink, raw[:_ID_BYTES].hex())
        # Without a row the comparison is made all the same: its time must not tell which links there are.
        expected = self._token(link) if link is not None else "x" * len(token)
        return link if hmac.compare_digest(expected, token) else None

    def _token(self, link: ContinuationLink) -> str:
        # Its end is not signed: the row knows it, and calling a link off early moves it.
        signed = "\x00".join(("link", link.id, link.conversation_id, link.to_channel)).encode()
        mac = hmac.new(self._key, signed, hashlib.sha256).digest()[:_MAC_BYTES]
        return base64.urlsafe_b64encode(bytes.fromhex(link.id) + mac).rstrip(b"=").decode()


def _free(session: Transaction, channel: str, account: str, address: str, moving: Conversation) -> bool:
    """Make room at an address: what the bot alone had there is set aside, a human's conversation stays."""
    there = session.scalar(
        select(Conversation).where(
            Conversation.channel == channel,
            Conversation.account == account,
            Conversation.address == address,
            Conversation.id != moving.id,
        )
    )
    if there is None:
        return True
    locked = transcript.lock(session, there.id)
    if locked is None or locked.owner != "bot":
        return False
    # Its story stays; what comes from this address belongs to the other conversation from now on.
    locked.address, locked.reachable = f"{address[:200]}#{locked.id}", False
    _stop(session, locked.id, "the customer went on with another conversation")
    session.flush()
    return True


def _move(session: Transaction, conversation: Conversation, channel: str, account: str, address: str) -> None:
    # What was on its way to the old address was written for it: the customer has left it.
    _stop(session, conversation.id, "the customer went on elsewhere")
    conversation.channel, conversation.account, conversation.address = channel, account, address
    conversation.reachable = True
    session.flush()
    announce(session, conversation_topic(conversation.id))


def _stop(session: Transaction, conversation_id: str, why: str) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.conversation_id == conversation_id, Delivery.state == constant("waiting"))
        .values(state="failed", error=why, arrival=None)
        .execution_options(synchronize_session="fetch")
    )
