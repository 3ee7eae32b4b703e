"""Where real things are chosen: the shop's database, the knowledge index, the titles that trainers wrote.

Nothing happens at import: each is opened when an action first asks for it, and then kept.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from actions.readings import IntentTitle, load_titles
from actions.shop.model import Shop
from actions.shop.seed import refresh, today_in_the_shop
from actions.shop.sqlite_shop import SqliteShop
from bot import settings
from bot.knowledge.index import KnowledgeIndex
from bot.knowledge.living import LivingIndex
from bot.nlu.onnx_encoder import EncoderManifest
from bot.private_files import private_database

# Actions run in threads; two that ask at once must not both load.
_opening = threading.Lock()


def today() -> date:
    """The date where the shop is."""
    return today_in_the_shop()


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


@lru_cache(maxsize=1)
def _shop(day: date) -> Shop:
    path = settings.load().shop_database
    opened = SqliteShop(path)
    private_database(path)
    refresh(path, day)
    return opened


@lru_cache(maxsize=1)
def _knowledge() -> LivingIndex:
    set_up = settings.load()
    return LivingIndex(set_up.index, EncoderManifest.read(set_up.encoder).fingerprint)


@lru_cache(maxsize=1)
def _titles() -> Mapping[str, IntentTitle]:
    return load_titles(settings.load().root / "data" / "nlu")
