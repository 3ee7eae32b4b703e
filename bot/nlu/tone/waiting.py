"""How somebody who waits in the queue feels, where they say so: frightened, lost, relieved, tired of waiting, angry.

By phrases (`waiting.yml`, English). What moves customers anywhere, such as a death or an insult, is read by
:mod:`bot.nlu.tone.feelings`; these change no decision of the assistant, only the words of the note that follows.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from bot.nlu.tone.phrases import Phrase, Phrases, tokens_of

WaitingFeeling = Literal["frightened", "lost", "relieved", "impatient", "angry"]
FEELINGS: tuple[WaitingFeeling, ...] = get_args(WaitingFeeling)
"""From the one that outweighs the others on."""

MOST_WORDS = 60
"""A longer message tells a story, which the person has to read."""


def felt_while_waiting(text: str) -> WaitingFeeling | None:
    """What a waiting customer says that they feel, or None."""
    tokens = tokens_of(text)
    if len(tokens) > MOST_WORDS:
        return None
    says, takes_back = _phrases()
    found, taken_back = says.found_in(tokens), takes_back.found_in(tokens)
    return next((one for one in FEELINGS if one in found and one not in taken_back), None)


@cache
def _phrases() -> tuple[Phrases, Phrases]:
    written: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("waiting.yml").read_text(encoding="utf-8"))

    def read(phrases: dict[str, list[str]]) -> Phrases:
        return Phrases((kind, Phrase.read(one, written["words"])) for kind in FEELINGS for one in phrases[kind])

    return read(written), read(written["unless"])
