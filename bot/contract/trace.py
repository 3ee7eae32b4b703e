"""What a turn leaves to be looked at: what was read, decided, found and done (``trace`` of ``turn-result/1``)."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from bot.contract.outcome import ActionOutcome

DecisionKind = Literal[
    "act",
    "answer",
    "ask_back",
    "ask_value",
    "no_answer",
    "unclear",
    "out_of_scope",
    "other_language",
    "upset",
    "danger",
    "talk",
    "feeling",
]

ACT: DecisionKind = "act"
ANSWER: DecisionKind = "answer"
ASK_BACK: DecisionKind = "ask_back"
ASK_VALUE: DecisionKind = "ask_value"
"""The answer depends on something that the message does not say: the customer is asked for it."""
NO_ANSWER: DecisionKind = "no_answer"
UNCLEAR: DecisionKind = "unclear"
OUT_OF_SCOPE: DecisionKind = "out_of_scope"
OTHER_LANGUAGE: DecisionKind = "other_language"
UPSET: DecisionKind = "upset"
DANGER: DecisionKind = "danger"
TALK: DecisionKind = "talk"
"""It is about the conversation itself."""
FEELING: DecisionKind = "feeling"

QUESTIONS_BACK = frozenset({ASK_BACK, ASK_VALUE, NO_ANSWER, UNCLEAR})
"""Decisions after which the customer is asked something about the message that was just sent."""

NOT_UNDERSTOOD = frozenset({UNCLEAR, OUT_OF_SCOPE, NO_ANSWER, ASK_BACK, ASK_VALUE})
"""Decisions by which the assistant neither answered nor acted."""


class Reading(msgspec.Struct, frozen=True):
    """An intent and how probable it is, 0 to 1; for a message that was not read, neither is known."""

    name: str | None = None
    confidence: float | None = None


class ScopeSeen(msgspec.Struct, frozen=True):
    """Whether the message is the company's business, how probable that is, and why."""

    in_scope: bool
    score: float
    reason: str = ""


class LanguageSeen(msgspec.Struct, frozen=True):
    """The language of a message that is not in the assistant's own; ``und`` where nothing more is known."""

    code: str
    why: str = ""


class Tone(msgspec.Struct, frozen=True):
    """How a message sounds alone and how the conversation stands with it, 0 to 1."""

    message: float
    trend: float
    upset: bool = False


class EntitySeen(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value in the message; ``start`` and ``end`` are its place in the text."""

    entity: str
    value: Any = msgspec.UNSET
    start: int | None = None
    end: int | None = None


class PassageSeen(msgspec.Struct, frozen=True):
    """A passage that was found; ``shown`` says whether the customer saw it."""

    article: str
    heading: str
    score: float
    shown: bool = False


class Decision(msgspec.Struct, frozen=True):
    """What was decided; ``choices`` are what the customer is asked to choose from: intents, or products."""

    kind: str = ACT
    """A :data:`DecisionKind`, or one of a newer brain."""
    why: str = ""
    choices: list[str] = []


class FormOpen(msgspec.Struct, frozen=True):
    """The form that is open after the turn, and the slot that it asks for."""

    name: str
    asks: str | None = None


class Chosen(msgspec.Struct, frozen=True):
    """The button that was typed instead of pressed."""

    title: str
    payload: str


class StepTaken(msgspec.Struct, frozen=True):
    """What one step of the reading did to the message: "spelling", "ovan → oven"; one that did nothing is left out."""

    name: str
    did: str


class Understood(msgspec.Struct, kw_only=True):
    """What was read in one wish, and what was decided about it."""

    steps: list[StepTaken] = []

    intent: Reading | None = None
    ranking: list[Reading] = []
    scope: ScopeSeen | None = None
    language: LanguageSeen | None = None
    tone: Tone | None = None
    entities: list[EntitySeen] = []
    knowledge: list[PassageSeen] = []
    decision: Decision | None = None


class Part(Understood, kw_only=True):
    """One of several wishes, with its own words."""

    text: str | None = None


class Trace(Understood, kw_only=True):
    """The whole turn; what was understood is the first wish's."""

    actions: list[ActionOutcome] = []
    form: FormOpen | None = None
    model: str | None = None
    milliseconds: dict[str, float] = {}
    parts: list[Part] | msgspec.UnsetType = msgspec.UNSET
    """Each wish in the order in which it was taken; absent with one."""
    chose: Chosen | msgspec.UnsetType = msgspec.UNSET
