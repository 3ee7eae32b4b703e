"""DOCX: headings, lists and tables of a Word document, by way of HTML; looked into before anything is unpacked."""

from __future__ import annotations

import contextlib
import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree
from xml.parsers import expat

from bot.errors import ContentError, Place
from bot.knowledge.sources.readers.document import Document
from bot.knowledge.sources.readers.files import bytes_of
from bot.knowledge.sources.readers.html import document_of

# A manual with pictures.
MOST_BYTES = 20 * 1024 * 1024
# What the parts may take when unpacked: pictures hardly shrink, text shrinks to a tenth.
_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_TEXT = 16 * 1024 * 1024
_MOST_PARTS = 2000
_PIECE = 64 * 1024
_TEXT = "word/document.xml"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# An encrypted document, and the format before 2007, are compound files.
_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""


def read_docx(path: Path) -> Document:
    """Read a document; its title is its title paragraph or first heading of the first level."""
    import mammoth

    content = bytes_of(path, MOST_BYTES)
    _look_inside(path, content)
    html = mammoth.convert_to_html(
        BytesIO(_without_hidden_text(content)),
        style_map=_STYLES,
        convert_image=mammoth.images.img_element(lambda image: {}),
    ).value
    return document_of(f"<body>{html}</body>")


def _without_hidden_text(content: bytes) -> bytes:
    """Return the document without the runs of text that Word hides (``w:vanish``); mammoth shows them."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        text = archive.read(_TEXT)
        if b"vanish" not in text:
            return content
        root = ElementTree.fromstring(text)  # noqa: S314 - no part has a document type: `_look_inside`
        for parent in root.iter():
            for run in [child for child in parent if child.tag == f"{_WORD}r" and _is_hidden(child)]:
                parent.remove(run)
        written = BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as copy:
            for part in archive.infolist():
                changed = part.filename == _TEXT
                copy.writestr(part.filename, ElementTree.tostring(root) if changed else archive.read(part))
    return written.getvalue()


def _is_hidden(run: ElementTree.Element) -> bool:
    marks = [run.find(f"{_WORD}rPr/{_WORD}{name}") for name in ("vanish", "specVanish", "webHidden")]
    return any(mark is not None and mark.get(f"{_WORD}val", "true") not in ("0", "false", "off") for mark in marks)


def _look_inside(path: Path, content: bytes) -> None:
    """Check the sizes that the archive declares: Python unpacks no part beyond what is declared for it."""
    if content.startswith(_COMPOUND_FILE):
        raise ContentError(
            Place(path), "it is encrypted, or of Word's format before 2007.", "Save it as DOCX without a password."
        )
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise ContentError(Place(path), f"it is damaged ({error}).", "Save it once more.") from error
    parts = archive.infolist()
    sizes = {part.filename: part.file_size for part in parts}
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS:
        raise ContentError(Place(path), f"it has {len(parts):,} parts, {_MOST_PARTS:,} at most.", "Save it once more.")
    if unpacked > _MOST_UNPACKED or sizes.get(_TEXT, 0) > _MOST_TEXT:
        raise ContentError(
            Place(path),
            f"unpacked it would take {unpacked:,} bytes, {_MOST_UNPACKED:,} at most and {_MOST_TEXT:,} of text.",
            "Split it into several articles, and leave large pictures out.",
        )
    for part in parts:
        name = PurePosixPath(part.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts:
            raise ContentError(Place(path), f"its part {part.filename!r} leads out of it.", "Save it once more.")
        if part.flag_bits & 0x1:
            raise ContentError(Place(path), "it is encrypted.", "Save it without a password.")
    if _TEXT not in sizes:
        raise ContentError(Place(path), "it is no Word document.", "Save it as DOCX.")
    if any(_has_doctype(archive, part) for part in parts):
        # Word writes none; entities that stand for one another grow to gigabytes.
        raise ContentError(Place(path), "it defines words of its own (DOCTYPE).", "Save it once more with Word.")


def _has_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part is XML with a document type, whatever its encoding and its name.

    Its beginning is read by Expat, which mammoth reads it with, too: the two cannot disagree on the encoding. It is
    read as far as the first element, behind which no document type may stand.
    """
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: _stop(found, "doctype")
    parser.StartElementHandler = lambda *_: _stop(found, "element")
    with archive.open(part) as file, contextlib.suppress(_Enough, expat.ExpatError, ValueError, LookupError):
        while piece := file.read(_PIECE):
            parser.Parse(piece, False)
    return found == ["doctype"]


class _Enough(Exception):  # noqa: N818 - ends the reading, and is no fault
    """What was looked for has been seen."""


def _stop(found: list[str], what: str) -> None:
    found.append(what)
    raise _Enough
