"""What the reference assistant's rules and stories owe: nobody's wish and no form is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot import core

ROOT = Path(__file__).parents[3]
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))

# What the reference assistant was promised to have.
FEWEST_STORIES = 12


def _read(folder: str, key: str) -> list[dict[str, Any]]:
    own = sorted((ROOT / "data" / folder).glob("*.yml"))
    paths = [core.rules_file(), *own] if folder == "rules" else [core.examples_file(), *own] if folder == "nlu" else own
    return [item for path in paths for item in yaml.safe_load(path.read_text(encoding="utf-8")).get(key) or []]


RULES, STORIES = _read("rules", "rules"), _read("stories", "stories")


def _intents(steps: list[dict[str, Any]]) -> Iterator[str]:
    for step in steps:
        if "intent" in step:
            yield step["intent"]
        yield from _intents(step.get("or") or [])


def _acting_intents() -> set[str]:
    return {item["intent"] for item in _read("nlu", "nlu") if (item.get("metadata") or {}).get("kind") == "act"}


def test_every_intent_that_acts_has_a_rule() -> None:
    """Without one the customer would be told that nothing was understood."""
    ruled = {name for rule in RULES for name in _intents(rule["steps"])}
    assert _acting_intents() - ruled == set()


def test_every_form_is_opened_ended_and_left_by_rules() -> None:
    """A form that no "stop" leaves is a trap."""
    for form in DOMAIN["forms"]:
        opened = [rule for rule in RULES if {"active_loop": form} in rule["steps"]]
        inside = [rule for rule in RULES if {"active_loop": form} in rule.get("condition", [])]
        assert opened, form
        assert any({"action": form} in rule["steps"] and {"active_loop": None} in rule["steps"] for rule in inside), (
            form
        )
        assert any("stop" in _intents(rule["steps"]) for rule in inside), form


def test_every_form_has_stories_with_a_question_and_with_a_person_in_the_middle() -> None:
    """And no story stands there twice."""
    assert len(STORIES) >= FEWEST_STORIES
    assert len({story["story"] for story in STORIES}) == len(STORIES)
    for form in DOMAIN["forms"]:
        about = [list(_intents(story["steps"])) for story in STORIES if {"action": form} in story["steps"]]
        assert any("knowledge_question" in intents[1:] for intents in about), form
        assert any("ask_for_person" in intents for intents in about), form
