"""New ids: opaque, unique without coordination, and sorted by the time they were made."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

# Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O or U to misread.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80
_LENGTH = 26


def new_id(now: datetime) -> str:
    """Make a ULID (https://github.com/ulid/spec): 48 bits of milliseconds, 80 bits at random, 26 characters."""
    number = (int(now.timestamp() * 1000) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    letters = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, 32)
        letters.append(_LETTERS[digit])
    return "".join(reversed(letters))


def new_token() -> str:
    """Make a secret of 256 bits that is safe in a header."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Hash a random token for keeping; 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def whole(name: str, longest: int) -> str:
    """Fit somebody else's id into a column without losing what tells it from others: a long one becomes its hash.

    ``longest`` is 71 or more. A short id that looks like such a hash becomes one too, so nobody can pass for another.
    """
    if len(name) <= longest and not name.startswith(_HASHED):
        return name
    return _HASHED + hash_of(name)


_HASHED = "sha256:"
