"""One canonical form for what customers type: postcodes, e-mail, telephone numbers, check digits.

Each kind is what its field's own library says it is; nothing is looked up on a network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from bot.errors import SettingError
from bot.nlu.reading.cap import readable


@dataclass(frozen=True)
class Value:
    """A canonical value; ``valid`` is false where its own check (digit, syntax) says that it cannot exist."""

    text: str
    valid: bool = True


def postcode(typed: str) -> Value:
    """``ls62ab`` and ``LS6-2AB`` to ``LS6 2AB``: the inward part always has three characters."""
    joined = re.sub(r"[\W_]+", "", typed).upper()
    return Value(f"{joined[:-3]} {joined[-3:]}")


def email(typed: str) -> Value:
    """Lower case; valid as RFC 5321 and 5322 have it (email-validator, without asking the DNS)."""
    import email_validator

    try:
        # Reserved names (`example`) are an address like any other here: only the syntax is looked at.
        checked = email_validator.validate_email(typed, check_deliverability=False, globally_deliverable=False)
    except email_validator.EmailNotValidError:
        return Value(typed.lower(), valid=False)
    return Value(checked.normalized.lower())


KINDS: Mapping[str, Callable[[str], Value]] = {"postcode": postcode, "email": email}
"""Kinds of values that mean the same whatever the company; those of one company have a form (`EntityFinder`)."""


def in_form(typed: str, form: str) -> str:
    """Fill the zeros of a form such as ``LF-0000000`` with the typed digits; what does not fit stays as it is."""
    digits = [character for character in typed if character.isdigit()]
    if len(digits) != form.count("0"):
        return typed
    return "".join(digits.pop(0) if character == "0" else character for character in form)


def luhn_digit(digits: str) -> str:
    """The digit that completes a number (ISO/IEC 7812-1): every second digit from the right is doubled."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        digit = int(character) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


def luhn(number: str) -> bool:
    """Whether the last digit of a number is the one that the others ask for; everything but digits is passed over."""
    digits = "".join(character for character in number if character in "0123456789")
    return len(digits) > 1 and luhn_digit(digits[:-1]) == digits[-1]


CHECKS: Mapping[str, Callable[[str], bool]] = {"luhn": luhn}
"""What an entity's ``checks`` in config.yml may name."""

# The shortest that a telephone number may be without its country: shorter ones are a part of something else.
_FEWEST_DIGITS = 9
# Rows of digits that are looked at as telephone numbers, and those that may be some: more are a list, and each costs
# the library a third of a millisecond.
_MOST_CANDIDATES = 100
_MOST_NUMBERS = 20
# Characters before a number in which it is said what number it is; `_OTHER_NUMBERS` looks no farther back.
_LONGEST_INTRODUCTION = 40
# Ways to begin a number that somebody can be called at; a bare row of digits is a serial number.
_BEGINS = ("0", "+", "(")
_OTHER_NUMBERS = re.compile(
    r"\b(?:serial|account|invoice|reference|ref|card|barcode|imei|model|tracking|order|part|sort code|policy|receipt)\b"
    r"[^.!?\n]{0,20}$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Phone:
    """A telephone number in E.164 and where it stands."""

    value: str
    start: int
    end: int


def phones_in(text: str, country: str) -> Iterator[Phone]:
    """Yield the telephone numbers of a text; ``country`` (ISO 3166) is where one without a country code belongs."""
    read = readable(text)
    if _digits(read.text) < _FEWEST_DIGITS:
        return
    import phonenumbers

    found = phonenumbers.PhoneNumberMatcher(
        read.text, country, leniency=phonenumbers.Leniency.POSSIBLE, max_tries=_MOST_CANDIDATES
    )
    for match in islice(found, _MOST_NUMBERS):
        # Numbers that are kept for fiction, or not given out yet, are possible only; they are numbers all the same.
        before = read.text[max(0, match.start - _LONGEST_INTRODUCTION) : match.start]
        whole = match.raw_string[0] in _BEGINS and _digits(match.raw_string) >= _FEWEST_DIGITS
        if whole and not _OTHER_NUMBERS.search(before):
            written = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            yield Phone(written, *read.typed_span(match.start, match.end))


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


def checked_country(country: str) -> str:
    """Return the country code; one that no telephone numbers are known of is a :class:`SettingError`."""
    import phonenumbers

    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise SettingError(f"The country {country!r} is unknown: write a code of two capitals such as GB.")
    return country
