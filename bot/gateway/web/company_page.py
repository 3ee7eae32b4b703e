"""A company's own page with the widget on it: ``/``, from the files in its folder ``page/``, read once at the start."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response

from bot.errors import SettingError
from bot.gateway.web.pages import CONTENT_TYPES, BuiltFile, answer, read_file

FOLDER = "page"
FIRST = "index.html"
_CHAT_ALONE = "chat.html"

_TYPES = {
    **CONTENT_TYPES,
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
# It is a page to look at, not a website: what is larger belongs on a web server.
_LARGEST = 2_000_000
_MOST = 50


def company_page_router(root: Path) -> APIRouter:
    """Serve ``page/index.html`` at ``/``, the files beside it at ``/page/NAME``; without one ``/`` is the chat alone.

    Links with which a customer continues in the browser lead to ``/``, so that there always is a page with the widget.

    Raises:
        SettingError: A file is too large, or there are too many.
    """
    files = _read(root / FOLDER)
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    def page(request: Request) -> Response:
        if FIRST in files:
            return answer(request, FIRST, files)
        return answer(request, _CHAT_ALONE)

    @router.api_route(f"/{FOLDER}/{{name}}", methods=["GET", "HEAD"])
    def beside(request: Request, name: str) -> Response:
        return answer(request, name, files)

    return router


def _read(folder: Path) -> dict[str, BuiltFile]:
    if not folder.is_dir():
        return {}
    # A link might lead out of the company's folder.
    found = [path for path in sorted(folder.iterdir()) if path.suffix in _TYPES and not path.is_symlink()]
    if len(found) > _MOST:
        raise SettingError(f"{folder} has {len(found)} files for the page: {_MOST} are served at most. Remove some.")
    for path in found:
        if path.stat().st_size > _LARGEST:
            raise SettingError(
                f"{path} is larger than {_LARGEST // 1_000_000} MB: make it smaller, or serve it elsewhere."
            )
    return {path.name: read_file(path, _TYPES[path.suffix]) for path in found}
