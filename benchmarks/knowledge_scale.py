"""Knowledge at scale: a hundred thousand passages with filters, two hundred thousand vectors beside a flat index."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Check
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex, Parts
from bot.knowledge.index.passages import Passage, plain
from bot.knowledge.index.stretches import Stretch
from bot.knowledge.index.vectors import VectorIndex
from bot.knowledge.index.words import WordIndex
from bot.nlu.encoder.protocol import Encoder, Vectors

PASSAGES = 100_000
VECTORS = 200_000
_SENTENCES_EACH = 3
_QUERIES = 200
_NOISE = 0.1
"""Of a vector's norm."""
_SEED = 1


def many_passages(source: KnowledgeIndex) -> tuple[list[Check], dict[str, Any]]:
    """Shuffle sentences between articles until there are 100,000 passages; search with and without a filter."""
    index = _shuffled(source)
    draw = np.random.RandomState(_SEED + 1)
    asked = draw.permutation(len(source.stretches))[:_QUERIES]
    texts = [_said(source, number) for number in asked]
    queries = _noisy(source.parts.sentences[asked], draw)
    everybody = frozenset(name for passage in index.passages for name in passage.audience)
    some = frozenset({"public"})
    share = float(index.filters.allowed(Filter(some)).mask.mean())
    index.filters.allowed(Filter(everybody))
    free = _seconds(lambda at: index.search(queries[at], texts[at], everybody, 10), _QUERIES)
    within = _seconds(lambda at: index.search(queries[at], texts[at], some, 10), _QUERIES)
    flat = _flat(index.parts.wholes.rows)
    exact = _seconds(lambda at: flat.search(queries[at : at + 1], 10), _QUERIES)
    figures = {
        "passages": len(index.passages),
        "share that the filter leaves": share,
        "unfiltered p50 ms": _ms(free, 50),
        "filtered p50 ms": _ms(within, 50),
        "fused p95 ms": _ms(free, 95),
        "flat FAISS p50 ms": _ms(exact, 50),
        "flat FAISS p95 ms": _ms(exact, 95),
    }
    return [
        Check("100,000 passages: filtered p50 beside unfiltered", _ms(within, 50) / _ms(free, 50), 2.0),
        Check("100,000 passages: fused p95 beside flat FAISS", _ms(free, 95) / _ms(exact, 95), 1.5),
    ], {"100,000 passages": figures}


def _shuffled(source: KnowledgeIndex) -> KnowledgeIndex:
    """Passages of three sentences each; a passage's vector is its sentences' mean direction."""
    draw = np.random.RandomState(_SEED)
    said = [_said(source, number) for number in range(len(source.stretches))]
    drawn = np.concatenate([draw.permutation(len(said)) for _ in range(PASSAGES * _SENTENCES_EACH // len(said) + 1)])
    drawn = drawn[: PASSAGES * _SENTENCES_EACH].reshape(PASSAGES, _SENTENCES_EACH)
    passages, stretches, bodies, texts = [], [], {}, []
    for number, row in enumerate(drawn):
        like: Passage = source.passages[source.stretches[row[0]].passage]
        body = "\n".join(said[place] for place in row)
        name = f"{like.article}-{number}"
        bodies[name] = body
        passages.append(replace(like, id=number, article=name, text=body, start=0, end=len(body)))
        texts.append(body)
        start = 0
        for place in row:
            stretches.append(Stretch(number, start, start + len(said[place]), whole=False))
            start += len(said[place]) + 1
    sentences = source.parts.sentences[drawn.ravel()]
    means = sentences.reshape(PASSAGES, _SENTENCES_EACH, -1).mean(axis=1)
    rows = np.ascontiguousarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)
    words = WordIndex.build(texts)
    none = np.zeros((0, rows.shape[1]), dtype=np.float32)
    parts = Parts(
        tuple(passages),
        tuple(stretches),
        bodies,
        {},
        (),
        np.arange(PASSAGES),
        VectorIndex.build(rows),
        sentences,
        sentences,
        none,
        words,
        words,
        # What a later build would take over; there is none.
        np.zeros((PASSAGES, 0), dtype=np.int64),
        np.zeros(0, dtype="V16"),
    )
    return KnowledgeIndex(parts, source.encoder_fingerprint, "shuffled")


def many_vectors(sources: Sequence[Vectors]) -> tuple[list[Check], dict[str, Any]]:
    """Noisy copies of real vectors: how many of a flat index's ten nearest the index chosen by size finds, how fast."""
    draw = np.random.RandomState(_SEED)
    base = np.concatenate(sources)
    rows = _noisy(base[np.arange(VECTORS) % len(base)], draw)
    queries = _noisy(base[draw.randint(len(base), size=_QUERIES)], draw)
    start = time.perf_counter()
    chosen = VectorIndex.build(rows)
    built = time.perf_counter() - start
    flat = _flat(rows)
    nearest = [flat.search(queries[at : at + 1], 10)[1][0] for at in range(_QUERIES)]
    found = [chosen.search(query, 10)[0] for query in queries]
    recall = float(np.mean([len(set(one) & set(other)) / 10 for one, other in zip(nearest, found, strict=True)]))
    ours = _seconds(lambda at: chosen.search(queries[at], 10), _QUERIES)
    exact = _seconds(lambda at: flat.search(queries[at : at + 1], 10), _QUERIES)
    figures = {
        "vectors": VECTORS,
        "distinct before noise": len(base),
        "recall@10": recall,
        "chosen p50 ms": _ms(ours, 50),
        "flat p50 ms": _ms(exact, 50),
        "build s": built,
        "memory of the chosen index MB": chosen.megabytes,
        "memory of a flat one MB": rows.nbytes / 1e6,
    }
    return [
        Check("200,000 vectors: recall@10 beside flat", recall, 0.98, "least"),
        Check("200,000 vectors: time beside flat (p50)", _ms(ours, 50) / _ms(exact, 50), 0.1),
    ], {"200,000 vectors": figures}


def _noisy(rows: Vectors, draw: np.random.RandomState) -> Vectors:
    noise = draw.normal(size=rows.shape) * (_NOISE / np.sqrt(rows.shape[1]))
    moved = rows + noise.astype(np.float32)
    return np.ascontiguousarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)


def _flat(rows: Vectors) -> Any:
    import faiss

    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)
    return index


def _said(index: KnowledgeIndex, number: int) -> str:
    stretch = index.stretches[number]
    return plain(index.text(index.passages[stretch.passage].article, stretch.start, stretch.end))


def _seconds(once: Callable[[int], Any], count: int) -> NDArray[np.float64]:
    once(0)
    seconds = []
    for at in range(count):
        start = time.perf_counter()
        once(at)
        seconds.append(time.perf_counter() - start)
    return np.asarray(seconds)


def _ms(seconds: NDArray[np.float64], percentile: int) -> float:
    return float(np.percentile(seconds, percentile) * 1000)


def texts_of_faq(rows: Sequence[dict[str, Any]], encoder: Encoder) -> Vectors:
    """Return the vectors of a FAQ's questions and rephrasings."""
    return encoder.encode([text for row in rows for text in (row["question"], *row["rephrasings"])])
