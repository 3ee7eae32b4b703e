"""The last word on a message: hands what was read to `bot/dialogue/arbiter.py` and sets what it decides."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

from bot.brain.components.component import WarmlineComponent
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
from bot.contract.names import OUT_OF_SCOPE
from bot.dialogue import current_turn, operating_points, sharing
from bot.dialogue.arbiter import Answers, EntityFound, IntentFacts, Overrides, Sharing, decide
from bot.dialogue.offers import offered, offered_with
from bot.dialogue.operating_points import OperatingPoints
from bot.nlu.intents import promise as promised
from bot.nlu.intents.held_out import intents_among
from bot.nlu.intents.promise import Promised
from bot.nlu.wishes.splitting import SplitPoints, splitter

logger = logging.getLogger(__name__)

_INTENTS = "intents.json"


@dataclass(frozen=True)
class Rules:
    """What it goes by."""

    intents: Mapping[str, IntentFacts]
    sharing: Sharing
    points: OperatingPoints | None
    """The points of the error budget; None without one."""
    promised: Promised | None = None
    """What was promised, for whoever compares it with what happens; only known after training."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineArbiter(WarmlineComponent[Rules]):
    """Decides between intent and article, and sets the intent that the rules see; the ranking stays as it was read."""

    made_of = ("dialogue",)

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, learned: Rules | None = None
    ) -> None:
        super().__init__(config, storage, resource, learned)
        self._budget = operating_points.budget_in(config, "WarmlineArbiter")
        self._answer_from = config["answer_from"]

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

    def learn(self, training_data: TrainingData) -> Rules:
        """Collect the intents' metadata and measure the lead on held-out examples."""
        examples = labelled(training_data)
        measured = sharing.measure(examples, SEED, OUT_OF_SCOPE)
        points = told = None
        if self._budget is not None:
            found = operating_points.measure(examples, SEED, OUT_OF_SCOPE, self._budget, self._answer_from)
            points, told = found.points, found.promised(self._budget)
            for line in found.lines(self._budget):
                logger.info("%s", line)
        facts = {
            name: IntentFacts(
                title=metadata.get("title", name),
                acts=metadata.get("kind") != "fact",
                articles=tuple(metadata.get("articles", ())),
                offers=metadata.get("offers", ""),
            )
            for name, metadata in intent_metadata(training_data).items()
        }
        return Rules(facts, measured, points, told)

    @classmethod
    def write(cls, learned: Rules, folder: Path) -> None:
        """Write the intents' metadata, the lead, the points and what they promise."""
        sharing.save(learned.sharing, folder)
        operating_points.save(learned.points, folder)
        promised.save(learned.promised, folder)
        facts = {name: dataclasses.asdict(intent) for name, intent in learned.intents.items()}
        (folder / _INTENTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> Rules:
        """Read what trainers said about their intents, and what was measured; what config.yml sets counts instead."""
        written = json.loads((folder / _INTENTS).read_text(encoding="utf-8"))
        measured, points = sharing.load(folder), operating_points.load(folder)
        if config["lead"] is not None:
            measured = dataclasses.replace(measured, lead=float(config["lead"]))
        intents = {
            name: IntentFacts(facts["title"], facts["acts"], tuple(facts["articles"]), facts["offers"])
            for name, facts in written.items()
        }
        if points is not None:
            points = points.by_hand(config["answer_from"], config["ask_from"])
        return Rules(intents, measured, points)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the decision and the intent that goes with it."""
        for message in messages:
            # A button has no readings; Rasa's last component reads it, and there is nothing to decide.
            if message.get(READINGS) and message.get(VERDICT) and self._learned is not None:
                self._decide(message, self._learned)
            if message.get(LOOKS):
                _take_apart(message)
            if (turn := current_turn.current()) is not None:
                turn.note_understood()
        return messages

    def _decide(self, message: Message, rules: Rules) -> None:
        knowledge = message.get(KNOWLEDGE) or {}
        readings, scope = intents_among(message.get(READINGS), OUT_OF_SCOPE), message.get(VERDICT)
        measured = rules.sharing
        if rules.points is not None:
            measured, scope = rules.points.settle(readings, scope, measured)
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
                offers=offered_with(rules.intents, knowledge.get("answer")),
            ),
            intents=rules.intents,
            sharing=measured,
            form=current_turn.open_form(),
            overrides=Overrides((message.get(LANGUAGE) or {}).get("code"), message.get(HAND_OVER)),
            offered=current_turn.offered() or "",
        )
        if decision.uses_agreed:
            knowledge = {**knowledge, "answer": message.get(AGREED)}
            message.set(KNOWLEDGE, knowledge, add_to_output=True)
        decided = {"kind": decision.kind, "why": decision.why, "choices": list(decision.choices)}
        offers = offered(rules.intents, decision, knowledge.get("answer"))
        message.set(DECISION, {**decided, "offers": offers} if offers else decided, add_to_output=True)
        seen = {INTENT_NAME_KEY: decision.intent, PREDICTED_CONFIDENCE_KEY: round(decision.confidence, 4)}
        message.set(INTENT, seen, add_to_output=True)


def _take_apart(message: Message) -> None:
    """Say where the wishes stand when there are several; the channel takes them one after another."""
    found = splitter().decide(SplitPoints(message.get(TEXT)), message.get(LOOKS))
    if len(found) > 1:
        message.set(WISHES, [{"start": wish.start, "end": wish.end} for wish in found], add_to_output=True)
