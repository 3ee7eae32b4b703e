"""PDF: lines as they stand on the pages, put together to headings, lists and paragraphs, each page marked."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from bot.errors import ContentError, Place
from bot.knowledge.sources.readers.characters import SOFT_HYPHEN, folded
from bot.knowledge.sources.readers.document import Document
from bot.knowledge.sources.readers.files import bytes_of
from bot.knowledge.sources.readers.pages import Line, document_of

# A manual with pictures.
MOST_BYTES = 50 * 1024 * 1024
_MOST_PAGES = 1000


# The operators that show text (ISO 32000-1, 9.4.3); others between them set the font and the place of what follows.
_SHOWS_TEXT = (b"Tj", b"TJ", b"'", b'"')


def read_pdf(path: Path) -> Document:
    """Read a document; its title is its own, else its first heading."""
    import pypdf
    from pypdf.errors import PyPdfError

    content = bytes_of(path, MOST_BYTES)
    try:
        reader = pypdf.PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise ContentError(Place(path), "it is encrypted.", "Save it without a password.")
        count = len(reader.pages)
        if count > _MOST_PAGES:
            raise ContentError(Place(path), f"it has {count:,} pages, {_MOST_PAGES:,} at most.", "Split it.")
        pages = [_lines(_without_soft_hyphens(page)) for page in reader.pages]
        title = (reader.metadata.title or "") if reader.metadata else ""
    except ContentError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, AssertionError) as error:
        # A damaged file breaks the library in many places; which one tells an editor nothing.
        raise ContentError(Place(path), f"it is damaged ({type(error).__name__}).", "Save it as PDF again.") from error
    if not any(pages):
        raise ContentError(
            Place(path), "there is no text in it, pictures of pages perhaps.", "Run text recognition over it first."
        )
    return document_of(pages, folded(title).strip())


def _without_soft_hyphens(page: Any) -> Any:
    """Return a page without the glyphs that stand for soft hyphens: browsers print blanks, and say what they mean.

    "ActualText" (ISO 32000-1, 14.9.4) of what a marked piece of content stands for; pypdf does not look at it.
    """
    from pypdf.generic import ContentStream, NameObject

    content = page.get_contents()
    if content is None or b"ActualText" not in content.get_data():
        return page
    # Texts as bytes, as pypdf's own extraction wants them.
    stream = ContentStream(content, page.pdf, "bytes")
    kept, marks = [], []
    for operands, operator in stream.operations:
        if operator in (b"BDC", b"BMC"):
            marks.append(operator == b"BDC" and _is_soft_hyphen(operands))
        elif operator == b"EMC" and marks:
            marks.pop()
        elif operator in _SHOWS_TEXT and any(marks):
            continue
        kept.append((operands, operator))
    stream.operations = kept
    page[NameObject("/Contents")] = stream
    return page


def _is_soft_hyphen(operands: Any) -> bool:
    marked = operands[1] if len(operands) > 1 else None
    said = marked.get("/ActualText", "") if isinstance(marked, dict) else ""
    # A text of PDF is UTF-16 where it begins with that encoding's mark (ISO 32000-1, 7.9.2.2).
    return bytes(said) == b"\xfe\xff\x00\xad" if isinstance(said, bytes) else str(said) == SOFT_HYPHEN


def _lines(page: Any) -> list[Line]:
    """Return a page's lines in reading order with size and height of their letters' place, in points."""
    lines: list[Line] = []
    text, size, height = "", 0.0, 0.0

    def finish() -> None:
        nonlocal text, size
        words = " ".join(folded(text.replace("\0", "")).split())
        if words and text.rstrip().endswith(SOFT_HYPHEN):
            words += SOFT_HYPHEN  # it says where a word was broken, and goes when the lines are joined
        if words:
            lines.append(Line(words, round(size, 1), height))
        text, size = "", 0.0

    def hear(piece: str, cm: list[float], tm: list[float], font: Any, font_size: float) -> None:
        nonlocal text, size, height
        for number, part in enumerate(piece.split("\n")):
            if number:
                finish()
            if part.strip():
                if not text.strip():
                    height = tm[5] * cm[3] + cm[5]
                size = max(size, abs(font_size * (tm[3] or tm[1] or 1.0) * (cm[3] or cm[1] or 1.0)))
            text += part

    page.extract_text(visitor_text=hear)
    finish()
    return lines
