"""The widget's words in a page's language and the company's own: everything that stands below ``widget.``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel

from bot.wording.catalogue import Catalogue, babel_locale

PREFIX = "widget."
# A page asks once each time it is loaded; a company that changes a word waits no longer than this, in seconds.
_FRESH = 300
# Languages that are kept ready; whoever asks for made-up ones gets English each time.
_MOST_LANGUAGES = 64


class WidgetWording(BaseModel):
    """What the widget says, by key; a text with plural forms is an object with one for each form."""

    language: str
    direction: Literal["ltr", "rtl"]
    texts: Mapping[str, str | Mapping[str, str]]


def wording_router(catalogue: Catalogue) -> APIRouter:
    """Build the one route, which every page may ask."""
    router = APIRouter(prefix="/api/web", tags=["website"])

    @lru_cache(maxsize=_MOST_LANGUAGES)
    def in_language(locale: str) -> WidgetWording:
        language = catalogue.language_of(locale)
        turned = babel_locale(language).character_order == "right-to-left"
        return WidgetWording(
            language=language,
            direction="rtl" if turned else "ltr",
            texts=catalogue.texts_below(PREFIX, locale),
        )

    @router.get("/wording/{locale}")
    async def wording(
        response: Response,
        locale: Annotated[str, Path(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}$", max_length=16)],
    ) -> WidgetWording:
        """Give the widget's words in the language of a page; what the language lacks is English."""
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = f"public, max-age={_FRESH}"
        return in_language(locale)

    return router
