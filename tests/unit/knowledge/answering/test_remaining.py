"""What is left of an article for who has tried some of it: the steps that were not done, then what was not said yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from bot.knowledge.answering.answers import shown_text
from bot.knowledge.answering.asking import Asking
from bot.knowledge.answering.follow_up import LastQuestion
from bot.knowledge.answering.ranking import Ranked
from bot.knowledge.answering.remaining import LEAST_SHARE, Remaining, remaining, texts_of
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import load_articles
from bot.nlu.reading.done_already import DoneAlready, done_already

BODY = """A Lark that leaves linen damp usually has a full lint filter or a full tank.

## What to check

1. Pull the lint filter out.
2. Empty the tank at the top.
3. Open the flap at the bottom.

Linen from a slow spin stays damp for longer.

## Sensor

Wipe the sensor with vinegar.
"""
QUESTION = "my linen is damp"


@pytest.fixture
def index(write, encoder) -> KnowledgeIndex:
    """One article."""
    return KnowledgeIndex.build(load_articles(write(body=BODY).parent), encoder)


@pytest.fixture
def left(index: KnowledgeIndex) -> Callable[..., Remaining | None]:
    """What is left behind a message; the sensor fits as well as ``sensor`` says, the rest hardly."""

    def found(
        text: str, last: LastQuestion | None = None, sensor: float = 0.5, spin: float = 0.01, **more: bool
    ) -> Remaining | None:
        texts = [index.text("store-hours", stretch.start, stretch.end) for stretch in index.stretches]
        shares = np.asarray([sensor if "sensor" in text else spin if "spin" in text else 0.01 for text in texts])
        ranked = Ranked(np.arange(len(texts), dtype=np.int64), np.log(shares), np.log(1.0 - shares.sum()))
        told = done_already(text) or DoneAlready((), text)
        asking = Asking(f"{QUESTION}, {text}", new=text)
        return remaining(index, ranked, ranked, asking, last or shown(index), told, **more)

    return found


def shown(index: KnowledgeIndex, until: str = "3. Open the flap at the bottom.") -> LastQuestion:
    """The question, after the article was shown up to some words of it."""
    end = BODY.index(until) + len(until)
    return LastQuestion(QUESTION, "store-hours", index.version("store-hours") or "", ((0, end),))


def said(index: KnowledgeIndex, found: Remaining | None) -> str:
    """What the customer reads."""
    assert found is not None
    assert found.answer is not None
    return shown_text(index, found.answer)


def test_the_steps_that_were_not_done_are_what_is_left(index: KnowledgeIndex, left) -> None:
    found = left("did the lint, did the tank. the thing at the bottom?")
    assert said(index, found) == "3. Open the flap at the bottom."
    assert found.steps
    assert found.points_at == "3. Open the flap at the bottom."
    assert texts_of(index, found) == ("1. Pull the lint filter out.", "2. Empty the tank at the top.")


def test_what_was_done_before_stays_done(index: KnowledgeIndex, left) -> None:
    first = left("did the lint")
    assert said(index, first) == "2. Empty the tank at the top.\n3. Open the flap at the bottom."
    found = left("did the tank", replace(shown(index), done=first.ruled_out))
    assert said(index, found) == "3. Open the flap at the bottom."


def test_after_the_last_step_comes_what_was_not_said_yet(index: KnowledgeIndex, left) -> None:
    """Under the same heading whatever it is, elsewhere what is proven; nothing of it a second time.

    Who has tried everything is told what is proven only: anything else would be one more thing to try in vain.
    """
    assert said(index, left("tried all of that", sensor=0.9)) == "Wipe the sensor with vinegar."
    done = "did the lint, did the tank, opened the flap"
    assert said(index, left(done, sensor=LEAST_SHARE / 2)) == "Linen from a slow spin stays damp for longer."
    nothing = left("tried all of that", sensor=LEAST_SHARE / 2)
    assert nothing is not None
    assert nothing.answer is None


def test_one_thing_is_said_at_a_time(index: KnowledgeIndex, left) -> None:
    """Of what is left the best and what stands with it, not a second thing under another heading."""
    opening = shown(index, "a full tank.")
    assert said(index, left("not in the shed", opening, sensor=0.45, spin=0.4)) == "Wipe the sensor with vinegar."


def test_what_names_nothing_of_the_article_goes_on_only_with_something_proven(index: KnowledgeIndex, left) -> None:
    """ "Not in the shed" is no check that was made: where nothing is left nobody says that all was done."""
    assert said(index, left("not in the shed either")) == "Wipe the sensor with vinegar."
    whole = shown(index, "Linen from a slow spin stays damp for longer.")
    assert left("not in the shed either", whole, sensor=LEAST_SHARE / 2) is None


def test_what_was_done_and_never_advised_speaks_less_for_the_article(index: KnowledgeIndex, left) -> None:
    """ "Wiped the sensor" is ruled out all the same."""
    found = left("wiped the sensor")
    assert said(index, found) == "Linen from a slow spin stays damp for longer."
    assert not found.matched
    assert texts_of(index, found) == ("Wipe the sensor with vinegar.",)
    assert left("did the tank").matched
    assert left("no sensor", shown(index, "a full tank.")).matched


def test_what_is_not_so_ends_nothing_by_itself(index: KnowledgeIndex, left) -> None:
    """A sensor that is not there is no check that was made: the next thing is said, and without one nothing."""
    opening = shown(index, "a full tank.")
    assert said(index, left("no sensor", opening)).startswith("1. Pull the lint filter out.")
    whole = shown(index, "Linen from a slow spin stays damp for longer.")
    assert left("no sensor", whole) is None


def test_the_last_check_may_be_one_that_is_not_so(index: KnowledgeIndex, left) -> None:
    """No lint, no flap: all checks are made."""
    last = replace(shown(index, "Linen from a slow spin stays damp for longer."), done=((96, 124), (125, 154)))
    found = left("no flap", last, sensor=LEAST_SHARE / 2)
    assert found is not None
    assert found.answer is None


def test_what_did_not_help_is_ruled_out_whole(index: KnowledgeIndex, left) -> None:
    found = left("it goes away with vinegar", no_help=True)
    assert said(index, found) == "Wipe the sensor with vinegar."
    assert len(found.ruled_out) == 4


def test_an_article_that_was_not_shown_or_has_changed_has_nothing_left(index: KnowledgeIndex, left) -> None:
    assert left("did the lint", replace(shown(index), shown=())) is None
    assert left("did the lint", replace(shown(index), version="another")) is None


def test_an_article_that_advises_nothing_has_nothing_left(write, encoder) -> None:
    """ "No lift" asks for what prices say of it, and rules nothing out of them."""
    body = (
        "Delivery costs £25.\n\nAbove the second floor without a lift, each further floor costs £15.\n\n"
        "Delivery includes carrying it to the room of your choice.\n"
    )
    index = KnowledgeIndex.build(load_articles(write(body=body).parent), encoder)
    many = len(index.stretches)
    ranked = Ranked(np.arange(many, dtype=np.int64), np.zeros(many), 0.0)
    first = body.index("\n")
    last = LastQuestion("what does delivery cost", "store-hours", index.version("store-hours") or "", ((0, first),))
    told = done_already("it's a third floor flat, no lift")
    assert told is not None
    assert remaining(index, ranked, ranked, Asking("", new="no lift"), last, told) is None
