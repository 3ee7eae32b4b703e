"""The table of single words: like words have like rows, it is made once, and its file holds no code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder.protocol import Encoder
from bot.nlu.encoder.word_vectors import WordVectors, make, word_vectors


class Counting:
    """An encoder that counts what it is asked for."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.fingerprint, self.dimensions = encoder.fingerprint, encoder.dimensions
        self.asked = 0

    def encode(self, texts):
        self.asked += len(texts)
        return self._encoder.encode(texts)


def test_a_word_has_a_row_whatever_its_capitals_and_an_unknown_one_has_none(encoder: Encoder) -> None:
    table = make(encoder, ["oslo", "rome", "the"])
    found = table.of("Oslo")
    assert found is not None
    assert found.shape == (table.dimensions,)
    assert table.of("xyzzy") is None


def test_the_table_is_made_once_for_an_encoder(encoder: Encoder, tmp_path: Path) -> None:
    counting = Counting(encoder)
    first = word_vectors(counting, tmp_path, known=50)
    assert counting.asked == 50
    again = word_vectors(counting, tmp_path, known=50)
    assert counting.asked == 50
    assert again.words == first.words
    assert np.array_equal(again.rows, first.rows)


@pytest.mark.parametrize("content", [b"", b"nonsense"])
def test_a_damaged_file_is_made_again(encoder: Encoder, tmp_path: Path, content: bytes) -> None:
    (tmp_path / f"words-{encoder.fingerprint}.npz").write_bytes(content)
    assert len(word_vectors(encoder, tmp_path, known=20).words) == 20


def test_words_and_rows_that_do_not_fit_are_refused(encoder: Encoder) -> None:
    table = make(encoder, ["oslo", "rome"])
    with pytest.raises(ValueError, match="do not fit"):
        WordVectors.from_bytes(WordVectors(("oslo",), table.rows).to_bytes())
