"""Where real things are chosen: the shop's database, its limits, the time.

Nothing happens at import: each is opened when an action first asks for it, and then kept.
"""

from __future__ import annotations

import threading
import time
from datetime import date
from functools import lru_cache

from actions.shop import limits_file
from actions.shop.limits import Limits
from actions.shop.model import Shop
from actions.shop.place import shop_database
from actions.shop.seed import refresh, today_in_the_shop
from actions.shop.sqlite_shop import SqliteShop
from bot import settings
from bot.private_files import private_database

# Actions run in threads; two that ask at once must not both load.
_opening = threading.Lock()


def today() -> date:
    """The date where the shop is."""
    return today_in_the_shop()


def now() -> float:
    """Seconds since 1970, by the clock that all servers share."""
    return time.time()


def limits() -> Limits:
    """How much customers may do by themselves; a mistake in the file is a :class:`~bot.errors.SettingError`."""
    with _opening:
        return _limits()


def shop() -> Shop:
    """The company's system, its diary brought up to today."""
    with _opening:
        return _shop(today())


@lru_cache(maxsize=1)
def _shop(day: date) -> Shop:
    path = shop_database(settings.load().var)
    private_database(path)
    opened = SqliteShop(path, _limits())
    refresh(path, day)
    return opened


@lru_cache(maxsize=1)
def _limits() -> Limits:
    return limits_file.load_limits(settings.load().root / limits_file.FILE)
