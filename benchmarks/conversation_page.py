"""A set of played conversations to read: what was said beside what was wanted, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.conversation_checks import Outcome, outcomes
from benchmarks.conversation_figures import Turn, goal_reached, is_dialogue, turns_of, worst
from benchmarks.conversation_judgements import BAD, Judgements
from benchmarks.conversation_play import Play, Step

_ORIGINS = {"facts": " (from the facts)", "unknown": " (the facts are silent)"}


def page(name: str, plays: Sequence[Play], judgements: Judgements) -> str:
    """Give the whole page: the worst turns first, then every conversation."""
    lines = [f"# Conversations of `{name}`", ""]
    bad = worst(plays, judgements)
    if bad:
        lines += ["## The worst", ""]
        for turn in bad:
            lines += [f"**{turn.name}** {turn.verdict}: {turn.why}", "", *_spoken(turn.step, turn), ""]
    for play in plays:
        lines += _conversation(play, judgements)
    return "\n".join(lines) + "\n"


def _conversation(play: Play, judgements: Judgements) -> list[str]:
    about = play.conversation
    turns = {id(turn.step): turn for turn in turns_of(play, judgements)}
    title = " · ".join(str(about[key]) for key in ("pattern", "kind") if key in about)
    lines = [f"## {play.id}: {title}", "", f"Wanted: {about['want']}", ""]
    if about.get("facts"):
        lines += ["Facts: " + ", ".join(f"{name} {value}" for name, value in about["facts"].items()), ""]
    for step in play.steps:
        turn = turns.get(id(step))
        lines += [*_spoken(step, turn), _read(step)]
        if turn is not None:
            lines += _judged(turn)
        lines.append("")
    if play.left_out:
        lines += [
            "Left out, since nobody asked: " + ", ".join(f"line {number}" for number in sorted(play.left_out)),
            "",
        ]
    ends = [one for one in outcomes(play) if one.step is None]
    lines += [f"End: owner {play.owner}; written {dict(play.written)}", *map(_check, ends)]
    if is_dialogue(play):
        reached = goal_reached(play, judgements)
        lines.append(f"Goal: {'to be judged' if reached is None else 'reached' if reached else 'missed'}")
    return [*lines, ""]


def _spoken(step: Step, turn: Turn | None) -> list[str]:
    if not step.is_customers:
        lines = [f"- **desk**: {step.said.text}" + ("" if step.done else " (there is no ticket: not done)")]
    else:
        from_script = f" (line {' and '.join(map(str, step.said.numbers))})" if step.said.numbers else ""
        origin = _ORIGINS.get(step.said.origin, from_script)
        lines = [f"- **customer {turn.index if turn else ''}**{origin}: {_flat(step.said.text)}"]
    for message in step.heard:
        lines.append(f"  - {message.author}: {_flat(message.text)}")
        if message.choices:
            lines.append("    - buttons: " + " | ".join(message.choices))
        if message.article:
            lines.append(f"    - source: `{message.article}` {message.source or ''}".rstrip())
    if not step.heard and step.is_customers:
        lines.append(
            "  - (silence: a person has the conversation)" if step.owner_before == "human" else "  - **(silence)**"
        )
    return lines


def _read(step: Step) -> str:
    trace = step.trace
    decision = trace.get("decision") or {}
    intent = trace.get("intent") or {}
    parts = [
        f"{decision.get('kind')}: {decision.get('why')}" if decision else "",
        f"intent {intent.get('name')}" if intent.get("name") else "",
        *(f"{one['name']}: {one['did']}" for one in trace.get("steps") or []),
        "actions " + ", ".join(one["name"] + ("" if one["ok"] else " FAILED") for one in trace["actions"])
        if trace.get("actions")
        else "",
        f"asks {', '.join(sorted(step.situation.asks))}" if step.situation.asks else "",
        f"owner {step.owner}" + (f" ({step.reason})" if step.reason else ""),
        f"{step.milliseconds:.0f} ms" if step.is_customers else "",
    ]
    return "  - _" + _flat(" · ".join(part for part in parts if part)) + "_"


def _judged(turn: Turn) -> list[str]:
    lines = [_check(one) for one in turn.failed]
    if turn.verdict is None:
        return [*lines, "  - to be judged"]
    mark = "**" if turn.verdict in BAD else ""
    return [*lines, f"  - {mark}{turn.verdict}{mark}: {_flat(turn.why)}"]


def _check(one: Outcome) -> str:
    return f"  - check {one.name}: wanted {one.wanted}; " + (
        "holds" if one.holds else f"FAILS, got {one.got or 'other words'}"
    )


def _flat(text: str) -> str:
    return text.replace("\n", " / ")
