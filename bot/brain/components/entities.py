"""What a message names: what trainers list, mark or give a shape, and days, hours, addresses, postcodes, telephones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_GROUP,
    ENTITY_ATTRIBUTE_ROLE,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.component import WarmlineComponent
from bot.brain.components.message_keys import ENTITY_KINDS, RULED_OUT, TYPED, is_payload, read_in
from bot.contract.kinds import KIND
from bot.dialogue import current_turn
from bot.errors import SettingError
from bot.nlu.entities.entity import Entity
from bot.nlu.entities.reader import EntityFinder, Settings, Taught
from bot.nlu.entities.recogniser import Annotated, Mention
from bot.nlu.reading.rewritten import Rewritten

VALID = "valid"
"""On an entity, and false: its value cannot exist (a check digit is wrong, an address is none)."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class WarmlineEntities(WarmlineComponent[EntityFinder], EntityExtractorMixin):
    """Finds entities by the lookups, patterns, synonyms and annotations of data/nlu, and dates by reading them."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, learned: EntityFinder | None = None
    ) -> None:
        super().__init__(config, storage, resource, learned)
        self._config = config

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults.

        ``timezone``: where "tomorrow" is (a name of the IANA database). ``country``: where the customers are (ISO
        3166), by which dates, the clock, postcodes and telephone numbers are read. Both have to be written. ``forms``:
        an entity's one form, by an example in which each 0 stands for a typed digit, such as ``booking: B-000000``.
        ``checks``: how its last digit is checked (``luhn``). ``kinds``: what an entity of another name holds, such as
        ``zip: postcode``; one of date, time, phone, email and postcode.
        """
        return {"timezone": None, "country": None, "forms": {}, "checks": {}, "kinds": {}}

    def learn(self, training_data: TrainingData) -> EntityFinder:
        """Collect lookups, patterns and synonyms, and train the recogniser on the annotated examples."""
        taught = Taught(
            lookups={table["name"]: table["elements"] for table in training_data.lookup_tables},
            regexes=[(feature["name"], feature["pattern"]) for feature in training_data.regex_features],
            synonyms=training_data.entity_synonyms,
            examples=[_annotated(message) for message in training_data.training_examples if message.get(TEXT)],
        )
        return EntityFinder.build(taught, _settings(self._config), artefacts.word_vectors)

    @classmethod
    def write(cls, learned: EntityFinder, folder: Path) -> None:
        """Write what was collected and learned."""
        learned.save(folder)

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> EntityFinder:
        """Read what was collected and learned."""
        return EntityFinder.load(folder)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is found; a button's payload brings its own entities."""
        for message in messages:
            if self._learned is None or not message.get(TEXT) or is_payload(message):
                continue
            read = read_in(message)
            understood = self._learned.understand(read.text, datetime.now(timezone.utc), _asked())
            wanted = self.add_extractor_name([_told(entity, read) for entity in understood.wanted])
            message.set(ENTITIES, message.get(ENTITIES, []) + wanted, add_to_output=True)
            ruled_out = self.add_extractor_name([_told(entity, read) for entity in understood.ruled_out])
            message.set(RULED_OUT, ruled_out, add_to_output=True)
            message.set(TYPED, message.get(TEXT), add_to_output=True)
            message.set(ENTITY_KINDS, self._learned.kinds)
        return messages


def _settings(config: Mapping[str, Any]) -> Settings:
    """What config.yml says; :class:`SettingError` where it does not say where the customers are."""
    for name, example in (("country", "NZ"), ("timezone", "Pacific/Auckland")):
        if not config[name]:
            raise SettingError(f"WarmlineEntities has no {name}: write it in config.yml, such as `{name}: {example}`.")
    return Settings(
        str(config["timezone"]),
        str(config["country"]),
        dict(config["forms"]),
        dict(config["checks"]),
        dict(config["kinds"]),
    )


def _told(entity: Entity, read: Rewritten) -> dict[str, Any]:
    """An entity at the place where it was typed."""
    start, end = read.typed_span(entity.start, entity.end)
    return {
        ENTITY_ATTRIBUTE_TYPE: entity.name,
        ENTITY_ATTRIBUTE_VALUE: entity.value,
        ENTITY_ATTRIBUTE_START: start,
        ENTITY_ATTRIBUTE_END: end,
        **({ENTITY_ATTRIBUTE_ROLE: entity.role} if entity.role else {}),
        **({ENTITY_ATTRIBUTE_GROUP: entity.group} if entity.group else {}),
        **({} if entity.valid else {VALID: False}),
        **({KIND: entity.kind} if entity.kind not in ("", entity.name) else {}),
    }


def _asked() -> frozenset[str]:
    """The entities that fill the slot that an open form has asked for."""
    form = current_turn.open_form()
    return frozenset(filling.entity for filling in form.fillings if filling.entity) if form else frozenset()


def _annotated(message: Message) -> Annotated:
    return Annotated(
        message.get(TEXT),
        tuple(
            Mention(
                entity[ENTITY_ATTRIBUTE_TYPE],
                entity[ENTITY_ATTRIBUTE_START],
                entity[ENTITY_ATTRIBUTE_END],
                str(entity.get(ENTITY_ATTRIBUTE_ROLE) or ""),
                str(entity.get(ENTITY_ATTRIBUTE_GROUP) or ""),
            )
            for entity in message.get(ENTITIES, [])
        ),
    )
