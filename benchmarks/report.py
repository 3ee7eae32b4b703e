"""A benchmark's outcome: a table to read, a JSON file to compare, a status for CI."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

FOLDER = Path("build/bench")


@dataclass(frozen=True)
class Check:
    """One bound that a measurement must keep; ``at`` says on which side of the bound it must lie.

    A value of None is a figure that should have been measured and is missing: the bound does not hold.
    """

    name: str
    value: float | None
    bound: float
    at: Literal["most", "least"] = "most"

    @property
    def holds(self) -> bool:
        """Tell whether the value keeps the bound."""
        if self.value is None or math.isnan(self.value):
            return False
        return self.value <= self.bound if self.at == "most" else self.value >= self.bound


@dataclass(frozen=True)
class NotMeasured:
    """A bound that this run was not asked to measure: it neither holds nor fails, and the report says so."""

    name: str
    bound: float
    why: str
    at: Literal["most", "least"] = "most"


def write(name: str, bounds: Sequence[Check | NotMeasured], figures: dict[str, Any]) -> int:
    """Write ``build/bench/NAME.json``, print the bounds, give the exit status.

    The status is 1 when a bound does not hold, when its figure is missing, or when nothing at all was measured. The
    file's ``checks`` are what was measured, each with ``holds`` true or false; what was left out stands in
    ``not_measured`` with its reason, so that a reader of ``checks`` cannot take it for a bound that holds.
    """
    checks = [one for one in bounds if isinstance(one, Check)]
    left_out = [one for one in bounds if isinstance(one, NotMeasured)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    body = {
        "checks": [{**asdict(check), "value": _number(check.value), "holds": check.holds} for check in checks],
        "not_measured": [asdict(one) for one in left_out],
        **figures,
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(body, indent=1), encoding="utf-8")
    table = Table(title=f"bench-{name}: bounds")
    for column in ("check", "value", "bound", "holds"):
        table.add_column(column)
    for one in bounds:
        bound = f"at {one.at} {one.bound:g}"
        if isinstance(one, NotMeasured):
            table.add_row(one.name, "", bound, f"not measured: {one.why}")
            continue
        value = _number(one.value)
        table.add_row(one.name, "missing" if value is None else f"{value:.3g}", bound, "yes" if one.holds else "NO")
    Console().print(table)
    return 0 if checks and all(check.holds for check in checks) else 1


def _number(value: float | None) -> float | None:
    """Give a value that JSON can hold: what is not a number is missing."""
    return None if value is None or math.isnan(value) else value
