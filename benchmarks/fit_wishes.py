"""Fit the weights of `bot/nlu/wishes/splitting.py`, and say by cross-validation what they are worth.

`python -m benchmarks.fit_wishes` reads ``wishes_development.txt`` (messages of our own) and puts examples of
``data/nlu`` together to further messages, which are read by models that have not seen those examples; it writes
``bot/nlu/wishes/wishes.json``. The held-out messages of ``tests/understanding`` have no part in it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from benchmarks.wishes import Reader, parts_found
from bot import settings
from bot.contract.names import COURTESIES
from bot.nlu.encoder.onnx_encoder import OnnxEncoder
from bot.nlu.encoder.vector_cache import VectorCache
from bot.nlu.intents.classifier import IntentModel
from bot.nlu.intents.cross_validation import Titles
from bot.nlu.reading.clauses import clauses_of
from bot.nlu.scope.verdict import ScopeModel
from bot.nlu.wishes.splitting import SplitPoints
from bot.untrusted.lines import lines_of

HERE = Path(__file__).parent
DEVELOPMENT = HERE / "wishes_development.txt"
WRITTEN = HERE.parent / "bot" / "nlu" / "wishes" / "wishes.json"
OUT_OF_SCOPE = "out_of_scope"

MOST_SPLIT_WRONGLY = 0.02
"""Of the one-wish messages; the bound of the own set, and the point that is chosen on the development messages."""
SEED = 5
READING_FOLDS = 3
FOLDS = 6
REPEATS = 2
# A message written as customers write says as much as thirty put together; chosen by cross-validation among 3 to 100.
WORTH_OF_WRITTEN = 30.0
REGULARISATION_C = 0.02
COMPOSED, COMPOSED_SINGLE = 600, 350
LONGEST_COMPOSED = 60
FURTHER = 0.3

JOINERS = (
    ". Also ", "? Also, ", " and ", " and ", " and ", " and also ", ", and ", " also ", ". And ", "\n", ". ", ". ",
    "? ", "? ", " plus ", ". By the way, ", " btw ", ". Oh and ", ". Another thing: ", ", also ", ", ", "; ", " & ",
    ". One more thing, ", ". Also I wanted to ask: ", ". And then ", ". Separately, ", " ",
)  # fmt: skip
SINGLE_JOINERS = (". ", ". ", "? ", ", ", " and ", "\n", ". And ", "! ")
# What is told before an act is often its story: such pairs are left out where two wishes are put together.
TELLS = ("_fault",)
STORIES = frozenset(
    {"damaged_on_arrival", "missing_parts", "exchange_item", "return_item", "return_policy", "track_order"}
)
ACTS_ON_A_STORY = (
    "book_technician", "return_item", "exchange_item", "ask_for_person", "warranty_coverage", "technician_visit",
    "spare_parts",
)  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """A message and where its wishes stand."""

    text: str
    parts: tuple[tuple[int, int], ...]


def development() -> list[Labelled]:
    """The messages of our own; the file says how they are written."""
    lines = lines_of(DEVELOPMENT.read_text(encoding="utf-8"))
    return [_labelled(line) for line in lines if line.strip() and not line.startswith("#")]


def _labelled(line: str) -> Labelled:
    text, parts, start = "", [], 0
    for piece in re.split(r"(\[\[|\]\])", line.replace("\\n", "\n")):
        if piece == "[[":
            start = len(text)
        elif piece == "]]":
            parts.append((start, len(text)))
        else:
            text += piece
    return Labelled(text, tuple(parts) or ((0, len(text)),))


def examples(folder: Path) -> list[tuple[str, str]]:
    """The sentences of ``data/nlu`` without their marks, and their intents."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = lines_of(item["examples"]) if "intent" in item else []
            found += [(re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", line[2:].strip()), item["intent"]) for line in lines]
    return found


def titles(folder: Path, cache: VectorCache) -> Titles:
    """The intents' titles, from which the brain's models learn too."""
    found = {}
    for path in sorted(folder.glob("*.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if item.get("intent", OUT_OF_SCOPE) != OUT_OF_SCOPE:
                found[item["intent"]] = item.get("metadata", {}).get("title") or item["intent"].replace("_", " ")
    named = tuple(found.values())
    return Titles(named, cache.encode(named), tuple(found))


def compose(sentences: Sequence[tuple[str, str]], rng: random.Random) -> list[Labelled]:
    """Messages with several wishes, and with one that looks like several, put together from sentences."""
    by_intent: dict[str, list[str]] = {}
    for text, label in sentences:
        by_intent.setdefault(label, []).append(text)
    wanted = [label for label in by_intent if label not in COURTESIES and label != OUT_OF_SCOPE]
    several = [_several(by_intent, wanted, rng) for _ in range(COMPOSED)]
    single = [_one(by_intent, wanted, rng) for _ in range(COMPOSED_SINGLE)]
    alone = [Labelled(text, ((0, len(text)),)) for text, _ in sentences]
    return [message for message in (*several, *single) if message is not None] + alone


def _several(by_intent: dict[str, list[str]], wanted: list[str], rng: random.Random) -> Labelled | None:
    labels = rng.sample(wanted, 3 if rng.random() < 0.12 else 2)
    chosen = [rng.choice(by_intent[label]) for label in labels]
    for label, text in list(zip(labels, chosen, strict=True))[:-1]:
        told = label.endswith(TELLS) or label in STORIES
        if told and clauses_of(text)[-1].act == "statement" and rng.random() < 0.8:
            return None
    text, starts = chosen[0], [0]
    for following in chosen[1:]:
        text, start = _joined(text, following, rng.choice(JOINERS), rng)
        starts.append(start)
    if len(text.split()) > LONGEST_COMPOSED:
        return None
    return Labelled(text, tuple(zip(starts, [*starts[1:], len(text)], strict=True)))


def _one(by_intent: dict[str, list[str]], wanted: list[str], rng: random.Random) -> Labelled | None:
    """Two sentences of one wish: the same intent twice, a courtesy before or after, a story and what to do about it."""
    label, kind = rng.choice(wanted), rng.random()
    own = by_intent[label]
    if kind < 0.45:
        first, second = rng.sample(own, 2)
    elif kind < 0.75:
        first, second = rng.choice(by_intent["complain" if kind < 0.6 else "inform"]), rng.choice(own)
    elif kind < 0.85:
        first, second = rng.choice(own), rng.choice(by_intent[rng.choice(["thanks", "inform", "complain"])])
    else:
        told = rng.choice([name for name in wanted if name.endswith(TELLS) or name == "damaged_on_arrival"])
        first = rng.choice([text for text in by_intent[told] if clauses_of(text)[-1].act == "statement"])
        second = rng.choice(by_intent[rng.choice(ACTS_ON_A_STORY)])
    text, _ = _joined(first, second, rng.choice(SINGLE_JOINERS), rng)
    return Labelled(text, ((0, len(text)),)) if len(text.split()) <= LONGEST_COMPOSED else None


def _joined(first: str, second: str, joiner: str, rng: random.Random) -> tuple[str, int]:
    asks = clauses_of(first)[-1].act == "question"
    if joiner[0] in ".?":
        joiner = ("?" if asks else ".") + joiner[1:]
    proper = re.match(r"I\b|LF|[A-Z]{2}", second) is not None
    if not proper and not (joiner in (". ", "? ", "\n") and rng.random() < 0.6):
        second = second[:1].lower() + second[1:]
    begun = re.sub(r"[.!?]+$", "", first) + joiner
    return begun + second, len(begun)


@dataclass(frozen=True)
class Rows:
    """The joints of messages: their evidence, whether a wish begins there, and whose they are."""

    evidence: NDArray[np.float64]
    begins: NDArray[np.bool_]
    message: NDArray[np.int64]
    names: tuple[str, ...]


def rows_of(messages: Sequence[Labelled], reader: Reader) -> Rows:
    """Read every joint of the messages."""
    evidence: list[dict[str, float]] = []
    begins, owner = [], []
    for place, message in enumerate(messages):
        joints = SplitPoints(message.text)
        if not len(joints):
            continue
        starts = {_nearest(joints, start) for start, _ in message.parts[1:]}
        looks = dict(zip(joints.stretches, reader(joints.stretches), strict=True))
        for clause, row in enumerate(joints.evidence(looks), start=1):
            evidence.append(row)
            begins.append(clause in starts)
            owner.append(place)
    names = tuple(evidence[0])
    table = np.asarray([[row[name] for name in names] for row in evidence])
    return Rows(table, np.asarray(begins), np.asarray(owner), names)


def _nearest(joints: SplitPoints, start: int) -> int:
    """The clause with which a labelled part begins, give or take what joins it."""
    distances = [abs(clause.start - start) for clause in joints.clauses[1:]]
    place = int(np.argmin(distances))
    return place + 1 if distances[place] <= 25 else -1


def fit(rows: Rows, weight: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Weights of the raw evidence, and the bias."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = rows.evidence.mean(axis=0), rows.evidence.std(axis=0)
    spread[spread < 1e-6] = 1.0
    fitted = LogisticRegression(C=REGULARISATION_C, max_iter=500, random_state=SEED)
    fitted.fit((rows.evidence - mean) / spread, rows.begins, sample_weight=weight)
    weights = fitted.coef_[0] / spread
    return weights, float(fitted.intercept_[0] - weights @ mean)


def joined(first: Rows, second: Rows) -> Rows:
    """Two tables as one."""
    return Rows(
        np.vstack([first.evidence, second.evidence]),
        np.concatenate([first.begins, second.begins]),
        np.concatenate([first.message, second.message]),
        first.names,
    )


def chosen_point(messages: Sequence[Labelled], rows: Rows, scores: NDArray[np.float64]) -> tuple[float, float, float]:
    """The lowest threshold that keeps the bound on unseen messages; with it what is split wrongly, and found."""
    for first in np.arange(0.3, 0.995, 0.005):
        wrong, singles, found, parts = 0, 0, 0, 0
        for place, message in enumerate(messages):
            own = scores[rows.message == place]
            cuts = [c for c, s in enumerate(own, start=1) if s >= FURTHER] if len(own) and own.max() >= first else []
            wishes = SplitPoints(message.text).parts(cuts)
            if len(message.parts) == 1:
                singles, wrong = singles + 1, wrong + (len(wishes) > 1)
            else:
                labelled = [message.text[start:end] for start, end in message.parts]
                found += parts_found(labelled, [wish.text for wish in wishes])
                parts += len(labelled)
        if wrong / singles <= MOST_SPLIT_WRONGLY:
            return float(first), wrong / singles, found / parts
    raise SystemExit("No threshold keeps the bound.")


def main() -> None:
    """Fit, print what cross-validation finds, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only-measure", action="store_true", help="Write nothing.")
    only_measure = parser.parse_args().only_measure
    set_up = settings.load()
    cache = VectorCache(set_up.models / "cache", OnnxEncoder.load(set_up.encoder))
    sentences = examples(set_up.root / "data" / "nlu")
    named = titles(set_up.root / "data" / "nlu", cache)
    rng = random.Random(SEED)  # noqa: S311 - draws examples, guards nothing
    composed = None
    for fold in _dealt(sentences, rng):
        reader = _trained([sentence for sentence in sentences if sentence not in fold], cache, named)
        rows = rows_of(compose(sorted(fold), rng), reader)
        composed = rows if composed is None else joined(composed, rows)
    assert composed is not None
    messages = development()
    written = rows_of(messages, _trained(sentences, cache, named))
    scores = np.zeros(len(written.begins))
    for turn in range(REPEATS):
        dealt = np.random.RandomState(turn).randint(0, FOLDS, len(messages))[written.message]
        for fold_number in range(FOLDS):
            held = dealt == fold_number
            known = Rows(written.evidence[~held], written.begins[~held], written.message[~held], written.names)
            weights, bias = fit(joined(composed, known), _worth(composed, known))
            scores[held] += 1.0 / (1.0 + np.exp(-(written.evidence[held] @ weights + bias))) / REPEATS
    first, wrong, found = chosen_point(messages, written, scores)
    print(
        f"{len(messages)} messages, {len(composed.begins)} joints of composed ones; at {first:.3f}: "
        f"{wrong:.1%} of the one-wish messages split, {found:.1%} of the parts found (cross-validated)"
    )
    if only_measure:
        return
    weights, bias = fit(joined(composed, written), _worth(composed, written))
    content: dict[str, Any] = {
        "schema": "wishes/1",
        "first": round(first, 3),
        "further": FURTHER,
        "bias": round(bias, 5),
        "weights": {name: round(float(weight), 5) for name, weight in zip(written.names, weights, strict=True)},
    }
    WRITTEN.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _worth(composed: Rows, written: Rows) -> NDArray[np.float64]:
    return np.concatenate([np.ones(len(composed.begins)), np.full(len(written.begins), WORTH_OF_WRITTEN)])


def _dealt(sentences: Sequence[tuple[str, str]], rng: random.Random) -> list[set[tuple[str, str]]]:
    folds: list[set[tuple[str, str]]] = [set() for _ in range(READING_FOLDS)]
    for sentence in sentences:
        folds[rng.randrange(READING_FOLDS)].add(sentence)
    return folds


def _trained(sentences: Sequence[tuple[str, str]], cache: VectorCache, named: Titles) -> Reader:
    texts, labels = [text for text, _ in sentences], [label for _, label in sentences]
    vectors = cache.encode(texts)
    intents = IntentModel.train(texts, vectors, labels, SEED, named)
    scope = ScopeModel.train(texts, vectors, labels, SEED, OUT_OF_SCOPE, named)
    return Reader(cache, intents, scope, OUT_OF_SCOPE)


if __name__ == "__main__":
    main()
