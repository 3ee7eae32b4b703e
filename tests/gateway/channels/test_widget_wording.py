"""The widget gets its words from the gateway: in the page's language, and in the company's own."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from bot.gateway.channels.widget_wording import wording_router
from bot.wording.catalogue import Catalogue
from bot.wording.files import read_product

COMPANY = {"en": {"widget.send": "Go!"}, "it": {"widget.send": "Invia"}}


@pytest.fixture
def page() -> httpx.AsyncClient:
    """A page that asks the gateway of a company with words of its own."""
    app = FastAPI()
    app.include_router(wording_router(Catalogue(read_product(), COMPANY)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.mark.parametrize(
    ("locale", "language", "direction", "send", "close"),
    [
        ("en-GB", "en", "ltr", "Go!", "Close the chat"),
        ("de-AT", "de", "ltr", "Senden", "Chat schließen"),
        ("it", "it", "ltr", "Invia", "Close the chat"),
        ("ar", "ar", "rtl", "إرسال", "إغلاق المحادثة"),
        ("ja", "en", "ltr", "Go!", "Close the chat"),
    ],
)
async def test_a_page_gets_its_language_and_english_for_the_rest(
    page: httpx.AsyncClient, locale: str, language: str, direction: str, send: str, close: str
) -> None:
    """With the direction that goes with it; any page may ask."""
    answer = await page.get(f"/api/web/wording/{locale}")
    told = answer.json()
    assert (told["language"], told["direction"]) == (language, direction)
    assert (told["texts"]["send"], told["texts"]["close"]) == (send, close)
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_every_text_is_there_in_every_language(page: httpx.AsyncClient) -> None:
    """The widget itself falls back on nothing but what is built in, for a gateway that is away."""
    english = (await page.get("/api/web/wording/en")).json()["texts"]
    for language in sorted(read_product()):
        assert set((await page.get(f"/api/web/wording/{language}")).json()["texts"]) == set(english)


@pytest.mark.parametrize("locale", ["x", "de_DE@euro", "e" * 17, "%00", "en-"])
async def test_what_is_no_language_tag_is_refused(page: httpx.AsyncClient, locale: str) -> None:
    """Anybody may write anything into the address."""
    assert (await page.get(f"/api/web/wording/{locale}")).status_code in (404, 422)
