"""The gateway behind nginx and HAProxy, with the lines of the documentation: each visitor is one, and nobody else.

X4 of the security cases.
"""

from __future__ import annotations

import signal
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.gateway.front_proxy import front_proxy, program
from tests.gateway.serving import Visitor
from tests.gateway.stub_brain import StubBrain
from tests.gateway.test_serve import Process, brain_on_a_port

ADA, BOB = "127.0.2.1", "127.0.2.2"
CHANNELS = """
website: {{enabled: true, new_conversations_per_minute: 2}}
trusted_proxies: [{}]
"""
LIES = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "127.0.0.1, ::2"), ("Forwarded", "for=1.2.3.4")]


class Installation:
    """A gateway behind a proxy, and its log once it has ended."""

    def __init__(self, address: str, gateway: httpx.AsyncClient) -> None:
        self.address = address
        self.gateway = gateway
        self.log = ""

    @asynccontextmanager
    async def browser(self, address: str) -> AsyncIterator[httpx.AsyncClient]:
        """A visitor's browser at an address of its own."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        transport = httpx.AsyncHTTPTransport(local_address=address, verify=trusting)
        async with httpx.AsyncClient(base_url=self.address, transport=transport, timeout=15) as http:
            yield http


@asynccontextmanager
async def installation(kind: str, folder: Path, trusted: str = "127.0.0.1") -> AsyncIterator[Installation]:
    """Run both; where the program is missing, nothing has been started yet."""
    program(kind)
    async with brain_on_a_port(StubBrain()) as port:
        # With this variable uvicorn's own middleware would believe everybody.
        process = Process(folder, port, FORWARDED_ALLOW_IPS="*")
        (folder / "channels.yml").write_text(CHANNELS.format(trusted), encoding="utf-8")
        await process.start()
        try:
            async with process.client() as gateway, front_proxy(kind, folder, process.port) as address:
                running = Installation(address, gateway)
                yield running
        finally:
            log = await process.end(signal.SIGTERM)
    running.log = log
    assert "Traceback" not in log, log


both = pytest.mark.parametrize("kind", ["nginx", "haproxy"])


async def _opens(http: httpx.AsyncClient, headers: list[tuple[str, str]] | None = None) -> int:
    return (await http.post("/api/web/conversations", json={}, headers=headers)).status_code


@both
async def test_each_visitor_is_counted_alone_whatever_they_claim(tmp_path: Path, kind: str) -> None:
    """Ada's limit is not Bob's, and no header of hers makes her somebody else."""
    async with installation(kind, tmp_path) as running, running.browser(ADA) as ada, running.browser(BOB) as bob:
        assert [await _opens(ada) for _ in range(3)] == [201, 201, 429]
        assert [await _opens(ada, LIES), await _opens(ada, [("X-Forwarded-For", BOB)])] == [429, 429]
        assert [await _opens(bob, [("X-Forwarded-For", ADA)]) for _ in range(3)] == [201, 201, 429]
    assert "X-Forwarded-For" not in running.log


async def test_wrong_passwords_of_one_visitor_lock_nobody_else_out(tmp_path: Path) -> None:
    """The desk's sign-in counts by the visitor's address too."""
    async with installation("haproxy", tmp_path) as running, running.browser(ADA) as ada, running.browser(BOB) as bob:
        tried = []
        for number in range(21):
            wrong = {"username": f"agent{number}", "password": "wrong password"}
            tried.append((await ada.post("/api/desk/session", json=wrong, headers=LIES)).status_code)
        assert tried == [401] * 20 + [429]
        wrong = {"username": "agent99", "password": "wrong password"}
        assert (await bob.post("/api/desk/session", json=wrong)).status_code == 401


@both
async def test_answers_come_through_as_they_are_written(tmp_path: Path, kind: str) -> None:
    """A stream is not collected: the answer to what is asked while it is open arrives on it."""
    async with installation(kind, tmp_path) as running, running.browser(ADA) as http:
        visitor = await Visitor.arrive(http)
        async with visitor.events() as stream:
            for number, text in enumerate(["hello", "again"], start=1):
                assert (await visitor.send(number, text=text)).status_code == 202
                assert [event.data["text"] for event in await stream.take(2)] == [text, f"you said {text}"]


@both
async def test_streams_are_counted_for_each_visitor(tmp_path: Path, kind: str) -> None:
    """Six of one conversation, and the seventh hears why."""
    async with installation(kind, tmp_path) as running, running.browser(ADA) as http:
        visitor = await Visitor.arrive(http)
        streams = [visitor.events() for _ in range(6)]
        for stream in streams:
            await stream.__aenter__()
        refused = await http.get(f"{visitor.address}/events", headers=visitor.headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_streams")
        for stream in streams:
            await stream.__aexit__(None, None, None)


@both
async def test_the_log_says_once_that_the_proxy_is_not_named(tmp_path: Path, kind: str) -> None:
    """All visitors are one then; the operator learns which line is missing, and which address it takes."""
    async with (
        installation(kind, tmp_path, trusted="") as running,
        running.browser(ADA) as ada,
        running.browser(BOB) as bob,
    ):
        assert [await _opens(ada), await _opens(bob), await _opens(bob, LIES)] == [201, 201, 429]
    (told,) = [line for line in running.log.splitlines() if "trusted_proxies" in line]
    assert "127.0.0.1 carries X-Forwarded-For" in told


async def test_the_log_says_once_that_a_trusted_proxy_is_silent(tmp_path: Path) -> None:
    """Without the header all visitors are one; the launcher's own look at /health is no visitor."""
    async with installation("nginx", tmp_path) as running:
        for _ in range(2):
            await _opens(running.gateway)
    (told,) = [line for line in running.log.splitlines() if "X-Forwarded-For" in line]
    assert "trusted proxy 127.0.0.1 carries no X-Forwarded-For" in told


@both
async def test_the_desks_cookie_is_for_https_only_behind_tls(tmp_path: Path, kind: str) -> None:
    """The scheme that the trusted proxy tells counts, even where the public address was forgotten."""
    from bot.commands.accounts import create_first

    async with installation(kind, tmp_path) as running, running.browser(ADA) as http:
        password = create_first(f"sqlite:///{tmp_path / 'var' / 'warmline.db'}")
        assert password is not None
        right = {"username": "admin", "password": password}
        answers = [await http.post("/api/desk/session", json=right)]
        answers.append(await running.gateway.post("/api/desk/session", json=right))
        assert [answer.status_code for answer in answers] == [200, 200]
        assert ["secure" in answer.headers["set-cookie"].lower() for answer in answers] == [True, False]
