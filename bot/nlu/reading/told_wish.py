"""A question told as an aim: "it's only to find out when my order's coming" asks "when is my order coming?".

English. To whoever waits for a person it is natural to say what they are wanted for; read as it stands, it is a
statement.
"""

from __future__ import annotations

import re

from bot.nlu.reading.cap import read_of

_AIM = re.compile(
    r"""^\W*(?:(?:ok|okay|so|well|and|but|hi|hiya|hello|sorry|right|um|er|erm|oh|really|basically|honestly)\b\W*)*
    (?:(?:it|this|that)(?:'?s|\ is|\ was)?\ (?:(?:only|just|really|simply|mainly)\ )?(?:to|so\ (?:that\ )?i\ can)
    |i(?:'?m|\ am|\ was)?\ (?:(?:only|just|really|simply|mainly)\ )?
        (?:here|after|hoping|trying|looking|want(?:ed)?|need(?:ed)?|would\ like|wish(?:ed)?)\ to
    |i'd\ (?:(?:only|just|really)\ )?(?:like|love)\ to
    |(?:only|just)\ (?:(?:here|want(?:ed)?|need(?:ed)?|trying|hoping)\ )?to
    |all\ i\ (?:want(?:ed)?|need(?:ed)?)\ (?:is\ |was\ )?to)
    \ (?:find\ out|ask|know|check|see|hear|work\ out|be\ told|learn)\ (?:about\ )?
    (?=(?:when|where|what|who|whom|whose|how|if|whether|which|why)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKS = (
    r"(?:how (?:much|many|long|far|soon|often|late|early|big|old)|what time|what day|which \w+|when|where|what|who"
    r"|whose|how|which|why)"
)
_AUXILIARY = r"(?:is|are|was|were|will|can|could|should|would|must|has|have|had)"
_SUBJECT = r"(?:[^\W\d_][\w-]*(?: [\w-]+){0,3}?)"
_PARTICIPLE = r"(?:been|got|gone|come|left|had|sent|paid|made|\w+ed|\w+en)"
# "has" and "have" stand in front only where something else is done: "has it arrived", not "has the room a bath".
_TOLD = re.compile(
    rf"(?:(?P<asks>{_ASKS}) |(?:if|whether) )(?P<subject>{_SUBJECT})"
    rf"(?P<auxiliary>'s| (?!(?:has|have|had)\b(?! {_PARTICIPLE}\b)){_AUXILIARY}\b)(?P<rest>(?: .*)?)",
    re.IGNORECASE,
)
_DOES = re.compile(rf"(?P<asks>{_ASKS}) (?P<subject>i|you|we|they) (?P<rest>.+)", re.IGNORECASE)


def wish_told(text: str) -> str | None:
    """The question that a message tells as what a person is wanted for, or None where it tells none."""
    read = " ".join(read_of(text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    found = _AIM.match(read)
    return None if found is None else f"{_as_asked(read[found.end() :].rstrip(' .!?'))}?"


def _as_asked(told: str) -> str:
    """With the verb in front of whom it is about, where it is plain which one it is."""
    whole = _TOLD.fullmatch(told)
    if whole is not None:
        auxiliary = whole["auxiliary"].strip().replace("'s", "is")
        said = (whole["asks"], auxiliary, whole["subject"] + whole["rest"])
        return " ".join(one for one in said if one)
    does = _DOES.fullmatch(told)
    if does is not None:
        return f"{does['asks']} do {does['subject']} {does['rest']}"
    return re.sub(r"^(?:if|whether) ", "", told, flags=re.IGNORECASE)
