"""What the customer of a scripted conversation says next: a script's line, an answer from the facts, or nothing more.

The rule, in full:

* The first line is always said, and so is a line that says more than a value: a wish, a question, a correction, thanks.
* A line that is only a value (a postcode, a day, an appliance, a yes) is an answer. It is said when that value is asked
  for, also before its turn where the question comes sooner, and left out when nobody asks.
* A choice that no line answers is answered with what the customer came for, where that is among the buttons: somebody
  who wants a technician chooses "Book a technician".
* A question that no line answers is answered from ``facts``, and where these are silent by "I don't know"; but
  everybody knows their own e-mail address. When the lines are used up, only somebody who has a goal goes on answering.
* While a person has the conversation, or is waited for, every line is said as it comes: there nothing is asked by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal

UNKNOWN = "I don't know"
OWN_EMAIL = "customer@example.org"
"""Everybody knows their own address, also where a set does not list it."""

# After so many answers that stand in no line the customer has had enough: the assistant asks in circles.
MOST_UNSCRIPTED = 8
MOST_OF_A_KIND = 2

CONFIRMATION, CHOICE, PRODUCT = "confirmation", "choice", "product"

_SHAPES = {
    "email": re.compile(r"[^\s@]{1,64}@[\w.-]{1,200}\w"),
    "order": re.compile(r"\blf[ -]?\d{7}\b", re.IGNORECASE),
    "phone": re.compile(r"(?<!\d)(?:\+44|0)\d(?:[ ]?\d){8,9}\b"),
    "postcode": re.compile(r"\b[a-z]{1,2} ?\d[a-z\d]? ?\d ?[a-z]{2}\b", re.IGNORECASE),
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tomorrow", "weekday")
_SHORT_DAYS = frozenset({"mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri", "sat", "sun"})
_TIMES = ("morning", "mornings", "afternoon", "afternoons", "evening")
_SHORT_TIMES = frozenset({"am", "pm", "aft", "earliest", "lunchtime", "dinner"})
_PRODUCTS = frozenset(
    (
        *("dishwasher", "oven", "cooker", "fridge", "freezer", "hob", "dryer", "washer", "microwave"),
        *("heron", "kestrel", "snipe", "tern", "swift", "plover", "duo"),
    )
)
_TWO_WORDS = {"washing machine": "washer", "tumble dryer": "dryer", "double oven": "oven", "pick up": "collection"}
_WAYS = frozenset({"collection", "collect", "collected", "store", "shop", "pickup"})
_YES = frozenset({"yes", "yep", "yeah", "yup", "y", "correct", "ta", "go", "right", "thats", "perfect", "do"})
_SURE_YES = frozenset({"yes", "yep", "yeah", "yup", "y"})
_NEXT_TO_A_YES = frozenset({"book", "thank", "much", "so"})
_COURTESY = frozenset(
    (
        *("please", "pls", "plz", "thanks", "thank", "you", "a", "an", "the", "it", "its", "is", "this", "that"),
        *("one", "my", "me", "i", "for", "in", "on", "at", "to", "before", "if", "poss", "possible", "there"),
        *(
            "theres",
            "are",
            "anything",
            "any",
            "whatever",
            "best",
            "tall",
            "next",
            "week",
            "then",
            "ok",
            "okay",
            "like",
            "say",
        ),
        *("from", "of", "too", "way", "just"),
    )
)
_NO_ANSWER = re.compile(
    r"\?|\b(?:and|not|no|nope|sorry|oops|actually|instead|hang|wait|meant|but|how|what|when|why|who|which|where|can|could)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[a-z]+")
# A misspelt day or time counts: "thersday arfternoon".
_CLOSE = 0.75
_SHORTEST_TO_GUESS = 5

_SLOTS: Mapping[str, frozenset[str]] = {
    "order_number": frozenset({"order"}),
    "problem": frozenset({"fault"}),
    "appointment": frozenset({"day", "time"}),
    "return_reason": frozenset({"reason"}),
    "return_method": frozenset({"how", "day", "time"}),
}
_ASKED_IN_WORDS = {
    "order": re.compile(r"order number|number of (?:your|the) order", re.IGNORECASE),
    "postcode": re.compile(r"post ?code", re.IGNORECASE),
    "email": re.compile(r"e-?mail", re.IGNORECASE),
    PRODUCT: re.compile(r"(?:which|what) (?:appliance|product|machine)", re.IGNORECASE),
    "day": re.compile(r"(?:which|what) day", re.IGNORECASE),
}
_QUESTION = re.compile(r"[^.!?\n]*\?")

# What people with a goal came for, by the beginning of the conversation's kind or by the check of its end, and how a
# button for it reads.
_WISHES = (
    ("booked", "technician", re.compile(r"technician|engineer|visit|repair", re.IGNORECASE)),
    ("returned", "return", re.compile(r"\bback\b|\breturn", re.IGNORECASE)),
    ("tracked", "tracking", re.compile(r"\btrack", re.IGNORECASE)),
)
_NOT_FOR_IT = re.compile(r"move|cancel|policy|how|when|where|\bcost", re.IGNORECASE)

Origin = Literal["script", "facts", "unknown", "desk"]


def kinds_of_slot(slot: str | None) -> frozenset[str]:
    """Which kinds of values answer a form's question for ``slot``; empty when nothing is asked."""
    if not slot:
        return frozenset()
    if slot.startswith("confirm_"):
        return frozenset({CONFIRMATION})
    return _SLOTS.get(slot, frozenset({slot}))


def asked_besides(texts: Sequence[str], kinds: frozenset[str]) -> frozenset[str]:
    """Give what the same question asks for besides: "your order number and postcode?" asks for two values."""
    found: set[str] = set()
    for question in (match for text in texts for match in _QUESTION.findall(text)):
        named = {kind for kind, words in _ASKED_IN_WORDS.items() if words.search(question)}
        if named & kinds:
            found |= named - kinds
    return frozenset(found)


def asks_in_words(texts: Sequence[str]) -> frozenset[str]:
    """Read a question that belongs to no form from its words: "Which appliance is it?"."""
    questions = [match for text in texts for match in _QUESTION.findall(text)]
    return frozenset(kind for kind, words in _ASKED_IN_WORDS.items() if any(words.search(one) for one in questions))


def are_products(titles: Sequence[str]) -> bool:
    """Whether the choices are appliances, so that the question is which of them."""
    named = [title for title in titles if _words_of(title) and set(_words_of(title)) <= _PRODUCTS | _COURTESY]
    return len(named) >= 2


def values_of(line: str, facts: Mapping[str, Any]) -> frozenset[str]:
    """Give the kinds of values of a line that is nothing but values; empty for a line that says more."""
    rest, kinds = line, set()
    for kind, shape in _SHAPES.items():
        rest, count = shape.subn(" ", rest)
        if count:
            kinds.add(kind)
    if _NO_ANSWER.search(rest):
        return frozenset()
    words = _words_of(rest)
    for kind in ("fault", "reason"):
        told = set(_words_of(str(facts.get(kind, "")))) - _COURTESY
        content = set(words) - _COURTESY - _PRODUCTS
        if content and content <= told:
            named = {PRODUCT} if set(words) & _PRODUCTS else set()
            return frozenset(kinds | named | {kind})
    says_yes = bool(words) and (words[0] in _YES or words[-1] in _SURE_YES)
    for word in words:
        if word in _SHORT_DAYS or _is_close(word, _DAYS):
            kinds.add("day")
        elif word in _SHORT_TIMES or _is_close(word, _TIMES):
            kinds.add("time")
        elif word in _PRODUCTS:
            kinds.add(PRODUCT)
        elif word in _WAYS:
            kinds.add("how")
        elif word in _COURTESY or (says_yes and word in _YES | _NEXT_TO_A_YES):
            continue
        else:
            return frozenset()
    if not kinds and says_yes:
        kinds.add(CONFIRMATION)
    return frozenset(kinds)


def _words_of(text: str) -> list[str]:
    plain = text.lower().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    for phrase, word in _TWO_WORDS.items():
        plain = plain.replace(phrase, word)
    return _WORDS.findall(plain)


def _is_close(word: str, known: Sequence[str]) -> bool:
    if len(word) < _SHORTEST_TO_GUESS:
        return False
    return any(SequenceMatcher(None, word, one).ratio() >= _CLOSE for one in known)


@dataclass(frozen=True)
class Line:
    """A line of the script: of the customer, with its number among theirs, or of the desk, without one."""

    number: int | None
    text: str
    values: frozenset[str] = frozenset()
    """What it answers; empty for a line that is always said."""


@dataclass(frozen=True)
class Situation:
    """What the customer has in front of them: who owns the conversation, and what was asked last."""

    owner: str = "bot"
    asks: frozenset[str] = frozenset()
    """Kinds of values that the open question asks for: any of them answers it."""
    besides: frozenset[str] = frozenset()
    """What the same question asks for in addition."""
    chooses: bool = False
    """Whether there is a choice that is no form's question."""
    choices: tuple[str, ...] = ()
    """The titles of the buttons."""
    invites: bool = False
    """Whether a yes has something to answer: a question mark or buttons."""


@dataclass(frozen=True)
class Next:
    """What is said or done next; ``numbers`` are the script's lines that it says."""

    text: str
    origin: Origin
    numbers: tuple[int, ...] = ()
    answers: bool = False
    """Whether it is nothing but the value that was asked for."""


@dataclass
class Script:
    """One conversation's lines, taken one at a time by :meth:`next`."""

    lines: list[Line]
    facts: Mapping[str, Any]
    has_goal: bool
    wish: re.Pattern[str] | None = None
    """How a button reads that leads to what the customer came for."""
    left_out: dict[int, int] = field(default_factory=dict)
    """The numbers of lines that nobody asked for, and how many things had been said when each was passed over."""
    _place: int = 0
    _passed: list[Line] = field(default_factory=list)
    _unscripted: list[tuple[str, str]] = field(default_factory=list)
    _said: int = 0

    @classmethod
    def of(cls, conversation: Mapping[str, Any]) -> Script:
        """Read a conversation of a set."""
        facts = conversation.get("facts") or {}
        lines: list[Line] = []
        number = 0
        for turn in conversation["turns"]:
            if isinstance(turn, Mapping):
                lines.append(Line(None, str(turn["desk"])))
            else:
                number += 1
                lines.append(Line(number, str(turn), values_of(str(turn), facts) if number > 1 else frozenset()))
        return cls(lines, facts, has_goal(conversation), wish_of(conversation))

    def next(self, now: Situation) -> Next | None:
        """Say what comes next; None ends the conversation."""
        chosen = self._next(now)
        if chosen is not None:
            self._said += 1
        return chosen

    def _next(self, now: Situation) -> Next | None:
        if now.owner == "bot" and now.asks:
            answers = self._answers(now.asks, now.besides)
            if answers:
                return Next(", ".join(line.text for line in answers), "script", tuple(_numbers(answers)), answers=True)
            upcoming = self._upcoming()
            if upcoming is None or upcoming.values:
                unscripted = self._from_facts(now.asks, over=upcoming is None)
                if unscripted is not None:
                    return unscripted
        while (line := self._upcoming()) is not None:
            if self._is_said(line, now):
                self._place += 1
                if line.number is None:
                    return Next(line.text, "desk")
                return Next(line.text, "script", (line.number,), answers=bool(line.values))
            if (chosen := self._choice(now)) is not None:
                return chosen
            if now.chooses and not any(kind == CHOICE for kind, _text in self._unscripted):
                self._unscripted.append((CHOICE, UNKNOWN))
                return Next(UNKNOWN, "unknown", answers=True)
            self._place += 1
            self._passed.append(line)
            if line.number is not None:
                self.left_out[line.number] = self._said
        return None

    def _choice(self, now: Situation) -> Next | None:
        """The button that leads to what the customer came for, if there is one."""
        if self.wish is None or now.asks:
            return None
        title = next((one for one in now.choices if self.wish.search(one) and not _NOT_FOR_IT.search(one)), None)
        if title is None or self._unscripted.count((CHOICE, title)) >= MOST_OF_A_KIND:
            return None
        self._unscripted.append((CHOICE, title))
        return Next(title, "facts", answers=True)

    def _is_said(self, line: Line, now: Situation) -> bool:
        if not line.values or now.owner != "bot":
            return True
        return line.values == {CONFIRMATION} and now.invites

    def _upcoming(self) -> Line | None:
        return self.lines[self._place] if self._place < len(self.lines) else None

    def _answers(self, asks: frozenset[str], besides: frozenset[str]) -> list[Line]:
        """The line that answers, passed over before or next in turn; with it those for what was asked besides."""
        ahead = []
        for line in self.lines[self._place :]:
            if not line.values:
                break
            ahead.append(line)
        near = [*self._passed, *ahead]
        chosen = [line for line in near if line.values & asks][:1]
        for kind in sorted(besides) if chosen else ():
            if not any(kind in line.values for line in chosen):
                chosen += [line for line in near if kind in line.values][:1]
        for line in chosen:
            self._take(line)
        return chosen

    def _take(self, line: Line) -> None:
        if line in self._passed:
            self._passed.remove(line)
            if line.number is not None:
                self.left_out.pop(line.number, None)
        else:
            self.lines.remove(line)

    def _from_facts(self, kinds: frozenset[str], *, over: bool) -> Next | None:
        """Answer what no line foresees; None when the customer has had enough, or has no reason to go on."""
        if len(self._unscripted) >= MOST_UNSCRIPTED or (over and not self.has_goal):
            return None
        later = next((line for line in self.lines[self._place :] if line.values & kinds), None)
        if later is not None and later.number is not None:
            self.lines.remove(later)
            return Next(later.text, "script", (later.number,), answers=True)
        facts = {"email": OWN_EMAIL, **self.facts}
        known = [str(facts[kind]) for kind in sorted(kinds) if kind in facts]
        if CONFIRMATION in kinds and self.has_goal:
            known = ["yes"]
        text = " ".join(known) or UNKNOWN
        said = ("/".join(sorted(kinds)), text)
        if self._unscripted.count(said) >= MOST_OF_A_KIND:
            return None
        self._unscripted.append(said)
        return Next(text, "facts" if known else "unknown", answers=True)


def has_goal(conversation: Mapping[str, Any]) -> bool:
    """Whether the customer is meant to get something done, and so goes on answering until it is."""
    end = (conversation.get("checks") or {}).get("end") or {}
    return "min" in conversation or bool({"booked", "returned"} & set(end))


def wish_of(conversation: Mapping[str, Any]) -> re.Pattern[str] | None:
    """How a button reads that leads to the goal of a conversation; None where it has none of these goals."""
    end = (conversation.get("checks") or {}).get("end") or {}
    kind = str(conversation.get("kind", "")).split(",")[0]
    for check, begins, words in _WISHES:
        if check in end or kind == begins:
            return words
    return None


def _numbers(lines: Sequence[Line]) -> list[int]:
    return [line.number for line in lines if line.number is not None]
