"""Text to vector, once for each message; everything after it reads the vector from the message."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.message_keys import STRETCHES, VECTORS, is_payload
from bot.dialogue import current_turn
from bot.errors import ArtefactError
from bot.nlu.encoder import Encoder
from bot.nlu.reading.cap import read_of
from bot.nlu.wishes import Joints

_NOTE = "encoder.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class WarmlineSentenceVectors(GraphComponent):
    """Encodes sentences; the model remembers which encoder it was trained with, and refuses another."""

    def __init__(self, storage: ModelStorage, resource: Resource, encoder: Encoder | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._encoder = encoder

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to configure: the encoder is a built artefact (models/encoder)."""
        return {}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other code or another encoder is another result."""
        return artefacts.source_fingerprint("nlu") + artefacts.encoder_fingerprint()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WarmlineSentenceVectors:
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
    ) -> WarmlineSentenceVectors:
        """Load for serving; refuses an encoder that the model was not trained with."""
        with model_storage.read_from(resource) as folder:
            trained_with = json.loads((folder / _NOTE).read_text(encoding="utf-8"))["fingerprint"]
        if trained_with != artefacts.encoder_fingerprint():
            error = ArtefactError(
                artefacts.models_folder(),
                f"the model was trained with another encoder ({trained_with[:12]}…) than the one that is built now "
                f"({artefacts.encoder_fingerprint()[:12]}…).",
                "make train",
            )
            raise artefacts.Refusal(error)
        return cls(model_storage, resource, artefacts.encoder())

    def train(self, training_data: TrainingData) -> Resource:
        """Remember the encoder."""
        with self._storage.write_to(self._resource) as folder:
            note = json.dumps({"fingerprint": artefacts.encoder_fingerprint()})
            (folder / _NOTE).write_text(note, encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode all examples, those that were encoded before from the cache."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        vectors = artefacts.vector_cache().encode([message.get(TEXT) for message in messages])
        for message, vector in zip(messages, vectors, strict=True):
            _add(message, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode what customers wrote; a button's payload is not language."""
        written = [message for message in messages if message.get(TEXT) and not is_payload(message)]
        if written and self._encoder is not None:
            # Stretches of a message that may hold several wishes go along in the same batch.
            stretches = [_stretches(message) for message in written]
            texts = [read_of(message.get(TEXT)) for message in written]
            vectors = self._encoder.encode([*texts, *(text for some in stretches for text in some)])
            rest = iter(vectors[len(texts) :])
            for message, vector, some in zip(written, vectors, stretches, strict=False):
                _add(message, vector)
                if some:
                    message.set(STRETCHES, {text: next(rest) for text in some})
        return messages


def _stretches(message: Message) -> tuple[str, ...]:
    """What has to be read to tell several wishes from one: nothing of most messages."""
    return Joints(message.get(TEXT)).stretches if current_turn.looks_for_wishes() else ()


def _add(message: Message, vector: np.ndarray[Any, Any]) -> None:
    message.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, VECTORS))
