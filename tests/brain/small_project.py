"""The small project that the brain's tests train: a handful of intents, two articles, one form."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHIPPED = Path(__file__).resolve().parents[2] / "data"
"""By which words dangers are known: the files that Warmline brings."""

CONFIG = """
recipe: default.v1
assistant_id: small
language: en
importers:
  - name: bot.brain.content.TrainersData
    core: false
pipeline:
  - name: WhitespaceTokenizer
  - name: bot.brain.components.spelling.WarmlineSpelling
  - name: bot.brain.components.talk.WarmlineTalk
  - name: bot.brain.components.sentence_vectors.WarmlineSentenceVectors
  - name: bot.brain.components.intents.WarmlineIntents
  - name: bot.brain.components.negation.WarmlineNegation
  - name: bot.brain.components.scope.WarmlineScope
    threshold: 0.3
  - name: bot.brain.components.entities.WarmlineEntities
    timezone: Europe/London
    country: GB
  - name: bot.brain.components.danger.WarmlineDanger
  - name: bot.brain.components.language.WarmlineLanguage
  - name: bot.brain.components.tone.WarmlineTone
    hand_over: false
  - name: bot.brain.components.knowledge.WarmlineKnowledge
    agreed_threshold: 0.1
  - name: bot.brain.components.arbiter.WarmlineArbiter
    lead: 0.1
policies:
  - name: RulePolicy
  - name: bot.brain.components.memoization.WarmlineMemoization
    max_history: 5
"""

DOMAIN = """
version: "3.1"
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
intents: [greet, inform, ask_for_person, repair, opening_hours, out_of_scope, knowledge_question, unclear, affirm,
  returned_by_human, other_language, upset_customer, danger,
  talk_about_conversation]
entities: [product]
slots:
  product:
    type: text
    influence_conversation: false
    mappings: [{type: from_entity, entity: product}]
  problem:
    type: text
    influence_conversation: false
    mappings:
      - {type: from_text, intent: inform, conditions: [{active_loop: repair_form, requested_slot: problem}]}
  action_outcome: {type: any, influence_conversation: false, mappings: [{type: custom}]}
forms:
  repair_form: {required_slots: [product, problem]}
actions: [action_answer, action_fetch, action_sorry, validate_repair_form]
responses:
  utter_greet:
    - text: "Hello from the small project."
      buttons: [{title: Book a repair, payload: /repair}]
  utter_ask_product: [{text: "Which appliance?"}]
  utter_ask_problem: [{text: "What is wrong?"}]
  utter_booked: [{text: "Noted: {problem}"}]
  utter_welcome_back: [{text: "Welcome back."}]
"""

RULES = """
version: "3.1"
rules:
  - rule: greet
    steps: [{intent: greet}, {action: utter_greet}]
  - rule: person
    steps: [{intent: ask_for_person}, {action: action_fetch}]
  - rule: question
    steps: [{intent: knowledge_question}, {action: action_answer}]
  - rule: unclear
    steps: [{intent: unclear}, {action: action_sorry}]
  - rule: out of scope
    steps: [{intent: out_of_scope}, {action: action_sorry}]
  - rule: back
    steps: [{intent: returned_by_human}, {action: utter_welcome_back}]
  - rule: open the form
    steps: [{intent: repair}, {action: repair_form}, {active_loop: repair_form}]
  - rule: close the form
    condition: [{active_loop: repair_form}]
    steps:
      - action: repair_form
      - active_loop: null
      - slot_was_set: [{requested_slot: null}]
      - action: utter_booked
  - rule: danger
    steps: [{intent: danger}, {action: action_answer}]
  - rule: talk about the conversation
    steps: [{intent: talk_about_conversation}, {action: action_answer}]
"""

STORIES = """
version: "3.1"
stories:
  - story: greet twice over
    steps: [{intent: greet}, {action: utter_greet}, {intent: affirm}, {action: utter_welcome_back}]
"""

NLU = """
version: "3.1"
nlu:
  - intent: greet
    metadata: {title: Say hello, kind: act}
    examples: |
      - hello
      - hello there
      - hi there
      - good morning
      - hey hello
  - intent: affirm
    metadata: {title: "Yes", kind: act}
    examples: |
      - yes
      - yes please
      - yes of course
      - right yes
  - intent: inform
    metadata: {title: Answer a question, kind: act}
    examples: |
      - the oven
      - my oven
      - it is the oven
      - a dishwasher
  - intent: ask_for_person
    metadata: {title: Talk to a person, kind: act}
    examples: |
      - talk to a person
      - I want a person
      - a real person please
      - let me talk to a human person
  - intent: repair
    metadata: {title: Book a repair, kind: act}
    examples: |
      - book a repair
      - repair my appliance
      - I need a repair
      - a repair please
  - intent: opening_hours
    metadata: {title: Opening hours, kind: fact, articles: [opening-hours]}
    examples: |
      - when are you open on Sunday
      - opening hours on Sunday
      - when are the shops open
      - what are the opening hours of the shops
  - intent: out_of_scope
    metadata: {title: Something else, kind: act}
    examples: |
      - sing a song about cats
      - what is the weather in Paris
      - who won the football match
      - write a poem about rain
  - lookup: product
    examples: |
      - oven
      - dishwasher
"""

_FEW = range(10)
TONE = "\n".join(
    [
        "tone:",
        "  upset:",
        *(f"    - [where is my oven {number}, you are useless and a disgrace {number}]" for number in _FEW),
        "  calm:",
        *(f"    - [where is my oven {number}, thank you {number}]" for number in _FEW),
    ]
)

ARTICLE = """---
id: {id}
title: {title}
audience: [{audience}]
language: en
updated: 2026-01-05
review_by: 2027-01-05
url: https://example.test/help/{id}
products: []
---

{body}
"""

ARTICLES = (
    ("opening-hours", "Opening hours", "public", "## Sunday\n\nThe shops are open on Sunday from 11am to 5pm."),
    ("delivery", "Delivery", "public", "## Costs\n\nDelivery to your door costs 25 pounds."),
    ("goodwill", "Goodwill", "internal", "## Limits\n\nStaff may give 30 pounds as goodwill without asking."),
    ("pallets", "Pallets", "trade", "## Prices\n\nTraders buy pallets of kettles at half the list price."),
)


class WordEncoder:
    """An honest small encoder: sentences with the same words get like vectors, whatever else they mean."""

    dimensions = 64

    def __init__(self, fingerprint: str = "words-1") -> None:
        self.fingerprint = fingerprint

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One random direction for each word, the same in every process; their sum, of length 1."""
        rows = [
            np.sum([_direction(word, self.dimensions) for word in text.lower().split()] or [np.ones(64)], axis=0)
            for text in texts
        ]
        matrix = np.asarray(rows, dtype=np.float32).reshape(len(texts), self.dimensions)
        return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)


def _direction(word: str, dimensions: int) -> NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(word.strip("?!.,").encode()).digest()[:4], "big")
    return np.random.RandomState(seed).normal(size=dimensions)


def write_project(root: Path) -> None:
    """Write the project's files."""
    files = {
        "config.yml": CONFIG,
        "domain.yml": DOMAIN,
        "data/rules.yml": RULES,
        "data/stories.yml": STORIES,
        "data/nlu.yml": NLU,
        "data/tone/tone.yml": TONE,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    shutil.copytree(SHIPPED / "safety", root / "data" / "safety")
    folder = root / "knowledge_index" / "articles"
    folder.mkdir(parents=True)
    for article, title, audience, body in ARTICLES:
        text = ARTICLE.format(id=article, title=title, audience=audience, body=body)
        (folder / f"{article}.md").write_text(text, encoding="utf-8")
