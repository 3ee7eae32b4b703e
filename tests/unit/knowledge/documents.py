"""Small PDF and DOCX files, written by hand so that every byte of them is known."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

Printed = tuple[str, float, float]
"""A line: its words, the size of its letters, and its distance from the page's lower edge, in points."""


def pdf(pages: Sequence[Sequence[Printed]], title: str = "", password: str = "") -> bytes:
    """Return a PDF with these lines on its pages."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(b"\n".join(_shown(*line) for line in lines))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def _shown(text: str, size: float, height: float) -> bytes:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
    return b"BT /F1 %g Tf 1 0 0 1 72 %g Tm (%s) Tj ET" % (size, height, escaped)


def column(*lines: str, size: float = 11, top: float = 760, step: float = 14) -> list[Printed]:
    """Return lines below one another; an empty one leaves a gap, one that starts with ``# `` is a heading."""
    printed = []
    for number, line in enumerate(lines):
        height = top - step * number
        if line.startswith("# "):
            printed.append((line[2:], size * 1.5, height))
        elif line:
            printed.append((line, size, height))
    return printed


_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "{}</Relationships>"
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROOT = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def paragraph(text: str, style: str = "") -> str:
    """Return a paragraph of a Word document."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def table(*rows: Sequence[str]) -> str:
    """Return a table of a Word document."""
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def docx(*parts: str, relations: str = "", others: Mapping[str, bytes] | None = None) -> bytes:
    """Return a Word document with these paragraphs and tables; ``others`` are further parts of the archive."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in (("Title", "Title"), ("Heading1", "heading 1"), ("Heading2", "heading 2"))
    )
    content: dict[str, Any] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format(_ROOT),
        "word/_rels/document.xml.rels": _RELATIONS.format(
            f'<Relationship Id="s1" Type="{_OFFICE}/styles" Target="styles.xml"/>{relations}'
        ),
        "word/styles.xml": f'<?xml version="1.0"?><w:styles xmlns:w="{_WORD}">{styles}</w:styles>',
        "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}" xmlns:r="{_OFFICE}" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f"<w:body>{''.join(parts)}</w:body></w:document>",
        **(others or {}),
    }
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return written.getvalue()


FIELDS = """title: When are the stores open?
audience: [public]
language: en
updated: 2026-10-05
review_by: 2027-04-05
url: https://help.example/store-hours
products: []
"""


def put(folder: Path, name: str, content: bytes | str, fields: str | None = FIELDS) -> Path:
    """Write a file and, unless ``fields`` is None, its sidecar."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    if fields is not None:
        path.with_name(f"{name}.yml").write_text(fields)
    return path
