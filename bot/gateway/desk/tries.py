"""Tries at passwords, counted in the database over all gateways: by name, by address, by both, by known browser.

A browser in which somebody signed in before counts apart (:mod:`bot.gateway.desk.devices`): a crowd of strangers that
guesses at a name locks out nobody who works here. The scheme is OWASP's
(https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select

from bot.gateway.desk.tables import SignInAttempt
from bot.gateway.platform.transaction import Transaction

# OWASP's authentication cheat sheet asks for a threshold, a window and a lock that ends by itself.
WINDOW = timedelta(minutes=15)
# Wrong tries in a window: by one address for one name, by one address for any name (an office shares one), and for
# one name from anywhere. The last is high, so that a stranger cannot easily lock out an agent who uses a new browser.
TRIES_BY_PAIR = 5
TRIES_BY_ADDRESS = 20
TRIES_BY_NAME = 50
# By a browser that its owner, or a thief of the cookie, uses for one name: as many as by a stranger's address.
TRIES_BY_DEVICE = TRIES_BY_PAIR

# The column holds 64 characters: half of them name the account, so that its tries can be found.
_HALF = 32
_OF_ADDRESS = "@"


class TooManyTriesError(Exception):
    """Somebody guesses; ``seconds`` until the next try is heard."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


def count(session: Transaction, username: str, address: str, device: str | None, now: datetime) -> None:
    """Count one try before the password is looked at; :class:`TooManyTriesError`.

    ``device`` names a browser in which this account signed in before; then nobody else's tries matter.
    """
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - WINDOW))
    keys = _keys(username, address, device)
    for key, most in keys:
        tries, first = session.execute(
            select(func.count(), func.min(SignInAttempt.at)).where(SignInAttempt.username == key)
        ).one()
        if tries >= most:
            raise TooManyTriesError(max(1, int((first + WINDOW - now).total_seconds()) + 1))
    session.add_all(SignInAttempt(username=key, at=now) for key, _ in keys)


def forgive(session: Transaction, username: str, address: str, device: str | None) -> None:
    """Take back what :func:`count` counted: the password was right."""
    own, *others = (key for key, _ in _keys(username, address, device))
    session.execute(delete(SignInAttempt).where(SignInAttempt.username == own))
    for key in others:
        newest = session.scalar(select(func.max(SignInAttempt.id)).where(SignInAttempt.username == key))
        session.execute(delete(SignInAttempt).where(SignInAttempt.id == newest))


def clear(session: Transaction, username: str) -> None:
    """Forget every try at an account, from wherever it came, and what addresses have tried: somebody vouches for it."""
    session.execute(
        delete(SignInAttempt).where(
            or_(
                SignInAttempt.username.startswith(_half("name", username)),
                SignInAttempt.username.startswith(_OF_ADDRESS),
            )
        )
    )


def _keys(username: str, address: str, device: str | None) -> list[tuple[str, int]]:
    """What is counted, as hashes: people type passwords into the field for the name."""
    name = _half("name", username)
    if device is not None:
        return [(name + _half("device", device), TRIES_BY_DEVICE)]
    return [
        (name + _half("pair", address), TRIES_BY_PAIR),
        (_OF_ADDRESS + _half("address", address), TRIES_BY_ADDRESS),
        (name, TRIES_BY_NAME),
    ]


def _half(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_HALF]
