"""What a reply does inside the assistant's own question: leave it, not know, ask for a change, or answer.

Whole messages are read, never a word inside one: "cancel" leaves a form, "it cancels every cycle" is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum


class Reply(Enum):
    """What a message does to the question that is open."""

    ANSWER = "answer"
    LEAVE = "leave"
    UNKNOWN = "unknown"
    CHANGE = "change"
    GO_AHEAD = "go_ahead"


@dataclass(frozen=True)
class ReplyWords:
    """The words of one language; each a regular expression for the whole message, in lower case."""

    leave: str
    unknown: str
    change: str
    go_ahead: str
    went_well: str
    """What behind a yes says that nothing more is needed: how the thing does now, where it does not still fail."""
    thanks: str
    """What is said in kindness around a yes, anywhere in the message; it says neither yes nor no."""
    more_than_no: str
    """What begins with a no and goes on with what it is not: "not in the box either", unlike "not now"."""
    yes: frozenset[str]
    """Words of which one says yes to an offer; "ok" and "thanks" may only say that it was read."""
    agreed: frozenset[str]
    """Words that say yes to a question where nothing else is said."""
    no: frozenset[str]
    yes_or_no: frozenset[str]
    """Words of which a plain yes or no is made; any other word says more than that."""


ENGLISH = ReplyWords(
    leave=(
        r"(please |just |let'?s |can you |sorry |ok |okay |no |actually )*"
        r"(cancel|stop|quit|exit|never ?mind|forget (it|that|about it|the whole thing)|leave (it|that)|drop (it|that)"
        r"|cancel (it|that|this)|stop (it|that|this)|abort|don'?t bother)"
        r"( please| thanks| thank you| then| for now)*"
        # "…, I'll sort it out myself": with any other wish behind it, it is that wish.
        r"( i('?ll| will| can|'?d rather|'?m going to)( [a-z']+){0,6}"
        r" (myself|ourselves|on my own|later|another (time|day)))?"
    ),
    unknown=(
        r"(sorry |well |um |er |hm+ |honestly )*"
        r"((i )?(really |honestly )?(don'?t|do not) (really |exactly )?know( (yet|exactly|what|why|it|that|sorry))*"
        r"|(i have |i'?ve )?(got )?no (idea|clue)( sorry)?|dunno|not sure( yet)?|i'?m not sure( yet)?|i am not sure"
        r"|no clue|how (should|would|can|am) i (supposed to )?know|who knows|i can'?t (say|tell)|(i'?m )?unsure"
        r"|hard to say|idk)"
    ),
    change=(
        r".*\b(instead|change (it|that|this|the|my)|(a |an )?(different|another|other|earlier|later|sooner)\b.*"
        r"|rather|wrong)\b.*"
        r"|(the|my|another|change) [a-z][a-z -]{1,30}"
    ),
    go_ahead=(
        r"((nothing( else)?|no changes?|all good|it'?s (fine|all right)|leave it (as it is|like that)) )?"
        r"(please |just |then |ok |okay |yes |yeah )*"
        r"((book|register|confirm|do) (it|that)|go ahead)( now| please| then| like that)*"
    ),
    went_well=(
        r"(?!.*\b(?:not|no|never|still|keeps|please|\w+n'?t)\b)"
        r"(?:(?:it|they|everything)(?:'?s|'?re| is| are| was| seems?)? (?:all |now |finally |much |just )*"
        r"(?:work(?:s|ed|ing)|running|going|moving|starting|warming|heating|fine|ok|okay|good|sorted|fixed|solved|done"
        r"|better)\b.*"
        r"|(?:it|that)(?:'?s| has)? (?:(?:did|done) (?:it|the trick)|helped|worked|(?:fixed|sorted|solved) it)\b.*)"
    ),
    thanks=(
        r"\b(?:(?:thank (?:you|u)|thanks|thx|ty|cheers|bless you)"
        r"(?: (?:ever |very |so )*(?:so|much|lots|loads|kindly|again)\b| a (?:lot|million|bunch))*"
        r"(?: for [a-z ]+? help)?"
        r"|(?:(?:oh|aw|aww|ah) )*(?:(?:that'?s|that is|that would be|that'?d be|you'?re|you are|how) )?"
        r"(?:so |really |very |just |absolutely )*(?:lovely|brilliant|perfect|wonderful|amazing|great|fantastic|kind"
        r"|a star|(?:a |an )?(?:life ?saver|angel|star)))\b"
    ),
    more_than_no=(
        r"(?:(?:so|and|but|well|oh|um|er|no|nope|it'?s|that'?s|it is|that is|still) ){0,3}not (?:even )?"
        r"(?!(?:now|yet|really|today|tonight|thanks|thank|please|needed|necessary|required|interested|anymore|any"
        r"|bothered|fussed|sure|good|ok|okay|fine|particularly|much|me|i|a|likely|so|quite|exactly|entirely|going|yes"
        r"|right|correct|true|helpful|useful|it|that|those|these|this|them|either|neither|at|right|just|worth|anything"
        r"|for (?:me|now|us)|one of (?:them|these|those)|the (?:moment|minute))\b)"
        r"[\w'-]+.*"
    ),
    yes=frozenset({"yes", "yeah", "yep", "yup", "sure", "please", "y", "ye", "aye"}),
    agreed=frozenset({"ok", "okay", "fine", "good", "great"}),
    no=frozenset({"no", "nope", "nah", "not", "never", "neither", "n"}),
    yes_or_no=frozenset(
        {"yes", "yeah", "yep", "yup", "no", "nope", "nah", "not", "ok", "okay", "sure", "please", "thanks", "thank"}
        | {"you", "really", "right", "correct", "fine", "sorry", "way", "indeed", "good", "great", "never", "neither"}
        | {"y", "ye", "aye", "n"}
    ),
)
"""The words that stand until a language of its own is set."""

_NO_WORD = re.compile(r"[^\w' -]+")


def read_reply(text: str, words: ReplyWords = ENGLISH) -> Reply:
    """What a message does to the open question; ``Reply.ANSWER`` unless the whole of it says something else."""
    said = _plain(text)
    for reply, pattern in (
        (Reply.GO_AHEAD, words.go_ahead),
        (Reply.LEAVE, words.leave),
        (Reply.UNKNOWN, words.unknown),
        (Reply.CHANGE, words.change),
    ):
        if re.fullmatch(pattern, said):
            return reply
    return Reply.ANSWER


def is_plain_yes_or_no(text: str, words: ReplyWords = ENGLISH) -> bool:
    """Whether nothing but yes or no is said: "no power" and "yes it leaks" say more."""
    return all(word in words.yes_or_no for word in _plain(text).split())


def begins_with_yes(text: str, words: ReplyWords = ENGLISH) -> bool:
    """Whether the first word is a yes: "yeah go on"."""
    return any(word in words.yes for word in _plain(text).split()[:1])


def single_letter(text: str, words: ReplyWords = ENGLISH) -> bool | None:
    """Whether a single letter says yes or no to a question ("y", "n"); None where it is none of them."""
    said = _plain(text)
    if len(said) != 1 or said not in words.yes | words.no:
        return None
    return said in words.yes


def yes_beside_thanks(text: str, words: ReplyWords = ENGLISH) -> bool:
    """Whether all that a message says beside its thanks is a yes: "thank you so much yes"; thanks alone are none."""
    said = _plain(text)
    rest = " ".join(re.sub(words.thanks, " ", said).split())
    spoken = set(rest.split())
    if not rest or rest == said:
        return False
    if spoken <= words.yes_or_no:
        return bool(spoken & words.yes) and not spoken & words.no
    return read_reply(rest, words) is Reply.GO_AHEAD


def says_more_than_no(text: str, words: ReplyWords = ENGLISH) -> bool:
    """Whether a message that sounds like a no says what it is not: "not Tuesday. Monday?" turns nothing down."""
    return re.fullmatch(words.more_than_no, _plain(text)) is not None


def went_well(text: str, words: ReplyWords = ENGLISH) -> bool:
    """Whether a yes tells that nothing more is needed: "yes, it's working now"."""
    return begins_with_yes(text, words) and not takes_what_was_offered(text, words)


def takes_what_was_offered(text: str, words: ReplyWords = ENGLISH) -> bool:
    """Whether a message that begins with a yes takes what was offered: "yes, it's working now" tells how it went."""
    said = " ".join(_plain(text).split()[1:])
    return begins_with_yes(text, words) and re.fullmatch(words.went_well, said) is None


def takes_offer(text: str, asked: bool, words: ReplyWords = ENGLISH) -> bool:
    """Whether a message says yes to the one thing that was offered, and nothing else: "yes please", "go ahead".

    ``asked`` says whether the offer was a question: "ok" takes it then, and else only says that it was read.
    """
    said = set(_plain(text).split())
    if is_plain_yes_or_no(text, words):
        return bool(said & words.yes or (asked and said and said <= words.agreed)) and not said & words.no
    return read_reply(text, words) is Reply.GO_AHEAD or yes_beside_thanks(text, words)


def named_field(text: str, names: Mapping[str, Collection[str]]) -> str | None:
    """The field that a message names by one of the words customers use for it; ``None`` for none or several.

    Longer names are read first, each word once: "e-mail address" is not the address.
    """
    said = f" {_plain(text).replace('-', ' ')} "
    named: set[str] = set()
    pairs = [(name, field) for field, called in names.items() for name in called]
    for name, field in sorted(pairs, key=lambda pair: -len(pair[0])):
        if f" {name} " in said:
            named.add(field)
            said = said.replace(f" {name} ", " | ")
    return named.pop() if len(named) == 1 else None


def names_instead_of_agreeing(text: str, names: Mapping[str, Collection[str]]) -> bool:
    """Whether what was read as a yes only names a field: "reason please" under "What shall I change?"."""
    if begins_with_yes(text) or is_plain_yes_or_no(text) or read_reply(text) is Reply.GO_AHEAD:
        return False
    return named_field(text, names) is not None


def _plain(text: str) -> str:
    straight = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(_NO_WORD.sub(" ", straight).split())
