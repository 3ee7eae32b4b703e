"""What comes with the default encoder for a base without asked questions: how customers' words turn into articles'.

Two matrices of a few directions each, learned once from one company's asked questions and its articles
(``python -m benchmarks.fit_untaught``). They hold no sentence and no word, only how the encoder's places of a question
and of the sentence that answers it differ; that is much the same in any trade, and measured on another company's set
(docs/decisions/0058-an-untaught-knowledge-base.md). They belong to the encoder's weights: another one does without.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.answering.ranking import Ranker

FILE = Path(__file__).with_name("base.npz")
DIRECTIONS = 16
"""Of each matrix, the strongest. Sixteen carry over to another trade; all 384 know the first one by heart (of 35
questions that another company's articles answer, 32 instead of 29 come before all that they do not)."""
WEIGHT = 0.6
"""What the matrices count beside the other numbers. On articles whose questions they had not learned from, 0.8 finds
the article most often; less leaves more of the choice among an article's sentences to the words themselves, which on
another company's set shows the right ones more often."""
_NOTHING = 2.1
"""What speaks for "nothing" beside the matrices; with it one threshold means the same with them and without."""


def base_ranker(encoder_weights: str) -> Ranker | None:
    """Return the ranker that belongs to the encoder's weights, named by their SHA-256; None for another encoder."""
    with np.load(FILE, allow_pickle=False) as arrays:
        if str(arrays["encoder_weights"]) != encoder_weights:
            return None
        to_sentence = _product(arrays["sentence_left"], arrays["sentence_right"])
        to_context = _product(arrays["context_left"], arrays["context_right"])
    plain = Ranker.untaught(len(to_sentence))
    return replace(plain, to_sentence=WEIGHT * to_sentence, to_context=WEIGHT * to_context, nothing=_NOTHING)


def write(encoder_weights: str, to_sentence: NDArray[np.float32], to_context: NDArray[np.float32]) -> None:
    """Write the strongest directions of the two matrices, in half floats."""
    sentence_left, sentence_right = _strongest(to_sentence)
    context_left, context_right = _strongest(to_context)
    np.savez(
        FILE,
        encoder_weights=np.asarray(encoder_weights),
        sentence_left=sentence_left,
        sentence_right=sentence_right,
        context_left=context_left,
        context_right=context_right,
    )


def _strongest(matrix: NDArray[np.float32]) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    left, sizes, right = np.linalg.svd(matrix)
    share = np.sqrt(sizes[:DIRECTIONS])
    return (left[:, :DIRECTIONS] * share).astype(np.float16), (share[:, None] * right[:DIRECTIONS]).astype(np.float16)


def _product(left: NDArray[np.float16], right: NDArray[np.float16]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = left.astype(np.float32) @ right.astype(np.float32)
    return found
