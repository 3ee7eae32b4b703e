"""Whether a complaint says what happened, or only that there is one."""

from __future__ import annotations

import re

from bot.nlu.tone.phrases import END, tokens_of

FEWEST_WORDS = 3
"""Words that are about something: "your driver was rude and late" has three, "I want to complain about you" none."""

_SAYS_NOTHING = re.compile(
    r"i|we|id|im|ive|you|your|youre|youve|u|ur|lot|it|this|that|there|here|the|a|an|my|our|me|us|to|of|for|about|against|with|at|in"
    r"|on|by|and|or|so|is|are|was|were|be|been|am|have|has|had|do|does|did|not|no|never|very|really|just|please|ever"
    r"|want|wish|would|like|need|must|make|raise|log|lodge|file|register|put|submit|formal|official|serious|complain\w*"
    r"|complaints?|unhappy|angry|disappoint\w*|furious|fuming|disgust\w*|disgrace\w*|terribl\w+|awful|appalling|useless"
    r"|rubbish|worst|ridiculous|joke|shambles|bad|service|company|customer|people|absolutely|such|what|how|who|where|can"
    r"|could|should|all|any|something|somebody|someone|one|now|right|hello|hi|sorry|let|down|felt|feel|again|buying"
)


def tells_what(text: str) -> bool:
    """Whether a complaint has words about what happened."""
    return sum(1 for word in tokens_of(text) if word != END and not _SAYS_NOTHING.fullmatch(word)) >= FEWEST_WORDS
