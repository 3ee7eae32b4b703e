"""A few articles and a dialogue made by hand, for the tests of actions."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import Article
from tests.brain.small_project import WordEncoder

HEADING = "## Hours\n\n"
"""What each article of :func:`few_articles` begins with."""


def few_articles(*articles: tuple[str, str, str, str]) -> KnowledgeIndex:
    """Index articles, given by id, title, text and audience, as the product does; their version is always ``v1``."""
    day = date(2026, 1, 1)
    made = [
        Article(name, title, (who,), "en", day, day, f"https://company.example/{name}", (), HEADING + text, Path(name))
        for name, title, text, who in articles
    ]

    class OfOneVersion(KnowledgeIndex):
        def version(self, article: str) -> str | None:
            return "v1" if super().version(article) else None

    return OfOneVersion.build(made, WordEncoder())


def answer_at(place: int, article: str, text: str, start: int = 0, version: str = "v1") -> dict[str, Any]:
    """An answer as the brain leaves it on a message."""
    start += len(HEADING)
    quote = {"start": start, "end": start + len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    return {"id": place, "article": article, "version": version, "score": 0.8, "quotes": [quote]}


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
