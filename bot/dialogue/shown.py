"""What a customer sees of a message that is more than text: links, pictures, cards and what a company sends of its own.

Every channel shows text, buttons and links; so a picture and a file are their address, a button that opens a page is a
link, and a card is its words, its links and its buttons. A message has the parts that rasa-sdk knows
(`rasa_sdk.executor.CollectingDispatcher.utter_message`); the keys inside cards are those under which Messenger's
templates, Slack's blocks and Adaptive Cards keep what people read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.contract.result import Choice
from bot.contract.schemas import CITATION, HANDOFF_REQUEST
from bot.untrusted.addresses import is_own_path, is_web_address, may_lead

READ = ("title", "header", "heading", "subtitle", "label", "text", "body", "caption", "description", "alt_text")
"""Keys under which stands what people read."""

LINKS = ("url", "link", "href", "src", "web_url")
"""Keys under which stands where the words beside them lead."""

PICTURES = ("image", "image_url", "video_url", "file_url", "media_url")
"""Keys under which stands something to look at, beside the words of its card."""

BUTTONS = ("buttons", "quick_replies", "actions")
"""Keys under which stand buttons."""

DEEPEST = 10
"""Levels of a card: Adaptive Cards in columns have six."""
NO_ADDRESS = "an address that is no web page, mailbox or telephone"

MOST = 60
"""Lines, and buttons, of one message: more than anybody reads in a chat."""


@dataclass(frozen=True)
class Line:
    """Words, an address, or words that lead to an address."""

    words: str
    address: str = ""


@dataclass
class Shown:
    """What is there to be seen, in the order in which it is read."""

    lines: list[Line] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """What cannot be shown, in words for a log: never what stood there."""

    def say(self, words: object, address: str = "") -> None:
        """Add a line, unless it says nothing, or nothing new; an address that may not be opened is left out."""
        if address and not may_open(address):
            self.left_out.append(NO_ADDRESS)
            address = ""
        line = Line(words_of(words), address)
        if line in self.lines or not (line.words or line.address):
            return
        if len(self.lines) < MOST:
            self.lines.append(line)
        else:
            self.left_out.append(f"what comes after {MOST} lines")

    def offer(self, title: str, payload: str) -> None:
        """Add a button."""
        if len(self.choices) < MOST:
            self.choices.append(Choice(title, payload))
        else:
            self.left_out.append(f"what comes after {MOST} buttons")


def shown_in(message: Mapping[str, Any]) -> Shown:
    """Read a message of Rasa's; its custom part too, unless that is one of our own."""
    shown = Shown()
    shown.say(message.get("text"))
    for key in ("image", "attachment"):
        part = message.get(key)
        _read({"url": part} if isinstance(part, str) else part, shown)
    _read(message.get("elements"), shown)
    own = message.get("custom")
    if own and ours_in(message) is None:
        before = len(shown.lines) + len(shown.choices)
        _read(own, shown)
        if len(shown.lines) + len(shown.choices) == before:
            shown.left_out.append("a custom part in which nothing can be read")
    for button in _buttons(message):
        _read_button(button, "", shown)
    return shown


def ours_in(message: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The custom part of a message where it is a citation or a request to hand off."""
    custom = message.get("custom")
    is_ours = isinstance(custom, Mapping) and custom.get("schema") in (CITATION, HANDOFF_REQUEST)
    return custom if is_ours else None


def words_of(value: object) -> str:
    """A title that YAML reads as a number is words to a customer all the same."""
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)


def may_open(address: str) -> bool:
    """Whether a link may lead there: a page, a mailbox or a telephone."""
    return may_lead(address) and not is_own_path(address)


def address_of(button: Mapping[str, Any]) -> str | None:
    """Where a button leads; None for one that says something instead. Not every address may be opened."""
    for key in LINKS:
        if isinstance(address := button.get(key), str) and address.strip():
            return address.strip()
    payload = words_of(button.get("payload"))
    if button.get("type") == "phone_number" and payload:
        return f"tel:{payload.removeprefix('tel:').replace(' ', '')}"
    return payload if is_web_address(payload) else None


def _buttons(holder: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in BUTTONS:
        listed = holder.get(key)
        for button in listed if isinstance(listed, list | tuple) else ():
            if isinstance(button, Mapping):
                yield button
            elif isinstance(button, str):
                yield {"title": button}


def _title_of(part: Mapping[str, Any]) -> str:
    for key in READ:
        words = part.get(key)
        if isinstance(words, Mapping):
            words = words.get("text")  # Slack's way
        if isinstance(words, str | int | float) and words_of(words):
            return words_of(words)
    return ""


def _read_button(button: Mapping[str, Any], card: str, shown: Shown) -> None:
    title, address = _title_of(button), address_of(button)
    if address is not None:
        shown.say(title, address)
        return
    # What a button without a payload says is what stands on it.
    payload = words_of(button.get("payload")) or words_of(button.get("value")) or title
    title = title or payload.removeprefix("/")
    if title and any(choice.title == title for choice in shown.choices) and card:
        title = f"{card}: {title}"  # two cards with a button "Book" each
    if title:
        shown.offer(title, payload)


def _read(part: object, shown: Shown, depth: int = 0) -> None:
    """Read a card, or whatever else a company sends, to its leaves."""
    if depth > DEEPEST:
        shown.left_out.append(f"what is nested more than {DEEPEST} levels deep")
    elif isinstance(part, list | tuple):
        for one in part:
            _read(one, shown, depth + 1)
    elif isinstance(part, Mapping):
        _read_card(part, shown, depth)


def _read_card(card: Mapping[str, Any], shown: Shown, depth: int) -> None:
    if card.get("type") == "button":  # Slack keeps them among its elements
        _read_button(card, "", shown)
        return
    title = _title_of(card)
    leads = next((words_of(card[key]) for key in LINKS if isinstance(card.get(key), str)), "")
    words = [card[key] for key in READ if isinstance(card.get(key), str)]
    shown.say(words[0] if words else "", leads)
    for more in words[1:]:
        shown.say(more)
    for key in PICTURES:
        if isinstance(address := card.get(key), str):
            shown.say("", address.strip())
    for key, inside in card.items():
        if key not in BUTTONS:
            _read(inside, shown, depth + 1)
    for button in _buttons(card):
        _read_button(button, title, shown)
