"""Trainers' phrases: words in their order, alternatives, short gaps, a sentence's begin and end."""

from __future__ import annotations

import pytest

from bot.nlu.tone.phrases import Phrase, PhraseError, tokens_of

WORDS = {"kin": ["mother", "dad"], "good": ["great", "kind"]}


def stands(phrase: str, text: str) -> bool:
    return Phrase.read(phrase, WORDS).stands_in(tokens_of(text))


@pytest.mark.parametrize(
    ("phrase", "text", "there"),
    [
        ("{kin} ... died", "my mother, I am sad, died", True),
        ("{kin} ... died", "My MOTHER died", True),
        ("{kin} ... died", "my mother has asked me to say that it died", False),
        ("{kin} ... died", "my mother is fine. The oven died", False),
        ("late {kin}*", "my late mother's oven", True),
        ("{kin}s? died", "both dads died", True),
        ("dont want", "I don\u2019t want it", True),
        ("so? very good|bad", "very bad", True),
        ("so? very good|bad", "so very good", True),
        ("so? very good|bad", "so good", False),
        ("widow*", "she is a widower", True),
        ("^ complaint", "Complaint: it leaks", True),
        ("^ complaint", "Hello. Complaint about noise", True),
        ("^ complaint", "no complaint", False),
        ("get lost $", "oh get lost", True),
        ("get lost $", "parcels get lost often", False),
    ],
)
def test_a_phrase_stands_in_a_message_or_not(phrase: str, text: str, there: bool) -> None:
    """A gap passes over four words, and over no sentence's end."""
    assert stands(phrase, text) is there


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("{friends} died", "no list of words 'friends'"),
        ("... died", "begins or ends with a gap"),
        ("a ... b ... c ... d ... e", "more than"),
        ("so? very?", "no word that must be there"),
        ("what!", "no word of a phrase"),
    ],
)
def test_a_phrase_that_means_nothing_is_refused(phrase: str, why: str) -> None:
    """And says why."""
    with pytest.raises(PhraseError, match=why):
        Phrase.read(phrase, WORDS)
