"""Knowledge on sets of questions: a FAQ with rephrasings beside its peers, golden questions, and a real help centre."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from benchmarks.report import Check
from bot.knowledge.answering.answers import Answer, answer_from, shown_text
from bot.knowledge.answering.asking import Asking
from bot.knowledge.answering.calibration import Calibration
from bot.knowledge.answering.ranking import Ranker
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import Article
from bot.nlu.encoder.protocol import Encoder, Vectors
from bot.settings import Settings
from bot.untrusted.lines import lines_of

PEER = Path("build/peer-haystack/bin/python")
PUBLIC = frozenset({"public"})
_RESAMPLES = 10_000
_SEED = 1


@dataclass(frozen=True)
class Way:
    """One way of searching: the places of the right document among the first ten (10 for none), seconds a query."""

    places: NDArray[np.int64]
    seconds: NDArray[np.float64]

    def recall(self, first: int) -> float:
        """Return the share of questions whose document is among the first ones."""
        return float((self.places < first).mean())


def article(name: str, title: str, body: str, audience: str = "public") -> Article:
    """Return an article of a set; its dates are of no consequence."""
    day = date(2026, 1, 1)
    return Article(name, title, (audience,), "en", day, day, f"/{name}", (), body, Path(name))


def faq(path: Path, encoder: Encoder) -> tuple[list[Check], dict[str, Any]]:
    """Search the questions of a FAQ for their rephrasings, in four ways over the same passages."""
    rows = [json.loads(line) for line in lines_of(path.read_text(encoding="utf-8"))]
    index = KnowledgeIndex.build([article(row["id"], "", row["question"]) for row in rows], encoder)
    number = {passage.article: place for place, passage in enumerate(index.passages)}
    asked = [(text, number[row["id"]]) for row in rows for text in row["rephrasings"]]
    texts, right = [text for text, _ in asked], [place for _, place in asked]
    queries = encoder.encode(texts)
    wholes, words = index.parts.wholes, index.parts.passage_words

    def fused(text: str, query: Vectors) -> Sequence[int]:
        return [hit.passage.id for hit in index.search(query, text, PUBLIC, 10)]

    ways = {
        "ours": _tried(fused, texts, queries, right),
        "vectors alone": _tried(lambda _, query: wholes.search(query, 10)[0].tolist(), texts, queries, right),
        "BM25 alone": _tried(
            lambda text, _: np.argsort(-words.scores(text), kind="stable")[:10].tolist(), texts, queries, right
        ),
        "Haystack": _peer(wholes.rows, queries, right),
    }
    name = path.stem
    checks: list[Check] = []
    for first in (1, 5):
        draw = np.random.RandomState(_SEED).randint(len(right), size=(_RESAMPLES, len(right)))
        better = (ways["ours"].places < first).astype(int) - (ways["vectors alone"].places < first)
        as_good = float((better[draw].mean(axis=1) >= 0).mean())
        ours = ways["ours"].recall(first)
        checks += [
            Check(f"{name}: share of resamples in which R@{first} is not below vectors alone", as_good, 0.025, "least"),
            Check(f"{name}: R@{first} beside BM25 alone", ours, ways["BM25 alone"].recall(first), "least"),
            Check(f"{name}: R@{first} beside Haystack", ours, ways["Haystack"].recall(first), "least"),
        ]
    faster = float(np.median(ways["ours"].seconds) / np.median(ways["Haystack"].seconds))
    checks.append(Check(f"{name}: time of a query beside Haystack (p50)", faster, 1.0))
    figures = {
        way: {"R@1": one.recall(1), "R@5": one.recall(5), "p50 ms": float(np.median(one.seconds) * 1000)}
        for way, one in ways.items()
    }
    return checks, {name: figures}


def _tried(way: Any, texts: Sequence[str], queries: Vectors, right: Sequence[int]) -> Way:
    places, seconds = [], []
    for text, query, wanted in zip(texts, queries, right, strict=True):
        start = time.perf_counter()
        found = list(way(text, query))
        seconds.append(time.perf_counter() - start)
        places.append(found.index(wanted) if wanted in found else 10)
    return Way(np.asarray(places), np.asarray(seconds))


def _peer(documents: Vectors, queries: Vectors, right: Sequence[int]) -> Way:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "documents.npy", documents)
        np.save(folder / "queries.npy", queries)
        script = Path(__file__).with_name("haystack_peer.py").resolve()
        environment = {**os.environ, "HAYSTACK_TELEMETRY_ENABLED": "False"}
        subprocess.run([str(PEER), str(script), name], check=True, env=environment)  # noqa: S603 - our own script
        said = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    places = [
        found.index(wanted) if wanted in found else 10 for found, wanted in zip(said["found"], right, strict=True)
    ]
    return Way(np.asarray(places), np.asarray(said["seconds"]))


def golden(settings: Settings, encoder: Encoder, name: str) -> dict[str, float]:
    """Put golden questions to the built index as the last training ranks and judges."""
    index = KnowledgeIndex.load(settings.index, encoder.fingerprint)
    ranker, threshold = Ranker.load(settings.ranker), Calibration.load(settings.ranker).threshold
    allowed = index.filters.allowed(Filter(PUBLIC))
    questions = yaml.safe_load((settings.root / "tests" / "knowledge" / name).read_text(encoding="utf-8"))
    shown: list[bool] = []
    silent: list[bool] = []
    ranked_right: list[bool] = []
    for question, vector in zip(questions, encoder.encode([one["question"] for one in questions]), strict=True):
        ranked = ranker.rank(index, vector, question["question"], allowed)
        found = answer_from(index, ranked, Asking(question["question"]))
        said = isinstance(found, Answer) and ranked.answerable >= threshold
        if question["article"] is None:
            silent.append(not said)
            continue
        right = (
            isinstance(found, Answer)
            and found.article == question["article"]
            and _flat(question["sentence"]) in _flat(shown_text(index, found))
        )
        ranked_right.append(right)
        shown.append(right and said)
    return {
        "answerable": len(shown),
        "right sentence shown": float(np.mean(shown)),
        "right sentence, were everything answered": float(np.mean(ranked_right)),
        "unanswerable": len(silent),
        "nothing shown where nothing answers": float(np.mean(silent)),
    }


def _flat(text: str) -> str:
    return " ".join(text.split())


class Timed:
    """An encoder that knows how long it took."""

    def __init__(self, encoder: Encoder) -> None:
        self.fingerprint, self.dimensions, self._encoder = encoder.fingerprint, encoder.dimensions, encoder
        self.seconds = 0.0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode, and add up the time."""
        start = time.perf_counter()
        found = self._encoder.encode(texts)
        self.seconds += time.perf_counter() - start
        return found


def help_centre(path: Path, encoder: Encoder) -> tuple[list[Check], dict[str, Any], KnowledgeIndex]:
    """Build an index of a help centre's articles, change one article, build again."""
    rows = [json.loads(line) for line in lines_of(path.read_text(encoding="utf-8"))]
    articles = [article(row["id"], row["title"], row["content"], row["audience"]) for row in rows]
    told: list[int] = []

    def tell(done: int, all_: int) -> None:
        told.append(done)
        print(f"\r{path.stem}: encoded {done} of {all_} texts", end="\n" if done == all_ else "", file=sys.stderr)

    timed = Timed(encoder)
    start = time.perf_counter()
    index = KnowledgeIndex.build(articles, timed, progress=tell)
    with tempfile.TemporaryDirectory() as name:
        index.save(Path(name) / "built")
        first = time.perf_counter() - start
        of_encoder, timed.seconds = timed.seconds, 0.0
        changed = [article(one.id, one.title, one.body + "\n\nOne more sentence.\n") for one in articles[:1]]
        start = time.perf_counter()
        earlier = KnowledgeIndex.load(Path(name) / "built", encoder.fingerprint)
        again = KnowledgeIndex.build([*changed, *articles[1:]], timed, earlier=earlier)
        again.save(Path(name) / "built")
        second = time.perf_counter() - start - timed.seconds
    figures = {
        "articles": len(articles),
        "passages": len(index.passages),
        "stretches": len(index.stretches),
        "first build s": first,
        "of it the encoder s": of_encoder,
        "after one change, beside the encoder s": second,
        "times progress was shown": len(told),
    }
    return (
        [
            Check(f"{path.stem}: times that progress was shown in the first build", len(told), 2, "least"),
            Check(f"{path.stem}: build after one article changed, beside the encoder, s", second, 1.0),
        ],
        {path.stem: figures},
        index,
    )
