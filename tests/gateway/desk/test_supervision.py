"""Who is at work, whose turn it is, handing over between colleagues, promises, and the supervisor's figures."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.gateway.conversations.tables import InboxMessage
from bot.gateway.desk.moments import moment
from bot.gateway.desk.roles import Role
from bot.gateway.desk.supervision import levels
from bot.gateway.platform.clock import utc_now
from bot.gateway.tickets.forecasting import Load, loss
from bot.gateway.tickets.tables import Ticket, Timer, Wait
from bot.handoff.reasons import ReasonCode
from tests.gateway.desk.conftest import Desk, Desks
from tests.gateway.tickets.scene import NOON, Scene

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def waits(scene: Scene, who: str) -> str:
    """A customer in the queue; gives the ticket."""
    conversation_id = await scene.says(who, "my dishwasher leaks", "web")
    await scene.handled()
    return await scene.hand_off(conversation_id)


async def colleague(desk: Desk, name: str) -> dict[str, Any]:
    """One of the team as everybody sees it."""
    found: dict[str, Any] = next(one for one in (await desk.get("team"))["agents"] if one["name"] == name)
    return found


async def test_signing_in_puts_an_agent_to_work_and_signing_out_ends_it(desks: Desks) -> None:
    """Nobody has to think of it; a break is one press."""
    boss = await desks.signed_in("Boss", Role.SUPERVISOR)
    sam = await desks.signed_in("Sam")
    assert (await colleague(boss, "Sam"))["presence"] == "online"
    assert (await sam.post("presence", {"presence": "away"})).status_code == 204
    assert (await colleague(boss, "Sam"))["presence"] == "away"
    await sam.browser.delete("session")
    assert (await colleague(boss, "Sam"))["presence"] == "offline"


async def test_an_agent_takes_whose_turn_it_is_up_to_their_capacity(desks: Desks, scene: Scene) -> None:
    """The administrator says how many; beyond it the answer says what to do."""
    root = await desks.signed_in("Root", Role.ADMINISTRATOR)
    sam = await desks.signed_in("Sam")
    assert (await sam.post("next")).json() == {"ticket": None}
    first, second = await waits(scene, "ada"), await waits(scene, "ben")
    work = {"skills": ["returns"], "languages": ["en", "de"], "capacity": 1}
    changed = await root.post(f"users/{sam.agent_id}", {"work": work})
    assert {name: changed.json()["user"][name] for name in work} == work
    assert (await sam.post("next")).json()["ticket"]["id"] == first
    full = await sam.post("next")
    assert (full.status_code, full.json()["error"]["code"]) == (409, "at_capacity")
    later = moment(utc_now() + timedelta(hours=1))
    snoozed = await sam.post(f"tickets/{first}/snooze", {"until": later})
    assert snoozed.json()["snoozed_until"] is not None
    assert (await sam.post("next")).json()["ticket"]["id"] == second
    assert (await sam.post(f"tickets/{first}/snooze", {"until": None})).json()["snoozed_until"] is None
    for until in (moment(NOON), "tomorrow", moment(utc_now() + timedelta(days=90)), "2030-01-01T00:00:00"):
        assert (await sam.post(f"tickets/{first}/snooze", {"until": until})).status_code == 400, until


async def test_a_conversation_goes_to_a_colleague_or_back_into_the_line(desks: Desks, scene: Scene) -> None:
    """With a note; a supervisor can take it out of somebody's hands."""
    sam, kim = await desks.signed_in("Sam"), await desks.signed_in("Kim")
    boss = await desks.signed_in("Boss", Role.SUPERVISOR)
    ticket_id = await waits(scene, "ada")
    await sam.post(f"tickets/{ticket_id}/claim")
    moved = await sam.post(f"tickets/{ticket_id}/transfer", {"to_agent_id": kim.agent_id, "note": "knows ovens"})
    assert (moved.json()["state"], moved.json()["agent"]["name"]) == ("accepted", "Kim")
    assert (await sam.post(f"tickets/{ticket_id}/messages", {"client_seq": 1, "text": "x"})).status_code == 409
    assert "knows ovens" in [one["text"] for one in (await kim.get(f"tickets/{ticket_id}"))["entries"]]
    unknown = await kim.post(f"tickets/{ticket_id}/transfer", {"to_agent_id": "nobody"})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (409, "unknown_colleague")
    released = await boss.post(f"tickets/{ticket_id}/release")
    assert (released.json()["state"], released.json()["agent"]) == ("queued", None)


async def test_promises_and_corrected_facts_go_back_to_the_bot(desks: Desks, scene: Scene) -> None:
    """A promise with a time becomes a reminder."""
    sam = await desks.signed_in("Sam")
    ticket_id = await waits(scene, "ada")
    await sam.post(f"tickets/{ticket_id}/claim")
    promise = {"text": "We call you on Monday.", "due_at": moment(utc_now() + timedelta(days=2)), "remind": "agent"}
    body = {"note": "n", "outcome": "solved", "commitments": [promise], "changed_slots": {"order_number": "LF-2"}}
    returned = await sam.post(f"tickets/{ticket_id}/return", body)
    assert (returned.status_code, returned.json()["outcome"]) == (200, "solved")
    [timer] = [one for one in await scene.rows(Timer) if one.kind == "promise"]
    assert timer.data["text"] == "We call you on Monday."
    [event] = [one.input for one in await scene.rows(InboxMessage) if one.input["type"] == "event"]
    assert event["data"]["changed_slots"] == {"order_number": "LF-2"}
    for wrong in ({"changed_slots": {"a": 7}}, {"commitments": [{"text": ""}]}, {"commitments": [promise] * 11}):
        assert (await sam.post(f"tickets/{ticket_id}/return", wrong)).status_code == 400


async def test_the_supervisors_page_shows_who_waits_and_who_works(desks: Desks, scene: Scene) -> None:
    """And how often each reason came."""
    boss, sam = await desks.signed_in("Boss", Role.SUPERVISOR), await desks.signed_in("Sam")
    taken, waiting = await waits(scene, "ada"), await waits(scene, "ben")
    await sam.post(f"tickets/{taken}/claim")
    page = await boss.get("supervision")
    assert [one["id"] for one in page["waiting"]] == [waiting]
    held = {one["name"]: (one["presence"], one["conversations"]) for one in page["agents"]}
    assert held == {"Boss": ("online", 0), "Sam": ("online", 1)}
    assert (page["levels"]["tickets"], page["levels"]["answered"], page["levels"]["in_time"]) == (2, 1, 1.0)
    assert page["reasons"][0] == {"code": "customer_request", "count": 2}
    assert {one["code"]: one["count"] for one in page["reasons"][1:]} == {
        code.value: 0 for code in ReasonCode if code is not ReasonCode.CUSTOMER_REQUEST
    }
    [mine] = (await sam.get("tickets?list=mine"))["tickets"]
    assert mine["waiting_since"] is not None, "the customer's message has no answer yet"
    await sam.post(f"tickets/{taken}/messages", {"client_seq": 1, "text": "Hello."})
    [answered] = (await sam.get("tickets?list=mine"))["tickets"]
    assert answered["waiting_since"] is None


def test_levels_are_counted(database_url: str) -> None:
    """Shares of what was measured, and None, not nought, where nothing was."""
    found = levels([300, 60, 90], tickets=4, abandoned=1)
    assert (found["answered"], found["abandoned"], found["in_time"]) == (3, 1, pytest.approx(2 / 3))
    assert (found["p50_seconds"], found["p90_seconds"]) == (90, 300)
    assert levels([], tickets=0, abandoned=0)["in_time"] is None


async def test_promises_are_held_against_what_came_and_against_a_moving_mean(desks: Desks, scene: Scene) -> None:
    """The mean knows only the waits that had ended when the customer came; open time counts, not the night."""
    boss = await desks.signed_in("Boss", Role.SUPERVISOR)
    assert (await boss.get("supervision"))["promises"]["p90_covered"] is None
    begun = utc_now() - timedelta(hours=5)
    # Joined and ended after so many minutes, seconds of open time, promise.
    waits = ((0, 10, 100, None), (20, 30, 300, None), (40, 60, 400, (300, 500)), (41, 61, 900, (300, 500)))

    def timed(session: Session, ticket_id: str, joined: int, ended: int, seconds: int, promised: Any) -> None:
        p50, p90 = promised or (None, None)
        session.get_one(Ticket, ticket_id).created_at = begun + timedelta(minutes=joined)
        at, load = begun + timedelta(minutes=ended), asdict(Load(0, 1, 1, 1, 0, 0.0))
        session.add(
            Wait(ticket_id=ticket_id, ended_at=at, load=load, waited=seconds, promised_p50=p50, promised_p90=p90)
        )

    for number, row in enumerate(waits):
        ticket_id = await scene.hand_off(await scene.says(f"customer {number}", "help"))
        await scene.database.run(timed, ticket_id, *row)
    found = (await boss.get("supervision"))["promises"]
    assert (found["count"], found["p50_covered"], found["p90_covered"]) == (2, 0.0, 0.5)
    assert (found["p50_promised_seconds"], found["real_p90_seconds"]) == (300, 900)
    # Both came when two waits had ended, of 200 s in the mean.
    assert found["compared"] == 2
    assert found["pinball_seconds"] == pytest.approx((loss(300, 500, 400) + loss(300, 500, 900)) / 2)
    assert found["moving_mean_pinball_seconds"] == pytest.approx((loss(200, 200, 400) + loss(200, 200, 900)) / 2)
