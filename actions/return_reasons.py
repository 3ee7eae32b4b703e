"""Why customers send things back: the reasons on offer, and what their own words amount to."""

from __future__ import annotations

import re

from actions.shop.model import ReturnReason
from bot.dialogue.told import TellingWords, told_in_words
from bot.kit.turn import Turn

LONGEST_REASON = 300
"""Characters that the warehouse sees of a reason; longer stories stay in the conversation."""

OFFERED = {
    "I changed my mind": ReturnReason.CHANGED_MIND,
    "It doesn't fit or suit us": ReturnReason.CHANGED_MIND,
    "It is faulty": ReturnReason.FAULTY,
    "It arrived damaged": ReturnReason.DAMAGED,
    "It is the wrong item": ReturnReason.WRONG_ITEM,
}
"""The words of the buttons that ``domain.yml`` shows, and what each means."""

# What customers write of a fault, of damage and of a mix-up; read in this order, as "arrived broken" is damage. A
# change of mind comes last: "I don't want it, it leaks" is a fault.
_SIGNS = (
    (
        ReturnReason.WRONG_ITEM,
        re.compile(r"\bwrong (one|item|model|appliance|colour|size|thing)\b|\bnot (what|the one) (i|we) ordered\b"),
    ),
    (ReturnReason.DAMAGED, re.compile(r"\b(damag|dent|scratch|crack|smash|shatter)|\b(arrived|came) (bent|broken)\b")),
    (
        ReturnReason.FAULTY,
        re.compile(
            r"\b(fault|defect|broken?\b|leak|dead\b|(does|did)(n't|nt| not) (work|start|heat|cool)|not working)"
        ),
    ),
    (
        ReturnReason.CHANGED_MIND,
        re.compile(
            r"\bchanged? (my|our|of) minds?\b|\b(don't|do not|dont) (want|like|need)\b|\btoo (big|small|loud|noisy)\b"
        ),
    ),
)
# "Nothing is broken, I just don't need it" is no fault of ours.
_NOTHING_WRONG = re.compile(
    r"\b(not|isn't|nothing(?:'s| is)?|no|without) (broken|faulty|damaged|wrong|fault|damage|dents?)"
)


_MATTER = re.compile(
    "|".join(sign.pattern for _, sign in _SIGNS)
    + r"|\b(?:does|do|did)(?:n't|nt| not) (?:fit|suit|match|like|go|close|open|drain|spin|clean|dry|cool)|\btoo [a-z]+"
    r"|\bnot (?:happy|satisfied|right|as|needed|suitable)|\b(?:nois|loud|rattl|leak|dent|scratch|ugly)"
    r"|\bbought (?:two|it twice|another)|\b(?:found|got) (?:a|another|one)|\bcheaper|\bmistake|\bno longer|\bunwanted"
    r"|\bbroke|\bnever (?:used|opened|worked)|\bwrong\b"
)
_WISH = re.compile(
    r"\b(?:return|send(?:ing)? (?:\w+ ){0,3}back|give (?:\w+ ){0,2}back|go(?:es)? back|take (?:\w+ ){0,2}back"
    r"|collect|pick(?:ed)? up|fetch"
    r"|refund|money back|stores?|shop|branch|drop (?:it|this|off))"
)
REASON = TellingWords(_MATTER, _WISH)


def reason_told(turn: Turn) -> str | None:
    """Why something goes back, as the message tells it beside the wish: "it's too loud for our flat"."""
    if turn.is_choice:
        return None
    return told_in_words(turn.text, turn.places(without="return_reason"), REASON)[:LONGEST_REASON].strip() or None


def read_reason(words: str) -> ReturnReason:
    """What the words amount to; ``OTHER`` when they speak of nothing that is our fault."""
    if words in OFFERED:
        return OFFERED[words]
    lowered = words.lower().replace("\u2019", "'")
    if _NOTHING_WRONG.search(lowered):
        return ReturnReason.OTHER
    return next((reason for reason, sign in _SIGNS if sign.search(lowered)), ReturnReason.OTHER)
