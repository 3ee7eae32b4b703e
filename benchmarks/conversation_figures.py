"""Counts a set of played conversations: bad turns, silence, follow-ups, goals, turns used, choices, buttons.

A turn is bad by its verdict, or because a check of it fails: where the two differ, the check counts. A verdict that is
missing makes each figure missing that rests on it, unless a failed check has decided already.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.conversation_checks import END, Outcome, outcomes
from benchmarks.conversation_judgements import BAD, VERDICTS, Judgements
from benchmarks.conversation_play import Play, Step
from benchmarks.conversation_script import has_goal
from benchmarks.report import Check

# A conversation with so many customer turns counts as a dialogue, and has a goal.
LONG = 4
_SAFETY = re.compile(r"\bsafety\b", re.IGNORECASE)
_DANGER = "danger"
_REPAIR_PATTERNS = frozenset({"P4", "P5"})
_REPAIR_KINDS = re.compile(r"follow-up|talk repair|correct|after all", re.IGNORECASE)
_MOST_WORST = 20
_WORST_FIRST = {"bad manners": 0, "wrong": 1, "unhelpful": 2}


@dataclass(frozen=True)
class Turn:
    """A customer's turn, with what reading and checks say of it."""

    play: Play
    index: int
    step: Step
    verdict: str | None
    """None while it waits to be judged; what a failed check makes of it comes first."""
    why: str
    failed: tuple[Outcome, ...]

    @property
    def name(self) -> str:
        """The conversation, and the place of the turn among the customer's."""
        return f"{self.play.id}/{self.index}"

    @property
    def is_repair(self) -> bool:
        """Whether it follows up, corrects or mends, in more words than a value that was asked for."""
        conversation = self.play.conversation
        of_kind = conversation.get("pattern") in _REPAIR_PATTERNS or _REPAIR_KINDS.search(str(conversation["kind"]))
        return bool(of_kind) and self.index > 1 and self.step.said.origin == "script" and not self.step.said.answers

    @property
    def is_danger(self) -> bool:
        """Whether it tells of a danger: by its check, or as the first turn of a conversation about safety."""
        checks = self.play.conversation.get("checks") or {}
        numbers = {turn for turn, check in checks.items() if check.get("reason") == _DANGER}
        if numbers:
            return bool(numbers & set(self.step.said.numbers))
        return is_safety(self.play) and self.index == 1


def is_safety(play: Play) -> bool:
    """Whether a conversation is about a danger: P1, or a kind that says so."""
    conversation = play.conversation
    return conversation.get("pattern") == "P1" or bool(_SAFETY.search(str(conversation["kind"])))


def turns_of(play: Play, judgements: Judgements) -> list[Turn]:
    """Put reading and checks together, turn by turn."""
    made = outcomes(play)
    turns = []
    places = [index for index, step in enumerate(play.steps) if step.is_customers]
    for number, place in enumerate(places, start=1):
        step = play.steps[place]
        failed = tuple(one for one in made if one.step == place and not one.holds)
        judged = judgements.of(play, step)
        verdict, why = (judged.verdict, judged.why) if judged else (None, "")
        if failed and verdict not in BAD:
            verdict = "wrong" if any(one.name == "says_not" for one in failed) else "unhelpful"
            why = "; ".join(f"check {one.name}: wanted {one.wanted}, got {one.got or 'other words'}" for one in failed)
        if step.is_silent and verdict not in BAD:
            verdict, why = "unhelpful", "silence"
        turns.append(Turn(play, number, step, verdict, why, failed))
    return turns


def goal_reached(play: Play, judgements: Judgements) -> bool | None:
    """Whether the customer got what they came for; an exact check decides, else the reading; None while not judged."""
    ends = [one for one in outcomes(play) if one.turn == END]
    if any(not one.holds for one in ends):
        return False
    if any(one.name in ("booked", "returned") for one in ends):
        return True
    judged = judgements.goal(play)
    return None if judged is None else judged.verdict == "yes"


def is_dialogue(play: Play) -> bool:
    """Whether a conversation has a goal, or is long enough to have one."""
    lines = [turn for turn in play.conversation["turns"] if not isinstance(turn, dict)]
    return has_goal(play.conversation) or len(lines) >= LONG


def turns_to_goal(play: Play) -> int | None:
    """The customer's turns up to what the conversation is for; None where it was not reached or none is named."""
    steps = list(enumerate(play.customer_steps, start=1))
    kind = str(play.conversation["kind"]).partition(",")[0]
    end = (play.conversation.get("checks") or {}).get(END) or {}
    for what, named in (("booked", "technician"), ("returned", "return")):
        if what in end or kind == named:
            return next((number for number, step in steps if step.written.get(what)), None)
    written = [number for number, step in steps if any(step.written.values())]
    if written:
        return written[0]
    if kind == "tracking" or "order" in (play.conversation.get("facts") or {}):
        # Of several orders the last one counts.
        return max((number for number, step in steps if _tracked(step)), default=None)
    return next((number for number, step in steps if step.owner != "bot"), None) if kind == "handoff" else None


def _tracked(step: Step) -> bool:
    return any(one["name"] == "action_track_order" and one["ok"] for one in step.trace.get("actions") or [])


def measure(plays: Sequence[Play], judgements: Judgements) -> tuple[list[Check], dict[str, Any]]:
    """Count a whole set; gives the bounds and the raw figures."""
    turns = [turn for play in plays for turn in turns_of(play, judgements)]
    waiting = [turn for turn in turns if turn.verdict is None]
    made = [(play, one) for play in plays for one in outcomes(play)]
    goals = {play.id: goal_reached(play, judgements) for play in plays if is_dialogue(play)}
    dangers = [turn for turn in turns if turn.is_danger]
    repairs = [turn for turn in turns if turn.is_repair]
    verdicts = Counter(turn.verdict for turn in turns)
    silent = [turn.name for turn in turns if turn.step.is_silent]
    figures: dict[str, Any] = {
        "conversations": len(plays),
        "customer_turns": len(turns),
        "turns_to_judge": [turn.name for turn in waiting],
        "goals_to_judge": [name for name, reached in goals.items() if reached is None],
        "verdicts": {name: verdicts[name] for name in VERDICTS},
        "verdicts_percent": {name: _percent(verdicts[name], len(turns)) for name in VERDICTS} if not waiting else None,
        "checks_made": len(made),
        "checks_failed": [
            {"conversation": play.id, "turn": one.turn, "check": one.name, "wanted": str(one.wanted), "got": one.got}
            for play, one in made
            if not one.holds
        ],
        "checks_held_percent": _percent(sum(one.holds for _play, one in made), len(made)),
        "turns_with_a_failed_check": [turn.name for turn in turns if turn.failed],
        "silent_turns": silent,
        "dangers": len(dangers),
        "dangers_missed": [turn.name for turn in dangers if turn.verdict in BAD],
        "follow_ups_and_repair": len(repairs),
        "follow_ups_and_repair_verdicts": dict(Counter(str(turn.verdict) for turn in repairs)),
        "dialogues": len(goals),
        "goals_reached": [name for name, reached in goals.items() if reached],
        "goals_missed": [name for name, reached in goals.items() if reached is False],
        "dialogues_without_a_bad_turn": _without_a_bad_turn(turns, goals),
        "lines_left_out": {play.id: sorted(play.left_out) for play in plays if play.left_out},
        "answers_from_facts": sum(turn.step.said.origin == "facts" for turn in turns),
        "answers_unknown": sum(turn.step.said.origin == "unknown" for turn in turns),
        "told_to_wait": sum(turn.step.told_to_wait for turn in turns),
        **_shapes(turns),
        "turns_used": _turns_used(plays),
    }
    bad = None if waiting else _percent(sum(turn.verdict in BAD for turn in turns), len(turns))
    wrong = None if waiting else _percent(sum(turn.verdict == "wrong" for turn in turns), len(turns))
    missed = None if any(turn.verdict is None for turn in dangers) else len(figures["dangers_missed"])
    right = None if any(turn.verdict is None for turn in repairs) else _right(repairs)
    reached = None if None in goals.values() else _percent(len(figures["goals_reached"]), len(goals))
    checks = [
        Check("bad turns, %", bad, 15),
        Check("wrong turns, %", wrong, 4),
        Check("safety failures", missed, 0),
        Check("silent turns", len(silent), 0),
        Check("follow-ups and repair right, %", right, 80, "least"),
        Check("dialogues that reach their goal, %", reached, 90, "least"),
    ]
    return checks, figures


def worst(plays: Sequence[Play], judgements: Judgements, most: int = _MOST_WORST) -> list[Turn]:
    """The worst turns: a missed danger, then silence, bad manners, what is wrong, what does not help."""
    bad = [turn for play in plays for turn in turns_of(play, judgements) if turn.verdict in BAD]
    return sorted(bad, key=lambda turn: (not turn.is_danger, not turn.step.is_silent, _WORST_FIRST[str(turn.verdict)]))[
        :most
    ]


def _right(turns: Sequence[Turn]) -> float | None:
    return _percent(sum(turn.verdict == "right" for turn in turns), len(turns)) if turns else None


def _without_a_bad_turn(turns: Sequence[Turn], goals: dict[str, bool | None]) -> list[str]:
    verdicts: dict[str, set[str | None]] = {}
    for turn in turns:
        verdicts.setdefault(turn.play.id, set()).add(turn.verdict)
    return [name for name in goals if not verdicts[name] & {*BAD, None}]


def _shapes(turns: Sequence[Turn]) -> dict[str, Any]:
    answered = [turn.step for turn in turns if turn.step.heard]
    return {
        "only_a_choice": [turn.name for turn in turns if turn.step.is_only_a_choice],
        "only_a_choice_percent": _percent(sum(turn.step.is_only_a_choice for turn in turns), len(turns)),
        "in_several_messages_percent": _percent(sum(len(step.heard) > 1 for step in answered), len(answered)),
        "with_buttons_percent": _percent(
            sum(any(one.choices for one in step.heard) for step in answered), len(answered)
        ),
    }


def _turns_used(plays: Sequence[Play]) -> dict[str, Any]:
    """Turns up to the goal against the fewest possible, by kind of goal; what was not reached is counted apart."""
    by_kind: dict[str, list[tuple[str, int | None, int]]] = {}
    for play in plays:
        if "min" in play.conversation:
            kind = str(play.conversation["kind"]).split(",")[0]
            by_kind.setdefault(kind, []).append((play.id, turns_to_goal(play), int(play.conversation["min"])))
    every = [one for several in by_kind.values() for one in several]
    return {
        "all": _ratio(every),
        **{kind: _ratio(several) for kind, several in by_kind.items()},
        "conversations": {name: {"used": used, "fewest": fewest} for name, used, fewest in every},
    }


def _ratio(several: Sequence[tuple[str, int | None, int]]) -> dict[str, Any]:
    reached = [(used, fewest) for _name, used, fewest in several if used is not None]
    used = sum(one for one, _fewest in reached)
    fewest = sum(one for _used, one in reached)
    return {
        "reached": len(reached),
        "not_reached": len(several) - len(reached),
        "used": used,
        "fewest": fewest,
        "times_the_fewest": round(used / fewest, 3) if fewest else None,
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
