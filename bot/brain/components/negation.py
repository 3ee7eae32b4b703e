"""What a message says no to is no wish of it: the rest of the message is read instead."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain.components.component import WarmlineComponent
from bot.brain.components.intents import RANKING_LENGTH
from bot.brain.components.message_keys import (
    CONTRAST,
    LEFT,
    LOOK,
    NOT_WANTED,
    READINGS,
    REFUSES,
    STRETCH_READINGS,
    STRETCHES,
    VECTOR,
    intent_metadata,
    note_step,
)
from bot.contract.names import OUT_OF_SCOPE
from bot.nlu.intents.classifier import Classification
from bot.nlu.intents.held_out import intents_among
from bot.nlu.reading.ruled_out import Contrast, Weighed, weighed

_FILE = "negation.json"
STEP = "negation"


@dataclass(frozen=True)
class WithNo:
    """The intents by which something is done, and those that customers say by a no."""

    acts: frozenset[str]
    said_with_no: frozenset[str]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineNegation(WarmlineComponent[WithNo], IntentClassifier):
    """Takes what is ruled out from the readings; it stands right behind the intents."""

    reads_vectors = False

    def learn(self, training_data: TrainingData) -> WithNo:
        """Collect what trainers say of their intents: ``kind``, and ``said_with_no`` ("don't e-mail me")."""
        metadata = intent_metadata(training_data)
        return WithNo(
            frozenset(name for name, about in metadata.items() if about.get("kind") != "fact"),
            frozenset(name for name, about in metadata.items() if about.get("said_with_no")),
        )

    @classmethod
    def write(cls, learned: WithNo, folder: Path) -> None:
        """Write the names of the intents."""
        written = {"acts": sorted(learned.acts), "said_with_no": sorted(learned.said_with_no)}
        (folder / _FILE).write_text(json.dumps(written), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, config: dict[str, object]) -> WithNo:
        """Read the names of the intents."""
        written = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return WithNo(frozenset(written["acts"]), frozenset(written["said_with_no"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Leave on each message that rules something out what is left of it, and how that was read."""
        for message in messages:
            contrast, read = message.get(CONTRAST), message.get(STRETCH_READINGS)
            if self._learned is None or contrast is None or not read:
                continue
            left = read.get(contrast.left.text)
            found = weighed(
                contrast,
                [intents_among(read[each.wish].readings, OUT_OF_SCOPE) for each in contrast.ruled_out],
                intents_among(message.get(READINGS), OUT_OF_SCOPE),
                intents_among(left.readings, OUT_OF_SCOPE) if left is not None else (),
                self._learned.acts,
                self._learned.said_with_no,
            )
            if found is not None:
                _rule_out(message, contrast, found, left)
        return messages


def _rule_out(message: Message, contrast: Contrast, found: Weighed, left: Classification | None) -> None:
    message.set(NOT_WANTED, found.intents)
    did = f"not: {', '.join(found.intents)}"
    if found.reads == "nothing":
        message.set(REFUSES, True)
        note_step(message, STEP, f"{did}; nothing else is said")
        return
    if found.reads == "whole" or left is None:
        note_step(message, STEP, did)
        return
    note_step(message, STEP, f"{did}; read: {contrast.left.text}")
    wanted = left.without(found.intents)
    message.set(LEFT, contrast.left)
    message.set(VECTOR, message.get(STRETCHES)[contrast.left.text])
    message.set(LOOK, wanted)
    message.set(READINGS, wanted.readings)
    ranking = [
        {INTENT_NAME_KEY: reading.name, PREDICTED_CONFIDENCE_KEY: round(reading.confidence, 4)}
        for reading in wanted.readings[:RANKING_LENGTH]
    ]
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
