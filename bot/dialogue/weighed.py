"""What the arbiter weighs, and what comes out: a trainer's facts, what was read and found, and the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.contract.trace import DecisionKind as Kind
from bot.dialogue.feelings import NOTHING_FELT, Felt
from bot.dialogue.talk import NO_TALK, TalkHeard
from bot.nlu.intents.classifier import Reading


@dataclass(frozen=True)
class IntentFacts:
    """What a trainer says about an intent in its ``metadata``."""

    title: str
    acts: bool
    articles: tuple[str, ...] = ()
    offers: str = ""
    """The intent that is offered under an answer of these articles: a visit under what a fault may be."""
    leads_to: str = ""
    """The intent that "I'd like to do that" means after such an answer, though nothing is offered under it."""


@dataclass(frozen=True)
class EntityFound:
    """An entity of the message and where it stands in the text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Sharing:
    """When readings share the probability; measured by `bot/dialogue/sharing.py` on held-out examples."""

    lead: float
    """How far the first reading must be ahead of the second to stand alone, 0 to 1."""
    most_choices: int = 3
    """More than three buttons are a menu, not a question back."""


@dataclass(frozen=True)
class Answers:
    """Which articles answer the message, each above its own threshold."""

    alone: bool = False
    """The best passage of all, whatever was read."""
    agreed: bool = False
    """The best passage among the articles of the best reading: two witnesses, so less is asked of each."""
    score: float = 0.0
    """The probability that the article of ``alone`` answers, 0 to 1."""
    named: bool = False
    """Whether the message is the title of that article, word for word."""
    several: bool = False
    """Whether some article surely answers, and nobody can say which."""
    likely: float = 0.0
    """The probability of the article that fits best, whether it is enough to answer or not."""
    offers: str = ""
    """The intent that is offered under the answer of ``alone``."""
    depends: tuple[str, ...] = ()
    """The products between which the answer of ``alone`` depends, where nobody said which."""
    completed: bool = False
    """Whether the question was completed from what was said before: the message alone says half."""
    remains: bool = False
    """Whether the customer tells how far they are with what was just advised, and what is left of it is known."""
    value: bool = False
    """Whether it is the value that was asked for, which is read with the question that waits for it."""


@dataclass(frozen=True)
class Overrides:
    """What goes before a message's meaning."""

    language: str | None = None
    """The language it is in, where the assistant does not speak it."""
    upset: float | None = None
    """How upset the customer is, 0 to 1, where that is reason to hand over now."""
    danger: str | None = None
    """What is dangerous, where the message tells of it."""
    talk: TalkHeard = NO_TALK
    """What it does to the conversation itself."""
    felt: Felt = NOTHING_FELT
    """What moves the customer, where feelings are read."""
    asked_back: bool = False
    """Whether the last message was asked back about."""


NOTHING_BEFORE = Overrides()
"""Nothing goes before the meaning."""


@dataclass(frozen=True)
class Decision:
    """What to do with the message; ``choices`` are the intents to ask back about."""

    kind: Kind
    intent: str
    confidence: float
    why: str
    choices: tuple[str, ...] = ()
    uses_agreed: bool = False
    """Whether the answer is the one that intent and article agree on."""
    feeling: str = ""
    """What moves the customer, where that is what is answered."""
    remains: bool = False
    """Whether the answer is what is left of the article that was shown before."""


def sharing_readings(readings: Sequence[Reading], sharing: Sharing) -> tuple[str, ...]:
    """The readings that share the probability, best first: those less than ``sharing.lead`` behind the first."""
    if not readings:
        return ()
    first, *others = readings[: sharing.most_choices]
    return (first.name, *(other.name for other in others if first.confidence - other.confidence < sharing.lead))


def acts_of(name: str, intents: Mapping[str, IntentFacts]) -> bool:
    """Whether an intent asks for something to be done, by what its trainer says."""
    return name in intents and intents[name].acts
