"""One canonical form for what customers type: e-mail, telephone numbers, check digits (postcodes: `postcodes.py`).

Each kind is what its field's own library says it is; nothing is looked up on a network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from bot.errors import SettingError
from bot.nlu.reading.cap import readable
from bot.nlu.reading.doubt import is_of_a_telephone


@dataclass(frozen=True)
class Value:
    """A canonical value; ``valid`` is false where its own check (digit, syntax) says that it cannot exist."""

    text: str
    valid: bool = True


def email(typed: str) -> Value:
    """Lower case; valid as RFC 5321 and 5322 have it (email-validator, without asking the DNS)."""
    import email_validator

    try:
        # Reserved names (`example`) are an address like any other here: only the syntax is looked at.
        checked = email_validator.validate_email(typed, check_deliverability=False, globally_deliverable=False)
    except email_validator.EmailNotValidError:
        return Value(typed.lower(), valid=False)
    return Value(checked.normalized.lower())


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

# The shortest that a telephone number may be without its country: shorter ones are a part of something else. Where
# numbers begin with no nought, they are dialled as they are, and eight digits are whole ones (Norway, Denmark).
_FEWEST_DIGITS = 9
_FEWEST_DIGITS_WITHOUT_NOUGHT = 8
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
# Where a number begins with no nought, signs between its digits or a word for telephones before it say that it is one.
_IN_GROUPS = re.compile(r"\d[ .-]\d")


@dataclass(frozen=True)
class Phone:
    """A telephone number in E.164 and where it stands; ``sure`` unless it is a bare row of digits."""

    value: str
    start: int
    end: int
    sure: bool = True


def phones_in(text: str, country: str) -> Iterator[Phone]:
    """Yield the telephone numbers of a text; ``country`` (ISO 3166) is where one without a country code belongs."""
    read = readable(text)
    if _digits(read.text) < _FEWEST_DIGITS_WITHOUT_NOUGHT:
        return
    import phonenumbers

    nought = _begins_with_nought(country)
    fewest = _FEWEST_DIGITS if nought else _FEWEST_DIGITS_WITHOUT_NOUGHT
    if _digits(read.text) < fewest:
        return
    found = phonenumbers.PhoneNumberMatcher(
        read.text, country, leniency=phonenumbers.Leniency.POSSIBLE, max_tries=_MOST_CANDIDATES
    )
    for match in islice(found, _MOST_NUMBERS):
        # Numbers that are kept for fiction, or not given out yet, are possible only; they are numbers all the same.
        before = read.text[max(0, match.start - _LONGEST_INTRODUCTION) : match.start]
        begins = match.raw_string[0] in _BEGINS
        whole = (begins or not nought) and _digits(match.raw_string) >= fewest
        if whole and not _OTHER_NUMBERS.search(before):
            written = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            sure = begins or _IN_GROUPS.search(match.raw_string) is not None or is_of_a_telephone(before)
            yield Phone(written, *read.typed_span(match.start, match.end), sure)


def _begins_with_nought(country: str) -> bool:
    """Whether numbers are dialled within the country with a nought before them, as its numbering plan says."""
    import phonenumbers

    plan = phonenumbers.PhoneMetadata.metadata_for_region(country)
    return plan is not None and plan.national_prefix == "0"


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


def checked_country(country: str) -> str:
    """Return the country code; one that no telephone numbers are known of is a :class:`SettingError`."""
    import phonenumbers

    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise SettingError(f"The country {country!r} is unknown: write its code in two capitals, such as NZ.")
    return country
