"""What customers chose when they were asked back, and what was marked as meant: ready examples for ``data/nlu``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import core
from bot.kit.readings import load_titles
from bot.nlu.intents.written import contents, family_of, intents_written
from bot.teaching.asked import AskedQuestion

_ASKED_BACK = "ask_back"


@dataclass(frozen=True)
class Suggestion:
    """A message, and the intent that its customers chose or that agents and trainers say was meant."""

    intent: str
    text: str
    times: int
    """How often customers chose it."""
    served: int
    """Of these times, how often the customer did not ask for a person next."""
    marked: int = 0
    """How often the turn was marked wrong with this intent as the one that was meant."""


def titles_of(root: Path) -> dict[str, str]:
    """The intent behind each title in a company's folder; without ``metadata`` a title comes from the name."""
    return {intent.title: name for name, intent in load_titles(root).items()}


def intents_of(root: Path) -> frozenset[str]:
    """Every intent that a company or Warmline has examples of; of retrieval intents the one that rules see."""
    return frozenset(map(family_of, intents_written(contents(core.examples_file(), root / "data"))))


def suggestions(questions: Sequence[AskedQuestion], titles: Mapping[str, str]) -> list[Suggestion]:
    """From questions that were answered by a choice or marked with what was meant; the most frequent first."""
    times: Counter[tuple[str, str]] = Counter()
    served: Counter[tuple[str, str]] = Counter()
    marked: Counter[tuple[str, str]] = Counter()
    for question in questions:
        words = " ".join(question.text.split())
        if question.mark == "wrong" and question.meant:
            marked[question.meant, words] += 1
            continue
        intent = titles.get(question.chosen or "")
        if question.decision != _ASKED_BACK or intent is None:
            continue
        times[intent, words] += 1
        served[intent, words] += question.ending != "handed_off"
    found = [
        Suggestion(intent, text, times[intent, text], served[intent, text], marked[intent, text])
        for intent, text in times | marked
    ]
    return sorted(found, key=lambda one: (-one.times - one.marked, one.intent, one.text))


def as_yaml(found: Sequence[Suggestion]) -> str:
    """The suggestions as a file of ``data/nlu`` would have them, counts as comments; paste what is right."""
    lines = ['version: "3.1"', "", "nlu:"]
    for intent in dict.fromkeys(one.intent for one in found):
        own = [one for one in found if one.intent == intent]
        lines += [f"  - intent: {intent}"]
        lines += [f"    # {_why(one)}" for one in own]
        lines += ["    examples: |", *(f"      - {_example(one.text)}" for one in own)]
    return "\n".join(lines) + "\n"


def _why(one: Suggestion) -> str:
    said = [f"{one.times} times chosen, {one.served} times without a person after it"] if one.times else []
    return "; ".join([*said, *([f"{one.marked} times marked as meant"] if one.marked else [])])


def _example(text: str) -> str:
    """As plain text: brackets would be read as an annotation of an entity."""
    return text.replace("[", "(").replace("]", ")")
