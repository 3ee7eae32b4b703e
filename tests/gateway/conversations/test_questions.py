"""A choice belongs to its question (D1, kind 1): what is pressed after the question has gone does nothing."""

from __future__ import annotations

import tempfile
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.gateway.conversations import inbox, questions, transcript, work
from bot.gateway.conversations.brain_client import Reply, TurnTaken
from bot.gateway.conversations.inbox import receive
from bot.gateway.conversations.payloads import Choice, Payloads
from bot.gateway.conversations.tables import Delivery, Entry, InboxMessage
from bot.gateway.migrations import upgrade
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from tests.gateway.conversations.conftest import Desk
from tests.gateway.making import MovableClock, chose, conversation, conversation_services, messages, said, words
from tests.gateway.stub_brain import result

YES = {"title": "Yes", "payload": "/affirm"}
PERSON = {"title": "Talk to a person", "payload": "/ask_for_person"}
STOP = {"title": "Don't book", "payload": "/stop"}
OWN_ANSWER = {"title": "Nine o'clock", "payload": '/choose_visit{"visit": "9"}'}
WORDS = {"title": "Tuesday", "payload": "on tuesday"}
ARTICLE = {"title": "Our prices", "payload": '/knowledge_question{"article": "prices"}'}


SAID = ("a.confirm x", "a.confirm y", "b.confirm x", "a.day", "stop")
"""Questions that a customer's words open, and the end of one."""


class Forms:
    """A brain whose turns open the form and the slot that the customer names: ``booking.confirm at noon``."""

    def __init__(self) -> None:
        self.acted: list[tuple[str, str]] = []
        """Each press that reached the brain, and the question that was open then."""
        self.outside_forms: list[dict[str, str]] = []
        """What is offered while no form is open."""

    async def behave(self, turn: dict[str, Any]) -> httpx.Response:
        """Ask what is named; a press is noted, and closes the form."""
        form = ((turn["state"] or {}).get("open_form") or {}).get("name") or "nothing"
        if turn["input"]["type"] == "choice":
            self.acted.append((turn["input"]["payload"], form))
            return self._result(turn, "Done.", None)
        name, _, more = turn["input"]["text"].partition(" ")
        if "." not in name:
            return self._result(turn, "All right.", None)
        form, _, slot = name.partition(".")
        return self._result(turn, f"Shall I do {form}? {more}".strip(), {"name": form, "requested_slot": slot})

    def _result(self, turn: dict[str, Any], text: str, form: dict[str, str] | None) -> httpx.Response:
        choices = [YES, PERSON, STOP, OWN_ANSWER, WORDS, ARTICLE] if form else self.outside_forms
        state = {"schema": "dialogue-state/1", "slots": {}, "open_form": form}
        return result(turn, replies=[{"text": text, "choices": choices}], state=state)


class Talk:
    """A customer on a messenger who types, and presses buttons of any message that was said."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.number = 0

    async def type(self, text: str) -> int:
        """Say something; gives the number of the bot's last message."""
        self.number += 1
        await self.desk.receive(said(text, self.number))
        await self.desk.until_handled()
        return await self.desk.read(_last_of_the_bot)

    async def press(self, seq: int, payload: str = "/affirm") -> None:
        """Press a button of the message with that number."""
        self.number += 1
        token = await self.desk.read(_token, self.desk.parts.payloads, seq, payload)
        await self.desk.receive(chose(token, self.number))
        await self.desk.until_handled()


def _last_of_the_bot(session: Session) -> int:
    return session.scalars(
        select(Entry.seq).where(Entry.author == "bot", Entry.type == "message").order_by(Entry.seq.desc()).limit(1)
    ).one()


def _token(session: Session, payloads: Payloads, seq: int, payload: str) -> str:
    entry = session.scalars(select(Entry).where(Entry.seq == seq)).one()
    index = next(number for number, choice in enumerate(entry.choices) if choice["payload"] == payload)
    return payloads.token(entry.conversation_id, seq, index, payload)


def _token_of(session: Session, payloads: Payloads, address: str, seq: int) -> str:
    entry = session.scalars(
        select(Entry).where(Entry.conversation_id == conversation(session, address=address).id, Entry.seq == seq)
    ).one()
    return payloads.for_customers(entry)[0]["token"]


def _talk_for_long(session: Session) -> None:
    found, now = conversation(session), utc_now()
    for _ in range(70):
        inbox.put_event(session, found, "returned_by_human", {}, now=now)
        transcript.append(session, found, author="bot", now=now, text="hm")
    waiting = update(InboxMessage).where(InboxMessage.handled_at.is_(None))
    session.execute(waiting.values(handled_at=now, outcome="superseded"))


def _erase(session: Session, seq: int) -> None:
    entry = session.scalars(select(Entry).where(Entry.seq == seq)).one()
    session.execute(delete(Delivery).where(Delivery.entry_id == entry.id))
    session.delete(entry)


@pytest.fixture
def forms(desk: Desk) -> Forms:
    """The desk's brain."""
    made = Forms()
    desk.brain.behave = made.behave
    return made


async def test_an_old_button_does_nothing_under_a_new_question(desk: Desk, forms: Forms) -> None:
    """D1: the abandoned booking's Yes registers no return; the customer hears why, and the question comes again."""
    talk = Talk(desk)
    booking = await talk.type("booking.confirm")
    await talk.type("stop")
    await talk.type("return.confirm")
    await talk.press(booking)
    assert forms.acted == []
    heard = await desk.read(messages, "bot")
    assert heard[-2:] == [words((questions.EXPIRED, questions.STILL_OPEN)), "Shall I do return?"]
    # The question that was asked again can be answered by its own button.
    await talk.press(await desk.read(_last_of_the_bot))
    assert forms.acted == [("/affirm", "return")]


async def test_a_button_of_an_earlier_booking_books_no_later_one(desk: Desk, forms: Forms) -> None:
    """D1 the other way round: the same form and the same slot, but another thing to say yes to."""
    talk = Talk(desk)
    oven = await talk.type("booking.confirm your oven?")
    await talk.type("stop")
    await talk.type("booking.confirm your washing machine?")
    await talk.press(oven)
    assert forms.acted == []


async def test_a_question_in_the_same_words_is_another_one_when_its_form_was_left(desk: Desk, forms: Forms) -> None:
    """D1, kind 1: "Shall I book it?" is said word for word of every booking; the Yes of the one left books no other."""
    talk = Talk(desk)
    left = await talk.type("booking.confirm")
    await talk.type("stop")
    await talk.type("booking.confirm")
    await talk.press(left)
    assert forms.acted == []
    # Asked again by the gateway, it is the same question still.
    await talk.press(await desk.read(_last_of_the_bot))
    assert forms.acted == [("/affirm", "booking")]


@pytest.mark.parametrize("answer", [STOP, OWN_ANSWER, WORDS], ids=lambda one: one["payload"])
async def test_whatever_answers_a_question_expires_with_it(desk: Desk, forms: Forms, answer: dict[str, str]) -> None:
    """D1, kind 1: a way out, a trainer's own answer with a value, and plain words would act on what is open now."""
    talk = Talk(desk)
    booking = await talk.type("booking.confirm")
    await talk.type("stop")
    await talk.type("return.confirm")
    await talk.press(booking, answer["payload"])
    assert forms.acted == []
    assert (await desk.read(messages, "bot"))[-1] == "Shall I do return?"


async def test_what_only_reads_stays_valid(desk: Desk, forms: Forms) -> None:
    """Kind 1: an article's button names its article, and writes nothing."""
    talk = Talk(desk)
    booking = await talk.type("booking.confirm")
    await talk.type("stop")
    await talk.press(booking, ARTICLE["payload"])
    assert forms.acted == [(ARTICLE["payload"], "nothing")]


async def test_an_answer_that_was_offered_outside_forms_is_no_answer_to_a_form(desk: Desk, forms: Forms) -> None:
    """D1, kind 1: "Did you mean that? Yes" confirms no booking that was begun afterwards."""
    forms.outside_forms = [YES]
    talk = Talk(desk)
    meant = await talk.type("hm")
    await talk.type("booking.confirm")
    await talk.press(meant)
    assert forms.acted == []
    # While it is the last thing that was said, it is answered by its button.
    await talk.type("stop")
    await talk.press(await talk.type("hm"))
    assert forms.acted == [("/affirm", "nothing")]


async def test_an_answer_that_was_given_already_is_not_called_undone(desk: Desk, forms: Forms) -> None:
    """Kind 1: pressed in a second tab, after another message, it does nothing more, and says what is true."""
    talk = Talk(desk)
    booking = await talk.type("booking.confirm")
    await talk.press(booking)
    await talk.type("thanks")
    await talk.press(booking)
    assert forms.acted == [("/affirm", "booking")]
    assert (await desk.read(messages, "bot"))[-1] == words((questions.GIVEN_ALREADY, questions.NOTHING_OPEN))


async def test_in_a_long_conversation_what_was_given_is_still_not_called_undone(desk: Desk, forms: Forms) -> None:
    """In a long conversation the last messages are looked at, not the first ones; the open question as well."""
    talk = Talk(desk)
    await talk.type("hello")
    await desk.parts.database.run(_talk_for_long)
    booking = await talk.type("booking.confirm")
    await talk.press(booking)
    await talk.type("thanks")
    await talk.press(booking)
    assert (await desk.read(messages, "bot"))[-1] == words((questions.GIVEN_ALREADY, questions.NOTHING_OPEN))
    await talk.type("return.confirm")
    await talk.press(booking)
    assert (await desk.read(messages, "bot"))[-1] == "Shall I do return?"


async def test_others_who_talk_meanwhile_change_nothing_about_a_button(desk: Desk, forms: Forms) -> None:
    """The last thing that was said to this customer counts, and the press just before it in this conversation."""
    forms.outside_forms = [YES]
    talk = Talk(desk)
    meant = await talk.type("hm")
    await desk.receive(said("hello", 1, "another"))
    await desk.until_handled()

    async def press(number: int) -> None:
        token = await desk.read(_token_of, desk.parts.payloads, "chat", meant)
        await desk.receive(chose(token, number))

    await press(50)
    await desk.receive(said("hello", 2, "another"))
    await press(51)
    await desk.until_handled()
    assert forms.acted == [("/affirm", "nothing")]
    heard = await desk.read(messages, "bot")
    assert heard.count("Done.") == 1
    assert words((questions.GIVEN_ALREADY, questions.NOTHING_OPEN)) not in heard


async def test_all_replies_of_a_turn_are_the_last_thing_that_was_said(desk: Desk, forms: Forms) -> None:
    """A question with buttons and a line below it belong together: the buttons answer it."""

    async def two_replies(turn: dict[str, Any]) -> httpx.Response:
        if turn["input"]["type"] == "choice":
            forms.acted.append((turn["input"]["payload"], "nothing"))
            return result(turn, "Done.")
        replies = [{"text": "Did you mean that?", "choices": [YES]}, {"text": "Or tell me more.", "choices": []}]
        return result(turn, replies=replies)

    desk.brain.behave = two_replies
    talk = Talk(desk)
    below = await talk.type("hm")
    await talk.press(below - 1)
    assert forms.acted == [("/affirm", "nothing")]


async def test_a_wish_that_is_pressed_again_later_is_heard(desk: Desk, forms: Forms) -> None:
    """Kind 7: within a minute it is one press; an hour later nobody is left without a reply."""
    talk = Talk(desk)
    booking = await talk.type("booking.confirm")
    await talk.press(booking, "/ask_for_person")
    await talk.press(booking, "/ask_for_person")
    assert len(forms.acted) == 1
    desk.clock.advance(3600)
    await talk.press(booking, "/ask_for_person")
    assert len(forms.acted) == 2


async def test_a_button_whose_message_is_gone_stops_nobody(desk: Desk, forms: Forms) -> None:
    """A message that was erased between the press and its turn: the choice has expired, and the worker goes on."""
    talk = Talk(desk)
    booking = await talk.type("booking.confirm")
    await desk.end()
    token = await desk.read(_token, desk.parts.payloads, booking, "/affirm")
    await desk.receive(chose(token, 50))
    await desk.parts.database.run(_erase, booking)
    desk.start()
    await desk.until_handled()
    assert forms.acted == []


async def test_a_button_whose_question_has_gone_says_so(desk: Desk, forms: Forms) -> None:
    """Nothing is open: the customer may begin something new."""
    talk = Talk(desk)
    booking = await talk.type("booking.confirm")
    await talk.type("stop")
    await talk.press(booking)
    assert forms.acted == []
    assert (await desk.read(messages, "bot"))[-1] == words((questions.EXPIRED, questions.NOTHING_OPEN))


async def test_a_button_works_while_its_question_is_open_and_when_it_was_asked_again_alike(
    desk: Desk, forms: Forms
) -> None:
    """A detour that ends in the very same question changes nothing."""
    talk = Talk(desk)
    booking = await talk.type("booking.confirm noon?")
    await talk.type("booking.confirm noon?")
    await talk.press(booking)
    assert forms.acted == [("/affirm", "booking")]


async def test_two_presses_get_one_reply(desk: Desk, forms: Forms) -> None:
    """By an impatient thumb, in two tabs, or delivered twice under two ids."""
    talk = Talk(desk)
    booking = await talk.type("booking.confirm")
    token = await desk.read(_token, desk.parts.payloads, booking, "/affirm")
    for number in (10, 11, 12):
        await desk.receive(chose(token, number))
    await desk.until_handled()
    assert forms.acted == [("/affirm", "booking")]
    assert await desk.read(messages, "bot") == ["Shall I do booking?", "Done."]


async def test_a_wish_of_its_own_never_expires(desk: Desk, forms: Forms) -> None:
    """Who presses "Talk to a person" an hour later still wants one."""
    talk = Talk(desk)
    booking = await talk.type("booking.confirm")
    await talk.type("stop")
    await talk.press(booking, "/ask_for_person")
    assert forms.acted == [("/ask_for_person", "nothing")]


@settings(max_examples=25, deadline=None)
@given(
    steps=some.lists(
        some.one_of(
            some.sampled_from(["a.confirm x", "a.confirm y", "b.confirm x", "a.day", "stop"]), some.integers(0, 9)
        ),
        min_size=2,
        max_size=9,
    )
)
@example(steps=["a.confirm x", "stop", "a.confirm x", 0])
def test_no_order_of_questions_and_presses_acts_on_another_question(steps: list[str | int]) -> None:
    """Against the plain rule, over the code that serves; numbers press the yes of the so-manieth message."""
    payloads, clock = Payloads("k" * 40), MovableClock()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/warmline.db", Signals())
        upgrade(database)
        # Each question with the form that it belongs to: one that was left and begun anew is another one.
        asked: list[tuple[int, tuple[int, str]]] = []
        now_open: tuple[int, str] | None = None
        begun = 0
        before: tuple[str, int] | None = None
        try:
            for number, step in enumerate(steps, start=1):
                if isinstance(step, int):
                    if step >= len(asked):
                        continue
                    seq, question = asked[step]
                    token = database.run_here(lambda session, at=seq: _token(session, payloads, at, "/affirm"))
                    message = chose(token, number)
                else:
                    message = said(step, number)
                database.run_here(receive, message, payloads=payloads, allowed={}, now=clock())
                clock.advance(10)
                claimed = database.run_here(work.claim, conversation_services(), "me", (), clock())
                if isinstance(step, int):
                    repeated = before == ("press", seq)
                    allowed = question == now_open and not repeated
                    assert (claimed is not None) == allowed
                    before = ("press", seq)
                    if claimed is None:
                        continue
                    text, form, now_open = "Done.", None, None
                else:
                    before = None
                    name, _, _ = step.partition(" ")
                    form = None
                    if "." in name:
                        form = {"name": name.partition(".")[0], "requested_slot": name.partition(".")[2]}
                    if form and (now_open is None or now_open[1].partition(".")[0] != form["name"]):
                        begun += 1
                    text, now_open = f"Shall I? {step}", (begun, str(step)) if form else None
                assert isinstance(claimed, work.Work)
                choices = (Choice("Yes", "/affirm"),) if form else ()
                state = {"schema": "dialogue-state/1", "slots": {}, "open_form": form}
                taken = TurnTaken((Reply(text, choices),), None, state, {})
                database.run_here(work.finish, conversation_services(), claimed, taken, "me", clock())
                if now_open is not None:
                    asked.append((database.run_here(_last_of_the_bot), now_open))
        finally:
            database.close()
