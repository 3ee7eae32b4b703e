"""What the scope model promises: questions out of scope stay out, ours come in, and a trainer learns why."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ArtefactError
from bot.nlu.intents.classifier import IntentModel
from bot.nlu.scope.verdict import ScopeModel


@pytest.fixture(scope="module")
def intents(examples):
    return IntentModel.train(examples.texts, examples.vectors, examples.labels, seed=1)


@pytest.fixture(scope="module")
def scope(examples):
    return ScopeModel.train(examples.texts, examples.vectors, examples.labels, seed=1)


@pytest.mark.parametrize(
    ("text", "ours"),
    [("where is my order please", True), ("can i return my oven", True), ("what is the weather in rome", False)],
)
def test_our_business_is_let_in_and_the_rest_kept_out(scope, intents, encoder, text, ours):
    vector = encoder.encode([text])[0]
    assert scope.judge(text, vector, intents.classify(text, vector)).in_scope is ours


def test_the_reason_names_the_nearest_example_and_the_top_reading(scope, intents, encoder):
    vector = encoder.encode(["where is my parcel"])[0]
    reason = scope.judge("where is my parcel", vector, intents.classify("where is my parcel", vector)).reason
    assert "nearest example 'where is my parcel' at 1.00" in reason
    assert "; top reading track_order at " in reason


def test_an_empty_message_is_nobodys_business(scope, intents, encoder):
    vector = encoder.encode([" "])[0]
    verdict = scope.judge(" ", vector, intents.classify(" ", vector))
    assert not verdict.in_scope
    assert verdict.reason == "the message is empty"


def test_without_out_of_scope_examples_most_of_our_own_sentences_are_let_in(examples):
    ours = examples.without("out_of_scope")
    scope = ScopeModel.train(ours.texts, ours.vectors, ours.labels, seed=1)
    intents = IntentModel.train(ours.texts, ours.vectors, ours.labels, seed=1)
    let_in = [
        scope.judge(text, vector, intents.classify(text, vector)).in_scope
        for text, vector in zip(ours.texts, ours.vectors, strict=True)
    ]
    assert sum(let_in) >= 0.9 * len(let_in)
    assert "no examples of what is out of scope" in scope.report()


def test_without_out_of_scope_examples_what_resembles_nothing_is_kept_out(examples, built_encoder):
    ours = examples.without("out_of_scope")
    vectors = built_encoder.encode(ours.texts)
    scope = ScopeModel.train(ours.texts, vectors, ours.labels, seed=1)
    intents = IntentModel.train(ours.texts, vectors, ours.labels, seed=1)
    text = "which chess opening do grandmasters prefer"
    vector = built_encoder.encode([text])[0]
    assert not scope.judge(text, vector, intents.classify(text, vector)).in_scope


def test_the_report_says_what_cross_validation_found(scope):
    assert "of 30 sentences in scope are let in" in scope.report()
    assert "of 10 sentences out of scope are kept out" in scope.report()


def test_another_label_can_mean_out_of_scope(examples, encoder):
    labels = tuple("elsewhere" if label == "out_of_scope" else label for label in examples.labels)
    scope = ScopeModel.train(examples.texts, examples.vectors, labels, seed=1, out_of_scope_label="elsewhere")
    intents = IntentModel.train(examples.texts, examples.vectors, labels, seed=1)
    vector = encoder.encode(["who won the match"])[0]
    assert not scope.judge("who won the match", vector, intents.classify("who won the match", vector)).in_scope


def test_a_saved_model_judges_as_before(scope, intents, encoder, tmp_path):
    scope.save(tmp_path)
    vector = encoder.encode(["is my fridge late"])[0]
    readings = intents.classify("is my fridge late", vector)
    loaded = ScopeModel.load(tmp_path)
    assert loaded.judge("is my fridge late", vector, readings) == scope.judge("is my fridge late", vector, readings)
    assert loaded.report() == scope.report()


@pytest.mark.parametrize("name", ["scope.npz", "scope.json"])
def test_a_damaged_file_is_refused_with_the_command_that_mends_it(scope, tmp_path, name):
    scope.save(tmp_path)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[:-20])
    with pytest.raises(ArtefactError, match="make train"):
        ScopeModel.load(tmp_path)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=300))
def test_no_message_makes_understanding_fail(scope, intents, encoder, text):
    vector = encoder.encode([text])[0]
    verdict = scope.judge(text, vector, intents.classify(text, vector))
    assert 0.0 <= verdict.score <= 1.0
    assert 0.0 <= verdict.sure <= 1.0
