"""Played conversations that are kept in a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks.conversation_checks import outcomes
from benchmarks.conversation_judgements import whole_hash
from benchmarks.conversation_kept import read, write
from tests.unit.benchmarks.conversation_making import heard, played, step


def test_a_conversation_comes_back_as_it_was_played(tmp_path: Path) -> None:
    """With its questions, its lines that were left out, and what it cost; the set's own checks are made on it."""
    opening = step("a visit", heard("When?", "Monday", article="technician-visit"), numbers=(1,), asks=["day", "time"])
    play = played(opening, left_out={2: 1}, stored="rows", checks={"end": {"booked": {"date": date(2026, 11, 30)}}})
    write(tmp_path / "kept.json", [play], [{"ms": 1.5, "steps": {"danger": 1.5}}])
    [again], costs = read(tmp_path / "kept.json", [play.conversation])
    assert again == play
    assert whole_hash(again) == whole_hash(play)
    assert costs == [{"ms": 1.5, "steps": {"danger": 1.5}}]
    [changed], _costs = read(tmp_path / "kept.json", [{**play.conversation, "checks": {1: {"says": "When"}}}])
    assert [one.holds for one in outcomes(changed)] == [True]
    assert read(tmp_path / "kept.json", [{**play.conversation, "id": "X009"}])[0] == []
