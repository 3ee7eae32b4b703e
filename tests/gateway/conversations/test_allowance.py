"""How much may come in: a flood is bounded on every side, and people who talk never notice that there is a bound.

X2 of the security cases.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.gateway.conversations import owner, work
from bot.gateway.conversations.allowance import Amounts, InboundLimits
from bot.gateway.conversations.inbox import InboundMessage, NumberTakenError, Receipt, Said, receive
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.tables import Conversation, Entry, InboxMessage
from bot.gateway.platform.database import Database
from bot.gateway.platform.limits import LimitReachedError
from bot.gateway.platform.signals import Signals
from tests.gateway.making import conversation_services, messages, new_conversation

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
HOME = "0" * 32


def _on_the_website(name: str, number: int, text: str = "hello", where: str | None = HOME) -> InboundMessage:
    return InboundMessage(
        "web", "default", name, f"{name}:{number}", Said(text), client_seq=number, conversation_id=name, origin=where
    )


class Site:
    """Visitors who write, and what was let through."""

    def __init__(self, database: Database, payloads: Payloads) -> None:
        self.database = database
        self.payloads = payloads
        self.sent: dict[str, int] = {}
        self.allowed: dict[str, InboundLimits] = {}

    def arrive(self, *names: str) -> None:
        """Open conversations."""

        def opened(session: Session) -> None:
            for name in names:
                new_conversation(session, name, channel="web")

        self.database.run_here(opened)

    def write(self, name: str, seconds: float, text: str = "hello", where: str | None = HOME) -> bool:
        """Send the visitor's next message; tells whether it was taken."""
        number = self.sent.get(name, 0) + 1
        try:
            self.receive(_on_the_website(name, number, text, where), seconds)
        except LimitReachedError:
            return False
        self.sent[name] = number
        return True

    def receive(self, message: InboundMessage, seconds: float = 0) -> Receipt:
        """Store a message as the channel does."""
        now = NOON + timedelta(seconds=seconds)
        return self.database.run_here(receive, message, payloads=self.payloads, allowed=self.allowed, now=now)


@pytest.fixture
def site(database: Database, payloads: Payloads) -> Site:
    """A website without a visitor."""
    return Site(database, payloads)


def _characters(session: Session) -> int:
    return session.scalar(select(func.sum(func.length(Entry.text)))) or 0


def test_a_flood_in_one_conversation_is_let_through_as_its_limit_says(site: Site) -> None:
    """300 messages in 15 seconds: a minute's worth at once and seven more, and nothing of the others is stored."""
    site.arrive("c1")
    taken = [site.write("c1", number / 20) for number in range(300)]
    assert taken.count(True) == 30 + 7
    assert all(taken[:30])
    assert len(site.database.run_here(messages)) == 37
    assert site.write("c1", 60)


def test_the_disk_that_one_visitor_fills_is_bounded_by_bytes(site: Site) -> None:
    """The longest messages for five minutes, ten a second: 128 kB at once and as much a minute."""
    site.arrive("c1")
    text = "ö" * 4000  # 8 kB in UTF-8
    for number in range(3000):
        site.write("c1", number / 10, text)
    assert 5 * 128_000 * 0.9 <= site.database.run_here(_characters) * 2 <= 6 * 128_000


def test_many_conversations_of_one_address_are_no_way_around(site: Site) -> None:
    """60 conversations, ten messages each, in a second: the address's 240 are let through and 4 a second after that."""
    names = [f"c{number}" for number in range(60)]
    site.arrive(*names)
    taken = [site.write(name, 0) for _ in range(10) for name in names]
    assert taken.count(True) == 240
    assert site.write("c0", 0, where="1" * 32)
    taken = [site.write(name, 10) for _ in range(1) for name in names]
    assert taken.count(True) == 40


def test_a_household_behind_one_address_meets_no_limit(site: Site) -> None:
    """Twenty visitors who each write every ten seconds for ten minutes, pasting something long now and then."""
    names = [f"c{number}" for number in range(20)]
    site.arrive(*names)
    for turn in range(60):
        for number, name in enumerate(names):
            text = "x" * 1500 if turn % 10 == 0 else "and when will it be here?"
            assert site.write(name, turn * 10 + number / 2, text), (turn, name)


def test_two_gateways_share_a_conversations_limit(site: Site, payloads: Payloads) -> None:
    """Whoever is asked: both count in the database."""
    other = Site(Database(site.database.url.render_as_string(hide_password=False), Signals()), payloads)
    try:
        site.arrive("c1")
        other.sent = site.sent
        taken = [(site, other)[number % 2].write("c1", 0) for number in range(60)]
        assert taken.count(True) == 30
    finally:
        other.database.close()


def test_while_a_person_has_the_conversation_four_times_as_much_is_let_through(site: Site) -> None:
    """Agents ask for a whole history; even then there is an end."""
    site.arrive("c1")

    def claimed(session: Session) -> None:
        session.get_one(Conversation, "c1").owner = owner.human("sam")

    site.database.run_here(claimed)
    assert [site.write("c1", 0, where=None) for _ in range(150)].count(True) == 120


def test_what_was_stored_is_acknowledged_again_at_the_limit_too(site: Site) -> None:
    """A page whose answer was lost must not be told to wait for what has arrived."""
    site.arrive("c1")
    while site.write("c1", 0):
        pass
    first = site.receive(_on_the_website("c1", 30))
    assert (first.duplicate, site.sent["c1"]) == (True, 30)


def test_other_words_with_a_number_that_is_taken_are_refused_and_not_swallowed(site: Site) -> None:
    """The same words again answer the same; whether they come before or after later ones."""
    site.arrive("c1")
    first = site.receive(_on_the_website("c1", 1, "my first"))
    site.receive(_on_the_website("c1", 2, "my second"))
    assert site.receive(_on_the_website("c1", 1, "my first")).seq == first.seq
    for number in (1, 2):
        with pytest.raises(NumberTakenError, match=f"number {number}"):
            site.receive(_on_the_website("c1", number, "something else"))
    assert site.database.run_here(messages) == ["my first", "my second"]


def test_a_messaging_user_has_one_limit_over_all_conversations_and_no_address(site: Site) -> None:
    """What was set aside for another conversation gives nobody a second minute."""
    taken, refused = 0, set()
    for number in range(40):
        chat = f"chat{number % 2}"
        message = InboundMessage("telegram", "default", chat, f"update:{number}", Said("hi"), origin="2" * 32)
        try:
            site.receive(message)
            taken += 1
        except LimitReachedError as error:
            refused.add(error.name)
    assert (taken, refused) == (30, {"messages/visitor"})


def test_limits_are_what_the_settings_say(site: Site) -> None:
    """And a channel without settings has the defaults."""
    tight = InboundLimits(visitor=Amounts(2, 64), address=Amounts(3, 64))
    site.allowed = {"web": tight}
    site.arrive("c1", "c2")
    assert [site.write("c1", 0) for _ in range(3)] == [True, True, False]
    assert [site.write("c2", 0) for _ in range(2)] == [True, False]


def test_the_origin_is_refreshed_travels_to_the_brain_and_stands_in_no_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the last message came from; one that cannot tell leaves it as it was."""
    caplog.set_level(logging.DEBUG)
    site.arrive("c1")
    origins: list[Any] = []
    for where in (HOME, "1" * 32, None):
        site.write("c1", 0, where=where)
        claimed = site.database.run_here(work.claim, conversation_services(), "worker", (), NOON)
        assert claimed is not None
        origins.append(claimed.turn.customer.origin)
        assert claimed.turn.customer.id == "c1"
        site.database.run_here(_handle_all)
    assert origins == [HOME, "1" * 32, "1" * 32]
    assert "1" * 32 not in caplog.text


def _handle_all(session: Session) -> None:
    for message in session.scalars(select(InboxMessage).where(InboxMessage.handled_at.is_(None))):
        message.handled_at, message.outcome = NOON, "answered"
    for conversation in session.scalars(select(Conversation)):
        conversation.lease_holder = conversation.lease_until = None
