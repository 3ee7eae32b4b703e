"""Control characters as pictures of themselves: a text that commands no terminal and no log."""

from __future__ import annotations

_PICTURES = 0x2400
"""Unicode's pictures of the control characters begin here (https://www.unicode.org/charts/PDF/U2400.pdf)."""
_PICTURE_OF_DELETE = 0x2421
_REPLACEMENT = 0xFFFD
"""Stands for what has no picture."""

# Embeddings, overrides and isolates show a text in another order than it has ("Trojan Source", CVE-2021-42574); U+2028
# and U+2029 end a line for some terminals. The marks of direction (U+200E, U+200F, U+061C) are part of honest text.
_DECEIVING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029)
_C1 = range(0x80, 0xA0)
_HALVES = range(0xD800, 0xE000)
"""Halves of a surrogate pair, which no output can encode."""

_SHOWN_AS = {
    **{code: _PICTURES + code for code in range(0x20) if chr(code) not in "\n\t"},
    0x7F: _PICTURE_OF_DELETE,
    **dict.fromkeys((*_C1, *_DECEIVING, *_HALVES), _REPLACEMENT),
}


def visible(text: str) -> str:
    """Return a text of the same length that commands no terminal; line feeds and tabs stay.

    ESC becomes U+241B (a small picture of itself), and so on; what has no picture becomes U+FFFD.
    """
    return text.translate(_SHOWN_AS)
