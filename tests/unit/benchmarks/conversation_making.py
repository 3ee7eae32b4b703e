"""Played conversations for the tests of what is counted in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.conversation_play import Play, Step
from benchmarks.conversation_script import Next, Situation
from benchmarks.conversation_stage import Heard


def heard(text: str, *choices: str, article: str | None = None, author: str = "bot") -> Heard:
    """A message to the customer."""
    return Heard(author, text, choices, article, article)


def step(
    text: str,
    *messages: Heard,
    numbers: tuple[int, ...] = (),
    owner: str = "bot",
    owner_before: str = "bot",
    reason: str | None = None,
    asks: Sequence[str] = (),
    chooses: bool = False,
    decision: str = "answer",
    written: Mapping[str, list[dict[str, Any]]] | None = None,
    answers: bool = False,
    actions: Sequence[str] = (),
) -> Step:
    """A line of the customer and what followed."""
    return Step(
        Next(text, "script" if numbers else "facts", numbers, answers=answers),
        heard=messages,
        owner=owner,
        owner_before=owner_before,
        reason=reason,
        trace={"decision": {"kind": decision}, "actions": [{"name": name, "ok": True} for name in actions]},
        situation=Situation(owner=owner, asks=frozenset(asks), chooses=chooses),
        written=written or {"booked": [], "returned": []},
    )


def played(*steps: Step, left_out: Mapping[int, int] | None = None, stored: str = "", **conversation: Any) -> Play:
    """A conversation as it went."""
    turns = [one.said.text for one in steps if one.said.numbers]
    about = {"id": "X001", "kind": "article", "want": "an answer", "turns": turns, **conversation}
    return Play(about, steps, left_out or {}, stored)
