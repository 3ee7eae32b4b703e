"""The desk's lists: the queue as it is, page by page, with nothing out of reach."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript
from bot.gateway.desk import lists, stream
from bot.gateway.desk.lists import BadCursorError, Cursor
from bot.gateway.platform.database import Database
from bot.gateway.tickets import later, line, routing
from bot.gateway.tickets.desk_settings import DEFAULT
from bot.gateway.tickets.tables import Ticket
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest
from tests.gateway.desk.conftest import Desks
from tests.gateway.making import brought_to, new_conversation
from tests.gateway.serving import PATIENCE
from tests.gateway.tickets.scene import NOON, Scene

EVERY_PRIORITY = ("urgent", "high", "normal", "low")


def fill(session: Session, number: int, state: str = "queued", **columns: Any) -> list[str]:
    """Tickets a minute apart, of all priorities in turn; gives their ids in the order in which they came."""
    made = []
    for at in range(number):
        conversation = new_conversation(session, f"c{at:04}", "web", "queue")
        priority = EVERY_PRIORITY[at % len(EVERY_PRIORITY)]
        came = NOON + timedelta(minutes=at)
        ticket = Ticket(
            id=f"t{at:04}", conversation_id=conversation.id, created_at=came, queued_at=came, priority=priority,
            rank_at=routing.rank_of(DEFAULT, came, priority),
            package={"reason": {"code": "customer_request", "text": "Asked."}, "summary": ""},
            state="queued", **columns,
        )  # fmt: skip
        brought_to(ticket, state)
        session.add(ticket)
        made.append(ticket.id)
    session.flush()
    return made


def read_all(session: Session, which: str, most: int, **bounds: datetime) -> list[list[dict[str, Any]]]:
    """Every page of a list, as a page of the desk asks for them."""
    pages = []
    cursor: Cursor | None = None
    while True:
        found = lists.page(session, which, "somebody", NOON, cursor=cursor, most=most, **bounds)
        pages.append(found["tickets"])
        if found["next"] is None:
            return pages
        cursor = Cursor.read(found["next"])


async def test_the_list_of_who_waits_is_the_line_with_each_place(database: Database) -> None:
    """K2, kind 10: 243 wait, the upset among them is told their number; they stand in the list at that number."""

    def work(session: Session) -> None:
        fill(session, 243)
        rows = [row for page in read_all(session, "waiting", 100) for row in page]
        by_the_line = list(
            session.scalars(select(Ticket.id).where(Ticket.state == "queued").order_by(Ticket.rank_at, Ticket.id))
        )
        assert [row["id"] for row in rows] == by_the_line
        assert [row["place"] for row in rows] == list(range(1, 244))
        for row in rows[::40]:
            assert row["place"] == line.position(session, session.get_one(Ticket, row["id"]))
        assert [row["rank_at"] for row in rows] == sorted(row["rank_at"] for row in rows), "a page can sort by it"

    await database.run(work)


async def test_callbacks_stand_behind_the_line_and_have_no_place(database: Database) -> None:
    """K2, kind 10: who is called back tomorrow is before nobody."""

    def work(session: Session) -> None:
        ids = fill(session, 4)
        later = session.get_one(Ticket, ids[0])
        later.state, later.callback_at = "scheduled", NOON + timedelta(days=1)
        session.flush()
        rows = [row for page in read_all(session, "waiting", 3) for row in page]
        assert rows[-1]["id"] == later.id
        assert [row["place"] for row in rows] == [1, 2, 3, None]

    await database.run(work)


@pytest.mark.parametrize(("which", "columns"), [("closed", {"state": "completed", "closed_at": NOON}), ("all", {})])
async def test_every_ticket_of_an_endless_list_is_on_one_page(
    database: Database, which: str, columns: dict[str, Any]
) -> None:
    """K3, kind 10: 230 newer ones hide nobody; the newest page comes first and each ticket once."""

    def work(session: Session) -> None:
        ids = fill(session, 230, **columns)
        pages = read_all(session, which, lists.PAGE)
        assert [len(page) for page in pages] == [200, 30]
        assert [row["id"] for page in reversed(pages) for row in page] == ids

    await database.run(work)


async def test_a_list_can_be_bounded_by_a_day(database: Database) -> None:
    """K3, kind 10: "it was last Tuesday" finds Tuesday's, from its first moment to its last."""

    def work(session: Session) -> None:
        ids = fill(session, 30)
        since, until = NOON + timedelta(minutes=10), NOON + timedelta(minutes=20)
        rows = [row["id"] for page in read_all(session, "all", 4, since=since, until=until) for row in reversed(page)]
        assert rows == ids[10:20][::-1]

    await database.run(work)


@given(st.text(max_size=300))
def test_a_cursor_that_nobody_gave_is_refused(text: str) -> None:
    """What stands in an address may come from anybody."""
    try:
        cursor = Cursor.read(text)
    except BadCursorError:
        return
    assert Cursor.read(str(cursor)) == cursor


async def test_the_api_gives_pages_and_refuses_what_is_no_cursor(desks: Desks, scene: Scene) -> None:
    """K3, kind 10: the address of the next page is the answer's own."""
    sam = await desks.signed_in("Sam")
    answer = await sam.get("tickets?list=all&since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z")
    assert answer == {"tickets": [], "next": None}
    refused = await sam.browser.get("tickets?list=all&cursor=nonsense")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_cursor")
    assert (await sam.browser.get("tickets?list=all&since=yesterday")).status_code == 400


async def test_an_upset_customer_is_told_the_place_that_the_desk_shows(desks: Desks, scene: Scene) -> None:
    """K2, kind 10: what the customer hears and what the agent sees are one number."""
    sam = await desks.signed_in("Sam")
    for who in ("ada", "ben", "cat"):
        await scene.hand_off(await scene.says(who, "hello", "web"))
    upset = await scene.says("dan", "this is a disgrace", "web")
    ticket_id = await scene.hand_off(upset, HandoffRequest(ReasonCode.UPSET_CUSTOMER))
    told = (await scene.states(upset))[-1][1]
    rows = (await sam.get("tickets?list=waiting"))["tickets"]
    assert [row["id"] for row in rows].index(ticket_id) + 1 == told == 1
    assert (rows[0]["place"], rows[0]["priority"]) == (1, "high")
    assert (await sam.get(f"tickets/{ticket_id}"))["ticket"]["place"] == 1


async def test_an_address_that_was_left_reaches_the_open_desk(desks: Desks, scene: Scene) -> None:
    """K4, kind 10: the ticket comes anew with the gateway's notice, without a change of owner."""
    sam = await desks.signed_in("Sam")
    conversation_id = await scene.says("ada", "hello", "web")
    ticket_id = await scene.hand_off(conversation_id)

    def work(session: Session) -> None:
        conversation = scene_conversation(session, conversation_id)
        ticket = line.open_ticket_of(session, conversation)
        assert ticket is not None
        ticket.contact = {"kind": "email", "address": None}
        session.flush()
        later.heard(
            session, scene.services, conversation, {"type": "text", "text": "ada@example.com please"}, scene.clock()
        )

    before = await scene.database.read(_latest)
    await scene.database.run(work)
    async with asyncio.timeout(PATIENCE), sam.browser.stream("GET", f"events?after={before}") as events:
        async for text in events.aiter_lines():
            if text.startswith("data:") and '"contact"' in text:
                assert '"ada@example.com"' in text
                assert ticket_id in text
                break


def scene_conversation(session: Session, conversation_id: str) -> Any:
    """The conversation, locked as the worker has it."""
    found = transcript.lock(session, conversation_id)
    assert found is not None
    return found


def _latest(session: Session) -> int:
    return stream.latest(session)
