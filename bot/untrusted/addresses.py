"""Which web addresses we show to customers: one rule for articles, citations and links."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LONGEST = 2048
"""The same as `linkify.ts` takes in the browser."""

# Browsers read a backslash as a slash and leave out tabs and line breaks (https://url.spec.whatwg.org/#url-parsing),
# and a character that changes the direction of writing shows another address than the one that opens.
_NEVER = re.compile(r"[\s\\<>\"'`\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")

_REACHED = re.compile(r"mailto:[^?&#,;:/@]+@[^?&#,;:/@]+|tel:\+?[0-9().-]+")


def is_web_address(text: str) -> bool:
    """Whether a text is an absolute ``http`` or ``https`` address with a host, and without a user's name in it.

    ``https://shop.example@evil.example`` leads to the second host.
    """
    if not text.lower().startswith(("https://", "http://")) or len(text) > LONGEST or _NEVER.search(text):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc


def is_own_path(text: str) -> bool:
    """Whether a text is a path on our own site: ``//evil.example`` and ``/\\\\evil.example`` lead to another one."""
    return text.startswith("/") and not text.startswith("//") and len(text) <= LONGEST and not _NEVER.search(text)


def may_be_shown(text: str) -> bool:
    """Whether a text may stand as an article's address: a web address, or a path on our own site."""
    return is_web_address(text) or is_own_path(text)


def may_lead(text: str) -> bool:
    """Whether a link in an article's words may lead there: as above, or to a mailbox or a telephone.

    RFC 6068 and RFC 3966, without the fields of a mail (``?subject=``), which write in the customer's name.
    """
    if may_be_shown(text):
        return True
    return _REACHED.fullmatch(text) is not None and len(text) <= LONGEST and not _NEVER.search(text)
