"""The index: passages and their sentences as vectors in FAISS, searched within what an audience may read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ArtefactError
from bot.knowledge.articles import Article
from bot.knowledge.passages import Passage, passages_of, plain
from bot.knowledge.stretches import Stretch, stretches_of
from bot.knowledge.words import WordCover
from bot.nlu import artefact
from bot.nlu.encoder import Encoder, Vectors

_SCHEMA = "knowledge-index/2"
_COMMAND = "make train"
_VECTORS = "vectors.faiss"
_PASSAGES = "passages.json"
_MANIFEST = "manifest.json"
# Raise it when passages are cut, encoded or scored in another way: built indexes are then built again.
BUILD_FORMAT = 2

# What a passage's score is made of; the four sum to 1. Measured on the reference assistant's 892 questions, each with
# the articles that answer it: the first passage came from a right one for 81% with the whole alone, 82% with whole and
# stretch, 87% with all four, 90% with all four and titles as a way to openings.
_WHOLE = 0.50
_BEST_STRETCH = 0.20
_WORDS = 0.15
_ARTICLE = 0.15
# An article opens with the short answer to the question that is its title: the nearer a question comes to the title,
# the more its opening is what was asked for. This chooses within an article only: between articles it does harm (the
# share of questions that can be answered falls from 74% to 57%).
_TITLE = 0.15
# How many rows FAISS returns for each passage that is wanted: a passage has several stretches.
_ROWS_FOR_EACH = 12


@dataclass(frozen=True)
class Hit:
    """A passage that may answer, and how well it fits: from about 0 to 1."""

    passage: Passage
    score: float


class KnowledgeIndex:
    """All passages and stretches of all articles; every search names the audiences it searches for."""

    def __init__(
        self,
        passages: tuple[Passage, ...],
        stretches: tuple[Stretch, ...],
        bodies: Mapping[str, str],
        rows: Any,
        encoder_fingerprint: str,
        fingerprint: str,
    ) -> None:
        self.passages = passages
        self.stretches = stretches
        self.fingerprint = fingerprint
        """Names the articles, the way they were cut and the encoder: a change of any of them changes it."""
        self.encoder_fingerprint = encoder_fingerprint
        self._bodies = dict(bodies)
        self._rows = rows
        self._vectors: Vectors = _all_rows(rows)
        # Row number to passage: one row a passage, then one row a stretch, then one row a title, which leads to the
        # article's opening.
        openings = _openings(passages)
        self._owner = np.asarray(
            [*range(len(passages)), *(stretch.passage for stretch in stretches), *openings], dtype=np.int64
        )
        titles = len(passages) + len(stretches)
        self._stretch_rows = _rows_by_owner(self._owner[:titles], len(passages))
        # The rows of stretches, those of one passage side by side, and where each passage's begin among them.
        owners = self._owner[len(passages) : titles]
        order = np.argsort(owners, kind="stable")
        self._by_passage = len(passages) + order
        self._with_stretches, self._first_stretch = np.unique(owners[order], return_index=True)
        self._opening = {passages[opening].article: (opening, titles + place) for place, opening in enumerate(openings)}
        self._words = WordCover([f"{passage.context}\n{plain(passage.text)}" for passage in passages])
        self._about, self._article_of = _article_vectors(passages, self._vectors)
        self._readable: dict[frozenset[str], tuple[Any, NDArray[np.int64]]] = {}

    @classmethod
    def build(cls, articles: Sequence[Article], encoder: Encoder) -> KnowledgeIndex:
        """Cut the articles, encode what was cut, and put it into FAISS (inner product, exact)."""
        import faiss

        passages: list[Passage] = []
        for article in articles:
            passages += passages_of(article, first_id=len(passages))
        bodies = {article.id: article.body for article in articles}
        stretches = [stretch for passage in passages for stretch in stretches_of(passage, bodies[passage.article])]
        texts = [f"{passage.context}\n{plain(passage.text)}" for passage in passages]
        for stretch in stretches:
            body = bodies[passages[stretch.passage].article]
            texts.append(plain(body[stretch.start : stretch.end]))
        texts += [passages[place].title for place in _openings(passages)]
        rows = faiss.IndexFlatIP(encoder.dimensions)
        if texts:
            rows.add(np.ascontiguousarray(encoder.encode(texts), dtype=np.float32))
        return cls(
            tuple(passages),
            tuple(stretches),
            bodies,
            rows,
            encoder.fingerprint,
            fingerprint_of(articles, encoder.fingerprint),
        )

    def search(self, vector: Vectors, text: str, audiences: Collection[str], k: int = 5) -> tuple[Hit, ...]:
        """Return the ``k`` passages that fit best, best first; ``vector`` is the one row of ``text``.

        Passages of other audiences are no candidates: FAISS never looks at their rows.
        """
        selector, readable = self._readable_by(frozenset(audiences))
        if not len(readable) or k < 1:
            return ()
        import faiss

        query = np.ascontiguousarray(np.asarray(vector, dtype=np.float32).reshape(1, -1))
        wanted = min(k * _ROWS_FOR_EACH, len(readable))
        within: Any = faiss.SearchParameters
        _, rows = self._rows.search(query, wanted, params=within(sel=selector))
        candidates = np.unique(self._owner[rows[0][rows[0] >= 0]])
        scores = (self._fits(query[0]) + _WORDS * self._words.of(text))[candidates]
        best = np.argsort(-scores, kind="stable")[:k]
        return tuple(Hit(self.passages[candidates[place]], float(scores[place])) for place in best)

    def _fits(self, query: Vectors) -> NDArray[np.float64]:
        """What the vectors say of each passage: of the whole, its best stretch, its article; (passages,)."""
        alike = (self._vectors @ query).astype(np.float64)
        whole = alike[: len(self.passages)]
        best = whole.copy()
        if len(self._with_stretches):
            best[self._with_stretches] = np.maximum.reduceat(alike[self._by_passage], self._first_stretch)
        about = (self._about @ query).astype(np.float64)[self._article_of]
        found: NDArray[np.float64] = _WHOLE * whole + _BEST_STRETCH * best + _ARTICLE * about
        return found

    def opening_or(self, passage: Passage, vector: Vectors) -> Passage:
        """Return the opening of the passage's article where the question is near its title, else the passage."""
        query = np.asarray(vector, dtype=np.float32).reshape(-1)
        opening, row = self._opening[passage.article]
        title = max(0.0, float(self._vectors[row] @ query))
        fits = self._fits(query)
        if fits[opening] + _TITLE * title < fits[passage.id]:
            return passage
        return self.passages[opening]

    def _readable_by(self, audiences: frozenset[str]) -> tuple[Any, NDArray[np.int64]]:
        """Return FAISS's selector of the rows that these audiences may read, and the rows."""
        if audiences not in self._readable:
            import faiss

            allowed = np.asarray([bool(audiences & set(passage.audience)) for passage in self.passages], dtype=bool)
            rows = np.flatnonzero(allowed[self._owner]) if len(self._owner) else np.zeros(0, dtype=np.int64)
            self._readable[audiences] = (faiss.IDSelectorBatch(rows), rows)
        return self._readable[audiences]

    def stretches_by_fit(self, passage: Passage, vector: Vectors) -> tuple[tuple[Stretch, float], ...]:
        """Return a passage's stretches in the order of its text, each with its cosine to the query's one row."""
        query = np.asarray(vector, dtype=np.float32).reshape(-1)
        rows = self._stretch_rows[passage.id]
        first = len(self.passages)
        return tuple((self.stretches[row - first], float(self._vectors[row] @ query)) for row in rows)

    def text(self, article: str, start: int, end: int) -> str:
        """Return ``body[start:end]`` of an article, verbatim; KeyError for an article that is not in the index."""
        return self._bodies[article][start:end]

    def save(self, folder: Path) -> None:
        """Write the index in place of what stands in ``folder``, whole or not at all."""
        import faiss

        with artefact.replaced_folder(folder) as fresh:
            (fresh / _VECTORS).write_bytes(faiss.serialize_index(self._rows).tobytes())
            content = {
                "passages": [asdict(passage) for passage in self.passages],
                "stretches": [asdict(stretch) for stretch in self.stretches],
                "bodies": self._bodies,
            }
            (fresh / _PASSAGES).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
            artefact.write_json(
                fresh / _MANIFEST,
                {
                    "schema": _SCHEMA,
                    "fingerprint": self.fingerprint,
                    "encoder": self.encoder_fingerprint,
                    "files": artefact.checksums(fresh, [_VECTORS, _PASSAGES]),
                },
            )

    @classmethod
    def load(cls, folder: Path, encoder_fingerprint: str) -> KnowledgeIndex:
        """Read a built index; :class:`ArtefactError` when it is missing, damaged or built with another encoder."""
        import faiss

        manifest = artefact.read_json(folder / _MANIFEST, _SCHEMA, _COMMAND)
        if manifest.get("encoder") != encoder_fingerprint:
            raise ArtefactError(
                folder,
                f"it was built with the encoder {manifest.get('encoder')}, and {encoder_fingerprint} is in use.",
                _COMMAND,
            )
        try:
            artefact.verify(folder, manifest["files"], _COMMAND)
            content = json.loads((folder / _PASSAGES).read_text(encoding="utf-8"))
            rows = faiss.deserialize_index(np.frombuffer((folder / _VECTORS).read_bytes(), dtype=np.uint8))
            return cls(
                tuple(Passage(**{**one, "audience": tuple(one["audience"])}) for one in content["passages"]),
                tuple(Stretch(**one) for one in content["stretches"]),
                content["bodies"],
                rows,
                encoder_fingerprint,
                str(manifest["fingerprint"]),
            )
        except (KeyError, TypeError, ValueError, OSError, RuntimeError) as error:
            raise ArtefactError(folder, f"it is damaged ({error!r}).", _COMMAND) from error


def fingerprint_of(articles: Sequence[Article], encoder_fingerprint: str) -> str:
    """Name what an index of these articles by this encoder would be, without building it."""
    said = [
        [article.id, article.title, list(article.audience), article.language, article.url, article.body]
        for article in articles
    ]
    content = json.dumps([BUILD_FORMAT, encoder_fingerprint, said], ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _all_rows(rows: Any) -> Vectors:
    if not rows.ntotal:
        return np.zeros((0, rows.d), dtype=np.float32)
    found: Vectors = rows.reconstruct_n(0, rows.ntotal)
    return found


def _article_vectors(passages: Sequence[Passage], vectors: Vectors) -> tuple[Vectors, NDArray[np.int64]]:
    """Return what each article is about, the mean direction of its passages, and each passage's place among them."""
    places: dict[str, list[int]] = {}
    for passage in passages:
        places.setdefault(passage.article, []).append(passage.id)
    means = np.zeros((len(places), vectors.shape[1]), dtype=np.float32)
    article_of = np.zeros(len(passages), dtype=np.int64)
    for number, rows in enumerate(places.values()):
        mean = vectors[rows].mean(axis=0)
        means[number] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        article_of[rows] = number
    return means, article_of


def _openings(passages: Sequence[Passage]) -> list[int]:
    """Return the first passage of each article."""
    first: dict[str, int] = {}
    for passage in passages:
        first.setdefault(passage.article, passage.id)
    return list(first.values())


def _rows_by_owner(owner: NDArray[np.int64], passages: int) -> list[NDArray[np.int64]]:
    rows: list[list[int]] = [[] for _ in range(passages)]
    for row in range(passages, len(owner)):
        rows[int(owner[row])].append(row)
    return [np.asarray(numbers, dtype=np.int64) for numbers in rows]
