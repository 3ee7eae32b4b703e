"""Whether the message is any of the company's business."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.message_keys import (
    LOOK,
    LOOKS,
    SCOPE,
    SEED,
    STRETCH_READINGS,
    STRETCHES,
    VERDICT,
    labelled,
    vector_of,
)
from bot.contract.names import OUT_OF_SCOPE
from bot.errors import WarmlineError
from bot.nlu import intents
from bot.nlu.encoder import Vectors
from bot.nlu.scope import ScopeModel
from bot.nlu.wishes import Look

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineScope(GraphComponent):
    """Judges scope; the threshold is the one that cross-validation found, unless the entry in config.yml sets one."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: ScopeModel | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``threshold``: a score from 0 to 1 below which a message is out of scope; null takes the measured one."""
        return {"threshold": None}

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
    ) -> WarmlineScope:
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
    ) -> WarmlineScope:
        """Load the trained model."""
        with model_storage.read_from(resource) as folder:
            try:
                model = ScopeModel.load(folder)
            except WarmlineError as error:
                raise artefacts.Refusal(error) from error
        if config["threshold"] is not None:
            model.threshold = float(config["threshold"])
        return cls(model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn what is in scope and what is not, and say what cross-validation found."""
        examples = labelled(training_data)
        try:
            model = ScopeModel.train(
                examples.texts, examples.vectors, examples.labels, SEED, OUT_OF_SCOPE, examples.titles
            )
        except WarmlineError as error:
            raise artefacts.Refusal(error) from error
        logger.info("Scope: %s", model.report())
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the verdict beside the readings."""
        for message in messages:
            vector = vector_of(message)
            if vector is None or self._model is None:
                continue
            verdict = self._model.judge(message.get(TEXT), vector, message.get(LOOK))
            message.set(VERDICT, verdict)
            if stretches := message.get(STRETCHES):
                message.set(LOOKS, self._looks(stretches, message.get(STRETCH_READINGS)))
            message.set(
                SCOPE,
                {"in_scope": verdict.in_scope, "score": round(verdict.score, 4), "reason": verdict.reason},
                add_to_output=True,
            )
        return messages

    def _looks(self, stretches: Mapping[str, Vectors], read: Mapping[str, intents.Look]) -> dict[str, Look]:
        """How each stretch of the message reads, with its scope."""
        return {
            text: Look.at(read[text].readings, self._model.judge(text, row, read[text]).score, row, OUT_OF_SCOPE)
            for text, row in stretches.items()
        }
