"""Order numbers: ``LF-`` and seven digits, the last of which checks the six before it (Luhn, ISO/IEC 7812-1)."""

from __future__ import annotations

import re

from bot.nlu.entities.values import luhn_digit

_SHAPE = re.compile(r"(?:LF)?[\s-]*(\d{7})", re.IGNORECASE)


def check_digit(six: str) -> str:
    """The digit that makes ``six`` digits a valid number."""
    return luhn_digit(six)


def order_number(six: str) -> str:
    """The order number over six digits, as customers see it: ``LF-1234566``."""
    return f"LF-{six}{check_digit(six)}"


def canonical(text: str) -> str | None:
    """``LF-1234566`` for any way of writing it, ``None`` when the shape is wrong; the check digit is not looked at."""
    match = _SHAPE.fullmatch(text.strip())
    return f"LF-{match[1]}" if match else None


def is_valid(number: str) -> bool:
    """Whether a canonical number's last digit is the right one: one wrong or swapped digit is always found."""
    digits = number.removeprefix("LF-")
    return len(digits) == 7 and digits.isdigit() and check_digit(digits[:6]) == digits[6]
