"""``self_service`` in ``desk.yml``: read once at start; a mistake names its file and line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from actions.shop.limits import GuessLimits, Limits, UseLimits
from bot.setting_files import Section, read_document

FILE = "desk.yml"
SECTION = "self_service"

# A limit above this is none; who wants none has misunderstood what it is for.
HIGHEST = 1000
LONGEST_HOURS = 30 * 24
LONGEST_DAYS = 90


def load_limits(path: Path) -> Limits:
    """Read the section, or the defaults where file or section are missing.

    Raises:
        SettingError: values make no sense; each with file and line in front.
    """
    if not path.exists():
        return Limits()
    document = read_document(path, "It says how much customers may do by themselves.")
    section = document.section(SECTION)
    if section is None:
        document.raise_if_wrong()
        return Limits()
    limits = Limits(
        guesses=_guesses(section.section("wrong_postcodes")),
        bookings=_uses(section.section("bookings")),
        returns=_uses(section.section("returns")),
    )
    section.finish()
    document.raise_if_wrong()
    return limits


def _guesses(section: Section | None) -> GuessLimits:
    usual = GuessLimits()
    if section is None:
        return usual
    written = set(section.keys())
    limits = GuessLimits(
        in_one_conversation=_number(section, "in_one_conversation", usual.in_one_conversation),
        for_one_order=_number(section, "for_one_order", usual.for_one_order),
        by_one_visitor=_number(section, "by_one_visitor", usual.by_one_visitor),
        window=timedelta(hours=_number(section, "hours", usual.window // timedelta(hours=1), LONGEST_HOURS)),
    )
    for wider in ("for_one_order", "by_one_visitor"):
        sound = section.is_sound(wider, "in_one_conversation")
        if sound and getattr(limits, wider) < limits.in_one_conversation:
            key = wider if wider in written else "in_one_conversation"
            section.refuse(
                key,
                f"{wider} ({getattr(limits, wider)}) must not be below in_one_conversation "
                f"({limits.in_one_conversation}).",
            )
    section.finish()
    return limits


def _uses(section: Section | None) -> UseLimits:
    usual = UseLimits()
    if section is None:
        return usual
    written = set(section.keys())
    limits = UseLimits(
        for_one_conversation=_number(section, "for_one_conversation", usual.for_one_conversation),
        for_one_customer=_number(section, "for_one_customer", usual.for_one_customer),
        from_one_origin=_number(section, "from_one_origin", usual.from_one_origin),
        window=timedelta(days=_number(section, "days", usual.window // timedelta(days=1), LONGEST_DAYS)),
    )
    for narrower in ("for_one_conversation", "for_one_customer"):
        sound = section.is_sound("from_one_origin", narrower)
        if sound and limits.from_one_origin < getattr(limits, narrower):
            key = "from_one_origin" if "from_one_origin" in written else narrower
            section.refuse(
                key,
                f"from_one_origin ({limits.from_one_origin}) must not be below {narrower} "
                f"({getattr(limits, narrower)}): a household shares an origin.",
            )
    section.finish()
    return limits


def _number(section: Section, key: str, default: int, highest: int = HIGHEST) -> int:
    return section.parsed(key, default, f"a whole number from 1 to {highest}", _up_to(highest))


def _up_to(highest: int) -> Callable[[str], int | None]:
    def parse(text: str) -> int | None:
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(highest))
        return int(text) if digits and 0 < int(text) <= highest else None

    return parse
