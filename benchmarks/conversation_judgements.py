"""Judgements by reading: kept beside a set, each with its reason, and used again as long as the same was said.

``benchmarks/conversations/judgements/SET.yml`` has for each conversation its ``turns`` (what the customer wrote, what
was replied, ``verdict``, ``why``, ``said``) and ``goal`` with its own ``said`` and ``why``. ``said`` stands for what
was said, without what differs from run to run. A turn's judgement goes with the turn wherever it stands in its
conversation; that on the goal with the whole conversation.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks.conversation_checks import said_in
from benchmarks.conversation_play import Play, Step

FOLDER = Path("benchmarks/conversations/judgements")
VERDICTS = ("right", "acceptable", "unhelpful", "wrong", "bad manners")
BAD = frozenset({"unhelpful", "wrong", "bad manners"})

_HASH_LENGTH = 10
# Addresses hold ports and tokens; ids and references count up.
_VARIES = re.compile(r"https?://\S+|\b(?=[0-9a-f-]*\d)[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b|\b[A-Z]{2}-\d{4,6}\b")


@dataclass(frozen=True)
class Judgement:
    """A verdict on a turn, or on a goal (then ``verdict`` is ``yes`` or ``no``), and why."""

    verdict: str
    why: str = ""


@dataclass
class Judgements:
    """What has been judged, by conversation and by what was said."""

    turns: dict[tuple[str, str], Judgement] = field(default_factory=dict)
    goals: dict[tuple[str, str], Judgement] = field(default_factory=dict)

    def of(self, play: Play, step: Step) -> Judgement | None:
        """The judgement on a turn; None while it waits to be judged."""
        return self.turns.get((play.id, said_hash(step)))

    def goal(self, play: Play) -> Judgement | None:
        """Whether the customer got what they came for; None while nobody has said so."""
        return self.goals.get((play.id, whole_hash(play)))


def said_hash(step: Step) -> str:
    """Stand for what the customer wrote and what was said in return."""
    texts = [step.said.text, *(f"{message.author}: {message.text}" for message in step.heard), said_in(step)]
    return _hash(_VARIES.sub("…", text) for text in texts)


def whole_hash(play: Play) -> str:
    """Stand for the whole conversation."""
    return _hash([said_hash(step) for step in play.steps])


def _hash(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:_HASH_LENGTH]


def load(path: Path) -> Judgements:
    """Read a file of judgements; one that is not there holds none.

    Raises:
        ValueError: a verdict that does not exist; the message names the conversation.
    """
    found = Judgements()
    if not path.exists():
        return found
    for name, judged in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
        for turn in judged.get("turns") or []:
            verdict = turn.get("verdict")
            if not verdict:
                continue
            if verdict not in VERDICTS:
                raise ValueError(f"{path}: {name}: {verdict!r} is none of {', '.join(VERDICTS)}")
            found.turns[name, str(turn["said"])] = Judgement(verdict, str(turn.get("why") or ""))
        if judged.get("goal") is not None:
            verdict = "yes" if judged["goal"] else "no"
            found.goals[name, str(judged["said"])] = Judgement(verdict, str(judged.get("why") or ""))
    return found


def to_judge(plays: Iterable[Play], known: Judgements) -> dict[str, Any]:
    """Give the file of this run: what stands already, and empty verdicts for the rest."""
    file: dict[str, Any] = {}
    for play in plays:
        goal = known.goal(play)
        turns = []
        for step in play.customer_steps:
            judged = known.of(play, step)
            turns.append(
                {
                    "customer": step.said.text,
                    "replied": "\n".join(_spoken(message) for message in step.heard) or "(silence)",
                    "verdict": judged.verdict if judged else None,
                    "why": judged.why if judged else None,
                    "said": said_hash(step),
                }
            )
        file[play.id] = {
            "want": play.conversation.get("want", ""),
            "goal": None if goal is None else goal.verdict == "yes",
            "why": None if goal is None else goal.why,
            "said": whole_hash(play),
            "turns": turns,
        }
    return file


def write(path: Path, file: Mapping[str, Any]) -> None:
    """Write a file of judgements for people to fill in and to read."""
    head = (
        "# Conversations judged by reading (CONTRIBUTING.md). verdict: right, acceptable, unhelpful, wrong or bad\n"
        "# manners; why: a sentence; goal: whether the customer got what they came for. Leave `said` as it is.\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    body = yaml.dump(dict(file), Dumper=_Blocks, sort_keys=False, allow_unicode=True, width=110)
    path.write_text(head + body, encoding="utf-8")


class _Blocks(yaml.SafeDumper):
    """Texts of several lines as blocks: people read them."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Blocks.add_representer(str, _text)


def _spoken(message: Any) -> str:
    buttons = f" [{' | '.join(message.choices)}]" if message.choices else ""
    source = f" (source: {message.article})" if message.article else ""
    return f"{message.author}: {message.text}{buttons}{source}"
