"""``self_service`` in ``desk.yml``: what it may say, and how a mistake is told."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from actions.shop.limits import Limits
from actions.shop.limits_file import load_limits
from bot.errors import SettingError

ROOT = Path(__file__).resolve().parents[4]


def test_the_repositorys_file_says_the_defaults() -> None:
    """Who leaves the section out gets what is written there."""
    assert load_limits(ROOT / "desk.yml") == Limits()


def test_without_file_or_section_the_defaults_count(tmp_path: Path) -> None:
    """Nobody has to write it."""
    path = tmp_path / "desk.yml"
    assert load_limits(path) == Limits()
    path.write_text("later:\n  callback_days: 7\n")
    assert load_limits(path) == Limits()
    path.write_text("self_service:\n")
    assert load_limits(path) == Limits()


def test_each_limit_can_be_changed_alone(tmp_path: Path) -> None:
    """The others stay."""
    path = tmp_path / "desk.yml"
    path.write_text("self_service:\n  wrong_postcodes:\n    hours: 48\n  bookings:\n    from_one_origin: 30\n")
    limits = load_limits(path)
    assert limits.guesses.window == timedelta(days=2)
    assert limits.guesses.for_one_order == Limits().guesses.for_one_order
    assert limits.bookings.from_one_origin == 30
    assert limits.returns == Limits().returns


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("  wrong_postcodes:\n    for_one_order: 0\n", 3, "from 1 to 1000"),
        ("  wrong_postcodes:\n    for_one_order: never\n", 3, "from 1 to 1000"),
        ("  wrong_postcodes:\n    by_one_visitor: 5000\n", 3, "from 1 to 1000"),
        ("  wrong_postcodes:\n    by_one_visitor: -3\n", 3, "from 1 to 1000"),
        ("  wrong_postcodes:\n    hours: 1.5\n", 3, "from 1 to 720"),
        ("  wrong_postcodes:\n    for_one_order:\n", 3, "from 1 to 1000"),
        ("  wrong_postcodes:\n    in_one_conversation: 9\n", 3, "for_one_order .6. must not be below"),
        ("  wrong_postcodes:\n    hours: 5\n    for_one_order: 2\n", 4, "must not be below in_one_conversation"),
        ("  bookings:\n    days: 365\n", 3, "from 1 to 90"),
        ("  bookings:\n    from_one_origin: 2\n", 3, "a household shares an origin"),
        ("  returns:\n    for_one_customer: 9\n", 3, "a household shares an origin"),
        ("  returns:\n    per_day: 9\n", 3, "no setting 'per_day'"),
        ("  booking:\n    days: 7\n", 2, "no setting 'booking'"),
        ("  bookings: 4\n", 2, "key: value"),
    ],
)
def test_a_mistake_names_its_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    """In words, with what it takes."""
    path = tmp_path / "desk.yml"
    path.write_text(f"self_service:\n{text}")
    with pytest.raises(SettingError, match=f"{path}:{line}: .*{says}"):
        load_limits(path)


def test_the_seeding_before_each_start_refuses_a_mistake(tmp_path: Path) -> None:
    """`make run` seeds first: it stops there, with the line and without a traceback."""
    (tmp_path / "desk.yml").write_text("self_service:\n  bookings:\n    days: 0\n")
    environment = {**os.environ, "WARMLINE_ROOT": str(tmp_path), "WARMLINE_VAR": str(tmp_path / "var")}
    command = [sys.executable, "-m", "actions.shop.seed"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{tmp_path / 'desk.yml'}:3: days takes a whole number from 1 to 90." in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "var").exists()
