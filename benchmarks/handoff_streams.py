"""500 open desk streams: every one of them gets every entry, in order; how many entries a second they bear."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.report import Check
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.desk import accounts, sign_in, stream
from bot.gateway.desk.devices import Device
from bot.gateway.desk.roles import Role
from bot.gateway.migrations import upgrade
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.services import Services
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.services import TicketServices
from bot.gateway.wiring import wire
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest
from bot.settings import load

STREAMS = 500
ENTRIES = 100
# The burst has to have arrived everywhere in this time, in seconds; what has not counts as lost.
PATIENCE = 120.0
_TEXT = b'"text":"n'


@contextmanager
def _gateway() -> Iterator[Services]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "channels.yml").write_text("website: {enabled: true}\n", encoding="utf-8")
        key = "k" * 40
        environment = {"WARMLINE_ROOT": folder, "WARMLINE_PAYLOAD_KEY": key, "WARMLINE_BRAIN_SECRET": key}
        parts = wire(load(environment))
        upgrade(parts.database)
        yield parts
        parts.signals.close()
        parts.database.close()


def _prepare(session: Session) -> tuple[str, str]:
    now = utc_now()
    accounts.create(session, "bench", "Bench", Role.AGENT, now)
    opened = sign_in.open_session(session, "bench", "127.0.0.1", Device("", "bench"), now)
    assert opened is not None
    made = Conversation(
        id="c1", channel="web", account="default", address="c1", owner="bot", started_at=now,
        customer={"id": "c1", "name": None, "verified": False, "attributes": {}},
    )  # fmt: skip
    session.add(made)
    session.flush()
    tickets.open_ticket(session, TicketServices(), made, HandoffRequest(ReasonCode.CUSTOMER_REQUEST), now)
    return opened[1], opened[0].agent_id


def _say(session: Session, number: int) -> None:
    conversation = transcript.lock(session, "c1")
    assert conversation is not None
    transcript.append(session, conversation, author="customer", text=f"n{number}", now=utc_now())


async def _read(parts: Services, who: tuple[str, str], after: int, got: list[int], ready: asyncio.Event) -> None:
    async for chunk in stream.desk_stream(parts.for_desk(), *who, after):
        ready.set()
        said = [line for line in chunk.split(b"\n") if line.startswith(b"data:") and _TEXT in line]
        got.extend(int(line.split(_TEXT)[1].split(b'"')[0]) for line in said)
        if len(got) >= ENTRIES:
            return


async def _measure(parts: Services) -> tuple[float, int, int]:
    who = await parts.database.run(_prepare)
    after = await parts.database.read(stream.latest)
    received: list[list[int]] = [[] for _ in range(STREAMS)]
    events = [asyncio.Event() for _ in range(STREAMS)]
    tasks = [
        asyncio.create_task(_read(parts, who, after, got, ready)) for got, ready in zip(received, events, strict=True)
    ]
    await asyncio.gather(*(one.wait() for one in events))
    start = time.monotonic()
    for number in range(ENTRIES):
        await parts.database.run(_say, number)
    await asyncio.wait(tasks, timeout=PATIENCE)
    seconds = time.monotonic() - start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    expected = list(range(ENTRIES))
    complete = sum(got == expected for got in received)
    return seconds, complete, sum(map(len, received))


def measure() -> tuple[list[Check], dict[str, Any]]:
    """A burst of entries, as fast as the database takes them, into all streams."""
    with _gateway() as parts:
        database: Database = parts.database
        seconds, complete, delivered = asyncio.run(_measure(parts))
        kind = "sqlite" if database.is_sqlite else "postgresql"
    figures = {
        "streams": STREAMS,
        "entries": ENTRIES,
        "database": kind,
        "entries_a_second": round(ENTRIES / seconds, 1),
        "events_a_second": round(delivered / seconds),
    }
    return [Check("streams that got every entry, once and in order", complete, STREAMS, "least")], figures
