"""What a message tells as done or as not so: "did the filter", "it's set now", "no code on it", "not in junk either".

English, clause by clause. Questions tell nothing, nor does what went well. A fault says no as well ("no heat"): whoever
knows what is talked about leaves that out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from bot.nlu.reading.cap import read_of

MOST_CLAUSES = 10
"""Clauses that are looked at; who says more tells a story."""
LONGEST_CLAUSE = 160
"""Characters of a clause that are looked at."""

Kind = Literal["done", "is so", "absent"]
"""Something was done or seen to ("emptied the container", "the filter's clean"), is so, which is as it should be where
advice asks for it ("the salt's full"), or is not there."""


@dataclass(frozen=True)
class Told:
    """One thing that is told."""

    kind: Kind
    about: str
    """The words that say of what; empty where a pronoun stands for all that was advised ("tried that")."""
    doing: tuple[str, ...] = ()
    """What was done, as advice names it: "empty" of "emptied it", "fill" of "the salt's full"."""


@dataclass(frozen=True)
class DoneAlready:
    """All that a message tells of this kind, and what else it says."""

    told: tuple[Told, ...]
    rest: str
    """The clauses that tell something else or ask; empty where there is none."""

    @property
    def everything(self) -> bool:
        """Whether all that was advised is told as done."""
        return any(one.kind == "done" and not one.about and not one.doing for one in self.told)


_DOING: Mapping[str, str] = {
    **dict.fromkeys(("did", "done", "tried", "checked", "followed"), ""),
    **{"looked": "look", "looked at": "look", "been through": "", "gone through": "", "had a look at": "look"},
    **{"cleaned": "clean", "emptied": "empty", "changed": "change", "replaced": "replace", "reset": "reset"},
    **{"restarted": "restart", "rebooted": "restart", "unplugged": "plug", "plugged": "plug", "switched": "switch"},
    **{"turned": "turn", "defrosted": "defrost", "descaled": "descale", "rinsed": "rinse", "washed": "wash"},
    **{"wiped": "wipe", "brushed": "brush", "scraped": "scrape", "tightened": "tighten", "levelled": "level"},
    **{"moved": "move", "removed": "remove", "filled": "fill", "refilled": "fill", "topped": "fill"},
    **{"cleared": "clear", "pressed": "press", "held": "hold", "opened": "open", "closed": "close", "shut": "close"},
    **{"put": "put", "set": "set", "pulled": "pull", "took": "take", "taken": "take", "ran": "run"},
    **{"swapped": "change", "updated": "update", "reinstalled": "install", "installed": "install", "sorted": ""},
    **{"entered": "enter", "typed": "enter", "selected": "select", "clicked": "select", "requested": "request"},
    **{"drained": "drain", "spread": "spread", "loaded": "load", "unloaded": "load", "charged": "charge"},
    **{"adjusted": "adjust", "disconnected": "disconnect", "connected": "connect", "deleted": "delete"},
}
"""What customers say that they did, and how advice names it; nothing where that says nothing of what was done."""
_STATES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("done", "fine", "ok", "okay", "all right", "alright", "good", "checked", "sorted"), ()),
    **dict.fromkeys(("clean", "spotless", "cleaned"), ("clean", "rinse", "brush", "wipe", "wash")),
    **dict.fromkeys(("clear", "not blocked"), ("clear", "clean", "free", "remove")),
    **dict.fromkeys(("shut", "closed", "shut properly", "properly shut"), ("close", "shut")),
    **{"plugged in": ("plug",), "level": ("level",), "set": ("set",), "tight": ("tighten", "screw")},
    **{"emptied": ("empty",), "filled": ("fill",), "switched off": ("switch",), "switched on": ("switch",)},
}
"""How a thing is said to be that was seen to, and what advice calls that."""
_SOME_STATES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("full", "topped up"), ("fill",)),
    **{"empty": ("empty",), "off": ("off", "end", "leave"), "on": ("on",)},
}
"""The same for what is as it should be only where advice asks for that: a container that is full is a fault."""
_ANY_OF_VERBS = "|".join(sorted(map(re.escape, _DOING), key=len, reverse=True))
_ANY_OF_STATES = "|".join(sorted(map(re.escape, {**_STATES, **_SOME_STATES}), key=len, reverse=True))
_CASE = re.IGNORECASE
_MARKS = re.compile(
    r"\s*[.!;,\n\u2014\u2013]+\s*|\s*(?P<asks>\?)+\s*|\s+-+\s+"
    r"|\s+(?:and|but|then)\s+(?=(?:i|we|it|they|did|no|not|nothing|the|that|also|already|then|"
    + _ANY_OF_VERBS
    + r")\b)",
    _CASE,
)
_LEAD = re.compile(
    r"(?:(?:and|but|so|oh|ah|right|ok|okay|well|yes|yeah|yep|nope|also|then|just|already|sorry|thanks|thank you"
    r"|cheers|erm|um|hi|hello|both|now|look|i mean|as i said|like i said|no(?=\s*,|\s+(?:no|not|nothing)\b))\b"
    r"[\s:,]*){1,6}(?!$)",
    _CASE,
)
_ADVERB = r"(?:(?:already|just|now|also|all|both|even|only|really|definitely|properly)\s+){0,2}"
_DID = re.compile(
    rf"(?:(?:i|we|my \w+|he|she)(?:'ve|'d|\s+have|\s+had|\s+has|'s)?\s+|(?:i|we)ve\s+|have\s+|had\s+)?{_ADVERB}"
    rf"(?P<verb>{_ANY_OF_VERBS})(?P<what>(?:\s+|$).*)",
    _CASE,
)
# With "already" behind a person any verb counts.
_DID_ALREADY = re.compile(
    r"(?:i|we)(?:'ve|\s+have|ve)?\s+(?:already|just now)\s+(?P<verb>\w+(?:ed|en))(?P<what>(?:\s+|$).*)", _CASE
)
_IS_SO = re.compile(
    rf"(?P<what>(?:(?:the|my|our|all|both|its|your)\s+)?[\w-]+(?:\s+[\w-]+){{0,3}}?)(?P<is>'s|'re|\s+is|\s+are|\s+was|s)?\s+"
    rf"{_ADVERB}(?P<state>{_ANY_OF_STATES})(?:\s+(?:already|now|too|as well|though|again))?",
    _CASE,
)
_ABSENT = re.compile(
    r"(?:there(?:'s|\s+is|\s+are|s|\s+was)\s+)?(?:still\s+)?"
    r"(?:no\s+(?!longer\b|idea\b|luck\b|joy\b|change\b|difference\b|thanks\b|problem\b|worries\b|one\b|need\b|point\b"
    r"|thank\b|that\b|that's\b|this\b|it\b|it's\b|i\b|you\b|we\b|way\b|use\b|help\b|good\b|better\b|more\b)(?P<no>\w.*)"
    r"|(?:nothing|noting|nowt|none)(?:'s|\s+is|s)?\s+(?:(?:is|was|there|showing|visible|stuck|caught|left|jammed|lying|came|arrived)"
    r"\s+){0,2}(?:in|on|at|under|behind|inside|around|by)\s+(?P<nothing>\w.*)"
    r"|(?:there\s+(?:isn'?t|aren'?t|is\s+not|are\s+not)|(?:i|we)\s+(?:can'?t|cannot|don'?t)\s+see|can'?t\s+see)\s+"
    r"(?:any|an?|the)\s+(?P<any>\w.*)"
    r"|(?:it(?:'s|\s+is|s)\s+)?(?:not|isn'?t|wasn'?t)\s+(?:even\s+)?(?:in|on|at|under|behind)\s+(?P<not_in>\w.*))",
    _CASE,
)
_GOES_WELL = re.compile(
    r"(?:it|they|that|everything)(?:'?s|'?re|\s+is|\s+are)?\s+(?:\w+\s+){0,2}"
    r"(?:work(?:s|ed|ing)|warming|heating|running|fixed|solved|helped|sorted|better)\b",
    _CASE,
)
_FAILED = re.compile(r"\b(?:not|never|\w+n'?t|cannot)\b", _CASE)
_TAIL = re.compile(
    r"(?:\s+(?:now|already|too|as well|twice|again|either|either way|then|thanks|ta|yesterday|today|before|earlier"
    r"|this morning|last night|last week|just now|properly|though|mate|no|yes))+$",
    _CASE,
)
# "No water in the drum" speaks of water.
_WHERE = re.compile(
    r"\s+(?:in|on|at|under|behind|inside|from|around|showing|coming|stuck|with|anywhere|there|whatsoever)\b.*", _CASE
)
# Said of a thing, these say what it does, and not how it is: "the hob keeps switching off", "nothing gets clean".
_DOES = re.compile(
    r"\b(?:is|are|was|stays?|keeps?|gets?|go|goes|looks?|sounds?|seems?|feels?|nothing|everything else|\w+self)\b"
    r"|(?:ing|ed)$",
    _CASE,
)
# Past and order are one word: "set up a return" and "put me through" wish for something.
_EITHER = frozenset({"set", "reset", "put", "shut", "spread"})
_ONE_THING = re.compile(r"(?:the|that|this|those|these|it|them|both|all)\b", _CASE)
_OWN_MIND = re.compile(r"my\s+mind\b", _CASE)
_PRONOUN = re.compile(r"(?:it|they|that|this|these|those|i|we|you|he|she)\b", _CASE)
_POINTS = re.compile(
    r"(?:(?:all|both|most|each)\s+(?:of\s+)?)?(?:it|that|this|them|those|these|everything|that one|the lot"
    r"|all of (?:it|that|them|those|these)|what you said)?",
    _CASE,
)
_ALL = re.compile(r"(?:all|everything|the lot)\b", _CASE)
_ASKS = re.compile(
    r"(?:how|what|when|where|which|who|why|does|do|is|are|can|could|should|would|will|am|has|isn'?t|doesn'?t)\b(?!')"
    r"|did\s+(?:you|it|they|he|she|your|i|we|anybody|anyone|someone)\b"
    r"|did\s+(?:the|my|that)\s+\w+(?:\s+\w+)?\s+(?:arrive|come|go|get|work|ship|leave|break|fail|happen|change)\b",
    _CASE,
)
# These say that all was tried where nothing but a pronoun follows; "emptied it" speaks of one thing.
_WHOLE = frozenset({"did", "done", "tried", "checked", "followed", "been through", "gone through"})
_EMPTY_AS_WRITTEN = """
    thanks thank you ta cheers no nope yes yeah yep ok okay right oh well hi hello sorry please so and but mate hmm erm
    um ah good great lovely that's it's
"""
_EMPTY = frozenset(_EMPTY_AS_WRITTEN.split())
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def done_already(text: str) -> DoneAlready | None:
    """Read what a message tells as done, as it should be, or as not there; None where it tells nothing of the kind."""
    text = read_of(text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    told: list[Told] = []
    rest: list[str] = []
    before, in_rest = "", False
    for clause, asks in islice(_clauses(text), MOST_CLAUSES):
        lead = _LEAD.match(clause)
        bare = clause[lead.end() :] if lead is not None else clause
        one = None if asks or _ASKS.match(bare) or _GOES_WELL.match(bare) else _told(bare, before)
        if one is None:
            if _says_something(bare):
                rest.append(bare + ("?" if asks else ""))
            before, in_rest = ("", False) if asks or not _says_something(bare) else (bare, True)
            continue
        if in_rest and one.about == before:
            rest.pop()  # what is pointed at is told with it
        told.append(one)
        before, in_rest = one.about, False
    return DoneAlready(tuple(told), ", ".join(rest)) if told else None


def _clauses(text: str) -> Iterator[tuple[str, bool]]:
    """The clauses from mark to mark, and whether a question mark follows."""
    start = 0
    for match in islice(_MARKS.finditer(text), 4 * MOST_CLAUSES):
        if clause := text[start : match.start()].strip():
            yield clause, match["asks"] is not None
        start = match.end()
    if clause := text[start:].strip():
        yield clause, False


def _told(clause: str, before: str) -> Told | None:
    """What a clause tells; ``before`` are the words of the one before, to which a pronoun points."""
    if len(clause) > LONGEST_CLAUSE:
        return None
    absent = _ABSENT.fullmatch(clause)
    if absent is not None:
        about = _TAIL.sub("", _WHERE.sub("", next(words for words in absent.groups() if words))).strip()
        return Told("absent", about) if about else None
    did = _DID.fullmatch(clause) or _DID_ALREADY.fullmatch(clause)
    if did is not None:
        verb, what = did["verb"].lower(), did["what"].strip()
        if _OWN_MIND.match(what) or (verb in _EITHER and did.start("verb") == 0 and not _ONE_THING.match(what)):
            return None
        return _done(verb, what, before)
    bare = _TAIL.sub("", clause)
    is_so = _IS_SO.fullmatch(bare)
    if is_so is None or _FAILED.search(is_so["what"]) or _DOES.search(is_so["what"]):
        return None
    if is_so["is"] is None and _PRONOUN.match(bare):
        return None  # "they go clear" is no "filter clear"
    about, state = is_so["what"].strip(), is_so["state"].lower()
    if _POINTS.fullmatch(about):
        about = before
    kind: Kind = "is so" if state in _SOME_STATES else "done"
    return Told(kind, about, {**_STATES, **_SOME_STATES}[state]) if about else None


def _done(verb: str, what: str, before: str) -> Told | None:
    if what.startswith(("not ", "n't")) or _FAILED.match(what):
        return None
    doing = tuple(filter(None, (_DOING.get(verb, verb.removesuffix("ed")),)))
    about = _TAIL.sub("", f" {what}").strip()
    if not _POINTS.fullmatch(about):
        return Told("done", about, doing)
    if _ALL.match(about):
        return Told("done", "")
    if before:
        return Told("done", before, doing)
    if verb in _WHOLE:
        return Told("done", "") if about else None
    return Told("done", "", doing) if doing and about else None


def _says_something(clause: str) -> bool:
    return any(word not in _EMPTY for word in _WORD.findall(clause.lower()))
