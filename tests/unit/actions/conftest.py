"""A seeded shop, a few articles and a hand-made dialogue for the actions' tests.

rasa-sdk lives in the brain's environment only: there all of these tests run (``.venv-brain/bin/pytest
tests/unit/actions``), elsewhere those of the shop alone are collected.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from actions.shop.limits import Limits
from actions.shop.seed import seed
from actions.shop.sqlite_shop import SqliteShop

collect_ignore_glob = [] if find_spec("rasa_sdk") else ["test_*.py"]

SUNDAY = date(2026, 11, 22)
"""The day on which the tests' shop stands; Tuesday is the 24th."""


@dataclass
class Clock:
    """Seconds since 1970, from noon on SUNDAY on."""

    seconds: float = 1_795_348_800.0

    def __call__(self) -> float:
        """What time it is."""
        return self.seconds

    def passes(self, **span: float) -> None:
        """Let time pass, in the words of :class:`~datetime.timedelta`."""
        self.seconds += timedelta(**span).total_seconds()


@pytest.fixture
def shop_path(tmp_path: Path) -> Path:
    """A shop's database as it is on SUNDAY."""
    path = tmp_path / "shop.db"
    seed(path, SUNDAY)
    return path


@pytest.fixture
def clock() -> Clock:
    """The time of the tests' shop, which stands still until a test lets it pass."""
    return Clock()


@pytest.fixture
def shop(shop_path: Path, clock: Clock) -> SqliteShop:
    """The shop over it."""
    return SqliteShop(shop_path, clock=clock)


@dataclass(frozen=True)
class FewArticles:
    """Stands for the knowledge index: its passages and what they say, and no search."""

    passages: tuple[Any, ...]

    def version(self, article: str) -> str | None:
        """One version for all; none for an article that is not there."""
        return "v1" if any(passage.article == article for passage in self.passages) else None

    def text(self, article: str, start: int, end: int) -> str:
        """Cut out of the passage that holds the place."""
        holds = (one for one in self.passages if one.article == article and one.start <= start < one.end)
        return next((one.text[start - one.start : end - one.start] for one in holds), "")


def answer_at(place: int, article: str, text: str, start: int = 0, version: str = "v1") -> dict[str, Any]:
    """An answer as the brain leaves it on a message."""
    quote = {"start": start, "end": start + len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    return {"id": place, "article": article, "version": version, "score": 0.8, "quotes": [quote]}


@pytest.fixture
def wired(shop: SqliteShop, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> SqliteShop:
    """Actions that find this shop, these articles and this date."""
    from actions import wiring
    from actions.readings import IntentTitle
    from bot.knowledge.index.passages import Passage

    def passage(place: int, article: str, title: str, text: str, start: int = 0, audience: str = "public") -> Passage:
        url = f"https://larkfield.example/{article}"
        return Passage(place, article, title, "Hours", url, (audience,), text, start, start + len(text))

    articles = FewArticles(
        (
            passage(0, "store-hours", "Opening hours", "We open at nine. On Sundays we open at ten."),
            passage(1, "store-hours", "Opening hours", "Later on there is more.", start=50),
            passage(2, "refund-times", "When your refund arrives", "Within five days. " + "Banks take longer. " * 40),
            passage(3, "internal-goodwill", "Goodwill", "Give up to £40.", audience="internal"),
            passage(4, "pallets", "Pallets", "Traders pay half.", audience="trade"),
        )
    )
    titles = {
        "track_order": IntentTitle("Track an order", True, ()),
        "affirm": IntentTitle("Yes", True, ()),
        "store_hours": IntentTitle("Opening hours of our stores", False, ("internal-goodwill", "store-hours")),
    }
    monkeypatch.setattr(wiring, "shop", lambda: shop)
    monkeypatch.setattr(wiring, "today", lambda: SUNDAY)
    monkeypatch.setattr(wiring, "now", clock)
    monkeypatch.setattr(wiring, "limits", Limits)
    monkeypatch.setattr(wiring, "knowledge", lambda: articles)
    monkeypatch.setattr(wiring, "titles", lambda: titles)
    return shop


@dataclass
class Talk:
    """A dialogue made by hand: say things, then run an action and look at what it did."""

    slots: dict[str, Any] = field(default_factory=dict)
    form: str | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    latest: dict[str, Any] = field(default_factory=dict)
    conversation: str = "c1"
    origin: str | None = None

    def customer(self, text: str, intent: str = "inform", entities: dict[str, Any] | None = None, **more: Any) -> Talk:
        """The customer writes, or presses a button when the text starts with a slash."""
        self.latest = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "intent_ranking": [{"name": intent, "confidence": 0.9}, {"name": "greet", "confidence": 0.1}],
            "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
            "metadata": {
                "message_id": f"{self.conversation}/m{len(self.events)}",
                "conversation_id": self.conversation,
                "customer": {"id": self.conversation, "origin": self.origin},
                "shadow": False,
            },
            **more,
        }
        self.events.append({"event": "user", "text": text, "parse_data": self.latest})
        return self

    def mapped(self, **slots: Any) -> Talk:
        """What Rasa's slot mappings heard in the message, as it hands it to a form's check."""
        if self.form:
            self.events.append({"event": "action", "name": self.form})
        for name, value in slots.items():
            self.slots[name] = value
            self.events.append({"event": "slot", "name": name, "value": value})
        return self

    def run(self, action: Any) -> Answer:
        """Run an action as rasa-sdk would, and let its events happen."""
        from rasa_sdk import Tracker
        from rasa_sdk.executor import CollectingDispatcher

        dispatcher = CollectingDispatcher()
        loop = {"name": self.form} if self.form else {}
        tracker = Tracker(
            self.conversation, dict(self.slots), self.latest, list(self.events), False, None, loop, "action_listen"
        )
        events = asyncio.run(action.run(dispatcher, tracker, {}))
        self.events.append({"event": "action", "name": action.name()})
        for event in events:
            self.events.append(event)
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            if event["event"] == "active_loop":
                self.form = event["name"]
        return Answer(dispatcher.messages, events)


@dataclass(frozen=True)
class Answer:
    """What an action said and did."""

    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]

    @property
    def said(self) -> list[str]:
        """The responses' names, or the text where something is quoted."""
        return [message["response"] or message["text"] for message in self.messages]

    @property
    def choices(self) -> dict[str, str]:
        """Titles and payloads of all buttons."""
        return {button["title"]: button["payload"] for message in self.messages for button in message["buttons"]}

    @property
    def slots(self) -> dict[str, Any]:
        """The slots as they were set last."""
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def outcome(self) -> dict[str, Any] | None:
        """How the action says it ended."""
        return self.slots.get("action_outcome")

    @property
    def handoff(self) -> dict[str, Any] | None:
        """The request to hand over."""
        for message in self.messages:
            if message["custom"].get("schema") == "handoff-request/1":
                return dict(message["custom"])
        return None

    @property
    def kinds(self) -> list[str]:
        """The kinds of the events."""
        return [event["event"] for event in self.events]


@pytest.fixture
def talk() -> Callable[..., Talk]:
    """Begins a dialogue."""
    return Talk
