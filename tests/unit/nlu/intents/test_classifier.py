"""What the intent model promises: right readings, honest numbers, the same everywhere, whole or refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ArtefactError, WarmlineError
from bot.nlu.intents.classifier import IntentModel, unseen_readings


@pytest.fixture(scope="module")
def model(examples):
    return IntentModel.train(examples.texts, examples.vectors, examples.labels, seed=1)


def test_a_sentence_is_read_as_the_intent_whose_examples_it_resembles(model, encoder):
    text = "where is my late parcel"
    assert model.read(text, encoder.encode([text])[0])[0].name == "track_order"


def test_readings_are_sorted_and_their_confidences_sum_to_one(model, encoder):
    readings = model.read("send my order back", encoder.encode(["send my order back"])[0])
    confidences = [reading.confidence for reading in readings]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1.0)
    assert {reading.name for reading in readings} == {"track_order", "return_policy", "greet", "out_of_scope"}


@given(text=st.text(max_size=200))
def test_no_text_makes_reading_fail(model, encoder, text):
    readings = model.read(text, encoder.encode([text])[0])
    assert sum(reading.confidence for reading in readings) == pytest.approx(1.0)


def test_a_very_long_text_is_read_in_bounded_time(model, encoder):
    readings = model.read("where is my order " * 20_000, encoder.encode(["where is my order"])[0])
    assert readings[0].name == "track_order"


def test_typing_errors_are_read_by_pieces_of_words(examples, encoder):
    same = np.tile(encoder.encode(["nothing to go by"]), (len(examples.texts), 1))
    model = IntentModel.train(examples.texts, same, examples.labels, seed=1)
    assert model.read("rettturning thiss ovenn", same[0])[0].name == "return_policy"
    assert model.read("trackk mmy parcell", same[0])[0].name == "track_order"


def test_training_twice_with_one_seed_gives_the_same_model(examples, model, tmp_path):
    again = IntentModel.train(examples.texts, examples.vectors, examples.labels, seed=1)
    model.save(tmp_path / "one")
    again.save(tmp_path / "two")
    assert (tmp_path / "one/intents.npz").read_bytes() == (tmp_path / "two/intents.npz").read_bytes()
    assert (tmp_path / "one/intents.json").read_bytes() == (tmp_path / "two/intents.json").read_bytes()


def test_a_saved_model_reads_as_before(model, encoder, tmp_path):
    model.save(tmp_path)
    vector = encoder.encode(["has my parcel come"])[0]
    assert IntentModel.load(tmp_path).read("has my parcel come", vector) == model.read("has my parcel come", vector)


@pytest.mark.parametrize("labels", [("one",), ("one", "two")])
def test_one_or_two_intents_are_enough(encoder, labels):
    texts = tuple(f"{label} thing {number}" for label in labels for number in range(6))
    model = IntentModel.train(texts, encoder.encode(texts), tuple(text.split()[0] for text in texts), seed=1)
    assert model.read("one thing", encoder.encode(["one thing"])[0])[0].name == "one"


def test_one_sentence_for_each_intent_is_learnt_from(encoder):
    texts = ("alpha", "beta", "gamma")
    model = IntentModel.train(texts, encoder.encode(texts), texts, seed=1)
    assert model.read("beta", encoder.encode(["beta"])[0])[0].name == "beta"


def test_one_sentence_under_two_intents_shares_the_probability(encoder):
    texts = ("return it", "return it", "hello you", "hello them", "return this", "return that")
    labels = ("a", "b", "c", "c", "a", "b")
    first, second, _ = IntentModel.train(texts, encoder.encode(texts), labels, seed=1).read(
        "return it", encoder.encode(["return it"])[0]
    )
    assert {first.name, second.name} == {"a", "b"}
    assert first.confidence - second.confidence < 0.3


def test_training_without_sentences_says_what_to_do():
    with pytest.raises(WarmlineError, match="add intents with examples"):
        IntentModel.train((), np.zeros((0, 4), dtype=np.float32), (), seed=1)


def test_unseen_readings_come_from_models_that_did_not_see_the_sentence(encoder):
    texts = ("blue sky", "blue sea", "blue car", "red wine", "red rose", "odd one")
    labels = ("blue", "blue", "blue", "red", "red", "odd")
    readings = unseen_readings(texts, encoder.encode(texts), labels, seed=1)
    assert readings[5][0].name != "odd"
    assert readings[0][0].name == "blue"


@pytest.mark.parametrize("name", ["intents.npz", "intents.json"])
def test_a_damaged_or_missing_file_is_refused_with_the_command_that_mends_it(model, tmp_path, name):
    model.save(tmp_path)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ArtefactError, match="make train"):
        IntentModel.load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ArtefactError, match=f"{name}.*missing.*make train"):
        IntentModel.load(tmp_path)
