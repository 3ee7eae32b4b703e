"""What the components leave on a message for each other, and how they read it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.contract.names import OUT_OF_SCOPE
from bot.nlu.intents.cross_validation import Titles
from bot.nlu.intents.held_out import Examples
from bot.nlu.reading.rewritten import Rewritten

VECTORS = "WarmlineSentenceVectors"
"""Who made the sentence vectors: `Features.origin` of Rasa."""
READINGS = "warmline_readings"
"""The intents as they were read: a tuple of `bot.nlu.intents.classifier.Reading`."""
LOOK = "warmline_look"
"""The readings and what spoke for each: a `bot.nlu.intents.classifier.Look`."""
VERDICT = "warmline_verdict"
"""A `bot.nlu.scope.verdict.ScopeVerdict`."""
HAND_OVER = "warmline_hand_over"
"""How upset the customer is, where that is reason to hand over now."""
DANGER = "danger"
"""``{"kind", "sign", "words", "add"}``, only on a message that tells of a danger."""
AGREED = "warmline_agreed"
"""The answer among the articles of the intent that was read, or None."""
NAMED = "warmline_named"
"""Whether the message is the title of the article that answers, word for word."""
FOUND = "warmline_found"
"""What the articles say: a `bot.dialogue.looking_up.Found`."""
STRETCHES = "warmline_stretches"
"""The stretches of a message with joints, on which its wishes are decided: a dict from text to vector."""
STRETCH_READINGS = "warmline_stretch_readings"
"""How each stretch was read: a dict from text to `bot.nlu.intents.classifier.Look`."""
LOOKS = "warmline_looks"
"""The same with each stretch's scope: a dict from text to `bot.nlu.wishes.splitting.Look`."""
WISHES = "wishes"
"""Where each of several wishes stands: `[{"start", "end"}]`; absent from a message with one."""
RULED_OUT = "ruled_out"
"""Entities that are mentioned as what the customer does not want, or took back: like ``entities``, and never there."""
ENTITY_KINDS = "warmline_entity_kinds"
"""What kind of value an entity holds whose name does not say it, as config.yml has it."""
TYPED = "typed"
"""The message as it was typed; readers see it normalised (`bot/nlu/reading/normalise.py`)."""
READ = "warmline_read"
"""The message as it is read where that is not as it was typed: a `bot.nlu.reading.rewritten.Rewritten`."""
CONTRAST = "warmline_contrast"
"""What the message seems to rule out: a `bot.nlu.reading.ruled_out.Contrast`; its stretches are among STRETCHES."""
NOT_WANTED = "warmline_not_wanted"
"""The intents that the message rules out: they are neither done nor offered."""
REFUSES = "warmline_refuses"
"""Whether the message rules out NOT_WANTED and says nothing else."""
LEFT = "warmline_left"
"""The message without what it rules out, where that is read instead: a `bot.nlu.reading.rewritten.Rewritten`."""
VECTOR = "warmline_vector"
"""The vector of LEFT."""
SCOPE = "scope"
KNOWLEDGE = "knowledge"
DECISION = "decision"
LANGUAGE = "language"
"""``{"code", "why"}``, only on a message in a language that the assistant does not speak."""
TONE = "tone"
"""``{"message", "trend", "upset"}``: how it sounds alone, and how the conversation stands with it, 0 to 1."""

TALK = "talk"
"""What a message does to the conversation itself: ``{"act", "rest"}``, or the topic that a person is wanted for:
``{"person"}``."""
FEELING = "warmline_feeling"
"""What moves the customer: a `bot.nlu.tone.feelings.Feeling`."""

STEPS = "steps"
"""What each step of the reading did: `[{"name", "did"}]` in the order in which it was done, for the trace."""

SEED = 20240711
"""One seed for everything that training draws: the same data gives the same model."""


def is_payload(message: Message) -> bool:
    """Whether a message is a button or an event of ours, which Rasa's last component reads."""
    return str(message.get(TEXT) or "").strip().startswith(INTENT_MESSAGE_PREFIX)


def note_step(message: Message, name: str, did: str) -> None:
    """Write into the trace what a step of the reading did; a step that did nothing is not noted."""
    message.set(STEPS, [*(message.get(STEPS) or []), {"name": name, "did": did}], add_to_output=True)


def read_in(message: Message) -> Rewritten:
    """What is read of a message: the words that were meant, and where each was typed (TEXT stays as it was typed)."""
    return message.get(READ) or Rewritten(str(message.get(TEXT) or ""))


def wanted_in(message: Message) -> Rewritten:
    """What of it is a wish or a question: without what it rules out."""
    return message.get(LEFT) or read_in(message)


def vector_of(message: Message) -> NDArray[np.float32] | None:
    """The vector of length 1 of what is wanted in a sentence, or None where the message was not encoded."""
    vector = message.get(VECTOR)
    return vector if vector is not None else whole_vector_of(message)


def whole_vector_of(message: Message) -> NDArray[np.float32] | None:
    """The vector of the whole sentence."""
    _, sentence = message.get_dense_features(TEXT, [VECTORS])
    return sentence.features[0] if sentence is not None else None


def labelled(training_data: TrainingData) -> Examples:
    """The sentences of the training data, their vectors and their intents, and the intents' titles."""
    texts, vectors, labels = [], [], []
    for message in training_data.intent_examples:
        vector = vector_of(message)
        if vector is not None and message.get(TEXT):
            texts.append(message.get(TEXT))
            vectors.append(vector)
            labels.append(message.get(INTENT))
    found = sorted(set(labels) - {OUT_OF_SCOPE})
    metadata = intent_metadata(training_data)
    titles = tuple(str(metadata.get(label, {}).get("title") or label.replace("_", " ")) for label in found)
    named = Titles(titles, artefacts.vector_cache().encode(titles), tuple(found)) if titles else None
    return Examples(tuple(texts), np.asarray(vectors, dtype=np.float32), tuple(labels), named)


def intent_metadata(training_data: TrainingData) -> dict[str, dict[str, Any]]:
    """The ``metadata`` of each intent, the same on all of its examples (`bot/brain/content.py`)."""
    return {
        message.get(INTENT): (message.get("metadata") or {}).get("intent") or {}
        for message in training_data.intent_examples
    }
