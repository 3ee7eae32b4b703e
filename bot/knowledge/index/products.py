"""Which products the articles tell apart: families such as a kind and its models, and what in a message names one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.index.passages import Passage
from bot.nlu.reading.cap import read_of

_WORD = re.compile(r"[^\W_]+")
# "E04", "F7": what a display shows; the same code with and without the nought.
_CODE = re.compile(r"\b([A-Za-z]{1,2})-?0{0,2}([1-9]\d{0,2})\b")
_MODEL = re.compile(r"([^\W\d_]{4,}) ?\d+")


@dataclass(frozen=True)
class Family:
    """Products that articles name together: a kind and its models."""

    name: str
    """What its articles name first: the kind."""
    products: frozenset[str]


class Families:
    """The families of all articles, and which articles are about one of them only."""

    def __init__(self, families: Sequence[Family], of_article: Mapping[str, str], codes: Mapping[str, frozenset[str]]):
        self.all = {family.name: family for family in families}
        self._of_article = of_article
        self._codes = codes
        self._words: dict[str, set[str]] = defaultdict(set)
        for family in families:
            for product in family.products:
                self._words[product].add(family.name)
                if model := _MODEL.fullmatch(product):
                    # "The Swift" is the Swift 8.
                    self._words[model[1]].add(family.name)
        self._longest = max((len(words.split()) for words in self._words), default=0)

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> Families:
        """Read them from the articles' ``products``: lists that share one form a family, what spans several is general.

        Small lists are read first: an article about all products does not make them one family.
        """
        lists: dict[str, tuple[str, ...]] = {}
        coded: dict[str, set[str]] = defaultdict(set)
        for passage in passages:
            lists.setdefault(passage.article, tuple(spoken(product) for product in passage.products))
            if passage.products:
                for code in codes_in(passage.text):
                    coded[code].add(passage.article)
        groups: list[set[str]] = []
        for products in sorted(
            {frozenset(one) for one in lists.values() if one}, key=lambda one: (len(one), sorted(one))
        ):
            met = [group for group in groups if group & products]
            if not met:
                groups.append(set(products))
            elif len(met) == 1:
                met[0].update(products)
        first = Counter(one[0] for one in lists.values() if one)
        families = [
            Family(max(sorted(group), key=lambda product: first[product]), frozenset(group)) for group in groups
        ]
        of_article = {}
        for article, one in lists.items():
            about = [family.name for family in families if family.products.intersection(one)]
            if len(about) == 1:
                of_article[article] = about[0]
        codes = {
            code: frozenset(of_article[article] for article in articles if article in of_article)
            for code, articles in coded.items()
        }
        return cls(families, of_article, codes)

    def of_article(self, article: str) -> str | None:
        """The family that an article is about; None where it is about none, or about several."""
        return self._of_article.get(article)

    def of_product(self, product: str) -> str | None:
        """The family of a product by its name."""
        named = self._words.get(spoken(product), set())
        return next(iter(named)) if len(named) == 1 else None

    def named_in(self, text: str, values: Collection[str] = ()) -> frozenset[str]:
        """The families that a message names, in its words or in the values that were read from them."""
        found = {family for value in values if (family := self.of_product(value)) is not None}
        words = [word.lower() for word in _WORD.findall(read_of(text))]
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + self._longest) + 1):
                found.update(self._words.get(" ".join(words[start:end]), ()))
        return frozenset(found)

    def with_code(self, text: str) -> frozenset[str] | None:
        """The families whose articles know a code that the message has; None where it has none that is known."""
        known = [self._codes[code] for code in codes_in(read_of(text)) if self._codes.get(code)]
        return frozenset().union(*known) if known else None

    def products(self, families: Iterable[str]) -> frozenset[str]:
        """All products of these families."""
        return frozenset(product for name in families for product in self.all[name].products)


def codes_in(text: str) -> set[str]:
    """The codes of displays in a text, all written alike: "E04" and "e4" are one."""
    return {f"{letters.lower()}{number}" for letters, number in _CODE.findall(text)}


def spoken(product: str) -> str:
    """A product's name as customers write it: articles may name it with hyphens."""
    return product.lower().replace("-", " ")
