"""Dangerous and harmless messages with the same words, read as the reader of dangers ships: missed and false alarms."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import yaml

from benchmarks import report
from benchmarks.report import Check
from bot.nlu.languages.english_words import english_words
from bot.nlu.reading.danger import DangerReader
from bot.nlu.reading.danger_words import FOLDER, read_safety

MOST_FALSE_ALARMS = 0.02
"""Of the harmless messages; of the dangerous ones none may be missed."""
MOST_MILLISECONDS = 5.0


def main(path: Path) -> int:
    """Read the set, say what went wrong, and whether the bounds hold."""
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))
    dangerous, harmless = [str(one) for one in cases["dangerous"]], [str(one) for one in cases["harmless"]]
    reader = DangerReader(read_safety(Path(FOLDER)), english_words())
    missed, alarms, spent = [], [], []
    for text in [*dangerous, *harmless]:
        began = time.thread_time()
        found = reader.read(text)
        spent.append((time.thread_time() - began) * 1000)
        if found is None and len(spent) <= len(dangerous):
            missed.append(text)
        elif found is not None and len(spent) > len(dangerous):
            alarms.append({"text": text, "kind": found.kind, "sign": found.sign})
    for text in missed:
        print(f"missed: {text}")
    for alarm in alarms:
        print(f"false alarm ({alarm['kind']}, {alarm['sign']}): {alarm['text']}")
    slow = sorted(spent)[int(0.95 * len(spent))]
    bounds = [
        Check("dangers missed", len(missed), 0),
        Check("share of false alarms", len(alarms) / len(harmless), MOST_FALSE_ALARMS),
        Check("milliseconds of CPU a message (p95)", slow, MOST_MILLISECONDS),
    ]
    figures = {"dangerous": len(dangerous), "harmless": len(harmless), "missed": missed, "false_alarms": alarms}
    return report.write("danger", bounds, figures)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
