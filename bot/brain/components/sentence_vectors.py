"""Text to vector, once for each message; everything after it reads the vector from the message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.component import WarmlineComponent
from bot.brain.components.message_keys import CONTRAST, STRETCHES, VECTORS, is_payload, read_in
from bot.dialogue import current_turn
from bot.errors import ArtefactError
from bot.nlu.encoder.protocol import Encoder
from bot.nlu.reading.cap import MOST_CHARACTERS, read_of
from bot.nlu.reading.ruled_out import contrast_in
from bot.nlu.wishes.splitting import SplitPoints

_NOTE = "encoder.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class WarmlineSentenceVectors(WarmlineComponent[Encoder]):
    """Encodes sentences; the model remembers which encoder it was trained with, and refuses another."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to configure: the encoder is a built artefact (models/encoder)."""
        return {}

    def learn(self, training_data: TrainingData) -> Encoder:
        """Nothing is learned: it is trained with the encoder that is built."""
        return artefacts.encoder()

    @classmethod
    def write(cls, learned: Encoder, folder: Path) -> None:
        """Remember the encoder."""
        (folder / _NOTE).write_text(json.dumps({"fingerprint": learned.fingerprint}), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> Encoder:
        """Return the encoder; :class:`ArtefactError` for another one than the model was trained with."""
        trained_with = json.loads((folder / _NOTE).read_text(encoding="utf-8"))["fingerprint"]
        if trained_with != artefacts.encoder_fingerprint():
            raise ArtefactError(
                artefacts.models_folder(),
                f"the model was trained with another encoder ({trained_with[:12]}…) than the one that is built now "
                f"({artefacts.encoder_fingerprint()[:12]}…).",
                "make train",
            )
        return artefacts.encoder()

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
        if written and self._learned is not None:
            # Stretches of a message that may hold several wishes go along in the same batch.
            stretches = [_stretches(message) for message in written]
            texts = [read_of(read_in(message).text) for message in written]
            vectors = self._learned.encode([*texts, *(text for some in stretches for text in some)])
            rest = iter(vectors[len(texts) :])
            for message, vector, some in zip(written, vectors, stretches, strict=False):
                _add(message, vector)
                if some:
                    message.set(STRETCHES, {text: next(rest) for text in some})
        return messages


def _stretches(message: Message) -> tuple[str, ...]:
    """What has to be read to tell several wishes from one, and what is ruled out: nothing of most messages."""
    read = read_in(message)
    stretches = _parts_of(read.text)
    contrast = contrast_in(read.until(MOST_CHARACTERS))
    if contrast is not None:
        message.set(CONTRAST, contrast)
        stretches += tuple(each.wish for each in contrast.ruled_out)
        if not contrast.is_all:
            stretches += (contrast.left.text, *_parts_of(contrast.left.text))
    return tuple(dict.fromkeys(stretches))


def _parts_of(text: str) -> tuple[str, ...]:
    return SplitPoints(text).stretches if current_turn.looks_for_wishes() else ()


def _add(message: Message, vector: np.ndarray[Any, Any]) -> None:
    message.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, VECTORS))
