"""What a desk of another maker is to the gateway: cases and lines go out, agents' steps come back.

An adapter keeps nothing and retries nothing: the relay does (``bot/gateway/external_desks/relay.py``). It checks the
signature on the raw body of what comes in, turns it into :class:`AgentStep` and hands it to
:func:`~bot.gateway.external_desks.arrivals.take`; only then it answers 2xx.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from fastapi import APIRouter

from bot.gateway.channels.protocol import NotNow, Refused

StepKind = Literal["claimed", "said", "noted", "returned", "resolved"]
Ending = Literal["abandoned", "returned", "completed", "failed", "taken_over"]
"""How a case ended on our side: the ticket's last state, or ``taken_over`` by our own desk."""


@dataclass(frozen=True)
class Case:
    """A ticket on its way to an outside desk."""

    ticket_id: str
    conversation_id: str
    customer_id: str
    customer_name: str | None
    package: Mapping[str, Any]
    """The ``handoff/1``."""
    again: bool
    """An earlier try may have reached the desk."""


@dataclass(frozen=True)
class Line:
    """Something that the customer wrote after the package was built."""

    ticket_id: str
    seq: int
    """Its number in the conversation; with the ticket it names the line for ever."""
    text: str
    at: datetime
    after: str | None
    """What the desk called the line before."""
    again: bool
    """An earlier try may have reached the desk."""


@dataclass(frozen=True)
class Taken:
    """The desk has it, and calls it so."""

    external_id: str


Brought = Taken | NotNow | Refused


@dataclass(frozen=True)
class ExternalAgent:
    """A human who works at the outside desk."""

    id: str
    name: str


@dataclass(frozen=True)
class AgentStep:
    """What an agent did there; ``event_id`` is the same however often it is delivered.

    The case is named by our ticket or by our conversation, whichever the desk gives back.
    """

    event_id: str
    kind: StepKind
    agent: ExternalAgent
    text: str = ""
    """A reply's or a note's words; empty for the others."""
    ticket_id: str | None = None
    conversation_id: str | None = None


class ExternalDesk(Protocol):
    """One account on one outside desk."""

    name: str
    """``chatwoot``; stands in rows and addresses."""
    title: str
    """``Chatwoot``; what people read."""
    router: APIRouter
    """Its webhooks."""

    async def open(self, case: Case) -> Brought:
        """Show a ticket to the agents there, with everything that they need."""

    async def bring(self, external_id: str, line: Line) -> Brought:
        """Show what the customer wrote since."""

    async def end(self, external_id: str, ticket_id: str, ending: Ending) -> Brought:
        """Tell the agents there that the case is over, and why."""

    async def close(self) -> None:
        """Close connections at the end of the process."""
