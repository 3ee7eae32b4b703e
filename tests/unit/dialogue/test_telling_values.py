"""A value that never stands in an intent's examples speaks against it, where a reading of its own is near."""

from __future__ import annotations

from bot.dialogue.telling_values import NO_VALUES, TellingValues, learn
from bot.dialogue.wish_words import Labelled
from bot.nlu.intents.classifier import Reading

ACCOUNT = frozenset({"account"})
EXAMPLES = [
    *(Labelled(f"where is payment {number}", "track", ACCOUNT if number % 2 else frozenset()) for number in range(20)),
    *(Labelled(f"card error {number}", "card_fault") for number in range(20)),
    *(Labelled(f"rare {number}", "rare") for number in range(3)),
]
VALUES = learn(EXAMPLES, {"account"})


def names_of(readings: tuple[Reading, ...]) -> list[str]:
    return [one.name for one in readings]


def test_the_reading_that_the_value_belongs_to_wins() -> None:
    """With the probability of the one that gives way."""
    weighed = VALUES.weigh((Reading("card_fault", 0.7), Reading("track", 0.29), Reading("rare", 0.01)), ACCOUNT)
    assert names_of(weighed) == ["track", "rare", "card_fault"]
    assert abs(weighed[0].confidence - 0.99) < 1e-9


def test_a_sure_reading_and_a_message_without_the_value_stay() -> None:
    """ "My card 12-34 shows error 3" is of the error."""
    sure = (Reading("card_fault", 0.95), Reading("track", 0.05))
    assert VALUES.weigh(sure, ACCOUNT) == sure
    near = (Reading("card_fault", 0.7), Reading("track", 0.3))
    assert VALUES.weigh(near, ()) == VALUES.weigh(near, {"colour"}) == NO_VALUES.weigh(near, ACCOUNT) == near


def test_few_examples_prove_nothing() -> None:
    """The value may be missing in three by chance."""
    near = (Reading("rare", 0.6), Reading("track", 0.4))
    assert VALUES.weigh(near, ACCOUNT) == near


def test_it_travels_as_plain_values() -> None:
    """With the model."""
    assert TellingValues.from_json(VALUES.as_json()) == VALUES


def test_a_wish_gives_way_to_no_mere_answer() -> None:
    """Its own words beat what the values suggest; a fact asked for still gives way."""
    read = (Reading("card_fault", 0.6), Reading("inform", 0.4))
    values = TellingValues({"account": frozenset({"inform"})}, {"account": frozenset({"card_fault"})})
    assert names_of(values.weigh(read, ACCOUNT, {"card_fault"})) == ["card_fault", "inform"]
    assert values.weigh(read, ACCOUNT, {"card_fault"})[0].confidence == 1.0
    assert names_of(values.weigh(read, ACCOUNT)) == ["inform", "card_fault"]
