"""What Rasa says becomes replies, citation and hand-off."""

from __future__ import annotations

from bot.dialogue.said import said_in

CITATION = {"schema": "citation/1", "article": "a", "title": "A", "heading": "H", "url": "https://x", "more": 1}
HANDOFF = {"schema": "handoff-request/1", "reason": {"code": "customer_request", "evidence": ""}}


def test_text_and_buttons_of_one_message_are_one_reply() -> None:
    """Buttons without their question make no sense."""
    said = said_in([{"text": "Which?", "buttons": [{"title": "One", "payload": "/one", "type": "postback"}]}])
    assert said.replies == ({"text": "Which?", "choices": [{"title": "One", "payload": "/one"}]},)


def test_an_answer_carries_its_citation_and_nothing_else() -> None:
    """The fields are those of the contract."""
    (reply,) = said_in([{"text": "From 9 to 5.", "custom": CITATION}]).replies
    assert reply == {
        "text": "From 9 to 5.",
        "format": "markdown",
        "citation": {"article": "a", "title": "A", "heading": "H", "url": "https://x"},
    }


def test_a_hand_off_is_a_field_and_its_message_a_reply() -> None:
    """Never a magic string."""
    said = said_in([{"text": "I'll fetch somebody.", "custom": HANDOFF}, {"custom": {**HANDOFF, "second": True}}])
    assert said.replies == ({"text": "I'll fetch somebody."},)
    assert said.handoff == HANDOFF


def test_what_cannot_be_shown_is_left_out() -> None:
    """An empty bubble helps nobody."""
    assert said_in([{"text": "  "}, {}, {"custom": {"anything": 1}}]).replies == ()


def test_a_picture_reaches_the_customer_as_its_address() -> None:
    """Until replies have a field for it."""
    assert said_in([{"image": "https://x/i.png"}]).replies == ({"text": "https://x/i.png"},)
