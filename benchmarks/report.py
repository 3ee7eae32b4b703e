"""A benchmark's outcome: a table to read, a JSON file to compare, a status for CI."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

FOLDER = Path("build/bench")


@dataclass(frozen=True)
class Check:
    """One bound that a measurement must keep; ``at`` says on which side of the bound it must lie."""

    name: str
    value: float
    bound: float
    at: Literal["most", "least"] = "most"

    @property
    def holds(self) -> bool:
        """Tell whether the value keeps the bound."""
        return self.value <= self.bound if self.at == "most" else self.value >= self.bound


def write(name: str, checks: list[Check], figures: dict[str, Any]) -> int:
    """Write ``build/bench/NAME.json``, print the checks, give the exit status: 1 when a bound does not hold."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    body = {"checks": [{**asdict(check), "holds": check.holds} for check in checks], **figures}
    (FOLDER / f"{name}.json").write_text(json.dumps(body, indent=1), encoding="utf-8")
    table = Table(title=f"bench-{name}: bounds")
    for column in ("check", "value", "bound", "holds"):
        table.add_column(column)
    for check in checks:
        table.add_row(
            check.name, f"{check.value:.3g}", f"at {check.at} {check.bound:g}", "yes" if check.holds else "NO"
        )
    Console().print(table)
    return 0 if all(check.holds for check in checks) else 1
