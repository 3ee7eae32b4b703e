"""What the export of questions promises: each typed message once, what was decided and how it ended; it only reads."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot.commands.main import app
from bot.errors import WarmlineError
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import InboxMessage
from bot.gateway.desk import asked
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from tests.gateway.making import new_conversation

NOW = utc_now()


def _ask(
    session: Session,
    number: int,
    said: str,
    kind: str | None,
    *,
    name: str = "c1",
    given: str = "text",
    outcome: str = "answered",
    article: str | None = None,
    minutes_ago: int = 60,
    payload: str = "",
    read_as: str = "",
    **trace_too: Any,
) -> None:
    conversation = transcript.lock(session, name) or new_conversation(session, name)
    at, message_id = NOW - timedelta(minutes=minutes_ago), f"{name}-{number}"
    session.add(
        InboxMessage(
            message_id=message_id,
            conversation_id=name,
            channel="telegram",
            account="default",
            provider_message_id=message_id,
            input={"type": given, "text": said, "title": said, "payload": payload},
            received_at=at,
            handled_at=at,
            outcome=outcome,
        )
    )
    transcript.append(session, conversation, author="customer", now=at, text=said, message_id=message_id)
    citation = {"article": article, "title": "", "heading": "", "url": ""} if article else None
    transcript.append(
        session, conversation, author="bot", now=at, text="Reply.", citation=citation, message_id=message_id
    )
    if kind:
        trace = {
            "intent": {"name": "x", "confidence": 0.5},
            "ranking": [{"name": read_as, "confidence": 0.5}] if read_as else [],
            "decision": {"kind": kind, "why": "so"},
            **trace_too,
        }
        transcript.append(
            session, conversation, author="bot", type="trace", now=at, detail=trace, message_id=message_id
        )


def _endings(database: Database) -> dict[str, str]:
    def read(session: Session) -> dict[str, str]:
        return {one.text: one.ending for one in asked.asked(session, NOW - timedelta(days=1), NOW)}

    return database.run_here(read)


def test_each_question_says_how_it_ended(database: Database) -> None:
    """Answered, asked in other words, a button, a person, or silence."""

    def write(session: Session) -> None:
        _ask(session, 1, "first", "no_answer", minutes_ago=60)
        _ask(session, 2, "again", "no_answer", minutes_ago=58)
        _ask(session, 3, "A person", "act", given="choice", outcome="handed_off", minutes_ago=57)
        _ask(session, 1, "answered", "answer", name="c2", article="store-hours")
        _ask(session, 1, "left", "out_of_scope", name="c3")
        _ask(session, 1, "just now", "unclear", name="c4", minutes_ago=1)
        _ask(session, 1, "which", "ask_back", name="c5", minutes_ago=60)
        _ask(session, 2, "This one", "act", name="c5", given="choice", minutes_ago=59)
        _ask(session, 1, "person please", "act", name="c6", outcome="handed_off")
        _ask(session, 1, "to a human", None, name="c7", outcome="kept_for_human")
        _ask(session, 1, "evening", "no_answer", name="c8", minutes_ago=600)
        _ask(session, 2, "morning", "answer", name="c8", minutes_ago=60)

    database.run_here(write)
    assert _endings(database) == {
        "first": "rephrased",
        "again": "handed_off",
        "answered": "done",
        "left": "gave_up",
        "just now": "open",
        "which": "chose",
        "person please": "handed_off",
        "evening": "gave_up",
        "morning": "done",
    }


def test_each_question_says_what_the_customer_did_next(database: Database) -> None:
    """The same again, none of what was offered, a person, a choice that was pressed or typed; or went on."""
    person = {"name": "ask_for_person", "confidence": 0.9}

    def write(session: Session) -> None:
        _ask(session, 1, "hours", "answer", read_as="store_hours")
        _ask(session, 2, "hours again", "answer", read_as="store_hours", minutes_ago=59)
        _ask(session, 3, "delivery", "answer", read_as="delivery_time", minutes_ago=58)
        _ask(session, 4, "None of these", "act", given="choice", payload="/none_of_these", minutes_ago=57)
        _ask(session, 1, "refund", "answer", name="c2")
        _ask(session, 2, "a person", "act", name="c2", intent=person, minutes_ago=59)
        _ask(session, 1, "which", "ask_back", name="c3")
        _ask(session, 2, "the first", "act", name="c3", chose={"title": "Track an order"}, minutes_ago=59)
        _ask(session, 1, "order", "act", name="c4", read_as="inform", form={"name": "f", "asks": "s"})
        _ask(session, 2, "LF-1", "act", name="c4", read_as="inform", minutes_ago=59)

    database.run_here(write)
    read = database.run_here(lambda session: list(asked.asked(session, NOW - timedelta(days=1), NOW)))
    assert {one.text: (one.next, one.chosen) for one in read} == {
        "hours": ("asked_again", None),
        "hours again": ("went_on", None),
        "delivery": ("none_of_these", "None of these"),
        "refund": ("asked_for_person", None),
        "a person": ("nothing", None),
        "which": ("went_on", "Track an order"),
        "the first": ("nothing", None),
        "order": ("went_on", None),
        "LF-1": ("nothing", None),
    }


def test_the_command_writes_json_lines_and_changes_nothing(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line is a ``question/1``; a day that lies ahead gives none."""
    database.run_here(lambda session: _ask(session, 1, "Where's my näme?", "answer", article="store-hours"))
    monkeypatch.setenv("WARMLINE_DATABASE_URL", database_url)
    told = CliRunner().invoke(app, ["questions"])
    assert told.exit_code == 0
    (line,) = told.stdout.splitlines()
    question: dict[str, Any] = json.loads(line)
    assert question["schema"] == "question/1"
    assert (question["text"], question["article"], question["decision"]) == (
        "Where's my näme?",
        "store-hours",
        "answer",
    )
    assert CliRunner().invoke(app, ["questions", "--since", "2999-01-01"]).stdout == ""


def test_the_export_cannot_write(database: Database) -> None:
    """Whatever a later change of it does, the database refuses."""

    with database.reading() as session, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        session.execute(sql("DELETE FROM entries"))


def test_without_a_database_it_says_what_creates_one(tmp_path: Any) -> None:
    """And creates none itself."""
    with pytest.raises(WarmlineError, match="make run"):
        asked.export(f"sqlite:///{tmp_path}/none.db", NOW)
    assert not (tmp_path / "none.db").exists()
