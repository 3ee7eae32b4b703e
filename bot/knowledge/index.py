"""The index: articles cut, encoded and weighed; everything that a search and an answer need, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ArtefactError
from bot.knowledge import versions
from bot.knowledge.articles import Article
from bot.knowledge.asked import Asked
from bot.knowledge.cutting import Cut, cut
from bot.knowledge.filters import Filter, Filters
from bot.knowledge.passages import Passage
from bot.knowledge.search import Hit, Search
from bot.knowledge.stretches import Stretch
from bot.knowledge.vectors import VectorIndex
from bot.knowledge.words import WordIndex
from bot.nlu import artefact
from bot.nlu.encoder import Encoder, Vectors

__all__ = ["BUILD_FORMAT", "Hit", "KnowledgeIndex", "fingerprint_of"]

_COMMAND = "make train"
_CONTENT = "content.json"
_PASSAGES, _STRETCHES = "passages", "stretches"
_ROWS = "stretches-and-questions.npy"
# Raise it when passages are cut, encoded or scored in another way: built indexes are then built again.
BUILD_FORMAT = 3
# Texts that are encoded between two words of progress.
_AT_ONCE = 256

Progress = Callable[[int, int], None]
"""Hears how many texts were encoded, and of how many."""


@dataclass(frozen=True)
class Placed:
    """An asked question at its place: ``stretch`` is the number of the stretch that answers it."""

    text: str
    stretch: int


@dataclass(frozen=True)
class Parts:
    """What an index is made of; vectors have length 1."""

    passages: tuple[Passage, ...]
    stretches: tuple[Stretch, ...]
    bodies: Mapping[str, str]
    asked: tuple[Placed, ...]
    owners: NDArray[np.int64]
    """(passages,) the first passage that says the same, or its own number."""
    wholes: VectorIndex
    """One row a passage, the headings above it included."""
    sentences: Vectors
    """(stretches, dimensions): each stretch as it stands."""
    contexts: Vectors
    """(stretches, dimensions): each with the headings above it."""
    questions: Vectors
    """(asked, dimensions)."""
    passage_words: WordIndex
    stretch_words: WordIndex


class KnowledgeIndex:
    """All passages and stretches of all articles; every search names the audiences it searches for."""

    def __init__(self, parts: Parts, encoder_fingerprint: str, fingerprint: str) -> None:
        self.parts = parts
        self.fingerprint = fingerprint
        """Names the articles, the way they were cut and the encoder: a change of any of them changes it."""
        self.encoder_fingerprint = encoder_fingerprint
        self.filters = Filters(parts.passages)
        self.searching = Search(parts)
        self._first: dict[str, Passage] = {}
        for passage in parts.passages:
            self._first.setdefault(passage.article, passage)
        self._versions = {article: version_of(body) for article, body in parts.bodies.items()}

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages; a passage's ``id`` is its place here."""
        return self.parts.passages

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """All stretches, in the order of the passages."""
        return self.parts.stretches

    @property
    def languages(self) -> frozenset[str]:
        """The languages of its articles, such as ``en``."""
        return self.filters.languages

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        encoder: Encoder,
        asked: Asked | None = None,
        earlier: KnowledgeIndex | None = None,
        progress: Progress | None = None,
    ) -> KnowledgeIndex:
        """Cut the articles, encode what was cut, and index it.

        Texts that ``earlier`` holds are not encoded again; the result is the same with it and without.
        """
        made = cut(articles, asked or Asked())
        vectors = _encoded(made.texts, encoder, earlier, progress)
        places = np.cumsum([0, *made.counts])
        wholes, sentences, contexts, questions = (vectors[first:last] for first, last in pairwise(places))
        parts = Parts(
            passages=made.passages,
            stretches=made.stretches,
            bodies={article.id: article.body for article in articles},
            asked=tuple(Placed(text, stretch) for text, stretch in made.asked),
            owners=made.owners,
            wholes=VectorIndex.build(np.ascontiguousarray(wholes)),
            sentences=sentences,
            contexts=contexts,
            questions=questions,
            passage_words=WordIndex.build(made.passage_texts),
            stretch_words=WordIndex.build(made.context_texts),
        )
        return cls(parts, encoder.fingerprint, fingerprint_of(articles, encoder.fingerprint, asked))

    def search(
        self,
        vector: Vectors,
        text: str,
        audiences: frozenset[str] | Sequence[str] | set[str],
        k: int = 5,
        language: str | None = None,
        products: Sequence[str] = (),
        owned: Sequence[str] = (),
    ) -> tuple[Hit, ...]:
        """Return the ``k`` passages that fit best, best first; ``vector`` is the one row of ``text``.

        Passages of other audiences, languages or products are no candidates: nothing looks at their rows. ``owned``
        names products that the customer has: their passages are preferred, and no other is hidden.
        """
        allowed = self.filters.allowed(Filter(frozenset(audiences), language, frozenset(products)))
        return self.searching.passages(vector, text, allowed, k, frozenset(owned))

    def text(self, article: str, start: int, end: int) -> str:
        """Return ``body[start:end]`` of an article, verbatim; KeyError for an article that is not in the index."""
        return self.parts.bodies[article][start:end]

    def version(self, article: str) -> str | None:
        """Return the hash of an article's body, ``None`` for an article that is not in the index."""
        return self._versions.get(article)

    def opening(self, article: str) -> Passage | None:
        """Return an article's first passage."""
        return self._first.get(article)

    def vectors_by_text(self) -> dict[str, Vectors]:
        """Return every text that was encoded, and its vector."""
        made = Cut.texts_of(self.parts.passages, self.parts.stretches, self.parts.bodies)
        texts = [
            *made.passage_texts,
            *made.sentence_texts,
            *made.context_texts,
            *(one.text for one in self.parts.asked),
        ]
        rows = [self.parts.wholes.rows, self.parts.sentences, self.parts.contexts, self.parts.questions]
        return dict(zip(texts, np.concatenate(rows), strict=True))

    def save(self, folder: Path) -> None:
        """Write the index as a new version in ``folder`` and make it the current one: whole or not at all."""
        parts = self.parts
        with versions.published(folder, self.fingerprint, self.encoder_fingerprint) as fresh:
            parts.wholes.save(fresh, _PASSAGES)
            rows = np.concatenate([parts.sentences, parts.contexts, parts.questions])
            np.save(fresh / _ROWS, rows, allow_pickle=False)
            parts.passage_words.save(fresh, _PASSAGES)
            parts.stretch_words.save(fresh, _STRETCHES)
            content = {
                "passages": _table(parts.passages),
                "stretches": _table(parts.stretches),
                "bodies": dict(parts.bodies),
                "asked": [[one.text, one.stretch] for one in parts.asked],
                "owners": parts.owners.tolist(),
            }
            (fresh / _CONTENT).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, encoder_fingerprint: str) -> KnowledgeIndex:
        """Read the current version; :class:`ArtefactError` when it is missing, damaged or of another encoder."""
        return versions.read(folder, encoder_fingerprint, _COMMAND, cls._read)

    @classmethod
    def _read(cls, fresh: Path, current: versions.Current) -> KnowledgeIndex:
        try:
            artefact.verify(fresh, current.files, _COMMAND)
            content = json.loads((fresh / _CONTENT).read_text(encoding="utf-8"))
            passages = tuple(
                Passage(**{**one, "audience": tuple(one["audience"]), "products": tuple(one["products"])})
                for one in _rows_of(content["passages"])
            )
            stretches = tuple(Stretch(**one) for one in _rows_of(content["stretches"]))
            rows = np.load(fresh / _ROWS, allow_pickle=False)
            count = len(stretches)
            parts = Parts(
                passages=passages,
                stretches=stretches,
                bodies=content["bodies"],
                asked=tuple(Placed(text, stretch) for text, stretch in content["asked"]),
                owners=np.asarray(content["owners"], dtype=np.int64),
                wholes=VectorIndex.load(fresh, _PASSAGES),
                sentences=rows[:count],
                contexts=rows[count : 2 * count],
                questions=rows[2 * count :],
                passage_words=WordIndex.load(fresh, _PASSAGES),
                stretch_words=WordIndex.load(fresh, _STRETCHES),
            )
            return cls(parts, current.encoder, current.fingerprint)
        except (KeyError, TypeError, ValueError, OSError, RuntimeError) as error:
            raise ArtefactError(fresh, f"it is damaged ({error!r}).", _COMMAND) from error


def version_of(body: str) -> str:
    """Return what names one state of an article's body: the start of its SHA-256."""
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fingerprint_of(articles: Sequence[Article], encoder_fingerprint: str, asked: Asked | None = None) -> str:
    """Name what an index of these articles by this encoder would be, without building it."""
    said = [
        [one.id, one.title, list(one.audience), one.language, one.url, list(one.products), one.body] for one in articles
    ]
    questions = [[one.text, one.article, one.sentence] for one in (asked.questions if asked else ())]
    content = json.dumps([BUILD_FORMAT, encoder_fingerprint, said, questions], ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _encoded(
    texts: Sequence[str], encoder: Encoder, earlier: KnowledgeIndex | None, progress: Progress | None
) -> Vectors:
    """Return one row a text; each text is encoded once, and not at all when it was encoded before."""
    same = earlier is not None and earlier.encoder_fingerprint == encoder.fingerprint
    known = earlier.vectors_by_text() if earlier is not None and same else {}
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    if missing and progress is None:
        known.update(zip(missing, encoder.encode(missing), strict=True))
    for first in range(0, len(missing) if progress else 0, _AT_ONCE):
        some = missing[first : first + _AT_ONCE]
        known.update(zip(some, encoder.encode(some), strict=True))
        if progress:
            progress(first + len(some), len(missing))
    if not texts:
        return np.zeros((0, encoder.dimensions), dtype=np.float32)
    return np.ascontiguousarray(np.stack([known[text] for text in texts]), dtype=np.float32)


def _table(rows: Sequence[Any]) -> dict[str, Any]:
    """Return dataclasses as names and rows: the names once, not in each row."""
    names = [field.name for field in fields(rows[0])] if rows else []
    return {"names": names, "rows": [list(asdict(row).values()) for row in rows]}


def _rows_of(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(table["names"], row, strict=True)) for row in table["rows"]]
