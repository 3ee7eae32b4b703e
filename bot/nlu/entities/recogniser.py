"""Learns from annotated examples (``[text](entity)``) which words tend to be what, in which role and in which group.

Rules and lists come first where they know an entity; this is what finds the others, ordinary English words among them.
What it learns are some thousand numbers (`bot/nlu/entities/sequence_model.py`), learnt in seconds.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import ArtefactError
from bot.nlu import artefact
from bot.nlu.encoder.word_vectors import WordVectors
from bot.nlu.entities.near_names import Word
from bot.nlu.entities.roles import Part, Place, RoleModel, labels_of, learn_roles
from bot.nlu.entities.sequence_model import Labels, Sentence, SequenceModel, train
from bot.nlu.entities.word_features import sentence_of, tokens_of
from bot.nlu.reading.cap import readable
from bot.nlu.reading.normalise import normalise

_FILE = "recogniser.json"
_WEIGHTS = "recogniser.npz"
_WORDS = "words.npz"
_SCHEMA = "recogniser/1"

_BEGINS, _GOES_ON = "begins", "goes on"
_NOTHING = 0
"""The number of the label of a word that is no part of a mention."""


@dataclass(frozen=True)
class Mention:
    """An annotated stretch of a sentence."""

    name: str
    start: int
    end: int
    role: str = ""
    group: str = ""


@dataclass(frozen=True)
class Annotated:
    """A sentence and what trainers marked in it."""

    text: str
    mentions: tuple[Mention, ...] = ()

    def without(self, names: Collection[str]) -> Annotated:
        """Return the same without what is marked as one of these entities."""
        return replace(self, mentions=tuple(each for each in self.mentions if each.name not in names))

    def as_read(self) -> Annotated:
        """Return the same as readers see a customer's message, so that training and serving agree."""
        pieces: list[str] = []
        mentions: list[Mention] = []
        last = length = 0
        for mention in sorted(self.mentions, key=lambda each: each.start):
            pieces += [normalise(self.text[last : mention.start]).text]
            length += len(pieces[-1])
            pieces += [normalise(self.text[mention.start : mention.end]).text]
            mentions.append(replace(mention, start=length, end=length + len(pieces[-1])))
            length += len(pieces[-1])
            last = mention.end
        return Annotated("".join([*pieces, normalise(self.text[last:]).text]), tuple(mentions))

    def in_lower_case(self) -> Annotated:
        """Return the same as customers in a hurry type it."""
        return Annotated(self.text.lower(), self.mentions)


class Recogniser:
    """Finds stretches that look like the annotated ones."""

    def __init__(
        self,
        names: Sequence[str],
        model: SequenceModel,
        roles: RoleModel | None,
        ordinary: Collection[str],
        meanings: WordVectors | None,
    ) -> None:
        self.names = tuple(names)
        self._model = model
        self._roles = roles
        self._ordinary = ordinary
        self._meanings = meanings

    @classmethod
    def train(
        cls, examples: Sequence[Annotated], ordinary: Collection[str], meanings: WordVectors | None = None
    ) -> Recogniser | None:
        """Learn from the examples, the same for the same ones; None where nothing is marked.

        ``ordinary`` are words of the language: what is none of them is a name more often. ``meanings`` says which words
        mean something alike: without it only what stands around a word says what an unseen one is.
        """
        read = [example.as_read() for example in examples if example.text.strip()]
        names = sorted({mention.name for example in read for mention in example.mentions})
        if not names:
            return None
        lowered = [one for example in read if (one := example.in_lower_case()).text != example.text]
        # A letter that is two in lower case (İ) moves what stands behind it.
        read += [one for one in lowered if len(one.text) == len(one.text.lower())]
        seen: list[Sentence] = []
        truth: list[list[int]] = []
        for example in read:
            if words := tokens_of(example.text):
                seen.append(sentence_of(words, ordinary, meanings))
                truth.append(_labels_in(example, words, names))
        roles = learn_roles([_roles_in(example) for example in read])
        return cls(names, train(seen, truth, _labels(names)), roles, ordinary, meanings)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the stretches that look like an entity, left to right, without overlaps, with roles and groups."""
        read = readable(text)
        found = self.find_as_read(read.text)
        parts = self.roles_of(read.text, [(mention.name, mention.start, mention.end) for mention in found])
        typed = [read.typed_span(mention.start, mention.end) for mention in found]
        return tuple(
            Mention(mention.name, *place, *part) for mention, place, part in zip(found, typed, parts, strict=True)
        )

    def find_as_read(self, text: str) -> tuple[Mention, ...]:
        """Return the stretches of a text as it is read (`bot/nlu/reading/cap.py`), without roles and groups."""
        words = tokens_of(text)
        found: list[Mention] = []
        path = self._model.best(sentence_of(words, self._ordinary, self._meanings))
        for word, label in zip(words, path, strict=True):
            if label == _NOTHING:
                continue
            if label % 2:
                found.append(Mention(self.names[label // 2], word.start, word.end))
            else:
                found[-1] = replace(found[-1], end=word.end)
        return tuple(found)

    def roles_of(self, text: str, mentions: Sequence[Place]) -> list[Part]:
        """Return the role and group of each mention of a text, which come in their order, however they were found."""
        return self._roles.find(text, mentions) if self._roles is not None else [("", "")] * len(mentions)

    def save(self, folder: Path) -> None:
        """Write the weights as numbers and the features as texts: nothing that runs."""
        roles = self._roles
        content: dict[str, object] = {
            "schema": _SCHEMA,
            "names": list(self.names),
            "features": list(self._model.rows),
            "meanings": self._meanings is not None,
            "roles": None,
        }
        numbers = _numbers("words", self._model)
        if roles is not None:
            numbers |= _numbers("roles", roles.model)
            content["roles"] = {
                "parts": [list(part) for part in roles.parts],
                "of_names": {name: [list(part) for part in parts] for name, parts in roles.of_names.items()},
                "features": list(roles.model.rows),
            }
        artefact.write_json(folder / _FILE, content)
        stream = io.BytesIO()
        np.savez_compressed(stream, **numbers)
        artefact.write_bytes(folder / _WEIGHTS, stream.getvalue())
        if self._meanings is not None:
            artefact.write_bytes(folder / _WORDS, self._meanings.to_bytes())

    @classmethod
    def load(cls, folder: Path, ordinary: Collection[str], command: str) -> Recogniser:
        """Read what :meth:`save` wrote; :class:`ArtefactError` when it is not whole."""
        content = artefact.read_json(folder / _FILE, _SCHEMA, command)
        path = folder / _WEIGHTS
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as numbers:
                names = [str(name) for name in content["names"]]
                model = _model("words", _labels(names), content["features"], numbers)
                roles = _read_roles(content["roles"], numbers)
            path = folder / _WORDS
            meanings = WordVectors.from_bytes(path.read_bytes()) if content["meanings"] else None
            if len(model.by_number) != (3 * meanings.dimensions if meanings is not None else 0):
                raise ValueError("weights and vectors do not fit")
        except FileNotFoundError as error:
            raise ArtefactError(path, "it is missing.", command) from error
        except Exception as error:
            raise ArtefactError(path, f"it is damaged ({type(error).__name__}).", command) from error
        return cls(names, model, roles, ordinary, meanings)


def _numbers(name: str, model: SequenceModel) -> dict[str, Any]:
    return {
        f"{name}_weights": model.weights,
        f"{name}_by_number": model.by_number,
        f"{name}_follows": model.follows,
    }


def _model(name: str, labels: Labels, features: Sequence[str], numbers: Any) -> SequenceModel:
    rows = {str(feature): row for row, feature in enumerate(features)}
    weights, by_number, follows = (numbers[f"{name}_{each}"] for each in ("weights", "by_number", "follows"))
    count = len(labels.names)
    if weights.shape != (len(rows), count) or by_number.shape[1] != count or follows.shape != (count, count):
        raise ValueError("the numbers do not fit")
    return SequenceModel(labels, rows, weights, by_number, follows)


def _read_roles(content: Mapping[str, Any] | None, numbers: Any) -> RoleModel | None:
    if content is None:
        return None
    parts = _parts(content["parts"])
    of_names = {str(name): _parts(own) for name, own in content["of_names"].items()}
    return RoleModel(parts, of_names, _model("roles", labels_of(parts), content["features"], numbers))


def _parts(read: Sequence[Sequence[str]]) -> tuple[Part, ...]:
    return tuple((str(role), str(group)) for role, group in read)


def _labels(names: Sequence[str]) -> Labels:
    """For each name the label of its first word and that of the others, after the label of no mention at all."""
    labels = ["nothing", *(f"{mark} {name}" for name in names for mark in (_BEGINS, _GOES_ON))]
    # A part for each label, one for all first words, one for all others, and one for the words of each name.
    parts = np.zeros((len(labels) + 2 + len(names), len(labels)))
    parts[: len(labels)] = np.eye(len(labels))
    parts[len(labels), 1::2] = 1.0
    parts[len(labels) + 1, 2::2] = 1.0
    for number in range(len(names)):
        parts[len(labels) + 2 + number, [1 + 2 * number, 2 + 2 * number]] = 1.0
    goes_on = np.array([label > 0 and label % 2 == 0 for label in range(len(labels))])
    allowed = np.repeat(~goes_on[None, :], len(labels), axis=0)
    for label in range(2, len(labels), 2):
        allowed[[label - 1, label], label] = True
    return Labels(tuple(labels), parts, allowed, ~goes_on)


def _labels_in(example: Annotated, words: Sequence[Word], names: Sequence[str]) -> list[int]:
    """The label of each word; a word that is marked in part counts as a whole."""
    labels = [_NOTHING] * len(words)
    for mention in example.mentions:
        first = 1 + 2 * names.index(mention.name)
        touched = [place for place, word in enumerate(words) if word.start < mention.end and mention.start < word.end]
        for place in touched:
            labels[place] = first + (place != touched[0])
    return labels


def _roles_in(example: Annotated) -> tuple[str, list[Place], list[Part]]:
    return (
        example.text,
        [(mention.name, mention.start, mention.end) for mention in example.mentions],
        [(mention.role, mention.group) for mention in example.mentions],
    )
