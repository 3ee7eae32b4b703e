"""How the customer feels by now, and whether that is reason to hand over."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.component import WarmlineComponent
from bot.brain.components.message_keys import (
    FEELING,
    HAND_OVER,
    SEED,
    TONE,
    intent_metadata,
    labelled,
    note_step,
    whole_vector_of,
)
from bot.contract.names import PRODUCT
from bot.dialogue import current_turn
from bot.nlu.tone.data import read_conversations
from bot.nlu.tone.feelings import SHIPPED, Feelings, read_feelings
from bot.nlu.tone.trend import ToneModel
from bot.nlu.tone.words import Things

logger = logging.getLogger(__name__)

MIXED = "mixed"
"""The ``tone`` in the metadata of an intent whose examples may be upset; those of all others are ordinary."""
MOST_SENTENCES = 1200
"""Ordinary sentences that are learnt from: more teach nothing new, and cost seconds."""


@dataclass
class Learned:
    """How customers sound, and what they say when something moves them."""

    tone: ToneModel
    feelings: Feelings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineTone(WarmlineComponent[Learned]):
    """Judges tone over the last messages; the threshold is the measured one, unless config.yml sets one."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, learned: Learned | None = None
    ) -> None:
        super().__init__(config, storage, resource, learned)
        self._hands_over = bool(config["hand_over"])
        self._reads_feelings = bool(config["feelings"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults.

        ``hand_over``: whether an upset customer is handed to a human; false only notes the tone. ``threshold``: from
        which trend on (0 to 1) a customer counts as upset; null takes the measured one. ``feelings``: whether praise,
        sarcasm, an insult, a threat and a death get answers of their own; the domain needs the intent ``feeling`` then.
        """
        return {"hand_over": True, "threshold": None, "feelings": False}

    @classmethod
    def files_fingerprint(cls) -> str:
        """Other conversations and other phrases are another model."""
        return artefacts.files_digest([SHIPPED, *sorted(artefacts.tone_folder().glob("*.yml"))])

    def learn(self, training_data: TrainingData) -> Learned:
        """Learn from data/tone, beside the ordinary sentences of data/nlu, and say what cross-validation found."""
        examples = labelled(training_data)
        mixed = {name for name, metadata in intent_metadata(training_data).items() if metadata.get("tone") == MIXED}
        vectors = {
            text: vector
            for text, vector, label in zip(examples.texts, examples.vectors, examples.labels, strict=True)
            if label not in mixed
        }
        ordinary = list(vectors)[:: max(1, len(vectors) // MOST_SENTENCES)]
        conversations = read_conversations(artefacts.tone_folder())
        said = sorted({text for conversation in conversations for text in conversation.messages})
        encoded = artefacts.vector_cache().encode(said) if said else np.zeros((0, 0), dtype=np.float32)
        vectors.update(zip(said, encoded, strict=True))
        products = [table["elements"] for table in training_data.lookup_tables if table["name"] == PRODUCT]
        things = Things(name for names in products for name in names)
        model = ToneModel.train(conversations, vectors, ordinary, SEED, things)
        logger.info("Tone: threshold %.2f: %s", model.threshold, model.report)
        return Learned(model, Feelings(read_feelings(artefacts.tone_folder())))

    @classmethod
    def write(cls, learned: Learned, folder: Path) -> None:
        """Write the model."""
        learned.tone.save(folder)
        learned.feelings.save(folder)

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> Learned:
        """Read the model; a threshold in config.yml counts instead of the measured one."""
        model = ToneModel.load(folder)
        if config["threshold"] is not None:
            model.threshold = float(config["threshold"])
        return Learned(model, Feelings.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the tone, and whether it is time for a human: once, until a human has handed the conversation back."""
        for message in messages:
            vector = whole_vector_of(message)
            if vector is None or self._learned is None:
                continue
            mood = current_turn.mood()
            is_asked = current_turn.open_form() is not None
            verdict = self._learned.tone.judge(message.get(TEXT), vector, mood.earlier, is_asked=is_asked)
            tone = {"message": round(verdict.message, 4), "trend": round(verdict.trend, 4), "upset": verdict.upset}
            message.set(TONE, tone, add_to_output=True)
            if verdict.upset and self._hands_over and not mood.handed_over:
                message.set(HAND_OVER, verdict.trend)
            feeling = self._learned.feelings.read(message.get(TEXT), verdict.message) if self._reads_feelings else None
            if feeling is not None:
                message.set(FEELING, feeling)
                note_step(message, "feeling", f"{feeling.kind} ({feeling.by})")
        return messages
