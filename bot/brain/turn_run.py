"""One turn: the message is understood once, then each of its wishes goes through Rasa, one after another."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import EXTERNAL_MESSAGE_PREFIX

from bot.brain.reply_collector import ReplyCollector
from bot.brain.tracker_store import tell_pipeline
from bot.brain.turn import TurnToTake
from bot.contract.turn import ReminderInput
from bot.dialogue.current_turn import CurrentTurn
from bot.dialogue.multiple_wishes import LONGEST_WAITING, MOST_WAITING, Part, in_order, must_wait, parts_of, waiting_in
from bot.dialogue.said import said_in
from bot.dialogue.talk import beside_talk


class TurnRun:
    """Takes a turn's wishes one after another; afterwards it knows what was done and what was not."""

    def __init__(
        self, processor: MessageProcessor, turn: TurnToTake, taken: CurrentTurn, collector: ReplyCollector
    ) -> None:
        self._processor = processor
        self._turn = turn
        self._taken = taken
        self.collector = collector
        self.done: list[Part] = []
        self.waiting: list[str] = []
        """Wishes that wait until the open form is closed."""
        self.unanswered: list[str] = []
        """Wishes that a hand-off left to the human."""

    async def run(self) -> None:
        """Take the message, and then what waited for an open form to close."""
        earlier = waiting_in(self._turn.sent.state)
        await self._take_all(await self._parts(), earlier)
        while self.waiting and self._form() is None and not self._handed_off():
            following, self.waiting = self.waiting[0], self.waiting[1:]
            await self._take(Part(following, await self._understand(following)))
        if self._handed_off():
            self.unanswered += self.waiting
            self.waiting = []

    async def _parts(self) -> list[Part]:
        if isinstance(self._turn.sent.input, ReminderInput):
            return [await self._reminder(self._turn.sent.input)]
        self._taken.looks_for_wishes = not self._turn.is_payload
        text, whole = await beside_talk(self._turn.text, await self._understand(self._turn.text), self._understand)
        self._taken.looks_for_wishes = False
        return await parts_of(text, whole, self._understand)

    async def _reminder(self, due: ReminderInput) -> Part:
        """What Rasa makes of a reminder: a message that nobody wrote, with the entities that were set with it."""
        text = f"{EXTERNAL_MESSAGE_PREFIX}{due.intent}"
        heard = await self._understand(self._turn.text)
        return Part(text, {**heard, "text": text, "entities": [dict(entity) for entity in due.entities]})

    async def _take_all(self, parts: list[Part], earlier: list[str]) -> None:
        forms = self._processor.domain.form_names
        ordered = in_order(parts, forms, self._form() is not None)
        for place, part in enumerate(ordered):
            if self._handed_off():
                self.unanswered = [left.text for left in ordered[place:]]
                break
            if len(parts) > 1 and must_wait(part, forms, self._form()):
                earlier = [*earlier, part.text[:LONGEST_WAITING]]
            else:
                await self._take(part)
        self.waiting = earlier[:MOST_WAITING]

    async def _take(self, part: Part) -> None:
        message = self._message(part.text)
        message.parse_data = part.heard
        # Past the agent's lock: the gateway takes a conversation's messages in order, and Rasa's lock waits by seconds.
        await self._processor.handle_message(message)
        self._taken.lent = self._taken.tracker
        self.done.append(part)

    async def _understand(self, text: str) -> dict[str, Any]:
        # As the tracker store does when it hands the dialogue out, which is only after this.
        tell_pipeline(self._taken.lent, self._processor.domain)
        heard: dict[str, Any] = await self._processor.parse_message(self._message(text), self._taken.lent)
        return heard

    def _message(self, text: str) -> UserMessage:
        turn = self._turn
        return UserMessage(
            text=text,
            output_channel=self.collector,
            sender_id=turn.sent.conversation_id,
            input_channel=turn.sent.channel,
            message_id=turn.sent.message_id,
            metadata=turn.metadata,
        )

    def _form(self) -> str | None:
        name: str | None = self._taken.lent.active_loop_name if self._taken.lent is not None else None
        return name

    def _handed_off(self) -> bool:
        return said_in(self.collector.messages).handoff is not None
