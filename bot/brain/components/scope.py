"""Whether the message is any of the company's business."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain.components.component import WarmlineComponent
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
    wanted_in,
)
from bot.contract.names import OUT_OF_SCOPE
from bot.nlu.encoder.protocol import Vectors
from bot.nlu.intents.classifier import Classification
from bot.nlu.scope.verdict import ScopeModel
from bot.nlu.wishes.splitting import StretchReading

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineScope(WarmlineComponent[ScopeModel]):
    """Judges scope; the threshold is the one that cross-validation found, unless the entry in config.yml sets one."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``threshold``: a score from 0 to 1 below which a message is out of scope; null takes the measured one."""
        return {"threshold": None}

    def learn(self, training_data: TrainingData) -> ScopeModel:
        """Learn what is in scope and what is not, and say what cross-validation found."""
        examples = labelled(training_data)
        model = ScopeModel.train(examples.texts, examples.vectors, examples.labels, SEED, OUT_OF_SCOPE, examples.titles)
        logger.info("Scope: %s", model.report())
        return model

    @classmethod
    def write(cls, learned: ScopeModel, folder: Path) -> None:
        """Write the model."""
        learned.save(folder)

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> ScopeModel:
        """Read the model; a threshold in config.yml counts instead of the measured one."""
        model = ScopeModel.load(folder)
        if config["threshold"] is not None:
            model.threshold = float(config["threshold"])
        return model

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the verdict beside the readings."""
        for message in messages:
            vector = vector_of(message)
            if vector is None or self._learned is None:
                continue
            verdict = self._learned.judge(wanted_in(message).text, vector, message.get(LOOK))
            message.set(VERDICT, verdict)
            if stretches := message.get(STRETCHES):
                message.set(LOOKS, _stretch_readings(self._learned, stretches, message.get(STRETCH_READINGS)))
            message.set(
                SCOPE,
                {"in_scope": verdict.in_scope, "score": round(verdict.score, 4), "reason": verdict.reason},
                add_to_output=True,
            )
        return messages


def _stretch_readings(
    model: ScopeModel, stretches: Mapping[str, Vectors], read: Mapping[str, Classification]
) -> dict[str, StretchReading]:
    """How each stretch of the message reads, with its scope."""
    return {
        text: StretchReading.at(read[text].readings, model.judge(text, row, read[text]).score, row, OUT_OF_SCOPE)
        for text, row in stretches.items()
    }
