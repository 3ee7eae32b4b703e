"""The runner of short.yml: what it takes for a sensible outcome, and that it can bring about every context."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from benchmarks.short_messages import WAYS, next_day, with_offer
from benchmarks.short_messages import moved as moved_text
from benchmarks.short_outcomes import Turned, sensible
from tests.understanding.test_sets import OUTCOMES, SHORT

BUTTON = {"title": "Track an order", "payload": "/track_order"}
PERSON = {"title": "Talk to a person", "payload": "/ask_for_person"}


def turned(
    text: str = "Right.", *, choices: tuple[dict[str, str], ...] = (), form: tuple[str, str] | None = None, **more: Any
) -> dict[str, Any]:
    """What a turn answered; ``more`` goes into its trace, but for slots and handoff."""
    slots, handoff, cited = more.pop("slots", {}), more.pop("handoff", None), more.pop("cited", None)
    state = {"slots": slots, "open_form": {"name": form[0], "requested_slot": form[1]} if form else None}
    reply = {"text": text, "choices": list(choices), "citation": {"article": cited} if cited else None}
    trace = {"decision": {"kind": "act"}, "intent": {"name": "affirm"}, "actions": [], "entities": []} | more
    return {"replies": [reply] if text else [], "handoff": handoff, "state": state, "trace": trace}


def kind(name: str) -> dict[str, Any]:
    """A decision."""
    return {"kind": name}


def did(name: str, ok: bool = True) -> list[dict[str, Any]]:
    """An action that ran."""
    return [{"name": name, "ok": ok, "error": None}]


ORDER = ("track_order_form", "order_number")
VISIT = ("book_technician_form", "appointment")
HOURS = {"ranking": [{"name": "store_hours"}], "intent": {"name": "knowledge_question"}, "decision": kind("answer")}


@pytest.mark.parametrize(
    ("case", "result", "before", "right"),
    [
        ({"outcome": "acknowledge"}, turned(), None, True),
        ({"outcome": "acknowledge"}, turned("x" * 300), None, False),
        ({"outcome": "acknowledge"}, turned(cited="store-hours"), None, False),
        ({"outcome": "acknowledge"}, turned(intent={"name": "unclear"}), None, False),
        ({"outcome": "acknowledge"}, turned(actions=did("action_not_understood")), None, False),
        ({"outcome": "understand", "intent": "greet"}, turned(intent={"name": "greet"}), None, True),
        ({"outcome": "understand", "intent": "greet"}, turned(), None, False),
        ({"outcome": "understand", "intent": "store_hours"}, turned(cited="store-hours", **HOURS), None, True),
        ({"outcome": "understand", "intent": "store_hours"}, turned(**HOURS), None, False),
        ({"outcome": "ask_what"}, turned(decision=kind("unclear")), None, True),
        ({"outcome": "ask_what"}, turned(decision=kind("unclear"), handoff={}), None, False),
        ({"outcome": "ask_what"}, turned(decision=kind("answer"), cited="x"), None, False),
        ({"outcome": "ask_what"}, turned("", decision=kind("unclear")), None, False),
        (
            {"outcome": "ask_what_with_it"},
            turned(entities=[{"entity": "postcode", "value": "A1"}], slots={"postcode": "A1"}, choices=(BUTTON,)),
            None,
            True,
        ),
        ({"outcome": "ask_what_with_it"}, turned(choices=(BUTTON,)), None, False),
        (
            {"outcome": "fill", "value": "L"},
            turned(form=(ORDER[0], "p"), slots={"order_number": "L"}),
            ORDER,
            True,
        ),
        ({"outcome": "fill", "value": "L"}, turned(form=ORDER), ORDER, False),
        ({"outcome": "fill", "value": "L"}, turned(actions=did("action_track_order")), ORDER, True),
        ({"outcome": "fill", "value": "L"}, turned(actions=did("action_track_order", ok=False)), ORDER, False),
        ({"outcome": "ask_again"}, turned(form=ORDER), ORDER, True),
        ({"outcome": "ask_again"}, turned(form=ORDER, slots={"order_number": "L"}), ORDER, False),
        ({"outcome": "ask_again"}, turned(), ORDER, False),
        ({"outcome": "leave_form"}, turned(), ORDER, True),
        ({"outcome": "leave_form"}, turned(form=ORDER), ORDER, False),
        ({"outcome": "leave_form"}, turned(actions=did("action_track_order")), ORDER, False),
        ({"outcome": "choose", "value": "A"}, turned(chose={"title": "A"}), None, True),
        ({"outcome": "choose", "value": "A"}, turned(chose={"title": "B"}), None, False),
        ({"outcome": "choose", "value": "A"}, turned(), None, False),
        ({"outcome": "choose", "value": "A"}, turned(slots={"appointment": "LS-1-morning-2"}), VISIT, True),
        ({"outcome": "choose", "value": "B"}, turned(slots={"appointment": "LS-1-morning-2"}), VISIT, False),
        ({"outcome": "none_of_these"}, turned(intent={"name": "none_of_these"}), None, True),
        ({"outcome": "none_of_these"}, turned(), None, False),
        ({"outcome": "none_of_these"}, turned(form=VISIT, choices=(PERSON,)), VISIT, True),
        ({"outcome": "none_of_these"}, turned(form=VISIT, slots={"appointment": "x"}, choices=(PERSON,)), VISIT, False),
        ({"outcome": "none_of_these"}, turned(form=VISIT), VISIT, False),
        ({"outcome": "person"}, turned(handoff={}), None, True),
        ({"outcome": "person"}, turned(choices=(PERSON,)), None, True),
        ({"outcome": "person"}, turned(choices=(BUTTON,)), None, False),
    ],
)
def test_an_outcome_is_what_the_readme_says(
    case: dict[str, str], result: dict[str, Any], before: tuple[str, str] | None, right: bool
) -> None:
    """Each has something that it is, and something that it is not."""
    form, asked = before or (None, None)
    visits = {"A": "LS-1-morning-1", "B": "LS-1-afternoon-1"} if before == VISIT else {}
    assert sensible(case, Turned(result, form, asked, visits)) is right


def test_every_case_can_be_played() -> None:
    """Its outcome is known, and there is a way to the question that its context names."""
    for case in SHORT:
        assert case["outcome"] in OUTCOMES
        if isinstance(case["context"], dict) and "form" in case["context"]:
            assert (case["context"]["form"], case["context"]["asked"]) in WAYS


def test_visits_move_to_the_coming_weekdays_and_a_typed_date_moves_along() -> None:
    """Only dates of the offered visits; the rest of the text stays."""
    wednesday = date(2026, 11, 25)
    days = {
        title: next_day(title, wednesday)
        for title in ("Monday 23 November, morning", "Tuesday 24 November, afternoon", "Wednesday 25 November, morning")
    }
    assert list(days.values()) == [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)]
    assert moved_text("the 24th, not 23 november or 12 or 240", days) == "the 1st, not 30 November or 12 or 240"
    with pytest.raises(ValueError, match="no visit's title"):
        next_day("tomorrow", wednesday)


def test_an_offer_replaces_what_the_assistant_offered_last() -> None:
    """In a copy: the state that it came from may serve again."""
    bot = {"event": "bot", "text": "Hello.", "data": {"buttons": [PERSON]}}
    state = {"slots": {"a": 1}, "events": [bot, {"event": "slot", "name": "a", "value": 1}, dict(bot)]}
    changed = with_offer(state, [BUTTON], {"a": 2})
    assert changed["events"][2]["data"]["buttons"] == [BUTTON]
    assert changed["events"][0] == bot
    assert (changed["slots"], changed["events"][1]["value"]) == ({"a": 2}, 2)
    assert state["slots"] == {"a": 1}
