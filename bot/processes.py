"""The three processes: started, watched, started again when they die, ended together."""

from __future__ import annotations

import asyncio
import ctypes
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot import bearer
from bot.environment import environment_of
from bot.errors import WarmlineError
from bot.installation import python_of
from bot.log_files import RotatingLog
from bot.private_files import narrow, private_folder
from bot.settings import DEFAULT_LOG_FILES, DEFAULT_LOG_MEGABYTES, MEGABYTE, Settings
from bot.untrusted.lines import lines_of

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
# A process that lived this long was well: its next death is a new story, and the pause starts small again.
WELL_AFTER = 60.0
# SIGTERM lets a turn in flight end; what takes longer is ended, and the turn is taken again at the next start.
PATIENCE_AT_END = 10.0
READY_EVERY = 0.2
# What processes wrote in their last moment is still in a pipe when they have ended, and takes milliseconds to copy.
PATIENCE_WITH_LOGS = 2.0
# Once it was ready, a process is asked this often, and waited for this long; a busy machine answers late.
LOOK_EVERY = 2.0
ANSWER_WITHIN = 2.0
# Without any answer for so long, a living process hangs and is replaced. Longer than a brain needs to notice it itself
# and to write down where it hangs (`HANGS_AFTER` in `bot/brain/heartbeat.py`, 15 s), which is worth more than a kill.
HANGS_AFTER = 30.0
# A process that has not answered so long after its start hangs in it: a start takes some ten seconds.
STARTS_WITHIN = 300.0
SIGNAL_OF_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG in linux/prctl.h


@dataclass(frozen=True)
class ProcessPlan:
    """One process: what starts it, with which environment, and how one sees that it is ready."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ready_url: str
    ready_headers: Mapping[str, str]
    log: Path
    folder: Path
    log_bytes: int = DEFAULT_LOG_MEGABYTES * MEGABYTE
    log_files: int = DEFAULT_LOG_FILES


def process_plans(settings: Settings) -> tuple[ProcessPlan, ...]:
    """List gateway, brain and actions; the gateway comes first because it is up first and takes messages meanwhile."""
    given = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "WARMLINE_ROOT": str(settings.root),
        "WARMLINE_VAR": str(settings.var),
        "WARMLINE_MODELS": str(settings.models),
        "WARMLINE_DATABASE_URL": settings.database_url,
        "WARMLINE_GATEWAY_HOST": settings.gateway_host,
        "WARMLINE_GATEWAY_PORT": str(settings.gateway_port),
        "WARMLINE_BRAIN_HOST": settings.brain_host,
        "WARMLINE_BRAIN_PORT": str(settings.brain_port),
        "WARMLINE_BRAIN_URL": settings.brain_url,
        "WARMLINE_BRAIN_SECRET": settings.brain_secret,
        "WARMLINE_ACTIONS_HOST": settings.actions_host,
        "WARMLINE_ACTIONS_PORT": str(settings.actions_port),
        "WARMLINE_ACTIONS_URL": settings.actions_url,
        "WARMLINE_ACTIONS_SECRET": settings.actions_secret,
        "WARMLINE_PAYLOAD_KEY": settings.payload_key,
    }
    gateway_python, brain_python = str(python_of("gateway")), str(python_of("brain"))
    logs = settings.var / "logs"
    return (
        ProcessPlan(
            name="gateway",
            command=(gateway_python, "-m", "bot.gateway.serve"),
            environment=environment_of("gateway", given),
            ready_url=f"http://{settings.gateway_host}:{settings.gateway_port}/health",
            ready_headers={},
            log=logs / "gateway.log",
            folder=settings.root,
            log_bytes=settings.log_bytes,
            log_files=settings.log_files,
        ),
        ProcessPlan(
            name="actions",
            command=(brain_python, "-m", "bot.action_server.serve"),
            environment=environment_of("actions", given),
            ready_url=f"http://{settings.actions_host}:{settings.actions_port}/health",
            ready_headers={},
            log=logs / "actions.log",
            folder=settings.root,
            log_bytes=settings.log_bytes,
            log_files=settings.log_files,
        ),
        ProcessPlan(
            name="brain",
            command=(brain_python, "-m", "bot.brain.serve"),
            environment=environment_of("brain", given),
            ready_url=f"{settings.brain_url}/webhooks/warmline/ready",
            ready_headers=bearer.header(settings.brain_secret),
            log=logs / "brain.log",
            folder=settings.root,
            log_bytes=settings.log_bytes,
            log_files=settings.log_files,
        ),
    )


def refuse_taken_ports(settings: Settings) -> None:
    """Say which port is taken and which variable moves it, before anything starts.

    Raises:
        WarmlineError: another program listens where one of ours should.
    """
    for name, host, port in (
        ("GATEWAY", settings.gateway_host, settings.gateway_port),
        ("BRAIN", settings.brain_host, settings.brain_port),
        ("ACTIONS", settings.actions_host, settings.actions_port),
    ):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise WarmlineError(
                    f"Port {port} on {host} is taken ({error.strerror}). "
                    f"End the program that listens there, or set WARMLINE_{name}_PORT to another port."
                ) from error


def free_port() -> int:
    """Find a port that nobody listens on, on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> None:
    # A killed launcher must not leave servers behind. Linux offers this; elsewhere Ctrl-C still ends them.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SIGNAL_OF_PARENTS_DEATH, signal.SIGTERM)


class Supervisor:
    """Keeps processes running until it is told to stop; ``say`` gets one sentence for each thing that happens."""

    def __init__(self, plans: tuple[ProcessPlan, ...], say: Callable[[str], None]) -> None:
        self._plans = plans
        self._say = say
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._ready = {plan.name: asyncio.Event() for plan in plans}
        self._stop = asyncio.Event()
        self._logs = {plan.name: RotatingLog(plan.log, plan.log_bytes, plan.log_files) for plan in plans}
        self.gave_up: ProcessPlan | None = None
        """The process that could not start, which ended everything: its log says what a person has to change."""

    def stop(self) -> None:
        """Ask for the end; :meth:`run` returns once all processes are gone."""
        self._stop.set()

    def process_id(self, name: str) -> int | None:
        """Tell the process id of a running process, or none while it is down."""
        process = self._running.get(name)
        return process.pid if process and process.returncode is None else None

    async def ready(self, name: str) -> None:
        """Wait until the named process answered that it is ready."""
        await self._ready[name].wait()

    async def run(self) -> None:
        """Start everything, keep it running, and end it when :meth:`stop` was called."""
        keepers = [asyncio.create_task(self._keep(plan)) for plan in self._plans]
        try:
            await self._stop.wait()
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
            for log in self._logs.values():
                await asyncio.to_thread(log.finish, PATIENCE_WITH_LOGS)

    async def _keep(self, plan: ProcessPlan) -> None:
        pause = FIRST_PAUSE
        while True:
            started = time.monotonic()
            with self._logs[plan.name].for_process() as log:
                process = await asyncio.create_subprocess_exec(
                    *plan.command,
                    cwd=plan.folder,
                    env=dict(plan.environment),
                    stdout=log,
                    stderr=log,
                    stdin=asyncio.subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C reaches the launcher alone, which ends them in order
                    preexec_fn=_die_with_parent,
                )
            self._running[plan.name] = process
            watcher = asyncio.create_task(self._watch(plan, process, started))
            try:
                status = await process.wait()
            except asyncio.CancelledError:
                watcher.cancel()
                await self._end(process)
                raise
            watcher.cancel()
            if status > 0 and not self._ready[plan.name].is_set():
                # It ended by itself before it ever was ready: a setting or a file is wrong, and stays wrong.
                self.gave_up = self.gave_up or plan
                self.stop()
                return
            lived = time.monotonic() - started
            if lived > WELL_AFTER:
                pause = FIRST_PAUSE
            self._say(
                f"{plan.name} ended with status {status} after {lived:.0f} s; see {plan.log}. "
                f"Restarting it in {pause:.0f} s."
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _watch(self, plan: ProcessPlan, process: asyncio.subprocess.Process, started: float) -> None:
        """Say when the process is ready, and kill it when it lives and answers nothing: its keeper starts it again.

        Any answer counts, also that it is not ready: what answers does not hang.
        """
        was_ready = False
        silent = 0.0
        async with httpx.AsyncClient(timeout=ANSWER_WITHIN, trust_env=False) as client:
            while silent < (HANGS_AFTER if was_ready else STARTS_WITHIN):
                asked = time.monotonic()
                pause = LOOK_EVERY if was_ready else READY_EVERY
                answer = None
                with suppress(httpx.HTTPError):
                    answer = await client.get(plan.ready_url, headers=dict(plan.ready_headers))
                if answer is not None and answer.status_code == 200 and not was_ready:
                    was_ready = True
                    self._say(f"{plan.name} is ready after {time.monotonic() - started:.1f} s")
                    self._ready[plan.name].set()
                await asyncio.sleep(pause)
                # No more than one look takes: a launcher that was itself stopped for a while has nothing to blame.
                spent = min(time.monotonic() - asked, ANSWER_WITHIN + pause)
                silent = silent + spent if answer is None else 0.0
        self._say(
            f"{plan.name} is running but has not answered for {silent:.0f} s, so it is being replaced. See {plan.log}."
        )
        with suppress(ProcessLookupError):
            process.kill()

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), PATIENCE_AT_END)
        except asyncio.TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def keep_secrets(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Read the installation's secrets, making those that do not exist yet; the file is readable by its owner alone.

    Returns the variables to add to the environment; what the environment already says wins.
    """
    path = folder / "secrets.env"
    private_folder(folder)
    narrow(path)
    kept: dict[str, str] = {}
    if path.exists():
        for line in lines_of(path.read_text(encoding="utf-8")):
            name, separator, value = line.partition("=")
            if separator:
                kept[name] = value
    names = ("WARMLINE_ACTIONS_SECRET", "WARMLINE_BRAIN_SECRET", "WARMLINE_PAYLOAD_KEY")
    missing = [name for name in names if name not in kept and not environment.get(name)]
    if missing:
        kept.update({name: secrets.token_urlsafe(32) for name in missing})
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("".join(f"{name}={value}\n" for name, value in sorted(kept.items())))
    return {name: value for name, value in kept.items() if not environment.get(name)}
