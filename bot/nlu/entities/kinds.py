"""Which entity gets what is found without a word of a trainer: dates, times, telephone numbers, e-mail, postcodes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.contract.kinds import KINDS, POSTCODE, READ_BY_RULES
from bot.errors import SettingError


def names_by_kind(kinds: Mapping[str, str], patterned: Collection[str]) -> dict[str, str]:
    """Return the entity for each kind; a kind that nobody gives another name has an entity of its own name.

    Args:
        kinds: The kinds of entities that config.yml names, such as ``{"zip": "postcode"}``.
        patterned: The entities with a pattern of their own. A postcode's pattern says what it looks like, so that
            nothing is found beside it.

    Raises:
        SettingError: a kind is none, or two entities want what is found alike.
    """
    if unknown := {kind for kind in kinds.values() if kind not in KINDS}:
        raise SettingError(f"The kind {min(unknown)!r} is unknown: write one of {', '.join(KINDS)}.")
    found = {}
    for kind in KINDS:
        named = [name for name, one in kinds.items() if one == kind]
        bare = [name for name in named if kind in READ_BY_RULES or name not in patterned]
        if len(bare) > 1:
            other = "" if kind in READ_BY_RULES else ", or give each a regex in data/nlu"
            raise SettingError(
                f"{' and '.join(sorted(bare))} are all of the kind {kind}, and nothing tells them apart: name one, map "
                f"it to several slots in the domain{other}."
            )
        if bare:
            found[kind] = bare[0]
        elif kind != POSTCODE or not (named or kind in patterned):
            found[kind] = named[0] if named else kind
    return found
