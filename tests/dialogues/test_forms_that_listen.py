"""Whole dialogues with the three forms, from the tables in `listening/`: what is said, and what stands in the shop."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.shop.model import Window
from actions.shop.seed import today_in_the_shop
from actions.shop.sqlite_shop import SqliteShop
from tests.processes import Brain, Dialogue

_TABLES = Path(__file__).parent / "listening"
_DIALOGUES = [
    pytest.param(one, id=f"{table.stem}-{one['id']}")
    for table in sorted(_TABLES.glob("*.yml"))
    for one in yaml.safe_load(table.read_text("utf-8"))
]


def _days(brain: Brain, place: str | None) -> dict[str, date]:
    """Two days of the coming week with a visit in both halves, whenever the tests run."""
    if place is None:
        return {}
    shop, today = SqliteShop(brain.shop_database), today_in_the_shop()
    coming = [today + timedelta(days=ahead) for ahead in range(1, 8)]
    good = [day for day in coming if {slot.window for slot in shop.free_appointments(place, today, day)} == set(Window)]
    return {"day": good[0], "other": good[1]}


@pytest.mark.parametrize("table", _DIALOGUES)
def test_the_forms_listen(brain: Brain, table: dict[str, Any]) -> None:
    """Nothing is asked twice, corrections count, and what is booked is what was meant."""
    brain.empty_diary()
    days = _days(brain, table.get("place"))
    names = {name: f"{day:%A}" for name, day in days.items()}
    booked, returned = brain.booked(), brain.returned()
    talk = brain.talk()
    for number, text in enumerate(table["turns"], start=1):
        talk.say(text.format(**names))
        _check_said(table, number, talk.said, names)
    if "handoff" in table:
        assert talk.handoff is not None
        assert talk.handoff["reason"]["code"] == table["handoff"]
    if "booked" in table:
        _check_booked(brain, table, days, [row for row in brain.booked() if row not in booked], talk)
    if "returned" in table:
        wanted = table["returned"]
        order, _, words, collect_on = next(row for row in brain.returned() if row not in returned)
        assert order == wanted["order"]
        assert wanted["words"] in words
        assert (collect_on is not None) == wanted["collect"]


def _check_said(table: dict[str, Any], number: int, said: str, names: dict[str, str]) -> None:
    if wanted := table.get("says", {}).get(number):
        assert re.search(wanted.format(**names), said), said
    if unwanted := table.get("says_not", {}).get(number):
        assert not re.search(unwanted, said), said


def _check_booked(
    brain: Brain, table: dict[str, Any], days: dict[str, date], new: list[tuple[Any, ...]], talk: Dialogue
) -> None:
    wanted = table["booked"]
    if wanted is None:
        assert not new
        return
    assert len(new) == 1, talk.said
    slot_id, appliance, postcode, email = new[0]
    slot = SqliteShop(brain.shop_database).appointment_slot(slot_id)
    assert slot is not None
    assert appliance == wanted["product"]
    if "place" in wanted:
        assert postcode == wanted["place"]
    if "window" in wanted:
        assert slot.window.value == wanted["window"]
    if "day" in wanted:
        assert slot.day == days[wanted["day"].strip("{}")]
    if "email" in wanted:
        assert email == wanted["email"]
    problem = brain.problem_of(slot_id)
    assert re.search(wanted.get("problem", ""), problem), problem
