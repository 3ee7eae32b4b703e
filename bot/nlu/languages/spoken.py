"""Which foreign languages customers are expected to write in: as config.yml lists them, or as CLDR has them spoken.

Only those written in Latin letters have to be chosen, since letters of other scripts say it themselves. The fewer there
are to choose from, the surer is lingua of a short message.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.errors import SettingError
from bot.nlu.countries import country_of
from bot.nlu.languages.small_words import SMALL_WORDS

_ALSO_CALLED = {"fil": "tl", "no": "nb"}
"""Codes of CLDR and of lingua's for the same language: Filipino is Tagalog, Norwegian mostly Bokmål."""


@cache
def in_latin_letters() -> frozenset[str]:
    """The languages (ISO 639-1) that lingua knows and that are written in Latin letters."""
    import lingua

    return frozenset(language.iso_code_639_1.name.lower() for language in lingua.Language.all_with_latin_script())


def expected(spoken: Iterable[str] = ()) -> tuple[str, ...]:
    """The languages to tell apart in a country: those spoken there, and those whose small words the product knows."""
    codes = {_ALSO_CALLED.get(code, code) for code in spoken} | {"en", *SMALL_WORDS}
    return tuple(sorted(codes & in_latin_letters()))


def listed(codes: Iterable[str]) -> tuple[str, ...]:
    """The languages that a company lists, and English; a code that is none of them is a :class:`SettingError`."""
    wanted = {"en", *map(str, codes)}
    if unknown := sorted(wanted - in_latin_letters()):
        raise SettingError(
            f"The language {unknown[0]!r} is none that is told by its words: write some of "
            f"{', '.join(sorted(in_latin_letters()))}. Languages in other letters need not be listed."
        )
    return tuple(sorted(wanted))


def languages_in(config: Path) -> tuple[str, ...]:
    """The languages that a company's ``config.yml`` lists under WarmlineLanguage, or those of its country."""
    try:
        read = yaml.safe_load(config.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return expected()  # who trains is told what is wrong with the file, with its line
    pipeline = read.get("pipeline") if isinstance(read, dict) else None
    entries: list[dict[str, Any]] = [entry for entry in pipeline or [] if isinstance(entry, dict)]
    codes = next((entry["languages"] for entry in entries if entry.get("languages") is not None), None)
    if codes is not None:
        if not isinstance(codes, list):
            raise SettingError("`languages` under WarmlineLanguage is no list: write one such as [fr, de].")
        return listed(codes)
    country = next((entry["country"] for entry in entries if isinstance(entry.get("country"), str)), None)
    return expected(country_of(country).languages if country else ())
