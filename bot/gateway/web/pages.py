"""Serves desk, widget and API description from ``built/``: these files, read once, and nothing else."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

BUILT = Path(__file__).parent / "built"

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

# Everything comes from our own address; no inline script or style, no frame around the page, no form to elsewhere.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class BuiltFile:
    """One file as it is served: its bytes, its type, and the tag by which a browser knows that it has it."""

    content: bytes
    gzipped: bytes
    """The same for browsers that unpack it; a third of the bytes on a slow line."""
    content_type: str
    etag: str


@cache
def built_files(folder: Path = BUILT) -> dict[str, BuiltFile]:
    """Every served file by its name; read once, so that a name from outside never meets the disk."""
    files = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in CONTENT_TYPES:
            files[path.name] = read_file(path, CONTENT_TYPES[path.suffix])
    return files


def read_file(path: Path, content_type: str) -> BuiltFile:
    """Read a file as it will be served."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    # Without a time in its head, so that the bytes depend on the file alone.
    return BuiltFile(content, gzip.compress(content, mtime=0), content_type, f'"{digest[:32]}"')


def answer(request: Request, name: str, files: Mapping[str, BuiltFile] | None = None) -> Response:
    """One of our own files, or of ``files``; 304 when the browser has this very version, 404 when there is none."""
    file = (built_files() if files is None else files).get(name)
    if file is None:
        raise HTTPException(404, "There is no such page.")
    headers = {
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
        # Always ask, rarely transfer: a new version is seen at once, the old one costs a 304.
        "Cache-Control": "no-cache",
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }
    if name == "widget.js":
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # any page may carry the widget
        headers["Access-Control-Allow-Origin"] = "*"  # as a module too, which browsers only take with this
    # A proxy that compresses turns a tag into a weak one, "W/…": the same version all the same.
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
    if file.etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", "").lower():
        headers["Content-Encoding"] = "gzip"
        return Response(file.gzipped, headers=headers, media_type=file.content_type)
    return Response(file.content, headers=headers, media_type=file.content_type)


@router.api_route("/desk", methods=["GET", "HEAD"])
def desk(request: Request) -> Response:
    """The human agents' page."""
    return answer(request, "desk.html")


@router.api_route("/docs", methods=["GET", "HEAD"])
def docs(request: Request) -> Response:
    """The API's description, drawn."""
    return answer(request, "docs.html")


@router.api_route("/widget.js", methods=["GET", "HEAD"])
def widget(request: Request) -> Response:
    """The widget, one file for any page."""
    return answer(request, "widget.js")


@router.api_route("/assets/{name}", methods=["GET", "HEAD"])
def asset(request: Request, name: str) -> Response:
    """Scripts, styles and pictures of our own pages."""
    if name.endswith(".html"):
        raise HTTPException(404, "There is no such file.")
    return answer(request, name)
