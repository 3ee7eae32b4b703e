"""What a message does to the conversation itself, and the person whom it asks for (data/talk)."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.component import WarmlineComponent
from bot.brain.components.message_keys import TALK, is_payload, note_step, read_in
from bot.dialogue import current_turn
from bot.dialogue.talk import heard
from bot.knowledge.answering.follow_up import LAST_QUESTION, LastQuestion
from bot.nlu.reading.acts import ActReader, TalkWords
from bot.nlu.reading.talk_words import read_talk_words

_FILE = "talk.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WarmlineTalk(WarmlineComponent[ActReader]):
    """Reads acts of speech by the phrases in data/talk; nothing is learnt, the phrases travel with the model."""

    made_of = ("dialogue", "knowledge")
    reads_vectors = False

    @classmethod
    def files_fingerprint(cls) -> str:
        """Other phrases are another reader."""
        return artefacts.files_digest(sorted(artefacts.talk_folder().glob("*.yml")))

    def learn(self, training_data: TrainingData) -> ActReader:
        """Read the phrases."""
        return ActReader(read_talk_words(artefacts.talk_folder()))

    @classmethod
    def write(cls, learned: ActReader, folder: Path) -> None:
        """Write the phrases as they were read."""
        (folder / _FILE).write_text(json.dumps(asdict(learned.written), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> ActReader:
        """Read the phrases."""
        return ActReader(TalkWords(**json.loads((folder / _FILE).read_text(encoding="utf-8"))))

    def process(self, messages: list[Message]) -> list[Message]:
        """Leave the act on the message, or the topic of the person who is asked for."""
        for message in messages:
            if self._learned is None or not message.get(TEXT) or is_payload(message):
                continue
            text = read_in(message).text
            form = current_turn.open_form()
            person = self._learned.person_about(text)
            left = heard(self._learned.read(text), person, current_turn.stands(), form is not None)
            if left is None:
                continue
            last = LastQuestion.of(current_turn.slot(LAST_QUESTION))
            message.set(TALK, {**left, "shown": last.article if last is not None else None}, add_to_output=True)
            note_step(message, "talk", left.get("act") or f"a person about: {person}")
        return messages
