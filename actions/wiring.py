"""Where real things are chosen: the shop's database, the knowledge index, the titles that trainers wrote.

Nothing happens at import: each is opened when an action first asks for it, and then kept.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from actions.readings import IntentTitle, load_titles
from actions.shop import limits_file
from actions.shop.limits import Limits
from actions.shop.model import Shop
from actions.shop.seed import refresh, today_in_the_shop
from actions.shop.sqlite_shop import SqliteShop
from bot import settings
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.living import LivingIndex
from bot.nlu.encoder.onnx_encoder import EncoderManifest
from bot.private_files import private_database
from bot.wording.catalogue import Catalogue
from bot.wording.files import load_catalogue

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


def knowledge() -> KnowledgeIndex:
    """The articles as they stand now; no encoder is loaded, the brain has done the searching."""
    with _opening:
        return _knowledge().refresh()


def titles() -> Mapping[str, IntentTitle]:
    """The intents' titles and articles."""
    with _opening:
        return _titles()


def catalogue() -> Catalogue:
    """The product's own sentences in the company's words; a mistake in its file is a ``WordingError``."""
    with _opening:
        return _catalogue()


@lru_cache(maxsize=1)
def _shop(day: date) -> Shop:
    path = settings.load().shop_database
    private_database(path)
    opened = SqliteShop(path, _limits())
    refresh(path, day)
    return opened


@lru_cache(maxsize=1)
def _limits() -> Limits:
    return limits_file.load_limits(settings.load().root / limits_file.FILE)


@lru_cache(maxsize=1)
def _knowledge() -> LivingIndex:
    set_up = settings.load()
    return LivingIndex(set_up.index, EncoderManifest.read(set_up.encoder).fingerprint)


@lru_cache(maxsize=1)
def _catalogue() -> Catalogue:
    return load_catalogue(settings.load().root)


@lru_cache(maxsize=1)
def _titles() -> Mapping[str, IntentTitle]:
    return load_titles(settings.load().root / "data" / "nlu")
