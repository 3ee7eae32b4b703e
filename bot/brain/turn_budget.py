"""What one turn may spend, and how a turn that spends more is cut off while all others go on.

The brain is one process whose turns share one thread: understanding is ordinary Python that never lets go of the event
loop. So a turn is driven by :class:`Budgeted`, step by step (``coroutine.send``), and while a step runs an alarm of the
operating system stands (``setitimer``): one by CPU time for what computes, one by the clock for what blocks without
computing. Their handler runs on the main thread, in the frame that is at work, and raises there. Regular expressions
and ``time.sleep`` look for signals too; C code that never does is left to `bot.brain.heartbeat`.

Only the step that runs can be hit. The handler asks which turn's step that is, and between two steps there is none, so
an alarm that comes late is dropped. CPU time is the main thread's: what another thread computes is not this turn's.

**What an interruption at any line leaves behind.** The turn's own things (tracker, messages, collector, context
variables of its task) are thrown away with it; the gateway keeps the old state. What turns share is

- read only once loaded: model, domain, encoder, rules by step;
- caches (`functools.lru_cache`, ``dict[key] = made``) that store in one step what is finished, or nothing;
- the knowledge index, which is replaced by one assignment, and read by a thread of its own;
- the session with the action server, whose pool of connections counts what it lends: :func:`not_cut` puts the
  alarm off while it is at work;
- locks of `logging` and `threading`: `with` gives them back, and the interpreter takes no signal between taking
  a lock and entering the block. The main thread may take the locks of `logging` again in any case.

The exception derives from ``BaseException``, because Rasa goes on after any ``Exception`` of an action. Code that
swallows even that is interrupted again, every tenth of a second, for as long as its step lasts.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Coroutine, Generator, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from types import FrameType
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")

LONGEST_STEP = 10.0
"""Seconds one step may hold the event loop without computing (a file on a dead disk, a lock): far beyond what a
swapping machine adds to the 30 ms of a turn, and less than the patience of the heartbeat's watch."""

LONGEST_TURN = 18.0
"""Seconds from a turn's beginning to its end, waiting for actions included: the gateway hangs up after 20 s, and what
is cut off here can still say why."""

_AGAIN = 0.1
"""Seconds until the alarm rings again, for code that swallowed it."""

Spent = Literal["computing", "blocking", "lasting"]


class TurnOverBudgetError(Exception):
    """The turn was cut off; nothing of it is kept."""

    def __init__(self, spent: Spent) -> None:
        super().__init__(f"the turn was cut off for {spent} too long")
        self.spent = spent


class _CutOff(BaseException):
    """Raised by the alarm into whatever the turn is doing."""

    def __init__(self, spent: Spent) -> None:
        super().__init__(spent)
        self.spent = spent


@dataclass(frozen=True)
class TurnBudget:
    """Seconds: CPU time over the whole turn, clock time of one step, clock time of the whole turn."""

    computing: float
    blocking: float = LONGEST_STEP
    lasting: float = LONGEST_TURN


class _Account:
    """What one turn has spent so far."""

    def __init__(self, budget: TurnBudget) -> None:
        self.budget = budget
        self.computed = 0.0
        self.protected = 0
        """How deep the turn is in work that must not be torn apart."""
        self.over: Spent | None = None
        """Which limit it exceeded."""

    def look(self, signum: int, since: float) -> None:
        """Find out whether an alarm rang for a reason; ``since`` is the thread's CPU time at the step's beginning."""
        if signum == signal.SIGALRM:
            self.over = "blocking"
        elif self.computed + time.thread_time() - since >= self.budget.computing:
            # The alarm counts the whole process's CPU time, and so rings too early while another thread computes.
            self.over = "computing"

    def look_after_step(self) -> None:
        """Find out what no alarm says: the system's timers are too coarse (4 to 10 ms) for a step shorter than that."""
        if self.over is None and not self.protected and self.computed >= self.budget.computing:
            self.over = "computing"


class _Alarm:
    """The process's two timers: set while a step runs, and only for it."""

    def __init__(self) -> None:
        self._running: tuple[_Account, float] | None = None
        self._installed = False

    def step(self, account: _Account, coroutine: Coroutine[Any, Any, Any], thrown: BaseException | None) -> Any:
        """Run the coroutine to its next pause, within the account's limits; :class:`_CutOff` where they end."""
        if threading.current_thread() is not threading.main_thread():
            # Python runs signal handlers on the main thread only, which is where a brain serves.
            return _resume(coroutine, thrown)
        if not self._installed:
            signal.signal(signal.SIGPROF, self._rings)
            signal.signal(signal.SIGALRM, self._rings)
            self._installed = True
        since = time.thread_time()
        # Not a context manager: an alarm that rings within `contextlib` would leave this step's end undone.
        try:
            try:
                self._running = account, since
                signal.setitimer(signal.ITIMER_PROF, max(account.budget.computing - account.computed, 0.001), _AGAIN)
                signal.setitimer(signal.ITIMER_REAL, account.budget.blocking, _AGAIN)
                return _resume(coroutine, thrown)
            finally:
                self._running = None
        finally:
            # Once more, for an alarm that rang just before; it does not ring again within the next lines.
            self._running = None
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            account.computed += time.thread_time() - since

    def _rings(self, signum: int, frame: FrameType | None) -> None:
        if self._running is None:
            return
        account, since = self._running
        account.look(signum, since)
        if account.over is not None and not account.protected:
            raise _CutOff(account.over)


def _resume(coroutine: Coroutine[Any, Any, Any], thrown: BaseException | None) -> Any:
    return coroutine.send(None) if thrown is None else coroutine.throw(thrown)


_ALARM = _Alarm()
_ACCOUNT: ContextVar[_Account | None] = ContextVar("warmline_budget", default=None)


@contextmanager
def not_cut() -> Iterator[None]:
    """Put the turn's alarms off while something is at work that other turns share; the time counts all the same."""
    account = _ACCOUNT.get()
    if account is None:
        yield
        return
    account.protected += 1
    try:
        yield
    finally:
        account.protected -= 1


class Budgeted(Generic[T]):
    """``await Budgeted(coroutine, budget)``: its value, its error, or :class:`TurnOverBudgetError`."""

    def __init__(self, coroutine: Coroutine[Any, Any, T], budget: TurnBudget) -> None:
        self._coroutine = coroutine
        self._account = _Account(budget)

    @property
    def computed(self) -> float:
        """Seconds of CPU time that it took so far."""
        return self._account.computed

    def __await__(self) -> Generator[Any, Any, T]:
        """Drive the coroutine within the caller's task: same context, same cancelling, no task of its own."""
        task = asyncio.current_task()
        assert task is not None, "a turn is taken within a task"
        end = asyncio.get_running_loop().call_later(self._account.budget.lasting, self._expire, task)
        token = _ACCOUNT.set(self._account)
        try:
            return (yield from self._drive())
        except _CutOff as cut:
            raise TurnOverBudgetError(cut.spent) from None
        finally:
            end.cancel()
            _ACCOUNT.reset(token)
            with suppress(RuntimeError, _CutOff):
                # Where the alarm rang between the step's end and ours, the coroutine still waits somewhere.
                self._coroutine.close()

    def _drive(self) -> Generator[Any, Any, T]:
        thrown: BaseException | None = None
        while True:
            try:
                waits_for = _ALARM.step(self._account, self._coroutine, thrown)
            except StopIteration as done:
                self._account.look_after_step()
                self._raise_if_over()
                value: T = done.value
                return value
            except (Exception, asyncio.CancelledError):
                # Also the error that somebody made of being cut off.
                self._raise_if_over()
                raise
            self._account.look_after_step()
            self._raise_if_over()
            thrown = None
            try:
                yield waits_for
            except BaseException as error:
                # Whatever the task throws in (cancelling, above all) is the coroutine's to see first.
                thrown = error

    def _raise_if_over(self) -> None:
        """Cut the turn off where it swallowed the alarm, or the end of its time, and went on."""
        if self._account.over is not None:
            raise _CutOff(self._account.over) from None

    def _expire(self, task: asyncio.Task[Any]) -> None:
        self._account.over = "lasting"
        task.cancel()
