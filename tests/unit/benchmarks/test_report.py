"""What a benchmark says of its bounds: kept, broken, missing, or left out on purpose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.report import Check, NotMeasured, write
from benchmarks.stock import NO_STOCK, beside, stock_folder

WITH_STOCK = {"STOCK": "kept/stock"}
KEPT = Check("a turn, ms", 20.0, 50.0)
LEFT_OUT = NotMeasured("a turn beside stock", 0.5, NO_STOCK)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _written() -> dict[str, Any]:
    return dict(json.loads(Path("build/bench/tried.json").read_text()))


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        (Check("most", 1.0, 1.0), True),
        (Check("most", 1.1, 1.0), False),
        (Check("least", 1.0, 1.0, "least"), True),
        (Check("least", 0.9, 1.0, "least"), False),
    ],
)
def test_a_bound_is_kept_on_its_own_side(check: Check, holds: bool) -> None:
    """At most and at least, the bound itself included; the exit status says it."""
    assert check.holds is holds
    assert write("tried", [check], {}) == (0 if holds else 1)
    assert _written()["checks"][0]["holds"] is holds


@pytest.mark.parametrize("value", [None, float("nan")])
@pytest.mark.parametrize("at", ["most", "least"])
def test_a_bound_whose_figure_is_missing_fails(value: float | None, at: Any) -> None:
    """Whatever its side; the file says null, which every reader of JSON takes."""
    assert write("tried", [KEPT, Check("missing", value, 1.0, at)], {}) == 1
    assert _written()["checks"][1] == {"name": "missing", "value": None, "bound": 1.0, "at": at, "holds": False}


def test_a_bound_that_was_left_out_is_seen_and_is_not_among_those_that_hold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not fail the run either; table and file give its reason."""
    monkeypatch.setenv("COLUMNS", "120")
    assert write("tried", [KEPT, LEFT_OUT], {}) == 0
    written = _written()
    assert [one["name"] for one in written["checks"]] == ["a turn, ms"]
    assert written["not_measured"] == [{"name": "a turn beside stock", "bound": 0.5, "why": NO_STOCK, "at": "most"}]
    assert "not measured: no STOCK=" in capsys.readouterr().out


def test_a_run_that_measured_nothing_fails() -> None:
    """Bounds that were all left out are no outcome to be content with."""
    assert write("tried", [LEFT_OUT], {}) == 1


def test_without_stock_a_comparison_is_left_out() -> None:
    """`STOCK=` with nothing behind it is the same as none: the Makefile passes it on as it is."""
    for environment in ({}, {"STOCK": ""}):
        assert stock_folder(environment) is None
        assert beside("a turn beside stock", 10.0, None, 0.5, environment) == LEFT_OUT


def test_with_stock_a_comparison_is_measured_or_fails() -> None:
    """A peer that was asked for and gave no figure cannot pass for one that was left out."""
    assert beside("a turn beside stock", 10.0, 40.0, 0.5, WITH_STOCK) == Check("a turn beside stock", 0.25, 0.5)
    for ours, stock in ((10.0, None), (None, 40.0)):
        check = beside("a turn beside stock", ours, stock, 0.5, WITH_STOCK)
        assert isinstance(check, Check)
        assert not check.holds
