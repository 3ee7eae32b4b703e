"""``handoff-request/1``: what the brain knows when it gives up, before the gateway adds the rest."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.contract import schemas
from bot.handoff.reasons import ReasonCode

# A slot's value is flat or nearly so; a limit keeps a hostile one from exhausting the stack.
DEEPEST = 20

_LANGUAGE = re.compile(r"[a-z]{2,3}")

T = TypeVar("T")


class MalformedRequestError(ValueError):
    """The JSON is no ``handoff-request/1``; the message names the field."""


@dataclass(frozen=True)
class Reading:
    """An intent and how likely it was, from 0 to 1."""

    name: str
    confidence: float


@dataclass(frozen=True)
class Intent(Reading):
    """The reading that counted, and the ones that came after it."""

    alternatives: tuple[Reading, ...] = ()


@dataclass(frozen=True)
class Slot:
    """Something that the customer told us; a sensitive one is shown masked until an agent asks for it."""

    value: Any
    """Any JSON value."""
    sensitive: bool = False
    title: str | None = None
    """What the company calls it, where the slot's name does not say it."""
    text: str | None = None
    """The value as one would say it, where it is an id or a code."""

    def to_json(self) -> dict[str, Any]:
        """As a package writes it: what is not given is not there."""
        words = {"title": self.title, "text": self.text}
        return {"value": self.value, "sensitive": self.sensitive} | {
            name: word for name, word in words.items() if word is not None
        }


@dataclass(frozen=True)
class OpenForm:
    """The form that the customer was in the middle of, and the slots that it still wants."""

    name: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnowledgeTried:
    """A passage that was looked at; ``shown`` says whether the customer saw it."""

    article: str
    heading: str
    score: float
    shown: bool = False


@dataclass(frozen=True)
class ActionTried:
    """An action that ran, and what went wrong if something did."""

    name: str
    ok: bool
    error: str | None = None


@dataclass(frozen=True)
class HandoffRequest:
    """Everything the brain can say about why a human is needed."""

    code: ReasonCode
    evidence: str = ""
    """The customer's own words, or the fault, that led here."""
    last_question: str = ""
    """What the customer last wanted to know."""
    intent: Intent | None = None
    slots: Mapping[str, Slot] = field(default_factory=dict)
    open_form: OpenForm | None = None
    knowledge_tried: tuple[KnowledgeTried, ...] = ()
    actions_tried: tuple[ActionTried, ...] = ()
    language: str | None = None
    """The language that the customer writes (ISO 639-1), where it is not the one the assistant speaks."""

    def to_json(self) -> dict[str, Any]:
        """As the dictionary that an action puts into a message's ``custom`` field."""
        return {
            "schema": schemas.HANDOFF_REQUEST,
            "reason": {"code": self.code.value, "evidence": self.evidence},
            "intent": None if self.intent is None else intent_json(self.intent),
            "slots": {name: slot.to_json() for name, slot in self.slots.items()},
            "open_form": None
            if self.open_form is None
            else {"name": self.open_form.name, "missing": list(self.open_form.missing)},
            "knowledge_tried": [
                {"article": tried.article, "heading": tried.heading, "score": tried.score, "shown": tried.shown}
                for tried in self.knowledge_tried
            ],
            "actions_tried": [
                {"name": tried.name, "ok": tried.ok, "error": tried.error} for tried in self.actions_tried
            ],
            "last_question": self.last_question,
            **({} if self.language is None else {"language": self.language}),
        }

    @classmethod
    def from_json(cls, data: Any) -> HandoffRequest:
        """Read one strictly: a missing, unknown or wrongly typed field raises :class:`MalformedRequestError`.

        ``language`` and a slot's ``title`` and ``text`` may be absent.
        """
        fields = _object(
            data,
            "the request",
            ("schema", "reason", "intent", "slots", "open_form", "knowledge_tried", "actions_tried", "last_question"),
            optional=("language",),
        )
        if fields["schema"] != schemas.HANDOFF_REQUEST:
            raise MalformedRequestError(f"schema is {fields['schema']!r}, not {schemas.HANDOFF_REQUEST!r}")
        reason = _object(fields["reason"], "reason", ("code", "evidence"))
        try:
            code = ReasonCode(_text(reason["code"], "reason.code"))
        except ValueError:
            raise MalformedRequestError(f"reason.code is {reason['code']!r}, which is none of the nine") from None
        return cls(
            code=code,
            evidence=_text(reason["evidence"], "reason.evidence"),
            last_question=_text(fields["last_question"], "last_question"),
            intent=None if fields["intent"] is None else _intent(fields["intent"], "intent"),
            slots=_slots(fields["slots"]),
            open_form=None if fields["open_form"] is None else _form(fields["open_form"]),
            knowledge_tried=_list(fields["knowledge_tried"], "knowledge_tried", _knowledge),
            actions_tried=_list(fields["actions_tried"], "actions_tried", _action),
            language=None if fields.get("language") is None else _language(fields["language"]),
        )


def intent_json(intent: Intent) -> dict[str, Any]:
    """An intent as both ``handoff-request/1`` and ``handoff/1`` write it."""
    alternatives = [{"name": other.name, "confidence": other.confidence} for other in intent.alternatives]
    return {"name": intent.name, "confidence": intent.confidence, "alternatives": alternatives}


def _object(data: Any, where: str, names: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise MalformedRequestError(f"{where} is not an object")
    missing = [name for name in names if name not in data]
    unknown = [str(name) for name in data if name not in names and name not in optional]
    if missing or unknown:
        raise MalformedRequestError(f"{where}: missing {missing}, unknown {unknown}")
    return data


def _list(data: Any, where: str, read: Callable[[Any, str], T]) -> tuple[T, ...]:
    if not isinstance(data, list):
        raise MalformedRequestError(f"{where} is not a list")
    return tuple(read(item, f"{where}[{place}]") for place, item in enumerate(data))


def _text(data: Any, where: str) -> str:
    if not isinstance(data, str):
        raise MalformedRequestError(f"{where} is not a text")
    return data


def _language(data: Any) -> str:
    code = _text(data, "language")
    if not _LANGUAGE.fullmatch(code):
        raise MalformedRequestError("language is not an ISO 639 code")
    return code


def _number(data: Any, where: str) -> float:
    try:
        number = math.nan if isinstance(data, bool) or not isinstance(data, int | float) else float(data)
    except OverflowError:  # a whole number with hundreds of digits
        number = math.inf
    if not math.isfinite(number):
        raise MalformedRequestError(f"{where} is not a finite number")
    return number


def _flag(data: Any, where: str) -> bool:
    if not isinstance(data, bool):
        raise MalformedRequestError(f"{where} is neither true nor false")
    return data


def _json_value(data: Any, where: str, depth: int = 0) -> Any:
    if depth > DEEPEST:
        raise MalformedRequestError(f"{where} is nested more than {DEEPEST} deep")
    if isinstance(data, float) and not math.isfinite(data):
        raise MalformedRequestError(f"{where} holds a number that JSON does not know")
    if isinstance(data, dict):
        for name, value in data.items():
            _json_value(value, f"{where}.{_text(name, where)}", depth + 1)
    elif isinstance(data, list):
        for value in data:
            _json_value(value, where, depth + 1)
    elif data is not None and not isinstance(data, str | int | float):
        raise MalformedRequestError(f"{where} holds a {type(data).__name__}, which JSON does not know")
    return data


def _reading(data: Any, where: str) -> Reading:
    fields = _object(data, where, ("name", "confidence"))
    return Reading(_text(fields["name"], f"{where}.name"), _number(fields["confidence"], f"{where}.confidence"))


def _intent(data: Any, where: str) -> Intent:
    fields = _object(data, where, ("name", "confidence", "alternatives"))
    return Intent(
        _text(fields["name"], f"{where}.name"),
        _number(fields["confidence"], f"{where}.confidence"),
        _list(fields["alternatives"], f"{where}.alternatives", _reading),
    )


def _slots(data: Any) -> dict[str, Slot]:
    if not isinstance(data, dict):
        raise MalformedRequestError("slots is not an object")
    slots = {}
    for name, slot in data.items():
        where = f"slots.{_text(name, 'slots')}"
        fields = _object(slot, where, ("value", "sensitive"), optional=("title", "text"))
        words = {
            word: _text(fields[word], f"{where}.{word}") for word in ("title", "text") if fields.get(word) is not None
        }
        sensitive = _flag(fields["sensitive"], f"{where}.sensitive")
        slots[name] = Slot(_json_value(fields["value"], where), sensitive, **words)
    return slots


def _form(data: Any) -> OpenForm:
    fields = _object(data, "open_form", ("name", "missing"))
    return OpenForm(_text(fields["name"], "open_form.name"), _list(fields["missing"], "open_form.missing", _text))


def _knowledge(data: Any, where: str) -> KnowledgeTried:
    fields = _object(data, where, ("article", "heading", "score", "shown"))
    return KnowledgeTried(
        _text(fields["article"], f"{where}.article"),
        _text(fields["heading"], f"{where}.heading"),
        _number(fields["score"], f"{where}.score"),
        _flag(fields["shown"], f"{where}.shown"),
    )


def _action(data: Any, where: str) -> ActionTried:
    fields = _object(data, where, ("name", "ok", "error"))
    error = None if fields["error"] is None else _text(fields["error"], f"{where}.error")
    return ActionTried(_text(fields["name"], f"{where}.name"), _flag(fields["ok"], f"{where}.ok"), error)
