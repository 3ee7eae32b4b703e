"""What can be counted in a message about how it is meant: shouting, curses, threats, thanks.

None of these decides anything alone; each is one number among hundreds that `bot/nlu/tone/trend.py` learns weights for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from bot.nlu.reading.cap import read_of

_COUNTED: Mapping[str, str] = {
    "anger": (
        r"ridiculous|disgrac\w+|disgust\w+|useless|pathetic|joke|shambles|unacceptable|appalling|outrageous"
        r"|furious|angry|livid|fuming|fed up|sick of|sick and tired|had enough|had it with|hopeless"
        r"|incompeten\w+|idiots?|stupid|terrible|awful|rubbish|shocking|unbelievable|liars?|lied|lies|lying"
        r"|rip(?:ped)? ?off|scam\w*|con|theft|insult\w*|shame|worst|nonsense|clowns?|cowboys?|fobbed|furiously"
        r"|infuriat\w+|annoyed|annoying|losing (?:my )?patience|wits' end|farce"
    ),
    "threat": (
        r"trading standards|ombudsman|solicitor|lawyer|attorney|court|sue|legal|review|trustpilot|bank|chargeback"
        r"|dispute|never (?:again|buy|order|use|shop)|last chance"
        r"|cancel (?:everything|the lot|it all|my account)|lost a customer|elsewhere|competitors?|watchdog"
        r"|papers|press|twitter|facebook|report(?:ing)? (?:you|this)|your manager|the manager"
    ),
    "again": (
        r"third|fourth|fifth|3rd|4th|5th|again|already|still|how many (?:more )?times|twice|three times"
        r"|four times|keep (?:telling|asking|sending|saying|getting)|every (?:single )?time|told you|i said"
        r"|i asked|as i said|for the last|weeks?|nobody|no one|never came|never rang|promised|excuses?"
        r"|passed (?:around|from)"
    ),
    "curse": (
        r"bloody|damn|dammit|hell|crap|shit\w*|f+u+c+k\w*|f\*+\w*|wtf|bollocks|arse\w*|bastards?|sod(?:ding)?"
        r"|piss\w*|bugger\w*|for (?:god|christ|heaven|pete|goodness)'?s? sake|ffs|jesus|omfg"
    ),
    "about us": (
        r"you|your|you're|you've|youre|you lot|you people|u|ur|this company|this firm|this shop"
        r"|customer service|bot"
    ),
    "polite": (r"please|thanks|thank you|thx|cheers|ta|could you|would you|would it be|sorry to|kindly|appreciate\w*"),
    "cheer": (
        r"lol|haha\w*|hehe|[:;]-?[)dp]|xx+|great|lovely|brilliant|perfect|star|excited|\U0001f600|\U0001f602"
        r"|\U0001f60a|\U0001f44d"
    ),
    "over": (
        r"sorted|found it|my mistake|my fault|my bad|all good|no worries|never mind|no problem|explains it"
        r"|fair enough|makes sense|solved|works now|that helps|silly|got it|misread"
    ),
    "sarcasm": (
        r"thanks for nothing|well done|congratulations|bravo|just what i needed|how (?:very )?(?:helpful|kind)"
        r"|what a (?:service|joke|surprise)|oh (?:great|brilliant|lovely|wonderful|fantastic)|wow|amazing|sure"
        r"|of course you|clearly|take your time"
    ),
    "despair": (
        r"give up|don'?t know what else|can'?t (?:go on|take)|in tears|cry(?:ing)?|desperate|at my wits"
        r"|help me|beyond|exhausted|losing (?:it|my mind)|nobody (?:helps|cares|listens)"
        r"|doesn'?t (?:care|listen)|don'?t (?:care|listen)"
    ),
    # What a curse may be about in place of us; a company's own products are added (`Things`).
    "thing": r"machine|door|filter|drum|pump|thing|appliance|device",
    "others": (
        r"landlord|neighbours?|courier|husband|wife|ex|plumber|bank|other (?:shop|firm|company)|kids|daughter"
        r"|son|boss"
    ),
}


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


_PATTERNS = {name: _pattern(words) for name, words in _COUNTED.items()}
_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_WORD = re.compile(r"[^\W\d_]+")
_MOST = 3
_LONGEST_TEXT = 2000

FEATURES = (*_COUNTED, "shouted", "marks", "repeated marks", "length")
"""What each of :func:`counted` is."""
_OUTRIGHT = [FEATURES.index(name) for name in ("anger", "threat", "curse", "despair", "shouted", "repeated marks")]


class Things:
    """What customers may be angry at in place of us: the products of a company, and what every company has."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = tuple(sorted({name.strip().lower() for name in names if name.strip()}))
        own = "".join(f"|{re.escape(name)}" for name in sorted(self.names, key=len, reverse=True))
        self.pattern = _pattern(f"{_COUNTED['thing']}{own}")


ANYBODYS = Things()


def counted(text: str, things: Things = ANYBODYS) -> NDArray[np.float64]:
    """Return the counts of a message, each from 0 to 1: (features,)."""
    text = read_of(text[:_LONGEST_TEXT]).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    words = max(1, len(_WORD.findall(text)))
    shouted = len(_SHOUTED.findall(text))
    patterns = {**_PATTERNS, "thing": things.pattern}.values()
    found = [min(_MOST, sum(1 for _ in pattern.finditer(text))) / _MOST for pattern in patterns]
    found.append(min(1.0, 2.0 * shouted / words) if words > 2 or shouted else 0.0)
    found.append(min(_MOST, text.count("!")) / _MOST)
    found.append(min(_MOST, len(re.findall(r"[!?]{2,}", text))) / _MOST)
    found.append(min(1.0, math.log1p(words) / math.log(100)))
    return np.array(found)


def is_outspoken(text: str) -> bool:
    """Whether a message says outright that somebody is upset: angry words, a threat, a curse, despair, shouting."""
    return bool(counted(text)[_OUTRIGHT].any())
