"""Whether a domain is empty is found once: Rasa makes an empty one and compares the two for each message."""

from __future__ import annotations

from rasa.shared.core.domain import Domain

from bot.brain.rasa_patches.replaced import Replaced

REPLACES = (
    Replaced(
        "rasa.shared.core.domain", "Domain.is_empty", "5c56c715d93a6a3b385767a9f3daf1983fd07e45f710bfd4a630f20ce02fbd4a"
    ),
)

_RASAS_OWN = Domain.is_empty
_EMPTY = "_warmline_is_empty"
"""The attribute of a domain that remembers it; a domain that is loaded does not change."""


def is_empty(self: Domain) -> bool:
    """Rasa's `Domain.is_empty`."""
    if _EMPTY not in self.__dict__:
        self.__dict__[_EMPTY] = _RASAS_OWN(self)
    return self.__dict__[_EMPTY]


def install() -> None:
    """Put it in the place of Rasa's own, in this process."""
    Domain.is_empty = is_empty
