"""The whole assistant as `make run` keeps it, watched by the supervisor, on free ports and a fresh folder."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

from bot.processes import Supervisor, process_plans
from tests.e2e.installation import LONGEST_START, Installation

NAMES = ("gateway", "brain", "actions")


class WatchedInstallation(Installation):
    """An installation whose processes are replaced when they die or hang, as customers' are."""

    def run(self) -> None:
        """Start the supervisor in a thread of its own; returns once all three processes are ready."""
        self.said: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._supervisor = Supervisor(process_plans(self.settings), self.said.append)
        self._thread = threading.Thread(target=self._supervise, name="supervisor")
        self._thread.start()
        ready = asyncio.run_coroutine_threadsafe(self._all_ready(), self._loop)
        try:
            ready.result(LONGEST_START)
        except TimeoutError as error:
            raise AssertionError(f"not ready after {LONGEST_START:.0f} s: {self.said}") from error

    def _supervise(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._supervisor.run())

    async def _all_ready(self) -> None:
        await asyncio.gather(*(self._supervisor.ready(name) for name in NAMES))

    def process_ids(self) -> dict[str, int | None]:
        """By name; None for a process that is not there just now."""
        return {name: self._supervisor.process_id(name) for name in NAMES}

    def close(self) -> None:
        """End everything that was started."""
        if getattr(self, "_supervisor", None) is not None:
            self._loop.call_soon_threadsafe(self._supervisor.stop)
            self._thread.join()
            self._loop.close()
        super().close()


def cpu_seconds(pid: int) -> float:
    """Processor time that a process and its threads have taken so far (proc(5), fields 14 and 15 of ``stat``)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_megabytes(pid: int) -> tuple[float, float]:
    """Resident memory now and at its highest (proc(5), ``VmRSS`` and ``VmHWM`` of ``status``)."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return int(lines["VmRSS"].split()[0]) / 1024, int(lines["VmHWM"].split()[0]) / 1024


def disk_bytes(folder: Path) -> int:
    """What all files of a folder take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
