"""Played conversations in a file: what was judged meanwhile is counted without playing them again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.conversation_play import Play, Step
from benchmarks.conversation_script import Next, Situation
from benchmarks.conversation_stage import Heard


def write(path: Path, plays: Sequence[Play], costs: Sequence[Mapping[str, Any]]) -> None:
    """Keep what was played, and what it cost."""
    body = {"plays": [asdict(play) for play in plays], "costs": list(costs)}
    path.write_text(json.dumps(body, default=_plain, ensure_ascii=False), encoding="utf-8")


def read(path: Path, conversations: Sequence[Mapping[str, Any]]) -> tuple[list[Play], list[dict[str, Any]]]:
    """Read it again; the conversations themselves come from their set, whose checks may have changed meanwhile.

    Raises:
        OSError: the file is not there.
    """
    body = json.loads(path.read_text(encoding="utf-8"))
    kept = {play["conversation"]["id"]: play for play in body["plays"]}
    plays = [_play(one, kept[one["id"]]) for one in conversations if one["id"] in kept]
    return plays, body["costs"]


def _play(conversation: Mapping[str, Any], kept: Mapping[str, Any]) -> Play:
    left_out = {int(number): steps for number, steps in kept["left_out"].items()}
    return Play(conversation, tuple(map(_step, kept["steps"])), left_out, kept["stored"])


def _step(kept: Mapping[str, Any]) -> Step:
    said, situation = kept["said"], kept["situation"]
    return Step(
        **{
            **kept,
            "said": Next(**{**said, "numbers": tuple(said["numbers"])}),
            "heard": tuple(Heard(**{**one, "choices": tuple(one["choices"])}) for one in kept["heard"]),
            "situation": Situation(
                **{
                    **situation,
                    "asks": frozenset(situation["asks"]),
                    "besides": frozenset(situation["besides"]),
                    "choices": tuple(situation["choices"]),
                }
            ),
        }
    )


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else str(value)
