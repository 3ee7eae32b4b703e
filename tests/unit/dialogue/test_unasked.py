"""A message that reads as an answer where nothing was asked."""

from __future__ import annotations

from bot.dialogue.unasked import covered, is_no_refusal, without_answer, without_refusal
from bot.dialogue.weighed import EntityFound
from bot.nlu.intents.classifier import Reading

CHANGE = "change my e-mail to ann@example.org please"
ADDRESS = (EntityFound("email", CHANGE.index("ann"), CHANGE.index(" please")),)
READ = (Reading("inform", 0.54), Reading("change_details", 0.44), Reading("thanks", 0.02))


def names(text: str, entities: tuple[EntityFound, ...], readings: tuple[Reading, ...] = READ) -> list[str]:
    """The readings that are left."""
    return [reading.name for reading in without_answer(text, readings, entities)]


def test_the_wish_beside_a_value_is_what_is_read() -> None:
    """As probable as it is among all that the message may be."""
    assert names(CHANGE, ADDRESS) == ["change_details", "thanks"]
    assert round(without_answer(CHANGE, READ, ADDRESS)[0].confidence, 2) == 0.96


def test_a_value_alone_stays_one() -> None:
    """What it is for is asked; and so does what nothing else speaks for."""
    assert names("ann@example.org", (EntityFound("email", 0, 15),))[0] == "inform"
    assert names(CHANGE, ADDRESS, (Reading("inform", 0.9), Reading("thanks", 0.1)))[0] == "inform"
    assert names(CHANGE, ADDRESS, (Reading("thanks", 0.6), Reading("inform", 0.4))) == ["thanks", "inform"]
    assert without_answer("", (), ()) == ()


def test_entities_that_overlap_count_once() -> None:
    """The share of what is said, blanks around it aside."""
    assert covered(" four ", (EntityFound("a", 0, 2), EntityFound("b", 1, 2))) == 0.5


def test_what_is_not_meant_turns_nothing_down() -> None:
    """ "Not in the box either" is read without its no; what hardly anything speaks for is read as nothing."""
    read = (Reading("deny", 0.6), Reading("parcel", 0.4))
    assert is_no_refusal("not in the box either", read)
    assert not is_no_refusal("not now", read)
    assert not is_no_refusal("not in the box either", read[::-1])
    assert without_refusal(read) == (Reading("parcel", 1.0),)
    assert without_refusal((Reading("deny", 0.9), Reading("parcel", 0.1))) == ()
