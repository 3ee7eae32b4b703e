"""``make bench-knowledge``: search and answers on public sets, on golden questions and at scale, beside peers."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import knowledge_scale, knowledge_sets
from benchmarks.report import FOLDER, Check, write
from bot.nlu.encoder.onnx_encoder import OnnxEncoder
from bot.nlu.encoder.vector_cache import VectorCache
from bot.settings import load
from bot.untrusted.lines import lines_of

RIGHT, SILENT = 0.9, 0.9


def main(arguments: list[str] | None = None) -> int:
    """Measure what a folder of benchmark data allows; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder with retrieval/*.jsonl")
    parser.add_argument("--golden", default="questions_blind.yml", help="which golden questions are the final figure")
    parser.add_argument("--leaks", action="store_true", help="put the adversarial questions to a whole brain as well")
    options = parser.parse_args(arguments)
    import faiss

    faiss.omp_set_num_threads(1)
    started = time.monotonic()
    settings = load()
    # Remembers vectors between runs and measurements; how long encoding takes is never part of a check.
    bare = OnnxEncoder.load(settings.encoder)
    encoder = VectorCache(FOLDER / "cache", bare)
    checks: list[Check] = []
    figures: dict[str, Any] = {}

    def add(found: tuple[list[Check], dict[str, Any]]) -> None:
        checks.extend(found[0])
        figures.update(found[1])
        _show(found[1])

    vectors = []
    for path in sorted((options.data / "retrieval").glob("*.jsonl")):
        if path.stem.endswith("_articles"):
            found, said, index = knowledge_sets.help_centre(path, bare)
            add((found, said))
            add(knowledge_scale.many_passages(index))
            vectors.append(index.parts.wholes.rows)
        elif not path.stem.endswith("_questions"):
            add(knowledge_sets.faq(path, encoder))
            rows = [json.loads(line) for line in lines_of(path.read_text(encoding="utf-8"))]
            vectors.append(knowledge_scale.texts_of_faq(rows, encoder))
    if vectors:
        add(knowledge_scale.many_vectors(vectors))
    found = knowledge_sets.golden(settings, encoder, options.golden)
    add(
        (
            [
                Check("golden: right sentence shown", found["right sentence shown"], RIGHT, "least"),
                Check(
                    "golden: nothing shown where nothing answers",
                    found["nothing shown where nothing answers"],
                    SILENT,
                    "least",
                ),
            ],
            {options.golden: found},
        )
    )
    if options.leaks:
        from benchmarks import leaks

        add(leaks.measure())
    figures["minutes"] = (time.monotonic() - started) / 60
    return write("knowledge", checks, figures)


def _show(figures: dict[str, Any]) -> None:
    console = Console()
    for name, values in figures.items():
        if not isinstance(values, dict):
            continue
        table = Table(title=name)
        table.add_column("")
        rows = values if all(isinstance(one, dict) for one in values.values()) else {name: values}
        for column in next(iter(rows.values())):
            table.add_column(str(column))
        for row, cells in rows.items():
            table.add_row(row, *(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells.values()))
        console.print(table)


if __name__ == "__main__":
    sys.exit(main())
