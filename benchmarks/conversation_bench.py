"""Plays a file of conversations through the whole assistant: ``make bench-conversations CASES=file``.

Writes ``build/bench/conversations-SET.md`` (what was said beside what was wanted) and ``…json`` (bounds and figures),
SET being the file's name. ``JUDGE=file`` writes the turns that wait to be judged; a judgement stands in
``benchmarks/conversations/judgements/SET.yml``. ``RECOUNT=1`` counts what was played last again, with the judgements
and checks of now.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rich.console import Console

from benchmarks import conversation_judgements as judging
from benchmarks import conversation_kept as kept_plays
from benchmarks.conversation_checks import outcomes
from benchmarks.conversation_figures import measure
from benchmarks.conversation_page import page
from benchmarks.conversation_play import Play, play
from benchmarks.conversation_stage import CannotStageError, stage
from benchmarks.report import FOLDER, Check, NotMeasured, write

console = Console(highlight=False)

_SHOWN_TO_JUDGE = 12
_COST, _COST_BOUND = "CPU time of the layer without encodings, ms, p95", 5.0


def conversations_in(path: Path, only: str = "") -> list[dict[str, Any]]:
    """Read a set; ``only`` names conversations, with commas between them."""
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        sys.exit(f"CASES={path} cannot be read: {error.strerror}")
    if not isinstance(read, list) or not all({"id", "kind", "turns", "want"} <= set(one) for one in read):
        sys.exit(f"{path} is no set of conversations: a list of entries with id, kind, turns and want.")
    names = {name.strip() for name in only.split(",") if name.strip()}
    chosen = [one for one in read if not names or one["id"] in names]
    if not chosen:
        sys.exit(f"{path} has none of the conversations {only}.")
    return chosen


def play_all(conversations: Sequence[dict[str, Any]], *, timed: bool) -> tuple[list[Play], list[dict[str, Any]]]:
    """Start the assistant and play one conversation after another; gives with them what the layer cost each turn."""
    plays: list[Play] = []
    costs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="conversations-") as folder:
        try:
            with stage(Path(folder), timed=timed) as (running, agent):
                for conversation in conversations:
                    began = time.monotonic()
                    plays.append(play(running, agent, conversation))
                    _tell(plays[-1], len(plays), len(conversations), time.monotonic() - began)
                costs = running.costs()
        except CannotStageError as error:
            sys.exit(str(error))
    return plays, costs


def cost_of_the_layer(costs: Sequence[dict[str, Any]]) -> tuple[Check, dict[str, Any]]:
    """Say what the layer between reading and acting costs, in milliseconds of CPU time without encodings."""
    spent = [one["ms"] for one in costs]
    steps = sorted({step for one in costs for step in one["steps"]})
    each = {step: [one["steps"].get(step, 0.0) for one in costs] for step in steps}
    figures = {
        "turns": len(spent),
        "p50_ms": _quantile(spent, 0.5),
        "p95_ms": _quantile(spent, 0.95),
        "most_ms": max(spent, default=None),
        "steps_p95_ms": {step: _quantile(values, 0.95) for step, values in each.items()},
    }
    return Check(_COST, figures["p95_ms"], _COST_BOUND), figures


def _quantile(values: Sequence[float], share: float) -> float | None:
    return round(float(np.quantile(values, share)), 3) if values else None


def _tell(done: Play, number: int, of: int, seconds: float) -> None:
    failed = [f"{one.turn} {one.name}" for one in outcomes(done) if not one.holds]
    silent = [step.said.text for step in done.steps if step.is_silent]
    notes = [f"failed: {', '.join(failed)}"] if failed else []
    notes += [f"silent: {len(silent)}"] if silent else []
    kind = done.conversation["kind"]
    console.print(f"{number}/{of} {done.id} {kind} ({seconds:.1f} s) {' · '.join(notes)}", markup=False)


def main() -> int:
    """Play the set, count it, and say which bounds hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, required=True, help="the file of conversations")
    parser.add_argument("--only", default="", help="ids of conversations, with commas between them")
    parser.add_argument("--judge", type=Path, help="write this run's turns to judge to this file")
    parser.add_argument("--recount", action="store_true", help="count what was played last, without playing it again")
    parser.add_argument("--cost", action="store_true", help="measure what the layer costs in each turn")
    parser.add_argument("--judgements", type=Path, help="judgements to use instead of those beside the sets")
    given = parser.parse_args()
    if not any(Path("models").glob("*.tar.gz")):
        sys.exit("There is no trained model: run `make train` first.")
    conversations = conversations_in(given.cases, given.only)
    # What a part of a set says is not the set's.
    name = given.cases.stem + ("-part" if given.only else "")
    judged = given.judgements or judging.FOLDER / f"{given.cases.stem}.yml"
    try:
        known = judging.load(judged)
    except ValueError as error:
        sys.exit(str(error))
    began = time.monotonic()
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / f"conversations-{name}-played.json"
    if given.recount:
        try:
            plays, costs = kept_plays.read(kept, conversations)
        except OSError:
            sys.exit(f"{kept} is not there: play the set first, without RECOUNT.")
    else:
        plays, costs = play_all(conversations, timed=given.cost)
        kept_plays.write(kept, plays, costs)
    checks, figures = measure(plays, known)
    bounds: list[Check | NotMeasured] = list(checks)
    if given.cost or costs:
        check, figures["layer"] = cost_of_the_layer(costs)
        bounds.append(check)
    else:
        bounds.append(NotMeasured(_COST, _COST_BOUND, "COST=1 measures it"))
    if not given.recount:
        figures["minutes"] = round((time.monotonic() - began) / 60, 1)
    report = FOLDER / f"conversations-{name}.md"
    report.write_text(page(name, plays, known), encoding="utf-8")
    if given.judge:
        judging.write(given.judge, judging.to_judge(plays, known))
        console.print(f"{given.judge}: fill in the verdicts, then keep it as {judged}", markup=False)
    _tell_figures(figures)
    console.print(f"{report}: what was said beside what was wanted", markup=False)
    return write(f"conversations-{name}", bounds, figures)


def _tell_figures(figures: dict[str, Any]) -> None:
    waiting = figures["turns_to_judge"]
    if waiting:
        more = f" and {len(waiting) - _SHOWN_TO_JUDGE} more" if len(waiting) > _SHOWN_TO_JUDGE else ""
        shown = ", ".join(waiting[:_SHOWN_TO_JUDGE])
        console.print(f"{len(waiting)} turns wait to be judged (JUDGE=file): {shown}{more}", markup=False)
    for key in (
        "conversations",
        "customer_turns",
        "checks_made",
        "checks_held_percent",
        "only_a_choice_percent",
        "in_several_messages_percent",
        "with_buttons_percent",
    ):
        console.print(f"{key.replace('_', ' ')}: {figures[key]}", markup=False)
    for kind, one in figures["turns_used"].items():
        if kind != "conversations":
            reached = f"{one['reached']} of {one['reached'] + one['not_reached']} reached"
            console.print(f"turns used, {kind}: {one['times_the_fewest']} times the fewest ({reached})", markup=False)


if __name__ == "__main__":
    sys.exit(main())
