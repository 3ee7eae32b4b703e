"""What the articles say about the message, and whether one of them answers it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import agreement, artefacts, sharing
from bot.brain.components.message_keys import (
    AGREED,
    KNOWLEDGE,
    OUT_OF_SCOPE,
    READINGS,
    SEED,
    intent_metadata,
    labelled,
    vector_of,
)
from bot.brain.held_out import intents_among
from bot.errors import WarmlineError
from bot.knowledge.answers import answer_from
from bot.knowledge.calibration import Calibration, Question, calibrate
from bot.knowledge.index import Hit, KnowledgeIndex
from bot.nlu.encoder import Vectors

logger = logging.getLogger(__name__)

_ARTICLES = "articles.json"


@dataclass(frozen=True)
class _Trained:
    """What training measured and collected, and the index that it was measured on."""

    index: KnowledgeIndex
    alone: float
    agreed: float
    articles: Mapping[str, Sequence[str]]
    """The articles of each intent that asks for a fact."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineKnowledge(GraphComponent):
    """Searches the passages; training measures from which scores on an answer can be trusted."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, trained: _Trained | None = None
    ) -> None:
        self._audiences = tuple(config["audiences"])
        self._most_passages = int(config["passages"])
        self._storage = storage
        self._resource = resource
        self._trained = trained

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults.

        ``audiences``: whose articles may be used. ``passages``: how many are kept for the trace and for the desk.
        ``threshold``: the least score of an answer that stands alone, ``agreed_threshold``: of one whose article is
        the read intent's own; null takes the measured ones.
        """
        return {"audiences": ["public"], "passages": 5, "threshold": None, "agreed_threshold": None}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other code, another encoder or other articles give another threshold."""
        return artefacts.source_fingerprint("nlu", "knowledge", "brain") + artefacts.index().fingerprint

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
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
        """Load the thresholds, and the index with them: a server that starts has everything it needs."""
        index = artefacts.index()
        with model_storage.read_from(resource) as folder:
            try:
                alone, agreed = Calibration.load(folder).threshold, agreement.load(folder)
            except WarmlineError as error:
                raise artefacts.Refusal(error) from error
            articles = json.loads((folder / _ARTICLES).read_text(encoding="utf-8"))
        trained = _Trained(
            index=index,
            alone=alone if config["threshold"] is None else float(config["threshold"]),
            agreed=agreed if config["agreed_threshold"] is None else float(config["agreed_threshold"]),
            articles=articles,
        )
        return cls(config, model_storage, resource, trained)

    def train(self, training_data: TrainingData) -> Resource:
        """Measure the thresholds on all examples: which articles answer each, or that none does."""
        examples = labelled(training_data)
        articles = {
            name: list(metadata.get("articles", ())) for name, metadata in intent_metadata(training_data).items()
        }
        questions = [
            Question(text=text, vector=vector, articles=frozenset(articles.get(label, ())))
            for text, vector, label in zip(examples.texts, examples.vectors, examples.labels, strict=True)
        ]
        index = artefacts.index()
        try:
            alone = calibrate(index, questions, SEED, self._audiences)
            lead = sharing.measure(examples, SEED, OUT_OF_SCOPE)
            agreed = agreement.measure(index, examples, articles, lead, self._audiences, SEED, OUT_OF_SCOPE)
        except WarmlineError as error:
            raise artefacts.Refusal(error) from error
        logger.info("Knowledge: %s; where the intent agrees, %.2f is enough", alone, agreed)
        with self._storage.write_to(self._resource) as folder:
            alone.save(folder)
            agreement.save(agreed, folder)
            (folder / _ARTICLES).write_text(json.dumps(articles, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the passages that were found and the answers that can be trusted: ids and plain floats."""
        for message in messages:
            vector = vector_of(message)
            if vector is None or self._trained is None:
                continue
            index = self._trained.index
            hits = index.search(vector, message.get(TEXT), self._audiences, agreement.LOOKED_AT)
            agreeing = agreement.best_of(hits, self._articles_read(message))
            kept = hits[: self._most_passages]
            if agreeing is not None and agreeing not in kept:
                kept = (*kept, agreeing)
            message.set(AGREED, _answer(index, vector, agreeing, self._trained.agreed))
            message.set(
                KNOWLEDGE,
                {
                    "passages": [_passage(hit) for hit in kept],
                    "answer": _answer(index, vector, hits[0] if hits else None, self._trained.alone),
                },
                add_to_output=True,
            )
        return messages

    def _articles_read(self, message: Message) -> Sequence[str]:
        """The articles of the best reading."""
        readings = intents_among(message.get(READINGS) or (), OUT_OF_SCOPE)
        return self._trained.articles.get(readings[0].name, ()) if readings and self._trained else ()


def _passage(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.passage.id,
        "article": hit.passage.article,
        "heading": hit.passage.heading,
        "score": round(float(hit.score), 4),
    }


def _answer(index: KnowledgeIndex, vector: Vectors, hit: Hit | None, threshold: float) -> dict[str, Any] | None:
    if hit is None or hit.score < threshold:
        return None
    answer = answer_from(index, vector, [hit])
    if answer is None:
        return None
    return {
        "id": answer.passage.id,
        "article": answer.passage.article,
        "score": round(float(answer.score), 4),
        "start": answer.start,
        "end": answer.end,
    }
