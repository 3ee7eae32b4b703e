"""Agent assist: while a human has the conversation, the bot suggests replies, one message at a time.

It asks the brain after the customers' own turns, never before them.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

from bot.gateway.conversations.brain_client import BrainClient, Found, TurnTaken
from bot.gateway.conversations.news import Feed
from bot.gateway.desk import offers, suggestions
from bot.gateway.desk.suggestions import Question
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database, DatabaseAwayError

log = logging.getLogger(__name__)

# More passages than are offered: some are internal, some say the same.
_PASSAGES = 8


class AgentAssist:
    """Suggests replies until it is cancelled; every gateway may run one, and a message still gets one suggestion."""

    def __init__(self, database: Database, brain: BrainClient, clock: Clock, feed: Feed) -> None:
        self._database = database
        self._brain = brain
        self._clock = clock
        self._feed = feed

    async def run(self) -> None:
        """Suggest for what comes in from now on, the newest first; what came before has been read by a human."""
        signals = self._database.signals
        with self._feed.listen() as news:
            while not signals.closed:
                wanted = self._feed.take()
                with suppress(DatabaseAwayError):
                    for conversation_id in reversed(wanted):
                        await self.suggest(conversation_id)
                if not wanted:
                    await news.wait()

    async def suggest(self, conversation_id: str) -> bool:
        """Suggest a reply to a conversation's last message; returns whether there is one.

        While the brain is away or busy there is none, and nobody is told.
        """
        question = await self._database.read(suggestions.question_of, conversation_id)
        if question is None:
            return False
        taken, found = await asyncio.gather(self._brain.think(question.turn), self._passages(question))
        detail = _detail(question, taken, found)
        if detail is None:
            return False
        kept = await self._database.run(suggestions.keep, question, detail, self._clock())
        log.info("turn %s: suggestion %s", question.message_id, "kept" if kept else "too late")
        return kept is not None

    async def _passages(self, question: Question) -> tuple[Found, ...]:
        found = await self._brain.search(question.text, _PASSAGES, in_the_background=True)
        return found or ()


def _detail(question: Question, taken: TurnTaken | None, found: tuple[Found, ...]) -> dict[str, Any] | None:
    if taken is None and not found:
        return None
    return {
        "offers": offers.offers_of(taken, found),
        "next_action": offers.next_action_of(taken, question.open_form),
        "reading": offers.reading_of(taken),
    }
