"""The whole assistant as it ships, on a fixed day, with its desk open all day and an agent there.

The clock is libfaketime's: one offset for all three processes, so that they agree and go on ticking from
2026-11-28 12:00 in London. Nothing in the product knows of it. Conversations follow one another; after each, what it
left in the shop, in the line and among the past waits is cleared, so that none meets what another did.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import yaml

from benchmarks.timed_brain import FILE as COSTS
from bot.errors import WarmlineError
from bot.gateway.conversations import waiting
from bot.knowledge.sources.articles import load_articles
from bot.processes import ProcessPlan
from bot.untrusted.lines import lines_of
from bot.wording.files import load_catalogue
from tests.e2e.installation import ROOT, Installation, WebVisitor, private_settings

NOON = datetime(2026, 11, 28, 12, 0, tzinfo=ZoneInfo("Europe/London"))
"""A Saturday: tomorrow is Sunday 29 November."""

_LIBRARIES = ("lib/*/faketime/libfaketime.so.1", "lib/faketime/libfaketime.so.1", "local/lib/faketime/libfaketime.so.1")
_ALL_DAY = ["00:00-24:00"]
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# A turn takes some 30 ms; one that fails is tried again for ten seconds, and a bench on a busy machine waits longer.
PATIENCE = 60.0
# Who waits in the line gets a reaction from a shadow turn, which the gateway gives up within 8 s.
PATIENCE_IN_LINE = 8.0
# While a human has the conversation nothing is to come: so long is listened for somebody who talks over them.
LISTEN_WITH_HUMAN = 0.7
# What belongs to a turn is committed with it; a notice of the line may follow.
SETTLE = 0.12
_LOOK = 0.02


class CannotStageError(WarmlineError):
    """Something that the stage needs is not on this machine."""


def fixed_clock(now: float, folder: Path = Path("/usr")) -> dict[str, str]:
    """Give the variables under which a program's clock stands at :data:`NOON`; ``now`` is the real time, in seconds."""
    found = next((path for pattern in _LIBRARIES for path in sorted(folder.glob(pattern))), None)
    if found is None:
        raise CannotStageError(
            "libfaketime is missing: the conversations take place on a fixed day. "
            "Install it (`apt-get install faketime` on Debian and Ubuntu)."
        )
    return {
        "LD_PRELOAD": str(found),
        "FAKETIME": f"{NOON.timestamp() - now:+.0f}",
        # Timeouts and sleeps go by the monotonic clock, and that one is real. Two names: of two generations.
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # Else a timed wait on the monotonic clock ends at once, and whoever waits for Python's lock burns a whole core.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        "PYTHONPATH": str(Path(__file__).parent / "fixed_clock"),
    }


def company_folder(folder: Path) -> Path:
    """Make a company that is this one but for a desk that is open all day; gives its root."""
    folder.mkdir(parents=True)
    for path in ROOT.iterdir():
        if path.name not in ("desk.yml", "var", "build"):
            (folder / path.name).symlink_to(path)
    desk = yaml.safe_load((ROOT / "desk.yml").read_text(encoding="utf-8"))
    desk["hours"] = {"timezone": desk["hours"]["timezone"], **dict.fromkeys(_WEEK, _ALL_DAY)}
    (folder / "desk.yml").write_text(yaml.safe_dump(desk, sort_keys=False), encoding="utf-8")
    return folder


@dataclass
class Stage(Installation):
    """Gateway, brain and actions on the fixed day; the shop as it was seeded before each conversation."""

    timed: bool = False
    """Whether the brain measures what its layer costs (:mod:`benchmarks.timed_brain`)."""
    _customers_tables: list[str] = field(default_factory=list)

    def _plan(self, name: str) -> ProcessPlan:
        plan = super()._plan(name)
        if not (self.timed and name == "brain"):
            return plan
        return replace(plan, command=(plan.command[0], "-m", "benchmarks.timed_brain"))

    def costs(self) -> list[dict[str, Any]]:
        """What the layer has cost in each turn: ``ms`` of CPU time, and of these each of its ``steps``."""
        path = self.settings.var / COSTS
        return [json.loads(line) for line in lines_of(path.read_text())] if path.exists() else []

    def prepare(self) -> None:
        """Seed the shop on the fixed day, and make the agent's account."""
        super().prepare()
        # What is empty in a new shop is what customers write.
        names = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'", shop=True)
        self._customers_tables = [name for (name,) in names if self._is_empty(name)]

    def _is_empty(self, table: str) -> bool:
        return not self.rows(f'SELECT 1 FROM "{table}" LIMIT 1', shop=True)  # noqa: S608 - a table's name

    def clear(self) -> None:
        """Forget what a conversation wrote in the shop, and how long it waited in the line."""
        for path, tables in (
            (self.settings.var / "shop.db", self._customers_tables),
            (self.settings.var / "warmline.db", ["waits"]),
        ):
            with sqlite3.connect(path, timeout=10) as connection:
                for table in tables:
                    connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a table's name
            connection.close()

    def written(self) -> dict[str, list[dict[str, Any]]]:
        """What the customer's conversation has written: ``booked`` visits and ``returned`` orders."""
        booked = self.rows(
            "SELECT appliance, day, time_window, postcode FROM appointments"
            " JOIN appointment_slots ON appointment_slots.id = slot_id ORDER BY appointments.id",
            shop=True,
        )
        returned = self.rows("SELECT order_number, reason, collect_on FROM returns ORDER BY id", shop=True)
        return {
            "booked": [dict(zip(("product", "date", "time", "postcode"), row, strict=True)) for row in booked],
            "returned": [dict(zip(("order", "reason", "date"), row, strict=True)) for row in returned],
        }


@contextmanager
def stage(folder: Path, *, timed: bool = False) -> Iterator[tuple[Stage, Agent]]:
    """Start everything in ``folder``, with an agent signed in; end it afterwards."""
    clock = fixed_clock(time.time())
    root = company_folder(folder / "company")
    settings = private_settings(folder / "var", WARMLINE_ROOT=str(root), WARMLINE_MODELS=str(ROOT / "models"))
    running = Stage(settings, environment=clock, timed=timed)
    running.prepare()
    try:
        running.start("gateway", "actions", "brain")
        agent = Agent(running)
        try:
            yield running, agent
        finally:
            agent.close()
    finally:
        running.close()


@dataclass(frozen=True)
class Heard:
    """A message that reached the customer."""

    author: str
    """``bot``, ``system`` or ``human``."""
    text: str
    choices: tuple[str, ...] = ()
    """The titles of its buttons."""
    article: str | None = None
    source: str | None = None
    """The title under which the article was cited."""


@dataclass(frozen=True)
class Reaction:
    """What followed from one line."""

    heard: tuple[Heard, ...]
    owner: str
    """``bot``, ``queue`` or ``human``, afterwards."""
    reason: str | None
    """Why the ticket that is open, or was last, was opened."""
    trace: Mapping[str, Any]
    milliseconds: float
    told_to_wait: bool = False
    """Whether a notice said that it takes a moment: it tells of a busy machine, and is no part of what was said."""


# The gateway hangs up on a connection that was idle for five seconds.
_ONE_REQUEST = httpx.Limits(max_keepalive_connections=0)


class Customer(WebVisitor):
    """A visitor of the website who waits until all that follows from a line has come."""

    last_seq = 0

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation)
        self.client.headers["Connection"] = "close"

    def writes(self, text: str) -> Reaction:
        """Say a line and take what comes of it."""
        began = time.monotonic()
        owner = self.owner()
        seq = self.say(text)
        message_id, taken = self._wait_until_handled(seq), time.monotonic() - began
        patience = {"queue": PATIENCE_IN_LINE, "human": LISTEN_WITH_HUMAN}.get(owner, 0.0)
        while not self._is_answered(seq) and time.monotonic() - began < patience:
            time.sleep(_LOOK)
            taken = time.monotonic() - began
        self.wait_for_turn()  # a wish that was typed in the queue is put to the assistant again
        return self.reaction(message_id, 1000 * taken)

    def reaction(self, message_id: str = "", milliseconds: float = 0.0) -> Reaction:
        """Take what has come since the last line, once nothing more comes."""
        newest = -1
        while newest != (newest := self._newest()):
            time.sleep(SETTLE)
        came = [heard_from(event) for event in self._events(newest) if _is_for_customer(event)]
        self.last_seq = max(newest, self.last_seq)
        heard = tuple(message for message in came if not tells_to_wait(message))
        waited = len(heard) < len(came)
        return Reaction(heard, self.owner(), self._reason(), self._trace(message_id), milliseconds, waited)

    def wait_for_turn(self) -> None:
        """Wait until nothing of this conversation is being taken."""
        query = "SELECT 1 FROM inbox WHERE conversation_id = ? AND handled_at IS NULL"
        deadline = time.monotonic() + PATIENCE
        while self.installation.rows(query, self.conversation_id) and time.monotonic() < deadline:
            time.sleep(_LOOK)

    def owner(self) -> str:
        """Who has the conversation: ``bot``, ``queue`` or ``human``."""
        [(owner,)] = self._rows("SELECT owner FROM conversations WHERE id = ?")
        return str(owner).partition(":")[0]

    def end(self) -> None:
        """Leave for good: nobody waits in the line any more."""
        path = f"/api/web/conversations/{self.conversation_id}/end"
        with suppress(httpx.HTTPError):
            self.client.post(path, headers=self.headers).raise_for_status()

    def stored(self) -> str:
        """All that the gateway's database holds of this conversation, as one text."""
        names = self.installation.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        text: list[str] = []
        for (name,) in names:
            columns = [row[1] for row in self.installation.rows(f'PRAGMA table_info("{name}")')]
            key = "conversation_id" if "conversation_id" in columns else "id" if name == "conversations" else None
            if key:
                text += [repr(row) for row in self._rows(f'SELECT * FROM "{name}" WHERE "{key}" = ?')]  # noqa: S608 - names of a table
        return "\n".join(text)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.installation.rows(query, self.conversation_id)

    def _wait_until_handled(self, seq: int) -> str:
        query = (
            "SELECT inbox.message_id, handled_at IS NOT NULL FROM entries"
            " JOIN inbox ON inbox.message_id = entries.message_id WHERE entries.conversation_id = ? AND seq = ?"
        )
        deadline = time.monotonic() + PATIENCE
        found = ""
        while time.monotonic() < deadline:
            for message_id, handled in self.installation.rows(query, self.conversation_id, seq):
                found = str(message_id)
                if handled:
                    return found
            time.sleep(_LOOK)
        return found

    def _is_answered(self, seq: int) -> bool:
        query = (
            "SELECT 1 FROM entries WHERE conversation_id = ? AND seq > ? AND type = 'message' AND author != 'customer'"
            " AND visible_to_customer LIMIT 1"
        )
        return bool(self.installation.rows(query, self.conversation_id, seq))

    def _newest(self) -> int:
        query = "SELECT coalesce(max(seq), 0) FROM entries WHERE conversation_id = ? AND visible_to_customer"
        [(newest,)] = self._rows(query)
        return int(newest)

    def _events(self, newest: int) -> list[dict[str, Any]]:
        events = self.story() if newest > self.last_seq else []
        return [event for event in events if event["seq"] > self.last_seq]

    def _reason(self) -> str | None:
        rows = self._rows("SELECT reason FROM tickets WHERE conversation_id = ? ORDER BY created_at DESC LIMIT 1")
        return str(rows[0][0]) if rows else None

    def _trace(self, message_id: str) -> Mapping[str, Any]:
        query = "SELECT detail FROM entries WHERE conversation_id = ? AND type = 'trace' AND message_id = ?"
        rows = self.installation.rows(query, self.conversation_id, message_id)
        return dict(json.loads(rows[-1][0])) if rows and rows[-1][0] else {}


def tells_to_wait(message: Heard) -> bool:
    """Whether a message is one of the gateway's for a turn that takes long."""
    return message.author == "system" and message.text in _waiting_words()


@cache
def _waiting_words() -> frozenset[str]:
    words = load_catalogue(ROOT)
    return frozenset(words.say(said, "en") for said in (waiting.TAKES_LONGER, waiting.WAKING_UP))


def _is_for_customer(event: Mapping[str, Any]) -> bool:
    return event["event"] == "message" and event["author"] != "customer"


def heard_from(event: Mapping[str, Any]) -> Heard:
    """Take from an event of the customer's stream what a customer hears, and which article it cites."""
    citation = event.get("citation") or {}
    return Heard(
        event["author"],
        event["text"],
        tuple(choice["title"] for choice in event.get("choices") or []),
        _ids_by_title().get(citation.get("title", "")),
        citation.get("title"),
    )


@cache
def _ids_by_title() -> dict[str, str]:
    """A customer's page is told of an article's title, not of its id."""
    return {article.title: article.id for article in load_articles(ROOT / "knowledge_index" / "articles")}


class Agent:
    """A human at the desk, who is there and does what a script says."""

    def __init__(self, running: Installation) -> None:
        self._running = running
        self._client = httpx.Client(
            base_url=f"{running.url}/api/desk/", trust_env=False, timeout=PATIENCE, limits=_ONE_REQUEST
        )
        who = {"username": "admin", "password": running.password}
        signed_in = self._client.post("session", json=who).raise_for_status().json()
        self._client.headers["X-Warmline-CSRF"] = signed_in["csrf"]
        self._client_seq = 0
        self.is_there()

    def is_there(self) -> None:
        """Show a sign of life: who shows none for a minute and a half counts as gone."""
        self._client.post("presence", json={"presence": "online"}).raise_for_status()

    def does(self, line: str, customer: Customer) -> Reaction | None:
        """Claim, return, resolve, or write to the customer; None where there is no ticket to do it with."""
        ticket = self._ticket(customer)
        if ticket is None or (line != "claim" and customer.owner() != "human"):
            return None
        match line:
            case "claim":
                self._post(f"tickets/{ticket}/claim")
            case "return":
                self._post(f"tickets/{ticket}/return", {"note": ""})
            case "resolve":
                self._post(f"tickets/{ticket}/resolve", {"outcome": "solved"})
            case _:
                self._client_seq += 1
                self._post(f"tickets/{ticket}/messages", {"client_seq": self._client_seq, "text": line})
        customer.wait_for_turn()
        return customer.reaction()

    def clear(self, customer: Customer) -> None:
        """End what is still open of a conversation, so that the next one finds nobody in the line."""
        ticket = self._ticket(customer)
        if ticket is not None and customer.owner() == "human":
            with suppress(httpx.HTTPStatusError):
                self._post(f"tickets/{ticket}/resolve", {"outcome": "solved"})
        customer.end()

    def close(self) -> None:
        """Go home."""
        self._client.close()

    def _ticket(self, customer: Customer) -> str | None:
        query = "SELECT id FROM tickets WHERE conversation_id = ? AND state IN ('queued', 'accepted')"
        rows = self._running.rows(query, customer.conversation_id)
        return str(rows[0][0]) if rows else None

    def _post(self, path: str, body: Mapping[str, Any] | None = None) -> None:
        self._client.post(path, json=dict(body or {})).raise_for_status()
