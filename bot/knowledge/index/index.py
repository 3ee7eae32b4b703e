"""The index: articles cut, encoded and weighed; everything that a search and an answer need, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ArtefactError
from bot.knowledge.index import versions
from bot.knowledge.index.cutting import Cut, Earlier, cut
from bot.knowledge.index.duplicates import folded, prints_of
from bot.knowledge.index.encoding import Encoded, Progress, encoded
from bot.knowledge.index.filters import Filter, Filters
from bot.knowledge.index.names import Names
from bot.knowledge.index.passages import Passage, plain
from bot.knowledge.index.products import Families
from bot.knowledge.index.search import Hit, Search
from bot.knowledge.index.stretches import Stretch
from bot.knowledge.index.vectors import VectorIndex
from bot.knowledge.index.words import WordIndex, stems_of
from bot.knowledge.sources.articles import Article
from bot.knowledge.sources.asked import Asked
from bot.knowledge.sources.links import files_of
from bot.nlu import artefact
from bot.nlu.encoder.protocol import Encoder, Vectors

__all__ = ["BUILD_FORMAT", "Hit", "KnowledgeIndex", "fingerprint_of"]

_COMMAND = "make train"
_CONTENT = "content.json"
_PASSAGES, _STRETCHES = "passages", "stretches"
_ROWS = "stretches-and-questions.npy"
_KEPT = "kept.npz"
# Raise it when passages are cut, encoded or scored in another way: built indexes are then built again.
BUILD_FORMAT = 5


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
    files: Mapping[str, str]
    """Each article's file below the articles' folder: links name it, and agents look for it."""
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
    prints: NDArray[np.int64]
    """(passages, hashes): by which near-duplicates meet (``duplicates.prints_of``)."""
    names: NDArray[np.void]
    """What names each encoded text: passages, stretches, stretches in context, asked questions (``encoding``)."""

    @property
    def encoded(self) -> Encoded:
        """All that was encoded."""
        rows = [self.wholes.rows, self.sentences, self.contexts, self.questions]
        return Encoded(self.names, np.concatenate(rows))


class KnowledgeIndex:
    """All passages and stretches of all articles; every search names the audiences it searches for."""

    def __init__(
        self, parts: Parts, encoder_fingerprint: str, fingerprint: str, build_format: int = BUILD_FORMAT
    ) -> None:
        self.parts = parts
        self.build_format = build_format
        """In which way it was built (:data:`BUILD_FORMAT`); the parts of another way are not taken over."""
        self.fingerprint = fingerprint
        """Names the articles, the way they were cut and the encoder: a change of any of them changes it."""
        self.encoder_fingerprint = encoder_fingerprint
        self.filters = Filters(parts.passages)
        self.searching = Search(parts)
        self.families = Families.of(parts.passages)
        """The products that its articles tell apart."""
        self._first: dict[str, Passage] = {}
        for passage in parts.passages:
            self._first.setdefault(passage.article, passage)
        self._titles: dict[tuple[str, ...], list[str]] = {}
        for article, passage in self._first.items():
            self._titles.setdefault(tuple(stems_of(passage.title)), []).append(article)
        self._versions = {article: version_of(body) for article, body in parts.bodies.items()}
        self.names = Names(
            {article: (one.title, article, parts.files.get(article, "")) for article, one in self._first.items()}
        )
        """What its articles are called."""
        several = Counter(parts.files.values())
        self.by_file = {file: article for article, file in parts.files.items() if several[file] == 1}
        """Articles by their file, where it holds one."""
        self.by_url = {passage.url.rstrip("/"): article for article, passage in self._first.items()}
        """Articles by their address."""

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
        last = earlier.parts if earlier is not None and earlier._built_like(encoder) else None
        made = cut(articles, asked or Asked(), Earlier(last.passages, last.stretches, last.bodies) if last else None)
        rows = encoded(*_to_encode(made, last), last.encoded if last else None, encoder, progress)
        ends = np.cumsum([len(made.passages), len(made.stretches), len(made.stretches)])
        wholes, sentences, contexts, questions = np.split(rows.rows, ends)
        prints = _prints(made, last)
        parts = Parts(
            passages=made.passages,
            stretches=made.stretches,
            bodies={article.id: article.body for article in articles},
            files=files_of(articles),
            asked=tuple(Placed(text, stretch) for text, stretch in made.asked),
            owners=folded(prints, lambda number: plain(made.passages[number].text)),
            wholes=VectorIndex.build(np.ascontiguousarray(wholes)),
            sentences=sentences,
            contexts=contexts,
            questions=questions,
            passage_words=WordIndex.build(
                made.texts.passages, last.passage_words if last else None, made.passages_from
            ),
            stretch_words=WordIndex.build(
                made.texts.contexts, last.stretch_words if last else None, made.stretches_from
            ),
            prints=prints,
            names=rows.names,
        )
        return cls(parts, encoder.fingerprint, fingerprint_of(articles, encoder.fingerprint, asked))

    def _built_like(self, encoder: Encoder) -> bool:
        return (self.encoder_fingerprint, self.build_format) == (encoder.fingerprint, BUILD_FORMAT)

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

    def titled(self, text: str) -> frozenset[str]:
        """Return the articles whose title a text is, word for word: capitals, endings and punctuation aside."""
        words = tuple(stems_of(text))
        return frozenset(self._titles.get(words, ())) if words else frozenset()

    def save(self, folder: Path) -> None:
        """Write the index as a new version in ``folder`` and make it the current one: whole or not at all."""
        parts = self.parts
        with versions.published(folder, self.fingerprint, self.encoder_fingerprint) as fresh:
            parts.wholes.save(fresh, _PASSAGES)
            rows = np.concatenate([parts.sentences, parts.contexts, parts.questions])
            np.save(fresh / _ROWS, rows, allow_pickle=False)
            np.savez(fresh / _KEPT, prints=parts.prints, names=parts.names)
            parts.passage_words.save(fresh, _PASSAGES)
            parts.stretch_words.save(fresh, _STRETCHES)
            content = {
                "format": self.build_format,
                "passages": _table(parts.passages),
                "stretches": _table(parts.stretches),
                "bodies": dict(parts.bodies),
                "files": dict(parts.files),
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
            kept = np.load(fresh / _KEPT, allow_pickle=False)
            parts = Parts(
                passages=passages,
                stretches=stretches,
                bodies=content["bodies"],
                files=content["files"],
                asked=tuple(Placed(text, stretch) for text, stretch in content["asked"]),
                owners=np.asarray(content["owners"], dtype=np.int64),
                wholes=VectorIndex.load(fresh, _PASSAGES),
                sentences=rows[:count],
                contexts=rows[count : 2 * count],
                questions=rows[2 * count :],
                passage_words=WordIndex.load(fresh, _PASSAGES),
                stretch_words=WordIndex.load(fresh, _STRETCHES),
                prints=kept["prints"],
                names=kept["names"],
            )
            return cls(parts, current.encoder, current.fingerprint, content["format"])
        except (KeyError, TypeError, ValueError, OSError, RuntimeError) as error:
            raise ArtefactError(fresh, f"it is damaged ({error!r}).", _COMMAND) from error


def version_of(body: str) -> str:
    """Return what names one state of an article's body: the start of its SHA-256."""
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fingerprint_of(articles: Sequence[Article], encoder_fingerprint: str, asked: Asked | None = None) -> str:
    """Name what an index of these articles by this encoder would be, without building it."""
    files = files_of(articles)
    said = [
        [one.id, one.title, list(one.audience), one.language, one.url, list(one.products), one.body, files[one.id]]
        for one in articles
    ]
    questions = [[one.text, one.article, one.sentence] for one in (asked.questions if asked else ())]
    content = json.dumps([BUILD_FORMAT, encoder_fingerprint, said, questions], ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _to_encode(made: Cut, last: Parts | None) -> tuple[Sequence[str], NDArray[np.int64]]:
    """Return the texts that were not taken over, and for each row of the build its number in the last, or -1."""
    texts = (*made.texts.passages, *made.texts.sentences, *made.texts.contexts, *(text for text, _ in made.asked))
    passages, stretches = (len(last.passages), len(last.stretches)) if last else (0, 0)
    sentences = np.where(made.stretches_from < 0, -1, made.stretches_from + passages)
    contexts = np.where(made.stretches_from < 0, -1, sentences + stretches)
    return texts, np.concatenate([made.passages_from, sentences, contexts, np.full(len(made.asked), -1)])


def _prints(made: Cut, last: Parts | None) -> NDArray[np.int64]:
    fresh = made.passages_from < 0
    own = prints_of([plain(made.passages[number].text) for number in np.flatnonzero(fresh)])
    prints = np.zeros((len(fresh), own.shape[1]), dtype=np.int64)
    prints[fresh] = own
    if last:
        prints[~fresh] = last.prints[made.passages_from[~fresh]]
    return prints


def _table(rows: Sequence[Any]) -> dict[str, Any]:
    """Return dataclasses as names and rows: the names once, not in each row."""
    names = [field.name for field in fields(rows[0])] if rows else []
    return {"names": names, "rows": [[getattr(row, name) for name in names] for row in rows]}


def _rows_of(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(table["names"], row, strict=True)) for row in table["rows"]]
