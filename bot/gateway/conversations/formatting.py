"""An answer in an article's words, made plain for every channel, and beside it in Markdown for the pages that draw it.

What is stored and sent as a message's text is plain: messengers, transcripts, packages and outside desks need know of
nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.handoff.limits import storable
from bot.markdown.plain import plain_words
from bot.markdown.subset import in_subset
from bot.untrusted.addresses import is_own_path

MARKDOWN = "markdown"
"""The one format; its subset stands in ``docs/reference/web-api.md``."""

PAGES = "/articles/"
"""Where the gateway serves public articles (:mod:`bot.gateway.web.articles`), each under its id."""


@dataclass(frozen=True)
class Formatted:
    """Plain words, and the same in the subset of Markdown where they have a structure that is worth drawing."""

    plain: str
    markdown: str | None = None


def formatted(text: str, form: object, public_url: str) -> Formatted:
    """Read what the brain said in a format; any other than Markdown is plain already.

    ``public_url`` is where our own pages are for the outside: links to them must lead there from any channel.
    """
    if form != MARKDOWN:
        return Formatted(text)
    markdown = in_subset(text, lambda address: from_outside(address, public_url)) or text
    plain = plain_words(markdown)
    return Formatted(plain, storable(markdown) if markdown != plain else None)


def from_outside(address: str, public_url: str) -> str:
    """Return an address as it can be opened from elsewhere: a path of our own gets our address in front."""
    return f"{public_url}{address}" if public_url and is_own_path(address) else address


def as_told(detail: object) -> dict[str, str | None]:
    """Return the two fields that tell pages of an entry's format, from what was kept with it."""
    markdown = detail.get(MARKDOWN) if isinstance(detail, dict) else None
    text = markdown if isinstance(markdown, str) else None
    return {"format": MARKDOWN if text is not None else None, "formatted": text}
