"""What a question asks for: what to do, yes or no, or a fact; and the days that it is about.

English shapes; what has none of them tells something, as "my oven stays cold" does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.nlu.reading.cap import read_of

Kind = Literal["do", "yes_or_no", "fact", "told"]

# What opens a question and says nothing of its kind.
_BEFORE = (
    r"^(?:(?:hi|hello|hey|ok|okay|so|and|but|or|also|please|sorry|well|oh|excuse me|good morning|just)\b[\s,!.]*)*"
    r"(?:(?:can|could) (?:you|u) (?:please )?tell me |i (?:just )?(?:want|need|would like)(?: to know)? )?"
)
_DO = re.compile(
    r"\b(?:how (?:do|can|could|should|would|to|does one|did)\b(?! (?:much|many|long))"
    r"|what (?:do|can|should|must|shall|could|would) (?:i|we|you)\b"
    r"(?! (?:pay|cost|need to pay|charge|get|owe|call|mean|have))"
    r"|what (?:now|next|to do)\b|what'?s wrong\b|why\b|help (?:me )?(?:with )?|steps? to\b|instructions?\b)",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    _BEFORE
    + r"(?:can|could|do|does|did|is|are|am|was|were|will|would|may|must|should|shall|has|have|any|is there|possible"
    r"|isn't|aren't|don't|doesn't|can't|won't)\b",
    re.IGNORECASE,
)
_FACT = re.compile(
    _BEFORE + r"(?:what|whats|what's|when|whens|when's|where|wheres|where's|which|who|whos|who's|whose|how"
    r"|(?:until|till|til|by|from|since|at|on|in|to|for|with|of) (?:what|when|which|how|whom)|price|cost)\b",
    re.IGNORECASE,
)
# A question often follows what it is about.
_CLAUSES = re.compile(r"[,;.!?\n]+\s*|\s+(?:and|but|so|or)\s+", re.IGNORECASE)

_FEWEST_WORDS = 3


@dataclass(frozen=True)
class Asking:
    """A question as far as the choice of an answer's words goes by it."""

    text: str = ""
    days: tuple[date, ...] = ()
    """The days that it names or means ("tomorrow")."""
    about: tuple[str, ...] = ()
    """What else it is about, as articles name it: the product that was spoken of."""
    new: str = ""
    """What a follow-up adds to the question before it; empty for a question that stands alone."""
    seen: tuple[tuple[int, int], ...] = ()
    """What of the article the customer has just seen: of it only what fits best is said again."""
    done: tuple[tuple[int, int], ...] = ()
    """What of it they have told as done: who tells more of the matter is not told to do it again, who asks is."""

    @property
    def kind(self) -> Kind:
        """What it asks for."""
        return kind_of(self.text)

    def has_seen(self, start: int, end: int) -> bool:
        """Whether the customer has just seen what stands at this place of the article."""
        return any(first <= start and end <= last for first, last in self.seen)

    @property
    def several(self) -> bool:
        """Whether it asks or tells more than one thing: two clauses of at least three words."""
        clauses = _CLAUSES.split(read_of(self.text))
        return sum(len(clause.split()) >= _FEWEST_WORDS for clause in clauses if clause) > 1


def kind_of(text: str) -> Kind:
    """Return what a text asks for; "told" where it asks nothing, as a fault that somebody has."""
    text = read_of(text).lower().replace("\u2019", "'")
    if _DO.search(text):
        return "do"
    clauses = [clause for clause in _CLAUSES.split(text) if clause]
    for clause in clauses:
        if _FACT.match(clause):
            return "fact"
    for clause in clauses:
        if _YES_OR_NO.match(clause):
            return "yes_or_no"
    return "told"
