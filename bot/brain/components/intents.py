"""Vector to intents: the ranking of what the customer may want."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import (
    RESPONSE_SELECTOR_PREDICTION_KEY,
    RESPONSE_SELECTOR_PROPERTY_NAME,
    RESPONSE_SELECTOR_RANKING_KEY,
    RESPONSE_SELECTOR_UTTER_ACTION_KEY,
)
from rasa.shared.constants import UTTER_PREFIX
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain.components.component import WarmlineComponent
from bot.brain.components.message_keys import (
    LOOK,
    READINGS,
    SEED,
    STRETCH_READINGS,
    STRETCHES,
    labelled,
    read_in,
    vector_of,
)
from bot.nlu.intents.classifier import IntentModel
from bot.nlu.intents.retrieval import Chosen, Families

RANKING_LENGTH = 10
"""Readings that a message keeps: as many as Rasa's own classifiers keep."""


@dataclass(frozen=True)
class LearnedIntents:
    """The model of all intents, and what tells the members of a family of retrieval intents apart."""

    model: IntentModel
    families: Families


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineIntents(WarmlineComponent[LearnedIntents], IntentClassifier):
    """Reads intents: a ranking by probability."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to configure."""
        return {}

    def learn(self, training_data: TrainingData) -> LearnedIntents:
        """Learn from all examples, those out of scope too: their share of the probability is evidence for the scope."""
        examples = labelled(training_data)
        model = IntentModel.train(examples.texts, examples.vectors, examples.labels, SEED, examples.titles)
        retrieved = [
            (str(message.get(INTENT_RESPONSE_KEY)), vector)
            for message in training_data.intent_examples
            if message.get(INTENT_RESPONSE_KEY) and (vector := vector_of(message)) is not None
        ]
        return LearnedIntents(model, Families.learn([name for name, _ in retrieved], [row for _, row in retrieved]))

    @classmethod
    def write(cls, learned: LearnedIntents, folder: Path) -> None:
        """Write the model."""
        learned.model.save(folder)
        learned.families.save(folder)

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> LearnedIntents:
        """Read the model."""
        return LearnedIntents(IntentModel.load(folder), Families.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and its ranking as they were read; the arbiter has the last word."""
        for message in messages:
            vector = vector_of(message)
            if vector is None or self._learned is None:
                continue
            classified = self._learned.model.classify(read_in(message).text, vector)
            ranking = [
                {INTENT_NAME_KEY: reading.name, PREDICTED_CONFIDENCE_KEY: round(reading.confidence, 4)}
                for reading in classified.readings[:RANKING_LENGTH]
            ]
            message.set(LOOK, classified)
            message.set(READINGS, classified.readings)
            if stretches := message.get(STRETCHES):
                classify = self._learned.model.classify
                message.set(STRETCH_READINGS, {text: classify(text, row) for text, row in stretches.items()})
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            if self._learned.families.names:
                chosen = {name: self._learned.families.choose(name, vector) for name in self._learned.families.names}
                selected = {name: _selected(own) for name, own in chosen.items()}
                message.set(RESPONSE_SELECTOR_PROPERTY_NAME, selected, add_to_output=True)
        return messages


def _selected(chosen: Sequence[Chosen]) -> dict[str, Any]:
    """As Rasa's ResponseSelector leaves it for the action ``utter_…`` of the family."""
    ranking = [
        {INTENT_RESPONSE_KEY: one.name, PREDICTED_CONFIDENCE_KEY: round(one.likeness, 4)}
        for one in chosen[:RANKING_LENGTH]
    ]
    best = {**ranking[0], RESPONSE_SELECTOR_UTTER_ACTION_KEY: f"{UTTER_PREFIX}{chosen[0].name}"}
    return {RESPONSE_SELECTOR_PREDICTION_KEY: best, RESPONSE_SELECTOR_RANKING_KEY: ranking}
