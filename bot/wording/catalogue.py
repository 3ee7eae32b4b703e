"""The catalogue: says a wording in the language of a conversation, in a company's own words where it has some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from bot.wording.moments import ENGLISH
from bot.wording.sentences import Said, Value, Wording

OTHER = "other"
"""The plural form that every language has (CLDR)."""
COUNT = "count"
"""The placeholder whose number chooses the plural form."""

Text = str | Mapping[str, str]
"""A text with ``{placeholders}``, or one for each plural form of the language."""
Texts = Mapping[str, Text]
"""By key."""

# Chinese and Japanese set nothing between sentences: their full stop is as wide as a letter.
_NOTHING_BETWEEN = frozenset({"zh", "ja"})
# First strong isolate and its end (Unicode UAX 9): an English name must not turn an Arabic sentence around.
_ISOLATE, _END = "\u2068", "\u2069"
_ADDRESSES = ("https://", "http://")


class Catalogue:
    """Texts by language and key. The first language of a conversation's locale that has a key says it, else English."""

    def __init__(self, product: Mapping[str, Texts], company: Mapping[str, Texts] | None = None) -> None:
        self._product = product
        self._company = company or {}

    @property
    def languages(self) -> frozenset[str]:
        """The languages in which anything can be said, as tags in small letters (``de``, ``pt-br``)."""
        return frozenset(self._product) | frozenset(self._company)

    def say(self, said: Said, locale: str) -> str:
        """A sentence, or several in a row, for somebody with this locale (``de-AT``)."""
        if isinstance(said, tuple):
            between = "" if self.language_of(locale) in _NOTHING_BETWEEN else " "
            return between.join(self.say(one, locale) for one in said)
        language, text = self._found(said.key, locale)
        filled = _fill(text, said, babel_locale(language), self)
        return filled[:1].upper() + filled[1:] if said.begins else filled

    def language_of(self, locale: str) -> str:
        """The language in which somebody with this locale reads most: the first that has any text, else English."""
        return next((one for one in _chain(locale) if one in self._company or one in self._product), ENGLISH)

    def texts_below(self, prefix: str, locale: str) -> dict[str, Text]:
        """The raw texts of every key below a prefix, without it: what the widget says by itself."""
        keys = [key for key in self._product[ENGLISH] if key.startswith(prefix)]
        return {key.removeprefix(prefix): self._found(key, locale)[1] for key in keys}

    def _found(self, key: str, locale: str) -> tuple[str, Text]:
        for language in (*_chain(locale), ENGLISH):
            for texts in (self._company, self._product):
                text = texts.get(language, {}).get(key)
                if text is not None:
                    return language, text
        raise KeyError(f"no sentence {key}")


def _chain(locale: str) -> Iterator[str]:
    """A locale and what it falls back to: ``de-AT`` → ``de-at``, ``de``."""
    tag = locale.replace("_", "-").lower()
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]


def _fill(text: Text, said: Wording, locale: Locale, catalogue: Catalogue) -> str:
    if not isinstance(text, str):
        count = said.values[COUNT]
        form = locale.plural_form(count) if isinstance(count, int) else OTHER
        text = text.get(form) or text[OTHER]
    isolated = locale.character_order == "right-to-left"
    values = {name: _said(value, locale, catalogue, isolated) for name, value in said.values.items()}
    return text.format_map(values)


def _said(value: Value, locale: Locale, catalogue: Catalogue, isolated: bool) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Wording):
        return catalogue.say(value, str(locale))
    if not isinstance(value, str):
        return value.said(locale)
    # A mark behind an address would become a part of it where it is made a link.
    return f"{_ISOLATE}{value}{_END}" if isolated and not value.startswith(_ADDRESSES) else value


@lru_cache(maxsize=64)
def babel_locale(language: str) -> Locale:
    """What Babel knows of a language; a tag that it does not know reads as English."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(ENGLISH)
