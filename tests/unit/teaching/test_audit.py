"""Promise and outcome."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.teaching.asked import AskedQuestion
from bot.teaching.audit import audit, interval, week_of


def asked(next_: str = "went_on", decision: str = "answer", intent: str = "store_hours", at: str = "") -> AskedQuestion:
    """A question and what the customer did next."""
    return AskedQuestion("…", decision, "done", None, at or "2026-11-25T10:00:00+00:00", intent, None, next_)


def test_an_answer_after_which_the_customer_asks_again_counts_as_wrong() -> None:
    """So do declining all choices and asking for a person; an honest "I don't know" is no wrong answer."""
    judged = audit(
        [
            asked("asked_again"),
            asked("none_of_these", intent="track_order"),
            asked("asked_for_person"),
            asked(),
            asked("nothing"),
            asked("asked_again", decision="no_answer"),
        ],
        promised=0.03,
    )
    assert (judged.all.messages, judged.all.answered, judged.all.wrong) == (6, 5, 3)
    assert judged.all.reasons == {"asked_again": 1, "none_of_these": 1, "asked_for_person": 1}
    assert judged.all.low < 0.5 == judged.all.share < judged.all.high
    assert judged.verdict == "broken"
    assert [(one.group, one.wrong) for one in judged.intents] == [("store_hours", 2), ("track_order", 1)]


def test_few_messages_leave_the_promise_open_and_many_keep_it() -> None:
    """The interval decides, not the share."""
    assert audit([asked()] * 10, 0.03).verdict == "open"
    assert audit([asked()] * 1000, 0.03).verdict == "kept"
    assert audit([], 0.03).verdict == "open"


def test_weeks_are_calendar_weeks() -> None:
    """ISO 8601."""
    judged = audit([asked(at="2026-11-22T10:00:00+00:00"), asked(at="2026-11-23T10:00:00+00:00")], 0.03)
    assert [one.group for one in judged.weeks] == ["2026-W47", "2026-W48"]
    assert week_of("no time") == "?"


@pytest.mark.parametrize(("wrong", "messages", "low", "high"), [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763)])
def test_the_interval_is_wilsons(wrong: int, messages: int, low: float, high: float) -> None:
    """As published tables have it."""
    assert interval(wrong, messages) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_the_command_prints_tables_and_json(tmp_path: object) -> None:
    """From a file of the export."""
    from pathlib import Path

    file = Path(str(tmp_path)) / "asked.jsonl"
    line = {"text": "…", "decision": "answer", "next": "asked_again", "at": "2026-11-25T10:00:00+00:00"}
    file.write_text(json.dumps({**line, "ranking": [{"name": "store_hours", "confidence": 0.9}]}) + "\n")
    shown = CliRunner().invoke(app, ["audit", "--asked", str(file)])
    assert shown.exit_code == 0
    assert "store_hours" in shown.output
    read = json.loads(CliRunner().invoke(app, ["audit", "--asked", str(file), "--json"]).output)
    assert (read["schema"], read["all"]["wrong"]) == ("audit/1", 1)
