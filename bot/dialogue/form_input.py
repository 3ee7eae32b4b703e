"""Whether a message answers the question that an open form has asked.

While a form waits, "tomorrow morning" or "it leaks" is an answer, however strange it looks to intents and scope; but
"what does a technician cost?" is a question, answered before the form goes on. Pure rules, no Rasa.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.contract.names import AFFIRM, ANSWERS_TO_FORM, COURTESIES

MOSTLY_ANSWER = 0.5
"""From this share on the entities are what the message is about: "Tuesday morning, thanks" gives a day; "I want a
person for LF-1234566" does not give an order number."""


def wish_of_form(name: str) -> str:
    """The intent that opens a form, by the way forms are named."""
    return name.removesuffix("_form")


@dataclass(frozen=True)
class Filling:
    """One way to fill a slot, as a mapping in the domain says: by an entity, by an intent, or by the text itself."""

    entity: str | None = None
    from_text: bool = False
    intents: frozenset[str] = frozenset()
    """The intents it is limited to; empty means any."""
    not_intents: frozenset[str] = frozenset()

    def allows(self, intent: str) -> bool:
        """Whether the mapping works with this intent."""
        return intent not in self.not_intents and (not self.intents or intent in self.intents)


@dataclass(frozen=True)
class OpenForm:
    """What the open form waits for."""

    name: str
    requested_slot: str | None
    fillings: tuple[Filling, ...] = ()
    entities: frozenset[str] = frozenset()
    """The entities that fill any of its slots, so that each can be corrected at any time."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """What kind of value an entity holds (`bot.contract.kinds`), where its name does not say it."""

    @property
    def opener(self) -> str:
        """The intent that opens the form, by the way forms are named (``track_order`` opens ``track_order_form``)."""
        return wish_of_form(self.name)

    @property
    def takes_free_text(self) -> bool:
        """Whether the requested slot takes whatever the customer writes."""
        return any(filling.from_text for filling in self.fillings)

    @property
    def wants_own_words(self) -> bool:
        """Whether the customer's own words are the answer, rather than something that is found in them."""
        return self.takes_free_text and all(
            filling.from_text or filling.entity == self.requested_slot for filling in self.fillings
        )

    @property
    def asks_yes_or_no(self) -> bool:
        """Whether a plain yes answers, as at a confirmation."""
        return any(filling.entity is None and AFFIRM in filling.intents for filling in self.fillings)


@dataclass(frozen=True)
class Heard:
    """What the pipeline heard in the message."""

    intent: str
    acts: bool
    """Whether the intent that was read acts, rather than asks for a fact."""
    sure: bool
    """Whether the reading stands alone: in scope, and no other shares its probability."""
    entities: Collection[str]
    covered: float
    """The share of the message that entities take up, 0 to 1."""
    asks: bool
    """Whether the message has the shape of a question."""
    strong_passage: bool
    """Whether an article answers it above the threshold."""

    @property
    def another_wish(self) -> bool:
        """Whether the intent that was read wants something, rather than goes along with an answer."""
        return self.intent not in COURTESIES


def fills_requested_slot(form: OpenForm, heard: Heard) -> bool:
    """Whether an entity or the intent itself fills the slot; the text alone does not count here."""
    return any(
        filling.allows(heard.intent)
        for filling in form.fillings
        if not filling.from_text and (filling.entity is None or filling.entity in heard.entities)
    )


def is_form_input(form: OpenForm, heard: Heard) -> bool:
    """Tell an answer to the form from a question or from another wish.

    In this order: a question that an article answers is none, unless it fills the slot and no fact was surely asked for
    ("can I do Tuesday?"); what can only be an answer is one; another wish that was read surely ("stop", "I want a
    person") is none, unless the message is little but the answer; what fills the slot is one; what is left is one where
    the slot takes free text.
    """
    fills = fills_requested_slot(form, heard)
    asks_for_fact = heard.sure and not heard.acts
    if heard.asks and heard.strong_passage and (asks_for_fact or not fills):
        return False
    if heard.asks and form.wants_own_words and not fills:
        return False
    if heard.intent in ANSWERS_TO_FORM:
        return True
    if heard.sure and heard.acts and heard.intent != form.opener:
        return fills and heard.covered >= MOSTLY_ANSWER
    return fills or form.takes_free_text
