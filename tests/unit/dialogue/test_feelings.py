"""A feeling is answered where the message is nothing else; a death and a threat go before everything."""

from __future__ import annotations

import pytest

from bot.contract import names
from bot.dialogue.arbiter import decide
from bot.dialogue.feelings import Felt
from bot.dialogue.form_input import Filling, OpenForm
from bot.dialogue.weighed import Answers, Decision, IntentFacts, Overrides, Sharing
from bot.nlu.intents.classifier import Reading
from bot.nlu.scope.verdict import ScopeVerdict
from bot.nlu.tone.feelings import Feeling, FeelingKind

INTENTS = {
    "track_order": IntentFacts("Track an order", acts=True),
    "thanks": IntentFacts("Thanks", acts=True),
    "complain": IntentFacts("Complaint", acts=True),
    "damaged_on_arrival": IntentFacts("It arrived damaged", acts=False),
}
FORM = OpenForm("track_order_form", "postcode", (Filling(entity="postcode"),))


def decided(
    text: str,
    kind: FeelingKind | None,
    read: str = "damaged_on_arrival",
    form: OpenForm | None = None,
    upset: float | None = None,
    in_scope: bool = True,
    **felt: bool,
) -> Decision:
    feeling = None if kind is None else Feeling(kind, "a phrase")
    return decide(
        text,
        [Reading(read, 0.9)],
        ScopeVerdict(in_scope, 0.9, ""),
        (),
        Answers(),
        INTENTS,
        Sharing(0.1),
        form,
        Overrides(upset=upset, felt=Felt(feeling, **felt)),
    )


@pytest.mark.parametrize("kind", ["bereavement", "threat"])
@pytest.mark.parametrize("form", [None, FORM])
@pytest.mark.parametrize("upset", [None, 0.9])
def test_a_death_and_a_threat_come_first(kind: FeelingKind, form: OpenForm | None, upset: float | None) -> None:
    """Under a form, in a question, and whoever else is upset."""
    found = decided("where is it?", kind, "track_order", form, upset)
    assert (found.kind, found.intent, found.feeling) == ("feeling", names.FEELING, kind)


@pytest.mark.parametrize("kind", ["praise", "sarcasm", "insult"])
def test_others_are_answered_where_nothing_else_is_said(kind: FeelingKind) -> None:
    """Whatever fact the message was read as, and outside of all that is known."""
    assert decided("your driver was a star", kind).feeling == kind
    assert decided("your driver was a star", kind, in_scope=False).feeling == kind
    assert decided("your driver was a star", kind, "thanks").feeling == kind


@pytest.mark.parametrize("kind", ["praise", "sarcasm", "insult"])
def test_a_wish_goes_before_them(kind: FeelingKind) -> None:
    """Who praises and asks to have an order tracked has it tracked."""
    assert decided("track my order, star", kind, "track_order").intent == "track_order"


def test_a_question_goes_before_praise_and_not_before_an_insult() -> None:
    """ "Are you stupid?" asks nothing."""
    assert decided("can you help, star?", "praise").feeling == ""
    assert decided("are you stupid?", "insult").feeling == "insult"


def test_one_rude_word_is_no_reason_to_hand_over() -> None:
    """After a calm talk it is answered calmly; after anger it is one word more of it."""
    assert decided("you useless bot", "insult", upset=0.9).feeling == "insult"
    assert decided("you useless bot", "insult", upset=0.9, was_calm=False).intent == names.UPSET_CUSTOMER
    assert decided("a credit to you", "praise", upset=0.9).feeling == "praise"
    assert decided("an angel. And for the third floor?", "praise", "track_order", upset=0.9).intent == "track_order"
    assert decided("thanks for nothing", "sarcasm", upset=0.9).intent == names.UPSET_CUSTOMER


def test_a_complaint_is_heard_and_what_follows_is_more_of_it() -> None:
    """Never "tell me what happened", and then "I can't help with that"."""
    assert decided("I wish to complain", "complaint").intent == names.COMPLAIN
    for in_scope in (True, False):
        more = decided("he was late and rude", None, in_scope=in_scope, tells_complaint=True)
        assert more.intent == names.COMPLAIN


@pytest.mark.parametrize(
    ("text", "read"), [("where is my order", "track_order"), ("will I get this in writing?", "damaged_on_arrival")]
)
def test_a_wish_and_a_question_are_no_more_of_the_complaint(text: str, read: str) -> None:
    """They are taken for what they are."""
    assert decided(text, None, read, tells_complaint=True).intent != names.COMPLAIN


def test_thanks_are_no_more_of_the_complaint() -> None:
    """Nor is a goodbye."""
    assert decided("ok thanks", None, "thanks", tells_complaint=True).intent == "thanks"


def test_despair_is_never_answered_with_no() -> None:
    """What is wrong is answered or done first; where nothing would be, there is a kind word."""
    assert decided("I keep crying at it", "distress", in_scope=False).feeling == "distress"
    assert decided("I keep crying at it", "distress").feeling == "distress"
    assert decided("I keep crying at it, where is it", "distress", "track_order").intent == "track_order"
    assert decided("it is broken, I could cry", "distress", upset=0.9).intent == names.UPSET_CUSTOMER
