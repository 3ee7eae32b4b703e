"""D1, kind 1: a button of an abandoned question, pressed later, through the whole assistant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.gateway.conversations.questions import EXPIRED
from tests.e2e.installation import Installation, WebVisitor
from tests.gateway.making import words


class Customer(WebVisitor):
    """A visitor who can press any button that was ever shown."""

    def tells(self, *texts: str) -> list[dict[str, Any]]:
        """Say several things, one after the other; gives the answer to the last."""
        answer: list[dict[str, Any]] = []
        for text in texts:
            answer = self.answer_to(self.say(text))
        return answer

    def button(self, title: str) -> str:
        """The token of the newest button that begins so."""
        for message in reversed(self.story()):
            for choice in message.get("choices") or []:
                if choice["title"].startswith(title):
                    return str(choice["token"])
        raise AssertionError(f"no button {title!r} in {self.story()}")

    def press_token(self, token: str) -> list[dict[str, Any]]:
        """Press it; gives the answer."""
        return self.answer_to(self._post({"choice": token}))


@pytest.fixture
def customer(installation: Installation) -> Iterator[Customer]:
    """Somebody on the website."""
    someone = Customer(installation)
    yield someone
    someone.close()


def _written(installation: Installation) -> tuple[int, int]:
    """Visits and returns that stand in the shop."""
    counts = [
        installation.rows(f"SELECT count(*) FROM {table}", shop=True)[0][0] for table in ("appointments", "returns")
    ]
    return counts[0], counts[1]


def test_the_yes_of_an_abandoned_booking_registers_no_return(installation: Installation, customer: Customer) -> None:
    """Nothing is written, it is said, and the open question comes again with its own buttons."""
    customer.tells("book a technician for my oven", "cold", "LS8 1NT", "the second one", "kim@example.com")
    old = customer.button("Yes, book it")
    customer.tells("stop", "I want to return LF-4300315, postcode SK4 3GN", "too loud", "the first one")
    before = _written(installation)
    open_question = [message for message in customer.story() if message.get("choices")][-1]
    said = [message["text"] for message in customer.press_token(old)]
    assert _written(installation) == before
    assert said[0].startswith(words(EXPIRED))
    again = [message for message in customer.story() if message.get("choices")][-1]
    assert again["seq"] > open_question["seq"]
    assert again["text"] == open_question["text"]
    # The question that is open is answered by its own button, once, however often it is pressed.
    token = customer.button("Yes, register it")
    first = customer._post({"choice": token})
    second = customer._post({"choice": token})
    customer.answer_to(first)
    handled = "SELECT outcome FROM inbox WHERE conversation_id = ? ORDER BY id DESC LIMIT 1"
    while installation.rows(handled, customer.conversation_id) == [(None,)]:
        pass
    assert _written(installation) == (before[0], before[1] + 1)
    assert [message for message in customer.messages_after(second) if message["author"] == "bot"] == [
        message for message in customer.messages_after(first) if message["author"] == "bot"
    ]


@pytest.mark.parametrize("appliance", ["washing machine", "oven"])
def test_the_yes_of_an_abandoned_booking_makes_no_other_booking(
    installation: Installation, customer: Customer, appliance: str
) -> None:
    """D1 the other way round: neither another appliance's visit, nor one that is asked for in the very same words."""
    asked = ("cold", "LS8 1NT", "the second one", "kim@example.com")
    customer.tells("book a technician for my oven", *asked)
    old = customer.button("Yes, book it")
    customer.tells("stop", f"book a technician for my {appliance}", *asked)
    before = _written(installation)
    said = [message["text"] for message in customer.press_token(old)]
    assert _written(installation) == before
    assert said[0].startswith(words(EXPIRED))
    # Asked again, it is booked by its own button.
    customer.answer_to(customer.press("Yes, book it"))
    assert _written(installation) == (before[0] + 1, before[1])
