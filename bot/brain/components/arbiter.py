"""The last word on a message: hands what was read to `bot/brain/arbiter.py` and sets what it decides."""

from __future__ import annotations

import dataclasses
import json
import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    INTENT,
    INTENT_NAME_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts, current_turn, promise, sharing
from bot.brain.arbiter import Answers, EntityFound, Heeded, IntentFacts, Sharing, decide
from bot.brain.components.message_keys import (
    AGREED,
    DECISION,
    HAND_OVER,
    KNOWLEDGE,
    LANGUAGE,
    LOOKS,
    NAMED,
    READINGS,
    RULED_OUT,
    SEED,
    VERDICT,
    WISHES,
    intent_metadata,
    labelled,
)
from bot.brain.held_out import intents_among
from bot.brain.promise import Promise
from bot.contract.names import OUT_OF_SCOPE
from bot.errors import SettingError, WarmlineError
from bot.nlu import promised
from bot.nlu.budget import Budget
from bot.nlu.wishes import Joints, splitter

logger = logging.getLogger(__name__)

_INTENTS = "intents.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineArbiter(GraphComponent):
    """Decides between intent and article, and sets the intent that the rules see; the ranking stays as it was read."""

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        intents: dict[str, IntentFacts] | None = None,
        measured: Sharing | None = None,
        points: Promise | None = None,
        budget: Budget | None = None,
        answer_from: float | None = None,
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._intents = intents or {}
        self._sharing = measured
        self._promise = points
        self._budget = budget
        self._answer_from = answer_from

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults.

        ``max_wrong_answers``: the share of all messages that may be answered wrongly; null goes by ``lead`` alone.
        ``out_of_scope_share``: how many messages of traffic are expected to be out of scope.
        ``answer_from``, ``ask_from``: how sure a reading must be, 0 to 1, to be acted on and to be asked back about;
        null takes what the budget gives. ``lead``: without a budget, how far the best reading must lead to stand
        alone, 0 to 1; null takes the measured one.
        """
        return {
            "max_wrong_answers": None,
            "out_of_scope_share": 0.1,
            "answer_from": None,
            "ask_from": None,
            "lead": None,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other code or another encoder is another measure."""
        return artefacts.source_fingerprint("nlu", "brain") + artefacts.encoder_fingerprint()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WarmlineArbiter:
        """Make the component before training."""
        try:
            budget = promise.budget_in(config, "WarmlineArbiter")
        except SettingError as error:
            raise artefacts.Refusal(error) from error
        return cls(model_storage, resource, budget=budget, answer_from=config["answer_from"])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WarmlineArbiter:
        """Load what trainers said about their intents, and the measured lead."""
        with model_storage.read_from(resource) as folder:
            written = json.loads((folder / _INTENTS).read_text(encoding="utf-8"))
            try:
                measured = sharing.load(folder)
                points = promise.load(folder)
            except WarmlineError as error:
                raise artefacts.Refusal(error) from error
        if config["lead"] is not None:
            measured = dataclasses.replace(measured, lead=float(config["lead"]))
        intents = {
            name: IntentFacts(facts["title"], facts["acts"], tuple(facts["articles"]))
            for name, facts in written.items()
        }
        if points is not None:
            points = points.by_hand(config["answer_from"], config["ask_from"])
        return cls(model_storage, resource, intents, measured, points)

    def train(self, training_data: TrainingData) -> Resource:
        """Collect the intents' metadata and measure the lead on held-out examples."""
        examples = labelled(training_data)
        measured = sharing.measure(examples, SEED, OUT_OF_SCOPE)
        points = told = None
        if self._budget is not None:
            found = promise.measure(examples, SEED, OUT_OF_SCOPE, self._budget, self._answer_from)
            points, told = found.promise, found.promised(self._budget)
            for line in found.lines(self._budget):
                logger.info("%s", line)
        facts = {
            name: {
                "title": metadata.get("title", name),
                "acts": metadata.get("kind") != "fact",
                "articles": list(metadata.get("articles", ())),
            }
            for name, metadata in intent_metadata(training_data).items()
        }
        with self._storage.write_to(self._resource) as folder:
            sharing.save(measured, folder)
            promise.save(points, folder)
            promised.save(told, folder)
            (folder / _INTENTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the decision and the intent that goes with it."""
        for message in messages:
            # A button has no readings; Rasa's last component reads it, and there is nothing to decide.
            if message.get(READINGS) and message.get(VERDICT) and self._sharing is not None:
                self._decide(message, self._sharing)
            if message.get(LOOKS):
                _take_apart(message)
            if (turn := current_turn.current()) is not None:
                turn.note_understood()
        return messages

    def _decide(self, message: Message, measured: Sharing) -> None:
        knowledge = message.get(KNOWLEDGE) or {}
        readings, scope = intents_among(message.get(READINGS), OUT_OF_SCOPE), message.get(VERDICT)
        if self._promise is not None:
            measured, scope = self._promise.settle(readings, scope, measured)
        decision = decide(
            text=message.get(TEXT),
            readings=readings,
            scope=scope,
            entities=[
                EntityFound(entity[ENTITY_ATTRIBUTE_TYPE], entity[ENTITY_ATTRIBUTE_START], entity[ENTITY_ATTRIBUTE_END])
                # "Not Monday" is an answer, too; it fills nothing.
                for entity in message.get(ENTITIES, []) + message.get(RULED_OUT, [])
            ],
            answers=Answers(
                alone=bool(knowledge.get("answer")),
                agreed=bool(message.get(AGREED)),
                score=float((knowledge.get("answer") or {}).get("score", 0.0)),
                named=bool(message.get(NAMED)),
            ),
            intents=self._intents,
            sharing=measured,
            form=current_turn.open_form(),
            heeded=Heeded((message.get(LANGUAGE) or {}).get("code"), message.get(HAND_OVER)),
        )
        message.set(
            DECISION,
            {"kind": decision.kind, "why": decision.why, "choices": list(decision.choices)},
            add_to_output=True,
        )
        if decision.uses_agreed:
            message.set(KNOWLEDGE, {**knowledge, "answer": message.get(AGREED)}, add_to_output=True)
        seen = {INTENT_NAME_KEY: decision.intent, PREDICTED_CONFIDENCE_KEY: round(decision.confidence, 4)}
        message.set(INTENT, seen, add_to_output=True)


def _take_apart(message: Message) -> None:
    """Say where the wishes stand when there are several; the channel takes them one after another."""
    found = splitter().decide(Joints(message.get(TEXT)), message.get(LOOKS))
    if len(found) > 1:
        message.set(WISHES, [{"start": wish.start, "end": wish.end} for wish in found], add_to_output=True)
