"""Card numbers in what a customer types, with their dates and codes.

A card number is a row of 13 to 19 digits that begins as issuers' numbers do and whose last digit is right (ISO/IEC
7812-1); PCI DSS 4.0 (3.4.1) allows its last four digits to be shown, and (3.3.1) no code at all. A number in the form
of the company's own is none. A number split over two messages is out of reach: each message is read alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.nlu.entities.values import luhn

_HIDDEN = "•"
_SHORTEST, _LONGEST = 13, 19
# First digits from and to, and how many digits there are: what issuers give out (https://en.wikipedia.org/wiki/
# Payment_card_number). Serial numbers of telephones (IMEI: 15, mostly from 35 on) and barcodes (13) are none of these.
_ISSUERS: tuple[tuple[str, str, frozenset[int]], ...] = (
    ("4", "4", frozenset({13, 16, 19})),  # Visa
    ("51", "55", frozenset({16})),  # Mastercard
    ("2221", "2720", frozenset({16})),  # Mastercard
    ("34", "34", frozenset({15})),  # American Express
    ("37", "37", frozenset({15})),  # American Express
    ("300", "305", frozenset(range(14, 20))),  # Diners
    ("36", "36", frozenset(range(14, 20))),  # Diners
    ("38", "39", frozenset(range(14, 20))),  # Diners
    ("3528", "3589", frozenset(range(16, 20))),  # JCB
    ("50", "50", frozenset(range(16, 20))),  # Maestro
    ("56", "58", frozenset(range(16, 20))),  # Maestro
    ("60", "69", frozenset(range(16, 20))),  # Maestro, Discover, UnionPay, RuPay
    ("2200", "2204", frozenset(range(16, 20))),  # Mir
    ("81", "82", frozenset(range(16, 20))),  # UnionPay, RuPay
    ("9792", "9792", frozenset({16})),  # Troy
)
# How cards are printed. Any other grouping counts only where a row of digits begins with the number.
_PRINTED = ((4, 4, 4, 4, 3), (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 3, 3, 3), (6, 13), (8, 8))
# What may follow the number in the same row of digits: month, year and code.
_MOST_BEHIND = 9
# The longest telephone number with its country (E.164).
_LONGEST_PHONE = 15

_ROW = re.compile(r"\d+(?:[ \t\n._/,-]{1,3}\d+)*")
_GROUP = re.compile(r"\d+")
_GLUED = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,2}$")
"""One or two letters directly before: a parcel's number, a bank account's, a model's."""
_CARD_WORDS = re.compile(
    r"\b(?:(?<!gift )cards?|visa|mastercard|maestro|amex|american express|debit|credit"
    r"|karte\w*|kreditkarte\w*|tarjeta|carte)\b",
    re.IGNORECASE,
)
_OTHER_WORDS = re.compile(r"\b(?:barcode|ean|gtin|isbn|serial|imei|tracking|parcel)\b", re.IGNORECASE)
_BEFORE = 40
"""Characters before a number in which it is said what number it is."""

_EXPIRY_WORD = (
    r"\b(?:exp(?:iry|ires?|iration|\.)?|valid (?:thru|until|to|till)|good thru|end(?:s|ing)? date|gültig bis|ablauf\w*"
    r"|caduc\w+|válida hasta|expire\w*)\b"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
# A year of two digits from 20 on: "12/11" is a day and a month.
_MONTH_AND_YEAR = r"(?:0?[1-9]|1[0-2]) ?[/.|-] ?(?:20)?[2-4]\d"
_EXPIRY = re.compile(rf"(?<![\d/.-]){_MONTH_AND_YEAR}(?![/.-]?\d)")
_SAID_EXPIRY = re.compile(
    rf"{_EXPIRY_WORD}(?:[ :=.,-]{{1,4}}(?:date|datum|on|in|is|it|at))*[ :=.,-]{{0,4}}"
    rf"(?P<value>{_MONTH_AND_YEAR}|(?:0[1-9]|1[0-2]) ?(?:20)?[2-4]\d|{_MONTH}[ ,./-]{{1,2}}(?:20)?[2-4]\d)(?![/.-]?\d)",
    re.IGNORECASE,
)
_NEXT_EXPIRY = re.compile(r"[ \t\n,;|/-]{1,4}(?P<value>(?:0[1-9]|1[0-2]) ?(?:20)?[2-4]\d)(?![/.-]?\d)")
_SAID_CODE = re.compile(
    r"\b(?:cvc2?|cvv2?|cv2|csc|security code|security(?= ?[:=])|card code"
    r"|(?:three|3|four|4) digits(?: on the (?:back|front))?"
    r"|prüfziffer|prüfnummer|kartenprüfnummer|código de seguridad|cryptogramme)\b[^\d\n]{0,25}(?P<value>\d{3,4})(?!\d)",
    re.IGNORECASE,
)
_NEXT_CODE = re.compile(r"[ \t\n,;|/-]{1,4}(?P<value>\d{3,4})(?![/.:-]?\w)")
_LAST_CODE = re.compile(r"[ \t\n,;|/-]{1,4}(?P<value>\d{3,4})[ .!]{0,3}(?=\n|$)")
_NEAR = 60
"""Characters between a card's number and its date, either side."""


class OwnNumbers:
    """The company's own numbers by their forms (``LF-0000000``)."""

    def __init__(self, forms: Iterable[str] = ()) -> None:
        self._patterns = tuple(
            (_own_pattern(form), any(sign.isalpha() for sign in form)) for form in forms if "0" in form
        )

    def places(self, text: str) -> list[tuple[int, int, bool]]:
        """Where some stand, and whether their form has letters."""
        return [(*match.span(), letters) for pattern, letters in self._patterns for match in pattern.finditer(text)]


def cards_in(text: str, own: OwnNumbers) -> Iterator[tuple[int, int, str]]:
    """Yield where a normalised text tells of a card, and what may be shown in its place: ``•••• 1111``, ``••/••``."""
    spans: list[tuple[int, int]] = []
    numbers = own.places(text)
    for row in _ROW.finditer(text):
        spans += [span for span in _numbers_in(text, row) if not _is_own(text, *span, numbers)]
    dates = _dates(text, spans)
    for start, end in spans:
        yield start, end, f"{_HIDDEN * 4} {''.join(_GROUP.findall(text[start:end]))[-4:]}"
    for start, end in dates:
        yield start, end, "••/••"
    for start, end in _codes(text, spans, dates):
        yield start, end, _HIDDEN * 3


def is_card_number(digits: str) -> bool:
    """Whether a row of digits begins, is as long and ends as a card's number does."""
    length = len(digits)
    return (
        any(length in lengths and low <= digits[: len(low)] <= high for low, high, lengths in _ISSUERS)
        and len(set(digits)) > 1
        and luhn(digits)
    )


def _numbers_in(text: str, row: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The card numbers in a row of digits, by their places."""
    groups = [match.span() for match in _GROUP.finditer(text, *row.span())]
    before = text[max(0, row.start() - _BEFORE) : row.start()]
    glued = _GLUED.search(before) is not None
    at = 0
    while at < len(groups):
        ends = 0 if at == 0 and glued else _number_at(text, groups, at, abroad=at == 0 and before.endswith("+"))
        if ends and not (_digits(text, groups, at, ends) < _SHORTEST + 2 and _OTHER_WORDS.search(before)):
            yield groups[at][0], groups[ends - 1][1]
            at = ends
        else:
            at += 1


def _digits(text: str, groups: list[tuple[int, int]], first: int, last: int) -> int:
    return sum(end - start for start, end in groups[first:last])


def _number_at(text: str, groups: list[tuple[int, int]], at: int, *, abroad: bool) -> int:
    """Behind which group a card number that begins with the group ``at`` ends; 0 where none begins."""
    first = groups[at][1] - groups[at][0]
    if _SHORTEST <= first <= _LONGEST and not (abroad and first <= _LONGEST_PHONE):
        return at + 1 if is_card_number(text[slice(*groups[at])]) else 0
    for shape in _PRINTED:
        ends = at + len(shape)
        lengths = tuple(end - start for start, end in groups[at:ends])
        if lengths == shape and is_card_number(_joined(text, groups, at, ends)):
            return ends
    if at > 0 or abroad:
        return 0
    # As somebody types who reads it out: any grouping, if nothing but its date and code follows.
    behind = sum(end - start for start, end in groups[: _LONGEST + _MOST_BEHIND])
    if len(groups) > _LONGEST + _MOST_BEHIND or behind > _LONGEST + _MOST_BEHIND:
        return 0
    joined = ""
    for ends, (start, end) in enumerate(groups, start=1):
        joined += text[start:end]
        if len(joined) > _LONGEST:
            return 0
        if len(joined) >= _SHORTEST and behind - len(joined) <= _MOST_BEHIND and is_card_number(joined):
            return ends
    return 0


def _joined(text: str, groups: list[tuple[int, int]], first: int, last: int) -> str:
    return "".join(text[start:end] for start, end in groups[first:last])


def _is_own(text: str, start: int, end: int, own: Iterable[tuple[int, int, bool]]) -> bool:
    """Whether it stands in a number of the company's; one without letters is none where the words say card."""
    for own_start, own_end, letters in own:
        if own_start <= start and end <= own_end:
            return letters or _CARD_WORDS.search(text[max(0, start - _BEFORE) : start]) is None
    return False


def _own_pattern(form: str) -> re.Pattern[str]:
    pieces: list[str] = []
    for sign in form:
        if sign == "0":
            pieces.append(r"\d[ -]?")
        elif sign.isalnum():
            pieces.append(re.escape(sign))
        else:
            pieces.append(r"[ :#._-]{0,3}")
    joined = "".join(pieces)
    return re.compile(rf"(?<!\w){joined.removesuffix('[ -]?')}(?!\d)", re.IGNORECASE)


def _dates(text: str, cards: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the cards' dates stand."""
    if not cards and not _CARD_WORDS.search(text):
        return []
    found = {match.span("value") for match in _SAID_EXPIRY.finditer(text)}
    near = 0
    for match in _EXPIRY.finditer(text) if cards else ():
        while near < len(cards) and cards[near][1] + _NEAR < match.start():
            near += 1
        if near < len(cards) and match.start() >= cards[near][0] - _NEAR:
            found.add(match.span())
    for _, end in cards:
        if following := _NEXT_EXPIRY.match(text, end):
            found.add(following.span("value"))
    return _apart(found, cards)


def _codes(text: str, cards: list[tuple[int, int]], dates: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the cards' codes stand: behind the word for one, behind the date, or last in the line."""
    found = {match.span("value") for match in _SAID_CODE.finditer(text)}
    if cards:
        found |= {match.span("value") for _, end in dates if (match := _NEXT_CODE.match(text, end))}
    found |= {match.span("value") for _, end in cards if (match := _LAST_CODE.match(text, end))}
    return _apart(found, sorted([*cards, *dates]))


def _apart(found: Iterable[tuple[int, int]], taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans that overlap neither each other nor what is taken, in order."""
    marked = sorted([(start, end, False) for start, end in taken] + [(start, end, True) for start, end in found])
    kept: list[tuple[int, int]] = []
    reached = -1
    for number, (start, end, new) in enumerate(marked):
        following = next((one for one in marked[number + 1 : number + 2] if not one[2]), None)
        if new and start >= reached and (following is None or end <= following[0]):
            kept.append((start, end))
        if not new or (kept and kept[-1] == (start, end)):
            reached = max(reached, end)
    return kept
