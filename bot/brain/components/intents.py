"""Vector to intents: the ranking of what the customer may want."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.message_keys import LOOK, READINGS, SEED, STRETCH_READINGS, STRETCHES, labelled, vector_of
from bot.errors import WarmlineError
from bot.nlu.intents import IntentModel

RANKING_LENGTH = 10
"""Readings that a message keeps: as many as Rasa's own classifiers keep."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineIntents(GraphComponent, IntentClassifier):
    """Reads intents: a ranking by probability."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: IntentModel | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to configure."""
        return {}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other code or another encoder is another model."""
        return artefacts.source_fingerprint("nlu") + artefacts.encoder_fingerprint()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WarmlineIntents:
        """Make the component before training."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WarmlineIntents:
        """Load the trained model."""
        with model_storage.read_from(resource) as folder:
            try:
                return cls(model_storage, resource, IntentModel.load(folder))
            except WarmlineError as error:
                raise artefacts.Refusal(error) from error

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples, those out of scope too: their share of the probability is evidence for the scope."""
        examples = labelled(training_data)
        try:
            model = IntentModel.train(examples.texts, examples.vectors, examples.labels, SEED, examples.titles)
        except WarmlineError as error:
            raise artefacts.Refusal(error) from error
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and its ranking as they were read; the arbiter has the last word."""
        for message in messages:
            vector = vector_of(message)
            if vector is None or self._model is None:
                continue
            look = self._model.look(message.get(TEXT), vector)
            ranking = [
                {INTENT_NAME_KEY: reading.name, PREDICTED_CONFIDENCE_KEY: round(reading.confidence, 4)}
                for reading in look.readings[:RANKING_LENGTH]
            ]
            message.set(LOOK, look)
            message.set(READINGS, look.readings)
            if stretches := message.get(STRETCHES):
                looks = {text: self._model.look(text, row) for text, row in stretches.items()}
                message.set(STRETCH_READINGS, looks)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
