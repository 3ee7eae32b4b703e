"""A simulated company's line: who comes when, who works when, how long things take; the order is the product's own.

Written down before the waiting-time predictor was, and not changed for its sake. Every figure here is an assumption,
chosen after what contact centres report in general (day curves with two humps, bursts, log-normal handling times,
exponential patience: Gans, Koole and Mandelbaum, "Telephone Call Centers", 2003), not after the predictor.

Each seed is another company: 4 to 12 agents, and work for 65 to 95 % of their time, so that some lines are short and
some are not. ``DEVELOPMENT_SEEDS`` are for writing a predictor, ``EVALUATION_SEEDS`` for the figures that are reported.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from math import exp, log
from typing import Any

from bot.gateway.tickets import hours, routing
from bot.gateway.tickets.desk_settings import DeskSettings
from bot.gateway.tickets.forecasting import Load
from bot.gateway.tickets.routing import AtWork, Waiting

DEVELOPMENT_SEEDS = (1, 2, 3, 4, 5, 6)
EVALUATION_SEEDS = (101, 102, 103, 104, 105, 106, 107, 108)

DAYS = 28
WARM_UP_DAYS = 7
"""The first days are history only: nothing is judged there."""

START = datetime(2026, 3, 2, tzinfo=timezone.utc)  # a Monday; the clocks change on the last Sunday but one of it

# Relative arrivals for each hour of the day; the website is open at night too.
DAY_CURVE = (
    0.06, 0.04, 0.03, 0.03, 0.03, 0.05, 0.12, 0.35, 0.75, 1.10, 1.30, 1.25,
    1.00, 0.95, 1.10, 1.25, 1.20, 1.00, 0.85, 0.75, 0.55, 0.40, 0.25, 0.12,
)  # fmt: skip
# Monday to Sunday.
WEEK_CURVE = (1.25, 1.05, 1.0, 1.0, 1.0, 0.75, 0.5)

# Bursts (a parcel service on strike, a wrong newsletter): one in so many days on average, so many minutes, so many
# times the usual arrivals.
DAYS_BETWEEN_BURSTS = 1.5
BURST_MINUTES = (20.0, 90.0)
BURST_FACTOR = (2.0, 5.0)

SKILLS = (("general", 0.60), ("returns", 0.25), ("technician", 0.15))
LANGUAGES = (("en", 0.95), ("de", 0.05))
PRIORITIES = (("normal", 0.80), ("high", 0.12), ("urgent", 0.03), ("low", 0.05))

# Handling time: log-normal, the median in minutes for each skill, and sigma. Each further conversation at once
# makes an agent's conversations so much slower.
MEDIAN_MINUTES = {"general": 7.0, "returns": 10.0, "technician": 13.0}
SIGMA = 0.75
SLOWER_EACH = 0.25

# From a free place to the click on the next ticket: log-normal, median in seconds, and sigma.
REACTION_SECONDS = 20.0
REACTION_SIGMA = 0.8

# Half of the customers leave when their patience (exponential, mean in minutes of open time) is over.
IMPATIENT = 0.5
PATIENCE_MINUTES = 60.0

# Breaks: one of 30 minutes in the middle of a shift, and short ones, exponential between and uniform in length.
MINUTES_BETWEEN_SHORT_BREAKS = 110.0
SHORT_BREAK = (3.0, 12.0)
SHIFTS = ((8, 15), (9, 17), (11, 19), (13, 20))

LOAD = (0.65, 0.95)
AGENTS = (4, 12)


@dataclass
class Customer:
    """One customer's way through the line."""

    waiting: Waiting
    priority: str
    load: Load
    accepted_at: datetime | None = None
    left_at: datetime | None = None
    told: Any = None
    """Whatever the observer said when they joined."""


Joined = Callable[[Customer], Any]
"""Called when somebody joins; what it answers is kept in ``told``."""
Accepted = Callable[[Customer], None]


@dataclass
class _Agent:
    name: str
    skills: frozenset[str]
    languages: frozenset[str]
    capacity: int
    shift: tuple[int, int]
    online: bool = False
    busy: int = 0
    trying: bool = False


@dataclass
class Company:
    """One seed's company; :meth:`run` plays its weeks."""

    seed: int
    settings: DeskSettings
    days: int = DAYS
    customers: list[Customer] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw the company."""
        self._random = random.Random(self.seed)  # noqa: S311 - a simulation, to be repeated exactly
        self._agents = [self._hire(number) for number in range(self._random.randint(*AGENTS))]
        self._load = self._random.uniform(*LOAD)
        self._line: list[Customer] = []
        self._events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._count = 0

    def run(self, joined: Joined = lambda customer: None, accepted: Accepted = lambda customer: None) -> list[Customer]:
        """Play all days; answers everybody who came, in order."""
        self._joined, self._accepted = joined, accepted
        for at in self._arrivals():
            self._at(at, self._arrive)
        for day in range(self.days):
            for agent in self._agents:
                self._plan_day(agent, START + timedelta(days=day))
        end = START + timedelta(days=self.days)
        while self._events:
            at, _, happen = heapq.heappop(self._events)
            if at > end + timedelta(days=1):
                break
            happen(at)
        return self.customers

    def _hire(self, number: int) -> _Agent:
        skills = {skill for skill in ("returns", "technician") if self._random.random() < 0.55}
        languages = {"en"} | ({"de"} if number == 0 or self._random.random() < 0.3 else set())
        shift = SHIFTS[number % len(SHIFTS)]
        return _Agent(f"a{number}", frozenset(skills), frozenset(languages), self._random.choice((2, 3, 3, 4)), shift)

    def _arrivals(self) -> Iterator[datetime]:
        """A Poisson process whose rate follows day, week and bursts (by thinning)."""
        bursts = []
        at = 0.0
        while (at := at + self._random.expovariate(1 / DAYS_BETWEEN_BURSTS)) < self.days:
            start = START + timedelta(days=at)
            length = timedelta(minutes=self._random.uniform(*BURST_MINUTES))
            bursts.append((start, start + length, self._random.uniform(*BURST_FACTOR)))
        a_minute = self._busiest_rate()
        highest = a_minute * max(DAY_CURVE) * max(WEEK_CURVE) * BURST_FACTOR[1]
        minute = 0.0
        while (minute := minute + self._random.expovariate(highest)) < self.days * 1440:
            now = START + timedelta(minutes=minute)
            local = now.astimezone(self.settings.timezone)
            rate = a_minute * DAY_CURVE[local.hour] * WEEK_CURVE[local.weekday()]
            rate *= max([factor for start, end, factor in bursts if start <= now < end], default=1.0)
            if self._random.random() < rate / highest:
                yield now

    def _busiest_rate(self) -> float:
        """Arrivals a minute at a curve of 1, such that the week's work fills the chosen part of the agents' time."""
        minutes = sum(share * MEDIAN_MINUTES[skill] * exp(SIGMA**2 / 2) * (1 + SLOWER_EACH) for skill, share in SKILLS)
        agent_minutes = sum((one.shift[1] - one.shift[0] - 0.8) * 60 * (one.capacity * 0.6) for one in self._agents) * 6
        a_week = sum(DAY_CURVE) * sum(WEEK_CURVE) * 60
        return self._load * agent_minutes / (minutes * a_week)

    def _plan_day(self, agent: _Agent, day: datetime) -> None:
        """One day of an agent: there in the part of the shift in which the desk is open, with breaks."""
        local = day.astimezone(self.settings.timezone)
        if local.weekday() == 6 and self._random.random() < 0.5:
            return
        start, end = (local.replace(hour=hour, minute=0) for hour in agent.shift)
        opens = hours.next_open(self.settings, start)
        closes = None if opens is None else hours.closes_at(self.settings, opens)
        if opens is None or closes is None or opens >= end:
            return
        begins, ends = max(start, opens), min(end, closes)
        self._at(begins + timedelta(minutes=self._random.uniform(0, 6)), lambda at: self._come(agent, at))
        self._at(ends, lambda at: self._go(agent, at))
        middle = begins + (ends - begins) / 2 + timedelta(minutes=self._random.uniform(-30, 30))
        self._break(agent, middle, 30.0, ends)
        at = begins
        while (at := at + timedelta(minutes=self._random.expovariate(1 / MINUTES_BETWEEN_SHORT_BREAKS))) < ends:
            self._break(agent, at, self._random.uniform(*SHORT_BREAK), ends)

    def _break(self, agent: _Agent, at: datetime, minutes: float, ends: datetime) -> None:
        back = at + timedelta(minutes=minutes)
        self._at(at, lambda now: self._go(agent, now))
        if back < ends:
            self._at(back, lambda now: self._come(agent, now))

    def _come(self, agent: _Agent, at: datetime) -> None:
        agent.online = True
        self._try_soon(agent, at)

    def _go(self, agent: _Agent, _at: datetime) -> None:
        agent.online = False

    def _arrive(self, at: datetime) -> None:
        skill, language, priority = (self._draw(table) for table in (SKILLS, LANGUAGES, PRIORITIES))
        rank = routing.rank_of(self.settings, at, priority)
        waiting = Waiting(f"{len(self.customers):06}", skill, language, at, rank)
        customer = Customer(waiting, priority, self._load_for(waiting, at))
        self.customers.append(customer)
        customer.told = self._joined(customer)
        self._line.append(customer)
        self._line.sort(key=lambda one: (one.waiting.rank_at, one.waiting.id))
        if self._random.random() < IMPATIENT:
            patience = self._random.expovariate(1 / PATIENCE_MINUTES)
            opens = hours.next_open(self.settings, at) or at
            self._at(opens + timedelta(minutes=patience), lambda now: self._leave(customer, now))
        for pause in (timedelta(), self.settings.any_skill_after, self.settings.any_language_after):
            self._at(at + pause, self._everybody_tries)

    def _leave(self, customer: Customer, at: datetime) -> None:
        if customer.accepted_at is None:
            customer.left_at = at
            self._line.remove(customer)

    def _load_for(self, waiting: Waiting, now: datetime) -> Load:
        online = [agent for agent in self._agents if agent.online]
        return Load(
            ahead=sum((one.waiting.rank_at, one.waiting.id) < (waiting.rank_at, waiting.id) for one in self._line),
            online=len(online),
            able=sum(routing.may_take(self.settings, self._as_at_work(one), waiting, now) for one in online),
            free=sum(max(0, one.capacity - one.busy) for one in online),
            in_hand=sum(one.busy for one in self._agents),
            oldest=max((self._waited(one, now) for one in self._line), default=0.0),
        )

    def _waited(self, customer: Customer, now: datetime) -> float:
        return hours.open_between(self.settings, customer.waiting.queued_at, now).total_seconds()

    def _everybody_tries(self, at: datetime) -> None:
        if self._line:
            for agent in self._agents:
                self._try_soon(agent, at)

    def _try_soon(self, agent: _Agent, at: datetime) -> None:
        if agent.online and not agent.trying and agent.busy < agent.capacity and self._line:
            agent.trying = True
            seconds = self._random.lognormvariate(log(REACTION_SECONDS), REACTION_SIGMA)
            self._at(at + timedelta(seconds=seconds), lambda now: self._try(agent, now))

    def _try(self, agent: _Agent, at: datetime) -> None:
        agent.trying = False
        if not agent.online:
            return
        found = routing.next_for(self.settings, self._as_at_work(agent), [one.waiting for one in self._line], at)
        if found is None:
            return
        customer = next(one for one in self._line if one.waiting.id == found.id)
        self._line.remove(customer)
        customer.accepted_at = at
        self._accepted(customer)
        agent.busy += 1
        minutes = self._random.lognormvariate(log(MEDIAN_MINUTES[found.skill]), SIGMA)
        minutes *= 1 + SLOWER_EACH * (agent.busy - 1)
        self._at(at + timedelta(minutes=minutes), lambda now: self._finish(agent, now))
        self._try_soon(agent, at)

    def _finish(self, agent: _Agent, at: datetime) -> None:
        agent.busy -= 1
        self._try_soon(agent, at)

    def _as_at_work(self, agent: _Agent) -> AtWork:
        return AtWork(agent.name, agent.skills, agent.languages, agent.capacity - agent.busy)

    def _draw(self, table: tuple[tuple[str, float], ...]) -> str:
        return self._random.choices([name for name, _ in table], [share for _, share in table])[0]

    def _at(self, at: datetime, happen: Callable[[datetime], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (at.astimezone(timezone.utc), self._count, happen))
