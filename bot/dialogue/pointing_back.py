"""What a message means by what has just been done or answered: "ok, book it" behind the booking, "I'd like to do that".

Read alone, the one is a wish and the other a yes to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.contract import names, trace
from bot.dialogue.replies import Reply, is_plain_yes_or_no, read_reply
from bot.dialogue.weighed import Decision, IntentFacts
from bot.nlu.reading.cap import read_of

_TAKES_UP = re.compile(
    r"\b(?:do|start|begin|arrange|register|book|go (?:for|with)|like|want|take|have|try|sort|get|set up)\b"
    r".{0,20}\b(?:that|this|it|one|so)\b",
    re.IGNORECASE,
)


def as_it_stands(
    decision: Decision, text: str, done: str, leads_to: str, intents: Mapping[str, IntentFacts]
) -> Decision:
    """The decision in the light of what came just before; no form is open.

    ``done`` is the intent of what was done, where the message adds nothing to it; ``leads_to`` the intent that
    trainers say one can go on with after the answer that was just given.
    """
    if decision.kind != trace.ACT:
        return decision
    goes_ahead = decision.intent == names.AFFIRM and read_reply(text) is Reply.GO_AHEAD
    if done and (decision.intent == done or goes_ahead):
        return Decision(trace.TALK, names.TALK_ABOUT_CONVERSATION, 1.0, f"wishes {done} again, which stands already")
    if leads_to in intents and decision.intent == names.AFFIRM and _takes_up(text):
        return Decision(trace.ACT, leads_to, decision.confidence, f"takes up {leads_to}, to which the answer led")
    return decision


def _takes_up(text: str) -> bool:
    return not is_plain_yes_or_no(text) and _TAKES_UP.search(read_of(text)) is not None


def led_to(intents: Mapping[str, IntentFacts], article: object) -> str:
    """The intent with which one can go on after an answer from this article, or an empty text."""
    return next((facts.leads_to for facts in intents.values() if facts.leads_to and article in facts.articles), "")
