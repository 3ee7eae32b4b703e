"""Where the demonstration shop's database lies: in the assistant's ``var``, unless ``SHOP_DATABASE`` names a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

FILE = "shop.db"


def shop_database(var: Path, environment: Mapping[str, str] | None = None) -> Path:
    """The database's file; ``var`` is the folder of what running creates."""
    given = (os.environ if environment is None else environment).get("SHOP_DATABASE")
    return Path(given).resolve() if given else var / FILE
