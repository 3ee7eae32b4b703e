"""P2: a few words behind an answer go on asking, and nothing else does."""

from __future__ import annotations

import pytest

from bot.nlu.reading.fragment import content_of, goes_on_asking

GOES_ON = [
    "until when",
    "and sundays",
    "in writing too",
    "is it even open on saturdays",
    "and for two people",
    "on bank holidays as well",
    "or by post",
    "and how much is that",
    "even at christmas",
    "what about sunday",
]
NOT = [
    "the number is on the back",
    "and it is loud",
    "and I need it today",
    "brilliant",
    "ok great",
    "cheers",
    "and thanks",
    "in that case I wait",
    "at last",
    "by the way",
    "for nothing",
    "what a relief",
    "how kind of you",
    "LF-1000025 M14 5TP",
    "on my way",
    "it is loud too",
    "Fourteen washing machines for a student block in Hyde Park",
    "and then the engineer never came and nobody told us anything",
    "",
]


@pytest.mark.parametrize("text", GOES_ON)
def test_a_few_words_go_on_asking(text: str) -> None:
    """Without a question mark."""
    assert goes_on_asking(text)


@pytest.mark.parametrize("text", NOT)
def test_nothing_else_goes_on_asking(text: str) -> None:
    """What tells, thanks or says a subject of its own."""
    assert not goes_on_asking(text)


@pytest.mark.parametrize(
    ("text", "content"),
    [("and sundays", ("sunday",)), ("until when", ()), ("and how much is that", ()), ("in writing too", ("writing",))],
)
def test_what_a_few_words_name_is_what_an_answer_must_have(text: str, content: tuple[str, ...]) -> None:
    """In the singular or the plural."""
    assert content_of(text) == content
