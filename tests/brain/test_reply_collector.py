"""What Rasa says in a turn is kept as it said it."""

from __future__ import annotations

from bot.brain.reply_collector import ReplyCollector


async def test_messages_are_collected_whole() -> None:
    """Rasa's own collector takes text and custom parts apart."""
    collector = ReplyCollector("telegram")
    message = {"text": "a", "buttons": [], "custom": {"b": 1}}
    await collector.send_response("c", message)
    assert collector.messages == [message]
    assert collector.name() == "telegram"
