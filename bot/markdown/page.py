"""Markdown as the HTML of a page of our own: markdown-it writes it, nothing that an author wrote becomes a tag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from markdown_it.token import Token

from bot.markdown.reading import parser, tokens_of
from bot.untrusted.addresses import may_lead

_NO_WORD = re.compile(r"[^\w\- ]")


def page_body(markdown: str) -> str:
    """Write a text as HTML; headings get the mark by which links name them, pictures become their words.

    A link to what nobody may be led to (``javascript:``) is its words.
    """
    tokens = tokens_of(markdown)
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", mark_of(tokens[number + 1].content))
        if token.children:
            token.children = _made_safe(token.children)
    html: str = parser().renderer.render(tokens, parser().options, {})
    return html


def mark_of(heading: str) -> str:
    """Return the mark of a heading, as in ``returns#costs``: GitHub's way."""
    return _NO_WORD.sub("", heading.lower()).strip().replace(" ", "-")


def _made_safe(children: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    open_links: list[bool] = []
    for token in children:
        if token.type == "link_open":
            open_links.append(may_lead(str(token.attrGet("href") or "")))
            token.attrSet("rel", "noopener noreferrer")
        leads = open_links[-1] if open_links else True
        if token.type == "link_close":
            open_links.pop()
        if token.type in ("link_open", "link_close") and not leads:
            continue
        if token.type == "image":
            token = Token("text", "", 0, content=token.content)
        kept.append(token)
    return kept


def text_in_html(text: str) -> str:
    """Return a text as it may stand in HTML, in an attribute too."""
    return escape(text, quote=True)
