"""What is offered to an agent: the bot's own answer and true alternatives."""

from __future__ import annotations

from bot.gateway.conversations.brain_client import Found, Reply, TurnTaken
from bot.gateway.desk.offers import offers_of

CITED = {
    "article": "store-hours",
    "title": "When are we open?",
    "heading": "Opening hours",
    "url": "https://help/hours",
}


def _found(heading: str, text: str) -> Found:
    return Found("store-hours", "When are we open?", heading, "https://help/hours", public=True, score=0.9, text=text)


def test_words_that_the_answer_holds_already_are_no_alternative() -> None:
    """An agent reads three offers to choose, not the same sentence twice."""
    answer = Reply("We open at 9am.\n\nOn Sunday we open at 11am.", citation=CITED)
    taken = TurnTaken((answer,), None, None, {"decision": {"kind": "answer"}})
    found = [_found("", "We open at 9am."), _found("Bank holidays", "On bank holidays we open at 10am.")]
    assert [offer["text"] for offer in offers_of(taken, found)] == [answer.text, "On bank holidays we open at 10am."]
