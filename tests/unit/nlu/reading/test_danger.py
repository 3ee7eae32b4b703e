"""P1: whoever tells of a danger is noticed, in whatever words; whoever only uses the words is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.nlu.languages.english_words import english_words
from bot.nlu.reading.danger import DangerReader
from bot.nlu.reading.danger_words import Safety, read_safety

ROOT = Path(__file__).resolve().parents[4]
EXAMPLES = yaml.safe_load(Path(__file__).with_name("danger_examples.yml").read_text(encoding="utf-8"))
SAFETY = read_safety(ROOT / "data" / "safety")
READER = DangerReader(SAFETY, english_words())


@pytest.mark.parametrize("message", EXAMPLES["dangerous"])
def test_a_danger_is_noticed(message: str) -> None:
    """None may be missed."""
    assert READER.read(str(message)) is not None


@pytest.mark.parametrize("message", EXAMPLES["harmless"])
def test_the_same_words_without_a_danger_are_left_alone(message: str) -> None:
    """A product, a question, a refusal, a memory, a way of speaking."""
    assert READER.read(str(message)) is None


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("there is smoke coming out of my oven", "fire"),
        ("i smell gas in the kitchen", "gas"),
        ("the carbon monoxide alarm is going off", "carbon_monoxide"),
        ("I got an electric shock from the washer", "electricity"),
        ("water is pouring through the ceiling", "water"),
        ("my son swallowed a dishwasher tablet", "health"),
        ("I want to kill myself", "self_harm"),
        ("your driver punched me", "violence"),
    ],
)
def test_each_danger_has_its_kind(message: str, kind: str) -> None:
    """The kind chooses the words that the customer gets."""
    found = READER.read(message)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "message",
    [
        "there's smoke coming out of the dryer",
        "theres smokee comming out of the dyrer",
        "SMOKE COMING OUT OF THE DRYER!!!",
        "there\u2019s smoke\u200b coming out of the dryer",
    ],
)
def test_a_slip_of_the_finger_hides_no_danger(message: str) -> None:
    """Capitals, curly quotes, invisible signs and one wrong letter."""
    assert READER.read(message) is not None


@pytest.mark.parametrize(
    ("dangerous", "harmless"),
    [
        ("smoke is coming out of the oven", "no smoke is coming out of the oven"),
        ("the oven won't stop smoking", "the oven has stopped smoking"),
        ("it's not just warm, the plug is melted", "the plug is not melted"),
        ("there is gas leaking", "what if there is gas leaking"),
        ("I got an electric shock from it today", "I got an electric shock from it years ago"),
        ("sparks are flying from the plug", "what would make sparks fly from the plug"),
        (
            "can you send someone there is smoke coming out of the dryer",
            "can you say if there is smoke coming out of it",
        ),
        ("it doesn't drain, and smoke is coming out", "it doesn't smoke, and water is not coming in"),
    ],
)
def test_what_is_refused_supposed_or_past_is_no_danger(dangerous: str, harmless: str) -> None:
    """By clause, and never further than the clause."""
    assert READER.read(dangerous) is not None
    assert READER.read(harmless) is None


def test_it_says_by_which_words_it_was_seen() -> None:
    """For the trace, and for whoever changes the words."""
    found = READER.read("good morning. there is smoke coming out of the oven")
    assert found is not None
    assert found.words == ("there", "is", "smoke")
    assert "{seen_smoke}" in found.sign


def test_a_danger_at_the_end_of_a_long_letter_is_noticed() -> None:
    """Nobody has to come to the point."""
    letter = "I have been a customer for many years and was always content. " * 20
    assert READER.read(letter + "By the way, the fridge is on fire.") is not None


def test_what_was_read_survives_being_kept() -> None:
    """Training writes it, serving reads it: the same reader."""
    kept = Safety.from_json(SAFETY.to_json())
    assert kept == SAFETY


def test_kept_words_without_a_danger_are_damaged() -> None:
    """A model in which a danger has no signs is none."""
    written = SAFETY.to_json()
    written["signs"] = [sign for sign in written["signs"] if sign["kind"] != "gas"]
    with pytest.raises(ValueError, match="gas"):
        Safety.from_json(written)
