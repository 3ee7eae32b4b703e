"""How much customers may send, in a minute: defaults for every channel, and what a message is charged.

Where the defaults come from:

* a visitor's 30 messages: people type some 52 words a minute (https://doi.org/10.1145/3173574.3174220, 168,000
  volunteers), and hardly anybody sends a message of two words every two seconds; 30 at once is also more than a
  telephone sends that was offline for a while;
* a visitor's 128 kB: eight messages of the longest kind in the widest script, or more pasted text than a person reads;
* an address's 240 messages: forty people behind one address who write every ten seconds. A turn takes some 25 ms, so
  one address never takes more than a tenth of a brain;
* an address's 512 kB: ten times what those forty would write.

While a person has the conversation, a visitor may send four times as much: nothing of it costs a turn, and agents do
ask for a whole order history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.gateway.conversations.owner import kind
from bot.gateway.conversations.tables import Conversation
from bot.gateway.conversations.transcript import WEBSITE
from bot.gateway.platform.limits import Charge, spend
from bot.gateway.platform.transaction import Transaction

MESSAGES = "messages"
BYTES = "bytes"

WITH_A_PERSON = 4
"""How many times as much a visitor may send while a person has the conversation."""
KILOBYTE = 1000


@dataclass(frozen=True)
class Amounts:
    """What one subject may send in a minute; as much may come at once."""

    messages: int
    kilobytes: int


@dataclass(frozen=True)
class InboundLimits:
    """What may come in on one channel."""

    visitor: Amounts = Amounts(messages=30, kilobytes=128)
    """One conversation on the website, one user on a messaging channel."""
    address: Amounts = Amounts(messages=240, kilobytes=512)
    """All conversations of one network address; messaging channels know none."""


DEFAULT = InboundLimits()


def charge(
    session: Transaction, allowed: Mapping[str, InboundLimits], conversation: Conversation, text: str, now: datetime
) -> None:
    """Charge a message that is about to be stored; ``allowed`` are the limits by channel, :data:`DEFAULT` elsewhere.

    Raises :class:`~bot.gateway.platform.limits.LimitReachedError`.
    """
    limits = allowed.get(conversation.channel, DEFAULT)
    size = len(text.encode("utf-8", "replace"))
    times = WITH_A_PERSON if kind(conversation.owner) == "human" else 1
    charges = _both("visitor", visitor_of(conversation), limits.visitor, size, times)
    if conversation.channel == WEBSITE and conversation.origin is not None:
        charges += _both("address", conversation.origin, limits.address, size, 1)
    spend(session, charges, now)


def visitor_of(conversation: Conversation) -> str:
    """Who writes: on the website whoever has the token, on a messaging channel the provider's user."""
    if conversation.channel == WEBSITE or conversation.origin is None:
        return conversation.id
    return conversation.origin


def _both(whose: str, subject: str, amounts: Amounts, size: int, times: int) -> list[Charge]:
    return [
        Charge(f"{MESSAGES}/{whose}", subject, amounts.messages * times),
        Charge(f"{BYTES}/{whose}", subject, amounts.kilobytes * KILOBYTE * times, size),
    ]
