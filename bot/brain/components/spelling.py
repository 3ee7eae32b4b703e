"""Slips and short forms to the words that were meant, before anything else reads them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.component import WarmlineComponent
from bot.brain.components.message_keys import READ, is_payload, note_step
from bot.nlu.reading.own_words import Words
from bot.nlu.reading.short_forms import files_of, read_short_forms
from bot.nlu.reading.spelling import Speller

_FILE = "spelling.json"
STEP = "spelling"


@dataclass(frozen=True)
class Taught:
    """What trainers wrote, and the forms that they listed; the articles' words come from the index."""

    words: Words
    short_forms: dict[str, str]
    languages: tuple[str, ...]
    """The languages in which a message is left alone."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineSpelling(WarmlineComponent[Taught]):
    """Corrects what is read of a message; the message itself stays as it was typed."""

    reads_vectors = False

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, learned: Taught | None = None
    ) -> None:
        super().__init__(config, storage, resource, learned)
        self._corrects = bool(config["correct"])
        self._living = artefacts.living_index() if learned is not None and self._corrects else None
        self._of: tuple[object, Speller] | None = None
        """The speller, and the articles whose words it knows."""
        self._speller()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``correct``: whether messages are corrected at all."""
        return {"correct": True}

    @classmethod
    def files_fingerprint(cls) -> str:
        """Other short forms are another table; the articles' words are not learned but read from the index."""
        return artefacts.files_digest(files_of(artefacts.spelling_folder())) + ",".join(artefacts.languages())

    def learn(self, training_data: TrainingData) -> Taught:
        """Collect the words of the examples, the lookups and the short forms."""
        examples = [str(message.get(TEXT)) for message in training_data.training_examples if message.get(TEXT)]
        listed = [element for table in training_data.lookup_tables for element in table["elements"]]
        listed += [*training_data.entity_synonyms, *training_data.entity_synonyms.values()]
        return Taught(Words.of(examples, listed), read_short_forms(artefacts.spelling_folder()), artefacts.languages())

    @classmethod
    def write(cls, learned: Taught, folder: Path) -> None:
        """Write the words and the forms."""
        written = {**learned.words.to_json(), "short_forms": learned.short_forms, "languages": learned.languages}
        (folder / _FILE).write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> Taught:
        """Read the words and the forms."""
        written = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return Taught(Words.of_json(written), dict(written["short_forms"]), tuple(written["languages"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Leave on each message what is read of it, where that differs; the trace says what was corrected."""
        for message in messages:
            typed, speller = message.get(TEXT), self._speller()
            if speller is None or not typed or is_payload(message):
                continue
            read, corrections = speller.correct(typed)
            if corrections:
                message.set(READ, read)
                note_step(message, STEP, ", ".join(f"{each.typed} → {each.read}" for each in corrections))
        return messages

    def _speller(self) -> Speller | None:
        """What corrects by the articles as they stand now; None where nothing is corrected."""
        if self._living is None or self._learned is None:
            return None
        index = self._living.current()
        if self._of is None or self._of[0] is not index:
            texts = [
                text for passage in index.passages for text in (passage.title, passage.heading or "", passage.text)
            ]
            learned = self._learned
            self._of = (index, Speller(learned.words.and_texts(texts), learned.short_forms, learned.languages))
        return self._of[1]
