"""The trace of a turn: what was read, decided, found and done, as the gateway keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.contract.names import REQUESTED_SLOT
from bot.contract.reading import as_json
from bot.contract.result import Citation, Reply
from bot.dialogue.current_turn import CurrentTurn, EndedAction
from bot.dialogue.trace import trace_of


@dataclass
class Value:
    """A slot with what it holds."""

    value: Any


@dataclass
class SmallDialogue:
    """The little that this package needs of a dialogue."""

    active_loop_name: str | None = None
    slots: dict[str, Value] = field(default_factory=dict)

    def get_slot(self, key: str) -> Any:
        """As Rasa's tracker does: None where nothing is known."""
        return self.slots[key].value if key in self.slots else None


HEARD = {
    "text": "when do you open",
    "intent": {"name": "hours", "confidence": 0.75, "id": 7},
    "intent_ranking": [{"name": "hours", "confidence": 0.75}, {"name": "prices", "confidence": 0.25}],
    "scope": {"in_scope": True, "score": 0.875, "reason": "near"},
    "language": {"code": "und", "why": "unknown words"},
    "tone": {"message": 0.25, "trend": 0.5, "upset": False},
    "entities": [{"entity": "day", "value": "Sunday", "start": 3, "end": 9, "extractor": "words"}, {"entity": "shop"}],
    "steps": [{"name": "spelling", "did": "shpo → shop"}],
    "knowledge": {
        "passages": [
            {"id": 1, "article": "hours", "heading": "Sundays", "score": 0.5},
            {"id": 2, "article": "hours", "heading": "Weekdays", "score": 0.25},
            {"id": 3, "article": "prices", "heading": "Sundays", "score": 0.125},
        ]
    },
    "decision": {"kind": "answer", "why": "an article answers it", "choices": ["hours"]},
}


def traced(
    *heard: dict[str, Any], turn: CurrentTurn | None = None, replies: tuple[Reply, ...] = (), model: str | None = "m-1"
) -> dict[str, Any]:
    """The trace as the gateway gets it, without its times."""
    trace = as_json(trace_of(heard, turn or CurrentTurn(), replies, model))
    assert set(trace.pop("milliseconds")) == {"understand", "total"}
    return trace


def test_the_trace_says_what_was_read_found_and_decided() -> None:
    """Nothing of the pipeline's own beside that; a passage was shown where a reply cites its heading."""
    replies = (Reply(text="From 11.", citation=Citation("hours", heading="Sundays")), Reply(text="Anything else?"))
    assert traced(HEARD, replies=replies) == {
        "intent": {"name": "hours", "confidence": 0.75},
        "ranking": HEARD["intent_ranking"],
        "scope": HEARD["scope"],
        "language": HEARD["language"],
        "tone": HEARD["tone"],
        "entities": [{"entity": "day", "value": "Sunday", "start": 3, "end": 9}, {"entity": "shop"}],
        "steps": [{"name": "spelling", "did": "shpo → shop"}],
        "knowledge": [
            {"article": "hours", "heading": "Sundays", "score": 0.5, "shown": True},
            {"article": "hours", "heading": "Weekdays", "score": 0.25, "shown": False},
            {"article": "prices", "heading": "Sundays", "score": 0.125, "shown": False},
        ],
        "decision": HEARD["decision"],
        "actions": [],
        "form": None,
        "model": "m-1",
    }


@pytest.mark.parametrize("heard", [(), ({},), ({"intent": None, "entities": None, "knowledge": None},)])
def test_what_was_not_read_says_itself_what_it_means(heard: tuple[dict[str, Any], ...]) -> None:
    """A button or an event: nothing was decided, and nothing is made up about it."""
    assert traced(*heard, model=None) == {
        "intent": {"name": None, "confidence": None},
        "ranking": [],
        "scope": None,
        "language": None,
        "tone": None,
        "entities": [],
        "steps": [],
        "knowledge": [],
        "decision": {"kind": "act", "why": "a button or an event", "choices": []},
        "actions": [],
        "form": None,
        "model": None,
    }


def test_each_of_several_wishes_is_told_with_its_own_words() -> None:
    """What was understood of the whole turn is the first wish's; one wish alone has no parts."""
    second = {"text": "a bike please", "intent": {"name": "rent", "confidence": 0.5}}
    trace = traced(HEARD, second)
    assert trace["intent"]["name"] == "hours"
    assert [(part["text"], part["intent"]["name"]) for part in trace["parts"]] == [
        ("when do you open", "hours"),
        ("a bike please", "rent"),
    ]
    assert trace["parts"][1]["decision"]["why"] == "a button or an event"
    assert "parts" not in traced(HEARD)


def test_the_open_form_is_told_with_what_it_asks_for() -> None:
    """The one after the turn, not the one before; a closed one is not told."""
    open_form = SmallDialogue("rent_form", {REQUESTED_SLOT: Value("size")})
    assert traced(turn=CurrentTurn(tracker=open_form))["form"] == {"name": "rent_form", "asks": "size"}
    assert traced(turn=CurrentTurn(tracker=SmallDialogue("rent_form")))["form"] == {"name": "rent_form", "asks": None}
    closed = SmallDialogue(None, {REQUESTED_SLOT: Value("size")})
    assert traced(turn=CurrentTurn(tracker=closed, lent=open_form))["form"] is None


def test_actions_are_told_with_their_errors_and_a_forms_own_checks_only_when_they_fail() -> None:
    """The checks run with every answer."""
    actions = [
        EndedAction("book", ok=True),
        EndedAction("validate_rent_form", ok=True),
        EndedAction("validate_rent_form", ok=False, error="no answer"),
        EndedAction("pay", ok=False, error="status 500"),
    ]
    assert traced(turn=CurrentTurn(actions=actions))["actions"] == [
        {"name": "book", "ok": True, "error": None},
        {"name": "validate_rent_form", "ok": False, "error": "no answer"},
        {"name": "pay", "ok": False, "error": "status 500"},
    ]


def test_times_are_told_in_milliseconds_from_the_turns_start() -> None:
    """Understanding is a part of the whole; of a message that was not read it is all of it."""
    read = CurrentTurn(started=1000.0, understood=1000.0123)
    assert trace_of((), read, (), None).milliseconds["understand"] == 12.3
    unread = trace_of((), CurrentTurn(started=1000.0), (), None).milliseconds
    assert unread["understand"] == unread["total"]
