"""What a trainer gets from customers who were asked back."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.teaching.asked import AskedQuestion
from bot.teaching.suggestions import as_yaml, suggestions, titles_of

TITLES = {"Track an order": "track_order", "Delivery times": "delivery_time"}


def asked(text: str, chosen: str | None, decision: str = "ask_back", ending: str = "chose") -> AskedQuestion:
    """A message that was asked back."""
    return AskedQuestion(text=text, decision=decision, ending=ending, article=None, chosen=chosen)


def test_what_was_chosen_is_an_example_of_its_intent() -> None:
    """Counted; the most frequent first; none of these, other buttons and other decisions are none."""
    found = suggestions(
        [
            asked("my delivery", "Track an order"),
            asked("my  delivery", "Track an order", ending="handed_off"),
            asked("when", "Delivery times"),
            asked("what", "None of these"),
            asked("hello", "Track an order", decision="act"),
            asked("silent", None),
        ],
        TITLES,
    )
    assert [(one.intent, one.text, one.times, one.served) for one in found] == [
        ("track_order", "my delivery", 2, 1),
        ("delivery_time", "when", 1, 1),
    ]


def test_what_was_marked_as_meant_is_an_example_too() -> None:
    """Whatever was decided; a mark without an intent, and one that says "right", are none."""
    found = suggestions(
        [
            asked("my delivery", "Track an order"),
            AskedQuestion("my delivery", "answer", "done", None, mark="wrong", meant="track_order"),
            AskedQuestion("hello", "answer", "done", None, mark="wrong"),
            AskedQuestion("hi", "answer", "done", None, mark="right"),
        ],
        TITLES,
    )
    assert [(one.intent, one.text, one.times, one.marked) for one in found] == [("track_order", "my delivery", 1, 1)]
    assert "# 1 times chosen, 1 times without a person after it; 1 times marked as meant" in as_yaml(found)


def test_the_suggestions_are_a_file_of_training_data() -> None:
    """What customers typed cannot become an annotation or another key."""
    found = suggestions([asked("a: [b](c)\n- d", "Track an order")], TITLES)
    data = yaml.safe_load(as_yaml(found))
    assert data["nlu"] == [{"intent": "track_order", "examples": "- a: (b)(c) - d\n"}]


def test_titles_stand_in_the_trainers_files() -> None:
    """Each belongs to one intent."""
    titles = titles_of(Path(__file__).parents[3])
    assert titles["Opening hours"] == "store_hours" or "store_hours" in titles.values()
    assert len(set(titles.values())) == len(titles)
