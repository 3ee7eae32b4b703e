"""The launcher: keeps processes running, gives secrets once, and ends everything."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.main import _before_the_end
from bot.errors import WarmlineError
from bot.processes import ProcessPlan, Supervisor, free_port, keep_secrets, refuse_taken_ports
from bot.settings import load

SERVER = (
    "import http.server, sys\n"
    "class Handler(http.server.BaseHTTPRequestHandler):\n"
    "    def do_GET(self): self.send_response(200); self.end_headers()\n"
    "    def log_message(self, *arguments): pass\n"
    "http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()"
)


def _plan(folder: Path, script: str = SERVER) -> ProcessPlan:
    port = free_port()
    return ProcessPlan(
        name="server",
        command=(sys.executable, "-c", script, str(port)),
        environment=dict(os.environ),
        ready_url=f"http://127.0.0.1:{port}/",
        ready_headers={},
        log=folder / "logs" / "server.log",
        folder=folder,
    )


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_process_that_dies_is_started_again_and_everything_ends_together(tmp_path: Path) -> None:
    """Killed, it comes back under another process id; stopped, nothing is left."""
    said: list[str] = []
    ready_again = asyncio.Event()

    def hear(sentence: str) -> None:
        said.append(sentence)
        if sum("is ready" in each for each in said) == 2:
            ready_again.set()

    supervisor = Supervisor((_plan(tmp_path),), hear)
    running = asyncio.create_task(supervisor.run())
    await supervisor.ready("server")
    first = supervisor.process_id("server")
    assert first is not None
    os.kill(first, 9)
    await ready_again.wait()
    second = supervisor.process_id("server")
    assert second is not None
    assert second != first
    assert any("ended with status -9" in sentence for sentence in said)
    supervisor.stop()
    await running
    assert not _alive(second)


HANGING = SERVER.replace(
    "def do_GET(self): self.send_response(200); self.end_headers()",
    "def do_GET(self):\n"
    "        import os, time\n"
    "        if os.path.exists('hang'): time.sleep(600)\n"
    "        self.send_response(200); self.end_headers()",
)


async def test_a_process_that_lives_but_answers_nothing_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its event loop stands still: nobody would notice by its death."""
    monkeypatch.setattr("bot.processes.LOOK_EVERY", 0.05)
    monkeypatch.setattr("bot.processes.ANSWER_WITHIN", 0.5)
    monkeypatch.setattr("bot.processes.HANGS_AFTER", 2.0)
    said: list[str] = []
    ready_again = asyncio.Event()

    def hear(sentence: str) -> None:
        said.append(sentence)
        if "is being replaced" in sentence:
            (tmp_path / "hang").unlink()
        if sum("is ready" in each for each in said) == 2:
            ready_again.set()

    supervisor = Supervisor((_plan(tmp_path, HANGING),), hear)
    running = asyncio.create_task(supervisor.run())
    await supervisor.ready("server")
    first = supervisor.process_id("server")
    assert first is not None
    (tmp_path / "hang").touch()
    await asyncio.wait_for(ready_again.wait(), 60)
    assert supervisor.process_id("server") != first
    assert not _alive(first)
    assert [word for word in ("is being replaced", "ended with status -9") if any(word in each for each in said)] == [
        "is being replaced",
        "ended with status -9",
    ]
    supervisor.stop()
    await running


async def test_a_process_that_says_it_is_not_ready_does_not_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A brain without a model is no better for being killed."""
    monkeypatch.setattr("bot.processes.READY_EVERY", 0.02)
    monkeypatch.setattr("bot.processes.STARTS_WITHIN", 1.0)
    counting = SERVER.replace(
        "def do_GET(self): self.send_response(200)",
        "asked = 0\n    def do_GET(self): Handler.asked += 1; self.send_response(200 if Handler.asked > 100 else 503)",
    )
    said: list[str] = []
    supervisor = Supervisor((_plan(tmp_path, counting),), said.append)
    running = asyncio.create_task(supervisor.run())
    await asyncio.wait_for(supervisor.ready("server"), 60)
    supervisor.stop()
    await running
    assert not any("replaced" in sentence for sentence in said)


async def test_a_process_that_cannot_start_ends_everything_and_is_named(tmp_path: Path) -> None:
    """Kind 8: it restarted for ever, with the sentence that says what to change in a log."""
    broken = replace(_plan(tmp_path, "raise SystemExit('Correct line 7.')"), name="broken", log=tmp_path / "broken.log")
    supervisor = Supervisor((_plan(tmp_path), broken), lambda sentence: None)
    await asyncio.wait_for(supervisor.run(), 60)  # else it would go on for ever
    assert supervisor.gave_up is broken
    assert "Correct line 7." in broken.log.read_text()
    assert supervisor.process_id("server") is None


async def test_who_waits_for_a_process_that_cannot_start_hears_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`warmline shell` and the smoke test wait for what will never be ready: they end with the log on the screen."""
    broken = _plan(tmp_path, "raise SystemExit('Correct line 7.')")
    supervisor = Supervisor((broken,), lambda sentence: None)
    running = asyncio.create_task(supervisor.run())
    with pytest.raises(WarmlineError, match=r"server cannot start\. The lines above say why"):
        await _before_the_end(running, supervisor, supervisor.ready("server"))
    assert "Correct line 7." in capsys.readouterr().out


async def test_a_process_that_is_killed_before_it_is_ready_is_started_again(tmp_path: Path) -> None:
    """A memory that ran full is no mistake in a file."""
    once = (
        "import os, pathlib\nmark = pathlib.Path('mark')\nfirst = not mark.exists()\nmark.touch()\n"
        "if first: os.kill(os.getpid(), 9)\n" + SERVER
    )
    supervisor = Supervisor((_plan(tmp_path, once),), lambda sentence: None)
    running = asyncio.create_task(supervisor.run())
    await supervisor.ready("server")
    assert supervisor.gave_up is None
    supervisor.stop()
    await running


async def test_a_process_that_ignores_the_polite_request_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGTERM first, SIGKILL after a while."""
    monkeypatch.setattr("bot.processes.PATIENCE_AT_END", 0.3)
    deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SERVER
    supervisor = Supervisor((_plan(tmp_path, deaf),), lambda sentence: None)
    running = asyncio.create_task(supervisor.run())
    await supervisor.ready("server")
    pid = supervisor.process_id("server")
    assert pid is not None
    supervisor.stop()
    await running
    assert not _alive(pid)


def test_a_taken_port_is_named_with_the_variable_that_moves_it(tmp_path: Path) -> None:
    """The sentence tells what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = replace(load({}), gateway_port=other.getsockname()[1])
        with pytest.raises(WarmlineError, match="WARMLINE_GATEWAY_PORT"):
            refuse_taken_ports(settings)


def test_secrets_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    """The second start finds the first start's secrets."""
    first = keep_secrets(tmp_path, {})
    assert set(first) == {"WARMLINE_ACTIONS_SECRET", "WARMLINE_BRAIN_SECRET", "WARMLINE_PAYLOAD_KEY"}
    assert all(len(value) >= 32 for value in first.values())
    assert keep_secrets(tmp_path, {}) == first
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600


def test_a_secret_of_the_environment_wins(tmp_path: Path) -> None:
    """An operator's own secret is neither replaced nor written down."""
    given = {"WARMLINE_BRAIN_SECRET": "x" * 40}
    assert "WARMLINE_BRAIN_SECRET" not in keep_secrets(tmp_path, given)
    assert "x" * 40 not in (tmp_path / "secrets.env").read_text()
