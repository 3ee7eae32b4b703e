"""The runner of leased jobs: each is done, by one process at a time, whoever dies and whatever the clock does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import integers, sampled_from
from sqlalchemy import select, update

from bot.gateway.platform import jobs
from bot.gateway.platform.database import Database, DatabaseAwayError
from bot.gateway.platform.jobs import JobRunner
from bot.gateway.platform.signals import Signals
from bot.gateway.platform.transaction import Transaction
from tests.gateway.platform.errands import (
    LEASE,
    NEWS,
    PAUSE,
    End,
    Errand,
    Errands,
    UnderWay,
    drop_table,
    make_table,
    write_down,
)

T = TypeVar("T")

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
PROCESSES = ("first", "second")
EXAMPLES, STEPS = 60, 30
# Each await of a runner is one turn of the loop in these runs, so that nothing is under way any more after so many.
TURNS = 200
# Long enough for a busy machine; a test that works ends much sooner.
PATIENCE = 60.0


class InTurn(Database):
    """A real database whose transactions run in the loop's own thread: the order of steps is Hypothesis's choice."""

    async def run(self, f: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """One turn of the loop, one transaction."""
        await asyncio.sleep(0)
        return self.run_here(f, *args, **kwargs)

    async def read(self, f: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """The same for one that reads."""
        return await self.run(f, *args, **kwargs)


class TwoRunners(RuleBasedStateMachine):
    """Two processes with a runner each, on one table."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.now = NOON
        self.written = 0
        self.under_way: list[tuple[UnderWay, asyncio.Future[End]]] = []
        # Noted here and looked at after each step: a runner takes an error in a job for a fault, and goes on.
        self.broken: list[UnderWay] = []
        self.ended: set[int] = set()
        self.loop = asyncio.new_event_loop()
        self.runners = {name: self.started(name) for name in PROCESSES}

    def started(self, process: str) -> JobRunner[int, UnderWay, End]:
        """A process that has just started."""
        return JobRunner(self.database, lambda: self.now, Errands(process, self.doing))

    @initialize()
    def empty(self) -> None:
        """No errand yet."""
        make_table(self.database)

    async def doing(self, job: UnderWay) -> End:
        """Somebody does an errand: nobody else may be at it while their lease lasts, and nobody once it is over."""
        others = [other for other, _ in self.under_way if other.number == job.number]
        lapsed = all(other.process != job.process and other.leased_until <= self.now for other in others)
        if job.number in self.ended or not lapsed:
            self.broken.append(job)
        end: asyncio.Future[End] = self.loop.create_future()
        self.under_way.append((job, end))
        return await end

    def go(self, *awaited: Awaitable[object]) -> None:
        """Let everything happen that can happen now, side by side."""

        async def turns() -> None:
            await asyncio.gather(*awaited)
            for _ in range(TURNS):
                await asyncio.sleep(0)

        self.loop.run_until_complete(turns())

    def look(self, *processes: str) -> None:
        """These runners look for work at the same moment."""
        with self.database.signals.subscribe(NEWS) as news:
            self.go(*(self.runners[name].look(news) for name in processes))

    @rule(count=integers(1, 4))
    def errands_come_up(self, count: int) -> None:
        """More than one process does at once."""
        numbers = range(self.written, self.written + count)
        self.written += count
        self.database.run_here(write_down, *numbers)

    @rule(processes=sampled_from([PROCESSES, PROCESSES[:1], PROCESSES[1:]]))
    def somebody_looks(self, processes: tuple[str, ...]) -> None:
        """One of them, or both at once."""
        self.look(*processes)

    @precondition(lambda self: self.under_way)
    @rule(which=integers(0, 9), how=sampled_from(["done", "one more step", "not now", "a fault"]))
    def an_errand_ends(self, which: int, how: Any) -> None:
        """Perhaps long after its lease."""
        job, end = self.under_way.pop(which % len(self.under_way))
        if how == "a fault":
            end.set_exception(ValueError("what a customer said"))
        else:
            end.set_result(how)
        self.go()
        if how == "done":
            self.ended.add(job.number)

    @precondition(lambda self: self.under_way)
    @rule(process=sampled_from(PROCESSES))
    def a_process_dies(self, process: str) -> None:
        """In the middle of what it does; another one is started."""
        self.go(self.runners[process].stop())
        self.under_way = [one for one in self.under_way if one[0].process != process]
        self.runners[process] = self.started(process)

    @rule(seconds=sampled_from([1, 6, 31, 31, 31, -20, -3600]))
    def the_clock_shows_another_time(self, seconds: int) -> None:
        """Time passes, or somebody sets the clock back."""
        self.now += timedelta(seconds=seconds)

    @invariant()
    def nobody_does_more_than_it_may(self) -> None:
        """No job twice at once or once too often; and a crowd of jobs does not become a crowd of calls."""
        assert self.broken == []
        for process in PROCESSES:
            assert sum(job.process == process for job, _ in self.under_way) <= Errands.at_once

    def teardown(self) -> None:
        """Once the clock has come back to the last lease, one process brings everything to its end."""
        for process in PROCESSES:
            self.a_process_dies(process)
        latest = self.database.run_here(lambda session: Errands("", self.doing).next_due(session)) or self.now
        self.now = max(self.now, latest) + LEASE + timedelta(days=1)
        while self.database.run_here(lambda session: Errands("", self.doing).due(session, self.now)):
            self.look("first")
            while self.under_way:
                self.an_errand_ends(0, "done")
        assert self.ended == set(range(self.written))
        assert self.broken == []
        self.loop.close()


def test_every_interleaving_of_two_runners_keeps_the_promises(tmp_path: Path) -> None:
    """A process that dies, faults, leases that lapse, a clock that is set back."""
    database = InTurn(f"sqlite:///{tmp_path / 'errands.db'}", Signals())
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(lambda: TwoRunners(database), settings=chosen)
    finally:
        database.close()


def test_a_process_does_not_begin_again_what_outlasts_its_lease(tmp_path: Path) -> None:
    """It knows that it is still at it; another process cannot know."""
    database = InTurn(f"sqlite:///{tmp_path / 'errands.db'}", Signals())
    two = TwoRunners(database)
    two.empty()
    two.errands_come_up(1)
    two.look("first")
    two.the_clock_shows_another_time(31)
    two.look("first")
    assert [job.process for job, _ in two.under_way] == ["first"]
    two.look("second")
    assert [job.process for job, _ in two.under_way] == ["first", "second"]
    two.teardown()
    database.close()


class Clock:
    """A time that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def errands(database: Database) -> Iterator[Database]:
    """A database with the table of errands, on each kind."""
    make_table(database)
    yield database
    drop_table(database)


async def done_at_once(job: UnderWay) -> End:
    """An errand that takes no time."""
    return "done"


def left(session: Transaction) -> list[int]:
    """The errands that are not over."""
    return list(session.scalars(select(Errand.id).where(~Errand.over).order_by(Errand.id)))


async def test_many_runners_that_wake_at_one_signal_do_each_errand_once(errands: Database) -> None:
    """On real threads and connections."""
    done: list[int] = []
    all_done = asyncio.Event()

    async def doing(job: UnderWay) -> End:
        done.append(job.number)
        if len(done) == 20:
            all_done.set()
        return "done"

    running = [
        asyncio.create_task(JobRunner(errands, Clock(), Errands(f"p{number}", doing)).run()) for number in range(4)
    ]
    await asyncio.sleep(0)
    await errands.run(write_down, *range(20))
    async with asyncio.timeout(PATIENCE):
        await all_done.wait()
    errands.signals.close()
    await asyncio.gather(*running)
    assert sorted(done) == list(range(20))


async def test_what_a_process_that_died_had_under_way_waits_for_the_end_of_its_lease(errands: Database) -> None:
    """Not a moment less: it may live."""
    clock, begun, never = Clock(), asyncio.Event(), asyncio.Event()

    async def hangs(job: UnderWay) -> End:
        begun.set()
        await never.wait()
        return "done"

    await errands.run(write_down, 1)
    dying = JobRunner(errands, clock, Errands("dying", hangs))
    with errands.signals.subscribe(NEWS) as news:
        await dying.look(news)
        async with asyncio.timeout(PATIENCE):
            await begun.wait()
    await dying.stop()
    other = JobRunner(errands, clock, Errands("other", done_at_once))
    clock.now += LEASE - timedelta(seconds=1)
    assert await other.run_due() == 0
    clock.now += timedelta(seconds=1)
    assert await other.run_due() == 1
    assert await errands.read(left) == []


async def test_a_fault_holds_nobody_up_and_its_words_stand_in_no_log(
    errands: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """The errand is tried again after a pause; the log says which and where."""
    clock = Clock()
    faults = 1

    async def doing(job: UnderWay) -> End:
        nonlocal faults
        if job.number == 1 and faults:
            faults -= 1
            raise ValueError("what a customer said")
        return "done"

    await errands.run(write_down, 1, 2)
    runner = JobRunner(errands, clock, Errands("p", doing))
    assert await runner.run_due() == 2
    assert await errands.read(left) == [1]
    [record] = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert record.getMessage().startswith("errand 1: a fault of ours, ValueError at ")
    assert "customer" not in caplog.text
    assert await runner.run_due() == 0
    clock.now += PAUSE
    assert await runner.run_due() == 1
    assert await errands.read(left) == []


async def test_a_fault_in_claiming_does_not_become_a_busy_loop(errands: Database) -> None:
    """It is put back like any other: the row itself says when the next try may be."""

    class Broken(Errands):
        def claim(self, session: Transaction, key: int, now: datetime) -> UnderWay | None:
            raise ValueError

    clock = Clock()
    await errands.run(write_down, 1)
    runner = JobRunner(errands, clock, Broken("p", done_at_once))
    assert await runner.run_due() == 0
    assert await errands.read(Errands("", done_at_once).due, clock()) == []
    assert await errands.read(Errands("", done_at_once).next_due) == clock.now + PAUSE


async def test_the_steps_of_one_errand_follow_each_other_at_once(errands: Database) -> None:
    """Until one has to wait."""
    ends: list[End] = ["one more step", "one more step", "not now"]
    clock = Clock()

    async def doing(job: UnderWay) -> End:
        return ends.pop(0)

    class Counted(Errands):
        claims = 0

        def claim(self, session: Transaction, key: int, now: datetime) -> UnderWay | None:
            self.claims += 1
            return super().claim(session, key, now)

    await errands.run(write_down, 1)
    counted = Counted("p", doing)
    assert await JobRunner(errands, clock, counted).run_due() == 3
    assert counted.claims == 3, "one that has to wait is not asked for again"
    assert await errands.read(Errands("", doing).next_due) == clock.now + PAUSE


async def test_what_comes_up_unannounced_is_adopted_before_each_look(errands: Database) -> None:
    """Where nobody writes a job down as it comes, the runner looks for it."""

    def adopt(session: Transaction, now: datetime) -> None:
        session.add(Errand(id=7, not_before=now))

    assert await JobRunner(errands, Clock(), Errands("p", done_at_once), adopt).run_due() == 1


async def test_the_pause_is_until_the_next_is_due_and_never_longer_than_signals_may_be_lost(errands: Database) -> None:
    """A clock that was set back by an hour does not make a runner sleep for an hour."""
    clock = Clock()
    await errands.run(write_down, 1)
    runner = JobRunner(errands, clock, Errands("p", done_at_once))

    async def pause_before(at: datetime) -> float:
        await errands.run(lambda session: session.execute(update(Errand).values(not_before=at)))
        with errands.signals.subscribe(NEWS) as news:
            return await runner.look(news)

    assert await pause_before(NOON + timedelta(seconds=2)) == 2.0
    assert await pause_before(NOON + timedelta(hours=1)) == errands.signals.patience


async def test_a_hand_that_is_free_takes_what_waits_without_a_signal(errands: Database) -> None:
    """More is due than one process does at once: the end of each errand begins the next."""
    errands.signals.patience = 3600.0
    over: list[int] = []
    all_over = asyncio.Event()

    async def doing(job: UnderWay) -> End:
        over.append(job.number)
        if len(over) == 3 * Errands.at_once:
            all_over.set()
        return "done"

    await errands.run(write_down, *range(3 * Errands.at_once))
    # What is under way is due again after its lease: so long would the runner sleep.
    task = asyncio.create_task(JobRunner(errands, Clock(), Errands("p", doing)).run())
    async with asyncio.timeout(PATIENCE):
        await all_over.wait()
    errands.signals.close()
    await task


async def test_a_database_that_was_away_is_asked_again(errands: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The runner does not fall with it, and what it was about is done."""
    monkeypatch.setattr(jobs, "AWAY_PAUSE", 0.0)
    over = asyncio.Event()
    away = [True, True]

    class Shaky(Errands):
        def due(self, session: Transaction, now: datetime) -> list[int]:
            if away:
                away.pop()
                raise DatabaseAwayError("away")
            return super().due(session, now)

    async def doing(job: UnderWay) -> End:
        over.set()
        return "done"

    await errands.run(write_down, 1)
    task = asyncio.create_task(JobRunner(errands, Clock(), Shaky("p", doing)).run())
    async with asyncio.timeout(PATIENCE):
        await over.wait()
    errands.signals.close()
    await task
