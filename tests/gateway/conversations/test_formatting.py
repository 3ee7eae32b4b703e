"""D16, kind 5: one answer, told to every channel in plain words, and to pages with its structure."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.gateway.channels.streaming import event_of
from bot.gateway.conversations.formatting import MARKDOWN, as_told, formatted, from_outside
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.tables import Entry
from bot.gateway.desk import views
from tests.gateway.conversations.conftest import Desk
from tests.gateway.making import packages, said
from tests.gateway.stub_brain import handoff, result

TABLE = "A visit costs:\n\n| Item | Price |\n| --- | --- |\n| Call-out | £79 |\n\nSee **[more](/articles/prices)**."
PLAIN = "A visit costs:\n\nCall-out: £79\n\nSee more (https://chat.example/articles/prices)."
DRAWN = (
    "A visit costs:\n\n| Item | Price |\n| --- | --- |\n| Call-out | £79 |\n\n"
    "See **[more](https://chat.example/articles/prices)**."
)
CITED = {"article": "prices", "title": "Prices", "heading": "", "url": "/articles/prices"}


async def priced(turn: dict[str, Any]) -> httpx.Response:
    """An answer in an article's words."""
    return result(turn, replies=[{"text": TABLE, "format": "markdown", "citation": CITED}])


async def test_an_answer_is_plain_words_with_its_structure_beside_it(desk: Desk) -> None:
    """D16: what is stored as text has no signs; website and desk get the Markdown with the format's name."""
    desk.brain.behave = priced
    await desk.receive(said("how much does a visit cost?"))
    await desk.until_handled()
    entries = await desk.read(lambda session: list(session.scalars(select(Entry))))
    [answer] = [entry for entry in entries if entry.citation is not None]
    assert answer.text == PLAIN
    told = json.loads(event_of(answer, Payloads("k" * 40)).split(b"data: ")[1].splitlines()[0])
    assert (told["text"], told["format"], told["formatted"]) == (PLAIN, "markdown", DRAWN)
    [shown] = await desk.read(lambda session: views.entries(session, [session.get_one(Entry, answer.id)]))
    assert (shown["text"], shown["format"], shown["formatted"]) == (PLAIN, "markdown", DRAWN)


async def test_a_package_for_humans_holds_plain_words(desk: Desk) -> None:
    """D16: what goes to other desks is read as text there."""
    desk.brain.behave = priced
    await desk.receive(said("how much does a visit cost?"))
    await desk.until_handled()

    async def give_up(turn: dict[str, Any]) -> httpx.Response:
        return result(turn, "I'll get somebody.", handoff=handoff("customer_request", "a person please"))

    desk.brain.behave = give_up
    await desk.receive(said("a person please", 2))
    await desk.until_handled()
    [package] = await desk.read(packages)
    assert PLAIN in [line["text"] for line in package["transcript"]]
    assert "| --- |" not in json.dumps(package)


async def test_other_messages_have_no_format(desk: Desk) -> None:
    """What customers and actions say is text, whatever signs it holds."""
    await desk.receive(said("is **this** | --- | bold?"))
    await desk.until_handled()
    entries = await desk.read(lambda session: list(session.scalars(select(Entry).where(Entry.type == "message"))))
    assert [one.text for one in entries] == ["is **this** | --- | bold?", "you said is **this** | --- | bold?"]
    for entry in entries:
        told = json.loads(event_of(entry, Payloads("k" * 40)).split(b"data: ")[1].splitlines()[0])
        assert (told["format"], told["formatted"]) == (None, None)


@pytest.mark.parametrize("text", ["Just words.", "", "Two paragraphs.\n\nOf words."])
def test_words_without_structure_travel_once(text: str) -> None:
    """Most answers are a sentence or two."""
    assert formatted(text, "markdown", "https://chat.example").markdown is None
    assert formatted(text, "markdown", "https://chat.example").plain == text


def test_a_format_that_nobody_knows_is_text() -> None:
    """A newer brain's format shows its signs rather than nothing."""
    assert formatted("**a**", "asciidoc", "").plain == "**a**"
    assert formatted("[x]: https://x.example", "markdown", "").plain == "[x]: https://x.example"


def test_what_was_kept_is_checked() -> None:
    """Traces and states have a detail too."""
    for detail in (None, {}, {"markdown": 3}, {"owner": "bot"}, [1]):
        assert as_told(detail) == {"format": None, "formatted": None}


def test_only_paths_of_our_own_get_our_address() -> None:
    """A path that leads to another site is left to those who refuse it."""
    assert from_outside("/articles/a", "https://chat.example") == "https://chat.example/articles/a"
    for address in ("https://x.example/a", "//evil.example", "mailto:a@b.example", ""):
        assert from_outside(address, "https://chat.example") == address


def test_a_link_of_a_response_is_its_words_and_address_where_no_page_draws_it() -> None:
    """R11: on a telephone's messenger the address is what can be pressed."""
    said = formatted("How?\n\n[On our page](<https://example.test/book?a=1>)\n\n[Call](<tel:+4420>)", MARKDOWN, "")
    assert said.plain == "How?\n\nOn our page (https://example.test/book?a=1)\n\nCall (+4420)"
    assert said.markdown is not None
    assert "[On our page](https://example.test/book?a=1)" in said.markdown
