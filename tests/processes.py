"""A brain and its action server as real processes, and a customer who talks to them through the private channel."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.installation import Installation

# A turn takes tens of milliseconds; a busy machine may take seconds.
LONGEST_TURN = 60.0

# After which none of the shop's limits remembers anything, in seconds.
A_WEEK = 7 * 24 * 3600 + 1


@dataclass(frozen=True)
class Brain:
    """The brain's private channel (docs/reference/turn.md)."""

    url: str
    secret: str
    installation: Installation

    @property
    def shop_database(self) -> Path:
        """The shop's database behind its action server."""
        return self.installation.settings.var / "shop.db"

    def post(self, turn: dict[str, Any], secret: str | None = None) -> httpx.Response:
        """Send one turn as it is."""
        headers = {"Authorization": f"Bearer {self.secret if secret is None else secret}"}
        with httpx.Client(trust_env=False, timeout=LONGEST_TURN) as client:
            return client.post(f"{self.url}/webhooks/warmline/turn", json=turn, headers=headers)

    def take_turn(self, what: dict[str, Any], state: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """One turn's result; ``what`` is the turn's ``input``, and anything but a 200 fails the test."""
        answer = self.post(turn(what, state, **more))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def talk(self) -> Dialogue:
        """Begin a conversation."""
        return Dialogue(self)

    def booked(self) -> list[tuple[Any, ...]]:
        """The visits that are booked in the shop."""
        with closing(sqlite3.connect(self.shop_database, timeout=10)) as connection:
            return connection.execute("SELECT slot_id, appliance, postcode, email FROM appointments").fetchall()

    def empty_diary(self) -> None:
        """Take back every visit that was booked, so that a dialogue finds the days free that another one used."""
        with closing(sqlite3.connect(self.shop_database, timeout=10)) as connection, connection:
            connection.execute("DELETE FROM appointments")

    def problem_of(self, slot_id: str) -> str:
        """What the technician reads about a booked visit."""
        with closing(sqlite3.connect(self.shop_database, timeout=10)) as connection:
            found = connection.execute("SELECT problem FROM appointments WHERE slot_id = ?", (slot_id,)).fetchone()
        return str(found[0])

    def time_passes(self, seconds: int = A_WEEK) -> None:
        """Let what the shop counts grow older, as if that much time had passed."""
        with closing(sqlite3.connect(self.shop_database, timeout=10)) as connection, connection:
            connection.execute("UPDATE tallies SET at = at - ?", (seconds,))

    def forget_returns(self) -> None:
        """Let every order be returned again: dialogues share the shop, and each order can be returned once."""
        with closing(sqlite3.connect(self.shop_database, timeout=10)) as connection, connection:
            connection.execute("DELETE FROM returns")

    def returned(self) -> list[tuple[Any, ...]]:
        """The returns that are registered in the shop."""
        with closing(sqlite3.connect(self.shop_database, timeout=10)) as connection:
            return connection.execute("SELECT order_number, reason, words, collect_on FROM returns").fetchall()


def turn(what: dict[str, Any], state: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A whole ``turn/1`` around an input, with ids of its own unless they are given."""
    return {
        "schema": "turn/1",
        "conversation_id": secrets.token_hex(8),
        "message_id": secrets.token_hex(8),
        "channel": "web",
        "locale": "en",
        "shadow": False,
        "customer": {"id": secrets.token_hex(8), "name": None, "verified": False, "attributes": {}},
        "input": what,
        "state": state,
        **more,
    }


@dataclass
class Dialogue:
    """One customer's conversation; the state travels as the gateway would carry it."""

    brain: Brain
    state: dict[str, Any] | None = None
    conversation_id: str = field(default_factory=lambda: secrets.token_hex(8))
    last: dict[str, Any] = field(default_factory=dict)

    def say(self, text: str, **more: Any) -> Dialogue:
        """Type something."""
        return self._take({"type": "text", "text": text}, **more)

    def press(self, title: str, **more: Any) -> Dialogue:
        """Press the button of the last turn whose title begins so."""
        for choice in self.choices:
            if choice["title"].startswith(title):
                return self._take({"type": "choice", **{key: choice[key] for key in ("payload", "title")}}, **more)
        raise AssertionError(f"no button {title!r} among {[choice['title'] for choice in self.choices]}")

    def press_payload(self, payload: str, **more: Any) -> Dialogue:
        """Press a button that another turn, or the page, had offered."""
        return self._take({"type": "choice", "payload": payload, "title": payload}, **more)

    def returned_by_human(self, agent: str = "Sam", note: str = "") -> Dialogue:
        """A human gives the conversation back."""
        data = {"agent": agent, "note": note, "outcome": "solved"}
        return self._take({"type": "event", "name": "returned_by_human", "data": data})

    def _take(self, what: dict[str, Any], **more: Any) -> Dialogue:
        self.last = self.brain.take_turn(what, self.state, conversation_id=self.conversation_id, **more)
        self.state = self.last["state"]
        return self

    @property
    def texts(self) -> list[str]:
        """What the last turn said."""
        return [reply["text"] for reply in self.last["replies"]]

    @property
    def said(self) -> str:
        """The same as one text."""
        return "\n".join(self.texts)

    @property
    def choices(self) -> list[dict[str, str]]:
        """The buttons of the last turn."""
        return [choice for reply in self.last["replies"] for choice in reply.get("choices", [])]

    @property
    def titles(self) -> list[str]:
        """What the buttons say."""
        return [choice["title"] for choice in self.choices]

    @property
    def citations(self) -> list[str]:
        """The articles that the last turn quoted."""
        return [reply["citation"]["article"] for reply in self.last["replies"] if reply.get("citation")]

    @property
    def handoff(self) -> dict[str, Any] | None:
        """The request to hand over, if there was one."""
        request: dict[str, Any] | None = self.last["handoff"]
        return request

    @property
    def open_form(self) -> str | None:
        """The form that waits for the customer."""
        form = (self.state or {}).get("open_form")
        return form["name"] if form else None

    def slot(self, name: str) -> Any:
        """A slot's value after the last turn."""
        return ((self.state or {}).get("slots") or {}).get(name)
