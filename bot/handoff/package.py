"""``handoff/1``: the request of the brain and what the gateway knows, made into one package for a human."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from bot.contract import schemas
from bot.handoff.limits import (
    LARGEST_PACKAGE,
    entries_that_fit,
    first_that_fit,
    shortened,
    size,
    storable,
    storable_value,
)
from bot.handoff.request import HandoffRequest, Slot, intent_json
from bot.handoff.summary import Line, summarise
from bot.handoff.words import worth_telling

# What each part may take, in characters of a text and in bytes of a list or an object. Together they stay
# below half of the package, so that the transcript always has the other half.
LONG_TEXT = 500
SHORT_TEXT = 120
OBJECT_BYTES = 6_000
LIST_BYTES = 4_000
# The summary's 500 characters at JSON's longest (six bytes each), and room for what was left out.
RESERVED_BYTES = 3_600


class InvalidPackageError(ValueError):
    """The JSON is no ``handoff/1``; the message names the field."""


@dataclass(frozen=True)
class Conversation:
    """The conversation that is handed over."""

    id: str
    channel: str
    account: str
    locale: str
    started_at: datetime


@dataclass(frozen=True)
class Customer:
    """Who is at the other end; ``verified`` when the company's own sign-in vouches for them."""

    id: str
    name: str | None = None
    verified: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Routing:
    """Which humans should have it, and how soon."""

    skill: str = "general"
    priority: str = "normal"
    """``low``, ``normal``, ``high`` or ``urgent``."""
    language: str = "en"


@dataclass(frozen=True)
class ExpectedWait:
    """What the customer was told: the place in the queue from 1, and minutes only where there is history."""

    position: int | None = None
    wait_minutes: int | None = None


def build(
    *,
    id: str,  # noqa: A002 - the field's name in the package
    created_at: datetime,
    conversation: Conversation,
    customer: Customer,
    request: HandoffRequest,
    transcript: Sequence[Line],
    routing: Routing,
    promise: ExpectedWait,
) -> dict[str, Any]:
    """A valid ``handoff/1`` of at most 64 kB, whatever goes in.

    ``id`` is the idempotency key: the same hand-off built again carries the same one. Where something had to be
    cut, ``left_out`` says what: how many of the oldest transcript lines, and which fields.
    """
    whole = {
        "slots": {
            storable(name): storable_value(slot.to_json() | _short_words(slot)) for name, slot in request.slots.items()
        },
        "attributes": storable_value(customer.attributes),
        "alternatives": [] if request.intent is None else storable_value(intent_json(request.intent)["alternatives"]),
        "missing": [] if request.open_form is None else storable_value(request.open_form.missing),
        "knowledge_tried": storable_value(request.to_json()["knowledge_tried"]),
        "actions_tried": [
            {"name": _short(tried.name), "ok": tried.ok, "error": tried.error and shortened(tried.error, LONG_TEXT)}
            for tried in worth_telling(request.actions_tried)
        ],
    }
    fitting: dict[str, Any] = {
        name: entries_that_fit(value, OBJECT_BYTES) if isinstance(value, dict) else first_that_fit(value, LIST_BYTES)
        for name, value in whole.items()
    }
    package: dict[str, Any] = {
        "schema": schemas.HANDOFF,
        "id": id,
        "created_at": moment(created_at),
        "conversation": {
            "id": conversation.id,
            "channel": _short(conversation.channel),
            "account": _short(conversation.account),
            "locale": _short(conversation.locale),
            "started_at": moment(conversation.started_at),
        },
        "customer": {
            "id": _short(customer.id),
            "name": None if customer.name is None else _short(customer.name),
            "verified": customer.verified,
            "attributes": fitting["attributes"],
        },
        "reason": {
            "code": request.code.value,
            "text": request.code.text,
            "evidence": shortened(request.evidence, LONG_TEXT),
        },
        "summary": "",
        "last_question": shortened(request.last_question, LONG_TEXT),
        "intent": None
        if request.intent is None
        else {
            "name": _short(request.intent.name),
            "confidence": request.intent.confidence,
            "alternatives": fitting["alternatives"],
        },
        "slots": fitting["slots"],
        "open_form": None
        if request.open_form is None
        else {"name": _short(request.open_form.name), "missing": fitting["missing"]},
        "knowledge_tried": fitting["knowledge_tried"],
        "actions_tried": fitting["actions_tried"],
        "transcript": [],
        "routing": {
            "skill": _short(routing.skill),
            "priority": routing.priority,
            "language": _short(routing.language),
        },
        "promise": {"position": promise.position, "wait_minutes": promise.wait_minutes},
        "left_out": {
            "transcript_lines": 0,
            "fields": [name for name, value in whole.items() if len(value) > len(fitting[name])],
        },
    }
    newest = first_that_fit(
        [_line_json(line) for line in reversed(transcript)], LARGEST_PACKAGE - RESERVED_BYTES - size(package)
    )
    kept = transcript[len(transcript) - len(newest) :]
    package["transcript"] = newest[::-1]
    package["left_out"]["transcript_lines"] = len(transcript) - len(kept)
    # From the lines that were kept, so that whoever receives the package alone can follow every pointer.
    package["summary"] = summarise(request, kept)
    return package


def validate(package: Any) -> None:
    """Raise :class:`InvalidPackageError` unless the JSON value is a ``handoff/1`` of at most 64 kB."""
    fault = next(iter(sorted(_validator().iter_errors(package), key=lambda error: list(map(str, error.path)))), None)
    if fault is not None:
        raise InvalidPackageError(f"{'.'.join(map(str, fault.path)) or 'the package'}: {fault.message}")
    if size(package) > LARGEST_PACKAGE:
        raise InvalidPackageError(f"the package takes {size(package)} bytes, more than {LARGEST_PACKAGE}")


def moment(at: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of ``handoff/1``, for adapters and for tests."""
    loaded: dict[str, Any] = json.loads(files("bot.handoff").joinpath("handoff-1.schema.json").read_text("utf-8"))
    return loaded


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "at": moment(line.at),
        "author": line.author,
        "type": line.type,
        "text": storable(line.text),
    }


def _short(text: str) -> str:
    return shortened(text, SHORT_TEXT)


def _short_words(slot: Slot) -> dict[str, str]:
    return {name: _short(word) for name, word in (("title", slot.title), ("text", slot.text)) if word is not None}
