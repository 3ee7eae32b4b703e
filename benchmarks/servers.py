"""The servers of a benchmark: commands that are run, processes that are started, watched and ended with the run."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import httpx
from rich.console import Console

from benchmarks.talks import LONGEST_WAIT
from bot.untrusted.lines import lines_of

# Of the fields after the name in brackets, `utime` is this one and `stime` the next: 14 and 15 of all in proc(5).
_USER_TIME = 11

console = Console(highlight=False)


def environment(**more: str) -> dict[str, str]:
    """Give this process's variables without any of ours, and ``more``."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("WARMLINE_")},
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **more,
    }


def run(command: list[str], folder: Path, variables: Mapping[str, str]) -> float:
    """Run a command in ``folder`` to its end; gives the seconds it took, and ends the benchmark when it fails."""
    start = time.monotonic()
    finished = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=folder, env=dict(variables), check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if finished.returncode:
        console.print(finished.stdout.decode(errors="replace")[-4000:], markup=False)
        sys.exit(f"{command[1:4]} failed with status {finished.returncode}")
    return time.monotonic() - start


def start(stack: ExitStack, command: list[str], folder: Path, variables: Mapping[str, str], log: Path) -> int:
    """Start a server that ends with ``stack``; gives its process id."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=dict(variables), stdout=output, stderr=output)  # noqa: S603

    def end() -> None:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    stack.callback(end)
    return process.pid


def resident_bytes(pid: int) -> int:
    """Give the memory that a process holds."""
    for line in lines_of(Path(f"/proc/{pid}/status").read_text()):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"process {pid} is gone")


def cpu_seconds(pid: int) -> float:
    """Give the seconds of processor time, its own and the kernel's, that a process with its threads has taken."""
    return ticks_in(Path(f"/proc/{pid}/stat").read_text()) / os.sysconf("SC_CLK_TCK")


def ticks_in(stat: str) -> int:
    """Add up a process's own and the kernel's clock ticks in the text of its /proc/PID/stat."""
    # The name in brackets is the only field that may hold blanks and brackets.
    after_the_name = stat.rpartition(")")[2].split()
    user, system = after_the_name[_USER_TIME : _USER_TIME + 2]
    return int(user) + int(system)


async def until(question: Callable[[], Awaitable[bool]], pause: float = 0.05) -> float:
    """Ask until the answer is yes, ``pause`` seconds apart; gives the seconds it took, and ends a run that hangs."""
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_WAIT:
        try:
            if await question():
                return time.monotonic() - began
        except httpx.HTTPError:
            pass
        await asyncio.sleep(pause)
    sys.exit(f"no answer within {LONGEST_WAIT:.0f} s")
