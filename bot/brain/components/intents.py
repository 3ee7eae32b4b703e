"""Vector to intents: the ranking of what the customer may want."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
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

RANKING_LENGTH = 10
"""Readings that a message keeps: as many as Rasa's own classifiers keep."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineIntents(WarmlineComponent[IntentModel], IntentClassifier):
    """Reads intents: a ranking by probability."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to configure."""
        return {}

    def learn(self, training_data: TrainingData) -> IntentModel:
        """Learn from all examples, those out of scope too: their share of the probability is evidence for the scope."""
        examples = labelled(training_data)
        return IntentModel.train(examples.texts, examples.vectors, examples.labels, SEED, examples.titles)

    @classmethod
    def write(cls, learned: IntentModel, folder: Path) -> None:
        """Write the model."""
        learned.save(folder)

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> IntentModel:
        """Read the model."""
        return IntentModel.load(folder)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and its ranking as they were read; the arbiter has the last word."""
        for message in messages:
            vector = vector_of(message)
            if vector is None or self._learned is None:
                continue
            classified = self._learned.classify(read_in(message).text, vector)
            ranking = [
                {INTENT_NAME_KEY: reading.name, PREDICTED_CONFIDENCE_KEY: round(reading.confidence, 4)}
                for reading in classified.readings[:RANKING_LENGTH]
            ]
            message.set(LOOK, classified)
            message.set(READINGS, classified.readings)
            if stretches := message.get(STRETCHES):
                classified_stretches = {text: self._learned.classify(text, row) for text, row in stretches.items()}
                message.set(STRETCH_READINGS, classified_stretches)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
