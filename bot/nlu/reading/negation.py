"""Which of the mentioned values a customer wants: not those that are ruled out ("any day but Monday") or taken back.

English. Each value is read as one sign, :data:`VALUE`, so that a rule is about the words around it and never about the
value. What no rule speaks of is wanted. Days and times are refused in words ("Monday doesn't work") that tell a fault
of anything else ("the oven doesn't work"); such rules are for days and times alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.contract.kinds import DATE, MOMENTS, TIME

Stance = Literal["wanted", "ruled out"]

VALUE = "\ue000"
"""Stands for a value (a code point that Unicode leaves to private use)."""

_BEFORE, _AFTER, _BETWEEN = 80, 60, 80
"""Characters that are looked at: before and behind a value, and between one and its correction."""

_MOST_LISTED = 12
"""Values that are read as one list; more are no list of days, and each would be gone through again for each."""

_CASE = re.IGNORECASE
_SENTENCE = re.compile(r"[.!?;\n]")
_NOT = r"(?:not|never|n't|nt)"
_TO_IT = (
    r"(?:(?:on|in|at|for|by|during|from|with|to|the|a|an|my|our|your|this|that|any|these|those|it|them|me|us|do|have"
    r"|be|is|use|one|new|old|every|next|order|booking|reservation|reference|ref|number|postcode|post|postal|zip|eircode|code|address|e-?mail|phone|mobile|product|early|late|coming"
    r"|called|about)\s+)"
)
"""Words between what rules out and the value: "not on the", "except for my"."""
_DONT = r"(?:do|does|did|would|will|ca|could|can|wo|should)(?:\s*not|n'?t)"
_NEVER_MIND = r"(?:only|just|even|before|until|till|til|after|later|earlier|sooner|sure|necessarily|that|too)"

# What rules out whatever follows.
_RULES_OUT = re.compile(
    rf"(?:(?<![\w'])(?:not|never)\s+(?!{_NEVER_MIND}\b){_TO_IT}{{0,4}}"
    rf"|(?<![\w'])(?:neither|nor)\s+{_TO_IT}{{0,3}}"
    rf"|(?<![\w'])(?:except(?:ing)?|excluding|apart\s+from|aside\s+from|other\s+than|instead\s+of|in\s+place\s+of"
    rf"|rather\s+than|avoid(?:ing)?|skip(?:ping)?|leav(?:e|ing)\s+out|leave\s+off|(?<!n't\s)(?<!not\s)(?<!dont\s)forget(?:\s+about)?"
    rf"|besides|barring|without|as\s+opposed\s+to|under\s+no\s+circumstances)\s+(?:for\s+)?{_TO_IT}{{0,4}}"
    rf"|(?<![\w'])(?:any|every|all|each|other|another|different|else|whatever|whichever)\w*\s+(?:[\w']+\s+){{0,3}}?"
    rf"(?:but|than|from|bar|save)\s+(?:for\s+)?{_TO_IT}{{0,3}}"
    rf"|(?<![\w'])different\s+(?:day|date|time|one|slot)\s+to\s+{_TO_IT}{{0,3}}"
    rf"|(?<![\w'])(?:rather|better|prefer|preferred|different|other|earlier|sooner|later)\b[^.!?;\n]{{0,40}}?\s"
    rf"(?:than|over)\s+{_TO_IT}{{0,3}}"
    rf"|(?<![\w'])(?:have|has|had|got|own)(?:\s*not|n'?t)?\s+(?:got\s+)?no\s+"
    rf"|(?<![\w'])(?:(?:do|does|did)(?:\s*not|n'?t)\s+(?:have|own)|have(?:\s*not|n'?t)\s+got|haven'?t)"
    rf"\s+(?:a|an|any|the|got)\s+(?:an?\s+)?"
    rf"|(?<![\w'])(?:it|that|this|they|which|these|one|number|code|postcode|zip|eircode|address|e-?mail|order|booking|reservation|reference|phone|mobile|day|time)"
    rf"(?:'s)?\s*(?:\s(?:is|was|are|were))?(?:\s+not|n'?t)\s+{_TO_IT}{{0,3}}"
    rf"|(?<![\w'])(?:do|does|did)(?:\s*not|n'?t)\s+(?:mean|meant|say|said|ask\s+for|choose|pick|type|write)"
    rf"\s+{_TO_IT}{{0,3}})$",
    _CASE,
)
_WHY = re.compile(r"(?<![\w'])(?:why|how\s+come|if|unless|in\s+case|whether)\b[^.!?;,\n]*$", _CASE)
# "I can't do any day except …" wants it after all.
_TWICE = re.compile(r"(?<![\w'])(?:no|none|nothing|cannot|never|not|only|\w+n'?t)\b[^.!?;,\n]*$", _CASE)
_BUT = re.compile(
    r"(?<![\w'])(?:except(?:ing)?|excluding|without|apart|aside|other|but|than|from|bar|save|rather|any|every|all|each|else)\b",
    _CASE,
)
_THAN_THAT = re.compile(r"(?:than|from|besides|barring)\s+(?:that|this)\s+$", _CASE)
"""'Other than that, Monday is fine.'"""
_NO_LATER = re.compile(r"(?<![\w'])(?:no|not)\s+(?:later|earlier|sooner|more|less)\s+than\s+(?:\w+\s+){0,2}$", _CASE)

_NOT_THEN = "".join(rf"(?<!{told}\s)" for told in ("did", "has", "have", "had", "was", "were")) + "not"
"""What did not happen on a day rules out no day."""
# What rules out a day or a time that follows.
_REFUSES = re.compile(
    rf"(?:(?<![\w'])(?:i|we|he|she|they|you|there|u)?\s*(?:really\s+|just\s+|also\s+|definitely\s+)?"
    rf"(?:can'?t|cannot|can\s+not|could\s*n'?t|couldn'?t|won'?t|will\s+not|wouldn'?t|am\s+not|are\s+not|aren'?t|'m\s+not"
    rf"|'re\s+not|m\s+not|{_NOT_THEN}|do\s+not|don'?t|never|unable\s+to|please\s+don'?t)\s+"
    rf"(?:really\s+|be\s+|able\s+to\s+|going\s+to\s+|want\s+(?:it|them|you|to|anyone|a\s+\w+)?\s*|like\s+|fancy\s+|need\s+)*"
    rf"(?:do|make|manage|come|be|book|send|deliver|arrange|schedule|take|accept|have|get|free|available|around|about"
    rf"|home|here|there|in|at\s+home|at\s+work|off|work|let|wait\s+in|stay|receive|call|ring|visit|pick|choose|put|give"
    rf"|offer|use|keep|collect|bring|want|like|need)?"
    rf"(?:\s+(?:it|them|you|me|us|anyone|anybody|someone|anything|home|here|there|in|up|around|a\s+\w+|the\s+\w+|free|available|home|out|over|to\s+\w+)){{0,3}}"
    rf"\s+(?:on\s+|in\s+the\s+|in\s+|for\s+|at\s+|the\s+|this\s+|next\s+|a\s+|any\s+){{0,2}}"
    rf"|(?:^|[,\u2014]\s*|(?<!\w)(?:i|we)\s+(?:will\s+be|am|are)\s+|(?<!\w)(?:i|we)?'?(?:m|re|ll\s+be)\s+)"
    rf"(?:(?:both|all|also)\s+)?(?:busy|away|working|out|abroad|tied\s+up|unavailable|on\s+holiday|at\s+work|elsewhere)"
    rf"\s+(?:on\s+|in\s+the\s+|all\s+|the\s+|every\s+|this\s+|next\s+)*"
    rf"|(?<![\w'])(?:i|we)\s+(?:always\s+)?work\s+(?:on\s+|in\s+the\s+)?"
    rf"|(?<![\w'])(?:hate|dislike|can'?t|cannot|won'?t)\s+(?:{_TO_IT}){{0,2}}"
    rf"|(?<![\w'])(?:i|we)(?:\s+have|'ve)\s+(?:got\s+)?work\s+(?:on\s+|in\s+the\s+)?"
    rf"|(?<![\w'])(?:nobody|no[\s-]?one)(?:\s+(?:is|will|can)|'s|'ll)\s+(?:[\w']+\s+){{0,3}}(?:on\s+|in\s+the\s+)?"
    rf"|(?<![\w'])please,?\s+no\s+"
    rf"|(?<![\w'])anything\s+but\s+"
    rf"|(?<![\w'])(?:move|change|switch|swap|reschedule|rearrange|push|shift|bring)\w*\s+(?:[\w']+\s+){{0,5}}?from\s+"
    rf"(?:the\s+)?)$",
    _CASE,
)
_QUESTION_OF_US = re.compile(r"(?<![\w'])(?:can|could|would|will|do|are)(?:'?t|n'?t|\s+not)?\s+(?:you|u|we)\s*$", _CASE)
_SPAN_OF_TIME = re.compile(r"(?<![\w'])(?:before|until|till|til|after|by|than)\s+(?:\w+\s+)?$", _CASE)
# "no mornings"; "no Wednesday" answers a question and wants the day, so it must be more of them.
_NO_MORE_OF = re.compile(r"(?<![\w'])no\s+(?:more\s+)?(?:early\s+|late\s+)?$", _CASE)
_SLOTS = re.compile(r"\s+(?:appointment|visit|slot|deliver|collection|call)\w*", _CASE)

# What is said behind a day or a time that is refused.
_ADVERBS = r"(?:really|just|also|unfortunately|sadly|still|definitely|probably|actually|both|is|are|,)"
_NO_PROBLEM = r"(?!\s+(?:be\s+)?(?:an?\s+|any\s+)?(?:problem|issue|trouble|bother|bad)\b)"
_IS_REFUSED = re.compile(
    rf"s?[\s,]*(?:(?:evening|night|lunchtime)s?\s+)?(?:{_ADVERBS}\s+)*"
    rf"(?:(?:does|do|will|would|wo|ca|can|could)(?:\s*not|n'?t)\s+(?:really\s+)?"
    rf"(?:work|suit|do|be\b|fit|go|happen)\w*{_NO_PROBLEM}"
    rf"|won'?t\b{_NO_PROBLEM}|can'?t\s+(?:work|do|be)|never\s+works"
    rf"|(?:is|are|was|were)(?:\s*not|n'?t)(?!\s+(?:just|only|far|long))\b{_NO_PROBLEM}"
    rf"|(?:'s|'re|s)?\s*not\s+(?:good|great|possible|convenient|ideal|suitable"
    rf"|an\s+option|any\s+good|going\s+to|available|free|ok|okay|fine|for\s+me|me|work|really|happening|so\s+good|again|please)"
    rf"|(?:(?:is|are|'s|'re|would\s+be|will\s+be|was)\s+)?(?:(?:a\s+)?no[\s-]+(?:good|use|way|go|can\s+do)|bad|difficult|tricky|hard|awkward"
    rf"|impossible|inconvenient|unsuitable|out\b(?!\s+of\s+the\s+\w+\s+drum)|off\s+the|too\s+(?:early|late|soon|far|long|short)|the\s+worst|taken|rubbish|terrible)"
    rf"|(?:nobody|no\s*-?one)\s+(?:is|will|can)|(?:i|we)(?:\s+(?:really|just))?\s*(?:can'?t|cannot|can\s+not|won'?t|'m|am|'re|are|have\s+to|'ve\s+got|work|'ll\s+be)"
    rf"(?!\s*(?:wait\b|free|available|fine|happy|ok|okay|in\b|(?:at\s+)?home|here|there|around|always|all\s+day|off\s+work|good|[^.!?]*\b(?:others?|else|another)\b|(?:\w+\s+)?(?:before|until|till|after|from)\b))"
    rf"|\??\s*(?:no(?:pe)?|nah)(?=\s*(?:$|[.,;!?]|\u2014|-\s|wait|sorry|not)))",
    _CASE,
)
_PLURAL = re.compile(
    r"s?[\s,]*(?:both\s+)?(?:don'?t|do\s+not|aren'?t|are|won'?t|can'?t|i\s|we\s|'re|i'|both|no\b|not\b|impossible)",
    _CASE,
)
_IS_WRONG = re.compile(
    r"[\s,]*(?:(?:is|was|'s)\s+(?:wrong|incorrect|a\s+typo|a\s+mistake|out\s+of\s+date|(?:an?|my|the|our)\s+old"
    r"|not\s+(?:right|correct|mine|it|my|the|ours|valid)|no\s+longer)|isn'?t\s+(?:right|correct|mine|it|my|the)"
    r"|wasn'?t\s+(?:right|correct|it))",
    _CASE,
)
_IS_FINE = re.compile(
    r"s?[\s,]*(?:(?:would|will|is|are|'s|could|might)\s+(?:be\s+)?(?:fine|good|great|ok|okay|perfect|better|best)"
    r"|works?\b|suits?\b|please\b|instead\b|(?:is|are)\s+(?:fine|ok)|yes\b)",
    _CASE,
)
_IF = re.compile(r"(?<![\w'])(?:if|unless|in\s+case|whether)\s+(?:\w+\s+){0,2}$", _CASE)

# Between a value and the one that takes its place: only such words, and one of the second line among them.
_CORRECTS = re.compile(
    rf"s?(?:[\s,.;:!?\u2014\u2026(){VALUE}-]|\b(?:"
    r"sorry|wait|actually|scratch|scrap|oops|whoops|correction|mistake|typo|wrong|meant|mean|rather|no|nope|hang|hold"
    r"|instead|pardon|ignore|forget|apologies|incorrect|changed|make|let's|lets|"
    r"on|and|or|but|oh|ah|um|uh|er|erm|hmm|i|it|it's|its|is|was|that|that's|this|should|be|been|have|say|better|please|the|in"
    r"|at|to|a|an|my|our|not|for|one|then|number|order|booking|reservation|reference|ref|phone|mobile|postcode|postal|zip|eircode|code|address|e-?mail|right|correct|well|yes|sec|second|minute|god"
    r"|a|of|just|my|mind|bad|of|course|with|we|can|you|do|read|typed|want|need|would|i'd|like|go|new"
    r")\b){1,40}",
    _CASE,
)
_TAKES_BACK = re.compile(
    r"\b(?:sorry|wait|actually|scratch|scrap|oops|whoops|correction|mistake|typo|wrong|incorrect|i\s+meant?|or\s+rather|nope|no"
    r"|hang\s+on|hold\s+on|pardon|ignore|forget|apologies|changed\s+my\s+mind|make\s+(?:it|that)|my\s+bad)\b",
    _CASE,
)
_CHANGES = re.compile(
    r"(?<![\w'])(?:change|move|switch|swap|replace|reschedule|rearrange)\w*\s+(?:[\w']+\s+){0,4}?$", _CASE
)
_INTO = re.compile(r"\s*(?:to|for|with|into|by)\s+(?:the\s+|a\s+|my\s+|be\s+)?", _CASE)
_INSTEAD = re.compile(r"\s*(?:please\s+)?instead\b(?!\s+of)", _CASE)
_PREFERS = re.compile(r"(?<![\w'])prefer\w*\s+(?:[\w']+\s+)?$", _CASE)

_TAKES_UP = re.compile(
    rf"(?:actually|wait|ok(?:ay)?|then|make\s+it|go\s+(?:for|with)|stay\s+with|keep|at)[,\s]+{_TO_IT}{{0,3}}$", _CASE
)

# Between the members of one list, and between a day and its hour.
_LIST = re.compile(rf"s?\s*(?:,|/|,?\s*(?:or|nor|and|&)(?:\s+{_NOT})?)\s*{_TO_IT}{{0,2}}", _CASE)
_LINKS = re.compile(r"\b(?:or|nor|and)\b|[&/]", _CASE)
_HOUR_OF_DAY = re.compile(r"\s*(?:in\s+the\s+|at\s+|around\s+|the\s+)?", _CASE)


@dataclass(frozen=True)
class Mentioned:
    """A value in a text: ``text[start:end]``, and the name of its entity."""

    name: str
    start: int
    end: int
    value: str = ""
    """What it means, where that is known: a value that was ruled out stays so when it is mentioned again."""
    kind: str = ""
    """What kind of value it is (`bot.contract.kinds`), where its name does not say it."""

    @property
    def is_moment(self) -> bool:
        """Whether it is a day or a time of day."""
        return (self.kind or self.name) in MOMENTS


def stances(text: str, values: Sequence[Mentioned]) -> tuple[Stance, ...]:
    """Say of each value, in the order of the text and none within another, whether it is wanted or ruled out."""
    out = [False] * len(values)
    ahead = [_around(text, values, place) for place in range(len(values))]
    for place, value in enumerate(values):
        before, after = ahead[place]
        if _before_rules_out(before, value.is_moment):
            _spread(text, values, out, place, _IS_FINE)
        if _after_rules_out(before, after, value.is_moment, text[value.end - 1 : value.end + 1]):
            out[place] = True
            _spread_back(text, values, out, place, after)
    _take_back(text, values, out, ahead)
    _stay_out(text, values, out, ahead)
    return tuple("ruled out" if each else "wanted" for each in out)


def _around(text: str, values: Sequence[Mentioned], place: int) -> tuple[str, str]:
    """What stands before and behind a value in its sentence, other values as one sign each."""
    value = values[place]
    begin, end = max(0, value.start - _BEFORE), min(len(text), value.end + _AFTER)
    before, after = [], []
    last = value.start
    for other in reversed(values[max(0, place - 4) : place]):
        if other.end <= begin:
            break
        before.append(text[other.end : last])
        before.append(VALUE)
        last = max(begin, other.start)
    before.append(text[begin:last])
    last = value.end
    for other in values[place + 1 : place + 5]:
        if other.start >= end:
            break
        after.append(text[last : other.start])
        after.append(VALUE)
        last = min(end, other.end)
    after.append(text[last:end])
    return _SENTENCE.split("".join(reversed(before)))[-1], "".join(after)


def _before_rules_out(before: str, moment: bool) -> bool:
    if moment and _SPAN_OF_TIME.search(before) and not _is_than(before):
        return False
    found = _RULES_OUT.search(before) or (moment and _REFUSES.search(before)) or None
    if found is None or not found.group().strip():
        return False
    if not _SAYS_NO.search(found.group()) or _THAN_THAT.search(before) or _NO_LATER.search(before):
        return False
    head = before[: found.start()]
    if _WHY.search(head) or _QUESTION_OF_US.search(f"{head}{_SAYS_NO.split(found.group(), maxsplit=1)[0]}"):
        return False
    return not (_BUT.search(found.group()) and _TWICE.search(head))


_SAYS_NO = re.compile(
    r"\b(?:not|no|never|cannot|neither|nor|unable|except\w*|excluding|apart|aside|than|instead|place|avoid\w*|skip\w*|leav\w*|forget|hate|dislike|nobody|besides"
    r"|barring|without|opposed|but|from|bar|save|over|busy|away|working|out|abroad|tied|unavailable|holiday|work"
    r"|elsewhere|different|dont|cant|wont|isnt|\w+n't)\b",
    _CASE,
)


def _is_than(before: str) -> bool:
    return re.search(r"\bthan\s+(?:\w+\s+)?$", before, _CASE) is not None


def _after_rules_out(before: str, after: str, moment: bool, last: str) -> bool:
    if _IF.search(before):
        return False
    if not moment:
        return _IS_WRONG.match(after) is not None
    if _NO_MORE_OF.search(before) and ("s" in last.lower() or _SLOTS.match(after)):
        return True
    return (_IS_REFUSED.match(after) or _IS_WRONG.match(after)) is not None


def _spread(text: str, values: Sequence[Mentioned], out: list[bool], place: int, fine: re.Pattern[str]) -> None:
    """Rule out a value and those that are listed with it: "not Monday or Tuesday", "not Monday morning"."""
    members = _list_from(text, values, place, 1)
    last = values[members[-1]]
    if len(members) > 1 and fine.match(text, last.end, last.end + _AFTER):
        members = [place]
    for member in members:
        out[member] = True
        if _is_hour_of(text, values, member):
            out[member + 1] = True


def _spread_back(text: str, values: Sequence[Mentioned], out: list[bool], place: int, after: str) -> None:
    """Rule out what is listed before a refused value: "Monday and Tuesday don't work", "Monday morning is no good"."""
    first = place
    if place and _is_hour_of(text, values, place - 1):
        first = place - 1
        out[first] = True
    members = _list_from(text, values, first, -1)
    together = all(
        "and" not in text[values[one].end : values[two].start].lower()
        for one, two in zip(sorted(members), sorted(members)[1:], strict=False)
    )
    if together or _PLURAL.match(after):
        for member in members:
            out[member] = True


def _list_from(text: str, values: Sequence[Mentioned], place: int, step: int) -> list[int]:
    """The members of the list that begins (or ends) at a value; a comma alone makes none."""
    members, linked = [place], False
    here = place
    while 0 <= here + step < len(values) and len(members) < _MOST_LISTED:
        there = here + step
        one, two = sorted((here, there))
        gap = text[values[one].end : values[two].start]
        if values[there].name != values[place].name or len(gap) > _BETWEEN or not _LIST.fullmatch(gap):
            break
        linked = linked or _LINKS.search(gap) is not None
        members.append(there)
        here = there
    return members if linked else [place]


def _is_hour_of(text: str, values: Sequence[Mentioned], place: int) -> bool:
    """Whether the value behind a day is its hour: "Monday in the morning"."""
    kinds = [value.kind or value.name for value in values[place : place + 2]]
    if kinds != [DATE, TIME]:
        return False
    return _HOUR_OF_DAY.fullmatch(text[values[place].end : values[place + 1].start]) is not None


def _take_back(text: str, values: Sequence[Mentioned], out: list[bool], ahead: Sequence[tuple[str, str]]) -> None:
    """Rule out what a later value of the same entity takes the place of."""
    last: dict[str, int] = {}
    for place, value in enumerate(values):
        earlier = last.get(value.name)
        last[value.name] = place
        if earlier is None or out[place] or (value.value and values[earlier].value == value.value):
            continue
        gap = _gap(text, values, earlier, place)
        before, after = ahead[earlier][0], ahead[place][1]
        corrected = len(gap) <= _BETWEEN and (
            (_CORRECTS.fullmatch(gap) and _TAKES_BACK.search(gap)) or (_CHANGES.search(before) and _INTO.fullmatch(gap))
        )
        if corrected:
            for member in _list_from(text, values, earlier, -1):
                out[member] = True
        elif _INSTEAD.match(after):
            replaced = _before(values, min(_list_from(text, values, place, -1)))
            if replaced is not None:
                out[replaced] = True
        elif _PREFERS.search(before) and _INTO.fullmatch(gap):
            out[place] = True


def _stay_out(text: str, values: Sequence[Mentioned], out: list[bool], ahead: Sequence[tuple[str, str]]) -> None:
    """Rule out each mention of a value that was ruled out, but for a day that is taken up again."""
    gone = {
        (value.name, value.value) for value, ruled_out in zip(values, out, strict=True) if ruled_out and value.value
    }
    for place, value in enumerate(values):
        taken_up = value.is_moment and _is_taken_up(text, values, place, ahead)
        if (value.name, value.value) in gone and not taken_up:
            out[place] = True


def _is_taken_up(text: str, values: Sequence[Mentioned], place: int, ahead: Sequence[tuple[str, str]]) -> bool:
    """Whether a day is said to be fine after all, or has an hour of its own: "not Monday morning, Monday at 3"."""
    before, after = ahead[place]
    return bool(_IS_FINE.match(after) or _TAKES_UP.search(before)) or _is_hour_of(text, values, place)


def _gap(text: str, values: Sequence[Mentioned], earlier: int, later: int) -> str:
    """What stands between two values, those between them as one sign each."""
    between = values[max(earlier + 1, later - _MOST_LISTED) : later]
    starts = [values[earlier].end, *(value.end for value in between)]
    ends = [*(value.start for value in between), values[later].start]
    return VALUE.join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _before(values: Sequence[Mentioned], place: int) -> int | None:
    """The nearest value of the same entity before this one."""
    nearest = range(place - 1, max(-1, place - 1 - _MOST_LISTED), -1)
    return next((one for one in nearest if values[one].name == values[place].name), None)
