"""Order numbers, products, postcodes, dates, times and e-mail addresses in a message."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.message_keys import RULED_OUT, TYPED, is_payload
from bot.dialogue import current_turn
from bot.errors import WarmlineError
from bot.nlu.entities import Entity, EntityFinder, Settings, Taught
from bot.nlu.recogniser import Annotated, Mention

VALID = "valid"
"""On an entity, and false: its value cannot exist (a check digit is wrong, an address is none)."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class WarmlineEntities(GraphComponent, EntityExtractorMixin):
    """Finds entities by the lookups, patterns, synonyms and annotations of data/nlu, and dates by reading them."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, finder: EntityFinder | None = None
    ) -> None:
        self._settings = Settings(config["timezone"], config["country"], dict(config["forms"]), dict(config["checks"]))
        self._storage = storage
        self._resource = resource
        self._finder = finder

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults.

        ``timezone``: where "tomorrow" is (a name of the IANA database). ``country``: where a telephone number without a
        country code belongs (ISO 3166). ``forms``: an entity's one form, by an example in which each 0 stands for a
        typed digit, such as ``order_number: LF-0000000``. ``checks``: how its last digit is checked (``luhn``).
        """
        return {"timezone": "Europe/London", "country": "GB", "forms": {}, "checks": {}}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other code is another finder."""
        return artefacts.source_fingerprint("nlu")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WarmlineEntities:
        """Make the component before training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WarmlineEntities:
        """Load what training collected."""
        with model_storage.read_from(resource) as folder:
            try:
                return cls(config, model_storage, resource, EntityFinder.load(folder))
            except WarmlineError as error:
                raise artefacts.Refusal(error) from error

    def train(self, training_data: TrainingData) -> Resource:
        """Collect lookups, patterns and synonyms, and train the recogniser on the annotated examples."""
        taught = Taught(
            lookups={table["name"]: table["elements"] for table in training_data.lookup_tables},
            regexes=[(feature["name"], feature["pattern"]) for feature in training_data.regex_features],
            synonyms=training_data.entity_synonyms,
            examples=[_annotated(message) for message in training_data.training_examples if message.get(TEXT)],
        )
        try:
            finder = EntityFinder.build(taught, self._settings)
        except WarmlineError as error:
            raise artefacts.Refusal(error) from error
        with self._storage.write_to(self._resource) as folder:
            finder.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is found; a button's payload brings its own entities."""
        for message in messages:
            if self._finder is None or not message.get(TEXT) or is_payload(message):
                continue
            understood = self._finder.understand(message.get(TEXT), datetime.now(timezone.utc), _asked())
            wanted = self.add_extractor_name([_told(entity) for entity in understood.wanted])
            message.set(ENTITIES, message.get(ENTITIES, []) + wanted, add_to_output=True)
            ruled_out = self.add_extractor_name([_told(entity) for entity in understood.ruled_out])
            message.set(RULED_OUT, ruled_out, add_to_output=True)
            message.set(TYPED, message.get(TEXT), add_to_output=True)
        return messages


def _told(entity: Entity) -> dict[str, Any]:
    return {
        ENTITY_ATTRIBUTE_TYPE: entity.name,
        ENTITY_ATTRIBUTE_VALUE: entity.value,
        ENTITY_ATTRIBUTE_START: entity.start,
        ENTITY_ATTRIBUTE_END: entity.end,
        **({} if entity.valid else {VALID: False}),
    }


def _asked() -> frozenset[str]:
    """The entities that fill the slot that an open form has asked for."""
    form = current_turn.open_form()
    return frozenset(filling.entity for filling in form.fillings if filling.entity) if form else frozenset()


def _annotated(message: Message) -> Annotated:
    return Annotated(
        message.get(TEXT),
        tuple(
            Mention(entity[ENTITY_ATTRIBUTE_TYPE], entity[ENTITY_ATTRIBUTE_START], entity[ENTITY_ATTRIBUTE_END])
            for entity in message.get(ENTITIES, [])
        ),
    )
