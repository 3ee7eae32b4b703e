"""Promise and outcome."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands.main import app
from bot.nlu.intents import promise as promised
from bot.nlu.intents.promise import Promised
from bot.teaching.asked import AskedQuestion
from bot.teaching.audit import Promise, audit, interval, week_of


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
        Promise(0.03),
    )
    assert (judged.all.messages, judged.all.answered, judged.all.wrong) == (6, 5, 3)
    assert judged.all.reasons == {"asked_again": 1, "none_of_these": 1, "asked_for_person": 1}
    assert judged.all.low < 0.5 == judged.all.share < judged.all.high
    assert judged.verdict == "broken"
    assert [(one.group, one.wrong) for one in judged.intents] == [("store_hours", 2), ("track_order", 1)]


def test_few_messages_leave_the_promise_open_and_many_keep_it() -> None:
    """The interval decides, not the share."""
    assert audit([asked()] * 10, Promise(0.03)).verdict == "open"
    assert audit([asked()] * 1000, Promise(0.03)).verdict == "kept"
    assert audit([], Promise(0.03)).verdict == "open"


def test_weeks_are_calendar_weeks() -> None:
    """ISO 8601."""
    judged = audit([asked(at="2026-11-22T10:00:00+00:00"), asked(at="2026-11-23T10:00:00+00:00")], Promise(0.03))
    assert [one.group for one in judged.weeks] == ["2026-W47", "2026-W48"]
    assert week_of("no time") == "?"


@pytest.mark.parametrize(("wrong", "messages", "low", "high"), [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763)])
def test_the_interval_is_wilsons(wrong: int, messages: int, low: float, high: float) -> None:
    """As published tables have it."""
    assert interval(wrong, messages) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


PROMISED = Promised(0.2, 0.1, 0.95, proven=True, by_hand=False, wrong=0.1, covered=0.9)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An export with one wrong turn, in an installation whose model promises something."""
    promised.save(PROMISED, tmp_path)
    (tmp_path / "models").mkdir()
    with tarfile.open(tmp_path / "models" / "m.tar.gz", "w:gz") as model:
        model.add(tmp_path / promised.FILE, f"components/arbiter/{promised.FILE}")
    monkeypatch.setenv("WARMLINE_ROOT", str(tmp_path))
    monkeypatch.delenv("WARMLINE_MODELS", raising=False)
    line = {"text": "when?", "decision": "answer", "next": "asked_again", "at": "2026-11-25T10:00:00+00:00"}
    line |= {"message_id": "M1", "ranking": [{"name": "store_hours", "confidence": 0.9}]}
    path = tmp_path / "asked.jsonl"
    path.write_text(json.dumps(line) + "\n")
    return path


def test_the_command_holds_the_models_own_promise_against_what_happened(file: Path) -> None:
    """As sentences and tables, or as JSON; a number of one's own may stand in its place."""
    shown = CliRunner().invoke(app, ["audit", "--asked", str(file)])
    assert shown.exit_code == 0
    assert "Promised by m.tar.gz: at most 20.0%" in shown.output
    assert "store_hours" in shown.output
    read = json.loads(CliRunner().invoke(app, ["audit", "--asked", str(file), "--json"]).output)
    assert (read["schema"], read["all"]["wrong"], read["verdict"]) == ("audit/1", 1, "broken")
    assert (read["promise"]["model"], read["promise"]["trained"]["max_wrong"]) == ("m.tar.gz", 0.2)
    by_hand = CliRunner().invoke(app, ["audit", "--asked", str(file), "--promised", "0.5"])
    assert "by hand: at most 50.0%" in by_hand.output


def test_without_a_model_the_command_says_what_makes_one(file: Path) -> None:
    """A sentence, no trace."""
    (file.parent / "models" / "m.tar.gz").unlink()
    shown = CliRunner().invoke(app, ["audit", "--asked", str(file)])
    assert (shown.exit_code, "make train" in shown.output) == (1, True)


def test_the_command_lists_turns_to_mark(file: Path) -> None:
    """Each with the id that `warmline mark` takes."""
    shown = CliRunner().invoke(app, ["audit", "--asked", str(file), "--turns", "wrong"])
    assert shown.output == "M1  2026-11-25T10:00  store_hours  wrong (guessed: asked again)  when?\n"


def test_a_mark_names_an_intent_that_exists_and_a_turn_that_was_taken(file: Path) -> None:
    """What cannot be marked is said in a sentence."""
    unknown = CliRunner().invoke(app, ["mark", "M1", "wrong", "--meant", "no_such_intent"])
    assert (unknown.exit_code, "no intent 'no_such_intent'" in unknown.output) == (1, True)
    nothing = CliRunner().invoke(app, ["mark", "M1", "right"])
    assert (nothing.exit_code, "no conversations yet" in nothing.output) == (1, True)
