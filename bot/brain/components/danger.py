"""Whether a message tells of a danger; read before everything else, and never silently left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.component import WarmlineComponent
from bot.brain.components.message_keys import DANGER, is_payload, note_step
from bot.nlu.languages.english_words import english_words
from bot.nlu.reading.danger import DangerReader
from bot.nlu.reading.danger_words import Safety, read_safety

_FILE = "safety.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineDanger(WarmlineComponent[DangerReader]):
    """Reads dangers by the words of data/safety; without those files there is no model."""

    reads_vectors = False

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing can be set: what is a danger stands in ``data/safety``."""
        return {}

    @classmethod
    def files_fingerprint(cls) -> str:
        """Other words are another reader."""
        return artefacts.files_digest(sorted(artefacts.safety_folder().glob("*.yml")))

    def learn(self, training_data: TrainingData) -> DangerReader:
        """Read the files; a missing, empty or malformed one stops the training."""
        return DangerReader(read_safety(artefacts.safety_folder()), english_words())

    @classmethod
    def write(cls, learned: DangerReader, folder: Path) -> None:
        """Write the words."""
        (folder / _FILE).write_text(json.dumps(learned.safety.to_json(), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> DangerReader:
        """Read the words; damaged ones are an error."""
        return DangerReader(Safety.from_json(json.loads((folder / _FILE).read_text(encoding="utf-8"))), english_words())

    def process(self, messages: list[Message]) -> list[Message]:
        """Say the danger of a message that tells of one; others bear no mark."""
        for message in messages:
            if self._learned is None or not message.get(TEXT) or is_payload(message):
                continue
            danger = self._learned.read(message.get(TEXT))
            if danger is None:
                continue
            words = " ".join(danger.words)
            add = self._learned.safety.add.get(danger.kind, "")
            message.set(DANGER, {"kind": danger.kind, "sign": danger.sign, "words": words, "add": add}, True)
            note_step(message, DANGER, f"{danger.kind}: {words} ({danger.sign})")
        return messages
