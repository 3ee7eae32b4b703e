"""Mistakes in what ``config.yml`` says about entities: where the customers are, and what kind of value one holds."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from bot.contract.kinds import KINDS, READ_BY_RULES
from bot.errors import SettingError
from bot.nlu.countries import country_of
from bot.nlu.entities.values import CHECKS, checked_country
from bot.teaching.checks.findings import Findings, did_you_mean
from bot.teaching.checks.written import Document, is_null, items, member, members, text

_TRUTH = "tag:yaml.org,2002:bool"
_COUNTRY = "Write `country:` and the two capitals of ISO 3166 for where your customers are, such as NZ."
_ZONE = "Write `timezone:` and a name of the IANA database (https://www.iana.org/time-zones), such as Pacific/Auckland."


def check_entities(config: Document, found: Findings) -> None:
    """Note a country and a time zone that are missing or unknown, and kinds and checks that there are not."""
    for entry in items(member(config.root, "pipeline")):
        name = member(entry, "name") or entry
        if (text(name) or "").endswith(".WarmlineEntities"):
            _check_country(config, entry, name, found)
            _check_zone(config, entry, name, found)
            _check_kinds(config, member(entry, "kinds"), found)
            _check_checks(config, member(entry, "checks"), found)


def _check_country(config: Document, entry: yaml.Node, name: yaml.Node, found: Findings) -> None:
    written = member(entry, "country")
    if written is None or is_null(written):
        what = "the country is missing."
        found.wrong(
            config.place(written or name), what, f"{_COUNTRY} Dates and postcodes are read as people write there."
        )
        return
    code = text(written) or ""
    if written.tag == _TRUTH:
        found.wrong(config.place(written), f"YAML reads {code} as a yes or a no.", f'Write it in quotes: "{code}".')
        return
    try:
        country_of(checked_country(code))
    except SettingError:
        found.wrong(config.place(written), f"the country {code!r} is unknown.", _COUNTRY)


def _check_zone(config: Document, entry: yaml.Node, name: yaml.Node, found: Findings) -> None:
    written = member(entry, "timezone")
    if written is None or is_null(written):
        found.wrong(
            config.place(written or name), "the time zone is missing.", f"{_ZONE} It says when tomorrow begins."
        )
        return
    zone = text(written) or ""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        found.wrong(config.place(written), f"the time zone {zone!r} is unknown.", _ZONE)


def _check_kinds(config: Document, written: yaml.Node | None, found: Findings) -> None:
    if written is None or is_null(written):
        return
    if not isinstance(written, yaml.MappingNode):
        what = "`kinds` is no list of names with their kinds."
        found.wrong(config.place(written), what, "Write one in each line, such as `zip: postcode`.")
        return
    first: dict[str, str] = {}
    for entity, node in members(written):
        kind = text(node) or ""
        if kind not in KINDS:
            remedy = did_you_mean(kind, KINDS, f"The kinds are {', '.join(KINDS)}.")
            found.wrong(config.place(node), f"the kind {kind!r} of {entity.value} is unknown.", remedy)
        elif kind in READ_BY_RULES and kind in first:
            what = f"{first[kind]} and {entity.value} are both of the kind {kind}, and nothing tells them apart."
            found.wrong(config.place(node), what, "Keep one, and map it to several slots in the domain.")
        first.setdefault(kind, entity.value)


def _check_checks(config: Document, written: yaml.Node | None, found: Findings) -> None:
    for entity, node in members(written):
        check = text(node) or ""
        if check not in CHECKS:
            remedy = did_you_mean(check, CHECKS, f"Write one of {', '.join(CHECKS)}.")
            found.wrong(config.place(node), f"the check {check!r} of {entity.value} is unknown.", remedy)
