"""Several messages become one where it reads as one, and nothing is lost in it."""

from __future__ import annotations

from bot.contract.result import MARKDOWN, Choice, Citation, Reply
from bot.dialogue.one_message import LONGEST, as_one

YES = [Choice("Yes", "/affirm")]
HOURS = Citation("store-hours", "Opening hours")
ANSWER = Reply(text="We open at **nine**.", format=MARKDOWN, citation=HOURS)


def test_a_remark_and_its_question_are_one_line() -> None:
    """With the question's buttons."""
    assert as_one([Reply(text="All right, the oven."), Reply(text="Which day?", choices=YES)]) == (
        Reply(text="All right, the oven. Which day?", choices=YES),
    )


def test_an_answer_keeps_its_source_and_the_question_behind_it_its_signs() -> None:
    """The assistant's own words are plain, and must not turn into Markdown."""
    [reply] = as_one([ANSWER, Reply(text="Shall I *book* a visit?", choices=YES)])
    assert reply.text == "We open at **nine**.\n\nShall I \\*book\\* a visit?"
    assert (reply.citation, reply.format, reply.choices) == (HOURS, MARKDOWN, YES)


def test_what_follows_buttons_or_has_a_source_of_its_own_stays_apart() -> None:
    """A button belongs to the words above it, and a source to the words that it proves."""
    for pair in ([Reply(text="Which?", choices=YES), Reply(text="Take your time.")], [ANSWER, ANSWER]):
        assert as_one(pair) == tuple(pair)
    assert len(as_one([Reply(text="Here you are:"), ANSWER])) == 2


def test_a_list_begins_a_paragraph_and_a_long_text_stays_alone() -> None:
    """A screen of text with more behind it is read by nobody."""
    [listed] = as_one([Reply(text="I have:\n- oven"), Reply(text="Which day?")])
    assert listed.text == "I have:\n- oven\n\nWhich day?"
    assert len(as_one([Reply(text="a" * LONGEST), Reply(text="Which day?")])) == 2


def test_nothing_said_stays_nothing() -> None:
    """A turn without a word is the channel's to notice."""
    assert as_one([]) == ()
