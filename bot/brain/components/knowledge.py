"""What the articles say about the message, and whether one of them answers it."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, ENTITY_ATTRIBUTE_TYPE, ENTITY_ATTRIBUTE_VALUE
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.component import WarmlineComponent
from bot.brain.components.message_keys import (
    AGREED,
    CONTRAST,
    FOUND,
    KNOWLEDGE,
    NAMED,
    READINGS,
    SEED,
    STRETCHES,
    TALK,
    intent_metadata,
    labelled,
    note_step,
    read_in,
    vector_of,
    wanted_in,
)
from bot.contract.kinds import DATE, kind_in
from bot.contract.names import OUT_OF_SCOPE, PRODUCT
from bot.contract.trace import ASK_VALUE, QUESTIONS_BACK
from bot.dialogue import current_turn, operating_points
from bot.dialogue.answering import Answering, Nothing, learn_answering
from bot.dialogue.asker import Asker, days_of, owned_by, under_way
from bot.dialogue.context import Context
from bot.dialogue.looking_up import look_up
from bot.dialogue.trying import told_in_reply
from bot.knowledge.answering import base
from bot.knowledge.answering.answers import Answer
from bot.knowledge.answering.follow_up import LAST_QUESTION
from bot.knowledge.answering.remaining import texts_of
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.audiences import readers_of
from bot.nlu.encoder.protocol import Vectors
from bot.nlu.intents.held_out import intents_among
from bot.nlu.reading.done_already import DoneAlready
from bot.nlu.reading.ruled_out import Contrast

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineKnowledge(WarmlineComponent[Answering]):
    """Searches the passages; training measures from which scores on an answer can be trusted."""

    made_of = ("knowledge", "dialogue")

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, learned: Answering | None = None
    ) -> None:
        super().__init__(config, storage, resource, learned)
        self._audiences = frozenset(config["audiences"])
        self._most_passages = int(config["passages"])
        self._budget = operating_points.budget_in(config, "WarmlineKnowledge")
        # With what was learned comes the index: a server that starts has everything it needs.
        self._living = artefacts.living_index() if learned is not None else None

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
    def files_fingerprint(cls) -> str:
        """Other articles, other questions of editors or another base rank otherwise; the index names its articles."""
        nothing = json.dumps(artefacts.asked().nothing)
        written = artefacts.index().fingerprint + hashlib.sha256(nothing.encode()).hexdigest()
        return written + artefacts.files_digest([base.FILE])

    def learn(self, training_data: TrainingData) -> Answering:
        """Learn to rank, and measure the thresholds."""
        articles = {
            name: list(metadata.get("articles", ())) for name, metadata in intent_metadata(training_data).items()
        }
        nothing = artefacts.asked().nothing
        return learn_answering(
            artefacts.index(),
            Nothing(nothing, artefacts.vector_cache().encode(list(nothing))),
            labelled(training_data),
            articles,
            self._audiences,
            self._budget,
            SEED,
            OUT_OF_SCOPE,
            say=logger.info,
            encode=artefacts.vector_cache().encode,
            base=base.base_ranker(artefacts.encoder_weights()),
        )

    @classmethod
    def write(cls, learned: Answering, folder: Path) -> None:
        """Write what was learned, and a second copy for tools that do without Rasa."""
        learned.save(folder)
        # For `warmline knowledge diff` and the benchmark.
        learned.ranker.save(artefacts.ranker_folder())
        learned.calibration.save(artefacts.ranker_folder())

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> Answering:
        """Read what was learned; thresholds in config.yml count instead of the measured ones."""
        return Answering.load(folder).by_hand(config["threshold"], config["agreed_threshold"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the passages that were found and the answers that can be trusted."""
        for message in messages:
            vector = vector_of(message)
            if vector is not None and self._learned is not None and self._living is not None:
                # One index for all of the message's questions: a new one is for the next message.
                self._look_up(message, vector, self._learned, self._living.current())
        return messages

    def _look_up(self, message: Message, vector: Vectors, learned: Answering, index: KnowledgeIndex) -> None:
        readings = intents_among(message.get(READINGS) or (), OUT_OF_SCOPE)
        text = wanted_in(message).text
        found = look_up(
            index,
            learned,
            text,
            vector,
            readings[0].name if readings else None,
            self._asker(text, message),
            self._most_passages,
            artefacts.encoder().encode,
            readings[0].confidence if readings else 0.0,
            _clauses_in(message, text),
        )
        if found.completed:
            note_step(message, "context", f"{text} → {found.asked}")
        if found.took is not None:
            note_step(message, "context", f"{found.took}, of which was spoken before")
        if found.remaining is not None and found.remaining.ruled_out:
            note_step(message, "told", "ruled out: " + " · ".join(texts_of(index, found.remaining)))
        message.set(FOUND, found)
        message.set(AGREED, found.agreed.to_json() if found.agreed is not None else None)
        message.set(NAMED, found.named)
        message.set(KNOWLEDGE, found.to_json(), add_to_output=True)
        if isinstance(found.best, Answer):
            note_step(message, "answer", f"{len(found.best.quotes)} quotes of {found.best.article}")

    def _asker(self, text: str, message: Message) -> Asker:
        about = message.get("metadata") or {}
        customer = about.get("customer")
        context = Context.of(current_turn.slot(LAST_QUESTION))
        return Asker(
            readers=readers_of(customer, self._audiences),
            locale=str(about.get("locale") or ""),
            owned=owned_by(customer, current_turn.slot(PRODUCT)),
            context=_going_on(context),
            under_way=under_way(current_turn.open_form(), text),
            named=tuple(
                str(entity.get(ENTITY_ATTRIBUTE_VALUE))
                for entity in message.get(ENTITIES) or []
                if entity.get(ENTITY_ATTRIBUTE_TYPE) == PRODUCT and isinstance(entity.get(ENTITY_ATTRIBUTE_VALUE), str)
            ),
            days=_days_in(message),
            told=_told_in(message),
            no_help=(message.get(TALK) or {}).get("act") == "no_help",
        )


def _clauses_in(message: Message, text: str) -> dict[str, Vectors]:
    """The stretches of what is wanted that were read by themselves, without those that rule something out."""
    contrast: Contrast | None = message.get(CONTRAST)
    read = read_in(message).text
    refused = [read[one.start : one.end].strip() for one in contrast.ruled_out] if contrast is not None else []
    stretches = message.get(STRETCHES) or {}
    return {one: row for one, row in stretches.items() if one in text and not any(no in one for no in refused)}


def _told_in(message: Message) -> DoneAlready | None:
    """What the message tells as done or as not so, where an article was just shown and nothing else is open."""
    if current_turn.open_form() is not None or not current_turn.stands().answered:
        return None
    talk = message.get(TALK) or {}
    return told_in_reply(read_in(message).text, talk.get("act"), str(talk.get("rest") or ""))


def _going_on(context: Context) -> Context:
    """What a follow-up may belong to: the message that was asked back about, what was done last, or the last answer."""
    decided = current_turn.last_decision()
    if decided not in QUESTIONS_BACK or context.waiting is None:
        return replace(context, waiting=None).behind(current_turn.done_last())
    return context if decided == ASK_VALUE else context.behind(context.waiting.text)


def _days_in(message: Message) -> tuple[date, ...]:
    """The days that the message means; those that it rules out are not among its entities."""
    found = [entity for entity in message.get(ENTITIES) or [] if kind_in(entity) == DATE]
    return days_of(entity.get(ENTITY_ATTRIBUTE_VALUE) for entity in found)
