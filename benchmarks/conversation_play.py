"""Plays one conversation of a set on the stage, and keeps what was said, asked, done and written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from benchmarks.conversation_script import (
    CONFIRMATION,
    PRODUCT,
    Next,
    Script,
    Situation,
    are_products,
    asked_besides,
    asks_in_words,
    kinds_of_slot,
)
from benchmarks.conversation_stage import Agent, Customer, Heard, Reaction, Stage
from bot.contract.trace import ACT, ASK_BACK

# No conversation of the sets has so many; one that asks in circles ends.
MOST_STEPS = 40
# A question for the one value that the answer depends on is no choice among readings.
_ASK_VALUE = "ask_value"


@dataclass(frozen=True)
class Step:
    """One line, of the customer or of the desk, and what followed."""

    said: Next
    heard: tuple[Heard, ...] = ()
    owner_before: str = "bot"
    owner: str = "bot"
    reason: str | None = None
    trace: Mapping[str, Any] = field(default_factory=dict)
    situation: Situation = field(default_factory=Situation)
    """What the customer has in front of them afterwards."""
    written: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    """What stands in the shop afterwards."""
    milliseconds: float = 0.0
    told_to_wait: bool = False
    """Whether the machine was so busy that the customer was told to wait."""
    done: bool = True
    """False for a line of the desk that found no ticket."""

    @property
    def is_customers(self) -> bool:
        """Whether the customer wrote it."""
        return self.said.origin != "desk"

    @property
    def is_silent(self) -> bool:
        """Whether nobody reacted although no human has the conversation."""
        return self.is_customers and self.owner_before != "human" and not self.heard

    @property
    def decision(self) -> str:
        """What the assistant decided; empty where it read nothing."""
        return str((self.trace.get("decision") or {}).get("kind", ""))

    @property
    def is_only_a_choice(self) -> bool:
        """Whether the customer got nothing but the question which of several things is meant."""
        offers = any(message.choices for message in self.heard)
        helps = self.decision in (ACT, _ASK_VALUE) or self.situation.asks or any(one.article for one in self.heard)
        return bool(self.decision) and self.owner == "bot" and offers and not helps


@dataclass(frozen=True)
class Play:
    """A conversation as it went."""

    conversation: Mapping[str, Any]
    steps: tuple[Step, ...]
    left_out: Mapping[int, int]
    """Numbers of lines that nobody asked for, with the number of steps there had been when each was passed over."""
    stored: str = ""
    """What gateway, logs and shop hold of it, where the set asks what they may not hold."""

    @property
    def id(self) -> str:
        """Its name in the set."""
        return str(self.conversation["id"])

    @property
    def customer_steps(self) -> list[Step]:
        """The customer's lines alone."""
        return [step for step in self.steps if step.is_customers]

    @property
    def written(self) -> Mapping[str, list[dict[str, Any]]]:
        """What stands in the shop at the end."""
        return self.steps[-1].written if self.steps else {}

    @property
    def owner(self) -> str:
        """Who has the conversation at the end."""
        return self.steps[-1].owner if self.steps else "bot"


def play(stage: Stage, agent: Agent, conversation: Mapping[str, Any]) -> Play:
    """Play a conversation from its first line to its last, and clear the stage behind it."""
    script = Script.of(conversation)
    steps: list[Step] = []
    now, owner = Situation(), "bot"
    logs = _log_lengths(stage)
    with closing(Customer(stage)) as customer:
        try:
            while len(steps) < MOST_STEPS and (said := script.next(now)) is not None:
                agent.is_there()
                step = _step(stage, agent, customer, said, owner, now)
                steps.append(step)
                now, owner = step.situation, step.owner
            end = (conversation.get("checks") or {}).get("end") or {}
            stored = _stored(stage, customer, logs) if "masked" in end else ""
        finally:
            agent.clear(customer)
            stage.clear()
    return Play(conversation, tuple(steps), dict(script.left_out), stored)


def _step(stage: Stage, agent: Agent, customer: Customer, said: Next, owner: str, before: Situation) -> Step:
    reaction = agent.does(said.text, customer) if said.origin == "desk" else customer.writes(said.text)
    if reaction is None:
        return Step(said, owner_before=owner, owner=owner, situation=before, written=stage.written(), done=False)
    return Step(
        said,
        heard=reaction.heard,
        owner_before=owner,
        owner=reaction.owner,
        reason=reaction.reason,
        trace=reaction.trace,
        situation=situation_after(reaction),
        written=stage.written(),
        milliseconds=reaction.milliseconds,
        told_to_wait=reaction.told_to_wait,
    )


def situation_after(reaction: Reaction) -> Situation:
    """Read what is asked now: by a form, by a choice, or by the words of the question."""
    texts = [message.text for message in reaction.heard]
    choices = [title for message in reaction.heard for title in message.choices]
    form = reaction.trace.get("form") or {}
    asks = kinds_of_slot(form.get("asks"))
    besides = asked_besides(texts, asks)
    asks_back = (reaction.trace.get("decision") or {}).get("kind") == ASK_BACK
    if not asks:
        asks = asks_in_words(texts) | (frozenset({PRODUCT}) if are_products(choices) else frozenset())
    return Situation(
        owner=reaction.owner,
        asks=asks,
        besides=besides,
        chooses=asks_back and not asks,
        choices=tuple(choices),
        invites=CONFIRMATION in asks or bool(choices) or any("?" in text for text in texts),
    )


def _log_lengths(stage: Stage) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in (stage.settings.var / "logs").glob("*.log")}


def _stored(stage: Stage, customer: Customer, logs: Mapping[str, int]) -> str:
    """What is kept of a conversation: the gateway's rows, the shop's, and what the logs have got since it began."""
    text = [customer.stored(), repr(stage.written())]
    for path in (stage.settings.var / "logs").glob("*.log"):
        with path.open("rb") as log:
            log.seek(logs.get(path.name, 0))
            text.append(log.read().decode(errors="replace"))
    return "\n".join(text)
