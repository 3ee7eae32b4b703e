"""Each way through the arbiter's table: what is decided, how surely, and what the trace gives as the reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.contract.names import AFFIRM, DENY, INFORM, STOP
from bot.dialogue.arbiter import decide
from bot.dialogue.form_input import Filling, OpenForm
from bot.dialogue.weighed import Answers, Decision, EntityFound, IntentFacts, Overrides, Sharing
from bot.nlu.intents.classifier import Reading
from bot.nlu.scope.verdict import ScopeVerdict

INTENTS = {
    "rent_bike": IntentFacts("Rent a bike", acts=True),
    "call_me": IntentFacts("Get a call", acts=True),
    "prices": IntentFacts("Prices", acts=False, articles=("prices",)),
    "terms": IntentFacts("Terms", acts=False, articles=("terms",)),
    **{name: IntentFacts(name, acts=True) for name in (AFFIRM, DENY, INFORM, STOP)},
}
OURS, STRANGE = ScopeVerdict(True, 0.9, "near"), ScopeVerdict(False, 0.2, "far from everything")
CONFIRMING = OpenForm("rent_bike_form", "confirmed", (Filling(intents=frozenset({AFFIRM})),))
TELLING = OpenForm("rent_bike_form", "wishes", (Filling(from_text=True),))
NUMBER = OpenForm("rent_bike_form", "number", (Filling(entity="number"),))


def decided(
    text: str,
    *readings: tuple[str, float],
    scope: ScopeVerdict = OURS,
    answers: Answers = Answers(),  # noqa: B008 - frozen
    form: OpenForm | None = None,
    entities: tuple[EntityFound, ...] = (),
    overrides: Overrides = Overrides(),  # noqa: B008 - frozen
    offered: str = "",
    known: dict[str, IntentFacts] = INTENTS,
) -> Decision:
    """Decide about readings given as pairs."""
    ranking = [Reading(name, confidence) for name, confidence in readings]
    return decide(text, ranking, scope, entities, answers, known, Sharing(lead=0.3), form, overrides, offered)


ALONE, SURE = Answers(alone=True, score=0.61), Answers(alone=True, score=0.97)
OFFERING = Answers(alone=True, score=0.61, offers="rent_bike")
RENT, PRICES, YES = ("rent_bike", 0.8), ("prices", 0.8), (AFFIRM, 0.7)

Row = tuple[Callable[[], Decision], Decision]

WITHOUT_FORM: list[Row] = [
    (
        lambda: decided("you useless lot", RENT, overrides=Overrides(upset=0.9)),
        Decision("upset", "upset_customer", 0.9, "the customer is upset with us by now (0.90)"),
    ),
    (
        lambda: decided("ile kosztuje rower", PRICES, overrides=Overrides(language="pl")),
        Decision("other_language", "other_language", 1.0, "in a language that the assistant does not speak (pl)"),
    ),
    (lambda: decided("👍", RENT), Decision("act", AFFIRM, 1.0, "a sign without a word that says affirm")),
    (lambda: decided("👎", RENT), Decision("act", DENY, 1.0, "a sign without a word that says deny")),
    (lambda: decided("???", RENT), Decision("unclear", "unclear", 1.0, "not a word in it")),
    (
        lambda: decided("👍", RENT, known={"rent_bike": INTENTS["rent_bike"]}),
        Decision("unclear", "unclear", 1.0, "not a word in it"),
    ),
    (
        lambda: decided("yeah do that", YES, offered="rent_bike"),
        Decision("act", "rent_bike", 0.7, "says yes to rent_bike, which was offered just before"),
    ),
    (
        lambda: decided("do I need one", ("call_me", 0.5), ("rent_bike", 0.4), offered="rent_bike"),
        Decision("act", "rent_bike", 0.5, "read as rent_bike, which was offered just before"),
    ),
    (
        lambda: decided(
            "mine is broken, can I have one", RENT, answers=Answers(alone=True, score=0.61, offers="rent_bike")
        ),
        Decision(
            "answer",
            "knowledge_question",
            0.8,
            "an article answers it (0.61), and rent_bike is offered with the answer",
        ),
    ),
    (
        lambda: decided("how much is one?", RENT, answers=SURE),
        Decision(
            "answer", "knowledge_question", 0.8, "an article answers it (0.97), far surer than rent_bike was read"
        ),
    ),
    (
        lambda: decided("the weather", RENT, scope=STRANGE, answers=ALONE),
        Decision("answer", "knowledge_question", 0.8, "outside what the intents know, but an article answers it"),
    ),
    (
        lambda: decided("the weather", RENT, scope=STRANGE),
        Decision("out_of_scope", "out_of_scope", 0.8, "outside what the intents know (far from everything)"),
    ),
    (
        lambda: decided("a bike", ("prices", 0.5), ("terms", 0.4), answers=ALONE),
        Decision(
            "answer", "knowledge_question", 0.5, "prices and terms share the probability, and an article answers it"
        ),
    ),
    (
        lambda: decided("a bike", ("prices", 0.5), ("rent_bike", 0.4)),
        Decision("ask_back", "unclear", 0.5, "prices and rent_bike share the probability", ("prices", "rent_bike")),
    ),
    (lambda: decided("a bike for me", RENT), Decision("act", "rent_bike", 0.8, "read as rent_bike")),
    (
        lambda: decided("what it costs", PRICES, answers=ALONE),
        Decision("answer", "knowledge_question", 0.8, "read as prices, and the best passage of all answers it"),
    ),
    (
        lambda: decided("what it costs", PRICES, answers=Answers(agreed=True)),
        Decision("answer", "knowledge_question", 0.8, "read as prices, and its article answers it", uses_agreed=True),
    ),
    (
        lambda: decided("what it costs", PRICES),
        Decision("no_answer", "unclear", 0.8, "read as prices, but no article's answer is sure enough", ("prices",)),
    ),
    (lambda: decided("hm"), Decision("unclear", "unclear", 0.0, "no intent was read")),
]

AT_A_FORM: list[Row] = [
    (
        lambda: decided("forget it", RENT, form=CONFIRMING),
        Decision("act", STOP, 1.0, "leaves rent_bike_form's question about confirmed"),
    ),
    (
        lambda: decided("I don't know", RENT, form=NUMBER),
        Decision("act", INFORM, 1.0, "does not know the answer to rent_bike_form's question about number"),
    ),
    (
        lambda: decided("go ahead", RENT, form=CONFIRMING),
        Decision("act", AFFIRM, 1.0, "goes ahead at rent_bike_form's question about confirmed"),
    ),
    (
        lambda: decided("a later day", RENT, form=CONFIRMING),
        Decision("act", INFORM, 1.0, "asks for a change at rent_bike_form's question about confirmed"),
    ),
    (
        lambda: decided("yes with a basket", YES, form=TELLING),
        Decision("act", INFORM, 0.7, "says more than yes or no to rent_bike_form's question about wishes"),
    ),
    (
        lambda: decided("yes", YES, form=TELLING),
        Decision("act", AFFIRM, 0.7, "answers rent_bike_form's question about wishes"),
    ),
    (
        lambda: decided("A-17", ("prices", 0.3), form=NUMBER, entities=(EntityFound("number", 0, 4),)),
        Decision("act", INFORM, 0.3, "answers rent_bike_form's question about number"),
    ),
    (
        lambda: decided("mine is broken, can I have one?", PRICES, form=TELLING),
        Decision("act", INFORM, 0.8, "tells something beside what it asks at rent_bike_form's question about wishes"),
    ),
]


@pytest.mark.parametrize(("found", "promised"), WITHOUT_FORM)
def test_each_way_of_the_table_is_taken_and_says_why(found: Callable[[], Decision], promised: Decision) -> None:
    """A trainer reads in the trace why a message was taken as it was."""
    assert found() == promised


@pytest.mark.parametrize(("found", "promised"), AT_A_FORM)
def test_each_way_to_answer_a_form_is_taken_and_says_which_question_it_was(
    found: Callable[[], Decision], promised: Decision
) -> None:
    """The trace names the form and the slot that it asked for."""
    assert found() == promised


def test_only_a_yes_to_something_that_was_offered_takes_it() -> None:
    """A yes to nothing is a yes, a wish that begins with one is a wish, and a form's question comes first."""
    assert decided("yeah do that", YES).intent == AFFIRM
    assert decided("yeah do that", YES, offered="sell_bike").intent == AFFIRM
    assert decided("yes, call me", ("call_me", 0.9), offered="rent_bike").intent == "call_me"
    assert decided("right", YES, offered="rent_bike").intent == AFFIRM
    assert decided("yes", YES, form=CONFIRMING, offered="call_me").intent == AFFIRM


def test_another_wish_at_a_confirmation_changes_nothing() -> None:
    """ "I'd rather have a call" is a wish of its own; another wish for the same form is a change."""
    assert decided("I would rather have a call", ("call_me", 0.9), form=CONFIRMING).intent == "call_me"
    for reading in ("rent_bike", STOP, DENY, "prices"):
        assert decided("rather a red one", (reading, 0.9), form=CONFIRMING).intent == INFORM


def test_a_way_out_needs_an_intent_that_leaves() -> None:
    """Where the company has none, a way out is an answer like any other."""
    known = {name: facts for name, facts in INTENTS.items() if name != STOP}
    assert decided("forget it", (INFORM, 0.6), form=TELLING, known=known).intent == INFORM


def test_go_ahead_and_change_only_mean_something_at_a_confirmation() -> None:
    """A question about a number is not agreed to."""
    for text in ("go ahead", "a later day"):
        assert decided(text, ("call_me", 0.9), form=NUMBER).intent == "call_me"


def test_an_article_outdoes_a_reading_only_where_it_is_surer() -> None:
    """From the line on, and not where both are as sure."""
    at_the_line = Answers(alone=True, score=0.9)
    assert decided("how much is one?", ("rent_bike", 0.8), answers=at_the_line).kind == "answer"
    assert decided("how much is one?", ("rent_bike", 0.9), answers=at_the_line).kind == "act"


def test_readings_just_as_far_apart_as_the_lead_do_not_share() -> None:
    """The first stands alone from the lead on."""
    readings = [Reading("rent_bike", 0.75), Reading("prices", 0.5)]
    found = decide("a bike", readings, OURS, (), Answers(), INTENTS, Sharing(lead=0.25))
    assert (found.kind, found.intent) == ("act", "rent_bike")


def test_at_its_own_form_a_wish_with_a_fault_is_not_offered_again() -> None:
    """Another form's wish may be."""
    text = "mine is broken, can I have one"
    assert decided(text, RENT, answers=OFFERING, form=NUMBER).kind == "act"
    elsewhere = OpenForm("call_me_form", "number", (Filling(entity="number"),))
    assert decided(text, RENT, answers=OFFERING, form=elsewhere).kind == "answer"


def test_a_question_with_the_forms_answer_in_it_is_answered_where_an_article_does() -> None:
    """Surely read as a fact, and answered by its own article: the form waits."""
    entity = (EntityFound("number", 13, 17),)
    asked = decided("what costs a A-17?", PRICES, answers=Answers(agreed=True), form=NUMBER, entities=entity)
    assert asked.kind == "answer"
    assert decided("what costs a A-17?", PRICES, form=NUMBER, entities=entity).intent == INFORM


def test_a_few_words_that_name_the_answer_are_not_the_whole_message() -> None:
    """A foreign sentence around a number is still foreign; a number of one character is the whole of it."""
    foreign = Overrides(language="pl")
    long = "ile kosztuje rower numer A-17"
    assert (
        decided(long, PRICES, form=NUMBER, entities=(EntityFound("number", 25, 29),), overrides=foreign).kind
        == "other_language"
    )
    assert decided("A-17", PRICES, form=NUMBER, entities=(EntityFound("colour", 0, 4),), overrides=foreign).kind == (
        "other_language"
    )


def test_a_doubtful_reading_does_not_agree_with_its_article() -> None:
    """Two witnesses count where both are sure: out of scope, or with another reading as near, they are not."""
    agreed = Answers(agreed=True)
    assert decided("a bike", ("prices", 0.5), ("terms", 0.4), answers=agreed).kind == "ask_back"
    fills = (EntityFound("number", 13, 17),)
    near = decided("what costs a A-17?", ("prices", 0.5), ("terms", 0.4), answers=agreed, form=NUMBER, entities=fills)
    assert near.intent == INFORM
