"""The secret that two of our processes share, as it travels: ``Authorization: Bearer …``."""

from __future__ import annotations

import hmac


def header(secret: str) -> dict[str, str]:
    """The header by which a caller shows that it knows the secret."""
    return {"Authorization": f"Bearer {secret}"}


def shows(given: str | None, secret: str) -> bool:
    """Compare an ``Authorization`` header in constant time; without a secret of its own nobody is let in."""
    expected = b"Bearer " + secret.encode()
    return bool(secret) and hmac.compare_digest((given or "").encode("utf-8", "surrogateescape"), expected)
