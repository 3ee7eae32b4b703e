"""Whose turn comes first: theirs who have had least of the brain lately, whatever the others send."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.gateway.conversations import shares, work
from bot.gateway.conversations.inbox import InboundMessage, Said, receive
from bot.gateway.conversations.shares import TurnShare
from bot.gateway.conversations.tables import Conversation
from bot.gateway.conversations.worker import BEGINNING_TURNS
from bot.gateway.platform.database import Database
from tests.gateway.conversations.conftest import Desk
from tests.gateway.making import conversation_services, new_conversation
from tests.gateway.stub_brain import result

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)


def message(origin: str, conversation: str, number: int) -> InboundMessage:
    """A visitor's message; the channel is a messenger, which opens conversations by itself."""
    return InboundMessage(
        "telegram", "default", conversation, f"{conversation}:{number}", Said("hello"), {"name": "Ada"}, origin=origin
    )


def dear(seconds: float) -> dict[str, Any]:
    """A trace that tells of so much computing."""
    return {"intent": {"name": "greet", "confidence": 1.0}, "milliseconds": {"computed": seconds * 1000}}


async def test_a_newcomer_passes_those_who_sent_much(desk: Desk) -> None:
    """X2: 24 messages of one visitor wait, over six conversations; another's question is the next to be answered."""
    began = asyncio.Event()
    served: list[str] = []

    async def behave(turn: dict[str, Any]) -> httpx.Response:
        served.append(turn["customer"]["origin"])
        began.set()
        if len(served) <= BEGINNING_TURNS:
            await asyncio.wait_for(let_go.wait(), 60)
        return result(turn, "yes", trace=dear(0.08))

    let_go = asyncio.Event()
    desk.brain.behave = behave
    for number in range(4):
        for conversation in range(6):
            await desk.receive(message("a" * 32, f"flood{conversation}", number))
    await began.wait()
    await desk.receive(message("b" * 32, "honest", 1))
    let_go.set()
    await desk.until_handled()
    # Those that were in the brain already are not called back.
    assert served.index("b" * 32) <= BEGINNING_TURNS
    assert Counter(served) == {"a" * 32: 24, "b" * 32: 1}


async def test_no_more_turns_stand_in_front_of_a_brain_than_keep_it_busy(desk: Desk) -> None:
    """What stands there cannot be passed any more."""
    let_go, some_begun, all_begun = asyncio.Event(), asyncio.Event(), asyncio.Event()
    more = BEGINNING_TURNS + 3
    at_first = 0

    async def behave(turn: dict[str, Any]) -> httpx.Response:
        if desk.brain.at_once == BEGINNING_TURNS:
            some_begun.set()
        if desk.brain.at_once == more:
            all_begun.set()
        await asyncio.wait_for(let_go.wait(), 60)
        return result(turn, "yes")

    desk.brain.behave = behave
    for number in range(more):
        await desk.receive(message("a" * 32, f"flood{number}", 1))
    await asyncio.wait_for(some_begun.wait(), 60)
    at_first = desk.brain.most_at_once
    # Turns that have lasted wait for an action, and make room for others.
    await asyncio.wait_for(all_begun.wait(), 60)
    let_go.set()
    await desk.until_handled()
    assert at_first == BEGINNING_TURNS


def test_a_turn_that_was_cut_off_counts_as_all_that_it_may_have_taken(database: Database) -> None:
    """Who sends what the brain cannot bear comes after everybody else."""

    def order(session: Session) -> list[str]:
        for name in ("dear", "cheap"):
            new_conversation(session, name).origin = name * 4
        shares.charge(session, session.get_one(Conversation, "dear"), shares.CUT_OFF, NOON)
        for _ in range(10):
            shares.charge(session, session.get_one(Conversation, "cheap"), 0.03, NOON)
        return list(session.scalars(select(TurnShare.subject).order_by(TurnShare.used)))

    assert database.run_here(order) == ["cheap" * 4, "dear" * 4]


@given(
    uses=some.lists(
        some.tuples(some.sampled_from("ab"), some.floats(0, 600), some.floats(0.001, 5)), min_size=1, max_size=20
    )
)
def test_the_order_is_that_of_what_was_used_and_is_forgotten_alike(uses: list[tuple[str, float, float]]) -> None:
    """Against the plain definition: each use shrinks exponentially from its own moment on."""
    books = _Books()
    for who, at, seconds in sorted(uses, key=lambda use: use[1]):
        books.charge(who, seconds, NOON + timedelta(seconds=at))
    end, memory = 600.0, shares.MEMORY.total_seconds()
    used = {
        name: sum(seconds * 2.718281828459045 ** ((at - end) / memory) for who, at, seconds in uses if who == name)
        for name in "ab"
    }
    if abs(used["a"] - used["b"]) > 1e-6:
        first = min("ab", key=lambda name: used[name])
        assert min("ab", key=lambda name: books.rows.get(name, shares._NOTHING)) == first


class _Books:
    """Stands for a session: one table of numbers by subject."""

    def __init__(self) -> None:
        self.rows: dict[str, float] = {}
        self._asked = ""

    def charge(self, who: str, seconds: float, now: datetime) -> None:
        """Call the code that serves."""
        self._asked = who
        shares.charge(self, Conversation(id=who, origin=None), seconds, now)  # type: ignore[arg-type]

    def scalar(self, statement: object) -> float | None:
        """The row that is asked for."""
        return self.rows.get(self._asked)

    def execute(self, statement: object, values: dict[str, Any]) -> None:
        """Write the row."""
        self.rows[values["subject"]] = values["used"]


def test_a_clock_that_was_set_back_keeps_nobody_behind(database: Database) -> None:
    """X15: what stands an hour ahead counts as a minute's use at most, from the next turn on."""

    def charged(session: Session) -> float:
        made = new_conversation(session, "c1")
        shares.charge(session, made, 0.03, NOON + timedelta(hours=1))
        shares.charge(session, made, 0.03, NOON)
        return session.scalars(select(TurnShare.used)).one() - NOON.timestamp() / shares.MEMORY.total_seconds()

    assert database.run_here(charged) < 5


def test_who_waits_for_an_answer_comes_before_who_does_not(database: Database, payloads: Any) -> None:
    """Whatever each has used: more than three messages waiting are more than a person writes who reads."""

    def fill(session: Session) -> None:
        for number in range(shares.FEW + 1):
            receive(session, message("a" * 32, f"many{number}", 1), payloads=payloads, allowed={}, now=NOON)
        for number in range(shares.FEW):
            receive(session, message("b" * 32, "few", number), payloads=payloads, allowed={}, now=NOON)
        few = session.scalars(select(Conversation).where(Conversation.address == "few")).one()
        shares.charge(session, few, 5.0, NOON)

    def next_one(session: Session) -> str:
        claimed = work.claim(session, conversation_services(), "me", (), NOON)
        assert isinstance(claimed, work.Work)
        return claimed.address

    database.run_here(fill)
    assert database.run_here(next_one) == "few"


def test_rows_that_mean_nothing_any_more_are_deleted(database: Database) -> None:
    """An hour later nothing is left of a turn; a minute later there is."""

    def left(session: Session, seconds: int) -> int:
        shares.prune(session, NOON + timedelta(seconds=seconds))
        return session.scalar(select(func.count()).select_from(TurnShare)) or 0

    def used(session: Session) -> None:
        shares.charge(session, new_conversation(session, "c1"), 0.03, NOON)

    database.run_here(used)
    assert database.run_here(left, 60) == 1
    assert database.run_here(left, 3600) == 0


def test_the_claim_takes_the_least_served_before_the_longest_waiting(database: Database, payloads: Any) -> None:
    """On both databases, by the statement that serves."""

    def fill(session: Session) -> None:
        for origin, name in (("a" * 32, "first"), ("b" * 32, "second"), ("c" * 32, "third")):
            receive(session, message(origin, name, 1), payloads=payloads, allowed={}, now=NOON)
        first = session.scalars(select(Conversation).where(Conversation.address == "first")).one()
        second = session.scalars(select(Conversation).where(Conversation.address == "second")).one()
        shares.charge(session, first, 2.0, NOON)
        shares.charge(session, second, 0.1, NOON)

    def next_one(session: Session, busy: tuple[str, ...]) -> tuple[str, str]:
        claimed = work.claim(session, conversation_services(), "me", busy, NOON)
        assert isinstance(claimed, work.Work)
        return claimed.conversation_id, claimed.address

    database.run_here(fill)
    busy: tuple[str, ...] = ()
    taken = []
    for _ in range(3):
        conversation_id, address = database.run_here(next_one, busy)
        busy, taken = (*busy, conversation_id), [*taken, address]
    assert taken == ["third", "second", "first"]
