"""Acts of speech: what a message does to the conversation itself ("what did you say?", "that didn't help").

Read by clause, from phrases that trainers change (`data/talk/`). What stands beside an act is left to be read as the
message: "that's not what I asked, what does delivery cost?".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from bot.nlu.reading.cap import read_of
from bot.nlu.reading.clauses import clauses_of
from bot.nlu.reading.phrases import MOST_WORDS, MarkedClause, marked_clauses, pattern_of, words_of_clause

Act = Literal[
    "repeat",
    "simpler",
    "no_help",
    "not_asked",
    "next",
    "sure",
    "why",
    "agreed",
    "back",
    "start_again",
    "wait",
    "ways_on",
    "disputed",
]
"""What is done to the conversation; a person who is asked for about something is no act of these."""
When = Literal["always", "answered", "asked", "alone", "offered", "refused", "told"]
"""What has to be before it: nothing, something that the assistant said, a question of ours that is still open,
something to do that was offered, a no of ours that has a reason, or something told from the company's own books.

``alone`` and ``answered`` point back, and count only where nothing of the message stands before them."""

ACTS: Final[tuple[Act, ...]] = get_args(Act)
WHEN: Final[tuple[When, ...]] = get_args(When)

TRIES_AGAIN: Final[frozenset[Act]] = frozenset({"no_help", "not_asked"})
"""Acts after which what else is said is what was meant."""

ASKS_AGAIN: Final[frozenset[Act]] = frozenset({"repeat", "simpler", "next", "sure", "why", "agreed", "wait"})
"""Acts that say nothing of how the customer feels."""

_EXCLAIMED: Final[Mapping[Act, int]] = {"repeat": 2, "sure": 1, "why": 2}
"""Acts that so few words only exclaim where something else follows: "what?? I never cancelled it"."""
_OF_OUR_QUESTION: Final[frozenset[Act]] = frozenset({"why", "ways_on"})
"""Acts that are about the assistant's question, unless the message itself tells something before them."""
_SHORTEST = 2
"""Words of a clause whose one word counts by itself, with one before or behind it: "sorry, what"."""

_MARKS = re.compile(r"[.!?,;:()\n\u2026\u2013\u2014]+|\s-+\s")
_MEANT = re.compile(
    r"^\W*(?:(?:no|sorry|but|and|so|well|actually|rather|just)\b[\s,]*)*"
    r"i(?: was|'m| am)? (?:said|mean|meant|asked|asking|ask)\b"
    r"(?: you)?(?: about| for(?=\s+(?:a|the|my)\b))?[\s,:]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TalkWords:
    """What was written in `data/talk`, or in `bot/core`."""

    acts: Mapping[Act, Mapping[When, Sequence[str]]]
    person: Sequence[str] = ()
    """Phrases that ask for a person about a ``<topic>``."""
    pass_on: Sequence[str] = ()
    """Phrases that ask to pass a ``<topic>`` on to somebody: only a person can."""
    never_person: Sequence[str] = ()
    """Words for people who are sent to a customer's home, and never talk in the chat."""
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Spoken:
    """An act, and what is said beside it."""

    act: Act
    when: When
    rest: str = ""
    """What else the message says that is to be read by itself; empty where the act is all."""


class ActReader:
    """Reads acts by trainers' phrases."""

    def __init__(self, written: TalkWords) -> None:
        self.written = written
        self._acts = [
            (act, when, re.compile(_any_of(written.acts[act][when], written.words)))
            for act in ACTS
            for when in WHEN
            if written.acts.get(act, {}).get(when)
        ]
        self._persons = [re.compile(pattern_of(phrase, written.words)) for phrase in written.person]
        self._pass_on = [re.compile(pattern_of(phrase, written.words)) for phrase in written.pass_on]
        self._never = frozenset(word for phrase in written.never_person for word in words_of_clause(phrase))
        self._before = re.compile(f"(?:{_any_of(written.before, written.words)})+") if written.before else None
        self._after = _edges(written.after, written.words)

    def read(self, text: str) -> Spoken | None:
        """The act of a message, or None where no clause of it is one."""
        text = read_of(text)
        clauses = list(marked_clauses(text, _MARKS))
        read = [(clause, self._act(clause.words)) for clause in clauses]
        acts = [
            (clause, found)
            for place, (clause, found) in enumerate(read)
            if found is not None and not self._only_begins(read, place) and not self._is_about(read, place)
        ]
        if not acts:
            return None
        # "Wait, what day did we say?" asks for the day; a second act only says the first again.
        clause, (act, when) = next((one for one in acts if one[1][0] != "wait"), acts[0])
        left = [
            (one, place) for place, (one, found) in enumerate(read) if found is None and self._without_edges(one.words)
        ]
        at = clauses.index(clause)
        return Spoken(act, when, _rest(text, act, left, at))

    def _only_begins(self, read: Sequence[tuple[MarkedClause, tuple[Act, When] | None]], place: int) -> bool:
        """Whether a word or two are an exclamation before something else: "what?? I never cancelled it"."""
        clause, found = read[place]
        if found is None or len(self._without_edges(clause.words).split()) > _EXCLAIMED.get(found[0], -1):
            return False
        others = [number for number, (one, act) in enumerate(read) if act is None and self._without_edges(one.words)]
        if found[0] != "why":
            # "Seriously? Why not?" asks why.
            others += [at for at, (_, act) in enumerate(read) if act is not None and act[0] not in (found[0], "wait")]
        return bool(others) and (found[0] == "why" or max(others) > place)

    def _is_about(self, read: Sequence[tuple[MarkedClause, tuple[Act, When] | None]], place: int) -> bool:
        """Whether an act that points back points to its own message: "it shows E18, what does that mean?"."""
        _, found = read[place]
        if found is None or (found[0] not in _OF_OUR_QUESTION and found[1] not in ("answered", "alone")):
            return False
        return any(act is None and self._without_edges(clause.words) for clause, act in read[:place])

    def person_about(self, text: str) -> str | None:
        """What a person is wanted for or is to pass on, in the customer's words; None where nobody asks for that."""
        text = read_of(text)
        for clause in marked_clauses(text, _MARKS):
            said = " ".join(clause.words) + " "
            for pattern in (*self._persons, *self._pass_on):
                found = re.fullmatch(pattern, said) or re.fullmatch(pattern, self._without_edges(clause.words))
                if found is None:
                    continue
                if pattern not in self._pass_on and self._never.intersection(_outside(found, said)):
                    continue
                topic = found.groupdict().get("topic")
                return (topic or "").strip()
        return None

    def _act(self, words: Sequence[str]) -> tuple[Act, When] | None:
        """The act of a clause, with the words around it and without."""
        if not words or len(words) > MOST_WORDS:
            return None
        whole = " ".join(words) + " "
        bare = self._without_edges(words)
        if len(bare.split()) == 1 and len(words) > _SHORTEST:
            bare = whole  # "so what now then" is no "what?"
        for said in dict.fromkeys((whole, self._cut_before(whole), bare)):
            for act, when, pattern in self._acts:
                if said and pattern.fullmatch(said):
                    return act, when
        return None

    def _without_edges(self, words: Sequence[str]) -> str:
        if len(words) > MOST_WORDS:
            return " ".join(words)
        said = self._cut_before(" ".join(words) + " ")
        while said and self._after is not None and (found := self._after.search(said)) is not None:
            said = said[: found.start()]
        return said

    def _cut_before(self, said: str) -> str:
        found = self._before.match(said) if self._before is not None else None
        return said[found.end() :] if found is not None else said


def _any_of(phrases: Sequence[str], names: Mapping[str, str]) -> str:
    return "(?:" + "|".join(pattern_of(phrase, names) for phrase in phrases) + ")"


def _edges(phrases: Sequence[str], names: Mapping[str, str]) -> re.Pattern[str] | None:
    return re.compile(rf"(?:(?<= )|^){_any_of(phrases, names)}$") if phrases else None


def _outside(found: re.Match[str], said: str) -> set[str]:
    """The words of a clause beside its topic."""
    topic = found.groupdict().get("topic") or ""
    return set(said.replace(topic, " ", 1).split())


def _rest(text: str, act: Act, left: Sequence[tuple[MarkedClause, int]], at: int) -> str:
    """What is to be read beside an act: what asks or wishes, and behind another try what was meant, too."""
    kept = [
        clause for clause, place in left if act == "wait" or (act in TRIES_AGAIN and place > at) or _wants(text, clause)
    ]
    if not kept:
        return ""
    stretch = text[kept[0].start : kept[-1].end] if len(kept) == len(left) and _in_a_row(left) else ""
    said = stretch or " ".join(text[clause.start : clause.end].strip() for clause in kept)
    mark = text[kept[-1].end : kept[-1].end + 1]
    meant = _MEANT.sub("", said, count=1).strip()
    return (meant or said).strip() + ("?" if mark == "?" else "")


def _in_a_row(left: Sequence[tuple[MarkedClause, int]]) -> bool:
    places = [place for _, place in left]
    return places == list(range(places[0], places[-1] + 1))


def _wants(text: str, clause: MarkedClause) -> bool:
    """Whether a clause asks something or requests it."""
    if text[clause.end : clause.end + 1] == "?":
        return True
    return any(one.act != "statement" for one in clauses_of(text[clause.start : clause.end]))
