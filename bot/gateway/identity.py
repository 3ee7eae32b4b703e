"""Names for new things: opaque, unique without asking anybody, and in the order in which they were made."""

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
