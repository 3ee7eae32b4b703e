"""`make bench-abuse`: 50 hostile visitors flood the whole assistant while one honest customer asks ten questions.

Everything on loopback and bounded: a flood ends when the honest customer is done, at the latest after 90 s or 50,000
calls. Once with a client address for each hostile visitor, once with one address for all of them, and once without the
texts that are dear to read.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.report import Check, NotMeasured, write
from tests.e2e.installation import private_settings
from tests.flood import honest
from tests.flood.assistant import WatchedInstallation, cpu_seconds, disk_bytes, memory_megabytes
from tests.flood.material import FEWEST_GUESSES
from tests.flood.outcome import MOST_TICKETS_OF_AN_ADDRESS, MOST_VISITS_OF_AN_ADDRESS, Outcome, flooded
from tests.flood.process import Pace

# One visitor's script sent 20 messages a second once; fifty send five calls each here, 250 a second in all at most.
PACE = Pace(pause=0.2, seconds=90.0, calls=50_000, before=2500)
# What was not answered by then was not answered.
PATIENCE = 60.0
# Of the honest customer's answers, in seconds.
SLOWEST_ANSWER = 2.0
IDLE_SECONDS = 10.0
# Of one core, all three processes together, when nobody asks anything; they took .3 to .6 % when this was written.
MOST_IDLE_PERCENT = 3.0
# Texts that are dear to read could keep the brain from all that the other visitors ask for, and their counts low: one
# flood goes without them.
CHEAP = replace(PACE, ways=tuple(way for way in PACE.ways if way != "dear"))
VARIANTS = {"own addresses": (PACE, False), "one address": (PACE, True), "nothing dear": (CHEAP, False)}
console = Console(highlight=False, width=150)


def _cpu(running: WatchedInstallation) -> dict[str, float]:
    return {name: cpu_seconds(pid) for name, pid in running.process_ids().items() if pid is not None}


def _measure(pace: Pace, one_address: bool) -> tuple[Outcome, dict[str, Any]]:
    """One flood of a fresh assistant: what came of it, and what it cost."""
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder:
        running = WatchedInstallation(private_settings(Path(folder)))
        try:
            running.prepare()
            running.run()
            quiet = asyncio.run(honest.ask_all(running.url, PATIENCE))
            idle = _cpu(running)
            time.sleep(IDLE_SECONDS)
            idle_percent = {name: 100 * (taken - idle[name]) / IDLE_SECONDS for name, taken in _cpu(running).items()}
            before, disk = _cpu(running), disk_bytes(running.settings.var)
            start = time.monotonic()
            outcome = flooded(running, pace, PATIENCE, one_address=one_address)
            seconds = time.monotonic() - start
            after = _cpu(running)
            grown = disk_bytes(running.settings.var) - disk
            memory = {name: memory_megabytes(pid) for name, pid in running.process_ids().items() if pid is not None}
        finally:
            running.close()
    figures = {
        "seconds": seconds,
        "quiet_seconds": [one.seconds for one in quiet.heard],
        "quiet_not_right": quiet.not_right,
        "honest": [asdict(one) for one in outcome.talk.heard],
        "honest_tickets": outcome.honest_tickets,
        "flood": {name: value for name, value in outcome.tally.items() if name != "conversations"},
        "conversations": sum(map(len, outcome.tally["conversations"].values())),
        "tickets_by_address": dict(outcome.tickets),
        "visits_by_address": dict(outcome.visits),
        "strangers_orders_shown": outcome.orders_shown,
        "messages_waiting_at_the_end": outcome.waiting,
        "messages_left_over": outcome.left_over,
        "replaced": outcome.replaced,
        "supervisor": running.said,
        "idle_cpu_percent": idle_percent,
        # A process that was replaced began anew: what the first one took is not known.
        "cpu_seconds": {name: after[name] - before[name] for name in after if name not in outcome.replaced},
        "memory_mb": {name: {"now": now, "highest": highest} for name, (now, highest) in memory.items()},
        "disk_mb_a_second": grown / 1e6 / seconds,
    }
    return outcome, figures


def _checks(variant: str, outcome: Outcome, figures: dict[str, Any]) -> list[Check | NotMeasured]:
    heard = outcome.talk.heard
    idle = figures["idle_cpu_percent"]
    slowest = max(one.seconds for one in heard)
    found = [
        Check("questions answered right on the quiet assistant", 10 - len(figures["quiet_not_right"]), 10, "least"),
        Check("the flood was still going at the last answer", float(outcome.tally["ended"] == "told"), 1, "least"),
        Check("hostile visitors whose script broke", len(outcome.tally["broken"]), 0),
        Check("honest customer: questions answered right", sum(one.right for one in heard), len(heard), "least"),
        # Where an answer never came, how slow the slowest is was not measured: the bound does not hold.
        Check(
            "honest customer: slowest answer, s",
            slowest if outcome.talk.answered == len(heard) else None,
            SLOWEST_ANSWER,
        ),
        Check("honest customer: refused", sum(one.refused for one in heard), 0),
        Check("honest customer: tickets", outcome.honest_tickets, 0),
        Check("hostile calls refused", outcome.answers("refused"), 1, "least"),
        Check("hostile calls that met a fault (5xx)", outcome.answers("failed"), 0),
        Check("open tickets of one address", _most(outcome.tickets), MOST_TICKETS_OF_AN_ADDRESS),
        Check("visits booked from one address", _most(outcome.visits), MOST_VISITS_OF_AN_ADDRESS),
        Check("strangers' orders shown to guessers", outcome.orders_shown, 0),
        Check("messages that were taken and never handled", outcome.left_over, 0),
        Check("processes replaced", len(outcome.replaced), 0),
        Check("idle, percent of a core", sum(idle.values()) if len(idle) == 3 else None, MOST_IDLE_PERCENT),
    ]
    if not VARIANTS[variant][1]:
        # Else nothing was tried; one address for all gets too few words in for that.
        found.append(
            Check(
                "wrong guesses at a stranger's order that were taken", outcome.tally["guesses"], FEWEST_GUESSES, "least"
            )
        )
    return [Check(f"{variant}: {one.name}", one.value, one.bound, one.at) for one in found]


def _most(counts: dict[str, int]) -> int:
    return max(counts.values(), default=0)


def _show(figures: dict[str, dict[str, Any]]) -> None:
    table = Table(
        title=f"bench-abuse: {PACE.visitors} hostile visitors, a call each {PACE.pause:g} s after the last one"
    )
    table.add_column("")
    for variant in figures:
        table.add_column(variant)

    def row(title: str, *cells: str) -> None:
        table.add_row(title, *cells)

    every = list(figures.values())
    row("flood, s", *(f"{one['flood']['seconds']:.0f}" for one in every))
    row("honest answers on the quiet assistant, p50 / max s", *(_times(one["quiet_seconds"]) for one in every))
    answered = [[heard["seconds"] for heard in one["honest"] if heard["answer"] is not None] for one in every]
    row("honest answers in the flood, p50 / max s", *map(_times, answered))
    right = (sum(heard["right"] for heard in one["honest"]) for one in every)
    row("… answered, right", *(f"{len(some)}, {good}" for some, good in zip(answered, right, strict=True)))
    for name in sorted({name for one in every for name in one["flood"]["answers"]}):
        row(f"hostile: {name}", *(str(one["flood"]["answers"].get(name, "")) for one in every))
    row("conversations opened", *(str(one["conversations"]) for one in every))
    row("tickets open", *(str(sum(one["tickets_by_address"].values())) for one in every))
    row("visits booked", *(str(sum(one["visits_by_address"].values())) for one in every))
    row("guesses taken", *(str(one["flood"]["guesses"]) for one in every))
    row("strangers' orders shown", *(str(one["strangers_orders_shown"]) for one in every))
    row("messages waiting at the end", *(str(one["messages_waiting_at_the_end"]) for one in every))
    row("… and after 30 s more", *(str(one["messages_left_over"]) for one in every))
    for name in ("gateway", "brain", "actions"):
        row(f"{name}: CPU in the flood, s", *(_number(one["cpu_seconds"].get(name)) for one in every))
        row(f"{name}: idle, percent of a core", *(_number(one["idle_cpu_percent"].get(name)) for one in every))
        row(f"{name}: memory now / highest, MB", *(_memory(one["memory_mb"].get(name)) for one in every))
    row("disk, MB a second", *(f"{one['disk_mb_a_second']:.2f}" for one in every))
    row("processes replaced", *(", ".join(one["replaced"]) or "none" for one in every))
    console.print(table)
    for variant, one in figures.items():
        for code, sentence in one["flood"]["refusals"].items():
            console.print(f"{variant}: {code}: {sentence}", markup=False)


def _times(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} / {max(seconds):.2f}" if seconds else "none"


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1f}"


def _memory(value: dict[str, float] | None) -> str:
    return "unknown" if value is None else f"{value['now']:.0f} / {value['highest']:.0f}"


def main() -> int:
    """Flood in each way and say which bounds hold."""
    if sys.platform != "linux":
        raise SystemExit("bench-abuse needs Linux: client addresses 127.0.0.2 to 127.0.0.51, /proc.")
    if not any(Path("models").glob("*.tar.gz")):
        raise SystemExit("There is no trained model: run `make train` first.")
    checks: list[Check | NotMeasured] = []
    figures: dict[str, dict[str, Any]] = {}
    for variant, (pace, one_address) in VARIANTS.items():
        console.print(f"{variant}: starting the assistant, then the flood …")
        outcome, figures[variant] = _measure(pace, one_address)
        checks += _checks(variant, outcome, figures[variant])
    _show(figures)
    return write("abuse", checks, dict(figures))


if __name__ == "__main__":
    sys.exit(main())
