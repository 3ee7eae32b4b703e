"""Where a message could be taken apart: sentence ends, joining words, and words that open a question or a request.

English, and words only: what the clauses mean is for `bot/nlu/wishes/` to weigh. The word lists were written for the
development messages in `benchmarks/wishes_development.txt`.

Each joint is looked at through windows of a fixed width, and only so many joints are looked at: the cost grows with the
message's length and no faster. Of a message whose clauses fit into the windows nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

MOST_CLAUSES = 12
"""More are a letter, not a list of wishes; the weakest joints of a longer message are left alone."""

MOST_JOINTS = 200
"""Joints that are weighed, from the message's beginning on: a row of "and" has more, and no list of wishes has."""

_LONGEST_LEAD = 100
"""Characters of joining words before a clause: "oh and by the way, just one last question: " has 43."""
_LONGEST_CLAUSE = 200
"""Characters of a clause in which a verb or a question mark is looked for, some forty words."""
_LONGEST_WORD_BEFORE = 24
"""Characters before a joint in which a word of :data:`_GOES_ON` stands; none of them is as long."""

_FEWEST_BEFORE_NOTHING = 3
"""Words before a question that nothing announces: "what time do you close" is one question."""

Joint = Literal["addition", "line", "question", "sentence", "and", "comma", "colon", "bare"]
"""What stands before a clause, from the strongest sign of something new to the weakest: a word that announces more
("also", "another thing"), a line break, a question mark, another sentence's end, "and", a comma, a colon or dash,
nothing at all."""

_Outset = tuple[int, Joint]

JOINTS: tuple[Joint, ...] = ("addition", "line", "question", "sentence", "and", "comma", "colon", "bare")
STRONG: frozenset[Joint] = frozenset({"addition", "line", "question", "sentence"})

Act = Literal["question", "request", "statement"]
"""What a clause does, by the way it begins and ends."""

Opening = Literal["main", "embedded", "request", "self", "other", "none"]
"""How a clause begins: a question ("how do I"), a question inside another ("where it is"), a request, "I" or "we",
another subject, none of these."""

_CASE = re.IGNORECASE
_AND = r"and|&|\+|/|n|but"
_ADDITION = (
    r"also|plus|additionally|furthermore|besides|moreover|secondly|thirdly|lastly|finally|separately|unrelated(?:ly)?"
    r"|as well as|on top of (?:that|this)|in addition|apart from that|other than that|after that"
    r"|(?:and |oh |just ){0,3}(?:another|one (?:more|other|last|final|further)"
    r"|(?:a |my )?(?:second|third|last|final|other|further|next))"
    r" (?:thing|question|query|issue|point|request|one|matter)s?(?: (?:is|was|would be|i have|i had))?"
    r"|by the way|btw|on another note|on a different note|different (?:question|topic|subject)"
    r"|while (?:i'?m (?:here|at it|on)|you'?re (?:at it|there|on)|i have you|i'?ve got you)"
    r"|before i (?:forget|go)|p\.?s\.?|if (?:so|not)|then again|(?:and )?then|oh"
    r"|(?:first|second|third)(?:ly)?(?=[ ,:])"
)
_COURTESY = r"ok|okay|so|now|well|sorry"

_QUESTION = re.compile(
    r"(?:how(?:'?s)?|what(?:'?s)?|when(?:'?s)?|where(?:'?s)?|which|who(?:'?s|se)?|why"
    r"|(?:do|does|did|can|could|is|are|am|will|would|should|have|has|may|shall|isn'?t|aren'?t|don'?t|can'?t|won'?t)"
    r"(?= (?:i|you|u|we|he|she|it|they|there|this|that|the|my|your|our|someone|somebody|anyone|anybody)\b)"
    r"|any (?:chance|idea|ideas|tips|way|discount)|whether)\b",
    _CASE,
)
_REQUEST = re.compile(
    r"(?:to (?:find out|know|ask|check|see)"
    r"|please|pls|plz|kindly|(?:i|we)(?:'d| would|d)? (?:also |really |just )?(?:like|love|want|need|wish)"
    r"|(?:i|we)(?: was|'m| am|'re| are| were) (?:also |just )?"
    r"(?:hoping|wondering|after|looking for|looking to|trying to)"
    r"|(?:i|we)(?:'d| would|d) (?:also )?(?:appreciate|rather)|need|want|looking for|let me|let us|lets|let's"
    r"|(?:tell|show|send|give|get|help|book|cancel|change|track|check|find|look|move|stop|remove|delete|update|order"
    r"|arrange|return|collect|refund|replace|swap|exchange|put|sign|call|ring|email|explain|confirm|make|reset|add"
    r"|take|pick|deliver|fix|repair|reschedule|speak|talk))\b",
    _CASE,
)
_MAIN_QUESTION = (
    r"(?:how|what|where|when|why|who|which)(?:'?s| (?:is|are|was|do|does|did|can|could|will|would|should|much|long|many"
    r"|about|time|if|soon|often|far))"
    r"|(?:do|does|can|could|is|are|will|would|have|has|did) (?:i|you|u|we|they|it|there|the|my|your|someone|anyone)"
)
_MAIN = re.compile(rf"(?:{_MAIN_QUESTION})\b", _CASE)
_AUXILIARY = re.compile(r"(?:is|are|do|does|did|can|could|will|would|should|has|have)\b", _CASE)
_SELF = re.compile(r"(?:i|i'?(?:m|ve|d|ll)|we|we(?:'re|'ve|'d)|my|our)\b", _CASE)
_PERSON = re.compile(
    r"(?:i|we|it|he|she|they|you|there|i'?(?:m|ve|d|ll)|we'?(?:re|ve|d|ll)|you'?(?:re|ve)|it'?s|there's)\b", _CASE
)
_SUBJECT = re.compile(rf"(?:{_PERSON.pattern}|(?:my|our|your|the|this|that|its)\b)", _CASE)
# Without a verb "the parts" is one more thing, not one more clause. The commonest forms are enough.
_VERB = re.compile(
    r"\b(?:is|are|was|were|am|be|been|has|have|had|do|does|did|can|could|will|would|should|must|may|might|need|needs"
    r"|want|wants|keep|keeps|kept|came|come|comes|went|go|goes|gone|got|get|gets|broke|fell|left|said|says|stopped"
    r"|makes|made|took|looks|works|leaks|smells|beeps|costs|fits|won't|\w+n't|\w+ed)\b|\w'(?:s|ve|re|ll|d)\b",
    _CASE,
)
# Words behind which a question word, "also" or "then" goes on with the clause: "tell me how", "I also", "at first".
_GOES_ON = re.compile(
    r"(?:^|[^\w'])(?:know|tell|me|us|ask|see|check|wondering|wonder|sure|out|explain|understand|say|says|said|told|idea"
    r"|about|of|to|on|at|in|for|with|is|was|are|be|i|we|you|it|they|he|she|and|if|that|but|or|can|could|would|will|do"
    r"|does|did|should|have|has|not|i'd|we'd|i've|i'm|by|than|as|from|which|what|how|when|where|who|why|just|since|even"
    r"|only|so|because|until|till|the|a|my)$",
    _CASE,
)
# "Come and fix it" is one thing to do; "come and I'd like to know" is two.
_COMES = re.compile(r"\b(?:come|coming|pop|drop)(?: (?:out|over|round|around|by|in|here))?$", _CASE)
_MAY_GO_ON = re.compile(r"(?:also|then|first|second|third|last|finally|oh|as well)\b", _CASE)
# A colon behind these introduces the wish itself: "I have a question about delivery: …".
_INTRODUCES = re.compile(
    r"\b(?:(?:question|query|problem|issue)s?(?: (?:about|on|with|for)\b[^.?!]*)?"
    r"|questions?|this|these|following|things?|problem|issue|is|know|namely)\s*$",
    _CASE,
)
# "If I order now, will it be here": the comma stands inside one sentence.
_SUBORDINATE = re.compile(
    r"(?:if|before|after|once|since|because|as|while|although|though|unless|until|whenever|now that"
    r"|when (?:you|i|we|the|my|your|it|they|he|she|this)|what (?:i|we)(?:'d|'ve| want| need| would)?)\b",
    _CASE,
)
_RELATIVE = re.compile(
    r"(?:which|who|whose|where|when) (?:i|you|we|it|they|he|she|the|my|is|was|are|were|has|had)\b(?![^.?!]*\?)", _CASE
)
# A joint: punctuation or a joining word, with the white space around it. Full stops inside numbers, web addresses and
# common abbreviations are none.
_JOINT = re.compile(
    r"(?P<line>[ \t]*(?:\n[ \t]*)+)"
    r"|(?P<stop>(?<![\s(]\d)(?<!^\d)(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)(?<!\be\.g)(?<!\bi\.e)(?<!\bno)[.!?…]+[)\"']*(?:\s+|$))"
    r"|(?P<colon>\s*[;:]\s+|\s+[-\u2013\u2014]\s+)"
    rf"|(?P<and>\s*,?\s+(?:{_AND})\s+)"
    r"|(?P<comma>\s*,\s+)"
    rf"|(?P<addition>\s+(?=(?:{_ADDITION})\b))"
    rf"|(?P<bare>\s+(?=(?:{_MAIN_QUESTION}|please \w+ \w+|(?:i|we) (?:also )?(?:need|want|cannot|can't)|i'd like)\b))",
    _CASE,
)
# What joins a clause to the one before it, and belongs to neither; also numbering: "1.", "2)", "a)".
_MARKS = r"\s.!?…)\"',;:\u2013\u2014\-"
_LEAD = re.compile(
    rf"[{_MARKS}]*(?:(?:(?:{_AND}|{_ADDITION}|{_COURTESY})\b|&|/|\+|[•*]|\(?\d[.)](?=\s)|[ab]\))[\s,:;.\u2013\u2014-]*)*",
    _CASE,
)
_ANNOUNCED = re.compile(rf"[{_MARKS}&+]*(?:(?:{_AND}|{_COURTESY})\b[\s,]*)*(?:{_ADDITION})\b|\s*\(?[2-9][.)]\s", _CASE)
_NUMBERED = re.compile(r"[\s.!?,;]*(?:\(?[2-9][.)]\s|second|third|lastly|finally)", _CASE)
_WITH_AND = re.compile(r"[\s.!?…;,]*(?:and|&|but|oh)\b", _CASE)
_SAYS_ALSO = re.compile(r"\b(?:also|as well|too|another|separately|(?:second(?:ly)?|other) question)\b", _CASE)
_COUNTS_WISHES = re.compile(
    r"\b(?:two|three|2|3|few|couple of|several|some) (?:quick |short |other )?"
    r"(?:questions|things|queries|issues|problems|requests|points)\b",
    _CASE,
)
_PLEASE = re.compile(r"\bplease\b", _CASE)
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?,;:\n]")


# Openings with which something is told, even before a question mark: "the fridge is warm, could somebody come?"
_TELLING: frozenset[Opening] = frozenset({"self", "other", "none"})


@dataclass(frozen=True)
class Clause:
    """A stretch of a message: ``[start, end)`` without what joins it to the one before."""

    start: int
    end: int
    outset: int
    """Where the joining words begin; the clause before it ends there or earlier."""
    joint: Joint
    announced: bool
    """Whether its first words say that something more comes ("also", "2.")."""
    numbered: bool
    """Whether it is counted ("2.", "secondly")."""
    with_and: bool
    """Whether a new sentence begins with "and"."""
    act: Act
    opening: Opening


def clauses_of(
    text: str, affordable: Callable[[tuple[Clause, ...]], bool] = lambda clauses: True
) -> tuple[Clause, ...]:
    """Take a message apart at every joint where a wish could begin; a text without a word gives one clause.

    Where there are too many clauses, or ``affordable`` says that they cost too much, the weakest joints are left alone.
    """
    outsets = _outsets(text)
    # The weakest go first, and of equally weak ones the earliest.
    weakest = sorted(outsets[1:], key=lambda outset: (-JOINTS.index(outset[1]), outset[0]))
    too_many = max(0, len(outsets) - MOST_CLAUSES)
    clauses = _taken_apart(text, outsets, weakest[:too_many])
    while not affordable(clauses) and too_many < len(weakest):
        too_many += 1
        clauses = _taken_apart(text, outsets, weakest[:too_many])
    return clauses


def _outsets(text: str) -> list[_Outset]:
    """Where clauses could begin, and what joins each to the one before."""
    outsets: list[_Outset] = [(0, "line")]
    for match in islice(_JOINT.finditer(text), MOST_JOINTS):
        joint = _kind(match)
        last, stronger = outsets[-1]
        if _within(joint, text, last, match):
            continue
        # A joint right behind another is one joint; the stronger names it ("…? And", ", also").
        if _WORD.search(text, _lead_end(text, last, match.start()), match.start()):
            outsets.append((match.start(), joint))
        elif len(outsets) > 1:
            outsets[-1] = (last, min(stronger, joint, key=JOINTS.index))
    if len(outsets) > 1 and not _WORD.search(text, _lead_end(text, outsets[-1][0], len(text))):
        outsets.pop()
    return outsets


def _taken_apart(text: str, outsets: Sequence[_Outset], left_alone: Sequence[_Outset]) -> tuple[Clause, ...]:
    kept = sorted(set(outsets).difference(left_alone))
    ends = [*(outset for outset, _ in kept[1:]), len(text)]
    return tuple(_clause(text, outset, end, joint) for (outset, joint), end in zip(kept, ends, strict=True))


def asks_in_a_clause(text: str) -> bool:
    """Whether any clause of the message is a question, with its mark or without: "it leaks, can you send somebody"."""
    return any(clause.act == "question" for clause in clauses_of(text))


def tells_and_asks(text: str) -> bool:
    """Whether a message tells something and asks something: "it leaks, can you send somebody?"."""
    return asks_in_a_clause(text) and bool(told_in(text))


def told_in(text: str) -> str:
    """The clauses that tell something, without those that only ask or request; empty where there is none."""
    told = [clause for clause in clauses_of(text) if clause.act == "statement" or clause.opening in _TELLING]
    return " ".join(text[clause.start : clause.end].rstrip(" ,;") for clause in told)


def says_also(clause: str) -> bool:
    """Whether the clause itself says that it is one wish among several ("I'd also like", "… as well")."""
    return bool(_SAYS_ALSO.search(clause))


def counts_wishes(text: str) -> bool:
    """Whether the message says how many it is about: "two questions", "a few things"."""
    return bool(_COUNTS_WISHES.search(text))


def words_in(text: str) -> int:
    """How many words a text has."""
    return sum(1 for _ in _WORD.finditer(text))


def first_words(text: str, count: int) -> tuple[str, ...]:
    """The first words of a clause, lower case, without what joins it."""
    found = islice(_WORD.finditer(text, _lead_end(text, 0, len(text))), count)
    return tuple(word.group().lower().replace("\u2019", "'") for word in found)


def without_lead(text: str) -> str:
    """A clause without the marks and words that join it to what stands before."""
    return text[_lead_end(text, 0, len(text)) :]


def _lead_end(text: str, start: int, end: int) -> int:
    """Where the joining words of ``text[start:end]`` end."""
    found = _LEAD.match(text, start, min(end, start + _LONGEST_LEAD))
    return found.end() if found else start


def _kind(match: re.Match[str]) -> Joint:
    if match.lastgroup == "stop":
        return "question" if "?" in match.group() else "sentence"
    return match.lastgroup  # type: ignore[return-value]  # the other groups are named as joints are


def _within(joint: Joint, text: str, last: int, match: re.Match[str]) -> bool:
    """Whether a weak joint only goes on with the clause before it: a list, a second verb, a subordinate clause.

    The clause before it begins at ``last``.
    """
    if joint in ("line", "question", "sentence"):
        return False
    start = match.start()
    rest = text[match.end() : match.end() + _LONGEST_LEAD + _LONGEST_CLAUSE]
    if joint == "addition":
        return _goes_on(text, last, start) and bool(_MAY_GO_ON.match(rest))
    if joint == "and" and _COMES.search(text[max(last, start - _LONGEST_WORD_BEFORE) : start]):
        return not (_SUBJECT.match(rest) or _QUESTION.match(rest))
    if joint == "bare":
        return _goes_on(text, last, start) or _words_before(text, last, start) < _FEWEST_BEFORE_NOTHING
    if joint == "colon":
        return not _opens(rest) or bool(_INTRODUCES.search(text[max(last, start - _LONGEST_CLAUSE) : start]))
    return not _opens(rest) or _is_subordinate(text, last, start) or bool(_RELATIVE.match(rest))


def _goes_on(text: str, last: int, start: int) -> bool:
    return bool(_GOES_ON.search(text[max(last, start - _LONGEST_WORD_BEFORE) : start]))


def _words_before(text: str, last: int, start: int) -> int:
    """How many words the clause has so far; no more are counted than are asked for."""
    found: Iterator[re.Match[str]] = _WORD.finditer(text, _lead_end(text, last, start), start)
    return sum(1 for _ in islice(found, _FEWEST_BEFORE_NOTHING))


def _is_subordinate(text: str, last: int, start: int) -> bool:
    begun = _SUBORDINATE.match(text, _lead_end(text, last, start), start)
    return begun is not None and text.find("?", begun.end(), start) < 0


def _opens(rest: str) -> bool:
    """Whether what follows could begin a wish of its own: a question, a request, or a subject with its verb."""
    bare = without_lead(rest)
    if _QUESTION.match(bare) or _REQUEST.match(bare) or (_ANNOUNCED.match(rest) and _AUXILIARY.match(bare)):
        return True
    if not _SUBJECT.match(bare):
        return False
    return bool(_PERSON.match(bare) or _VERB.search(_SENTENCE_END.split(bare, maxsplit=1)[0]))


def _clause(text: str, outset: int, end: int, joint: Joint) -> Clause:
    stretch = text[outset:end]
    bare = without_lead(stretch)
    start = end - len(bare)
    asks = bare.rstrip().endswith("?") or text[end : end + 2].lstrip().startswith("?")
    return Clause(
        start=start,
        end=start + len(bare.rstrip()),
        outset=outset,
        joint=joint,
        announced=outset > 0 and bool(_ANNOUNCED.match(stretch)),
        numbered=outset > 0 and bool(_NUMBERED.match(stretch)),
        with_and=joint not in ("and", "comma") and bool(_WITH_AND.match(stretch)),
        act=_act(bare, asks),
        opening=_opening(bare),
    )


def _act(bare: str, asks: bool) -> Act:
    if asks or _QUESTION.match(bare):
        return "question"
    return "request" if _REQUEST.match(bare) or _PLEASE.search(bare) else "statement"


def _opening(bare: str) -> Opening:
    if _MAIN.match(bare):
        return "main"
    if _QUESTION.match(bare):
        return "embedded"
    if _REQUEST.match(bare):
        return "request"
    if _SELF.match(bare):
        return "self"
    return "other" if _SUBJECT.match(bare) else "none"
