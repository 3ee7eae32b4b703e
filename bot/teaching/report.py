"""The audit in sentences: what was promised, what happened, how that is known, and what to do now."""

from __future__ import annotations

from bot.teaching.audit import Audit, interval

MOST_NAMED = 3
"""Intents that the advice names: what goes wrong most often is fixed first."""


def told(judged: Audit) -> list[str]:
    """The sentences, in the order in which a trainer reads them."""
    return [_promised(judged), _happened(judged), _known(judged), *_verdict(judged)]


def _promised(judged: Audit) -> str:
    promise = judged.promise
    if promise.model is None:
        return f"Promised, by hand: at most {promise.max_wrong or 0:.1%} of all messages answered wrongly."
    trained = promise.trained
    if trained is None:
        return f"Promised: nothing. {promise.model} was trained without max_wrong_answers (config.yml)."
    basis = (
        f"on examples that it had not seen {trained.wrong:.1%} went wrong and {trained.covered:.1%} of the messages in "
        f"scope were answered at once"
    )
    if not trained.proven:
        why = "the answering point was set by hand" if trained.by_hand else "there were too few examples to show it"
        return f"Promised: nothing. {promise.model} aims at {trained.max_wrong:.1%}, but {why}; {basis}."
    return (
        f"Promised by {promise.model}: at most {trained.max_wrong:.1%} of all messages answered wrongly, for messages "
        f"like the examples, {trained.out_of_scope_share:.0%} of them out of scope "
        f"({trained.confidence:.0%} of trainings keep this); {basis}."
    )


def _happened(judged: Audit) -> str:
    whole = judged.all
    earlier = ""
    if judged.other_models:
        earlier = f" {judged.other_models} of them went through other models: --since leaves them out."
    return (
        f"Actual: {whole.wrong} of {whole.messages} messages were answered wrongly, {whole.share:.1%} (95 % interval "
        f"{whole.low:.1%} to {whole.high:.1%}); {_share(whole.answered, whole.messages)} were answered at once, "
        f"{_share(judged.out_of_scope, whole.messages)} taken as out of scope.{earlier}"
    )


def _known(judged: Audit) -> str:
    known = judged.known_by
    return (
        f"Known by: {known.get('mark', 0)} answers were marked by agents and trainers, {known.get('thumb', 0)} have a "
        f"customer's thumb up or down, {known.get('guess', 0)} are guessed from what the customer did next."
    )


def _verdict(judged: Audit) -> list[str]:
    verdict = judged.verdict
    if verdict == "none":
        return ["There is no promise to compare with. Set max_wrong_answers in config.yml and `make train`."]
    if verdict == "kept":
        return ["The promise is KEPT: the whole interval lies within it."]
    if verdict == "open":
        return ["The promise is OPEN: it lies inside the interval. More messages, and more marks, will tell."]
    return ["The promise is BROKEN: the whole interval lies above it. What to do:", *_advice(judged)]


def _advice(judged: Audit) -> list[str]:
    advice = []
    guessed = judged.all.wrong - sum(judged.all.reasons.get(name, 0) for name in ("marked_wrong", "thumb_down"))
    if guessed * 2 > judged.all.wrong:
        advice.append(
            f"{guessed} of {judged.all.wrong} wrong ones are guesses: read them (`warmline audit --turns wrong`) and "
            "mark them (`warmline mark`, or at the desk); a mark counts before a guess."
        )
    worst = [f"{one.group} ({one.wrong})" for one in judged.intents if one.wrong][:MOST_NAMED]
    advice.append(
        f"Most went wrong at {', '.join(worst)}: add what these customers wrote to the intents that they meant in "
        "data/nlu (`warmline suggestions` has it ready where that is known), and `make train`."
    )
    stated = judged.promise.trained.out_of_scope_share if judged.promise.trained is not None else None
    seen = judged.out_of_scope / judged.all.messages
    if stated is not None and interval(judged.out_of_scope, judged.all.messages)[0] > stated:
        advice.append(
            f"More messages are out of scope than training counted on ({seen:.0%}, stated {stated:.0%}): set "
            f"out_of_scope_share: {seen:.2f} in config.yml and `make train`."
        )
    advice.append(
        "Until then a lower max_wrong_answers makes the assistant ask back more often and be wrong less often; "
        "training prints what that costs."
    )
    return [f"  {number}. {one}" for number, one in enumerate(advice, start=1)]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "0.0%"
