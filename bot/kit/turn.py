"""The customer's turn as an action sees it: rasa-sdk's dictionaries, read once and typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.contract.names import REQUESTED_SLOT
from bot.kit.company import content
from bot.wording.moments import ENGLISH
from bot.wording.sentences import Wording

Event = dict[str, Any]
"""A dialogue event as rasa-sdk writes it."""


@dataclass(frozen=True)
class Choice:
    """A button: what it says, and what it means when it is pressed."""

    title: str | Wording
    """The company's own words, or one of the product's sentences (:mod:`bot.wording`)."""
    payload: str


@dataclass(frozen=True)
class SaidBefore:
    """A message that was typed earlier, and what was found in it."""

    text: str
    places: Sequence[tuple[int, int]]
    """Where its values stand."""
    found: Sequence[Mapping[str, Any]]

    def entities(self, name: str) -> list[Any]:
        """All values of an entity in it."""
        return [one.get("value") for one in self.found if one.get("entity") == name]


@dataclass(frozen=True)
class Turn:
    """What the customer said this time, what is known already, and the way to answer."""

    tracker: Any
    dispatcher: Any

    @property
    def message(self) -> Mapping[str, Any]:
        """The latest message with all that the pipeline left on it."""
        message: Mapping[str, Any] = self.tracker.latest_message or {}
        return message

    @property
    def text(self) -> str:
        """What was typed, or a button's payload."""
        return str(self.message.get("text") or "")

    @property
    def is_choice(self) -> bool:
        """Whether a button was pressed; the channel keeps a typed slash from getting here."""
        return self.text.startswith("/")

    @property
    def intent(self) -> str:
        """The intent that the rules see."""
        return str((self.message.get("intent") or {}).get("name") or "")

    @property
    def ranking(self) -> Sequence[Mapping[str, Any]]:
        """The intents as they were read, most likely first."""
        return [reading for reading in self.message.get("intent_ranking") or [] if reading.get("name")]

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What the gateway said about the turn."""
        return self.message.get("metadata") or {}

    @property
    def customer(self) -> Mapping[str, Any]:
        """What is known of the customer, as in ``turn/1``; empty without a gateway."""
        return self.metadata.get("customer") or {}

    @property
    def decision(self) -> Mapping[str, Any]:
        """What the arbiter decided; empty for a button."""
        return self.message.get("decision") or {}

    @property
    def knowledge(self) -> Mapping[str, Any]:
        """Passages and answer that were found; empty for a button."""
        return self.message.get("knowledge") or {}

    @property
    def message_id(self) -> str:
        """The message's id: the gateway's, or without a gateway Rasa's own."""
        return str(self.metadata.get("message_id") or self.message.get("message_id") or "")

    @property
    def conversation(self) -> str:
        """The conversation's id: the gateway's, or without a gateway Rasa's own."""
        return str(self.metadata.get("conversation_id") or self.tracker.sender_id)

    @property
    def locale(self) -> str:
        """The language of the conversation as the page or the messenger says it (``de-AT``)."""
        return str(self.metadata.get("locale") or ENGLISH)

    @property
    def shadow(self) -> bool:
        """Whether the turn only tries what would be said; nothing may be changed by it."""
        return bool(self.metadata.get("shadow"))

    @property
    def open_form(self) -> str | None:
        """The form that is being filled."""
        name: str | None = (self.tracker.active_loop or {}).get("name")
        return name

    @property
    def requested_slot(self) -> str | None:
        """What the open form has asked for."""
        requested: str | None = self.tracker.slots.get(REQUESTED_SLOT)
        return requested

    def slot(self, name: str) -> Any:
        """A slot's value, ``None`` when it is empty."""
        return self.tracker.slots.get(name)

    def entity(self, name: str) -> Any:
        """The last value of an entity in the message, ``None`` when it has none."""
        values = [entity.get("value") for entity in self.message.get("entities") or [] if entity.get("entity") == name]
        return values[-1] if values else None

    def entities(self, name: str) -> list[Any]:
        """All values of an entity in the message, in the order in which they were said."""
        return [found.get("value") for found in self.message.get("entities") or [] if found.get("entity") == name]

    def ruled_out(self, name: str) -> list[Any]:
        """The values of an entity that the message mentions and excludes: "not on Monday"."""
        return [found.get("value") for found in self.message.get("ruled_out") or [] if found.get("entity") == name]

    def places(self, without: str = "") -> list[tuple[int, int]]:
        """Where the values of the message stand in its text, those that it rules out too, but for one entity's."""
        return _places(self.message, without)

    def said_before(self, since: str = "") -> Iterator[SaidBefore]:
        """What the customer typed before the message at hand, latest first; back to where an action ran last."""
        turns = self.earlier()
        next(turns, None)
        for said, followed in turns:
            if since and any(event.get("event") == "action" and event.get("name") == since for event in followed):
                return
            text, read = str(said.get("text") or ""), said.get("parse_data") or {}
            if text and not text.startswith("/"):
                yield SaidBefore(text, _places(read), read.get("entities") or [])

    def earlier(self) -> Iterator[tuple[Event, list[Event]]]:
        """The user turns, latest first: the customer's event, and what followed it."""
        followed: list[Event] = []
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                yield event, followed[::-1]
                followed = []
            else:
                followed.append(event)

    def known_before(self) -> dict[str, Any]:
        """The slots as they were before the latest message."""
        events = self.tracker.events
        last = max((place for place, event in enumerate(events) if event.get("event") == "user"), default=0)
        return {event["name"]: event["value"] for event in events[:last] if event.get("event") == "slot"}

    def form_before(self) -> str | None:
        """The form that was open when the latest message came."""
        events = self.tracker.events
        last = max((place for place, event in enumerate(events) if event.get("event") == "user"), default=0)
        opened = [event.get("name") for event in events[:last] if event.get("event") == "active_loop"]
        return str(opened[-1]) if opened and opened[-1] else None

    def followed_this_message(self) -> Iterator[list[Event]]:
        """What followed each wish of the message at hand, latest first: a message with several has several."""
        at_hand = None
        for place, (said, followed) in enumerate(self.earlier()):
            if place and (at_hand is None or said.get("message_id") != at_hand):
                break
            at_hand = said.get("message_id")
            yield followed

    def say(self, response: str, choices: Sequence[Choice] = (), data: Event | None = None, **values: Any) -> None:
        """Say one of the responses of ``domain.yml``, its gaps filled with ``values``."""
        self.dispatcher.utter_message(
            response=response, buttons=_buttons(choices, self.locale), json_message=data, **values
        )

    def say_in_words(self, sentence: Wording, choices: Sequence[Choice] = ()) -> None:
        """Say one of the product's own sentences."""
        self.dispatcher.utter_message(text=_in_words(sentence, self.locale), buttons=_buttons(choices, self.locale))

    def quote(self, text: str, data: Event) -> None:
        """Say a text exactly as it stands, with what it is taken from."""
        self.dispatcher.utter_message(text=text, json_message=data)


def _places(message: Mapping[str, Any], without: str = "") -> list[tuple[int, int]]:
    found = [*(message.get("entities") or []), *(message.get("ruled_out") or [])]
    return [(one.get("start") or 0, one.get("end") or 0) for one in found if one.get("entity") != without]


def _buttons(choices: Sequence[Choice], locale: str) -> list[dict[str, str]]:
    return [{"title": _in_words(choice.title, locale), "payload": choice.payload} for choice in choices]


def _in_words(title: str | Wording, locale: str) -> str:
    return title if isinstance(title, str) else content().catalogue().say(title, locale)


def set_slot(name: str, value: Any) -> Event:
    """The event that fills or empties a slot."""
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


def followed_by(action: str) -> Event:
    """The event that names the next action, whatever the rules say."""
    return {"event": "followup", "name": action, "timestamp": None}


def close_form() -> list[Event]:
    """The events that leave whatever form is open."""
    return [{"event": "active_loop", "name": None, "timestamp": None}, set_slot(REQUESTED_SLOT, None)]
