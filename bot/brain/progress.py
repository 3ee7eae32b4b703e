"""What training prints: a line for each component that was trained, with its seconds."""

from __future__ import annotations

import logging
import re
import time

_STARTED = re.compile(r"Starting to train component '(?:.*\.)?(\w+)'")
_FINISHED = re.compile(r"Finished training component '(?:.*\.)?(\w+)'")
_RESTORED = re.compile(r"Restored component '(?:.*\.)?(\w+)' from cache")


class TrainingProgress(logging.Handler):
    """Turns the lines of Rasa's training hook into progress for a person."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._started: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Print what a line of the hook means."""
        line = record.getMessage()
        if found := _STARTED.search(line):
            self._started[found[1]] = time.perf_counter()
        elif found := _FINISHED.search(line):
            seconds = time.perf_counter() - self._started.get(found[1], time.perf_counter())
            print(f"  {found[1]:<24} {seconds:5.1f} s", flush=True)
        elif found := _RESTORED.search(line):
            print(f"  {found[1]:<24} unchanged", flush=True)


def report_training() -> None:
    """Print progress from now on, and what cross-validation finds; nothing else of Rasa's log."""
    hook = logging.getLogger("rasa.engine.training.hooks")
    hook.setLevel(logging.INFO)
    hook.propagate = False
    hook.addHandler(TrainingProgress())
    findings = logging.StreamHandler()
    findings.setFormatter(logging.Formatter("    %(message)s"))
    components = logging.getLogger("bot.brain.components")
    components.setLevel(logging.INFO)
    components.propagate = False
    components.addHandler(findings)
