"""What the vector cache promises: the encoder's vectors, encoded once, and never an error."""

from __future__ import annotations

import numpy as np

from bot.nlu.encoder.vector_cache import VectorCache


class Counting:
    """Counts the sentences that reach the encoder behind it."""

    def __init__(self, encoder, fingerprint="first"):
        self.encoder, self.fingerprint, self.dimensions, self.seen = encoder, fingerprint, encoder.dimensions, []

    def encode(self, texts):
        """Encode and remember what was asked."""
        self.seen += texts
        return self.encoder.encode(texts)


def test_a_sentence_is_encoded_once_even_by_another_cache_on_the_same_folder(encoder, tmp_path):
    counting = Counting(encoder)
    first = VectorCache(tmp_path, counting).encode(["a b", "c", "a b"])
    second = VectorCache(tmp_path, counting).encode(["c", "new", "a b"])
    assert counting.seen == ["a b", "c", "new"]
    assert np.array_equal(first, encoder.encode(["a b", "c", "a b"]))
    assert np.array_equal(second, encoder.encode(["c", "new", "a b"]))


def test_vectors_of_one_encoder_are_never_given_for_another(encoder, tmp_path):
    VectorCache(tmp_path, Counting(encoder, "first")).encode(["a"])
    other = Counting(encoder, "second")
    VectorCache(tmp_path, other).encode(["a"])
    assert other.seen == ["a"]


def test_a_damaged_file_costs_time_and_nothing_else(encoder, tmp_path):
    VectorCache(tmp_path, Counting(encoder)).encode(["a", "b"])
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:100])
    counting = Counting(encoder)
    assert np.array_equal(VectorCache(tmp_path, counting).encode(["a"]), encoder.encode(["a"]))
    assert counting.seen == ["a"]


def test_no_sentences_give_an_empty_matrix(encoder, tmp_path):
    assert VectorCache(tmp_path, encoder).encode([]).shape == (0, encoder.dimensions)


def test_the_file_is_no_pickle(encoder, tmp_path):
    VectorCache(tmp_path, encoder).encode(["a", "b"])
    (path,) = tmp_path.iterdir()
    with np.load(path, allow_pickle=False) as content:
        assert content["vectors"].shape == (2, encoder.dimensions)
