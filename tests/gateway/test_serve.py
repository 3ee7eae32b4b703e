"""The gateway as a process of its own: up at once, gone cleanly, and back after a kill without losing a word."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.gateway.postgres import free_port
from tests.gateway.serving import PATIENCE, Visitor
from tests.gateway.stub_brain import StubBrain

PROJECT = Path(__file__).parents[2]
# docs: the gateway answers its first request within 3 s of its start. Tests share their machine with others.
UP_WITHIN = 3.0
SLOW_MACHINE = 3


@asynccontextmanager
async def brain_on_a_port(stub: StubBrain) -> AsyncIterator[int]:
    """Serve the stub where another process reaches it."""

    async def turn(request: Request) -> Response:
        answer = await stub._serve(
            httpx.Request("POST", str(request.url), headers=dict(request.headers), content=await request.body())
        )
        return JSONResponse(answer.json(), answer.status_code)

    app = Starlette(routes=[Route("/webhooks/warmline/turn", turn, methods=["POST"])])
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None))
    task = asyncio.create_task(server._serve())
    async with asyncio.timeout(PATIENCE):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
    yield port
    server.should_exit = True
    server.force_exit = True
    await task


class Process:
    """One gateway process on one folder and port."""

    def __init__(self, folder: Path, brain_port: int, **more: str) -> None:
        self.port = free_port()
        shutil.copy(PROJECT / "channels.yml", folder / "channels.yml")
        self._environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT),
            "WARMLINE_ROOT": str(folder),
            "WARMLINE_VAR": str(folder / "var"),
            "WARMLINE_GATEWAY_PORT": str(self.port),
            "WARMLINE_BRAIN_PORT": str(brain_port),
            "WARMLINE_BRAIN_SECRET": "s" * 40,
            "WARMLINE_PAYLOAD_KEY": "k" * 40,
        } | more
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.gateway.serve", env=self._environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    async def end(self, how: signal.Signals) -> str:
        """Send it a signal and wait; answers its log."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(how)
        async with asyncio.timeout(PATIENCE):
            out, _ = await self._process.communicate()
        return out.decode()

    @property
    def status(self) -> int | None:
        """How it ended."""
        return None if self._process is None else self._process.returncode

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client, once it answers."""
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", timeout=PATIENCE, trust_env=False
        ) as http:
            async with asyncio.timeout(PATIENCE):
                while True:
                    try:
                        await http.get("/health")
                        break
                    except httpx.TransportError:
                        await asyncio.sleep(0.02)
            yield http


async def test_it_is_up_at_once_while_the_brain_is_nowhere_and_ends_cleanly(tmp_path: Path) -> None:
    """First request within three seconds of the start, on a new database; a stop ends it within moments."""
    process = Process(tmp_path, free_port())
    started = time.monotonic()
    await process.start()
    async with process.client() as http:
        up_after = time.monotonic() - started
        assert (await http.get("/health")).json() == {"ok": True, "brain": "away"}
        visitor = await Visitor.arrive(http)
        assert (await visitor.send(1, text="hello")).status_code == 202
        async with visitor.events() as stream:
            await stream.next()
            stopped = time.monotonic()
            log = await process.end(signal.SIGTERM)
    assert "Traceback" not in log
    assert up_after < UP_WITHIN * SLOW_MACHINE
    assert time.monotonic() - stopped < 5
    assert process.status in (0, -signal.SIGTERM)


async def test_a_message_taken_before_a_kill_in_the_middle_of_its_turn_is_answered_once_after_the_restart(
    tmp_path: Path,
) -> None:
    """SIGKILL leaves no time to tidy up: what was acknowledged is in the database."""
    stub = StubBrain()
    reached = asyncio.Event()

    async def hang(turn: dict[str, Any]) -> httpx.Response:
        reached.set()
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")

    stub.behave = hang
    async with brain_on_a_port(stub) as port:
        process = Process(tmp_path, port)
        await process.start()
        async with process.client() as http:
            visitor = await Visitor.arrive(http)
            assert (await visitor.send(1, text="hello")).json() == {"seq": 1}
            async with asyncio.timeout(PATIENCE):
                await reached.wait()
        await process.end(signal.SIGKILL)
        stub.behave = stub.echo
        await process.start()
        async with process.client() as http:
            visitor.http = http
            # The page does not know whether it was heard, and sends again.
            assert (await visitor.send(1, text="hello")).json() == {"seq": 1}
            async with visitor.events() as stream:
                texts = [event.data["text"] for event in await stream.take(2)]
                await visitor.send(2, text="again")
                texts += [event.data["text"] for event in await stream.take(2)]
        await process.end(signal.SIGTERM)
    assert texts == ["hello", "you said hello", "again", "you said again"]
    assert len({turn["message_id"] for turn in stub.turns}) == 2


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WARMLINE_BRAIN_SECRET", ""),
        ("WARMLINE_PAYLOAD_KEY", ""),
        ("WARMLINE_PAYLOAD_KEY", "short"),
        ("WARMLINE_DATABASE_URL", "mysql://host/name"),
        ("WARMLINE_GATEWAY_PORT", "http"),
    ],
)
async def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path: Path, variable: str, value: str) -> None:
    """Which variable, and what it takes; no stack trace."""
    process = Process(tmp_path, free_port(), **{variable: value})
    await process.start()
    async with asyncio.timeout(PATIENCE):
        assert process._process is not None
        out, _ = await process._process.communicate()
    assert process.status == 1
    assert variable in out.decode()
    assert "Traceback" not in out.decode()
