"""What a message says no to, and what is left of it: "I don't want a technician, I want my money back".

English. Only a clause that says no to a wish or to a subject is found: "I don't need …", "please don't …", "it's not
about …". Faults say no as well ("it doesn't heat", "I can't log in"), and begin otherwise. What a clause rules out is
said the other way round ("I want a technician"), for the intents to read: whether that was a wish of any kind is theirs
to say (:func:`weighed`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from bot.contract.names import COURTESIES
from bot.nlu.intents.classifier import Reading
from bot.nlu.reading.rewritten import Edit, Rewritten

MOST_CLAUSES = 24
"""Clauses that are looked at, from the message's beginning on."""
MOST_RULED_OUT = 3
"""Things that one message rules out; each is read by itself."""
_LONGEST = 160
"""Characters of a clause that are looked at."""
_MARKS = " \t\n,;:-\u2013\u2014"
_FEWEST_LEFT = 2
"""Words without which what is left says nothing: "thanks" behind "no technician"."""

SURE = 0.5
"""How probable the reading must be of what is ruled out."""
SAME = 0.6
"""From here on what is left is surely the same wish: another day, another product, another person for it."""

Kind = Literal["act", "thing", "subject", "plain no", "changed"]
"""What may be ruled out: something to be done; a thing to be had; a subject to be talked about; what is not there or
not being done ("no technician", "no power"), which is often a fault; and what was wanted before ("I don't need the
engineer any more")."""

_CASE = re.IGNORECASE
_LEAD = (
    r"(?:(?:please|pls|no|nope|sorry|hi|hello|hey|hiya|well|actually|so|ok|okay|look|honestly|listen|just|and|but|oh"
    r"|to be clear|for now|thanks|thank you|also|as i said|again)[\s,]+){0,4}"
)
_ADVERB = r"(?:really|just|definitely|actually|certainly|honestly|absolutely|currently|even|necessarily|particularly)"
_DONT = r"(?:do\s+not|don'?t|did\s+not|didn'?t|would\s+not|wouldn'?t|does\s+not|doesn'?t|never)"
_AM_NOT = (
    r"(?:(?:am|are|was|were|'m|m|'re|is|'s)\s+not|wasn'?t|weren'?t|aren'?t|isn'?t|ain'?t|(?:'ve|have)\s+not\s+been)"
)

# Each says no and names what is ruled out, from where its match ends.
_OPENERS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    # "I'm not asking about", "I don't mean", "it isn't about": a subject.
    (
        "subject",
        re.compile(
            rf"{_LEAD}(?:(?:i|we)\s*{_AM_NOT}\s+(?:{_ADVERB}\s+)?(?:asking|talking|writing|calling|enquiring|inquiring"
            rf"|here|bothered|worried|messaging|contacting\s+you)(?:\s+(?:you|here|today))?(?:\s+(?:about|for|over))?"
            rf"|(?:i|we)\s+{_DONT}\s+(?:{_ADVERB}\s+)?(?:mean|meant|ask|asked)(?:\s+(?:you|about|for))*"
            rf"|(?:it|this|that)\s*(?:is\s*n'?t|'s\s*not|s\s+not|is\s+not|ain'?t)\s+(?:{_ADVERB}\s+)?"
            rf"(?:(?:a|any|my|the)\s+(?:question|query|issue|matter|problem)\s+)?"
            rf"(?:about|regarding|concerning|to\s+do\s+with)"
            rf"|not\s+(?:asking|talking|(?:a\s+question\s+)?about)(?:\s+(?:about|for))?"
            rf"|(?:never\s*mind|forget)(?:\s+about)?)\s+(?=\w)",
            _CASE,
        ),
    ),
    # "It's not the delivery I'm asking about", "it's not that I want to return it".
    (
        "subject",
        re.compile(
            rf"{_LEAD}(?:it|this|that)\s*(?:is\s*n'?t|'s\s*not|s\s+not|is\s+not)\s+(?:that\s+|so\s+much\s+)?"
            rf"(?=[^,.;]*\b(?:(?:i'?m|i\s+am|we'?re|i|we)\s+(?:asking|want|need|mean|after|interested|worried|calling)"
            rf"|that\s+(?:bothers|worries|concerns|annoys)\s+(?:me|us)\b))",
            _CASE,
        ),
    ),
    # "I don't want", "we are not looking for", "no need for": a thing or something to be done.
    (
        "thing",
        re.compile(
            rf"{_LEAD}(?:(?:(?:i|we)\s+)?(?:{_ADVERB}\s+)?{_DONT}\s+(?:{_ADVERB}\s+)?"
            rf"(?:want|need|wish|require|like|fancy|intend|plan)"
            rf"(?:ed)?(?:\s+for)?|(?:i|we)(?:'d|\s+would|d)\s+(?:rather|prefer)\s+not(?:\s+to)?"
            rf"|(?:i|we)\s*{_AM_NOT}\s+(?:{_ADVERB}\s+)?(?:after|looking\s+(?:for|to)|trying\s+to|wanting"
            rf"|interested\s+in"
            rf"|going\s+to|planning\s+(?:to|on)|expecting)"
            rf"|(?:i|we)\s+have\s+no\s+(?:interest|wish|intention)(?:\s+(?:in|for|of|to))?"
            rf"|(?:i|we)(?:\s+{_DONT}|\s+(?:have\s*n'?t|have\s+not|had\s*n'?t)|'ve\s+not)"
            rf"\s+ask(?:ed)?\s+(?:you\s+)?(?:for|to)"
            rf"|(?:there'?s?\s+|there\s+is\s+)?(?:really\s+)?no\s+(?:need|point)\s+(?:for|to|in)|not?\s+necessary\s+to"
            rf"|you\s+(?:really\s+)?(?:don'?t|do\s+not|needn'?t)(?:\s+(?:need|have))?\s+to"
            rf"|not\s+(?:after|looking\s+(?:for|to)|interested\s+in|wanting|trying\s+to|asking\s+for))\s+(?=\w)",
            _CASE,
        ),
    ),
    # "Don't cancel my order", "stop trying to book me an engineer", "without booking a technician".
    (
        "act",
        re.compile(
            rf"{_LEAD}(?:(?:please\s+)?(?:do\s+not|don'?t|never)"
            rf"(?:\s+(?:you\s+)?(?:even|just|bother\s+to|try\s+to|go\s+and))?"
            rf"(?!\s+(?:you|i|we|they|worry|know|think|understand|mind|care|forget|get|see|have|want|need|be"
            rf"|tell\s+me\s+(?:that|it)"
            rf"|bother\b(?!\s+to)))|(?:please\s+)?stop\s+trying\s+to)\s+(?=\w)",
            _CASE,
        ),
    ),
    ("plain no", re.compile(rf"{_LEAD}without\s+(?=\w+ing\b)", _CASE)),
    # "I'm not returning it", "I won't be sending it back".
    (
        "plain no",
        re.compile(
            rf"{_LEAD}(?:i|we)(?:\s*{_AM_NOT}|\s+(?:won'?t|will\s+not)\s+be)\s+(?:{_ADVERB}\s+)?(?=\w+ing\b)", _CASE
        ),
    ),
    # "Not a return, an exchange", "no technician please".
    ("thing", re.compile(rf"{_LEAD}not\s+(?=(?:a|an|the|my|any)\s)", _CASE)),
    ("plain no", re.compile(r"(?:(?:please|so|ok|okay|and|but|sorry)[\s,]+){0,2}no\s+(?:more\s+)?(?=\w{4})", _CASE)),
)
# Inside a sentence: what stands behind is ruled out up to where the sentence goes on.
_INSTEAD = re.compile(
    r"(?<![\w'])(?:rather\s+than|instead\s+of|in\s+place\s+of|as\s+opposed\s+to)\s+(?=\w)"
    r"|,\s+(?:and\s+)?not\s+(?=(?:a|an|to)\s)",
    _CASE,
)
_GOES_ON = re.compile(
    r"[,.!?;\n]|\s+(?:please|i|i'd|id|i'm|we|we'd|can|could|would|is|are|do|does|how|what|when|where|may|my|it)\b",
    _CASE,
)
_JOINT = re.compile(
    r"\s*[.!?;\n]+\s*|\s*,\s+(?:but\s+|and\s+|so\s+)?|\s+[-\u2013\u2014]+\s+|\s+but\s+(?:rather\s+)?"
    r"|\s+and\s+(?=(?:i|we|please|just|can|could)\b)"
    r"|(?<=\bme)\s+(?=it'?s\s+(?:that\s+)?the\b)"
    r"|(?<!that)(?<!what)(?<!when)(?<!which)(?<!\bif)(?<!\ball)(?<!why)(?<!because)\s+"
    r"(?=(?:just\s+(?!about|now)\w+|(?:i|we)\s+(?:just|only|want|need|would)\b|i'd\b|we'd\b"
    r"|(?:i'?m|we'?re)\s+(?:asking|looking|calling|writing)\s+for\b|what\s+i\s+(?:want|need)))",
    _CASE,
)
# A change of mind about what there is ("I don't need him any more"), or a hope: wishes themselves.
_CHANGED = re.compile(
    r"\b(?:any\s*more|any\s*longer|no\s+longer|after\s+all|again|yet\s+another|until|till|unless|only|just\s+yet)\b",
    _CASE,
)
_TO_ITSELF = re.compile(r"(?:it|this|that|them|these|those|one|any|to)\b(?:\s+any\s*more|\s+now)?\W*$", _CASE)
"""Nothing but a pronoun: "I don't want it" is about a thing that the customer has."""
_THING = re.compile(r"(?:a|an|the|any|another|my|your|some)\s+(?:[\w'-]+\s*){1,4}\W*$", _CASE)
_FOR_THAT = re.compile(
    r"\s+that\s+(?:bothers|worries|concerns|annoys)\s+(?:me|us)\b.*"
    r"|\s+(?:i'?m|i\s+am|we'?re|we\s+are|i|we)\s+(?:asking|asked|calling|mean|after|interested|worried|want|need)\b.*",
    _CASE,
)
_COURTESY = re.compile(
    r"(?:[\s,]+(?:thanks|thank\s+you|please|cheers|for\s+now|at\s+the\s+moment|today|right\s+now|yet|sorry))+\W*$",
    _CASE,
)
_DOING = re.compile(r"\w+ing\b", _CASE)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_EMPTY = frozenset(
    {"please", "thanks", "thank", "you", "no", "yes", "hi", "hello", "ok", "okay", "sorry", "but", "and", "so", "just"}
    | {"well", "cheers", "now", "ta", "hey", "actually", "very", "much", "a", "the", "it", "hiya"}
)


@dataclass(frozen=True)
class RuledOut:
    """One thing that a message says no to: ``text[start:end]``, and the same said the other way round."""

    start: int
    end: int
    wish: str
    kind: Kind


@dataclass(frozen=True)
class Contrast:
    """What a message rules out, and the message without it."""

    ruled_out: tuple[RuledOut, ...]
    left: Rewritten

    @property
    def is_all(self) -> bool:
        """Whether the message only rules out."""
        says = [word for word in _WORD.findall(self.left.text.lower()) if word not in _EMPTY]
        return not says or len(_WORD.findall(self.left.text)) < _FEWEST_LEFT


@dataclass(frozen=True)
class Weighed:
    """The intents that a message rules out, and how the message is read then."""

    intents: tuple[str, ...]
    reads: Literal["left", "whole", "nothing"]
    """What is left of it; all of it, where that is not about what is ruled out; or nothing, where no more is said."""


def contrast_in(read: Rewritten) -> Contrast | None:
    """Find what a message rules out; None of most messages."""
    text = read.text
    found = sorted([*_clauses_that_rule_out(text), *_parts_that_rule_out(text)], key=lambda each: each.start)
    kept = tuple(islice(_apart(found), MOST_RULED_OUT))
    if not kept:
        return None
    left = read.edited([Edit(each.start, each.end, "") for each in kept])
    begin, end = len(left.text) - len(left.text.lstrip(_MARKS)), len(left.text.rstrip(_MARKS))
    edges = [Edit(0, begin, ""), Edit(end, len(left.text), "")]
    return Contrast(kept, left.edited(edges) if begin < end else Rewritten(""))


def weighed(
    contrast: Contrast,
    wishes: Sequence[Sequence[Reading]],
    whole: Sequence[Reading],
    left: Sequence[Reading],
    acts: Collection[str],
    said_with_no: Collection[str],
) -> Weighed | None:
    """Say which intents are ruled out, by how its wishes, the whole message and what is left of it were read.

    ``acts`` are the intents by which something is done, ``said_with_no`` those that are themselves said by a no. None
    where the message is to be read as it stands.
    """
    about = _best(whole)
    if about.name in said_with_no and about.confidence >= SURE:
        return None
    found = [
        best.name
        for ruled_out, best in zip(contrast.ruled_out, map(_best, wishes), strict=True)
        if best.confidence >= SURE
        and best.name not in said_with_no
        and best.name not in COURTESIES
        and _is_ruled_out(ruled_out, best.name, about.name, acts, _best(left))
    ]
    if not found:
        return None
    intents = tuple(dict.fromkeys(found))
    rest = _best(left)
    if contrast.is_all:
        return Weighed(intents, "nothing")
    if rest.name in intents and rest.confidence >= SAME:
        return None
    if about.name not in intents and about.confidence >= SURE and (rest.confidence < SURE or rest.name in COURTESIES):
        return Weighed(intents, "whole")
    if rest.name in COURTESIES and rest.confidence >= SURE:
        return Weighed(intents, "nothing") if acts_only(intents, acts) else None
    return Weighed(intents, "left")


def acts_only(intents: Collection[str], acts: Collection[str]) -> bool:
    """Whether all of them are something to be done."""
    return all(name in acts for name in intents)


def _best(readings: Sequence[Reading]) -> Reading:
    return readings[0] if readings else Reading("", 0.0)


def _is_ruled_out(ruled_out: RuledOut, intent: str, whole: str, acts: Collection[str], left: Reading) -> bool:
    if ruled_out.kind == "changed":
        return intent in acts and whole == intent
    if intent in acts or ruled_out.kind in {"subject", "act"}:
        return True
    if ruled_out.kind == "thing" and left.confidence >= SURE and left.name != intent:
        return True
    return ruled_out.kind == "thing" and _THING.search(ruled_out.wish.removeprefix("I want ")) is not None


def _clauses_that_rule_out(text: str) -> Iterator[RuledOut]:
    for start, end, joint_end in _clauses(text):
        clause = text[start : min(end, start + _LONGEST)]
        for kind, opener in _OPENERS:
            match = opener.match(clause)
            if match is None:
                continue
            wish = _COURTESY.sub("", clause[match.end() :]).strip(" ,.!?;")
            if wish and not _TO_ITSELF.match(wish):
                changed = _CHANGED.search(wish)
                wish = _said_as_wish(wish[: changed.start()].strip() if changed else wish, match.group(), kind)
                yield RuledOut(start, joint_end, wish, "changed" if changed else kind)
            break


def _clauses(text: str) -> Iterator[tuple[int, int, int]]:
    """Where each clause begins and ends, and where the joint behind it ends."""
    start = 0
    for match in islice(_JOINT.finditer(text), MOST_CLAUSES):
        if match.start() > start:
            yield start, match.start(), match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text), len(text)


def _parts_that_rule_out(text: str) -> Iterator[RuledOut]:
    for match in islice(_INSTEAD.finditer(text), MOST_RULED_OUT):
        goes_on = _GOES_ON.search(text, match.end() + 1, match.end() + _LONGEST)
        end = goes_on.start() if goes_on is not None else min(len(text), match.end() + _LONGEST)
        wish = text[match.end() : end].strip()
        if match.start() == 0 or text[match.start() - 1].isspace():  # one blank between what stands around it
            end += len(text[end : end + _LONGEST]) - len(text[end : end + _LONGEST].lstrip())
        if wish and not _TO_ITSELF.match(wish):
            yield RuledOut(match.start(), end, _said_as_wish(wish, "", "thing"), "thing")


def _said_as_wish(wish: str, opener: str, kind: Kind) -> str:
    """What is ruled out, as one would say who wants it."""
    wish = _FOR_THAT.sub("", wish)
    if kind == "subject" or _DOING.match(wish):
        return wish
    if kind in {"act", "plain no"}:
        # "No technician" names a thing, "don't cancel it" something to be done.
        return f"I want a {wish}" if re.search(r"\bno\s+(?:more\s+)?$", opener, _CASE) else wish
    says_to = re.search(r"\b(?:to|not)\s+$", opener, _CASE) is not None and not re.match(
        r"(?:a|an|the|my|to)\b", wish, _CASE
    )
    return f"I want to {wish}" if says_to and "not a" not in opener else f"I want {wish}"


def _apart(found: Sequence[RuledOut]) -> Iterator[RuledOut]:
    """Those that do not lie within one before them."""
    last = -1
    for each in found:
        if each.start >= last:
            yield each
            last = each.end
