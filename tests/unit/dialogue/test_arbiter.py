"""Who answers, intent or article: each line of the design's table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue.arbiter import decide
from bot.dialogue.form_input import Filling, OpenForm
from bot.dialogue.weighed import Answers, Decision, EntityFound, IntentFacts, Overrides, Sharing
from bot.dialogue.wish_words import WishWords
from bot.nlu.intents.classifier import Reading
from bot.nlu.scope.verdict import ScopeVerdict

INTENTS = {
    "track_order": IntentFacts("Track an order", acts=True),
    "book_technician": IntentFacts("Book a technician", acts=True),
    "ask_for_person": IntentFacts("Talk to a person", acts=True),
    "thanks": IntentFacts("Thanks", acts=True),
    "inform": IntentFacts("Answer", acts=True),
    "store_hours": IntentFacts("Opening hours", acts=False, articles=("store-hours",)),
    "delivery_time": IntentFacts("Delivery", acts=False, articles=("delivery-times",)),
}
INSIDE = ScopeVerdict(True, 0.9, "near")
OUTSIDE = ScopeVerdict(False, 0.1, "far")
FORM = OpenForm("track_order_form", "order_number", (Filling(entity="order_number"),))


def decided(
    *readings: tuple[str, float],
    text: str = "what was said",
    scope: ScopeVerdict = INSIDE,
    answers: Answers = Answers(),  # noqa: B008 - frozen
    entities: tuple[EntityFound, ...] = (),
    form: OpenForm | None = None,
    overrides: Overrides = Overrides(),  # noqa: B008 - frozen
    offered: str = "",
    intents: Mapping[str, IntentFacts] = INTENTS,
    **more: Any,
) -> Decision:
    """Decide about readings given as pairs."""
    ranking = [Reading(name, confidence) for name, confidence in readings]
    return decide(text, ranking, scope, entities, answers, intents, Sharing(lead=0.3), form, overrides, offered, **more)


def test_an_intent_that_acts_and_is_in_scope_acts() -> None:
    """The rules see the intent itself."""
    decision = decided(("track_order", 0.9), ("store_hours", 0.1))
    assert (decision.kind, decision.intent, decision.confidence) == ("act", "track_order", 0.9)


def test_a_question_with_a_passage_of_its_own_articles_is_answered() -> None:
    """Intent and article bear each other out."""
    decision = decided(("store_hours", 0.9), answers=Answers(agreed=True))
    assert (decision.kind, decision.intent, decision.uses_agreed) == ("answer", "knowledge_question", True)


def test_a_question_that_another_article_answers_strongly_is_answered_by_it() -> None:
    """Trainers cannot list every article."""
    decision = decided(("store_hours", 0.9), answers=Answers(alone=True))
    assert (decision.kind, decision.uses_agreed) == ("answer", False)


def test_a_question_without_a_passage_is_admitted_to_have_no_answer() -> None:
    """Nothing is made up."""
    decision = decided(("store_hours", 0.9))
    assert (decision.kind, decision.intent, decision.choices) == ("no_answer", "unclear", ("store_hours",))


def test_readings_that_share_the_probability_are_asked_back() -> None:
    """The customer chooses among those, and no others."""
    decision = decided(("track_order", 0.45), ("delivery_time", 0.35), ("thanks", 0.01))
    assert (decision.kind, decision.intent) == ("ask_back", "unclear")
    assert decision.choices == ("track_order", "delivery_time")


def test_an_article_settles_what_two_questions_share() -> None:
    """Both ask for facts, so asking back would only cost a turn."""
    shared = (("store_hours", 0.45), ("delivery_time", 0.4))
    assert decided(*shared, answers=Answers(alone=True)).kind == "answer"
    assert decided(*shared).kind == "ask_back"


def test_an_article_does_not_settle_what_an_act_shares() -> None:
    """Acting is more than answering; only the customer can say."""
    assert decided(("track_order", 0.45), ("delivery_time", 0.4), answers=Answers(alone=True)).kind == "ask_back"


def test_out_of_scope_with_a_strong_passage_is_answered() -> None:
    """Articles know more than intents."""
    assert decided(("track_order", 0.4), scope=OUTSIDE, answers=Answers(alone=True)).kind == "answer"


def test_out_of_scope_is_not_answered_by_an_article_that_only_agrees() -> None:
    """Agreement with a reading that is not believed is worth nothing."""
    decision = decided(("store_hours", 0.9), scope=OUTSIDE, answers=Answers(agreed=True))
    assert (decision.kind, decision.intent) == ("out_of_scope", "out_of_scope")


def test_the_best_passage_answers_although_the_readings_own_article_would_do() -> None:
    """D5, kind 4: the evidence is compared; a far better article is quoted, not the one that the intent names."""
    decision = decided(("delivery_time", 0.99), answers=Answers(alone=True, agreed=True, score=0.97))
    assert (decision.kind, decision.uses_agreed) == ("answer", False)


def test_a_question_that_an_article_answers_far_more_surely_is_not_acted_on() -> None:
    """D5, kind 4: "What happens to my order during the warehouse move?" opens no form."""
    strong = Answers(alone=True, score=0.99)
    asked = "What happens to my order during the move?"
    assert decided(("track_order", 0.54), text=asked, answers=strong).kind == "answer"
    assert decided(("track_order", 0.45), ("delivery_time", 0.4), text=asked, answers=strong).kind == "answer"
    assert decided(("track_order", 0.995), text=asked, answers=strong).kind == "act"
    assert decided(("track_order", 0.54), text=asked, answers=Answers(alone=True, score=0.6)).kind == "act"


def test_a_wish_is_done_however_well_an_article_tells_about_it() -> None:
    """Kind 4: "I need a return number" asks for something to be done, and is no question."""
    strong = Answers(alone=True, score=0.999)
    assert decided(("track_order", 0.6), text="I need to see my order", answers=strong).kind == "act"


def test_an_articles_own_title_is_a_question_for_it_unless_it_is_surely_a_wish() -> None:
    """D5, kind 4: titles need no question mark."""
    titled = Answers(alone=True, score=0.97, named=True)
    shared = (("book_technician", 0.38), ("delivery_time", 0.2))
    assert decided(*shared, text="Pressure washer hire", answers=titled).kind == "answer"
    assert decided(("track_order", 0.6), text="Track your order", answers=titled).kind == "act"
    assert decided(("track_order", 0.99), text="How do I track my order?", answers=titled).kind == "answer"


def test_nothing_read_at_all_is_unclear() -> None:
    """A model without intents must not fail in conversation."""
    assert decided().kind == "unclear"


def test_a_bare_answer_to_a_form_is_input_however_strange_it_looks() -> None:
    """An order number is none of the intents' business."""
    decision = decided(
        ("thanks", 0.3),
        ("track_order", 0.2),
        text="LF-1234566",
        scope=OUTSIDE,
        entities=(EntityFound("order_number", 0, 10),),
        form=FORM,
    )
    assert (decision.kind, decision.intent) == ("act", "inform")


def test_a_question_in_the_middle_of_a_form_is_answered() -> None:
    """The form goes on afterwards."""
    decision = decided(
        ("delivery_time", 0.9), text="how long does delivery take?", answers=Answers(agreed=True), form=FORM
    )
    assert decision.kind == "answer"


def test_a_person_wanted_for_an_order_is_fetched_although_the_order_number_is_said() -> None:
    """The number is not what the message is about."""
    text = "I want to talk to a person about LF-1234566"
    decision = decided(("ask_for_person", 0.95), text=text, entities=(EntityFound("order_number", 33, 43),), form=FORM)
    assert (decision.kind, decision.intent) == ("act", "ask_for_person")


def test_a_danger_goes_before_an_upset_customer_and_an_open_form() -> None:
    """P1: the first line of the table."""
    decision = decided(("track_order", 0.9), form=FORM, overrides=Overrides(language="pl", upset=0.9, danger="gas"))
    assert (decision.kind, decision.intent, decision.why) == ("danger", "danger", "tells of a danger (gas)")


def test_an_upset_customer_goes_before_everything() -> None:
    """Whatever they ask for, and whatever a form waits for."""
    decision = decided(("track_order", 0.9), form=FORM, overrides=Overrides(language="pl", upset=0.9))
    assert (decision.kind, decision.intent, decision.confidence) == ("upset", "upset_customer", 0.9)


def test_a_foreign_message_is_not_read_as_if_it_were_english() -> None:
    """Not even where an article seems to answer it, or a form takes free text."""
    free_text = OpenForm("repair_form", "problem", (Filling(from_text=True),))
    for form in (None, free_text):
        decision = decided(
            ("store_hours", 0.9), answers=Answers(alone=True), form=form, overrides=Overrides(language="es")
        )
        assert (decision.kind, decision.intent) == ("other_language", "other_language")


def test_what_a_form_asked_for_has_no_language() -> None:
    """An order number with a polite word of Spanish fills the form."""
    named = (EntityFound("order_number", 0, 10),)
    overrides = Overrides(language="es")
    text = "LF-1000017 por favor"
    assert decided(("inform", 0.9), text=text, entities=named, form=FORM, overrides=overrides).kind == "act"
    assert decided(("inform", 0.9), text=text, entities=named, overrides=overrides).kind == "other_language"


VISIT = Answers(alone=True, score=0.6, offers="book_technician")


def test_a_fault_that_is_told_with_a_question_for_a_visit_is_answered() -> None:
    """W5, kind 4: the visit is offered with the answer; who asks for it alone, or has decided, is not asked whether."""
    sure = ("book_technician", 0.9)
    assert decided(sure, text="it does not drain, can someone come", answers=VISIT).kind == "answer"
    assert decided(sure, text="it does not drain, please send someone", answers=VISIT).kind == "act"
    assert decided(sure, text="can someone come and drain it?", answers=VISIT).kind == "act"
    assert decided(sure, text="it is late, can someone come", answers=Answers(alone=True, score=0.6)).kind == "act"


def test_an_answer_settles_what_a_fault_and_its_offer_share() -> None:
    """W5: another intent that acts is still asked back about."""
    assert decided(("delivery_time", 0.5), ("book_technician", 0.4), answers=VISIT).kind == "answer"
    assert decided(("delivery_time", 0.5), ("track_order", 0.4), answers=VISIT).kind == "ask_back"


def test_what_was_offered_is_meant_where_readings_share_the_probability() -> None:
    """W5, kind 3: only what was offered alone, and only where it was read at all."""
    shared = (("ask_for_person", 0.5), ("book_technician", 0.4))
    assert decided(*shared, offered="book_technician").intent == "book_technician"
    assert decided(*shared).kind == "ask_back"
    assert decided(("ask_for_person", 0.9), ("book_technician", 0.05), offered="book_technician").intent == (
        "ask_for_person"
    )


OWN_WORDS = OpenForm("book_technician_form", "problem", (Filling(from_text=True, intents=frozenset({"inform"})),))


def test_what_is_told_beside_a_question_answers_a_form_that_wants_own_words() -> None:
    """D9, kind 3: "it leaks, can you fix it?" is a problem, also where it is read as the form's own wish."""
    for reading in ("store_hours", "book_technician"):
        decision = decided((reading, 0.9), text="it leaks, can you fix it?", form=OWN_WORDS)
        assert (decision.kind, decision.intent) == ("act", "inform")


def test_a_question_that_an_article_answers_and_another_wish_come_first() -> None:
    """D9, kind 3: what is told beside them is no reason to keep them waiting."""
    text = "it leaks, what does that cost?"
    assert decided(("store_hours", 0.9), text=text, form=OWN_WORDS, answers=Answers(alone=True)).kind == "answer"
    assert decided(("ask_for_person", 0.9), text="it leaks, can I talk to you?", form=OWN_WORDS).intent == (
        "ask_for_person"
    )
    assert decided(("store_hours", 0.9), text="can you fix it?", form=OWN_WORDS).intent != "inform"


def test_a_reading_that_nobody_is_asked_about_blocks_no_article() -> None:
    """P8: an article of .71 is not asked back about because of a yes that nobody said."""
    shared = (("affirm", 0.2), ("store_hours", 0.15))
    intents = {**INTENTS, "affirm": IntentFacts("Yes", acts=True)}
    ranking = [Reading(name, confidence) for name, confidence in shared]
    decision = decide("the shelf", ranking, INSIDE, (), Answers(alone=True, score=0.71), intents, Sharing(lead=0.3))
    assert decision.kind == "answer"
    without = decide("the shelf", ranking, INSIDE, (), Answers(), intents, Sharing(lead=0.3))
    assert (without.kind, without.choices) == ("ask_back", ("store_hours",))


def test_the_better_proven_wins_where_a_question_is_shared() -> None:
    """A wish is told in statements: there next to nothing may speak for doing."""
    shared = (("delivery_time", 0.3), ("track_order", 0.2))
    assert decided(*shared, text="is it late?", answers=Answers(alone=True, score=0.7)).kind == "answer"
    assert decided(*shared, text="is it late?", answers=Answers(alone=True, score=0.3)).kind == "ask_back"
    assert decided(*shared, text="it is late", answers=Answers(alone=True, score=0.7)).kind == "ask_back"


def test_an_answer_that_depends_on_the_product_asks_for_it() -> None:
    """Unless something is to be done, or a form is open, which asks for itself."""
    depends = Answers(alone=True, score=0.8, depends=("bike", "boat"))
    decision = decided(("store_hours", 0.9), answers=depends)
    assert (decision.kind, decision.intent, decision.choices) == ("ask_value", "unclear", ("bike", "boat"))
    assert decided(("track_order", 0.9), answers=depends).kind == "act"
    assert decided(("store_hours", 0.9), answers=depends, form=FORM).kind == "answer"


def test_a_completed_question_is_answered_unless_something_was_surely_meant() -> None:
    """The message alone says half, so what it was read as counts for little."""
    whole = Answers(alone=True, score=0.6, completed=True)
    assert decided(("track_order", 0.3), ("thanks", 0.28), answers=whole).kind == "answer"
    assert decided(("track_order", 0.9), answers=whole).kind == "act"
    value = Answers(alone=True, score=0.6, completed=True, value=True)
    assert decided(("inform", 0.95), answers=value).kind == "answer"


def test_a_completed_question_that_reads_as_a_way_out_leaves_nothing() -> None:
    """ "So do I leave it alone then?" asks; who says that they leave it is done."""
    whole = Answers(alone=True, score=0.6, completed=True)
    intents = {**INTENTS, "stop": IntentFacts("Stop", acts=True)}
    for text, kind in (("so do I leave it alone then?", "answer"), ("so I leave it alone", "act"), ("stop", "act")):
        assert decided(("stop", 0.9), text=text, answers=whole, intents=intents).kind == kind


def test_what_reads_as_an_answer_where_nothing_was_asked_is_a_question_for_an_article() -> None:
    """ "Monthly" is none of our forms' answers; a plain yes stays one."""
    strong = Answers(alone=True, score=0.86)
    assert decided(("inform", 0.95), text="monthly", answers=strong).kind == "answer"
    assert decided(("inform", 0.95), text="monthly", answers=Answers(alone=True, score=0.5)).kind == "act"
    assert decided(("inform", 0.95), text="yes", answers=strong).kind == "act"
    assert decided(("inform", 0.95), text="monthly", answers=strong, offered="track_order").kind == "act"
    value = (EntityFound("product", 0, 7),)
    assert decided(("inform", 0.95), text="Heron 9", answers=strong, entities=value).kind == "act"


def test_outside_the_scope_an_article_that_may_be_about_it_is_offered() -> None:
    """Not sure enough to answer, and too likely to say that it is none of ours."""
    assert decided(("track_order", 0.1), scope=OUTSIDE, answers=Answers(likely=0.5)).kind == "unclear"
    assert decided(("track_order", 0.1), scope=OUTSIDE, answers=Answers(likely=0.1)).kind == "out_of_scope"


def test_where_several_articles_may_answer_the_customer_is_asked() -> None:
    """Inside the scope and outside; two witnesses who agree answer all the same."""
    several = Answers(several=True, likely=0.2)
    assert decided(("store_hours", 0.9), answers=several).kind == "ask_back"
    assert decided(("track_order", 0.1), scope=OUTSIDE, answers=several).kind == "unclear"
    assert decided(("store_hours", 0.9), answers=Answers(several=True, agreed=True)).kind == "answer"
    assert decided(("track_order", 0.9), answers=several).kind == "act"


def test_a_words_own_wish_yields_to_an_article_that_surely_speaks_of_it() -> None:
    """ "Somebody at the door with a password" is no booking where an article is about passwords at the door."""
    wishes = WishWords({"book_technician": frozenset({"somebody"})})
    intents = {**INTENTS, "fault": IntentFacts("A fault", acts=False, offers="book_technician")}
    asked: dict[str, Any] = {"text": "somebody at the door with a password", "intents": intents, "wishes": wishes}
    assert decided(("store_hours", 0.8), answers=Answers(alone=True, score=0.95), **asked).kind == "answer"
    assert decided(("store_hours", 0.8), answers=Answers(alone=True, score=0.5), **asked).intent == "book_technician"
    assert decided(("fault", 0.8), answers=Answers(alone=True, score=0.95), **asked).intent == "book_technician"
