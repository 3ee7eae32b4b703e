"""docs/reference/database.md tells of the tables and the life cycles that there are, and of no others."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import bot.gateway
from bot.gateway.conversations import shares  # noqa: F401 - the table that it keeps to itself
from bot.gateway.conversations.states import ARRIVALS, DELIVERY, INBOX
from bot.gateway.desk import tables as desk_tables  # noqa: F401
from bot.gateway.external_desks import tables as external_tables  # noqa: F401
from bot.gateway.platform import limits  # noqa: F401
from bot.gateway.platform.life_cycles import LifeCycle
from bot.gateway.platform.tables import Table
from bot.gateway.tickets import tables as ticket_tables  # noqa: F401
from bot.gateway.tickets.states import TICKET

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "database.md").read_text(encoding="utf-8")
COLUMNS = {"tickets.state": TICKET, "inbox.outcome": INBOX, "deliveries.state": DELIVERY}
"""Which life cycle each section of the page is about."""


def _section(heading: str) -> str:
    """What stands below a heading, to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None, f"the page has no section {heading!r}"
    return found[1]


def _rows(text: str) -> dict[str, list[str]]:
    """A table's rows by the word in backticks in their first column: the other columns."""
    rows = {}
    for line in text.split("\n"):
        first, *others = (cell.strip() for cell in line.strip("|").split("|"))
        if re.fullmatch(r"`[a-z_]+`", first):
            rows[first.strip("`")] = others
    return rows


def _owner(table: type[Table]) -> str:
    return "/".join(table.__module__.split(".")[:3])


def _described() -> dict[str, tuple[str, str]]:
    """Each table of the page: the package under whose heading it stands, and its keys and indexes."""
    headings = re.findall(r"^### `(bot/gateway/[a-z_]+)`$", PAGE, re.MULTILINE)
    return {name: (one, cells[1]) for one in headings for name, cells in _rows(_section(f"`{one}`")).items()}


TABLES = {mapper.class_.__tablename__: mapper.class_ for mapper in Table.registry.mappers}


def test_the_page_has_every_table_and_no_other_under_the_package_that_owns_it() -> None:
    """A table that nobody described is one that nobody backs up, tidies or dares to change."""
    assert {name: package for name, (package, _) in _described().items()} == {
        name: _owner(table) for name, table in TABLES.items()
    }


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_page_names_the_keys_and_indexes_of_a_table(name: str) -> None:
    """The columns of its key, and each index by the name under which a plan shows it; no index that has gone."""
    said = set(re.findall(r"`([a-z_]+)`", _described()[name][1]))
    table = Table.metadata.tables[name]
    columns, indexes = set(table.columns.keys()), {str(index.name) for index in table.indexes}
    assert indexes | set(table.primary_key.columns.keys()) <= said
    assert said <= indexes | columns


def test_the_page_has_every_life_cycle() -> None:
    """Whoever adds one describes it."""
    there = [
        value
        for module in pkgutil.walk_packages(bot.gateway.__path__, "bot.gateway.")
        if module.name.endswith(".states")
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, LifeCycle)
    ]
    assert sorted(one.of for one in there) == sorted(one.of for one in COLUMNS.values())


@pytest.mark.parametrize("column", sorted(COLUMNS))
def test_the_page_has_every_state_and_every_step(column: str) -> None:
    """As the code's own table has them, in its order, and where a row begins."""
    cycle = COLUMNS[column]
    [section] = [part for part in re.split(r"^### ", PAGE, flags=re.MULTILINE) if f"\n`{column}`, in `" in part]
    # A step's reason stands in brackets, and may name a state by the way.
    steps = {
        state: tuple(re.findall(r"`([a-z_]+)`", re.sub(r"\([^()]*\)", "", cells[-1])))
        for state, cells in _rows(section).items()
    }
    assert list(steps) == list(cycle.states)
    assert {state: set(after) for state, after in steps.items()} == {
        state: set(after) for state, after in cycle.steps.items()
    }
    if cycle is not INBOX:
        assert f"It begins as `{cycle.starts[0]}`" in section


def test_the_page_has_what_is_known_of_a_try() -> None:
    """The codes of ``deliveries.arrival``."""
    section = _section("A delivery")
    assert all(f"`{one}`" in section for one in ARRIVALS)


def test_the_api_tells_of_the_same_states_of_a_ticket() -> None:
    """A desk that reads the API's page expects no other, and misses none."""
    api = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "web-api.md").read_text(encoding="utf-8")
    [said] = re.findall(r'^Ticket: .*?"state": "([a-z|]+)"', api, re.MULTILINE)
    assert set(said.split("|")) == set(TICKET.states)
