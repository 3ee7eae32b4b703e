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

from bot.brain import agreement, artefacts, current_turn, promise, sharing
from bot.brain.components.message_keys import (
    AGREED,
    KNOWLEDGE,
    NAMED,
    READINGS,
    SEED,
    intent_metadata,
    labelled,
    vector_of,
)
from bot.brain.held_out import intents_among
from bot.contract.names import OUT_OF_SCOPE
from bot.errors import SettingError, WarmlineError
from bot.knowledge.answers import Answer, Disagreement, answer_from
from bot.knowledge.audiences import readers_of
from bot.knowledge.calibration import Calibration, calibrate, tried
from bot.knowledge.filters import Filter
from bot.knowledge.follow_up import LAST_QUESTION, LastQuestion, is_follow_up, rewritten
from bot.knowledge.index import Hit, KnowledgeIndex
from bot.knowledge.learning import Example, learn
from bot.knowledge.living import LivingIndex
from bot.knowledge.ranking import Ranked, Ranker, passages_in
from bot.nlu.budget import Budget, price_list
from bot.nlu.encoder import Vectors

logger = logging.getLogger(__name__)

_ARTICLES = "articles.json"
# What a budget would buy is told also where none was asked for.
_TOLD = Budget(0.08, 0.1)


@dataclass(frozen=True)
class _Trained:
    """What training learned, measured and collected."""

    ranker: Ranker
    alone: float
    agreed: float
    articles: Mapping[str, Sequence[str]]
    """The articles of each intent that asks for a fact."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineKnowledge(GraphComponent):
    """Searches the passages; training measures from which scores on an answer can be trusted."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        trained: _Trained | None = None,
        living: LivingIndex | None = None,
    ) -> None:
        self._audiences = frozenset(config["audiences"])
        self._most_passages = int(config["passages"])
        try:
            self._budget = promise.budget_in(config, "WarmlineKnowledge")
        except SettingError as error:
            raise artefacts.Refusal(error) from error
        self._storage = storage
        self._resource = resource
        self._trained = trained
        self._living = living

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults.

        ``audiences``: whose articles everybody gets; a customer's segments are added, internal ones never are.
        ``passages``: how many are kept for the trace and for the desk.
        ``threshold``: from which logarithm of the odds that something answers an answer stands alone,
        ``agreed_threshold``: the same within the read intent's own articles; null takes the measured ones.
        ``max_wrong_answers``: of all questions, the share that may get an answer from a wrong article, 0 to 1; null
        turns away one answerable question in ten instead. ``out_of_scope_share``: how many of traffic's questions are
        expected to be ones that no article answers.
        """
        return {
            "audiences": ["public"],
            "passages": 5,
            "threshold": None,
            "agreed_threshold": None,
            "max_wrong_answers": None,
            "out_of_scope_share": 0.1,
        }

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
        """Load what was learned, and the index with it: a server that starts has everything it needs."""
        with model_storage.read_from(resource) as folder:
            try:
                living = artefacts.living_index()
                alone, agreed = Calibration.load(folder).threshold, agreement.load(folder)
                ranker = Ranker.load(folder)
            except WarmlineError as error:
                raise artefacts.Refusal(error) from error
            articles = json.loads((folder / _ARTICLES).read_text(encoding="utf-8"))
        alone = alone if config["threshold"] is None else float(config["threshold"])
        agreed = agreed if config["agreed_threshold"] is None else float(config["agreed_threshold"])
        # Two witnesses never need more than one.
        trained = _Trained(ranker=ranker, alone=alone, agreed=min(agreed, alone), articles=articles)
        return cls(config, model_storage, resource, trained, living)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn to rank, and measure the thresholds on questions as a ranker judges them that has not seen them.

        What is learned belongs to the language, not to the index: an index that is taken in later is ranked and
        judged by the same numbers, until the next training.
        """
        examples = labelled(training_data)
        articles = {
            name: list(metadata.get("articles", ())) for name, metadata in intent_metadata(training_data).items()
        }
        index, asked = artefacts.index(), artefacts.asked()
        # Examples of what acts are left out: an article may answer them as well, or may not.
        known = [place for place, label in enumerate(examples.labels) if articles.get(label) or label == OUT_OF_SCOPE]
        questions = [
            Example(examples.texts[place], examples.vectors[place], frozenset(articles.get(examples.labels[place], ())))
            for place in known
        ]
        try:
            nothing = artefacts.vector_cache().encode(list(asked.nothing))
            learned = learn(index, asked.nothing, nothing, questions, self._audiences, SEED, say=logger.info)
            alone = calibrate(index, learned.judged, self._budget)
            lead = sharing.measure(examples, SEED, OUT_OF_SCOPE)
            unseen = {
                place: one.ranked for place, one in zip(known, learned.judged[-len(known) or None :], strict=False)
            }

            def ranked_at(place: int) -> Ranked:
                if place in unseen:
                    return unseen[place]
                return self._ranked(index, learned.ranker, examples.vectors[place], examples.texts[place])

            agreed = agreement.measure(index, examples, ranked_at, articles, lead, SEED, OUT_OF_SCOPE)
        except WarmlineError as error:
            raise artefacts.Refusal(error) from error
        logger.info("Knowledge: %s; where the intent agrees, %.2f is enough", alone, agreed)
        for point in price_list(tried(index, learned.judged), self._budget or _TOLD):
            logger.info("Knowledge: max_wrong_answers %.2f would mean %s", point.max_wrong, point)
        # A second copy for `warmline knowledge diff` and the benchmark, which do without Rasa.
        learned.ranker.save(artefacts.ranker_folder())
        alone.save(artefacts.ranker_folder())
        with self._storage.write_to(self._resource) as folder:
            learned.ranker.save(folder)
            alone.save(folder)
            agreement.save(agreed, folder)
            (folder / _ARTICLES).write_text(json.dumps(articles, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def _ranked(self, index: KnowledgeIndex, ranker: Ranker, vector: Vectors, text: str) -> Ranked:
        return ranker.rank(index, vector, text, index.filters.allowed(Filter(self._audiences)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the passages that were found and the answers that can be trusted: ids and plain floats."""
        for message in messages:
            vector = vector_of(message)
            if vector is not None and self._trained is not None and self._living is not None:
                # One index for all of the message's questions: a new one is for the next message.
                self._look_up(message, vector, self._trained, self._living.current())
        return messages

    def _look_up(self, message: Message, vector: Vectors, trained: _Trained, index: KnowledgeIndex) -> None:
        text = str(message.get(TEXT))
        last = LastQuestion.of(current_turn.slot(LAST_QUESTION))
        asked = text
        if last is not None and is_follow_up(text):
            asked = rewritten(text, last)
            (vector,) = artefacts.encoder().encode([asked])
        about = message.get("metadata") or {}
        readers = readers_of(about.get("customer"), self._audiences)
        allowed = index.filters.allowed(Filter(readers, _language(index, about)))
        ranked = trained.ranker.rank(index, vector, asked, allowed, _owned(about))
        own = agreement.agreeing(index, ranked, self._articles_read(message))
        # An answer that nobody will see is not put together: most small talk comes near none.
        # Who asks with an article's own title means that article, whatever was asked of others before.
        titled = agreement.agreeing(index, ranked, index.titled(asked))
        named = len(titled.stretches) > 0
        best = titled if named else ranked
        found = answer_from(index, best) if named or ranked.answerable >= trained.alone else None
        agreed = answer_from(index, own) if own.answerable >= trained.agreed else None
        hits = _worth_showing(passages_in(index, ranked, len(ranked.stretches)), self._most_passages, found, agreed)
        conflict = isinstance(found, Disagreement)
        message.set(AGREED, None if conflict else _answered(agreed))
        message.set(NAMED, named and isinstance(found, Answer))
        message.set(
            KNOWLEDGE,
            {
                "index": index.fingerprint,
                "asked": asked if asked != text else None,
                "passages": [_passage(hit) for hit in hits],
                "answer": _answered(found),
                "disagree": list(found.passages) if isinstance(found, Disagreement) else [],
            },
            add_to_output=True,
        )

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


def _language(index: KnowledgeIndex, about: Mapping[str, Any]) -> str | None:
    """The customer's language where there are articles in it; else every article may answer."""
    locale = str(about.get("locale") or "")
    return locale if locale.partition("-")[0].lower() in index.languages else None


def _owned(about: Mapping[str, Any]) -> tuple[str, ...]:
    """What the customer owns or speaks of, as articles name products."""
    attributes = (about.get("customer") or {}).get("attributes") or {}
    owned = attributes.get("products") or ()
    named = [current_turn.slot("product"), *(owned if isinstance(owned, list) else [owned])]
    return tuple(name.lower().replace(" ", "-") for name in named if isinstance(name, str))


def _worth_showing(hits: Sequence[Hit], most: int, *answers: Answer | Disagreement | None) -> Sequence[Hit]:
    """The best passages, and those that answers come from: people want to see them most of all."""
    named: set[int] = set()
    for answer in answers:
        if answer is not None:
            named.update(answer.passages if isinstance(answer, Disagreement) else (answer.id,))
    return [hit for place, hit in enumerate(hits) if place < most or hit.passage.id in named]


def _answered(answer: Answer | Disagreement | None) -> dict[str, Any] | None:
    return answer.to_json() if isinstance(answer, Answer) else None
