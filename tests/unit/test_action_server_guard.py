"""Who may call the action server (X6): the brain, and no page that a browser shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.action_server.guard import Guard, host_of

SECRET = "s" * 43
GUARD = Guard(SECRET, "10.0.0.7", "http://actions.internal:5055/webhook")
CALL = {"host": "127.0.0.1:5055", "authorization": f"Bearer {SECRET}", "content-type": "application/json"}


def _status(method: str = "POST", path: str = "/webhook", **heads: str | None) -> int | None:
    headers = CALL | {name.replace("_", "-"): value for name, value in heads.items()}
    refusal = GUARD.refusal(method, path, {name: value for name, value in headers.items() if value is not None})
    return refusal.status if refusal else None


@pytest.mark.parametrize(
    "host", ["127.0.0.1:5055", "localhost", "LOCALHOST:1", "[::1]:5055", "10.0.0.7:5055", "actions.internal:5055"]
)
def test_x6_the_brain_is_let_in_by_each_name_of_the_server(host: str) -> None:
    """Loopback, the address it listens on, and the one that the brain was given."""
    assert _status(host=host) is None
    assert _status(host=host, content_type="application/json; charset=utf-8") is None


@pytest.mark.parametrize("host", [None, "", "evil.example", "127.0.0.1.evil.example", "127.0.0.1, evil", "[::1", "::2"])
def test_x6_a_name_that_somebody_pointed_here_is_refused(host: str | None) -> None:
    """A page's own domain may resolve to 127.0.0.1: then the browser's Origin is no other site, but the Host tells."""
    assert _status(host=host) == 403


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1:5055", ""])
def test_x6_a_web_page_is_refused_whatever_else_it_brings(origin: str) -> None:
    """The brain is no browser and sends no Origin."""
    assert _status(origin=origin) == 403
    assert _status("GET", "/health", origin=origin) == 403


@pytest.mark.parametrize(
    "given", [None, "", SECRET, f"Basic {SECRET}", f"Bearer {SECRET}x", f"Bearer {SECRET[:-1]}", "Bearer ", "Bearer é"]
)
def test_x6_without_the_secret_nothing_is_done(given: str | None) -> None:
    """Neither a call nor any other page of the server."""
    assert _status(authorization=given) == 401
    assert _status("GET", "/actions", authorization=given) == 401


@pytest.mark.parametrize("kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_x6_only_json_is_a_call(kind: str | None) -> None:
    """What a form can post is not taken, even with the secret."""
    assert _status(content_type=kind) == 415


def test_x6_what_is_compressed_is_refused() -> None:
    """A few bytes could stand for gigabytes."""
    assert _status(content_encoding="deflate") == 415


def test_whoever_keeps_the_server_running_may_ask_whether_it_is_well() -> None:
    """Without a secret, by any address; the answer tells nothing."""
    assert _status("GET", "/health", host="10.9.9.9", authorization=None, content_type=None) is None


def test_a_server_without_a_secret_lets_nobody_in() -> None:
    """Not even who shows an empty one."""
    refusal = Guard("").refusal("POST", "/webhook", CALL | {"authorization": "Bearer "})
    assert refusal is not None
    assert refusal.status == 401


@given(st.text(max_size=60).filter(lambda text: text != f"Bearer {SECRET}"))
def test_no_other_header_passes_for_the_secret(given: str) -> None:
    """Whatever its letters are, it is an answer and no exception."""
    assert _status(authorization=given) == 401


@given(st.text(max_size=60))
def test_any_host_header_is_read_without_an_exception(host: str) -> None:
    """It comes from outside."""
    host_of(host)
    assert _status(host=host) in (None, 403)
