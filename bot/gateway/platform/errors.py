"""Errors that may end a request: each carries its HTTP status, a code for programs and a sentence for a person."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import WarmlineError
from bot.wording.sentences import Wording


class RequestError(WarmlineError):
    """Raised by whatever a request asked for; where nothing catches it, it becomes the request's answer.

    A kind of error sets :attr:`status` and :attr:`code` once, in its class.
    """

    status: int = 400
    """The HTTP status (RFC 9110)."""
    code: str = "bad_request"
    """For programs: it never changes, whatever the sentence says."""
    said: Wording | None = None
    """What the person reads, in their language; without it, the error's own text."""
    headers: Mapping[str, str] = {}
    """What the answer's head carries beside."""


class Problem(RequestError):  # noqa: N818 - an answer, not a fault
    """A refusal that only one route knows, made on the spot.

    Customers read a wording, in the language that they ask for; the desk and programs read plain English.
    """

    def __init__(
        self, status: int, code: str, message: str | Wording, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message if isinstance(message, str) else code)
        self.status = status
        self.code = code
        self.said = None if isinstance(message, str) else message
        self.headers = dict(headers or {})
