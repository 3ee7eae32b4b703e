"""What customers chose when they were asked back: ready examples for ``data/nlu``, for a trainer to take or leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.teaching.asked import AskedQuestion

_ASKED_BACK = "ask_back"


@dataclass(frozen=True)
class Suggestion:
    """A message that was ambiguous, and what its customers said that they had meant."""

    intent: str
    text: str
    times: int
    served: int
    """Of these times, how often the customer did not ask for a person next."""


def titles_of(folder: Path) -> dict[str, str]:
    """The intent behind each title in the ``metadata`` of ``data/nlu``."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.yml")):
        for item in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu") or []:
            title = (item.get("metadata") or {}).get("title")
            if "intent" in item and title:
                found[str(title)] = str(item["intent"])
    return found


def suggestions(questions: Sequence[AskedQuestion], titles: Mapping[str, str]) -> list[Suggestion]:
    """From questions that were asked back and answered by a choice; the most frequent first."""
    times: Counter[tuple[str, str]] = Counter()
    served: Counter[tuple[str, str]] = Counter()
    for question in questions:
        intent = titles.get(question.chosen or "")
        if question.decision != _ASKED_BACK or intent is None:
            continue
        key = (intent, " ".join(question.text.split()))
        times[key] += 1
        served[key] += question.ending != "handed_off"
    found = [Suggestion(intent, text, count, served[intent, text]) for (intent, text), count in times.items()]
    return sorted(found, key=lambda one: (-one.times, one.intent, one.text))


def as_yaml(found: Sequence[Suggestion]) -> str:
    """The suggestions as a file of ``data/nlu`` would have them, counts as comments; paste what is right."""
    lines = ['version: "3.1"', "", "nlu:"]
    for intent in dict.fromkeys(one.intent for one in found):
        own = [one for one in found if one.intent == intent]
        lines += [f"  - intent: {intent}"]
        lines += [f"    # {one.times} times chosen, {one.served} times without a person after it" for one in own]
        lines += ["    examples: |", *(f"      - {_example(one.text)}" for one in own)]
    return "\n".join(lines) + "\n"


def _example(text: str) -> str:
    """As plain text: brackets would be read as an annotation of an entity."""
    return text.replace("[", "(").replace("]", ")")
