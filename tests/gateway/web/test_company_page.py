"""A company's own page: what lies in its folder ``page``, and nothing else from the disk."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.errors import SettingError
from bot.gateway.web.company_page import company_page_router

OURS = Path(__file__).parents[3]


async def _get(root: Path, path: str) -> httpx.Response:
    app = FastAPI()
    app.include_router(company_page_router(root))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        return await client.get(path)


def _page(root: Path) -> Path:
    folder = root / "page"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Ours</title>", encoding="utf-8")
    return folder


async def test_the_page_and_the_files_beside_it_are_served(tmp_path: Path) -> None:
    """With a strict policy, as our own pages."""
    folder = _page(tmp_path)
    (folder / "logo.png").write_bytes(b"\x89PNG")
    page = await _get(tmp_path, "/")
    assert "<title>Ours</title>" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (await _get(tmp_path, "/page/logo.png")).headers["content-type"] == "image/png"


async def test_a_company_without_a_page_has_the_chat_alone(tmp_path: Path) -> None:
    """Links into the browser lead there; nothing of another company is shown."""
    page = await _get(tmp_path, "/")
    assert page.status_code == 200
    assert 'src="/widget.js"' in page.text
    assert "Larkfield" not in page.text


@pytest.mark.parametrize("name", ["notes.txt", "..%2Fconfig.yml", "link.html", "nothing.css"])
async def test_no_other_file_is_served(tmp_path: Path, name: str) -> None:
    """A kind that no page needs, a way out of the folder, a link that leads out of it."""
    folder = _page(tmp_path)
    (folder / "notes.txt").write_text("ours alone", encoding="utf-8")
    (tmp_path / "config.yml").write_text("language: en", encoding="utf-8")
    (folder / "link.html").symlink_to(tmp_path / "config.yml")
    assert (await _get(tmp_path, f"/page/{name}")).status_code == 404


def test_a_file_that_is_too_large_stops_the_start_with_its_name(tmp_path: Path) -> None:
    """It would lie in the memory of every gateway."""
    (_page(tmp_path) / "film.gif").write_bytes(b"0" * 2_000_001)
    with pytest.raises(SettingError, match=r"film\.gif is larger than 2 MB"):
        company_page_router(tmp_path)


async def test_the_reference_page_finds_all_that_it_names() -> None:
    """A style sheet that was moved would leave it bare."""
    assert (await _get(OURS, "/page/style.css")).status_code == 200
    assert 'href="/page/style.css"' in (await _get(OURS, "/")).text
