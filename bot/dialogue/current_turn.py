"""The state of the turn that is being taken, in one context variable.

Rasa passes neither the dialogue to the pipeline's components nor the failures of actions to a channel. Each request
runs in its own task, and a task has its own copy of the context, so turns that are taken at once never see each other.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.contract.reminders import ReminderChange
from bot.dialogue.form_input import OpenForm
from bot.dialogue.talk import NOTHING_SAID, Stands
from bot.nlu.tone.feelings import SOUNDS_UPSET
from bot.nlu.tone.trend import Earlier


class Slot(Protocol):
    """What a dialogue knows by one name."""

    @property
    def value(self) -> Any:
        """None where it is empty."""


class Dialogue(Protocol):
    """What this package needs of a dialogue; in the brain it is Rasa's tracker."""

    @property
    def active_loop_name(self) -> str | None:
        """The form that is open."""

    @property
    def slots(self) -> Mapping[str, Slot]:
        """All of them, those that are empty too."""

    def get_slot(self, key: str) -> Any:
        """A slot's value."""


@dataclass(frozen=True)
class EndedAction:
    """How a call of the action server ended; ``error`` is for the trace and never holds what a customer wrote."""

    name: str
    ok: bool
    error: str | None = None
    kept_contract: bool = True
    """Whether the action server answered as it should; without that, the whole turn has failed (turn.md)."""
    away: bool = False
    """Whether the action server was not there or gave no answer: the turn may be taken later."""


@dataclass(frozen=True)
class Mood:
    """What the dialogue says about how the customer feels, since a human last had it."""

    earlier: tuple[Earlier, ...] = ()
    """Their last messages, the oldest first, with how each sounded."""
    handed_over: bool = False
    """Whether they were handed over for their tone already."""
    complains: bool = False
    """Whether a complaint was heard in answer to their last message."""

    @property
    def calm(self) -> bool:
        """Whether none of their last messages sounded upset."""
        return all(one.score < SOUNDS_UPSET for one in self.earlier)


@dataclass
class CurrentTurn:
    """The dialogue as it came, the dialogue as it goes back, and what was noted in between."""

    lent: Dialogue | None = None
    """The dialogue so far; None for the first turn."""
    shadow: bool = False
    again: bool = False
    """Whether an earlier try of the message may have run actions."""
    looks_for_wishes: bool = False
    """Whether the message at hand is a whole one, which may hold several wishes."""
    started: float = field(default_factory=time.perf_counter)
    understood: float | None = None
    """When the pipeline had finished, on the clock of ``started``."""
    actions: list[EndedAction] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    """The actions that have run, or may have."""
    reminders: list[ReminderChange] = field(default_factory=list)
    """Those that actions set and called off, in their order."""
    tracker: Dialogue | None = None
    """The dialogue after the turn, as Rasa handed it over to be saved."""

    def note_understood(self) -> None:
        """Called by the pipeline's last component."""
        self.understood = time.perf_counter()


_CURRENT: ContextVar[CurrentTurn | None] = ContextVar("warmline_turn", default=None)
# Without a gateway (`rasa shell`) there is no turn, but the arbiter still wants to know the open form.
_FORM: ContextVar[OpenForm | None] = ContextVar("warmline_form", default=None)
_MOOD: ContextVar[Mood] = ContextVar("warmline_mood")
_DECIDED: ContextVar[str] = ContextVar("warmline_decided", default="")
_OFFERED: ContextVar[str | None] = ContextVar("warmline_offered", default=None)
_DONE: ContextVar[str] = ContextVar("warmline_done", default="")
_STANDS: ContextVar[Stands] = ContextVar("warmline_stands", default=NOTHING_SAID)


def begin(turn: CurrentTurn) -> None:
    """Make this the turn of the running task."""
    _CURRENT.set(turn)
    _FORM.set(None)
    _OFFERED.set(None)
    _STANDS.set(NOTHING_SAID)
    _DECIDED.set("")
    _DONE.set("")
    _MOOD.set(Mood())


def current() -> CurrentTurn | None:
    """The turn of the running task, or None without a gateway."""
    return _CURRENT.get()


def set_open_form(form: OpenForm | None) -> None:
    """Called by the tracker store when it hands out a dialogue."""
    _FORM.set(form)


def open_form() -> OpenForm | None:
    """The form that waits for an answer in the dialogue at hand."""
    return _FORM.get()


def set_mood(mood: Mood) -> None:
    """Called by the tracker store when it hands out a dialogue."""
    _MOOD.set(mood)


def mood() -> Mood:
    """How the customer has sounded so far in the dialogue at hand."""
    return _MOOD.get(Mood())


def set_offered(intent: str | None) -> None:
    """Called by the tracker store when it hands out a dialogue."""
    _OFFERED.set(intent)


def offered() -> str | None:
    """The intent of the only thing that the assistant offered just before; None where it was nothing or several."""
    return _OFFERED.get()


def set_stands(stands: Stands) -> None:
    """Called by the tracker store when it hands out a dialogue."""
    _STANDS.set(stands)


def stands() -> Stands:
    """What the assistant has said last in the dialogue at hand."""
    return _STANDS.get()


def slot(name: str) -> Any:
    """The value that a slot had before this turn, or None."""
    turn = _CURRENT.get()
    slots = turn.lent.slots if turn is not None and turn.lent is not None else {}
    found = slots.get(name)
    return found.value if found is not None else None


def last_decision() -> str:
    """What was decided about the customer's message before this one; an empty text where nothing was."""
    return _DECIDED.get()


def set_last_decision(kind: str) -> None:
    """Called by the tracker store when it hands out a dialogue."""
    _DECIDED.set(kind)


def done_last() -> str:
    """What was done for the customer's message before this one, in the assistant's words; an empty text for nothing."""
    return _DONE.get()


def set_done_last(done: str) -> None:
    """Called by the tracker store when it hands out a dialogue."""
    _DONE.set(done)


def looks_for_wishes() -> bool:
    """Whether the message at hand may hold several wishes; without a gateway none does."""
    turn = _CURRENT.get()
    return turn is not None and turn.looks_for_wishes
