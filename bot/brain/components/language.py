"""Whether the message is in a language that the assistant does not speak."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, ENTITY_ATTRIBUTE_END, ENTITY_ATTRIBUTE_START, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.message_keys import LANGUAGE, RULED_OUT, is_payload
from bot.nlu.language import FEWEST_WORDS, LanguageReader
from bot.nlu.words import often_in

_FILE = "language.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineLanguage(GraphComponent):
    """Recognises foreign messages; it stands behind the entities, which belong to no language."""

    def __init__(self, storage: ModelStorage, resource: Resource, reader: LanguageReader | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._reader = reader

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``fewest_words``: a message in Latin letters with fewer words than this is taken for English."""
        return {"fewest_words": FEWEST_WORDS}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other code is another reader."""
        return artefacts.source_fingerprint("nlu")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WarmlineLanguage:
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
    ) -> WarmlineLanguage:
        """Load the company's own words."""
        with model_storage.read_from(resource) as folder:
            known = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        reader = LanguageReader(known, int(config["fewest_words"]))
        reader.warm_up()
        return cls(model_storage, resource, reader)

    def train(self, training_data: TrainingData) -> Resource:
        """Collect the words that trainers write often: they are English here, whatever they look like."""
        known = often_in(message.get(TEXT) for message in training_data.training_examples if message.get(TEXT))
        with self._storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(sorted(known), ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Say the language of foreign messages; English ones bear no mark."""
        for message in messages:
            if self._reader is None or not message.get(TEXT) or is_payload(message):
                continue
            taken = [
                (entity[ENTITY_ATTRIBUTE_START], entity[ENTITY_ATTRIBUTE_END])
                for entity in message.get(ENTITIES, []) + message.get(RULED_OUT, [])
            ]
            verdict = self._reader.read(message.get(TEXT), taken)
            if not verdict.is_english:
                message.set(LANGUAGE, {"code": verdict.language, "why": verdict.why}, add_to_output=True)
        return messages
