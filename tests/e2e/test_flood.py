"""Nobody can spend what belongs to all: fifty hostile visitors flood the whole assistant, one customer has questions.

X1 to X3, X5 of the security cases.

Nothing here looks at a clock: what takes how long is measured by `make bench-abuse`, with the same visitors.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.e2e.conftest import skip_or_fail
from tests.e2e.installation import LONGEST_ANSWER, ROOT, private_settings
from tests.flood.assistant import WatchedInstallation
from tests.flood.material import FEWEST_GUESSES
from tests.flood.outcome import MOST_TICKETS_OF_AN_ADDRESS, MOST_VISITS_OF_AN_ADDRESS, Outcome, flooded
from tests.flood.process import Pace

# Half of the pace of `make bench-abuse`: 125 calls a second at most.
PACE = Pace(pause=0.4, seconds=90.0, calls=20_000, before=600)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """What came of one flood; the assistant is its own, kept by the supervisor, and nobody else's counts are in it."""
    if sys.platform != "linux":
        pytest.skip("client addresses 127.0.0.2 to 127.0.0.51 are loopback on Linux only")
    if not any((ROOT / "models").glob("*.tar.gz")):
        skip_or_fail("There is no trained model: run `make train` first.")
    running = WatchedInstallation(private_settings(tmp_path_factory.mktemp("flood")))
    running.prepare()
    try:
        running.run()
        yield flooded(running, PACE, LONGEST_ANSWER, one_address=False)
    finally:
        running.close()


def test_the_flood_was_one(outcome: Outcome) -> None:
    """It went on until the customer's last answer, no hostile visitor's script broke, and much of it was taken."""
    assert outcome.tally["ended"] == "told"
    assert outcome.tally["broken"] == []
    assert len(outcome.tally["conversations"]) == PACE.visitors
    assert outcome.answers("taken") > PACE.visitors


def test_the_honest_customer_gets_ten_right_answers(outcome: Outcome) -> None:
    """From the bot, each of them, and no ticket instead."""
    assert outcome.talk.not_right == []
    assert outcome.honest_tickets == 0
    assert not any(one.refused for one in outcome.talk.heard)


def test_hostile_visitors_are_refused_with_a_sentence_and_without_a_fault(outcome: Outcome) -> None:
    """Some calls are refused, each says what to do, none is answered with a fault of ours."""
    assert outcome.answers("refused") > 0
    assert outcome.answers("failed") == 0
    assert any(code.startswith("429 ") for code in outcome.tally["refusals"])
    assert all(sentence.endswith((".", "?", "!")) for sentence in outcome.tally["refusals"].values())


def test_people_and_visits_are_left_for_others(outcome: Outcome) -> None:
    """One address gets a few tickets and visits, as a household would, and no more."""
    assert sum(outcome.tickets.values()) > 0
    assert sum(outcome.visits.values()) > 0
    assert max(outcome.tickets.values(), default=0) <= MOST_TICKETS_OF_AN_ADDRESS
    assert max(outcome.visits.values(), default=0) <= MOST_VISITS_OF_AN_ADDRESS


def test_guessing_shows_nobody_elses_order(outcome: Outcome) -> None:
    """The right postcode comes after wrong ones from seven visitors, who had looked at an own order in between."""
    assert outcome.tally["guesses"] >= FEWEST_GUESSES
    assert outcome.orders_shown == 0


def test_all_that_was_taken_was_handled(outcome: Outcome) -> None:
    """Whoever got a 202, hostile or not, got an answer, a person or a word about why not."""
    assert outcome.left_over == 0


def test_no_process_was_replaced(outcome: Outcome) -> None:
    """Gateway, brain and actions are the ones that were there before: nothing died, nothing hung."""
    assert outcome.replaced == []
