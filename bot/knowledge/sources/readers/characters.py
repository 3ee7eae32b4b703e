"""Characters as a reader means them: ligatures, joined and invisible signs, and the many blanks of print and the web.

Folded is what looks alike and is written otherwise (Unicode's compatibility forms of letters, widths and blanks); kept
is what means something else without it: ``m²`` stays, ``½`` stays, ``…`` stays.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SOFT_HYPHEN = "\N{SOFT HYPHEN}"

# Nothing is seen of these: zero width space, word joiner, byte order mark, and the like.
_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0"
)
# These two join or part letters of Persian and Indic scripts, and emoji; between Latin letters they are left over.
_JOINERS = re.compile(r"(?<=[\x00-\u024f])[\u200c\u200d]|[\u200c\u200d](?=[\x00-\u024f]|$)|^[\u200c\u200d]")
# Presentation forms of a letter, of a width and of a blank; superscripts, fractions and signs in circles are no such.
_FORMS = ("<noBreak>", "<wide>", "<narrow>", "<font>", "<initial>", "<medial>", "<final>", "<isolated>")
_LETTERS_AND_BLANKS = ("L", "Z")
_HYPHENS = {"\u2010": "-", "\u2011": "-"}


def folded(text: str) -> str:
    """Return a text in plain characters; lines stay as they are. Linear in its length."""
    if text.isascii():
        return text
    plain = "".join(_folded(character) for character in text)
    return unicodedata.normalize("NFC", _JOINERS.sub("", plain))


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    if character.isascii():
        return character
    if character in _INVISIBLE:
        return ""
    if character in _HYPHENS:
        return _HYPHENS[character]
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return " "
    tag = unicodedata.decomposition(character).partition(" ")[0]
    if tag in _FORMS or (tag == "<compat>" and category.startswith(_LETTERS_AND_BLANKS)):
        return unicodedata.normalize("NFKC", character)
    return character
