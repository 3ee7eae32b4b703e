"""The pages as a browser gets them: the right types, a strict policy, nothing else from the disk."""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.gateway.web.company_page import company_page_router
from bot.gateway.web.pages import BUILT, built_files, router

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    """Asks an application that serves only these pages."""
    app = FastAPI()
    app.include_router(company_page_router(ROOT))
    app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/desk", "text/html; charset=utf-8"),
        ("/widget.js", "text/javascript; charset=utf-8"),
        ("/assets/desk.js", "text/javascript; charset=utf-8"),
        ("/assets/desk-style.css", "text/css; charset=utf-8"),
        ("/assets/favicon.svg", "image/svg+xml"),
    ],
)
async def test_each_page_comes_whole_with_its_type(browser: httpx.AsyncClient, path: str, content_type: str) -> None:
    """What is built is what is served."""
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert answer.content in {file.content for file in built_files().values()}


async def test_pages_run_only_our_own_scripts(browser: httpx.AsyncClient) -> None:
    """No inline script or style, and none from elsewhere."""
    for path in ("/", "/desk"):
        answer = await browser.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", answer.text, re.DOTALL)
        assert scripts
        assert all('src="/' in attributes and not body for attributes, body in scripts)
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=", answer.text)


async def test_everything_that_a_page_names_is_served(browser: httpx.AsyncClient) -> None:
    """A renamed asset would leave a page bare."""
    for path in ("/", "/desk"):
        page = (await browser.get(path)).text
        named = re.findall(r'<(?:link|script)\b[^>]*(?:href|src)="([^"]+)"', page)
        assert named
        for address in named:
            assert (await browser.get(address)).status_code == 200, address


async def test_a_browser_that_has_the_file_does_not_get_it_again(browser: httpx.AsyncClient) -> None:
    """A tag costs a few bytes, the widget some ten thousand; a proxy may have made the tag a weak one."""
    first = await browser.get("/widget.js")
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = await browser.get("/widget.js", headers={"If-None-Match": known})
        assert again.status_code == 304
        assert again.content == b""
    other = await browser.get("/widget.js", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


async def first_load(browser: httpx.AsyncClient, path: str) -> int:
    """The bytes of a page with everything that it names, as they travel."""
    total = 0
    named = [path]
    while named:
        async with browser.stream("GET", named.pop()) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers["content-encoding"] == "gzip"
        total += len(raw)
        if answer.headers["content-type"].startswith("text/html"):
            page = gzip.decompress(raw).decode()
            named += re.findall(r'<(?:link|script)\b[^>]*(?:href|src)="([^"]+)"', page)
    return total


async def test_the_desks_first_load_is_small(browser: httpx.AsyncClient) -> None:
    """An agent on a slow line does not wait for it: 150 kB compressed at most."""
    assert await first_load(browser, "/desk") <= 150_000


async def test_who_cannot_unpack_gets_the_page_as_it_is(browser: httpx.AsyncClient) -> None:
    """And caches between keep the two apart."""
    bare = await browser.get("/desk", headers={"Accept-Encoding": "identity"})
    packed = await browser.get("/desk", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in bare.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert bare.content == packed.content
    assert bare.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/",
        "/assets/pages.py",
        "/assets/..%2fpages.py",
        "/assets/%2e%2e/pages.py",
        "/assets/desk.html",
        "/built/",
    ],
)
async def test_nothing_else_comes_from_the_disk(browser: httpx.AsyncClient, path: str) -> None:
    """Names from outside are looked up in what was read, never on the disk."""
    assert (await browser.get(path)).status_code == 404


def test_no_built_file_reaches_for_another_machine() -> None:
    """Pages work without the internet, and tell nobody who looks at them."""
    namespaces = {"http://www.w3.org/2000/svg"}
    for path in BUILT.iterdir():
        if path.name.startswith("swagger-ui"):
            continue  # full of addresses in texts; the browser test of /docs sees that it asks for none of them
        loads = set(re.findall(r"https?://[a-z0-9./-]+", path.read_text(encoding="utf-8"))) - namespaces
        assert not loads, f"{path.name}: {loads}"


async def test_the_widget_may_be_loaded_as_a_module(browser: httpx.AsyncClient) -> None:
    """W14: browsers take a module from another address only when the answer lets every page read it."""
    for headers in ({}, {"If-None-Match": "*"}):
        answer = await browser.get("/widget.js", headers={"Origin": "https://shop.example", **headers})
        assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in (await browser.get("/desk")).headers
