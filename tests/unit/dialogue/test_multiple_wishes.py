"""Several wishes in one message: their order, what points back, what waits, what a hand-off leaves."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.dialogue.multiple_wishes import (
    LONGEST_WAITING,
    MOST_WAITING,
    MOST_WISHES,
    Part,
    in_order,
    must_wait,
    parts_of,
    said_once,
    waiting_in,
    with_unanswered,
)

FORMS = {"track_order_form", "book_technician_form"}


def part(text: str, intent: str = "knowledge_question", kind: str = "answer") -> Part:
    """A wish as it was decided about."""
    return Part(text, {"intent": {"name": intent}, "decision": {"kind": kind}, "knowledge": {"answer": text}})


def test_answers_come_first_and_what_opens_a_form_last() -> None:
    """Else in the customer's order."""
    said = [part("track", "track_order", "act"), part("hours"), part("LS6 2AB", "inform", "act"), part("price")]
    assert [one.text for one in in_order(said, FORMS, form_is_open=True)] == ["LS6 2AB", "hours", "price", "track"]
    assert [one.text for one in in_order(said, FORMS, form_is_open=False)] == ["hours", "LS6 2AB", "price", "track"]


def test_a_wish_that_would_open_a_form_waits_while_another_is_open() -> None:
    """One that opens the same form again, or none, is taken at once."""
    track, hours = part("track", "track_order", "act"), part("hours")
    assert must_wait(track, FORMS, open_form="book_technician_form")
    assert not must_wait(track, FORMS, open_form="track_order_form")
    assert not must_wait(track, FORMS, open_form=None)
    assert not must_wait(hours, FORMS, open_form="book_technician_form")


def _parts(text: str, spans: list[tuple[int, int]], kinds: dict[str, str]) -> tuple[list[Part], list[str]]:
    asked: list[str] = []

    async def understand(wish: str) -> dict[str, Any]:
        asked.append(wish)
        return part(wish, kind=kinds.get(wish, "answer")).heard

    whole = {"wishes": [{"start": start, "end": end} for start, end in spans], "text": text}
    return asyncio.run(parts_of(text, whole, understand)), asked


def test_each_wish_is_understood_by_itself() -> None:
    """In its own words."""
    parts, asked = _parts("a visit please. when do you open?", [(0, 15), (16, 33)], {})
    assert [one.text for one in parts] == asked == ["a visit please.", "when do you open?"]


def test_a_wish_that_points_back_is_understood_with_the_one_before() -> None:
    """When it says nothing alone."""
    parts, _ = _parts("a visit please. how much is it?", [(0, 15), (16, 31)], {"how much is it?": "unclear"})
    assert [one.text for one in parts] == ["a visit please.", "how much is it?"]
    assert parts[1].kind == "answer"


def test_what_is_no_wish_even_so_stays_with_the_one_before() -> None:
    """Then the message is one wish after all, and taken whole."""
    kinds = {"can i touch it": "unclear", "on display? can i touch it": "unclear"}
    parts, _ = _parts("on display? can i touch it", [(0, 11), (12, 26)], kinds)
    assert [one.text for one in parts] == ["on display? can i touch it"]


def test_a_message_without_several_wishes_is_one() -> None:
    """And read once."""
    parts, asked = _parts("when do you open?", [], {})
    assert ([one.text for one in parts], asked) == (["when do you open?"], [])


def test_a_states_waiting_wishes_are_checked() -> None:
    """They travelled through another process."""
    assert waiting_in(None) == []
    assert waiting_in({"waiting": "x"}) == []
    assert waiting_in({"waiting": ["a", 1, None, " "]}) == ["a"]
    assert [len(text) for text in waiting_in({"waiting": ["x" * 5000] * 9})] == [LONGEST_WAITING] * MOST_WAITING


def test_a_question_that_is_repeated_is_said_once_at_its_last_place() -> None:
    """A form asks again after each interruption."""
    postcode, hours = {"text": "postcode?"}, {"text": "10 to 4"}
    assert said_once([postcode, hours, postcode]) == [hours, postcode]


def test_a_hand_off_says_what_nobody_has_answered() -> None:
    """Behind the question that it was about."""
    assert with_unanswered({"last_question": "a person"}, ["hours?"])["last_question"] == "a person / hours?"
    assert with_unanswered({"last_question": ""}, []) == {"last_question": ""}


def test_a_message_with_very_many_wishes_has_its_rest_in_the_last_part() -> None:
    """None is dropped, and no more are understood than anybody says in earnest."""
    text = "".join(f"wish {number:02}. " for number in range(12))
    parts, asked = _parts(text, [(9 * number, 9 * number + 8) for number in range(12)], {})
    assert len(parts) == len(asked) == MOST_WISHES
    assert [one.text for one in parts[:2]] == ["wish 00.", "wish 01."]
    assert parts[-1].text == text[45:-1]


def _offering(text: str, article: bool = True, entities: tuple[str, ...] = ()) -> dict[str, Any]:
    kind, intent = ("answer", "knowledge_question") if article else ("act", "book_technician")
    decision = {"kind": kind, "offers": "book_technician"}
    return {"intent": {"name": intent}, "decision": decision, "entities": [{"entity": name} for name in entities]}


def _with_offer(second: str, entities: tuple[str, ...] = ()) -> list[Part]:
    text = f"it does not dry. {second}"

    async def understand(wish: str) -> dict[str, Any]:
        return _offering(wish) if wish == "it does not dry." else _offering(wish, article=False, entities=entities)

    spans = [{"start": 0, "end": 16}, {"start": 17, "end": len(text)}]
    return asyncio.run(parts_of(text, {"wishes": spans}, understand))


def test_a_question_for_what_is_offered_anyway_is_answered_by_the_offer() -> None:
    """W5: it is offered or done, and not both."""
    [only] = _with_offer("can anyone come round?")
    assert only.offers == "book_technician"
    assert only.text == "it does not dry. can anyone come round?"


def test_who_asks_outright_or_says_when_has_it_done_and_is_not_offered_it() -> None:
    """A cousin of W5: no wish and no day is dropped."""
    for second, entities in (("please send someone", ()), ("can someone come on Tuesday?", ("date",))):
        answered, wanted = _with_offer(second, entities)
        assert answered.offers == ""
        assert wanted.intent == "book_technician"


def test_what_is_told_is_understood_alone_where_the_whole_has_no_answer() -> None:
    """W5: the question for somebody changes how a fault reads, and not what answers it."""
    asked: list[str] = []

    async def understand(wish: str) -> dict[str, Any]:
        asked.append(wish)
        return _offering(wish)

    whole = {**_offering("", article=False), "wishes": None}
    [only] = asyncio.run(parts_of("my freezer is icing up. Can you get someone to me?", whole, understand))
    assert asked == ["my freezer is icing up"]
    assert only.answers
    asked.clear()
    asyncio.run(parts_of("please send someone", _offering("", article=False), understand))
    assert asked == []


def test_the_most_wishes_that_are_understood_alone_are_all_of_them() -> None:
    """Only one more than that is joined with the last."""
    text = "".join(f"wish {number:02}. " for number in range(MOST_WISHES))
    parts, _ = _parts(text, [(9 * number, 9 * number + 8) for number in range(MOST_WISHES)], {})
    assert [one.text for one in parts] == [f"wish {number:02}." for number in range(MOST_WISHES)]


def test_a_wish_that_is_understood_alone_is_not_joined_however_it_points_back() -> None:
    """Nor is one that points nowhere, however little was understood of it."""
    _, asked = _parts("a visit please. how much is it?", [(0, 15), (16, 31)], {})
    assert asked == ["a visit please.", "how much is it?"]
    parts, asked = _parts("a visit please. blue bananas", [(0, 15), (16, 28)], {"blue bananas": "unclear"})
    assert asked == ["a visit please.", "blue bananas"]
    assert [one.kind for one in parts] == ["answer", "unclear"]


def test_what_is_no_wish_alone_is_kept_with_the_one_before_and_the_next_wish_is_still_understood() -> None:
    """The joined part has both texts, and what was understood of both."""
    kinds = {"is it so": "unclear", "on display. is it so": "no_answer"}
    text = "on display. is it so when do you open?"
    parts, asked = _parts(text, [(0, 11), (12, 20), (21, 38)], kinds)
    assert [(one.text, one.kind) for one in parts] == [
        ("on display. is it so", "no_answer"),
        ("when do you open?", "answer"),
    ]
    assert asked[-1] == "when do you open?"


def test_an_answer_that_was_given_before_is_not_given_twice() -> None:
    """Understood with the one before it, a wish that finds the same article says nothing new."""

    async def understand(wish: str) -> dict[str, Any]:
        kind = "no_answer" if wish == "how much is it?" else "answer"
        return {"intent": {"name": "prices"}, "decision": {"kind": kind}, "knowledge": {"answer": "the same"}}

    whole = {"wishes": [{"start": 0, "end": 15}, {"start": 16, "end": 31}]}
    parts = asyncio.run(parts_of("a visit please. how much is it?", whole, understand))
    assert [one.kind for one in parts] == ["answer", "no_answer"]


def test_what_was_told_answers_only_with_the_same_offer_and_without_losing_a_day() -> None:
    """W5: else the whole message is what was understood."""
    text = "my freezer is icing up. Can you get someone to me on Tuesday?"

    def taken(told: dict[str, Any], entities: tuple[str, ...] = ()) -> Part:
        async def understand(wish: str) -> dict[str, Any]:
            return told

        [only] = asyncio.run(parts_of(text, _offering("", article=False, entities=entities), understand))
        assert only.text == text
        return only

    other = {**_offering(""), "decision": {"kind": "answer", "offers": "sell_one"}}
    assert taken(_offering("")).answers
    assert taken(_offering("", entities=("date",)), entities=("date",)).answers
    assert not taken(_offering(""), entities=("date",)).answers
    assert not taken(_offering("", entities=("product",)), entities=("date",)).answers
    assert not taken(other).answers
    assert not taken(_offering("", article=False)).answers


def test_a_whole_message_that_is_answered_or_offers_nothing_is_not_understood_again() -> None:
    """Each reading costs time."""

    async def understand(wish: str) -> dict[str, Any]:
        raise AssertionError(wish)

    text = "my freezer is icing up. Can you get someone to me?"
    for whole in (_offering(""), part("", "book_technician", "act").heard, part("").heard):
        [only] = asyncio.run(parts_of(text, dict(whole), understand))
        assert only.heard == whole


def test_an_offer_that_another_part_takes_changes_no_third_part() -> None:
    """The answer keeps its words and loses its offer, or takes the question for it along; the rest stays."""

    async def understand(wish: str) -> dict[str, Any]:
        if wish.startswith("it does"):
            return _offering(wish)
        return part(wish, "track_order", "act").heard if "order" in wish else _offering(wish, article=False)

    def parts(second: str) -> list[Part]:
        text = f"my order please. it does not dry. {second}"
        spans = [{"start": 0, "end": 16}, {"start": 17, "end": 33}, {"start": 34, "end": len(text)}]
        return asyncio.run(parts_of(text, {"wishes": spans}, understand))

    assert [(one.text, one.intent, one.offers) for one in parts("can anyone come round?")] == [
        ("my order please.", "track_order", ""),
        ("it does not dry. can anyone come round?", "knowledge_question", "book_technician"),
    ]
    assert [(one.text, one.intent, one.answers, one.offers) for one in parts("please send someone")] == [
        ("my order please.", "track_order", False, ""),
        ("it does not dry.", "knowledge_question", True, ""),
        ("please send someone", "book_technician", False, "book_technician"),
    ]


def test_an_answer_with_an_offer_that_nobody_asked_for_keeps_it() -> None:
    """And is said behind the other answers, but before what opens a form."""

    async def understand(wish: str) -> dict[str, Any]:
        return _offering(wish) if wish.startswith("it does") else part(wish).heard

    text = "it does not dry. when do you open?"
    spans = [{"start": 0, "end": 16}, {"start": 17, "end": len(text)}]
    fault, hours = asyncio.run(parts_of(text, {"wishes": spans}, understand))
    assert fault.offers == "book_technician"
    track = part("track", "track_order", "act")
    assert in_order([track, fault, hours], FORMS, form_is_open=False) == [hours, fault, track]


def test_what_is_repeated_at_once_is_said_once_too() -> None:
    """Messages that differ in anything a customer sees are two."""
    once, again = {"text": "postcode?", "metadata": 1}, {"text": "postcode?", "metadata": 2}
    assert said_once([once, again]) == [again]
    assert said_once([once, {**again, "image": "x"}]) == [once, {**again, "image": "x"}]


@pytest.mark.parametrize("handoff", [{}, {"last_question": ""}, {"last_question": None}])
def test_a_hand_off_about_no_question_of_its_own_says_what_else_is_unanswered(handoff: dict[str, Any]) -> None:
    """Without a mark for the one that is missing."""
    assert with_unanswered(handoff, ["hours?", "price?"])["last_question"] == "hours? / price?"


def test_one_message_is_asked_back_about_once() -> None:
    """Beside what is answered one question; where nothing is, the message is asked about as a whole."""
    kinds = {"a thing": "ask_back", "a size": "unclear"}
    parts, _ = _parts("a thing. open when? a size", [(0, 7), (9, 19), (20, 26)], kinds)
    assert [one.text for one in parts] == ["a thing", "open when?"]
    parts, _ = _parts("a thing. a size", [(0, 7), (9, 15)], kinds)
    assert [one.text for one in parts] == ["a thing. a size"]
