"""What moves a customer, where they say so: praise, sarcasm, a complaint, a death, an insult, a threat, despair.

By trainers' phrases (`feelings.yml` here, or their own in ``data/tone/``), because who mourns or threatens says so in
few ways, and a model that is right in nineteen of twenty is wrong too often here. Sarcasm says the opposite of what it
means: beside phrases, cheerful words in a message that sounds upset (`bot/nlu/tone/trend.py`) are some.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from bot.errors import ArtefactError, ContentError, Place
from bot.nlu import artefact
from bot.nlu.tone.phrases import Phrase, PhraseError, Phrases, tokens_of
from bot.nlu.trainers_yaml import composed

FeelingKind = Literal["bereavement", "threat", "complaint", "insult", "sarcasm", "distress", "praise"]
KINDS: tuple[FeelingKind, ...] = get_args(FeelingKind)
"""From the one that outweighs all others on."""

KEY = "feelings"
"""In a file of ``data/tone/``."""
SHIPPED = Path(__file__).with_name("feelings.yml")
"""The product's own phrases."""
_SCHEMA, _FILE, _COMMAND = "feelings/1", "feelings.json", "make train"
_WORDS, _UNLESS, _CHEER = "words", "unless", "cheer"
SOUNDS_UPSET = 0.5
"""Of a message's own score: cheerful words above it are not meant."""

Written = dict[str, Any]
"""``{"words": {name: [word]}, "unless": {kind: [phrase]}, kind: [phrase]}``"""


@dataclass(frozen=True)
class Feeling:
    """What moves the customer, and the phrase that said so."""

    kind: FeelingKind
    by: str


class Feelings:
    """Knows the phrases; ``written`` is what :func:`read_feelings` read."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        self.written = dict(written)
        words = written[_WORDS]
        says = [(kind, Phrase.read(one, words)) for kind in KINDS for one in written[kind]]
        takes_back = [
            (f"{_UNLESS} {kind}", Phrase.read(one, words)) for kind in KINDS for one in written[_UNLESS].get(kind, ())
        ]
        self._phrases = Phrases([*says, *takes_back, (_CHEER, Phrase.read(f"{{{_CHEER}}}", words))])

    def save(self, folder: Path) -> None:
        """Write them as JSON into a folder that may hold others."""
        artefact.write_json(folder / _FILE, {"schema": _SCHEMA, KEY: self.written})

    @classmethod
    def load(cls, folder: Path) -> Feelings:
        """Read what :meth:`save` wrote; :class:`~bot.errors.ArtefactError` when it is not whole."""
        content: dict[str, Any] = artefact.read_json(folder / _FILE, _SCHEMA, _COMMAND)
        try:
            return cls(content[KEY])
        except (KeyError, TypeError, AttributeError, PhraseError) as error:
            raise ArtefactError(folder / _FILE, f"it is damaged ({error}).", _COMMAND) from error

    def read(self, text: str, sounds: float = 0.0) -> Feeling | None:
        """Return what outweighs all else in a message; ``sounds`` is how upset it sounds by itself, 0 to 1."""
        found = self._phrases.found_in(tokens_of(text))
        if sounds >= SOUNDS_UPSET and _CHEER in found:
            # "Above and beyond" and "a credit to you" are meant, however it sounds.
            found.pop("praise", None)
            found.setdefault("sarcasm", "cheerful words in a message that sounds upset")
        moved = next((kind for kind in KINDS if kind in found and f"{_UNLESS} {kind}" not in found), None)
        return None if moved is None else Feeling(moved, found[moved])


def read_feelings(folder: Path) -> Written:
    """The product's phrases, and in their place those of a company's ``data/tone/``.

    Raises :class:`~bot.errors.ContentError` with file and line for a kind that there is not, and for a phrase that
    means nothing.
    """
    written: Written = {key: dict(value) if isinstance(value, Mapping) else value for key, value in _shipped().items()}
    for path in sorted(folder.glob("*.yml")):
        for key, node in _members(composed(path)):
            if key.value == KEY:
                _take_over(path, node, written)
    _check(folder, written)
    return written


@cache
def _shipped() -> Written:
    read: Written = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))[KEY]
    return read


def _take_over(path: Path, node: yaml.Node, written: Written) -> None:
    for key, value in _members(node):
        if key.value in (_WORDS, _UNLESS):
            for name, listed in _members(value):
                written[key.value][name.value] = _texts(path, listed)
        elif key.value in KINDS:
            phrases = _texts(path, value)
            for phrase, item in zip(phrases, value.value, strict=True):
                _read(phrase, written[_WORDS], _place(path, item))
            written[key.value] = phrases
        else:
            known = ", ".join((*KINDS, _WORDS, _UNLESS))
            raise ContentError(_place(path, key), f"there is no feeling {key.value!r}.", f"Write one of {known}.")


def _texts(path: Path, node: yaml.Node) -> list[str]:
    items = node.value if isinstance(node, yaml.SequenceNode) else None
    if items is None or not all(isinstance(item, yaml.ScalarNode) and item.value.strip() for item in items):
        raise ContentError(_place(path, node), "this is not a list of words or phrases.", "Write [one, two].")
    return [str(item.value) for item in items]


def _check(folder: Path, written: Written) -> None:
    """Lists of words may have been replaced that phrases above them name."""
    for kind in KINDS:
        for phrase in (*written[kind], *written[_UNLESS].get(kind, ())):
            _read(phrase, written[_WORDS], Place(folder))


def _read(phrase: str, words: Mapping[str, Sequence[str]], place: Place) -> Phrase:
    try:
        return Phrase.read(phrase, words)
    except PhraseError as error:
        raise ContentError(place, f"the phrase {phrase!r} means nothing: {error}.", "Correct it.") from error


def _members(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def _place(path: Path, node: yaml.Node) -> Place:
    return Place(path, node.start_mark.line + 1)
