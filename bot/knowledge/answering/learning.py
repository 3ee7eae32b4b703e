"""Learning to rank: from asked questions, from examples of intents with their articles, and from what nothing answers.

Plain numpy: a softmax regression over the stretches, with Adam (Kingma and Ba 2015) and weight decay on the matrices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.answering.ranking import FEATURES, SCALE, Ranked, Ranker
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.nlu.encoder.protocol import Vectors

FEWEST_ASKED = 60
"""With fewer asked questions two matrices would learn them by heart; then nothing is learned."""
# Chosen on the open half of the golden questions (docs/decisions/0011-cited-answers.md).
_EPOCHS = 8
_AT_ONCE = 192
_FEWEST_STEPS = 8
_FAST, _SLOW = 0.05, 0.003
_DECAY = 0.003
# What a step is made of: an asked question names its sentence, an example only its articles, so it counts less.
_ASKED, _EXAMPLE, _NOTHING = 1.0, 0.3, 0.5
_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-8
# Beyond this many stretches each question is held against a sample of them.
_MOST_STRETCHES = 4000
FOLDS = 3


@dataclass(frozen=True)
class Example:
    """A question whose articles are known; none at all, where nothing answers it."""

    text: str
    vector: Vectors
    articles: frozenset[str]


@dataclass(frozen=True)
class Judged:
    """A question as a ranker judged it that had not learned from it."""

    ranked: Ranked
    stretch: int | None
    """The stretch that answers an asked question."""
    articles: frozenset[str]


@dataclass(frozen=True)
class _Lesson:
    """All that is learned from: one row a question."""

    queries: Vectors
    seen: NDArray[np.float32]
    """(questions, features, stretches)"""
    right: NDArray[np.bool_]
    """(questions, stretches + 1): which answer; the last column is "nothing"."""
    weight: NDArray[np.float32]
    stretches: NDArray[np.int64]
    asked: int
    """The first rows are the asked questions."""
    near_nothing: NDArray[np.float32]
    """(questions,) how near each comes to another one that nothing answers, 0 to 1."""
    unanswered: Vectors
    """(unanswered, dimensions)"""


@dataclass(frozen=True)
class Learned:
    """A ranker that has learned from everything, and how questions are judged by one that has not seen them."""

    ranker: Ranker
    judged: tuple[Judged, ...]
    """In order: asked questions, if it learned from them; what nothing answers; the examples."""
    taught: bool
    """Whether there were enough asked questions to learn from."""


def learn(
    index: KnowledgeIndex,
    nothing: Sequence[str],
    nothing_vectors: Vectors,
    examples: Sequence[Example],
    audiences: frozenset[str],
    seed: int,
    folds: int = FOLDS,
    say: Callable[[str], None] | None = None,
    base: Ranker | None = None,
) -> Learned:
    """Learn a ranker; the same for the same seed. With too few asked questions it is ``base``, or a plain one.

    It is the mean of one that has seen everything and of those that judged the questions that they had not seen: each
    has learned a little else by heart, and their scores are linear, so the mean of the numbers is the mean of the
    scores (bagging, Breiman 1996).
    """
    lesson = _lesson(index, nothing, nothing_vectors, examples, audiences, seed)
    if lesson.asked < FEWEST_ASKED:
        ranker = base or Ranker.untaught(_width(index))
        return _untaught(index, ranker, [*_as_examples(nothing, nothing_vectors), *examples], audiences)
    draw = np.random.RandomState(seed).permutation(len(lesson.queries)) % folds
    everything = np.arange(len(lesson.queries))
    judged: list[Judged | None] = [None] * len(everything)
    rankers: list[Ranker] = []
    articles = [_articles_at(index, lesson, int(row)) for row in everything]
    for fold in range(folds):
        if say:
            say(f"learning to rank, part {fold + 1} of {folds + 1}")
        unseen = everything[draw == fold]
        ranker = _fitted(index, lesson, everything[draw != fold], seed)
        rankers.append(ranker)
        for row, ranked in zip(unseen, _judge(ranker, index, lesson, unseen), strict=True):
            stretch = int(lesson.stretches[np.argmax(lesson.right[row])]) if row < lesson.asked else None
            judged[row] = Judged(ranked, stretch, articles[row])
    rankers.append(_fitted(index, lesson, everything, seed))
    return Learned(Ranker.mean(rankers), tuple(one for one in judged if one is not None), taught=True)


def learn_base(
    index: KnowledgeIndex, nothing: Sequence[str], nothing_vectors: Vectors, audiences: frozenset[str], seed: int
) -> Ranker:
    """Learn how customers' words turn into articles' from the asked questions, as if there were none to be near to."""
    lesson = _lesson(index, nothing, nothing_vectors, (), audiences, seed)
    first = FEATURES.index("asked")
    lesson.seen[:, first : first + 3] = 0
    lesson.near_nothing[:] = 0
    return _fitted(index, lesson, np.arange(len(lesson.queries)), seed)


def _as_examples(texts: Sequence[str], vectors: Vectors) -> list[Example]:
    return [Example(text, vector, frozenset()) for text, vector in zip(texts, vectors, strict=True)]


def _untaught(
    index: KnowledgeIndex, ranker: Ranker, questions: Sequence[Example], audiences: frozenset[str]
) -> Learned:
    """Judge questions by a ranker that has learned from none; the few asked ones, which would find themselves, not."""
    allowed = index.filters.allowed(Filter(audiences))
    here = {index.passages[number].article for number in np.flatnonzero(allowed.mask)}
    judged = (Judged(ranker.rank(index, one.vector, one.text, allowed), None, one.articles & here) for one in questions)
    return Learned(ranker, tuple(judged), taught=False)


def _articles_at(index: KnowledgeIndex, lesson: _Lesson, row: int) -> frozenset[str]:
    passages = {int(index.searching.owner[lesson.stretches[at]]) for at in np.flatnonzero(lesson.right[row, :-1])}
    return frozenset(index.passages[passage].article for passage in passages)


def _lesson(
    index: KnowledgeIndex,
    nothing: Sequence[str],
    nothing_vectors: Vectors,
    examples: Sequence[Example],
    audiences: frozenset[str],
    seed: int,
) -> _Lesson:
    parts, searching = index.parts, index.searching
    readable = np.asarray([bool(audiences.intersection(one.audience)) for one in index.passages], dtype=bool)
    stretches = np.flatnonzero(readable[searching.owner]) if len(searching.owner) else np.zeros(0, np.int64)
    asked = [number for number, one in enumerate(parts.asked) if readable[searching.owner[one.stretch]]]
    if len(stretches) > _MOST_STRETCHES:
        answering = np.unique(searching.asked_stretch[asked])
        others = np.setdiff1d(stretches, answering)
        drawn = np.random.RandomState(seed).permutation(others)[: max(0, _MOST_STRETCHES - len(answering))]
        stretches = np.sort(np.concatenate([answering, drawn]))
    column = {int(number): place for place, number in enumerate(stretches)}
    texts = [*(parts.asked[number].text for number in asked), *nothing, *(one.text for one in examples)]
    vectors = [parts.questions[asked], np.asarray(nothing_vectors, dtype=np.float32).reshape(-1, _width(index))]
    vectors.append(np.asarray([one.vector for one in examples], dtype=np.float32).reshape(-1, _width(index)))
    queries = np.ascontiguousarray(np.concatenate(vectors), dtype=np.float32)
    owner = [index.passages[searching.owner[number]].article for number in stretches]
    right = np.zeros((len(texts), len(stretches) + 1), dtype=bool)
    for row, number in enumerate(asked):
        right[row, column[parts.asked[number].stretch]] = True
    places: dict[str, list[int]] = {}
    for place, article in enumerate(owner):
        places.setdefault(article, []).append(place)
    for row, example in enumerate(examples, start=len(asked) + len(nothing)):
        right[row, [place for article in example.articles for place in places.get(article, ())]] = True
    right[~right.any(axis=1), -1] = True
    weight = np.full(len(texts), _EXAMPLE, dtype=np.float32)
    weight[: len(asked)] = _ASKED
    weight[right[:, -1]] = _NOTHING
    seen = _seen(index, queries, texts, stretches, asked)
    unanswered = vectors[1]
    near = queries @ unanswered.T
    near[len(asked) + np.arange(len(nothing)), np.arange(len(nothing))] = 0
    near_nothing = near.max(axis=1, initial=0.0)
    return _Lesson(queries, seen, right, weight, stretches, len(asked), near_nothing, unanswered)


def _width(index: KnowledgeIndex) -> int:
    return int(index.parts.sentences.shape[1])


def _seen(
    index: KnowledgeIndex, queries: Vectors, texts: Sequence[str], stretches: NDArray[np.int64], asked: Sequence[int]
) -> NDArray[np.float32]:
    """Return (questions, features, stretches); the first questions are the asked ones with these numbers."""
    parts, searching = index.parts, index.searching
    seen = np.empty((len(queries), len(FEATURES), len(stretches)), dtype=np.float32)
    seen[:, FEATURES.index("sentence")] = queries @ parts.sentences[stretches].T
    seen[:, FEATURES.index("context")] = queries @ parts.contexts[stretches].T
    seen[:, FEATURES.index("opening")] = searching.openings[stretches]
    seen[:, FEATURES.index("whole")] = searching.wholes[stretches]
    for row, text in enumerate(texts):
        seen[row, FEATURES.index("words")] = parts.stretch_words.scores(text)[stretches]
        seen[row, FEATURES.index("passage_words")] = parts.passage_words.scores(text)[searching.owner[stretches]]
    seen[:, FEATURES.index("passage")] = (queries @ parts.wholes.rows.T)[:, searching.owner[stretches]]
    near = queries @ parts.questions.T
    near[np.arange(len(asked)), asked] = 0  # an asked question must not find itself
    first = FEATURES.index("asked")
    for some in np.array_split(np.arange(len(queries)), max(1, len(queries) // _AT_ONCE)):
        seen[some, first : first + 3] = searching.asked_fits(near[some])[:, :, stretches]
    return seen


def _fitted(index: KnowledgeIndex, lesson: _Lesson, rows: NDArray[np.int64], seed: int) -> Ranker:
    """Learn from some of the questions."""
    draw = np.random.RandomState(seed)
    start = Ranker.start(_width(index))
    sentences, contexts = index.parts.sentences[lesson.stretches], index.parts.contexts[lesson.stretches]
    learned = [
        start.weights.copy(),
        start.to_sentence.copy(),
        start.to_context.copy(),
        start.to_nothing.copy(),
        np.asarray([start.nothing, start.near_nothing], dtype=np.float32),
    ]
    speeds = (_FAST, _SLOW, _SLOW, _SLOW, _FAST)
    decays = (0.0, _DECAY, _DECAY, _DECAY, 0.0)
    first, second = [np.zeros_like(one) for one in learned], [np.zeros_like(one) for one in learned]
    kinds = [rows[rows < lesson.asked], rows[(rows >= lesson.asked) & lesson.right[rows, -1]]]
    kinds.append(np.setdiff1d(rows, np.concatenate(kinds)))
    steps = max(_FEWEST_STEPS, len(kinds[0]) // _AT_ONCE)
    step = 0
    for _ in range(_EPOCHS):
        batches = [np.array_split(draw.permutation(kind), steps) for kind in kinds]
        for some in zip(*batches, strict=True):
            step += 1
            slopes = _slopes(learned, lesson, some, sentences, contexts)
            for place, slope in enumerate(slopes):
                whole = slope + 2 * decays[place] * learned[place]
                first[place] += (1 - _FIRST) * (whole - first[place])
                second[place] += (1 - _SECOND) * (whole * whole - second[place])
                size = np.sqrt(second[place] / (1 - _SECOND**step)) + _TINY
                learned[place] -= (speeds[place] / (1 - _FIRST**step)) * first[place] / size
    weights, to_sentence, to_context, to_nothing, nothing = learned
    said = (float(nothing[0]), float(nothing[1]), lesson.unanswered)
    return Ranker(weights, to_sentence, to_context, to_nothing, *said)


def _slopes(
    learned: Sequence[NDArray[np.float32]],
    lesson: _Lesson,
    kinds: Sequence[NDArray[np.int64]],
    sentences: Vectors,
    contexts: Vectors,
) -> list[NDArray[np.float32]]:
    """Return the loss's slope in each of the learned numbers; each kind of question counts by its weight."""
    rows = np.concatenate(kinds)
    if not len(rows):
        return [np.zeros_like(one) for one in learned]
    share = np.concatenate([lesson.weight[kind] / max(1, len(kind)) for kind in kinds])
    queries = lesson.queries[rows]
    shares = np.exp(_log_shares(learned, lesson, rows, sentences, contexts))
    right = np.where(lesson.right[rows], shares, 0)
    blame = (shares - right / np.maximum(right.sum(axis=1, keepdims=True), 1e-12)) * share[:, None]
    blame = blame.astype(np.float32)
    of_stretches, of_nothing = blame[:, :-1], blame[:, -1]
    return [
        np.einsum("qs,qfs->f", of_stretches, lesson.seen[rows], optimize=True),
        SCALE * queries.T @ (of_stretches @ sentences),
        SCALE * queries.T @ (of_stretches @ contexts),
        SCALE * queries.T @ of_nothing,
        np.stack([of_nothing.sum(), of_nothing @ lesson.near_nothing[rows]]),
    ]


def _log_shares(
    learned: Sequence[NDArray[np.float32]],
    lesson: _Lesson,
    rows: NDArray[np.int64],
    sentences: Vectors,
    contexts: Vectors,
) -> NDArray[np.float32]:
    weights, to_sentence, to_context, to_nothing, nothing = learned
    queries = lesson.queries[rows]
    scores = np.einsum("f,qfs->qs", weights, lesson.seen[rows], optimize=True)
    scores = scores + SCALE * ((queries @ to_sentence) @ sentences.T + (queries @ to_context) @ contexts.T)
    silence = SCALE * (queries @ to_nothing) + nothing[0] + nothing[1] * lesson.near_nothing[rows]
    whole = np.concatenate([scores, silence[:, None]], axis=1)
    whole -= whole.max(axis=1, keepdims=True)
    return np.asarray(whole - np.log(np.exp(whole).sum(axis=1, keepdims=True)), dtype=np.float32)


def _judge(ranker: Ranker, index: KnowledgeIndex, lesson: _Lesson, rows: NDArray[np.int64]) -> list[Ranked]:
    learned = (
        ranker.weights,
        ranker.to_sentence,
        ranker.to_context,
        ranker.to_nothing,
        np.asarray([ranker.nothing, ranker.near_nothing], dtype=np.float32),
    )
    sentences, contexts = index.parts.sentences[lesson.stretches], index.parts.contexts[lesson.stretches]
    found: list[Ranked] = []
    for some in np.array_split(rows, max(1, len(rows) // _AT_ONCE)):
        shares = _log_shares(learned, lesson, some, sentences, contexts).astype(np.float64)
        found += [Ranked(lesson.stretches, row[:-1], float(row[-1])) for row in shares]
    return found
