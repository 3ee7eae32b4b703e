"""The administrator's page: accounts are opened, changed and closed; and everything stands in a log that only grows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import delete, exc, update
from sqlalchemy.orm import Session

from bot.gateway.desk.roles import Role
from bot.gateway.desk.tables import AuditRecord
from bot.gateway.platform.database import Database
from tests.gateway.desk.conftest import Desk, Desks
from tests.gateway.tickets.scene import Scene

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def root(desks: Desks) -> Desk:
    """An administrator."""
    return await desks.signed_in("Root", Role.ADMINISTRATOR)


async def user(root: Desk, username: str) -> dict[str, Any]:
    """One account of the list."""
    return next(one for one in (await root.get("users"))["users"] if one["username"] == username)


async def log(root: Desk, query: str = "") -> list[tuple[str, str | None, str | None]]:
    """The audit log, oldest first: what, by whom, to whom."""
    records = (await root.get(f"audit{query}"))["records"]
    return [
        (one["action"], one["agent"] and one["agent"]["name"], one["subject"] and one["subject"]["name"])
        for one in reversed(records)
    ]


@on_sqlite
async def test_an_account_is_opened_with_a_password_that_is_shown_once(desks: Desks, root: Desk) -> None:
    """The new colleague signs in with it, as what the administrator chose."""
    made = await root.post("users", {"username": " Kim ", "name": "Kim  Lee", "role": "supervisor"})
    assert made.status_code == 201
    assert (made.json()["user"]["username"], made.json()["user"]["name"]) == ("kim", "Kim Lee")
    answer = await desks.browser().post("session", json={"username": "kim", "password": made.json()["password"]})
    assert answer.json()["agent"]["role"] == "supervisor"
    assert "supervise" in answer.json()["may"]
    assert made.json()["password"] not in json.dumps(await root.get("users"))
    again = await root.post("users", {"username": "KIM", "name": "Kim", "role": "agent"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "username_taken")
    for body in ({"username": "x", "name": " ", "role": "agent"}, {"username": "x", "name": "x", "role": "king"}):
        assert (await root.post("users", body)).status_code == 400


@on_sqlite
async def test_a_changed_role_counts_at_once(desks: Desks, root: Desk) -> None:
    """Not only after the next sign-in."""
    kim = await desks.signed_in("Kim", Role.SUPERVISOR)
    assert (await kim.browser.get("audit")).status_code == 200
    await root.post(f"users/{kim.agent_id}", {"role": "agent"})
    assert (await kim.browser.get("audit")).status_code == 403


@on_sqlite
async def test_a_closed_account_is_out_at_once_and_can_be_opened_again(desks: Desks, root: Desk) -> None:
    """Its password is then no longer right, and nobody learns why."""
    kim = await desks.signed_in("Kim")
    closed = await root.post(f"users/{kim.agent_id}", {"disabled": True})
    assert closed.json()["user"]["disabled_at"] is not None
    assert (await kim.browser.get("session")).status_code == 401
    credentials = {"username": "kim", "password": kim.password}
    refused = await desks.browser().post("session", json=credentials)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "wrong_password")
    await root.post(f"users/{kim.agent_id}", {"disabled": False})
    assert (await desks.browser().post("session", json=credentials)).status_code == 200


@on_sqlite
async def test_a_new_password_by_the_administrator_ends_the_old_sessions(desks: Desks, root: Desk) -> None:
    """For who forgot it, and for who lost a computer."""
    kim = await desks.signed_in("Kim")
    password = (await root.post(f"users/{kim.agent_id}/password")).json()["password"]
    assert (await kim.browser.get("session")).status_code == 401
    assert (await desks.browser().post("session", json={"username": "kim", "password": password})).status_code == 200


@on_sqlite
async def test_the_last_administrator_stays_one(desks: Desks, root: Desk) -> None:
    """Somebody must be able to open accounts."""
    for change in ({"role": "agent"}, {"disabled": True}):
        refused = await root.post(f"users/{root.agent_id}", change)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "last_administrator")
    assert (await user(root, "root"))["role"] == "administrator"
    other = await desks.signed_in("Other", Role.ADMINISTRATOR)
    assert (await root.post(f"users/{root.agent_id}", {"role": "agent"})).status_code == 200
    assert (await root.browser.get("users")).status_code == 403
    assert (await other.browser.get("users")).status_code == 200


async def test_who_still_has_customers_is_not_closed(desks: Desks, root: Desk, scene: Scene) -> None:
    """A customer would wait for somebody who cannot answer any more."""
    kim = await desks.signed_in("Kim")
    conversation_id = await scene.says("ada", "my dishwasher leaks", "web")
    await scene.handled()
    ticket_id = await scene.hand_off(conversation_id)
    await kim.post(f"tickets/{ticket_id}/claim")
    assert (await user(root, "kim"))["conversations"] == 1
    for change in ({"disabled": True}, {"role": "trainer"}):
        refused = await root.post(f"users/{kim.agent_id}", change)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "has_conversations")
    await kim.post(f"tickets/{ticket_id}/resolve", {"outcome": "solved"})
    assert (await root.post(f"users/{kim.agent_id}", {"disabled": True})).status_code == 200


async def test_the_log_tells_who_read_and_did_what_and_holds_no_word_of_a_customer(
    desks: Desks, root: Desk, scene: Scene
) -> None:
    """From the sign-in to the last step, in order."""
    kim = await desks.signed_in("Kim")
    conversation_id = await scene.says("ada", "my dishwasher leaks", "web")
    await scene.handled()
    ticket_id = await scene.hand_off(conversation_id)
    await kim.get(f"tickets/{ticket_id}")
    await kim.post(f"tickets/{ticket_id}/claim")
    await kim.post(f"tickets/{ticket_id}/messages", {"client_seq": 1, "text": "a private word"})
    await kim.post(f"tickets/{ticket_id}/resolve", {"outcome": "solved", "note": "leaking hose"})
    await kim.post(f"tickets/{ticket_id}/claim")  # refused: not done, so not in the log
    await desks.browser().post("session", json={"username": "kim", "password": "guess"})
    await desks.browser().post("session", json={"username": "hunter2 typed into the wrong field", "password": "x"})
    await kim.browser.delete("session")
    assert await log(root) == [
        ("signed_in", "Root", None),
        ("signed_in", "Kim", None),
        ("read_ticket", "Kim", None),
        ("claimed", "Kim", None),
        ("wrote", "Kim", None),
        ("resolved", "Kim", None),
        ("wrong_password", None, "Kim"),
        ("signed_out", "Kim", None),
    ]
    assert (await log(root))[-1] == ("read_audit", "Root", None), "reading the log is reading, too"
    text = json.dumps(await root.get("audit"))
    for private in ("dishwasher", "a private word", "leaking hose", "hunter2", "Ada"):
        assert private not in text
    assert [action for action, _, _ in await log(root, f"?ticket={ticket_id}")] == [
        "read_ticket",
        "claimed",
        "wrote",
        "resolved",
    ]
    assert {who for _, who, _ in await log(root, f"?by={root.agent_id}")} == {"Root"}


@on_sqlite
async def test_the_log_is_read_page_by_page(root: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Newest first, nothing twice, nothing left out."""
    monkeypatch.setattr("bot.gateway.desk.audit.page.__kwdefaults__", {**_defaults(), "limit": 2})
    for n in range(3):
        await root.post("users", {"username": f"user{n}", "name": "U", "role": "agent"})
    seen, before = [], ""
    for _ in range(10):
        found = await root.get(f"audit{before}")
        seen += [one["action"] for one in found["records"]]
        if found["next"] is None:
            break
        before = f"?before={found['next']}"
    assert seen == ["created_account"] * 3 + ["signed_in"]


def _defaults() -> dict[str, Any]:
    from bot.gateway.desk import audit

    return dict(audit.page.__kwdefaults__)


async def test_the_database_itself_refuses_to_change_the_log(root: Desk, database: Database) -> None:
    """Also to somebody who has found a hole in the gateway."""
    assert await log(root)

    def change(session: Session, statement: Any) -> None:
        session.execute(statement)

    for statement in (update(AuditRecord).values(action="read_ticket"), delete(AuditRecord)):
        with pytest.raises(exc.DBAPIError, match="append-only"):
            await database.run(change, statement)
    assert await log(root)
