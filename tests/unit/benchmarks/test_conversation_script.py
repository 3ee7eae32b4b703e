"""What a scripted customer says next: which lines are answers, when they are said, and what the facts are for."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.conversation_script import (
    MOST_OF_A_KIND,
    MOST_UNSCRIPTED,
    OWN_EMAIL,
    UNKNOWN,
    Next,
    Script,
    Situation,
    are_products,
    asked_besides,
    asks_in_words,
    kinds_of_slot,
    values_of,
)

NOTHING = Situation()


def _asks(*kinds: str, **more: Any) -> Situation:
    return Situation(asks=frozenset(kinds), **more)


def _script(*turns: Any, **more: Any) -> Script:
    return Script.of({"id": "X001", "kind": "technician", "turns": list(turns)} | more)


def _said(script: Script, *situations: Situation) -> list[str]:
    said = [script.next(now) for now in situations]
    return [one.text if one else "-" for one in said]


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("LS6 2AB", {"postcode"}),
        ("ls 16 9 du", {"postcode"}),
        ("sk43gn", {"postcode"}),
        ("lf6043012", {"order"}),
        ("LF-9796111 / WF10 6XY", {"order", "postcode"}),
        ("someone@example.org", {"email"}),
        ("0113 496 0000", {"phone"}),
        ("tues pm", {"day", "time"}),
        ("thersday arfternoon", {"day", "time"}),
        ("monday morning if theres anything", {"day", "time"}),
        ("the washer", {"product"}),
        ("washing machine, heron", {"product"}),
        ("collect it please", {"how"}),
        ("yes that's right", {"confirmation"}),
        ("thank you so much yes", {"confirmation"}),
        ("go on then yes", {"confirmation"}),
        ("like i say it leaks from the door", {"fault"}),
        ("the oven, it leaks from the door", {"fault", "product"}),
    ],
)
def test_a_line_that_is_only_a_value_answers_a_question_for_it(line: str, kinds: set[str]) -> None:
    """However it is typed."""
    assert values_of(line, {"fault": "leaks from the door"}) == kinds


@pytest.mark.parametrize(
    "line",
    [
        "and sundays",
        "sundays?",
        "sorry its the oven not the dishwasher",
        "oops fat fingers, YO10 4DD",
        "hang on. LF-1000017",
        "yes please if someone could come. BD4 6AB",
        "how much will that cost me?",
        "nah that's no good. book us an engineer for the washer, it leaks like mad",
        "thanks",
        "ok",
        "why can't you do it",
    ],
)
def test_a_line_that_says_more_is_no_answer(line: str) -> None:
    """A question, a correction, a wish and thanks are said whatever is asked."""
    assert values_of(line, {"fault": "leaks from the door"}) == frozenset()


def test_the_first_line_is_said_although_it_is_only_a_value() -> None:
    """A customer who opens with an order number has not been asked for it."""
    assert _said(_script("LF-1000017"), NOTHING) == ["LF-1000017"]


def test_an_answer_waits_for_its_question_and_is_left_out_without_it() -> None:
    """An assistant that knows the postcode already does not hear it, and the report says so."""
    script = _script("my oven is broken", "LS6 2AB", "how much is it?")
    assert _said(script, NOTHING, NOTHING, NOTHING) == ["my oven is broken", "how much is it?", "-"]
    assert script.left_out == {2: 1}


def test_an_answer_that_was_passed_over_is_said_when_its_question_comes() -> None:
    """The order of the questions is the assistant's."""
    script = _script("my oven is broken", "LS6 2AB", "can somebody come?", "someone@example.org", min=2)
    assert _said(script, NOTHING, NOTHING, _asks("postcode"), _asks("email")) == [
        "my oven is broken",
        "can somebody come?",
        "LS6 2AB",
        "someone@example.org",
    ]
    assert script.left_out == {}


def test_what_the_script_does_not_foresee_is_answered_from_the_facts() -> None:
    """And where these are silent, by a sentence that says so."""
    script = _script("a technician", "LS6 2AB", facts={"product": "oven"})
    assert script.next(NOTHING) == Next("a technician", "script", (1,))
    assert script.next(_asks("product")) == Next("oven", "facts", answers=True)
    assert script.next(_asks("name")) == Next(UNKNOWN, "unknown", answers=True)
    assert script.next(_asks("postcode")) == Next("LS6 2AB", "script", (2,), answers=True)


def test_everybody_knows_their_own_e_mail_address() -> None:
    """Where the facts name another, that one."""
    script = _script("a technician", "thanks", min=2)
    assert _said(script, NOTHING, NOTHING, _asks("email"))[-1] == OWN_EMAIL
    script = _script("a technician", min=2, facts={"email": "other@example.org"})
    assert _said(script, NOTHING, _asks("email"))[-1] == "other@example.org"


def test_a_line_that_says_more_comes_before_the_facts() -> None:
    """The author wrote it for this place."""
    script = _script("a technician", "its making a racket", facts={"product": "oven"})
    assert _said(script, NOTHING, _asks("product")) == ["a technician", "its making a racket"]


def test_values_that_are_asked_for_together_are_said_together() -> None:
    """One turn, as a customer would."""
    script = _script("where is it", "LF-1000017", "LS6 2AB")
    both = _asks("order", besides=frozenset({"postcode"}))
    assert script.next(NOTHING) is not None
    assert script.next(both) == Next("LF-1000017, LS6 2AB", "script", (2, 3), answers=True)


def test_a_yes_is_said_where_something_invites_it() -> None:
    """An offer or a question; without one it would answer nothing."""
    assert _said(_script("hello", "yes"), NOTHING, Situation(invites=True)) == ["hello", "yes"]
    assert _said(_script("hello", "yes"), NOTHING, NOTHING) == ["hello", "-"]


@pytest.mark.parametrize("owner", ["queue", "human"])
def test_in_the_line_and_with_a_person_everything_is_said_as_it_comes(owner: str) -> None:
    """Nobody asks by name there."""
    now = Situation(owner=owner, asks=frozenset({"email"}))
    assert _said(_script("a person", "LS6 2AB", "thanks"), NOTHING, now, now) == ["a person", "LS6 2AB", "thanks"]


def test_a_line_of_the_desk_is_no_customers_and_has_no_number() -> None:
    """The checks count the customer's lines."""
    script = _script("a person", {"desk": "claim"}, "hello")
    waiting = Situation(owner="queue")
    assert [script.next(NOTHING), script.next(waiting), script.next(waiting)] == [
        Next("a person", "script", (1,)),
        Next("claim", "desk"),
        Next("hello", "script", (2,)),
    ]


def test_only_somebody_with_a_goal_goes_on_answering_when_the_lines_are_used_up() -> None:
    """A question at the end of a chat is left; a booking is finished."""
    facts = {"email": "someone@example.org"}
    assert _said(_script("a technician", facts=facts), NOTHING, _asks("email")) == ["a technician", "-"]
    script = _script("a technician", facts=facts, min=2)
    assert _said(script, NOTHING, _asks("email"), _asks("confirmation"), NOTHING) == [
        "a technician",
        "someone@example.org",
        "yes",
        "-",
    ]


def test_an_assistant_that_asks_in_circles_is_left_in_the_end() -> None:
    """The same answer twice, and not more than so many in all."""
    script = _script("a technician", min=2)
    assert _said(script, NOTHING, *[_asks("name")] * 4) == ["a technician", *[UNKNOWN] * MOST_OF_A_KIND, "-", "-"]
    script = _script("a technician", min=2)
    kinds = [f"kind {number}" for number in range(MOST_UNSCRIPTED + 2)]
    assert _said(script, NOTHING, *map(_asks, kinds)).count(UNKNOWN) == MOST_UNSCRIPTED


def test_a_choice_that_no_line_answers_is_not_known_once() -> None:
    """Then the customer goes on with what they came to say."""
    script = _script("it is broken", "LS6 2AB", "can somebody come?")
    choice = Situation(chooses=True, invites=True)
    assert _said(script, NOTHING, choice, choice, choice) == ["it is broken", UNKNOWN, "can somebody come?", "-"]


def test_a_choice_that_names_what_the_customer_came_for_is_taken() -> None:
    """Where the script has only a value to say; a question in its lines is said instead."""
    choice = Situation(chooses=True, choices=("Move or cancel a technician's visit", "Book a technician"))
    script = _script("a visit for my oven", "LS6 2AB", min=2)
    assert script.next(NOTHING) == Next("a visit for my oven", "script", (1,))
    assert script.next(choice) == Next("Book a technician", "facts", answers=True)
    assert script.next(_asks("postcode")) == Next("LS6 2AB", "script", (2,), answers=True)
    assert _said(_script("a visit", "how much is it?"), NOTHING, choice) == ["a visit", "how much is it?"]
    back = _script("it is too loud", "LS6 2AB", kind="fragment", checks={"end": {"returned": {"order": "LF-1"}}})
    offered = Situation(chooses=True, choices=("Book a technician", "Send an item back"))
    assert _said(back, NOTHING, offered) == ["it is too loud", "Send an item back"]


def test_a_slot_stands_for_the_kinds_of_values_that_fill_it() -> None:
    """A day and a time fill an appointment; a slot that nobody knows stands for itself."""
    assert kinds_of_slot("appointment") == {"day", "time"}
    assert kinds_of_slot("confirm_booking") == {"confirmation"}
    assert kinds_of_slot("colour") == {"colour"}
    assert kinds_of_slot(None) == frozenset()


def test_a_question_for_two_values_is_read_from_its_words() -> None:
    """But not what another sentence names."""
    order = frozenset({"order"})
    assert asked_besides(["What are your order number and postcode?"], order) == {"postcode"}
    assert asked_besides(["What is your order number? The postcode comes next."], order) == frozenset()


def test_a_question_without_a_form_is_read_from_its_words_or_its_choices() -> None:
    """ "Which appliance?" asks for a product, and so do appliances to choose from."""
    assert asks_in_words(["Which appliance is it?"]) == {"product"}
    assert asks_in_words(["The appliance hums."]) == frozenset()
    assert are_products(["Dishwasher", "Washing machine"])
    assert not are_products(["Dishwasher", "Book a technician"])
    assert not are_products(["Dishwasher"])
