"""A sentence as code names it: a key of the catalogue and the values of its placeholders; in no language yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.wording.moments import City, Clock, Day


@dataclass(frozen=True)
class Wording:
    """What is to be said; :class:`~bot.wording.catalogue.Catalogue` says it in a language."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    begins: bool = False
    """Whether it stands alone and needs a capital letter, as a button's title does."""

    def as_title(self) -> Wording:
        """The same with a capital letter."""
        return replace(self, begins=True)


Value = str | int | Wording | Day | Clock | City
"""What stands in a placeholder. A wording in it is said in the same language as the sentence around it."""

Said = Wording | tuple[Wording, ...]
"""One sentence, or several in a row."""


def wording(key: str, /, **values: Value) -> Wording:
    """Name a sentence. ``count`` is the number that chooses between singular and plural."""
    return Wording(key, values)
