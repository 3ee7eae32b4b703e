"""What a messaging channel is to the gateway: messages come in by its router, entries go out by its ``send``.

A channel checks the provider's signature on the raw body, turns the request into
:class:`~bot.gateway.conversations.inbox.InboundMessage` and stores it with
:func:`~bot.gateway.conversations.inbox.receive`; only then it answers 200. It keeps nothing and retries nothing: the
outbox does (``bot/gateway/channels/delivery.py``). The website needs no ``send``: its customers read the entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from fastapi import APIRouter


@dataclass(frozen=True)
class Button:
    """A choice as a channel shows it; pressing it brings the token back."""

    title: str
    token: str


@dataclass(frozen=True)
class Citation:
    """Where an answer comes from."""

    title: str
    heading: str
    url: str


@dataclass(frozen=True)
class OutboundMessage:
    """One entry on its way to a customer."""

    address: str
    author: str
    """``bot``, ``human`` or ``system``."""
    author_name: str | None
    text: str
    buttons: tuple[Button, ...] = ()
    citation: Citation | None = None
    locale: str = "en"
    """The conversation's, for what the channel itself has to say."""


@dataclass(frozen=True)
class Sent:
    """The provider took it."""

    provider_message_id: str | None


@dataclass(frozen=True)
class NotNow:
    """Try again after so many seconds: the provider is away or wants us to slow down."""

    seconds: float
    """What the provider asks for; 0 leaves it to the outbox."""
    why: str
    maybe_sent: bool = False
    """The connection ended before the answer: the customer may have the message, so it is repeated once only."""


@dataclass(frozen=True)
class Refused:
    """It will never go out: the customer blocked us, or the provider finds the message wrong."""

    why: str
    customer_gone: bool = False
    status: int | None = None
    """The HTTP status of the answer, where one came: what is decided by it must not read ``why``."""


SendResult = Sent | NotNow | Refused


@dataclass(frozen=True)
class Pace:
    """How fast a provider wants messages."""

    between_messages: float
    """Seconds between two messages to one customer."""
    a_second: float
    """Messages a second to all customers together."""


class MessagingChannel(Protocol):
    """One company account on one provider."""

    name: str
    """``telegram``; the ``channel`` of its conversations."""
    account: str
    router: APIRouter
    """Its webhooks."""
    pace: Pace

    def parts(self, message: OutboundMessage) -> tuple[OutboundMessage, ...]:
        """Cut a message into as many as the provider's limits (length, buttons) ask for."""

    async def send(self, message: OutboundMessage) -> SendResult:
        """Send one part."""

    async def show_typing(self, address: str) -> None:
        """Show the customer that somebody writes; failing at that is nothing."""

    async def close(self) -> None:
        """Close connections at the end of the process."""
