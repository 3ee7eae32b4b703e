"""What every assistant has, whatever its company: the domain, rules, examples and words that Warmline brings.

One folder a language. `bot/brain/content.py` joins it with a company's own files where config.yml says ``core: true``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent

LANGUAGES: Final = ("en",)
"""The languages that an assistant can speak: those of the folders beside this file."""


def domain_file(language: str = "en") -> Path:
    """Intents, slots, actions and sentences of Warmline itself."""
    return HERE / language / "domain.yml"


def rules_file(language: str = "en") -> Path:
    """Who answers what, in every assistant."""
    return HERE / language / "rules.yml"


def examples_file(language: str = "en") -> Path:
    """How customers say what they say to any assistant."""
    return HERE / language / "nlu.yml"


def words_folder(root: Path, name: str, language: str = "en") -> Path:
    """Where to read words such as ``talk``: a company's own folder ``data/talk``, or what Warmline brings."""
    own = root / "data" / name
    return own if any(own.glob("*.yml")) else HERE / language / name
