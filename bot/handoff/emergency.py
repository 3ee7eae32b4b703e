"""What a customer is told first who is in danger, and the number to call where the company is.

The sentences are in the wording catalogue, one for each danger; the numbers are a country's own, by its ISO 3166 code,
as the International Telecommunication Union lists them (ITU-T E.129, national numbers for emergencies).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import yaml

from bot.wording.sentences import Said, wording

ANYWHERE: Final = "112"
"""Reaches emergency services from a mobile telephone in most of the world (3GPP TS 22.101)."""

_NUMBERS: Final = {
    "999": ["GB", "HK", "KE", "MY", "SG", "BH", "QA", "AE", "BD", "BW", "GH", "ZM", "ZW"],
    "911": ["US", "CA", "MX", "AR", "PH", "CR", "PA", "PE", "UY", "PY", "EC", "DO", "SV", "GT", "HN", "JO", "SA", "LR"],
    "000": ["AU"],
    "111": ["NZ"],
    "110": ["CN"],
    "119": ["JP", "KR", "TW", "LK"],
    "190": ["BR"],
    "123": ["CO", "EG"],
    "133": ["CL"],
    "191": ["TH"],
    "113": ["VN"],
    "10111": ["ZA"],
    "100": ["IL"],
}
"""Of 112 it is not said here: all of the European Union, Norway, Switzerland, Turkey, India and others answer it."""

_BY_COUNTRY: Final = {country: number for number, countries in _NUMBERS.items() for country in countries}


def emergency_number(country: str) -> str:
    """The number to call in a country (``GB``); :data:`ANYWHERE` where nothing else is known."""
    return _BY_COUNTRY.get(country.strip().upper(), ANYWHERE)


def first_words(kind: str, country: str) -> Said:
    """What to do first, with the number to call, and that a person will see it.

    ``kind`` is one of `bot.nlu.reading.danger_words.KINDS`; whoever writes it otherwise has a mistake in the program.
    """
    number = emergency_number(country)
    sentences = {
        "fire": wording("danger.fire", number=number),
        "gas": wording("danger.gas", number=number),
        "carbon_monoxide": wording("danger.carbon_monoxide", number=number),
        "electricity": wording("danger.electricity", number=number),
        "water": wording("danger.water", number=number),
        "health": wording("danger.health", number=number),
        "self_harm": wording("danger.self_harm", number=number),
        "violence": wording("danger.violence", number=number),
    }
    return (sentences[kind], wording("danger.passed_on"))


def country_in(config: Path) -> str:
    """The country that a company's ``config.yml`` gives its entities; an empty text where it gives none."""
    try:
        read = yaml.safe_load(config.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return ""
    pipeline = read.get("pipeline") if isinstance(read, dict) else None
    for component in pipeline if isinstance(pipeline, list) else []:
        if isinstance(component, dict) and isinstance(component.get("country"), str):
            return str(component["country"])
    return ""
