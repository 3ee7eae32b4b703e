"""The gateway's edge: hostile requests get a short answer in one shape, and never a stack trace."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.gateway.platform.body_limit import LARGEST_BODY
from bot.gateway.services import Services
from tests.gateway.making import messages
from tests.gateway.serving import PATIENCE, Visitor, served
from tests.gateway.stub_brain import StubBrain, error

JSON = {"Content-Type": "application/json"}

NO_MESSAGES = [
    b"",
    b"not json",
    b"\xff\xfe\x00",
    b'{"client_seq": 1, "text": "\xc3\x28"}',
    b"[" * 60_000,
    b'{"a":' * 12_000,
    b"[]",
    b"null",
    b'"text"',
    b'{"client_seq": "1", "text": "x"}',
    b'{"client_seq": 1.5, "text": "x"}',
    b'{"client_seq": true, "text": "x"}',
    b'{"client_seq": 0, "text": "x"}',
    b'{"client_seq": 99999999999999999999, "text": "x"}',
    b'{"client_seq": ' + b"9" * 5000 + b', "text": "x"}',
    b'{"client_seq": NaN, "text": "x"}',
    b'{"client_seq": 1, "text": 5}',
    b'{"client_seq": 1, "text": ["x"]}',
    b'{"client_seq": 1, "text": null}',
    b'{"client_seq": 1, "text": ""}',
    b'{"client_seq": 1, "text": " \\u0000 "}',
    b'{"client_seq": 1, "text": "\\ud800"}',
    b'{"client_seq": 1, "text": "' + b"x" * 4001 + b'"}',
    b'{"client_seq": 1, "text": "x", "choice": "1.0.x"}',
    b'{"client_seq": 1}',
    b'{"client_seq": 1, "text": "x", "owner": "bot"}',
]


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """One kind of database: the edge does not know which."""
    path = tmp_path / "warmline.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def http(parts: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a served gateway."""
    async with served(dataclasses.replace(parts, brain=StubBrain().client())) as client:
        yield client


def _code(answer: httpx.Response) -> str:
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert "Traceback" not in answer.text
    code: str = body["error"]["code"]
    return code


async def test_a_body_that_is_no_message_is_refused_and_stores_nothing(
    http: httpx.AsyncClient, parts: Services
) -> None:
    """400 in the one shape, whatever is wrong with it."""
    visitor = await Visitor.arrive(http)
    for body in NO_MESSAGES:
        answer = await http.post(f"{visitor.address}/messages", content=body, headers=visitor.headers | JSON)
        assert (answer.status_code, _code(answer)) == (400, "bad_request"), body[:60]
    assert await parts.database.read(messages) == []


async def test_a_message_of_the_longest_length_in_any_script_is_taken(http: httpx.AsyncClient) -> None:
    """4,000 characters fit the limit on bytes, also where each takes four."""
    visitor = await Visitor.arrive(http)
    assert (await visitor.send(1, text="🙂" * 4000)).status_code == 202


async def test_a_body_that_is_not_said_to_be_json_is_refused(http: httpx.AsyncClient) -> None:
    """A form on another site cannot write for the visitor."""
    visitor = await Visitor.arrive(http)
    answer = await http.post(
        f"{visitor.address}/messages",
        content=b'{"client_seq": 1, "text": "x"}',
        headers=visitor.headers | {"Content-Type": "text/plain"},
    )
    assert (answer.status_code, _code(answer)) == (400, "bad_request")


async def test_a_body_that_says_it_is_too_long_is_refused_unread(http: httpx.AsyncClient) -> None:
    """413 by the length alone."""
    body = b'{"client_seq": 1, "text": "' + b"x" * LARGEST_BODY + b'"}'
    visitor = await Visitor.arrive(http)
    answer = await http.post(f"{visitor.address}/messages", content=body, headers=visitor.headers | JSON)
    assert (answer.status_code, _code(answer)) == (413, "too_large")


async def test_a_body_in_chunks_is_cut_off_at_the_limit(http: httpx.AsyncClient) -> None:
    """Who does not say how long it is gets no further than the others."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * LARGEST_BODY:
            sent += 4096
            yield b"x" * 4096

    visitor = await Visitor.arrive(http)
    try:
        answer = await http.post(f"{visitor.address}/messages", content=endless(), headers=visitor.headers | JSON)
        assert (answer.status_code, _code(answer)) == (413, "too_large")
    except httpx.TransportError:
        # The gateway answered and hung up while we were still sending; that is its right.
        assert sent < 100 * LARGEST_BODY
    assert (await http.get("/health")).status_code == 200


async def test_requests_that_are_no_http_harm_nobody(http: httpx.AsyncClient) -> None:
    """The next visitor is served as before."""
    for rubbish in (
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"\x00" * 9000,
    ):
        reader, writer = await asyncio.open_connection(http.base_url.host, http.base_url.port)
        writer.write(rubbish)
        writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            await reader.read()
        writer.close()
    assert (await http.get("/health")).status_code == 200


async def test_a_wrong_place_in_the_stream_is_refused(http: httpx.AsyncClient) -> None:
    """Not guessed at."""
    visitor = await Visitor.arrive(http)
    for query in ("after=-1", "after=x", "after=99999999999999", "after=1e3"):
        answer = await http.get(f"{visitor.address}/events?{query}", headers=visitor.headers)
        assert (answer.status_code, _code(answer)) == (400, "bad_request"), query


async def test_a_conversation_is_opened_only_with_what_it_takes(http: httpx.AsyncClient) -> None:
    """A locale is a locale, and nobody brings a token of their own."""
    for body in ({"locale": "x" * 17}, {"locale": "en;drop"}, {"locale": 5}, {"page": "x" * 2001}, {"token": "mine"}):
        answer = await http.post("/api/web/conversations", json=body)
        assert (answer.status_code, _code(answer)) == (400, "bad_request"), body


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing/here", 404), ("PUT", "/health", 405)])
async def test_what_is_not_there_is_said_in_the_one_shape(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    """Also what the framework answers by itself."""
    answer = await http.request(method, path)
    assert answer.status_code == status
    assert _code(answer)


async def test_a_fault_of_our_own_shows_no_trace(
    http: httpx.AsyncClient, parts: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The visitor reads a sentence; the text of the error stays inside."""

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret inside")

    visitor = await Visitor.arrive(http)
    monkeypatch.setattr(type(parts.database), "run", broken)
    answer = await visitor.send(1, text="hello")
    monkeypatch.undo()
    assert (answer.status_code, _code(answer)) == (500, "fault")
    assert "secret" not in answer.text


async def test_every_answer_tells_browsers_to_be_careful(http: httpx.AsyncClient) -> None:
    """No sniffing, no framing, nothing to run in data."""
    for path in ("/health", "/nothing", "/openapi.json"):
        headers = (await http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["content-security-policy"].startswith("default-src 'none'")


async def test_the_description_names_every_call_of_the_website(http: httpx.AsyncClient) -> None:
    """What /docs draws."""
    described = (await http.get("/openapi.json")).json()
    assert (await http.get("/docs")).status_code == 200
    assert {path for path in described["paths"] if path.startswith("/api/web")} == {
        "/api/web/conversations",
        "/api/web/conversations/continue",
        "/api/web/conversations/{conversation_id}/end",
        "/api/web/conversations/{conversation_id}/events",
        "/api/web/conversations/{conversation_id}/messages",
        "/api/web/conversations/{conversation_id}/messages/{seq}/rating",
        "/api/web/conversations/{conversation_id}/return-to-bot",
        "/api/web/conversations/{conversation_id}/typing",
        "/api/web/embedding",
        "/api/web/wording/{locale}",
    }


async def test_health_says_what_it_sees_of_the_brain(parts: Services) -> None:
    """The gateway is up whatever the brain does."""
    assert await _health(parts) == {"ok": True, "brain": "away"}
    ready = StubBrain()
    assert await _health(dataclasses.replace(parts, brain=ready.client())) == {"ok": True, "brain": "ready"}


async def _health(parts: Services) -> dict[str, object]:
    from fastapi import FastAPI

    from bot.gateway.health import health_router

    app = FastAPI()
    app.include_router(health_router(parts.brain))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        answer: dict[str, object] = (await client.get("/health")).json()
        return answer


async def test_no_log_line_holds_what_a_customer_wrote(parts: Services, caplog: pytest.LogCaptureFixture) -> None:
    """Neither when all goes well nor when the brain fails, a request is malformed or the database refuses."""
    secret = "my card is 4929 1234"
    brain = StubBrain()
    with caplog.at_level("DEBUG", logger="bot"), caplog.at_level("INFO"):
        async with served(dataclasses.replace(parts, brain=brain.client())) as http:
            visitor = await Visitor.arrive(http)
            async with visitor.events() as stream:
                await visitor.send(1, text=secret)
                await stream.take(2)

                async def refuse(turn: dict[str, object]) -> httpx.Response:
                    return error(400, "bad_turn")

                brain.behave = refuse
                await visitor.send(2, text=secret)
                await visitor.send(4, text=secret)
                await http.post(f"{visitor.address}/messages", content=json.dumps([secret]), headers=visitor.headers)
                await stream.take(2)
    assert caplog.records
    said = [
        record for record in caplog.records if secret in record.getMessage() and "given to a human" not in record.msg
    ]
    assert said == []
