"""The audit in plain sentences: promise, outcome, and what to do."""

from __future__ import annotations

from dataclasses import replace

from bot.nlu.intents.promise import Promised
from bot.teaching.asked import AskedQuestion
from bot.teaching.audit import Promise, audit
from bot.teaching.report import told

TRAINED = Promised(0.03, 0.1, 0.95, proven=True, by_hand=False, wrong=0.021, covered=0.62)
MODEL = Promise.of_model("m.tar.gz", TRAINED)


def asked(number: int, decision: str = "answer", next_: str = "went_on", **more: str) -> list[AskedQuestion]:
    """So many of the same."""
    given: dict[str, str] = {"intent": "store_hours", "model": "m.tar.gz"} | more
    return [AskedQuestion("x", decision, "done", None, next=next_, **given)] * number  # type: ignore[arg-type]


def test_it_says_what_was_promised_what_happened_and_how_that_is_known() -> None:
    """With the interval; a kept promise needs no advice."""
    questions = [*asked(990), *asked(4, mark="wrong"), *asked(6, rating="up"), *asked(10, model="old.tar.gz")]
    promised, happened, known, verdict = told(audit(questions, MODEL))
    assert "m.tar.gz: at most 3.0% of all messages" in promised
    assert "10% of them out of scope" in promised
    assert "2.1% went wrong and 62.0%" in promised
    assert "4 of 1010 messages were answered wrongly, 0.4% (95 % interval 0.2% to 1.0%)" in happened
    assert "10 of them went through other models" in happened
    assert (
        "4 answers were marked by agents and trainers, 6 have a customer's thumb up or down, 1000 are guessed" in known
    )
    assert "KEPT" in verdict


def test_a_broken_promise_comes_with_what_to_do() -> None:
    """Guesses are to be looked at first, then the intents; a wrong share of out-of-scope messages is named."""
    wrong = [*asked(70, next_="asked_again"), *asked(30, mark="wrong", intent="track_order")]
    advice = "\n".join(told(audit([*asked(400), *wrong, *asked(300, "out_of_scope")], MODEL))[3:])
    assert "BROKEN" in advice
    assert "70 of 100 wrong ones are guesses" in advice
    assert "store_hours (70), track_order (30)" in advice
    assert "out_of_scope_share: 0.38" in advice
    assert "max_wrong_answers" in advice
    marked = "\n".join(told(audit([*asked(400), *asked(100, rating="down")], MODEL)))
    assert "guesses" not in marked
    assert "out_of_scope_share" not in marked


def test_few_messages_leave_it_open() -> None:
    """Nothing is claimed that ten messages cannot show; nothing breaks without any."""
    assert "OPEN" in told(audit(asked(10), MODEL))[-1]
    assert "OPEN" in told(audit([], MODEL))[-1]


def test_what_is_not_promised_cannot_be_broken() -> None:
    """No budget, a point set by hand, too few examples: the figures stand, and the way to a promise."""
    for trained, why in (
        (None, "without max_wrong_answers"),
        (replace(TRAINED, proven=False, by_hand=True), "set by hand"),
        (replace(TRAINED, proven=False), "too few examples"),
    ):
        judged = audit(asked(100, next_="asked_again"), Promise.of_model("m.tar.gz", trained))
        assert judged.verdict == "none"
        said = told(judged)
        assert why in said[0]
        assert "100 of 100 messages" in said[1]
        assert "max_wrong_answers" in said[-1]
    assert "by hand: at most 3.0%" in told(audit(asked(1), Promise(0.03)))[0]
