"""HTML: the main text of a page as Markdown; scripts, styles, forms, menus and hidden parts are dropped."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bot.knowledge.sources.readers.characters import folded
from bot.knowledge.sources.readers.document import Document, Mark
from bot.knowledge.sources.readers.files import text_of

# Ten of the longest help pages; what is longer is mostly scripts.
MOST_BYTES = 2 * 1024 * 1024

# What runs, what is drawn, what is filled in, and what stands on every page of a site.
_DROPPED = (
    *("script", "style", "template", "noscript", "iframe", "object", "embed", "applet", "svg", "math", "canvas"),
    *("img", "picture", "audio", "video", "form", "button", "input", "select", "textarea", "dialog"),
    *("nav", "footer", "aside", "head", "title", "meta", "link"),
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FOOTNOTE_ROLES = frozenset({"doc-noteref", "doc-footnote", "doc-footnotes", "doc-endnote", "doc-endnotes"})
_FOOTNOTE = re.compile(r"(?:^|[\s:])(?:footnotes?|endnotes?|fn)(?:[-_:]?\d+|[-_]sep)?(?=$|\s)", re.IGNORECASE)
_FOOTNOTE_LINK = re.compile(r"#(?:footnote|endnote|fn|cite[-_]note)", re.IGNORECASE)
# Signs of Markdown that an answer would show; their text stays.
_WITHOUT_SIGNS = ("a", "b", "strong", "em", "i", "u", "s", "del", "code", "kbd", "samp", "sub", "sup", "mark")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


def read_html(path: Path) -> Document:
    """Read a page; its title is its first heading, else what the browser's tab would show."""
    return document_of(text_of(path, MOST_BYTES))


def document_of(html: str) -> Document:
    """Turn a page or a part of one into Markdown; its marks are its headings."""
    from bs4 import BeautifulSoup
    from bs4.element import PreformattedString

    soup = BeautifulSoup(html, "html.parser")
    tab = soup.title.get_text(" ", strip=True) if soup.title else ""
    main = _main(soup)
    for comment in main.find_all(string=lambda text: isinstance(text, PreformattedString)):
        comment.extract()  # and instructions, declarations and the like, which are no text of the page either
    for element in main.find_all(_DROPPED):
        element.extract()
    for element in main.find_all(_is_hidden):
        element.extract()
    for element in main.find_all(_is_footnote):
        element.extract()
    for words in list(main.find_all(string=True)):
        words.replace_with(folded(str(words)))
    links = tuple(str(link["href"]).strip() for link in main.find_all("a", href=True))
    heading = main.find("h1")
    title = heading.get_text(" ", strip=True) if heading else tab
    if heading:
        heading.extract()
    body = _markdown(main)
    marks = tuple(Mark(found.start(), f"“{found.group(1).strip()}”") for found in _HEADING.finditer(body))
    return Document(" ".join(title.split()), body, marks, links)


def _main(soup: Any) -> Any:
    """Return the part that a reader came for: what the page itself calls it, else all of it but the masthead."""
    for name in ("main", "article"):
        found = soup.find_all(name)
        if len(found) == 1:
            return found[0]
    body = soup.body or soup
    for masthead in body.find_all("header", recursive=False):
        masthead.extract()
    return body


def _is_hidden(element: Any) -> bool:
    return (
        element.has_attr("hidden")
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(str(element.get("style", ""))))
    )


def _is_footnote(element: Any) -> bool:
    """Whether it is a footnote or its mark, by the roles of DPUB-ARIA and the names that writers of HTML use."""
    if str(element.get("role", "")) in _FOOTNOTE_ROLES:
        return True
    if element.name in ("li", "section", "div", "ol", "p", "hr"):
        names = f"{element.get('id', '')} {' '.join(element.get('class') or ())}"
        return bool(_FOOTNOTE.search(names))
    if element.name != "sup":
        return False
    link = element.find("a", href=True)
    return link is not None and bool(_FOOTNOTE_LINK.match(str(link["href"])))


def _markdown(main: Any) -> str:
    from markdownify import MarkdownConverter

    converter = MarkdownConverter(
        heading_style="ATX",
        bullets="-",
        strip=list(_WITHOUT_SIGNS),
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
        table_infer_header=True,
        wrap=False,
    )
    text = str(converter.convert_soup(main)).replace("\r", "").replace("\0", "").replace("\xa0", " ")
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip() + "\n"
