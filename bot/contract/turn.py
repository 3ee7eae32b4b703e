"""``turn/1``: everything that the brain needs for one turn, as the gateway sends it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from bot.contract import schemas
from bot.contract.reading import Text, Word, checked

LARGEST_TURN = 256 * 1024
"""Bytes of a request: a message of 4,000 characters and 64 kB of state fit several times (turn.md)."""


class Customer(msgspec.Struct, frozen=True):
    """What is known of the customer; everything may be unknown."""

    id: str | None = None
    name: str | None = None
    verified: bool = False
    """Whether the company's own sign-in vouches for them."""
    attributes: dict[str, Any] = {}
    origin: str | None = None
    """Stands for where they come from: a keyed hash of 32 hex digits."""


class TextInput(msgspec.Struct, frozen=True, tag_field="type", tag="text"):
    """What a customer typed; a blank message is one too."""

    text: Text


class ChoiceInput(msgspec.Struct, frozen=True, tag_field="type", tag="choice"):
    """A button that the brain offered before; the gateway has checked that it was."""

    payload: Word
    """``/intent{…}``, or words that are said in the customer's place."""
    title: str = ""


class EventInput(msgspec.Struct, frozen=True, tag_field="type", tag="event"):
    """Something that happened to the conversation; its name is the name of an intent."""

    name: Literal["returned_by_human"]
    data: dict[str, Any] = {}


class ReminderInput(msgspec.Struct, frozen=True, tag_field="type", tag="reminder"):
    """A reminder whose time has come (`bot.contract.reminders`)."""

    name: Word
    intent: Word
    entities: list[dict[str, Any]] = []


Input = TextInput | ChoiceInput | EventInput | ReminderInput


class Turn(msgspec.Struct, frozen=True, tag_field="schema", tag=schemas.TURN, kw_only=True):
    """One message with everything that the brain needs to take it."""

    conversation_id: Word
    message_id: Word
    channel: Word
    locale: Word
    customer: Customer
    input: Input
    state: dict[str, Any] | None = None
    """What the last turn of this conversation answered, unchanged; None for the first."""
    shadow: bool = False
    """Taken to see what the bot would say: only actions that read run, and nothing of it is kept."""
    again: bool = False
    """An earlier try of this message may have run actions: only those run that say they may run again."""


class _Holder(msgspec.Struct):
    input: Input


def input_of(kept: Any) -> Input:
    """Read what an inbox keeps of a message; :class:`~bot.contract.reading.MalformedMessageError` for anything else."""
    return checked({"input": kept}, _Holder).input
