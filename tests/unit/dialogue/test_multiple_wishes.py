"""Several wishes in one message: their order, what points back, what waits, what a hand-off leaves."""

from __future__ import annotations

import asyncio
from typing import Any

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
