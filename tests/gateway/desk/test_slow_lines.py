"""An agent on a slow line: data is small, streams flow, and no secret can be read from a length."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy.orm import Session

from bot.gateway.compression import PADDING
from tests.gateway.channels.gateway_server import Gateway
from tests.gateway.desk.conftest import Desks
from tests.gateway.desk.test_lists import fill
from tests.gateway.queue.scene import Scene

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_sqlite
async def test_a_long_line_is_loaded_in_a_tenth_of_its_bytes(desks: Desks, scene: Scene) -> None:
    """K6, kind 10: 200 who wait are 10 kB and not 126."""
    sam = await desks.signed_in("Sam")

    def work(session: Session) -> None:
        fill(session, 240)

    await scene.database.run(work)
    packed = await sam.browser.get("tickets?list=waiting", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    plain = await sam.browser.get("tickets?list=waiting", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert len(plain.json()["tickets"]) == 200
    assert packed.num_bytes_downloaded * 10 <= len(plain.content)


@on_sqlite
async def test_an_event_stream_is_never_compressed(desks: Desks) -> None:
    """K6, kind 10: a compressor would hold events back until it has enough of them."""
    sam = await desks.signed_in("Sam")
    async with sam.browser.stream("GET", "events", headers={"Accept-Encoding": "gzip"}) as stream:
        assert stream.status_code == 200
        assert "Content-Encoding" not in stream.headers


@on_sqlite
async def test_no_answer_with_a_secret_is_compressed_and_the_others_vary_in_length(
    desks: Desks, scene: Scene, running: Gateway
) -> None:
    """K6, kind 10: BREACH needs a secret beside words that somebody chose, and a length that tells."""
    boss = await desks.signed_in("Sam")
    asking = {"Accept-Encoding": "gzip"}
    session = await boss.browser.get("session", headers=asking)
    assert session.json()["csrf"]
    assert "Content-Encoding" not in session.headers
    async with httpx.AsyncClient(base_url=running.url, trust_env=False) as visitor:
        opened = await visitor.post("/api/web/conversations", json={"page": "x" * 1900}, headers=asking)
        assert opened.json()["token"]
        assert "Content-Encoding" not in opened.headers

    def work(session: Session) -> None:
        fill(session, 20)

    await scene.database.run(work)
    lengths = set()
    for _ in range(12):
        answer = await boss.browser.get("tickets?list=waiting", headers=asking)
        lengths.add(len(answer.headers[PADDING]))
    assert len(lengths) > 1
