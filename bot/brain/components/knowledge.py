"""What the articles say about the message, and whether one of them answers it."""

from __future__ import annotations

import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.message_keys import KNOWLEDGE, SEED, intent_metadata, labelled, vector_of
from bot.errors import WarmlineError
from bot.knowledge.answers import answer_from
from bot.knowledge.calibration import Calibration, Question, calibrate

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineKnowledge(GraphComponent):
    """Searches the passages; training measures from which score on an answer can be trusted."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, threshold: float | None = None
    ) -> None:
        self._audiences = tuple(config["audiences"])
        self._most_passages = int(config["passages"])
        self._storage = storage
        self._resource = resource
        self._threshold = threshold

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults.

        ``audiences``: whose articles may be used. ``passages``: how many are kept for the trace and for the desk.
        ``threshold``: the least score of an answer; null takes the measured one.
        """
        return {"audiences": ["public"], "passages": 5, "threshold": None}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other code, another encoder or other articles give another threshold."""
        return artefacts.source_fingerprint("nlu", "knowledge") + artefacts.index().fingerprint

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> WarmlineKnowledge:
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
    ) -> WarmlineKnowledge:
        """Load the threshold, and the index with it: a server that starts has everything it needs."""
        artefacts.index()
        with model_storage.read_from(resource) as folder:
            try:
                measured = Calibration.load(folder)
            except WarmlineError as error:
                raise artefacts.Refusal(error) from error
        chosen = config["threshold"]
        return cls(config, model_storage, resource, float(chosen) if chosen is not None else measured.threshold)

    def train(self, training_data: TrainingData) -> Resource:
        """Measure the threshold on all examples: which article answers each, or that none does."""
        metadata = intent_metadata(training_data)
        questions = [
            Question(text=text, vector=vector, articles=frozenset(metadata[label].get("articles", ())))
            for text, vector, label in zip(*labelled(training_data), strict=True)
        ]
        try:
            measured = calibrate(artefacts.index(), questions, SEED)
        except WarmlineError as error:
            raise artefacts.Refusal(error) from error
        logger.info("Knowledge: %s", measured)
        with self._storage.write_to(self._resource) as folder:
            measured.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the passages that were found, and the answer if one can be trusted: ids and plain floats."""
        for message in messages:
            vector = vector_of(message)
            if vector is None or self._threshold is None:
                continue
            index = artefacts.index()
            hits = index.search(vector, message.get(TEXT), self._audiences, self._most_passages)
            answer = answer_from(index, vector, hits) if hits else None
            found = {
                "passages": [
                    {
                        "id": hit.passage.id,
                        "article": hit.passage.article,
                        "heading": hit.passage.heading,
                        "score": round(float(hit.score), 4),
                    }
                    for hit in hits
                ],
                "answer": None,
            }
            if answer is not None and answer.score >= self._threshold:
                found["answer"] = {
                    "id": answer.passage.id,
                    "article": answer.passage.article,
                    "score": round(float(answer.score), 4),
                    "start": answer.start,
                    "end": answer.end,
                }
            message.set(KNOWLEDGE, found, add_to_output=True)
        return messages
