"""`make bench-understanding DATA=folder`: right, sure of it, quick to retrain; ``STOCK=folder`` adds stock Rasa."""

from __future__ import annotations

import dataclasses
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table

from benchmarks import own_sets
from benchmarks.report import FOLDER, Check, NotMeasured, write
from benchmarks.stock import beside, stock_folder, trained
from benchmarks.understanding_measures import Figures, measure, train
from benchmarks.understanding_sets import DataSet, Rows, data_sets
from bot.nlu.encoder.onnx_encoder import OnnxEncoder
from bot.nlu.encoder.protocol import Encoder
from bot.nlu.encoder.vector_cache import VectorCache
from bot.untrusted.lines import lines_of

ROOT = Path(__file__).resolve().parent.parent
BOUNDS = Path(__file__).with_name("understanding_bounds.yml")
FUZZED = 10_000
console = Console(highlight=False, width=200)


def main() -> int:
    """Measure every set of the folder; 1 when a bound does not hold."""
    folder = os.environ.get("DATA")
    if not folder or not Path(folder, "intents").is_dir():
        sys.exit("Say where the data sets are: make bench-understanding DATA=folder (a folder that holds intents/).")
    encoder = OnnxEncoder.load(ROOT / "models" / "encoder")
    cache = VectorCache(FOLDER / "vectors", encoder)
    bounds: dict[str, dict[str, float]] = yaml.safe_load(BOUNDS.read_text(encoding="utf-8"))
    found: dict[str, Figures] = {}
    checks: list[Check | NotMeasured] = []
    retrained: dict[str, float] = {}
    fuzzed = None
    for data in data_sets(Path(folder), cache):
        found[data.name] = figures = measure(data, encoder)
        console.print(data.name, {name: _shown(value) for name, value in asdict(figures).items()})
        wanted = bounds.get(data.name, {})
        if "retrain_seconds" in wanted:
            retrained[data.name] = _retrain(data, cache)
        checks += _checks(data.name, figures, wanted, retrained.get(data.name))
        fuzzed = fuzzed or data
    _print(found)
    for name in sorted(bounds.keys() - found.keys()):
        checks += [
            NotMeasured(f"{name}: {what}", bound, "not in DATA=", _at(what)) for what, bound in bounds[name].items()
        ]
    if fuzzed is not None:
        checks.append(Check(f"{FUZZED:,} fuzzed messages that raise", _fuzz(fuzzed, encoder), 0))
    console.print("The assistant's own sets …")
    own_checks, own = own_sets.figures()
    own_sets.show(console, own_checks, own)
    checks += own_checks
    ours, stock = _latency()
    checks.append(beside("one message through the pipeline, p50 beside stock", ours, stock, 1 / 3))
    body: dict[str, Any] = {"sets": {name: asdict(figures) for name, figures in found.items()}, "own_sets": own}
    return write(
        "understanding", checks, {**body, "retrain_seconds": retrained, "p50_ms": {"ours": ours, "stock": stock}}
    )


def _checks(name: str, figures: Figures, wanted: dict[str, float], retrain: float | None) -> list[Check]:
    found = [Check(f"{name}: accuracy beside a plain linear model", figures.accuracy, figures.baseline, "least")]
    for what, bound in wanted.items():
        value = retrain if what == "retrain_seconds" else getattr(figures, what)
        found.append(Check(f"{name}: {what}", value, bound, _at(what)))
    return found


def _at(what: str) -> Literal["most", "least"]:
    return "most" if what.endswith("seconds") else "least"


def _retrain(data: DataSet, cache: VectorCache) -> float:
    """Return the seconds of training again after one sentence was changed, its encoding included."""
    start = time.perf_counter()
    texts = (f"{data.train.texts[0]} again", *data.train.texts[1:])
    changed = Rows(texts, cache.encode(texts), data.train.labels)
    train(dataclasses.replace(data, train=changed, validation=None))
    return time.perf_counter() - start


def _fuzz(data: DataSet, encoder: Encoder) -> float:
    """Return 0 when no text makes understanding raise, else 1."""
    intents, scope, _, _ = train(data)

    @settings(max_examples=FUZZED, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=300))
    def reads(text: str) -> None:
        vector = encoder.encode([text])[0]
        scope.judge(text, vector, intents.classify(text, vector))

    try:
        reads()
    except Exception as error:  # whatever it is, it is what this looks for
        console.print(f"A fuzzed message raised {error!r}", markup=False)
        return 1.0
    return 0.0


def _latency() -> tuple[float, float | None]:
    """Return the medians of one message through the whole pipeline in milliseconds: ours, and stock Rasa's or None."""
    sides: list[tuple[Path, list[str]]] = [(ROOT, ["--as-served"])]
    stock = stock_folder()
    if stock is not None:
        trained(ROOT, stock, "http://127.0.0.1:1/webhook", console)
        sides.append((stock, []))
    taken: list[float] = []
    for where, flags in sides:
        model = max(where.glob("models/*.tar.gz"), key=lambda path: path.stat().st_mtime)
        said = _run([sys.executable, "-m", "benchmarks.parse_latency", str(model), *flags], ROOT)
        taken.append(statistics.median(json.loads(lines_of(said)[-1])))
    console.print(f"one message through the pipeline, p50: {', '.join(f'{one:.1f} ms' for one in taken)}")
    return taken[0], taken[1] if len(taken) > 1 else None


def _run(command: list[str], folder: Path) -> str:
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        sys.exit(f"{command[1:4]} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _print(found: dict[str, Figures]) -> None:
    table = Table(title="bench-understanding: test rows, seen by nothing that chose")
    for column in ("set", *(field.name.replace("_", " ") for field in dataclasses.fields(Figures))):
        table.add_column(column)
    for name, figures in found.items():
        table.add_row(name, *(_shown(value) for value in asdict(figures).values()))
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
