"""Collects what Rasa says in a turn."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel


class ReplyCollector(OutputChannel):
    """Collects each message whole: Rasa's own collector takes text, buttons and custom parts of one message apart."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.messages: list[dict[str, Any]] = []

    def name(self) -> str:
        """The customer's channel, so that responses in the domain may be written for one channel."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a message as Rasa made it."""
        self.messages.append(dict(message))
