"""What customers say of a fault, told apart from the wish for a technician and from days, places and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.dialogue.told import VALUE, Span, TellingWords, told_in_words
from bot.kit.turn import Turn

# What a technician reads on a telephone; longer stories stay in the conversation.
LONGEST_PROBLEM = 500

_FAILS = (
    r"won'?t|doesn'?t|does not|don'?t|isn'?t|is not|aren'?t|wasn'?t|hasn'?t|can'?t|cannot|never|hardly|barely|no longer"
    r"|stop(?:s|ped)|refus(?:es|ing)|fail(?:s|ed)|keep(?:s|ing)?|kept|stay(?:s|ed|ing)?|not"
)
_FILLED = rf"(?:even|really|properly|quite|been|to|at all|me|it|us|my|the|our|this)\b|{VALUE}+"
# "I can't do Monday", "don't want it" and "not sure" are no faults.
_FAILS_AT_NOTHING = r"able|sure|know|want|need|mind|me\b|have\b|think|available|free|care"
_MATTER = re.compile(
    r"\b(?:leak|drip|puddl|flood|soak|water (?:on|under|in|all|every|come|coming|left|stand)|pour"
    rf"|(?:{_FAILS}) (?:(?:{_FILLED}) ){{0,3}}(?!{_FAILS_AT_NOTHING}|{_FILLED})[a-z]{{3,}}"
    r"|brok|bust|fault|dead\b|stuck|jam|block|crack|loose|torn|burn|smell|stink|smok|spark|tripp?(?:s|ed|ing)?\b|fuse"
    r"|nois|loud|racket|bang|hum(?:s|ming)?\b|buzz|squeak|rattl|grind|screech|clunk|click|vibrat|shak|jump|wobbl|hiss"
    r"|scrap|cold\b|warm\b|hot\b|ice\b|icy|frost|freez|overheat|flash|blink|beep|error|[ef] ?\d{1,2}\b|display|dirty"
    r"|cloudy|damp\b|half ?way|nothing (?:happen|move|work)|gone\b|playing up|acting up|pack(?:s|ed) (?:up|in)|conk"
    r"|kaput|knackered|out of order|not right|cut(?:s|ting)? out|(?:turn|switch)(?:s|es|ed|ing)? (?:itself )?off|seiz"
    r"|fell off|came off|rust"
    r"|only (?!(?:the |one |a |in )*(?:day|week|time|morning|evening|afternoon))"
    r"(?:the |one |a )?[a-z]+(?: [a-z]+)? (?:works?|heats?|comes on"
    r"|gets|goes|does (?:owt|anything|something))\b)"
)
_WISH = re.compile(
    r"\b(?:book|technician|engineer|repair ?m[ae]n|repair (?:visit|slot)|appointment|visit|send|someone|somebody"
    r"|anyone|anybody|come (?:out|round|over|and|to)|call-?out|look at|fix|mend|get a|arrange|schedule|arrive)"
)
FAULT = TellingWords(_MATTER, _WISH)


BOOKS = "action_book_technician"
"""What was told before it ran belongs to another visit."""


def fault_in(text: str, values: Iterable[Span], asked_too: bool = False) -> str | None:
    """What a message tells of a fault, in its own words."""
    return told_in_words(text, values, FAULT, asked_too)[:LONGEST_PROBLEM].strip() or None


def fault_told(turn: Turn) -> str | None:
    """What the message at hand tells of a fault; a button tells nothing."""
    return None if turn.is_choice else fault_in(turn.text, turn.places())


def fault_told_before(turn: Turn, product: object) -> str | None:
    """What the latest earlier message that did told of a fault; one that names another appliance is about that one."""
    for said in turn.said_before(since=BOOKS):
        told = fault_in(said.text, said.places, asked_too=True)
        if told is None:
            continue
        named = {str(value).lower() for value in said.entities("product")}
        return told if not named or product is None or str(product).lower() in named else None
    return None
