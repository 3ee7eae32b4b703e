"""What somebody in danger asks next: whether it can wait or be used, what to do and whom to ring, or that it is over.

English. Nothing new is dangerous in "can I not just wait till Monday?"; under a danger that is open, it is.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.nlu.reading.cap import read_of

Next = Literal["waits", "what_to_do", "over"]

MOST_WORDS = 40
"""A longer message is a story, which the person reads."""

_MAY = (
    r"(?:can|could|may|might|shall|should|would|will|do|does|is|are|am|cant|cannot|what if|how long|surely|suppose"
    r"|id|ill|going to|gonna|want to|need to|have to|got to|rather|okay|ok|fine|all right|alright|safe)"
)
_GOES_ON = (
    r"(?:wait\w*|leave it|leave that|hold on|hang on|put (?:it )?off|put up with|till|until|tomorrow|later|last\w*"
    r"|carry on|keep (?:on )?\w+ing|go on \w+ing|us(?:e|ing)|eat|drink|take|inject|give (?:it|them|her|him)"
    r"|(?:turn|switch|plug|put|light)(?:ing)? (?:it|them|the \w+|that)(?: back| on| in)+|back on"
    r"|on again|try (?:it )?(?:again|once)|run (?:it|the)|open (?:it|the)|touch|move|unplug|cook|wash|dry|boil|smoke"
    r"|sleep|stay|go (?:back )?(?:in|to bed|to work|out)|finish|fix it|do it (?:myself|ourselves)|tape"
    r"|look (?:at it )?(?:myself|inside)|safe|okay|ok|fine|all right|alright|dangerous"
    r"|bad|serious|matter|harm\w*|worr\w+)"
)
_PLAYS_DOWN = (
    r"(?:its|it is|thats|was|only|just|really|pretty|quite|very|not|isnt)"
    r"(?: (?:only|just|really|very|that|so|a|quite|all that))*"
    r" (?:faint|slight\w*|small|tiny|little|bit|weak|bad|much|serious|strong|smell\w*|spark\w*)"
)
_WHAT = (
    r"(?:who|whom|what number|which number|wheres? the number|whats the number|number)\b"
    r".{0,30}\b(?:ring|call|phone|number|tell|ask|contact)\b"
    r"|(?:what|how) (?:do|should|shall|can|must|am|are) (?:i|we) (?:meant to |supposed to )?(?:do|act|now)"
    r"|what (?:now|next|to do|first)|now what|help"
)
_OVER = (
    r"(?:all|fires?|flames|smokes?|smells?|gas|waters?|leaks?|everything|everyone"
    r"|everybody|we|were|im|she|he|its|it is|its all|that is"
    r"|thats)(?: \w+){0,3}? (?:out now|gone|stopped|over|sorted|safe now|fine now|ok now|okay now|all right now"
    r"|alright now|turned off now|under control|cleared up|been made safe)"
    r"|false alarm|(?:fire brigade|ambulance|engineer|gas board|plumber|electrician|paramedics?|doctor)\b.{0,30}"
    r"\b(?:been|here|arrived|came|sorted|says? its|said its)"
)
_ASKS = re.compile(rf"\b{_MAY}\b.{{0,60}}\b{_GOES_ON}\b|\b{_PLAYS_DOWN}\b")
_WHAT_TO_DO = re.compile(rf"(?:^|[.,;!?] ?|\b(?:and|so|ok|please|but) ){_WHAT}")
_IS_OVER = re.compile(rf"\b(?:{_OVER})\b")
_NOT_OVER = re.compile(
    r"\b(?:not|isnt|hasnt|havent|wont|if|until|till|when|once|is it|has it|but|again|start\w*|back|still|yet)\b"
)


def asked_in_danger(text: str) -> Next | None:
    """What a message asks while a danger is open; ``over`` where it says that there is none any more."""
    read = " ".join(read_of(text).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("'", "").split())
    if not read or len(read.split()) > MOST_WORDS:
        return None
    if _IS_OVER.search(read) and not _NOT_OVER.search(read) and not read.endswith("?"):
        return "over"
    if _WHAT_TO_DO.search(read):
        return "what_to_do"
    return "waits" if _ASKS.search(read) else None
