"""Passwords in what a customer types: known by the words beside them, or by the question that was open."""

from __future__ import annotations

import re

_NAMES = (
    r"(?:pass ?words?|pass ?phrase|pass ?code|passwd|pwd|pw|passwort|kennwort|contraseña|mot de passe|parola"
    r"|(?<!delivery )(?<!collection )pin(?: number)?(?! code))"
)
# "password: hunter2" and "password = hunter2": whatever follows, unless it goes on as a sentence.
_MARKED = re.compile(rf"\b(?:{_NAMES}|pass) ?(?:is ?)?(?::|=|->|=>) ?(?P<value>[^\s]+)", re.IGNORECASE)
# "password is hunter2", "my pw hunter2": only what looks like one.
_TOLD = re.compile(
    rf"\b{_NAMES},? (?:(?:is|was|ist|es|est|it's|its|still|now|just|set to|changed to|to) ){{0,3}}"
    r"(?P<value>[^\s]+)",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    rf"\b{_NAMES}\b[^\n.!?\"']{{0,20}}[ :=](?P<value>\"[^\"\n]{{3,64}}\"|'[^'\n]{{3,64}}')", re.IGNORECASE
)
_LONGEST = 64
_LONGEST_ANSWER = 100
_MOST_WORDS = 4
_SHORTEST = 4
# An exclamation mark may be a password's last sign: better one sign too many is hidden.
_CLOSING = ".,;:?)'\""
# What follows "password is" in a sentence, and is none: how it is, what is done with it.
_SAID_OF_IT = re.compile(
    r"(?:not|no|none|wrong|right|correct|incorrect|invalid|valid|ok|okay|fine|gone|old|new|weak|strong|too|so|very|case"
    r"|being|the|a|an|my|mine|your|our|his|her|their|same|different|safe|secure|unsafe|unknown|missing|lost"
    r"|forgotten|broken|blank|empty|short|long|always|never|still|already|also|only|really|please|help|here|there|this"
    r"|that|what|how|why|where|when|who|which|and|or|but|for|from|with|without|on|in|at|of|to|by|as|if|i|i've|i'm|it"
    r"|you|we|they|reset|change|page|link|field|box|manager|prompt|again|anymore|any|more|works?|does|doesn't|isn't"
    r"|won't|can't|cannot|could|would|should|must|has|have|had|was|were|be|been|needs?|required|protected|problem"
    r"|problems|issue|issues|details|email|e-mail|expired|available|sensitive|impossible|private|personal|hopeless|ready"
    r"|on|off|down|unavailable|visible|sent|set|let|kept|got|stuck|\w+(?:ed|ing|ly|n't))",
    re.IGNORECASE,
)
_ODD_INSIDE = re.compile(r"\d|[^\w\s.'-]|_|[a-z][A-Z]")
_IS = re.compile(r"\s(?:is|was|ist|es|est|to)\s", re.IGNORECASE)
# What somebody gives after "I forgot my password", too: a telephone number, an address.
_OTHER_THING = re.compile(r"\+?\d+[ -]\d|[+0]\d{8}|[^\s@]+@[^\s@]+\.[^\s@]+")
_SENTENCE_GOES_ON = re.compile(r"[^\S\n]+\w")

_ASKS = re.compile(
    rf"\b(?:what(?:'s| is| was)|tell me|give me|send (?:me|us)|enter|type|confirm|need|share)\b"
    rf"[^.!?\n]{{0,40}}\b{_NAMES}\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\s*(?:(?:it'?s|it is|sure|ok|okay|yes|here|this is it)[,:]? ){0,2}(?P<value>\S{4,64})\s*", re.IGNORECASE
)
_PLAIN_ANSWER = re.compile(
    r"(?:yes|yeah|yep|sure|nope|none|nothing|never|what|why|when|where|okay|please|sorry|thanks|stop|help|later|skip"
    r"|forgot|forgotten|hello|person|human|agent|cancel|back|maybe|unknown|dunno|repeat|really|huh)[.!?]*",
    re.IGNORECASE,
)


def passwords_in(text: str) -> list[tuple[int, int]]:
    """Return the places of the passwords that a normalised text tells, in order."""
    found = [(match.start("value") + 1, match.end("value") - 1) for match in _QUOTED.finditer(text)]
    for match in _MARKED.finditer(text):
        _add(found, text, match, marked=True)
    for match in _TOLD.finditer(text):
        _add(found, text, match, marked=False)
    return sorted(found)


def asks_for_password(said: str) -> bool:
    """Whether what was said to the customer asks for a password."""
    return _ASKS.search(said[-1000:]) is not None


def may_be_password(text: str) -> bool:
    """Whether a message is so short that it may be nothing but a password: only then is its question looked at."""
    return len(text) <= _LONGEST_ANSWER and len(text.split()) <= _MOST_WORDS


def answers_with_password(text: str) -> tuple[int, int] | None:
    """The place of the password in an answer to the question for one: a single word that is no plain answer."""
    match = _ANSWER.fullmatch(text)
    if match is None or _PLAIN_ANSWER.fullmatch(match["value"]):
        return None
    return match.span("value")


def _add(found: list[tuple[int, int]], text: str, match: re.Match[str], *, marked: bool) -> None:
    value = match["value"][:_LONGEST].rstrip(_CLOSING).lstrip("\"'(")
    start = match.start("value") + match["value"].index(value) if value else 0
    end = start + len(value)
    if len(value) < _SHORTEST or any(start < other_end and other < end for other, other_end in found[-8:]):
        return
    if _SAID_OF_IT.fullmatch(value.lower()):
        return
    names_it = marked or _IS.search(match.group()) is not None
    if not names_it and _OTHER_THING.match(text, start):
        return
    looks_like_one = _ODD_INSIDE.search(value) is not None
    # A plain word is one behind a colon, or where the sentence ends with it: "my password is sunshine".
    ends = _SENTENCE_GOES_ON.match(text, end) is None
    if looks_like_one or (ends and names_it):
        found.append((start, end))
