"""Logs help to find a fault, and hold nothing of what customers wrote."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FILLS_A_GAP_THAT_IS_NONE = """
import logging
from bot.brain.rasa_patches import without_tensorflow
without_tensorflow.install()
from bot.brain.quiet import configure_logging
configure_logging(logging.INFO)
from rasa.core.nlg.interpolator import interpolate
interpolate("Dear {unknown}", {"email": "ada@example.org"})
"""


def test_a_fault_in_a_response_is_logged_without_the_slots() -> None:
    """Rasa's own log would print every variable, in a frame."""
    done = subprocess.run(
        [sys.executable, "-c", FILLS_A_GAP_THAT_IS_NONE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "interpolator.interpolate.text" in done.stderr
    assert "ada@example.org" not in done.stderr + done.stdout


def test_the_sentence_for_a_person_is_found_under_rasas_wrapping() -> None:
    """Rasa wraps what a component raises once or twice."""
    from bot.brain.quiet import sentence_of
    from bot.errors import SettingError

    wrapped = RuntimeError("Error running graph component")
    wrapped.__cause__ = SettingError("Set this.")
    assert sentence_of(wrapped) == "Set this."
    assert sentence_of(ValueError("a bug")) is None
    assert sentence_of(None) is None


@pytest.mark.parametrize("line", ["hello there", "Starting to train component"])
def test_progress_ignores_what_is_none(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Only the training hook's own lines become progress."""
    import logging

    from bot.brain.progress import TrainingProgress

    progress = TrainingProgress()
    progress.emit(logging.makeLogRecord({"msg": line}))
    assert capsys.readouterr().out == ""
    for said in ("Starting to train component 'a.b.Part'.", "Finished training component 'a.b.Part'."):
        progress.emit(logging.makeLogRecord({"msg": said}))
    assert capsys.readouterr().out.split()[0] == "Part"
