"""What the gateway refuses, it refuses in the customer's language; the desk works in English."""

from __future__ import annotations

import pytest
from starlette.types import Scope

from bot.gateway.platform.error_answers import answer, asked_locale
from bot.wording.sentences import wording


def _scope(path: str, *languages: bytes) -> Scope:
    headers = [(b"accept-language", one) for one in languages]
    return {"type": "http", "path": path, "headers": headers}


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        ((b"de-AT,de;q=0.9,en;q=0.8",), "de-AT"),
        ((b"fr",), "fr"),
        ((b"*",), "en"),
        ((b"",), "en"),
        ((), "en"),
        ((b"x" * 5000,), "en"),
        ((b"de-\xff\x00",), "en"),
    ],
)
def test_the_first_language_that_a_browser_asks_for_counts(wanted: tuple[bytes, ...], locale: str) -> None:
    """Browsers send them in order; what is no tag is English."""
    assert asked_locale(_scope("/api/web/conversations", *wanted)) == locale


def test_the_desk_reads_english_whatever_its_browser_speaks() -> None:
    """Its page has no other language yet."""
    assert asked_locale(_scope("/api/desk/tickets", b"de")) == "en"


def test_a_refusal_says_its_sentence_in_that_language() -> None:
    """The code stays the same for programs."""
    refused = answer(_scope("/api/web/conversations", b"es-MX"), 429, "too_many", wording("limit.messages"))
    assert b'"code":"too_many"' in bytes(refused.body)
    assert "Ha sido mucho de una vez." in bytes(refused.body).decode()
