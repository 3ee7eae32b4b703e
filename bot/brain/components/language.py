"""Whether the message is in a language that the assistant does not speak."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, ENTITY_ATTRIBUTE_END, ENTITY_ATTRIBUTE_START, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.component import WarmlineComponent
from bot.brain.components.message_keys import LANGUAGE, RULED_OUT, is_payload
from bot.nlu.languages.detection import FEWEST_WORDS, LanguageReader
from bot.nlu.languages.english_words import often_in

_FILE = "language.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineLanguage(WarmlineComponent[LanguageReader]):
    """Recognises foreign messages; it stands behind the entities, which belong to no language."""

    reads_vectors = False

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults.

        ``fewest_words``: a message in Latin letters with fewer words than this is taken for English. ``languages``: in
        which languages customers write (ISO 639-1), of those in Latin letters; null: those of the entities' country.
        """
        return {"fewest_words": FEWEST_WORDS, "languages": None}

    @classmethod
    def files_fingerprint(cls) -> str:
        """The languages may depend on the country, which stands in another entry of config.yml."""
        return ",".join(artefacts.languages())

    def learn(self, training_data: TrainingData) -> LanguageReader:
        """Collect the words that trainers write often: they are English here, whatever they look like."""
        known = often_in(message.get(TEXT) for message in training_data.training_examples if message.get(TEXT))
        return LanguageReader(known, languages=artefacts.languages())

    @classmethod
    def write(cls, learned: LanguageReader, folder: Path) -> None:
        """Write the company's own words, and the languages."""
        written = {"known": sorted(learned.known), "languages": learned.languages}
        (folder / _FILE).write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> LanguageReader:
        """Read the company's own words, and the languages."""
        written = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        reader = LanguageReader(written["known"], int(config["fewest_words"]), written["languages"])
        reader.warm_up()
        return reader

    def process(self, messages: list[Message]) -> list[Message]:
        """Say the language of foreign messages; English ones bear no mark."""
        for message in messages:
            if self._learned is None or not message.get(TEXT) or is_payload(message):
                continue
            taken = [
                (entity[ENTITY_ATTRIBUTE_START], entity[ENTITY_ATTRIBUTE_END])
                for entity in message.get(ENTITIES, []) + message.get(RULED_OUT, [])
            ]
            verdict = self._learned.read(message.get(TEXT), taken)
            if not verdict.is_english:
                message.set(LANGUAGE, {"code": verdict.language, "why": verdict.why}, add_to_output=True)
        return messages
