"""What a customer tells as done, as it should be or as not there is read clause by clause; the rest is left."""

from __future__ import annotations

import pytest

from bot.nlu.reading.done_already import Told, done_already


@pytest.mark.parametrize(
    ("text", "told", "rest"),
    [
        (
            "did the fluff, did the container. its the thing at the bottom you mean?",
            [Told("done", "the fluff"), Told("done", "the container")],
            "its the thing at the bottom you mean?",
        ),
        ("oh the clock IS blinking. set it now", [Told("done", "the clock IS blinking", ("set",))], ""),
        (
            "No code on it, no. and no nothing's stuck in the door",
            [Told("absent", "code"), Told("absent", "the door")],
            "",
        ),
        ("not in junk either", [Told("absent", "junk")], ""),
        ("noting in my inbocks", [Told("absent", "my inbocks")], ""),
        ("nothing in my inbox", [Told("absent", "my inbox")], ""),
        ("tried that, and cleaned the filter", [Told("done", ""), Told("done", "the filter", ("clean",))], ""),
        ("I've already emptied it, still cold", [Told("done", "", ("empty",))], "still cold"),
        ("I\u2019ve already emptied the container", [Told("done", "the container", ("empty",))], ""),
        ("we have already uninstalled the app", [Told("done", "the app", ("uninstall",))], ""),
        ("nope still not it, salts full", [Told("is so", "salts", ("fill",))], "still not it"),
        ("I set the clock but it keeps blinking", [Told("done", "the clock", ("set",))], "it keeps blinking"),
        ("the filter's clean and the door is shut", None, ""),
        ("filter clean, door shut", None, ""),
        ("no code, not in the code", [Told("absent", "code"), Told("absent", "the code")], ""),
        ("there's no code, can't see any fluff", [Told("absent", "code"), Told("absent", "fluff")], ""),
    ],
)
def test_what_is_told_stands_beside_the_rest(text: str, told: list[Told] | None, rest: str) -> None:
    """A pronoun points to the clause before; where there is none, to all that was advised."""
    found = done_already(text)
    assert found is not None
    if told is not None:
        assert list(found.told) == told
    else:
        assert [(one.kind, one.about.removeprefix("the ")) for one in found.told] == [
            ("done", "filter"),
            ("done", "door"),
        ]
    assert found.rest == rest


def test_all_that_was_advised_may_be_done() -> None:
    """ "Tried that" speaks of all of it, "emptied it" of one thing."""
    for text, everything in [("tried that", True), ("did all of that twice", True), ("emptied it", False)]:
        found = done_already(text)
        assert found is not None
        assert found.everything is everything


@pytest.mark.parametrize(
    "text",
    [
        "did the parcel arrive",
        "did you clean it?",
        "is the filter clean?",
        "I haven't cleaned the filter",
        "my oven stays cold",
        "it is working now",
        "YES it's warming up",
        "no thanks",
        "no luck",
        "no thank you",
        "no that's not what I said",
        "go on then",
        "the hob keeps switching off",
        "nothing gets clean",
        "I've changed my mind",
        "set up a return please",
        "put me through to a person",
        "I run a small hotel",
        "they go clear",
        "they turn clear",
        "the filter's clean?",
        "the clock was blinking, it's sorted now",
        "no",
        "how do I clean the filter",
        "send somebody please",
        "done",
        "",
    ],
)
def test_what_asks_wishes_fails_or_went_well_tells_nothing_of_the_kind(text: str) -> None:
    """Nor does a fault, a bare no or a bare "done"."""
    assert done_already(text) is None
