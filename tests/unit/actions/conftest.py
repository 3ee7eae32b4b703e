"""A seeded shop and a hand-made dialogue for the actions' tests.

rasa-sdk lives in the brain's environment only: there all of these tests run (``.venv-brain/bin/pytest
tests/unit/actions``), elsewhere those of the shop alone are collected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.shop.limits import Limits
from actions.shop.seed import seed
from actions.shop.sqlite_shop import SqliteShop
from tests.unit.kit.talk import Talk, few_articles

collect_ignore_glob = [] if find_spec("rasa_sdk") else ["test_*.py"]

ROOT = Path(__file__).resolve().parents[3]

NO_ARTICLES: Any = few_articles()

SUNDAY = date(2026, 11, 22)
"""The day on which the tests' shop stands; Tuesday is the 24th."""


@dataclass
class Clock:
    """Seconds since 1970, from noon on SUNDAY on."""

    seconds: float = 1_795_348_800.0

    def __call__(self) -> float:
        """What time it is."""
        return self.seconds

    def passes(self, **span: float) -> None:
        """Let time pass, in the words of :class:`~datetime.timedelta`."""
        self.seconds += timedelta(**span).total_seconds()


@pytest.fixture
def shop_path(tmp_path: Path) -> Path:
    """A shop's database as it is on SUNDAY."""
    path = tmp_path / "shop.db"
    seed(path, SUNDAY)
    return path


@pytest.fixture
def clock() -> Clock:
    """The time of the tests' shop, which stands still until a test lets it pass."""
    return Clock()


@pytest.fixture
def shop(shop_path: Path, clock: Clock) -> SqliteShop:
    """The shop over it."""
    return SqliteShop(shop_path, clock=clock)


@pytest.fixture
def wired(shop: SqliteShop, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> SqliteShop:
    """Actions that find this shop and this date."""
    from actions import wiring
    from actions.company import company
    from bot.kit.company import Content, serve_for

    monkeypatch.setattr(wiring, "shop", lambda: shop)
    monkeypatch.setattr(wiring, "today", lambda: SUNDAY)
    monkeypatch.setattr(wiring, "now", clock)
    monkeypatch.setattr(wiring, "limits", Limits)
    forms = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["forms"]
    asked = {name: tuple(form["required_slots"]) for name, form in forms.items()}
    serve_for(company(), Content(lambda: NO_ARTICLES, dict, asked))
    return shop


@pytest.fixture
def talk() -> Callable[..., Talk]:
    """Begins a dialogue."""
    return Talk
