"""A question told as an aim: "it's only to find out when my order's coming" asks "when my order's coming?".

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


def wish_told(text: str) -> str | None:
    """The question that a message tells as what a person is wanted for, or None where it tells none."""
    read = " ".join(read_of(text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    found = _AIM.match(read)
    if found is None:
        return None
    return read[found.end() :].rstrip(" .!?") + "?"
