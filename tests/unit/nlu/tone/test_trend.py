"""Tone is a trend: one word decides nothing, and what has passed has passed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ArtefactError, WarmlineError
from bot.nlu.tone.trend import FEWEST, Conversation, Earlier, ToneModel, speaks_up
from bot.nlu.tone.words import FEATURES, Things, counted
from tests.unit.conftest import HashingEncoder

ANGRY = (
    "this is ridiculous",
    "you are useless",
    "THIRD TIME I ASK YOU",
    "you lied to me, shame on you",
    "fed up with you",
)
CALM = ("where is my order", "thank you very much", "when are you open", "the hob clicks", "can I pay by card please")


def conversations() -> list[Conversation]:
    angry = [Conversation((calm, f"{word}, {calm}"), True) for word in ANGRY for calm in CALM[:3]]
    calm = [Conversation((first, second), False) for first in CALM for second in CALM if first != second]
    return [*angry, *calm, *(Conversation((f"{word}!!", "found it, my mistake, thanks"), False) for word in ANGRY)]


@pytest.fixture(scope="module")
def model() -> ToneModel:
    said = sorted({text for conversation in conversations() for text in conversation.messages})
    vectors = dict(zip(said, HashingEncoder().encode(said), strict=True))
    return ToneModel.train(conversations(), vectors, CALM, seed=1)


def trend(model: ToneModel, *messages: str) -> float:
    earlier: list[Earlier] = []
    for text, vector in zip(messages, HashingEncoder().encode(messages), strict=True):
        verdict = model.judge(text, vector, earlier)
        earlier.append(Earlier(text, verdict.message))
    return verdict.trend


def test_growing_anger_counts_for_more_than_calm(model: ToneModel) -> None:
    angry = trend(model, "where is my order", "where is my order", "this is ridiculous, you are useless, third time")
    assert angry > model.threshold > trend(model, "where is my order", "thank you very much")


def test_anger_that_has_passed_is_over(model: ToneModel) -> None:
    assert trend(model, "this is ridiculous!!", "found it, my mistake, thanks") < model.threshold


def test_training_says_what_it_found(model: ToneModel) -> None:
    assert model.report is not None
    assert "conversations held back" in str(model.report)
    assert model.report.precision >= 0.9


def test_the_same_seed_gives_the_same_model(model: ToneModel) -> None:
    said = sorted({text for conversation in conversations() for text in conversation.messages})
    again = ToneModel.train(conversations(), dict(zip(said, HashingEncoder().encode(said), strict=True)), CALM, seed=1)
    assert trend(again, *ANGRY[:2]) == trend(model, *ANGRY[:2])
    assert again.threshold == model.threshold


def test_a_saved_model_judges_as_before(model: ToneModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert trend(ToneModel.load(tmp_path), *ANGRY) == trend(model, *ANGRY)


@pytest.mark.parametrize("damage", ["tone.json", "tone.npz"])
def test_a_damaged_file_is_refused_with_the_command_that_mends_it(
    model: ToneModel, tmp_path: Path, damage: str
) -> None:
    model.save(tmp_path)
    (tmp_path / damage).write_bytes(b"{}")
    with pytest.raises(ArtefactError, match="make train"):
        ToneModel.load(tmp_path)


def test_too_few_conversations_are_said() -> None:
    few = [Conversation(("hello",), False)] * FEWEST
    with pytest.raises(WarmlineError, match=r"data/tone: 0 upset and 10 calm"):
        ToneModel.train(few, {"hello": np.zeros(64, dtype=np.float32)}, (), seed=1)


@settings(max_examples=200)
@given(text=st.one_of(st.text(max_size=200), st.text("!?A :;)", max_size=200)))
def test_whatever_is_typed_can_be_counted_and_judged(model: ToneModel, text: str) -> None:
    counts = counted(text)
    assert counts.shape == (len(FEATURES),)
    assert ((counts >= 0) & (counts <= 1)).all()
    verdict = model.judge(text, HashingEncoder().encode([text])[0], [Earlier(text, 1.0), Earlier("", 0.0)])
    assert 0.0 <= verdict.message <= 1.0
    assert 0.0 <= verdict.trend <= 1.0


@pytest.mark.parametrize(
    "text",
    ["nearly! make it the friday", "so not one of your lot", "you're an angel", "pity. and if it does not fit?"],
)
def test_a_message_that_hardly_sounds_upset_is_not_upset_whatever_the_trend(text: str) -> None:
    """A trend grows with the length of a conversation."""
    assert not speaks_up(text, 0.55)


@pytest.mark.parametrize(
    "text",
    ["fed up with you", "I'll see you in court", "for god's sake", "I give up", "WHERE IS MY ORDER", "what?!?!"],
)
def test_what_is_said_outright_counts_with_the_trend(text: str) -> None:
    """However little else stands there."""
    assert speaks_up(text, 0.3)


def test_a_question_and_an_answer_have_to_sound_louder() -> None:
    """Nobody's form is thrown away for a doubt."""
    assert speaks_up("still nobody came", 0.65)
    assert not speaks_up("still nobody came", 0.65, is_asked=True)
    assert not speaks_up("is still nobody coming?", 0.65)
    assert speaks_up("still nobody came", 0.8, is_asked=True)


def test_a_companys_products_count_as_things_and_are_kept(model: ToneModel, tmp_path: Path) -> None:
    """A curse at one of them is no curse at the company, whatever it sells."""
    kayak = Things(["Kayak", "paddle board"])
    place = FEATURES.index("thing")
    assert counted("this kayak, this paddle board!", kayak)[place] > counted("this kayak, this paddle board!")[place]
    assert counted("this machine", kayak)[place] == counted("this machine")[place]
    said = sorted({text for conversation in conversations() for text in conversation.messages})
    vectors = dict(zip(said, HashingEncoder().encode(said), strict=True))
    trained = ToneModel.train(conversations(), vectors, CALM, seed=1, things=kayak)
    trained.save(tmp_path)
    assert ToneModel.load(tmp_path)._things.names == kayak.names
