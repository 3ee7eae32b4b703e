"""Short messages and junk through a real brain and its action server: how many had a sensible outcome.

.venv/bin/python -m benchmarks.short_messages [--models FOLDER]      prints the figures as JSON

Each case of `tests/understanding/short.yml` is one turn in the context that it states. A form is opened and answered by
real turns up to the question; offered choices replace the buttons of a real turn; a form's visits are real ones of the
shop's diary on the next such weekdays, and a date that the case names moves along with them.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import json
import re
import secrets
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import yaml

from benchmarks.short_outcomes import Turned, sensible
from bot.processes import Supervisor, free_port, process_plans
from bot.settings import Settings, load
from bot.teaching.suggestions import titles_of

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "understanding" / "short.yml"
LONGEST_START = 180.0
LONGEST_TURN = 60.0
"""Seconds; a busy machine may take many times what a turn takes."""

ORDER, POSTCODE, AREA = "LF-1000017", "LS6 2AB", "LS"
"""An order of the demo shop, and where it goes."""

_ORDER_FORM, _VISIT_FORM = "track_order_form", "book_technician_form"
_PROBLEM = "it leaves a puddle on the kitchen floor"
_TO_THE_VISIT = ("/book_technician", "dishwasher", _PROBLEM, POSTCODE)
_ANY_VISIT, _EMAIL = "the first one", "ada@example.com"
WAYS: Mapping[tuple[str, str], Sequence[str]] = {
    (_ORDER_FORM, "order_number"): ("/track_order",),
    (_ORDER_FORM, "postcode"): ("/track_order", ORDER),
    (_VISIT_FORM, "product"): _TO_THE_VISIT[:1],
    (_VISIT_FORM, "problem"): _TO_THE_VISIT[:2],
    (_VISIT_FORM, "postcode"): _TO_THE_VISIT[:3],
    (_VISIT_FORM, "appointment"): _TO_THE_VISIT,
    (_VISIT_FORM, "email"): (*_TO_THE_VISIT, _ANY_VISIT),
    (_VISIT_FORM, "confirm_booking"): (*_TO_THE_VISIT, _ANY_VISIT, _EMAIL),
}
"""What a customer says until a form asks for a slot; with a slash a button."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TITLE = re.compile(r"(?P<weekday>\w+) (?P<day>\d+) (?P<month>\w+), (?P<half>morning|afternoon)")


@dataclass(frozen=True)
class Channel:
    """The private channel of a brain, and the shop's database behind its actions."""

    client: httpx.AsyncClient
    shop: Path
    titles: Mapping[str, str]
    """The intent behind each title."""

    async def turn(self, text: str, state: Any) -> dict[str, Any]:
        """Take one turn; a text with a slash is a button."""
        what = {"type": "choice", "payload": text, "title": text} if text.startswith("/") else {"type": "text"}
        answer = await self.client.post(
            "/webhooks/warmline/turn",
            json={
                "schema": "turn/1",
                "conversation_id": secrets.token_hex(8),
                "message_id": secrets.token_hex(8),
                "channel": "web",
                "locale": "en",
                "shadow": False,
                "customer": {"id": "c", "name": None, "verified": False, "attributes": {}},
                "input": what if "payload" in what else {**what, "text": text},
                "state": state,
            },
        )
        answer.raise_for_status()
        return dict(answer.json())


async def play(case: Mapping[str, Any], channel: Channel) -> bool:
    """Whether a case had the outcome that it states."""
    context = case["context"] if isinstance(case["context"], dict) else {}
    form, asked, offered = context.get("form"), context.get("asked"), context.get("choices") or []
    text = case["text"] if "text" in case else case["repeat"]["text"] * case["repeat"]["times"]
    state: Any = None
    visits: dict[str, str] = {}
    if form is not None:
        if case["outcome"] == "fill" and asked == "postcode":
            _send_order_to(channel.shop, case["value"])
        for said in WAYS[form, asked]:
            state = (await channel.turn(said, state))["state"]
        if (state["open_form"] or {}).get("requested_slot") != asked:
            raise LookupError(f"{form} does not ask for {asked} where it should: the ways to its questions are old.")
        if offered:
            days = {title: next_day(title, _today()) for title in offered}
            visits = {title: _free_visit(channel.shop, title, day) for title, day in days.items()}
            text = moved(text, days)
            buttons = [{"title": title, "payload": f'/inform{{"appointment": "{visits[title]}"}}'} for title in offered]
            state = with_offer(state, buttons, {"offered_appointments": list(visits.values())})
    elif offered:
        state = (await channel.turn("/greet", None))["state"]
        state = with_offer(state, [{"title": title, "payload": f"/{channel.titles[title]}"} for title in offered], {})
    return sensible(case, Turned(await channel.turn(text, state), form, asked, visits))


def with_offer(state: Any, buttons: Sequence[Mapping[str, str]], slots: Mapping[str, Any]) -> Any:
    """A dialogue state whose last words of the assistant offered these buttons, and that has these slots."""
    changed = copy.deepcopy(state)
    last = [event for event in changed["events"] if event["event"] == "bot"][-1]
    last["data"] = {**(last.get("data") or {}), "buttons": [dict(button) for button in buttons]}
    for name, value in slots.items():
        [event for event in changed["events"] if event["event"] == "slot" and event["name"] == name][-1]["value"] = (
            value
        )
        changed["slots"][name] = value
    return changed


def next_day(title: str, today: date) -> date:
    """The first day after today with the weekday of a visit's title."""
    wanted = _WEEKDAYS.index(_parts(title)["weekday"])
    return next(day for ahead in range(1, 8) if (day := today + timedelta(days=ahead)).weekday() == wanted)


def moved(text: str, days: Mapping[str, date]) -> str:
    """A text whose dates, where they are those of the offered visits, are the dates of the days instead."""
    new = {_parts(title)["day"]: day for title, day in days.items()}
    months = "|".join({_parts(title)["month"] for title in days})
    dates = re.compile(rf"\b(?P<day>{'|'.join(new)})(?P<end>st|nd|rd|th)?(?P<month> (?:{months}))?\b", re.IGNORECASE)

    def put(found: re.Match[str]) -> str:
        day = new[found["day"]]
        end = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
        return f"{day.day}{end if found['end'] else ''}{f' {day:%B}' if found['month'] else ''}"

    return dates.sub(put, text)


def _parts(title: str) -> Mapping[str, str]:
    found = _TITLE.fullmatch(title)
    if found is None:
        raise ValueError(f"{title!r} is no visit's title.")
    return found.groupdict()


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/London")).date()


def _free_visit(shop: Path, title: str, day: date) -> str:
    """The id of a free visit on that day; where the demo diary is full, the technicians get one more."""
    half = _parts(title)["half"]
    with closing(sqlite3.connect(shop, timeout=10)) as connection, connection:
        free = connection.execute(
            "SELECT id FROM appointment_slots WHERE area = ? AND day = ? AND time_window = ?"
            " AND id NOT IN (SELECT slot_id FROM appointments) ORDER BY id",
            (AREA, day.isoformat(), half),
        ).fetchone()
        if free is not None:
            return str(free[0])
        made = f"{AREA}-{day:%Y%m%d}-{half}-9"
        connection.execute(
            "INSERT INTO appointment_slots (id, area, day, time_window) VALUES (?, ?, ?, ?)",
            (made, AREA, day.isoformat(), half),
        )
        return made


def _send_order_to(shop: Path, postcode: str) -> None:
    with closing(sqlite3.connect(shop, timeout=10)) as connection, connection:
        connection.execute("UPDATE orders SET postcode = ? WHERE number = ?", (postcode, ORDER))
        # Each case is another customer, on another day: wrong postcodes of the others are forgotten.
        connection.execute("DELETE FROM tallies")


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Channel]:
    """A brain with its newest model, an action server and a freshly seeded shop, until the block ends."""
    await asyncio.to_thread(_seed, settings)
    plans = tuple(plan for plan in process_plans(settings) if plan.name in ("brain", "actions"))
    supervisor = Supervisor(plans, lambda _: None)
    keeping = asyncio.create_task(supervisor.run())
    try:
        for plan in plans:
            await asyncio.wait_for(supervisor.ready(plan.name), LONGEST_START)
        headers = {"Authorization": f"Bearer {settings.brain_secret}"}
        async with httpx.AsyncClient(
            base_url=settings.brain_url, headers=headers, timeout=LONGEST_TURN, trust_env=False
        ) as client:
            yield Channel(client, settings.var / "shop.db", titles_of(settings.root))
    finally:
        supervisor.stop()
        await keeping


def _seed(settings: Settings) -> None:
    settings.var.mkdir(parents=True, exist_ok=True)
    plan = next(plan for plan in process_plans(settings) if plan.name == "actions")
    seed = [plan.command[0], "-m", "actions.shop.seed"]
    subprocess.run(seed, cwd=plan.folder, env=dict(plan.environment), check=True, capture_output=True)  # noqa: S603


def private_settings(var: Path) -> Settings:
    """Settings beside those of an installation: free ports, files that are thrown away, the same models."""
    brain, actions = free_port(), free_port()
    return replace(
        load(),
        var=var,
        brain_port=brain,
        brain_url=f"http://127.0.0.1:{brain}",
        actions_port=actions,
        actions_url=f"http://127.0.0.1:{actions}/webhook",
        actions_secret=secrets.token_urlsafe(32),
        brain_secret=secrets.token_urlsafe(32),
        payload_key=secrets.token_urlsafe(32),
    )


def figures(models: Path) -> dict[str, Any]:
    """How many cases had a sensible outcome, all and by outcome; with the newest model of a folder."""
    cases = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    right: Counter[str] = Counter()

    async def play_all() -> None:
        with tempfile.TemporaryDirectory(prefix="warmline-short-") as var:
            async with running(replace(private_settings(Path(var)), models=models)) as channel:
                for case in cases:
                    right[case["outcome"]] += await play(case, channel)

    asyncio.run(play_all())
    of = Counter(case["outcome"] for case in cases)
    return {
        "sensible": round(right.total() / len(cases), 4),
        "messages": len(cases),
        "outcomes": {name: f"{right[name]} of {of[name]}" for name in sorted(of)},
    }


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.short_messages")
    parser.add_argument("--models", type=Path, default=ROOT / "models", help="where the trained model is")
    print(json.dumps(figures(parser.parse_args().models.resolve())))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
