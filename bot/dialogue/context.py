"""What the conversation knows when a message says only half: the last answers, and the question that waits for a value.

It travels in one slot of the dialogue (``last_question``), as plain values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.dialogue.statements import has_shape_of_question
from bot.knowledge.answering.follow_up import LastQuestion, opens_like_one, rewritten
from bot.nlu.reading.cap import read_of

MOST_ANSWERED = 2
"""Answers that are kept: "which one is cheaper" asks about the last, "no, the one before" about the one before."""
LONGEST_QUESTION = 200
MOST_KEPT = 6
"""Answers that wait for a choice: as many as there are buttons."""
SHORT = 4
"""Words: a question with no more says too little to stand alone, unless an article answers it surely."""
LONGEST_HALF = 10
"""Words of what may need the question before it; more say all they need."""
LONGEST_REMARK = 16
"""Words of a message whose last clause may: "pity. and if it won't fit?"; what is longer is a story."""
LONGEST_SENTENCE = 120
FEWEST_CONCLUDING = 4
LONE = 2
MOST_OF_VALUE = 12
"""Words of a reply that names the product it was asked for, and says more: "it's from the front of the dishwasher"."""
REFERRING = 6
"""Words of a message that leans on an "it": "how long do I leave it" fits many articles, and asks of one."""
STANDS_ALONE = 0.98
"""How probable the answer to a message alone must be that nothing is completed: such a message says all it needs."""

_SENTENCE_END = re.compile(r"[.!?]\s|\n")
_WORD = re.compile(r"[\w']+")
_LEADS_IN = re.compile(r"^\W*(?:ok|okay|right|so|hmm+|well|thanks)\b[\s,.!]*", re.IGNORECASE)
_CONTINUES = re.compile(r"^\W*(?:and|an|n|or|but|even|only)\b", re.IGNORECASE)
_ONE_OF_THEM = re.compile(
    r"\b(?:which|what|this|that|the other|the same|the cheaper|the bigger|the smaller) (?:one|ones|model)\b"
    r"|\b(?:which|either|neither|both) of (?:them|those|these)\b|\bis there one\b",
    re.IGNORECASE,
)
_LEADS_TO_ANOTHER = r"\W*(?:(?:no|nope|sorry|oops|oh|ah|wait|actually|well|not that)\b[\s,.!]*)*"
_MEANT = re.compile(
    _LEADS_TO_ANOTHER + r"i (?:actually |really )?(?:meant|mean|was asking about|asked about)(?: to say)? (?P<meant>.+)"
    r"|" + _LEADS_TO_ANOTHER + r"(?P<behind>.+?)[\s,]+i (?:meant|mean)\W*",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\W*(?:(?:no|nope|sorry|oops|wait|actually|not that)\b[\s,.!]*)+(?:it's |its |it is )?"
    r"(?P<meant>(?:the|my|a|an) .+)",
    re.IGNORECASE,
)
_SO = re.compile(r"^\W*(?:(?:right|ah|oh|well)\b[\s,.!]*)*so\b[\s,]*", re.IGNORECASE)
_IS_SUPPOSED = re.compile(
    r"\b(?:then|basically|i (?:suppose|guess|take it|assume|presume|gather)|(?:is|isn't|wasn't|doesn't|won't) it"
    r"|right|yeah|correct)\W*$",
    re.IGNORECASE,
)
# Who is content checks nothing: "that's all right then".
_SETTLED = re.compile(
    r"\b(?:fine|great|good|ok|okay|all ?right|perfect|lovely|brilliant|thanks?|cheers|bye|goodbye|done|sorted)\b",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[.!?;,\n\u2014]+\s*|\s+(?=(?:and|but|or)\s)", re.IGNORECASE)
_REFERS = re.compile(
    r"\b(?:it|it's|its|that|that's|thats|this|they|them|those|there|he|he's|she|she's|him|her)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Waiting:
    """The customer's message to which the assistant asked back."""

    text: str
    asks: str
    """The slot whose value it waits for; an empty text where the customer chooses between readings."""
    answers: Mapping[str, Mapping[str, Any]]
    """What each article would say to it, by the article."""

    def to_json(self) -> dict[str, Any]:
        """Return it as the slot holds it."""
        kept = dict(list(self.answers.items())[:MOST_KEPT])
        return {"text": self.text[:LONGEST_QUESTION], "asks": self.asks, "answers": kept}

    @classmethod
    def of(cls, value: Any) -> Waiting | None:
        """Read what :meth:`to_json` wrote; anything else is none."""
        if not isinstance(value, Mapping) or not isinstance(value.get("text"), str):
            return None
        answers = value.get("answers")
        kept = {str(key): one for key, one in answers.items() if isinstance(one, Mapping)} if answers else {}
        return cls(value["text"][:LONGEST_QUESTION], str(value.get("asks") or ""), kept)


@dataclass(frozen=True)
class Context:
    """What was said lately, the newest first."""

    answered: tuple[LastQuestion, ...] = ()
    waiting: Waiting | None = None

    def going_on(self, knowledge: Mapping[str, Any], article: str, title: str) -> LastQuestion:
        """What the next follow-up belongs to: the question of all of them, or the article that this one moved to.

        "Which one is quieter?" moves nowhere: what is spoken of are those that were named.
        """
        moved = self.last is not None and self.last.article not in ("", article) and not knowledge.get("points")
        return LastQuestion(title if moved else str(knowledge["root"]), article)

    @property
    def last(self) -> LastQuestion | None:
        """The question that was answered last."""
        return self.answered[0] if self.answered else None

    def answering(self, question: LastQuestion) -> Context:
        """The context after one more answer; what waited is answered."""
        before = tuple(one for one in self.answered if one != question)
        return Context((question, *before)[:MOST_ANSWERED])

    def behind(self, said: str) -> Context:
        """The context in which a follow-up belongs to something that no article has answered: a wish that was done."""
        return replace(self, answered=(LastQuestion(said, ""), *self.answered)[:MOST_ANSWERED]) if said else self

    def asking(self, waiting: Waiting) -> Context:
        """The context after a question back."""
        return replace(self, waiting=waiting)

    def to_json(self) -> dict[str, Any]:
        """Return it as the slot holds it: the last question, and the rest beside it."""
        last = self.last.to_json() if self.last is not None else {}
        before = [one.to_json() for one in self.answered[1:]]
        waiting = self.waiting.to_json() if self.waiting is not None else None
        return {**last, **({"before": before} if before else {}), **({"waiting": waiting} if waiting else {})}

    @classmethod
    def of(cls, value: Any) -> Context:
        """Read the slot; what is none of ours is left out."""
        if not isinstance(value, Mapping):
            return cls()
        before = value.get("before")
        kept = [value, *(before if isinstance(before, list) else [])][:MOST_ANSWERED]
        answered = tuple(one for one in map(LastQuestion.of, kept) if one is not None)
        return cls(answered, Waiting.of(value.get("waiting")))


def first_sentence(text: str) -> str:
    """The first sentence of a text, cut where it is long: what was done is said in it."""
    return _SENTENCE_END.split(text.strip(), maxsplit=1)[0].strip(" .!:")[:LONGEST_SENTENCE]


@dataclass(frozen=True)
class Completed:
    """A message that says half, with the other half."""

    text: str
    root: str
    """What to remember of it: the question that stands alone, to which the next "and …?" belongs as well."""
    new: str = ""
    """The message's own words: they say which row of a table is meant."""
    value: bool = False
    """Whether it names the product that a question waits for."""
    must: bool = False
    """Whether it says nothing but that."""
    lone: bool = False
    """Whether the message is a word or two, of which an article that has them proves nothing."""
    points: bool = False
    """Whether it asks for one of those that were named, and so says nothing of its own."""
    refers: bool = False
    """Whether it goes on, or is short, and names what it is about by "it" or "that", however well an article fits."""
    inside: bool = False
    """Whether it asks about what the open form does, whose name is its other half."""
    concludes: bool = False
    """Whether it checks what was understood of the answer, and so stays with it."""

    def to_json(self) -> dict[str, Any]:
        """Return what the action that answers needs of it."""
        return {"root": self.root, **({"points": True} if self.points else {})}


def completed(text: str, context: Context, values: int = 0) -> Completed | None:
    """Return what a message asks together with what was said before; None where it can stand alone.

    ``values`` are the families of products that it names: "the washer" is the value that the assistant asked for, and
    the first question is asked again with it.
    """
    said = _LEADS_IN.sub("", read_of(text), count=1).strip(" ?!.,")
    words, waiting = _count(said), context.waiting
    if waiting is not None and values and words <= MOST_OF_VALUE and not has_shape_of_question(text):
        together = f"{waiting.text.strip(' ?!.,')}, {said}"
        return Completed(together, together, said, value=True, must=words <= SHORT + 1)
    if context.last is None or not is_short(text):
        return None
    if (meant := corrected(text, values)) is not None:
        lone = values > 0 or _count(meant) <= LONE
        return Completed(rewritten(meant, context.last), context.last.text, meant, lone=lone)
    if not follows(text):
        return None
    return Completed(
        rewritten(said, context.last),
        context.last.text,
        said,
        lone=words <= LONE,
        points=points_at_one(said),
        refers=(opens_like_one(said) or words <= REFERRING) and _REFERS.search(said) is not None,
        concludes=concludes(text),
    )


def corrected(text: str, values: int = 0) -> str | None:
    """What takes the place of what was asked: "the dryer" of "sorry, I meant the dryer"; None where nothing does.

    Without "I meant" only a product does: "no, the dryer".
    """
    said = read_of(text)
    if not is_short(said) or _count(said) > LONGEST_HALF:
        return None
    found = _MEANT.fullmatch(said) or (_INSTEAD.fullmatch(said) if values else None)
    meant = _what(found)
    return meant if 0 < _count(meant) <= SHORT else None


def points_at_one(text: str) -> bool:
    """Whether a message asks for one of those that were named: "which one is cheaper" says nothing alone."""
    return _ONE_OF_THEM.search(text) is not None


def follows(text: str) -> bool:
    """Whether a message may need the one before it, or its last clause may: "pity. and if it won't fit?"."""
    if not is_short(text):
        return False
    said = _LEADS_IN.sub("", read_of(text), count=1)
    if _is_half(said) or concludes(text):
        return True
    clauses = [clause for clause in _CLAUSES.split(said) if _WORD.search(clause)]
    return len(clauses) > 1 and _is_half(clauses[-1].strip())


def is_short(text: str) -> bool:
    """Whether a message may belong to what is open or was said last at all: a longer one is a story."""
    said = _LEADS_IN.sub("", read_of(text), count=1)
    return len(said) <= LONGEST_QUESTION and 0 < _count(said) <= LONGEST_REMARK


def concludes(text: str) -> bool:
    """Whether a message checks what was understood: "so until Monday basically", "it's too late then I suppose"."""
    said = read_of(text)
    if not is_short(said) or not FEWEST_CONCLUDING <= _count(said) <= LONGEST_HALF + 1 or _SETTLED.search(said):
        return False
    if not (_SO.match(said) or _IS_SUPPOSED.search(said)):
        return False
    return not has_shape_of_question(_SO.sub("", said).rstrip("?! "))


def _is_half(said: str) -> bool:
    """Whether it points, it continues, or it is a question of a few words."""
    words = _count(said)
    if not words or words > LONGEST_HALF:
        return False
    if opens_like_one(said) or (words > 1 and _CONTINUES.search(said)) or points_at_one(said):
        return True
    return has_shape_of_question(said) and (words <= SHORT or _REFERS.search(said) is not None)


def _what(found: re.Match[str] | None) -> str:
    """The words that are put in the place of others."""
    return next((words.strip(" ,.!") for words in (found.groups() if found is not None else ()) if words), "")


def _count(said: str) -> int:
    return len(_WORD.findall(said))
