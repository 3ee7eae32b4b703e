"""What Rasa says becomes replies, citation and hand-off."""

from __future__ import annotations

import pytest

from bot.contract.reading import as_json
from bot.dialogue.said import Said, said_in

CITATION = {"schema": "citation/1", "article": "a", "title": "A", "heading": "H", "url": "https://x", "more": 1}
HANDOFF = {"schema": "handoff-request/1", "reason": {"code": "customer_request", "evidence": ""}}


def written(said: Said) -> tuple[dict[str, object], ...]:
    """The replies as the gateway gets them."""
    return tuple(as_json(reply) for reply in said.replies)


def test_text_and_buttons_of_one_message_are_one_reply() -> None:
    """Buttons without their question make no sense."""
    said = said_in([{"text": "Which?", "buttons": [{"title": "One", "payload": "/one", "type": "postback"}]}])
    assert written(said) == ({"text": "Which?", "choices": [{"title": "One", "payload": "/one"}]},)


def test_an_answer_carries_its_citation_and_nothing_else() -> None:
    """The fields are those of the contract."""
    (reply,) = written(said_in([{"text": "From 9 to 5.", "custom": CITATION}]))
    assert reply == {
        "text": "From 9 to 5.",
        "format": "markdown",
        "citation": {"article": "a", "title": "A", "heading": "H", "url": "https://x"},
    }


def test_a_hand_off_is_a_field_and_its_message_a_reply() -> None:
    """Never a magic string."""
    said = said_in([{"text": "I'll fetch somebody.", "custom": HANDOFF}, {"custom": {**HANDOFF, "second": True}}])
    assert written(said) == ({"text": "I'll fetch somebody."},)
    assert said.handoff == HANDOFF


def test_what_cannot_be_shown_is_left_out() -> None:
    """An empty bubble helps nobody."""
    assert said_in([{"text": "  "}, {}, {"custom": {"anything": 1}}]).replies == ()


def test_a_picture_reaches_the_customer_as_its_address() -> None:
    """Until replies have a field for it."""
    assert written(said_in([{"image": "https://x/i.png"}])) == ({"text": "https://x/i.png"},)


def test_what_yaml_reads_as_a_number_is_a_buttons_words() -> None:
    """A trainer's `title: 2` is a title; the gateway takes words alone."""
    said = said_in([{"text": "How many?", "buttons": [{"title": 2, "payload": None}]}])
    assert written(said)[0]["choices"] == [{"title": "2", "payload": "2"}]


@pytest.mark.parametrize("wrong", [{"article": None}, {"url": 5}])
def test_a_citation_that_cannot_be_read_is_left_out_and_its_words_are_said(wrong: dict[str, object]) -> None:
    """An action's slip costs the customer a link, not the answer."""
    (reply,) = said_in([{"text": "From 9 to 5.", "custom": {**CITATION, **wrong}}]).replies
    assert (reply.text, reply.format, reply.citation) == ("From 9 to 5.", "markdown", None)


def test_picture_file_and_quick_replies_are_said_with_the_text() -> None:
    """Each on a line of its own; a message of buttons alone is a reply as well."""
    message = {"text": "Here.", "image": "https://x/i.png", "attachment": "https://x/f.pdf"}
    assert written(said_in([message])) == ({"text": "Here.\nhttps://x/i.png\nhttps://x/f.pdf"},)
    quick = {"quick_replies": [{"title": "One", "payload": "/one"}]}
    assert written(said_in([quick])) == ({"text": "", "choices": [{"title": "One", "payload": "/one"}]},)


@pytest.mark.parametrize("custom", ["a word", ["a list"], {"schema": "unheard-of/1"}, {"anything": 1}])
def test_a_custom_part_that_is_none_of_ours_is_logged_and_its_words_are_said(
    custom: object, caplog: pytest.LogCaptureFixture
) -> None:
    """Without what it holds, which may be a customer's."""
    said = said_in([{"text": "Hello.", "custom": custom}])
    assert written(said) == ({"text": "Hello."},)
    assert said.handoff is None
    assert caplog.messages == [
        "Part of a message was left out of the replies: a custom part in which nothing can be read."
    ]


@pytest.mark.parametrize("custom", [None, {}, CITATION, HANDOFF])
def test_what_is_ours_is_not_logged(custom: dict[str, object] | None, caplog: pytest.LogCaptureFixture) -> None:
    """A log that warns of nothing hides what it should warn of."""
    said_in([{"text": "Hello.", "custom": custom}])
    assert caplog.messages == []


def test_a_citation_that_is_left_out_is_logged_with_the_field_that_is_wrong(caplog: pytest.LogCaptureFixture) -> None:
    """And not with what stood there."""
    said_in([{"text": "From 9 to 5.", "custom": {**CITATION, "url": 5}}])
    (line,) = caplog.messages
    assert line.startswith("An action's citation was left out: ")
    assert "url" in line
