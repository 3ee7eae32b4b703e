"""The API's description says what the gateway does: who may call, and every error it really gives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.gateway import description
from bot.gateway.app import create_app
from bot.settings import Settings
from tests.gateway.channels.gateway_server import CHANNELS
from tests.gateway.desk.test_authorisation import BY_TOKEN, DESK, RULES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def document(settings: Settings) -> dict[str, Any]:
    """What `/openapi.json` answers, with every channel open."""
    (settings.root / "channels.yml").write_text(CHANNELS.format(telegram="true"))
    return create_app(replace(settings, telegram_token="1:token", telegram_secret="s" * 40)).openapi()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each operation by method and path."""
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_nothing_promises_422_and_all_errors_have_one_shape(document: dict[str, Any]) -> None:
    """K14, kind 10: a body that does not fit is answered with 400, as every error in the shape that all have."""
    for name, operation in operations(document).items():
        assert "422" not in operation["responses"], name
        for code, response in operation["responses"].items():
            if int(code) >= 400:
                assert response["content"]["application/json"]["schema"]["$ref"].endswith("/Problem"), (name, code)
        if "requestBody" in operation:
            assert {"400", "413"} <= set(operation["responses"]), name
        if "{" in name:
            assert "404" in operation["responses"], name
        if name.partition(" ")[2].startswith("/api/"):
            assert "503" in operation["responses"], name
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_call_says_how_one_proves_who_one_is(document: dict[str, Any]) -> None:
    """K14, kind 10: the desk's cookie, with the page's own header on writes; a visitor's token; else nothing."""
    schemes = document["components"]["securitySchemes"]
    assert schemes["desk_session"] == {"type": "apiKey", "in": "cookie", "name": "warmline_desk"}
    assert schemes["desk_csrf"] == {"type": "apiKey", "in": "header", "name": "X-Warmline-CSRF"}
    assert schemes[description.VISITOR]["scheme"] == "bearer"
    for name, operation in operations(document).items():
        needed = [set(one) for one in operation.get("security", [])]
        if name in DESK:
            writes = not name.startswith("GET")
            assert needed == [{"desk_session", "desk_csrf"} if writes else {"desk_session"}], name
            assert {"401", "403"} <= set(operation["responses"]), name
        elif RULES.get(name) == BY_TOKEN:
            assert needed == [{description.VISITOR}], name
        else:
            assert needed == [], name


def test_conflicts_and_limits_are_described_where_they_happen(document: dict[str, Any]) -> None:
    """K14, kind 10: a program that calls knows which codes to expect, and when to come back."""
    found = operations(document)
    for name, codes in description._CONFLICTS.items():
        text = found[name]["responses"]["409"]["description"]
        assert all(f"`{code}`" in text for code in codes)
    for name in ("POST /api/desk/session", "POST /api/desk/password", "POST /api/web/conversations"):
        assert "Retry-After" in found[name]["responses"]["429"]["headers"]
