"""R11: what is more than text is shown as text, links and buttons, whatever card it comes in."""

from __future__ import annotations

from typing import Any

import pytest

from bot.contract.reading import as_json
from bot.dialogue.said import said_in
from bot.dialogue.shown import DEEPEST, MOST, shown_in

PAGE = "https://example.test/book"
PICTURE = "https://example.test/oven.png"


def said(message: dict[str, Any]) -> dict[str, Any]:
    """The one reply that a message becomes, as the gateway gets it."""
    (reply,) = said_in([message]).replies
    return as_json(reply)


def test_a_button_that_opens_a_page_is_a_link_and_never_pressed() -> None:
    """Pressed, its address would be said in the customer's place, or be a ticket."""
    message = {
        "text": "How?",
        "buttons": [
            {"title": "Online", "type": "web_url", "url": PAGE},
            {"title": "Here", "payload": "/book"},
            {"title": "Page too", "payload": PAGE},
            {"title": "Both", "url": PAGE, "payload": "/book"},
        ],
    }
    assert said(message) == {
        "text": f"How?\n\n[Online](<{PAGE}>)\n\n[Page too](<{PAGE}>)\n\n[Both](<{PAGE}>)",
        "format": "markdown",
        "choices": [{"title": "Here", "payload": "/book"}],
    }


@pytest.mark.parametrize(
    "button",
    [
        {"title": "Call", "type": "phone_number", "payload": "+44 20 7946 0000"},
        {"title": "Call", "url": "tel:+442079460000"},
    ],
)
def test_a_button_that_calls_or_writes_is_a_link(button: dict[str, Any]) -> None:
    """Telephones open it."""
    assert said({"text": "", "buttons": [button]})["text"] == "[Call](<tel:+442079460000>)"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "/admin", "//evil.test", "https://a@evil.test", "ftp://x.test", "x"],
)
def test_a_link_leads_to_a_page_a_mailbox_or_a_telephone_and_nowhere_else(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Its words are said, and the log names what was left out, without what stood there."""
    assert said({"buttons": [{"title": "See", "url": address}]}) == {"text": "See"}
    assert said({"text": "Look.", "image": address}) == {"text": "Look."}
    assert len(caplog.messages) == 2
    assert not any(address in line for line in caplog.messages if len(address) > 1)


def test_words_that_look_like_markdown_stay_words_beside_a_link() -> None:
    """A price with a star is no emphasis, and a bracket in a title ends no link."""
    message = {"text": "5 * 3 *", "buttons": [{"title": "A [b](c)", "url": PAGE}]}
    assert said(message)["text"] == f"5 \\* 3 \\*\n\n[A \\[b\\](c)](<{PAGE}>)"


def test_an_articles_words_stay_markdown_and_come_first() -> None:
    """A link behind a citation is the company's own."""
    cited = {"schema": "citation/1", "article": "a", "title": "A", "heading": "H", "url": "https://x.test"}
    message = {"text": "**Nine** to five.", "custom": cited, "buttons": [{"title": "Map", "url": PAGE}]}
    assert said(message)["text"] == f"**Nine** to five.\n\n[Map](<{PAGE}>)"


CARDS = {
    "Messenger's generic template": (
        {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": [
            {"title": "Oven", "subtitle": "From £80", "image_url": PICTURE,
             "buttons": [{"type": "web_url", "title": "See", "url": PAGE},
                         {"type": "postback", "title": "Book", "payload": "/book"}]},
            {"title": "Hob", "buttons": [{"type": "postback", "title": "Book", "payload": "/book_hob"}]},
        ]}}},
        ["Oven", "From £80", PICTURE, f"See {PAGE}", "Hob"],
        [("Book", "/book"), ("Hob: Book", "/book_hob")],
    ),
    "rasa-sdk's elements": (
        {"text": "Pick.", "elements": [{"title": "Oven", "image_url": PICTURE}]},
        ["Pick.", "Oven", PICTURE],
        [],
    ),
    "a file with a name": (
        {"attachment": {"type": "file", "payload": {"title": "Manual", "src": PAGE}}},
        [f"Manual {PAGE}"],
        [],
    ),
    "Slack's blocks": (
        {"custom": {"blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "Hello."}},
            {"type": "actions", "elements": [
                {"type": "button", "text": {"type": "plain_text", "text": "See"}, "url": PAGE}]},
        ]}},
        ["Hello.", f"See {PAGE}"],
        [],
    ),
    "an Adaptive Card": (
        {"custom": {"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "Hello."}],
                    "actions": [{"type": "Action.OpenUrl", "title": "See", "url": PAGE}]}},
        ["Hello.", f"See {PAGE}"],
        [],
    ),
    "a list of a company's own": (
        {"text": "Ours.", "custom": [{"name": "x", "description": "Cheap.", "link": PAGE}, {"label": "Dear."}]},
        ["Ours.", f"Cheap. {PAGE}", "Dear."],
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("message", "lines", "choices"), CARDS.values(), ids=CARDS.keys())
def test_a_card_is_its_words_its_links_and_its_buttons(
    message: dict[str, Any], lines: list[str], choices: list[tuple[str, str]]
) -> None:
    """Whoever invented it."""
    shown = shown_in(message)
    assert [" ".join(part for part in (line.words, line.address) if part) for line in shown.lines] == lines
    assert [(choice.title, choice.payload) for choice in shown.choices] == choices
    assert shown.left_out == []


def test_a_button_without_a_payload_says_what_stands_on_it() -> None:
    """Pressed, an empty text would be a ticket."""
    shown = shown_in({"text": "Which?", "buttons": [{"title": "Oven"}, "Hob", {"payload": "/book"}, {}]})
    assert [(one.title, one.payload) for one in shown.choices] == [
        ("Oven", "Oven"), ("Hob", "Hob"), ("book", "/book")]  # fmt: skip


def test_a_text_that_a_card_repeats_is_said_once() -> None:
    """Slack's messages have their words beside the blocks, for devices that show none."""
    assert said({"text": "Hello.", "custom": {"blocks": [{"text": {"text": "Hello."}}]}}) == {"text": "Hello."}


def test_no_card_is_too_deep_or_too_long_for_a_reply() -> None:
    """An action's slip must not cost a turn."""
    deep: dict[str, Any] = {"text": "Deep."}
    for _ in range(DEEPEST + 2):
        deep = {"inside": deep}
    assert shown_in({"custom": deep}).left_out
    many = shown_in({"elements": [{"title": str(number)} for number in range(MOST + 5)]})
    assert (len(many.lines), len(many.left_out)) == (MOST, 5)
