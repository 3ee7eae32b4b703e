"""The last word on a message: hands what was read to `bot/dialogue/arbiter.py` and sets what it decides."""

from __future__ import annotations

import dataclasses
import json
import logging
import time
from collections.abc import Collection, Mapping
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
    ENTITY_ATTRIBUTE_VALUE,
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
    DANGER,
    DECISION,
    ENTITY_KINDS,
    FEELING,
    FOUND,
    HAND_OVER,
    KNOWLEDGE,
    LANGUAGE,
    LOOKS,
    NAMED,
    NOT_WANTED,
    READINGS,
    REFUSES,
    RULED_OUT,
    SEED,
    TALK,
    VERDICT,
    WISHES,
    intent_metadata,
    labelled,
    note_step,
    wanted_in,
)
from bot.contract.names import AGREEMENTS, ANSWERS, COURTESIES, OUT_OF_SCOPE
from bot.contract.trace import QUESTIONS_BACK
from bot.dialogue import agreements, current_turn, operating_points, sharing, telling_values, unasked, wish_words
from bot.dialogue.arbiter import decide
from bot.dialogue.feelings import BEFORE_ALL, Felt
from bot.dialogue.looking_up import Found
from bot.dialogue.offers import offered, offered_with
from bot.dialogue.operating_points import OperatingPoints
from bot.dialogue.pointing_back import as_it_stands, led_to
from bot.dialogue.refusals import refusal
from bot.dialogue.talk import TalkHeard
from bot.dialogue.telling_values import NO_VALUES, TellingValues
from bot.dialogue.told import is_only_values
from bot.dialogue.weighed import Answers, Decision, EntityFound, IntentFacts, Overrides, Sharing
from bot.dialogue.wish_words import NO_WISHES, Labelled, WishWords
from bot.nlu.intents import promise as promised
from bot.nlu.intents.held_out import intents_among
from bot.nlu.intents.promise import Promised
from bot.nlu.wishes.splitting import SplitPoints, splitter

logger = logging.getLogger(__name__)

_INTENTS = "intents.json"
_WISH_WORDS = "wish_words.json"
_VALUES = "values.json"


@dataclass(frozen=True)
class Rules:
    """What it goes by."""

    intents: Mapping[str, IntentFacts]
    sharing: Sharing
    points: OperatingPoints | None
    """The points of the error budget; None without one."""
    wishes: WishWords = NO_WISHES
    """The words of what is offered with answers."""
    values: TellingValues = NO_VALUES
    """Which values with a shape of their own belong to which intents."""
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
                leads_to=metadata.get("leads_to", ""),
            )
            for name, metadata in intent_metadata(training_data).items()
        }
        said = [
            Labelled(
                message.get(TEXT),
                message.get(INTENT),
                frozenset(entity[ENTITY_ATTRIBUTE_TYPE] for entity in message.get(ENTITIES, [])),
            )
            for message in training_data.intent_examples
            if message.get(TEXT)
        ]
        offers = {name: intent.offers for name, intent in facts.items() if intent.offers}
        shaped = {str(regex["name"]) for regex in training_data.regex_features}
        return Rules(facts, measured, points, wish_words.learn(said, offers), telling_values.learn(said, shaped), told)

    @classmethod
    def write(cls, learned: Rules, folder: Path) -> None:
        """Write the intents' metadata, the lead, the points and what they promise."""
        sharing.save(learned.sharing, folder)
        operating_points.save(learned.points, folder)
        promised.save(learned.promised, folder)
        facts = {name: dataclasses.asdict(intent) for name, intent in learned.intents.items()}
        (folder / _INTENTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        words = json.dumps(learned.wishes.as_json(), ensure_ascii=False)
        (folder / _WISH_WORDS).write_text(words, encoding="utf-8")
        (folder / _VALUES).write_text(json.dumps(learned.values.as_json()), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> Rules:
        """Read what trainers said about their intents, and what was measured; what config.yml sets counts instead."""
        written = json.loads((folder / _INTENTS).read_text(encoding="utf-8"))
        measured, points = sharing.load(folder), operating_points.load(folder)
        if config["lead"] is not None:
            measured = dataclasses.replace(measured, lead=float(config["lead"]))
        intents = {
            name: IntentFacts(
                facts["title"], facts["acts"], tuple(facts["articles"]), facts["offers"], facts["leads_to"]
            )
            for name, facts in written.items()
        }
        if points is not None:
            points = points.by_hand(config["answer_from"], config["ask_from"])
        wishes = WishWords.from_json(json.loads((folder / _WISH_WORDS).read_text(encoding="utf-8")))
        values = TellingValues.from_json(json.loads((folder / _VALUES).read_text(encoding="utf-8")))
        return Rules(intents, measured, points, wishes, values)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the decision and the intent that goes with it."""
        for message in messages:
            # A button has no readings; Rasa's last component reads it, and there is nothing to decide.
            if message.get(READINGS) and message.get(VERDICT) and self._learned is not None:
                self._decide(message, self._learned)
            decided = message.get(DECISION) or {}
            settled = message.get(REFUSES) or decided.get("feeling") in BEFORE_ALL or decided.get("remains")
            if message.get(LOOKS) and not settled:
                _take_apart(message)
            if (turn := current_turn.current()) is not None:
                turn.note_understood()
        return messages

    def _decide(self, message: Message, rules: Rules) -> None:
        knowledge = message.get(KNOWLEDGE) or {}
        found_values = {entity[ENTITY_ATTRIBUTE_TYPE] for entity in message.get(ENTITIES, [])}
        read = tuple(intents_among(message.get(READINGS), OUT_OF_SCOPE))
        readings = rules.values.weigh(read, found_values, _wishes_beside_values(message, rules.intents))
        if readings != read and readings[0].name != read[0].name:
            note_step(message, "values", f"{read[0].name} gives way to {readings[0].name}, to which a value belongs")
        scope = message.get(VERDICT)
        found: Found | None = message.get(FOUND)
        text = wanted_in(message).text
        entities = [
            EntityFound(entity[ENTITY_ATTRIBUTE_TYPE], entity[ENTITY_ATTRIBUTE_START], entity[ENTITY_ATTRIBUTE_END])
            # "Not Monday" is an answer, too; it fills nothing.
            for entity in message.get(ENTITIES, []) + message.get(RULED_OUT, [])
        ]
        form = current_turn.open_form()
        if form is not None:
            form = dataclasses.replace(form, kinds=message.get(ENTITY_KINDS) or {})
        if form is None and not current_turn.offered():
            readings = unasked.without_answer(text, readings, entities)
        measured = rules.sharing
        if rules.points is not None:
            measured, scope = rules.points.settle(readings, scope, measured)
        not_wanted = message.get(NOT_WANTED) or ()
        decision = _refused(message, not_wanted) or decide(
            text=text,
            readings=readings,
            scope=scope,
            entities=entities,
            answers=Answers(
                alone=bool(knowledge.get("answer")),
                agreed=bool(message.get(AGREED)),
                score=float((knowledge.get("answer") or {}).get("score", 0.0)),
                named=bool(message.get(NAMED)),
                several=found is not None and found.several,
                likely=found.likely if found is not None else 0.0,
                offers=offered_with(rules.intents, knowledge.get("answer")),
                depends=tuple(found.depends.answers) if found is not None and found.depends is not None else (),
                completed=found is not None and found.completed is not None,
                remains=found is not None and found.remaining is not None,
                value=found is not None and found.completed is not None and found.completed.must,
            ),
            intents=rules.intents,
            sharing=measured,
            form=form,
            overrides=Overrides(
                (message.get(LANGUAGE) or {}).get("code"),
                message.get(HAND_OVER),
                (message.get(DANGER) or {}).get("kind"),
                TalkHeard.of(message.get(TALK)),
                Felt(message.get(FEELING), current_turn.mood().calm, current_turn.mood().complains),
                current_turn.last_decision() in QUESTIONS_BACK,
            ),
            offered=current_turn.offered() or "",
            wishes=rules.wishes,
            corrects_last=agreements.corrects(
                current_turn.slot(AGREEMENTS),
                message.get(TEXT),
                found_values,
                time.time(),
            ),
        )
        if form is None:
            decision = as_it_stands(
                decision, message.get(TEXT), _done_already(message), current_turn.stands().leads_to, rules.intents
            )
        if decision.uses_agreed:
            knowledge = {**knowledge, "answer": message.get(AGREED)}
            message.set(KNOWLEDGE, knowledge, add_to_output=True)
        if decision.remains and found is not None and found.remaining is not None:
            knowledge = {**knowledge, "answer": knowledge["remaining"]["answer"]}
            message.set(KNOWLEDGE, knowledge, add_to_output=True)
        if found is not None and decision.kind in QUESTIONS_BACK:
            told = {
                choice: {**answer, "offers": offered_with(rules.intents, answer)}
                for choice, answer in found.for_choices(decision.kind).items()
            }
            message.set(KNOWLEDGE, {**knowledge, "choices": told}, add_to_output=True)
        decided: dict[str, Any] = {"kind": decision.kind, "why": decision.why, "choices": list(decision.choices)}
        if decision.feeling:
            decided["feeling"] = decision.feeling
        if decision.remains:
            decided["remains"] = True
        answer = knowledge["remaining"] if decision.remains else knowledge.get("answer")
        if decision.kind == "answer" and (leads := led_to(rules.intents, (answer or {}).get("article"))):
            decided["leads_to"] = leads
        offers = offered(rules.intents, decision, answer)
        offers = "" if offers in not_wanted else offers
        message.set(DECISION, {**decided, "offers": offers} if offers else decided, add_to_output=True)
        seen = {INTENT_NAME_KEY: decision.intent, PREDICTED_CONFIDENCE_KEY: round(decision.confidence, 4)}
        message.set(INTENT, seen, add_to_output=True)


def _refused(message: Message, not_wanted: Collection[str]) -> Decision | None:
    """What is done with a message that only says what is not wanted."""
    refuses = message.get(REFUSES) and not message.get(DANGER)
    return refusal(not_wanted, current_turn.open_form()) if refuses else None


def _done_already(message: Message) -> str:
    """The intent of what was done, where the message would wish for the same again."""
    values = [
        (entity[ENTITY_ATTRIBUTE_TYPE], str(entity[ENTITY_ATTRIBUTE_VALUE])) for entity in message.get(ENTITIES, [])
    ]
    return agreements.wished_again(current_turn.slot(AGREEMENTS), message.get(TEXT), values, time.time())


def _take_apart(message: Message) -> None:
    """Say where the wishes stand when there are several; the channel takes them one after another."""
    read = wanted_in(message)
    points = SplitPoints(read.text)
    # What a message rules out is read as a stretch, too, where nothing is to be taken apart.
    if not len(points) or not current_turn.looks_for_wishes():
        return
    found = splitter().decide(points, message.get(LOOKS))
    if len(found) > 1:
        typed = [read.typed_span(wish.start, wish.end) for wish in found]
        message.set(WISHES, [{"start": start, "end": end} for start, end in typed], add_to_output=True)


def _wishes_beside_values(message: Message, intents: Mapping[str, IntentFacts]) -> frozenset[str]:
    """The intents that want something of a message that says more than values; none where a question is open."""
    found = message.get(ENTITIES, []) + message.get(RULED_OUT, [])
    places = [(one[ENTITY_ATTRIBUTE_START], one[ENTITY_ATTRIBUTE_END]) for one in found]
    if current_turn.open_form() is not None or is_only_values(message.get(TEXT), places):
        return frozenset()
    return frozenset(name for name, facts in intents.items() if facts.acts) - COURTESIES - ANSWERS
