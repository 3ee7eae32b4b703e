"""What a company says of its intents is found in any layout that Rasa reads, and what it does not say is derived."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.kit.readings import IntentTitle, load_titles
from bot.nlu.intents.written import acting_intents, default_title, intents_written
from bot.teaching.suggestions import intents_of, titles_of

NLU = """nlu:
- intent: book_table
  examples: |
    - a table please
- intent: opening
  metadata: {title: Opening hours, kind: fact, articles: [hours]}
  examples: |
    - when are you open
- intent: faq/dogs
  examples: |
    - may I bring my dog
"""
RULES = "rules: [{rule: one, steps: [{intent: book_table}, {action: book_form}]}]\n"


NOBODYS = Path("/nowhere")
"""A company without a file: what is read of it is Warmline's own."""


def own_titles(root: Path) -> dict[str, IntentTitle]:
    """What a company says itself."""
    return {name: title for name, title in load_titles(root).items() if name not in load_titles(NOBODYS)}


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", ["data/nlu.yml", "data/nlu/all.yml", "data/a/b.yaml", "data/rules/with.yml"])
def test_intents_are_found_wherever_rasa_reads_them(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, NLU)
    write(tmp_path, "data/what/happens.yml", RULES)
    titles = own_titles(tmp_path)
    assert {one: titles[one].title for one in titles} == {"book_table": "Book table", "opening": "Opening hours"}
    assert titles["book_table"].acts
    assert not titles["opening"].acts
    assert titles["opening"].articles == ("hours",)
    assert {"Book table": "book_table", "Opening hours": "opening"}.items() <= titles_of(tmp_path).items()
    assert intents_of(tmp_path) - set(load_titles(NOBODYS)) == {"book_table", "opening", "faq"}


def test_an_intent_in_two_files_has_what_either_says(tmp_path: Path) -> None:
    write(tmp_path, "data/a.yml", "nlu: [{intent: opening, metadata: {title: Hours}, examples: ''}]")
    write(tmp_path, "data/b.yml", "nlu: [{intent: opening, metadata: {kind: act}, examples: ''}]")
    assert load_titles(tmp_path)["opening"].title == "Hours"
    assert load_titles(tmp_path)["opening"].acts


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, "data/nlu.yml", "nlu:\n- intent: [\n")
    with pytest.raises(ContentError, match=r"nlu\.yml:\d"):
        load_titles(tmp_path)


def test_files_that_hold_something_else_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "data/list.yml", "- one\n- two\n")
    write(tmp_path, "data/odd.yml", "nlu: nothing\nrules: [one]\nslots: [two]\n")
    write(tmp_path, "data/notes.txt", "nlu: [")
    assert own_titles(tmp_path) == {}


@pytest.mark.parametrize(
    ("name", "title"), [("book_table", "Book table"), ("faq", "Faq"), ("ask-price", "Ask price"), ("_a__b_", "A b")]
)
def test_a_title_comes_from_the_name(name: str, title: str) -> None:
    assert default_title(name) == title


@pytest.mark.parametrize(
    "steps",
    [
        [{"intent": "wish"}, {"action": "action_do"}],
        [{"intent": "wish"}, {"action": "utter_something"}],
        [{"intent": "wish"}, {"active_loop": "book_form"}],
        [{"or": [{"intent": "other"}, {"intent": "wish"}]}, {"action": "action_do"}],
        [{"intent": "wish"}, {"slot_was_set": [{"a": 1}]}, {"action": "action_do"}],
        [{"intent": "/wish"}, {"action": "action_do"}],
    ],
)
def test_an_intent_acts_from_which_anything_follows(steps: list[dict[str, object]]) -> None:
    assert "wish" in acting_intents([{"rules": [{"rule": "a", "steps": steps}]}])
    assert "wish" in acting_intents([{"stories": [{"story": "a", "steps": steps}]}])


def test_an_intent_acts_that_fills_a_slot() -> None:
    slots = {"slots": {"size": {"mappings": [{"type": "from_text", "intent": ["tell_size", "tell_more"]}]}}}
    assert acting_intents([slots]) == {"tell_size", "tell_more"}


def test_an_intent_asks_for_a_fact_from_which_nothing_follows() -> None:
    read = {
        "nlu": [{"intent": "price"}, {"intent": "affirm"}],
        "rules": [{"rule": "a", "steps": [{"intent": "price"}]}],
    }
    found = intents_written([read])
    assert not found["price"].acts
    assert found["affirm"].acts
