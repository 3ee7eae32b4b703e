"""Agents and trainers say whether the assistant was right: at the desk and on the command line, with who and when."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot.commands.main import app
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import InboxMessage
from bot.gateway.desk import asked
from bot.gateway.desk.roles import Role
from bot.gateway.desk.tables import AuditRecord
from bot.gateway.platform.clock import utc_now
from tests.gateway.desk.conftest import Desk, Desks
from tests.gateway.tickets.scene import Scene

START = datetime(2020, 1, 1, tzinfo=timezone.utc)
TRACE = {
    "intent": {"name": "store_hours", "confidence": 0.9},
    "ranking": [{"name": "store_hours", "confidence": 0.9}],
    "decision": {"kind": "answer", "why": "so"},
    "model": "20261125-1.tar.gz",
}


async def answered(scene: Scene) -> tuple[str, str, int]:
    """A customer who was answered, thought little of it, and waits; gives message, ticket and the trace's number."""
    conversation_id = await scene.says("ada", "my dishwasher leaks", "web")

    def work(session: Session) -> tuple[str, int]:
        conversation = transcript.lock(session, conversation_id)
        assert conversation is not None
        message_id = session.scalars(select(InboxMessage.message_id)).one()
        rest: dict[str, Any] = {"author": "bot", "now": utc_now(), "message_id": message_id}
        transcript.append(session, conversation, text="We open at 11am.", rating="down", **rest)
        return message_id, transcript.append(session, conversation, type="trace", detail=TRACE, **rest).seq

    message_id, seq = await scene.database.run(work)
    await scene.handled()
    return message_id, await scene.hand_off(conversation_id), seq


async def shown(desk: Desk, ticket_id: str) -> tuple[Any, Any]:
    """The thumb and the mark, as the transcript shows them."""
    entries = (await desk.get(f"tickets/{ticket_id}"))["entries"]
    (reply,) = [entry for entry in entries if entry["text"] == "We open at 11am."]
    (trace,) = [entry for entry in entries if entry["type"] == "trace"]
    return reply["rating"], trace["mark"]


async def test_a_trainer_and_an_agent_mark_a_turn_and_the_last_mark_stands(desks: Desks, scene: Scene) -> None:
    """With who and when, in the transcript, in the export for the audit, and each one in the audit log."""
    message_id, ticket_id, seq = await answered(scene)
    tom, sam = await desks.signed_in("Tom", Role.TRAINER), await desks.signed_in("Sam")
    assert await shown(tom, ticket_id) == ("down", None)
    address = f"tickets/{ticket_id}/turns/{seq}/mark"
    marked = await tom.post(address, {"verdict": "wrong", "meant": "dishwasher_fault"})
    assert marked.status_code == 200
    assert marked.json()["entry"]["mark"] == (await shown(sam, ticket_id))[1]
    again = await asyncio.gather(*(sam.post(address, {"verdict": "right"}) for _ in range(4)))
    assert [answer.status_code for answer in again] == [200] * 4
    mark = (await shown(tom, ticket_id))[1]
    assert {**mark, "at": None} == {"verdict": "right", "meant": None, "by": "Sam", "at": None}
    assert mark["at"].endswith("Z")
    question = await scene.database.read(lambda session: next(iter(asked.asked(session, START, utc_now()))))
    assert (question.message_id, question.rating, question.mark, question.model) == (
        message_id,
        "down",
        mark,
        "20261125-1.tar.gz",
    )
    assert (await tom.post(address, {"verdict": None})).json()["entry"]["mark"] is None
    records = [one for one in await scene.rows(AuditRecord) if one.action == "marked_answer"]
    assert [(one.agent_id, one.ticket_id, one.detail) for one in records] == [
        (tom.agent_id, ticket_id, {"message": message_id, "verdict": "wrong", "meant": "dishwasher_fault"}),
        (sam.agent_id, ticket_id, {"message": message_id, "verdict": "right", "meant": None}),
        (tom.agent_id, ticket_id, {"message": message_id, "verdict": None, "meant": None}),
    ]


async def test_what_is_no_mark_is_refused(desks: Desks, scene: Scene) -> None:
    """Another line of the transcript, an unknown ticket, an intent that is none or beside `right`."""
    _, ticket_id, seq = await answered(scene)
    sam = await desks.signed_in("Sam")
    for where in (1, seq - 1, seq + 1, 2**31 - 1):
        answer = await sam.post(f"tickets/{ticket_id}/turns/{where}/mark", {"verdict": "wrong"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_turn")
    assert (await sam.post(f"tickets/none/turns/{seq}/mark", {"verdict": "wrong"})).status_code == 404
    bodies: list[Any] = [
        {},
        {"verdict": "bad"},
        {"verdict": "right", "meant": "greet"},
        {"verdict": None, "meant": "greet"},
        {"verdict": "wrong", "meant": ""},
        {"verdict": "wrong", "meant": "<b>greet</b>"},
        {"verdict": "wrong", "meant": "g" * 65},
        {"verdict": "wrong", "meant": 7},
        {"verdict": "wrong", "more": 1},
    ]
    for body in bodies:
        answer = await sam.post(f"tickets/{ticket_id}/turns/{seq}/mark", body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request"), body
    assert (await shown(sam, ticket_id))[1] is None


async def test_the_command_line_marks_too(
    desks: Desks, scene: Scene, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the name of an account or of nobody; what it cannot do it says in a sentence."""
    message_id, ticket_id, _ = await answered(scene)
    sam = await desks.signed_in("Sam")
    monkeypatch.setenv("WARMLINE_DATABASE_URL", database_url)

    whole = ["mark", message_id, "wrong", "--meant", "greet", "--by", "SAM"]
    told = await asyncio.to_thread(CliRunner().invoke, app, whole)
    assert (told.exit_code, told.output) == (0, "Marked wrong.\n")
    mark = (await shown(sam, ticket_id))[1]
    assert (mark["by"], mark["meant"]) == ("Sam", "greet")
    told = await asyncio.to_thread(CliRunner().invoke, app, ["mark", message_id, "right"])
    assert told.exit_code == 0
    assert (await shown(sam, ticket_id))[1]["by"] is None
    for arguments in (
        ["nothing", "right"],
        [message_id, "right", "--by", "nobody"],
        [message_id, "right", "--meant", "greet"],
    ):
        told = await asyncio.to_thread(CliRunner().invoke, app, ["mark", *arguments])
        assert told.exit_code == 1
        assert told.output.startswith("Stopped. ")
    assert (await shown(sam, ticket_id))[1]["verdict"] == "right"
    told = await asyncio.to_thread(CliRunner().invoke, app, ["mark", message_id, "none"])
    assert told.exit_code == 0
    assert (await shown(sam, ticket_id))[1] is None
