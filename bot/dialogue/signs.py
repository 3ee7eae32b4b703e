"""Messages without words: a thumb up means yes, a row of question marks means nothing."""

from __future__ import annotations

import unicodedata
from typing import Literal

from bot.contract.names import AFFIRM, DENY

Sign = Literal["affirm", "deny", "nothing"]

# Signs that people send alone instead of a word; their variants (skin tones, hearts in colours) count with them.
_YES = frozenset("👍👌✅✔☑🆗🙂😊😀😃😄😁🙏❤💙💚💛👏🎉😉🤝🥳😍")
_NO = frozenset("👎❌✖🚫")


def sign_in(text: str) -> Sign | None:
    """What a message without letters and digits says; None when it has one, and is to be read."""
    if any(unicodedata.category(character)[0] in "LN" for character in text):
        return None
    if _YES.intersection(text) and not _NO.intersection(text):
        return AFFIRM
    return DENY if _NO.intersection(text) else "nothing"
