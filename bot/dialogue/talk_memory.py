"""What a conversation has said so far, from its events: the last words, the answers shown, the tries that did not help.

Events are plain mappings, as actions get them and as the dialogue state keeps them; only the last few turns are there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.contract import names
from bot.contract.schemas import CITATION
from bot.nlu.reading.acts import TRIES_AGAIN

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """One message of the assistant."""

    text: str
    buttons: Sequence[Mapping[str, Any]] = ()
    citation: Mapping[str, Any] | None = None
    """``citation/1``, where it quotes an article."""
    response: str = ""
    """The response of the domain that it is."""


@dataclass(frozen=True)
class Shown:
    """An answer that the customer has seen, and what led to it."""

    article: str
    answer: Mapping[str, Any] | None
    """Where its words stand; None where the article was chosen by a button."""
    words: Words
    passages: Sequence[Mapping[str, Any]] = ()
    """What else was found for the question, the best first."""
    offers: str = ""
    """The intent that is offered with it."""


@dataclass(frozen=True)
class Turn:
    """A customer's message and what followed."""

    said: Event
    followed: tuple[Event, ...]

    @property
    def parse(self) -> Mapping[str, Any]:
        """What was read in it."""
        return self.said.get("parse_data") or {}

    @property
    def act(self) -> str | None:
        """What it did to the conversation, by its words or by a button."""
        if (self.parse.get("intent") or {}).get("name") != names.TALK_ABOUT_CONVERSATION:
            return None
        return act_of(self.parse)

    @property
    def words(self) -> tuple[Words, ...]:
        """What the assistant said to it."""
        return tuple(_words(event) for event in self.followed if event.get("event") == "bot" and _says(event))


@dataclass(frozen=True)
class Memory:
    """The turns before the message at hand, the latest first."""

    turns: tuple[Turn, ...]

    @classmethod
    def of(cls, events: Sequence[Event]) -> Memory:
        """From all events; the last message is the one at hand, and what was done for an earlier wish of it is left."""
        turns = list(_turns(events))
        at_hand = turns[0].said.get("message_id") if turns else None
        earlier = [one for one in turns[1:] if at_hand is None or one.said.get("message_id") != at_hand]
        return cls(tuple(earlier))

    def last_words(self) -> tuple[Words, ...]:
        """What was said last, whole; "take your time" is nothing to be said again."""
        return next((one.words for one in self.turns if one.words and one.act != "wait"), ())

    def shown(self) -> tuple[Shown, ...]:
        """The answers that were shown, the latest first."""
        found: list[Shown] = []
        for one in reversed(self.turns):
            # What an answer was said again for found it: its words are looked up by the first question's.
            before = {shown.article: shown for shown in found} if one.act is not None else {}
            found += [
                replace(before[shown.article], words=shown.words) if shown.article in before else shown
                for shown in _shown(one)
            ]
        return tuple(reversed(found))

    def tries(self) -> int:
        """How many turns running the customer has said that it did not help; an answer between them ends nothing."""
        count = 0
        for one in self.turns:
            if one.act in TRIES_AGAIN:
                count += 1
            elif (count and not (one.parse.get("talk") or {}).get("act")) or (not count and not _is_try(one)):
                break
        return count

    def answered_last(self) -> bool:
        """Whether the latest answer is what was said last, but for what was asked about it."""
        for one in self.turns:
            if _shown(one):
                return True
            if one.act is None:
                return False
        return False


def act_of(parse: Mapping[str, Any]) -> str | None:
    """The act in what was read: by words, or by a button's entity."""
    if act := (parse.get("talk") or {}).get("act"):
        return str(act)
    pressed = [one.get("value") for one in parse.get("entities") or [] if one.get("entity") == names.TALK_ACT]
    return str(pressed[-1]) if pressed else None


def reason_of(response: str, responses: Collection[str], begins: str = "utter_why_") -> str | None:
    """The response that says why the assistant said no, or what can be done then, where a company wrote one.

    It has the name of the response that says no: ``utter_why_no_rooms`` of ``utter_no_rooms``, in other words as well.
    """
    own = f"{begins}{response.removeprefix('utter_').removesuffix('_again')}"
    return own if response and own in responses else None


def response_of(metadata: Mapping[str, Any]) -> str:
    """The response that a message of the assistant is, by its metadata."""
    return str(metadata.get("utter_action") or "")


def _is_try(turn: Turn) -> bool:
    """Whether a turn showed an answer, which may be the one that was tried before."""
    return bool(_shown(turn))


def _turns(events: Sequence[Event]) -> Iterator[Turn]:
    followed: list[Event] = []
    for event in reversed(events):
        if event.get("event") == "user":
            yield Turn(event, tuple(reversed(followed)))
            followed = []
        else:
            followed.append(event)


def _says(event: Event) -> bool:
    return bool(event.get("text") or (event.get("data") or {}).get("buttons"))


def _words(event: Event) -> Words:
    data = event.get("data") or {}
    custom = data.get("custom") or {}
    return Words(
        text=str(event.get("text") or ""),
        buttons=tuple(data.get("buttons") or ()),
        citation=custom if custom.get("schema") == CITATION else None,
        response=response_of(event.get("metadata") or {}),
    )


def _shown(turn: Turn) -> list[Shown]:
    knowledge = turn.parse.get("knowledge") or {}
    answer = knowledge.get("answer") or (knowledge.get("remaining") or {}).get("answer")
    found = []
    for words in turn.words:
        if words.citation is None:
            continue
        article = str(words.citation.get("article"))
        own = answer if answer is not None and answer.get("article") == article else None
        offers = str((turn.parse.get("decision") or {}).get("offers") or "")
        found.append(Shown(article, own, words, tuple(knowledge.get("passages") or ()), offers))
    return found
