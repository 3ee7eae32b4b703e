"""Starts the flood in its own process, and tells it to stop."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.installation import ROOT, environment_without_ours
from tests.flood.hostile import WAYS

# Seconds that the flood gets to hang up and to print its tally.
PATIENCE_AT_END = 30.0


@dataclass(frozen=True)
class Pace:
    """How hard hostile visitors press; the flood ends by itself after ``seconds`` or ``calls``."""

    pause: float
    """Seconds between the calls of one visitor."""
    seconds: float
    calls: int
    before: int
    """Calls that were made before the honest customer comes: whatever runs full is full by then."""
    visitors: int = 50
    ways: tuple[str, ...] = tuple(WAYS)
    """What they do, in turns (:mod:`tests.flood.hostile`)."""


@dataclass
class Flood:
    """A running flood; as a context manager it is over at the end of the block, whatever happens in it."""

    url: str
    pace: Pace
    one_address: bool = False
    tally: dict[str, Any] = field(default_factory=dict)
    """What it told at its end (``tests/flood/__main__.py``)."""

    def __enter__(self) -> Flood:
        """Start it; returns once it is well under way."""
        command = [
            sys.executable, "-m", "tests.flood", self.url, "--visitors", str(self.pace.visitors),
            "--pause", str(self.pace.pause), "--seconds", str(self.pace.seconds), "--calls", str(self.pace.calls),
            "--begun-after", str(self.pace.before),
            "--ways", *self.pace.ways, *(["--one-address"] if self.one_address else []),
        ]  # fmt: skip
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment_without_ours(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        # Its own bounds end it; should they fail, this does.
        limit = self.pace.seconds + PATIENCE_AT_END
        self._last_resort = threading.Timer(limit, self._process.kill)
        self._last_resort.start()
        assert self._process.stdout is not None
        first = self._process.stdout.readline()
        if first.strip() != "begun":
            self._end()
            raise AssertionError(f"the flood never began: {first!r}")
        return self

    def __exit__(self, *_: object) -> None:
        """Tell it to stop, and take its tally."""
        said = self._end()
        if self._process.returncode != 0 or not said.strip():
            raise AssertionError(f"the flood ended with status {self._process.returncode}: {said!r}")
        self.tally = json.loads(said.splitlines()[-1])

    def _end(self) -> str:
        try:
            said, _ = self._process.communicate(timeout=PATIENCE_AT_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            said, _ = self._process.communicate()
        self._last_resort.cancel()
        return said
