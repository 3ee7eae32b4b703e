"""Whether a message is a question of its own: it asks something, and names what it asks about.

English. "Why can't you do it?" asks, but only whoever knows what came before can tell what; "it's the left zone" names
something, and asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.reading.cap import read_of
from bot.nlu.reading.clauses import clauses_of

_LEAD = re.compile(
    r"^\W*(?:(?:right|ok|okay|oh|so|well|and|but|also|just|actually|sorry|hi|hello|hey|um|erm|er|please|anyway|then"
    r"|out of interest|quick question|one (?:more )?(?:thing|question)|in the meantime|meanwhile)\b\W*){1,4}",
    re.IGNORECASE,
)
_SUBORDINATE = frozenset({"when", "where", "while", "whenever", "wherever", "who", "whose", "whether"})
_WANTS_TO_KNOW = re.compile(
    r"\b(?:tell me|explain|to know|find out|to ask|to check|wondering|wonder|confirm|any idea|do you know)\b",
    re.IGNORECASE,
)
_WONDERS = re.compile(r"(?:(?:i'?m|i was|we were) )?(?:just )?wonder(?:ing)?\b")
_EXCLAIMS = re.compile(
    r"what (?:a|an)\b|how dare\b|how (?!long|much|many|far|soon|often|late|early|come|so|big|old|hot|cold)\w+\W*$"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMON = """
hows whats whos wheres whys
the and but for not you your yours they them their theirs she her hers him his our ours its this that these
those there here who whom whose what which when where why how are was were been being has have had having does
did done doing don can cant cannot could couldnt would wouldnt will wont should shouldnt shall may might must
isnt arent wasnt werent dont doesnt didnt hasnt havent just even still only also again now then ever never
really actually please about with without from into out off for any anything anyone anybody some something
someone somebody nothing nobody everyone everybody everything thing things one ones way get got getting give
gives make makes take takes come comes coming going goes gone let lets know knows mean means say says said tell
tells told ask think believe help helps helping happen happens happened happening joke joking serious seriously
wrong else more much many very too yes yeah sure okay right well like want need able possible possibly supposed
meant happening myself yourself itself all both either idea wonder wondering explain confirm bot robot assistant
person human
"""
_SAYS_NOTHING = frozenset(_COMMON.split())


def asks(text: str) -> bool:
    """Whether a message asks something, wherever in it."""
    return next(_questions(text), None) is not None


def asks_of_its_own(text: str) -> bool:
    """Whether a question of the message names what it is about."""
    return any(
        word not in _SAYS_NOTHING for question in _questions(text) for word in _WORD.findall(question.replace("'", ""))
    )


def _questions(text: str) -> Iterator[str]:
    read = read_of(text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    for clause in clauses_of(read):
        said = _LEAD.sub("", read[clause.start : clause.end]).lower()
        marked = read[clause.end - 1 : clause.end + 2].find("?") >= 0
        if marked or _is_question(said):
            yield said


def _is_question(said: str) -> bool:
    if _EXCLAIMS.match(said):
        return False
    first = next(iter(clauses_of(said)))
    if first.act == "request":
        return _WANTS_TO_KNOW.search(said) is not None
    if first.act != "question":
        return _WONDERS.match(said) is not None
    return first.opening == "main" or said.split()[0].strip(",") not in _SUBORDINATE
