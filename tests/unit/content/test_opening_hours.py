"""W12: the demo's shop page, its articles and its actions tell the same hours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from actions.shop.model import Window

ROOT = Path(__file__).parents[3]
ARTICLES = ROOT / "knowledge_index" / "articles"
_SPAN = re.compile(r"(\d{1,2}(?:\.\d\d)? ?[ap]m|(?:12 )?noon)(?: to |\u2013)(\d{1,2}(?:\.\d\d)? ?[ap]m|(?:12 )?noon)")


def _spans(text: str) -> list[str]:
    """All spans of hours in a text, each as ``8am-noon``."""
    return [
        "-".join(end.replace(" ", "").replace("12noon", "noon") for end in span.groups())
        for span in _SPAN.finditer(text)
    ]


def _page() -> str:
    return (ROOT / "page" / "index.html").read_text(encoding="utf-8")


def _shown(name: str) -> str:
    """What the shop page shows under a name."""
    found = re.search(rf"<dt>{name}</dt><dd>(.*?)</dd>", _page())
    assert found is not None, name
    return found.group(1)


@pytest.mark.parametrize("window", list(Window))
def test_a_visits_hours_are_one_truth(window: Window) -> None:
    """What is booked, what is answered and what the page says."""
    booked = _spans(window.hours)
    assert len(booked) == 1
    assert _spans(_shown(window.value.capitalize())) == booked
    article = (ARTICLES / "technician-visit.md").read_text(encoding="utf-8")
    said = re.search(rf"in the {window.value} (from .*?)(?: or |\.)", article)
    assert said is not None
    assert _spans(said.group(1)) == booked


def test_the_days_of_visits_are_one_truth() -> None:
    """The page's days stand in the article word for word."""
    assert f"visit from {_shown('Visits')}," in (ARTICLES / "technician-visit.md").read_text(encoding="utf-8")


def test_the_stores_hours_are_one_truth() -> None:
    """The line in the page's head says what the article's opening says: weekdays, then Sunday."""
    head = re.search(r'<p class="hours">(.*?)</p>', _page())
    assert head is not None
    opening = (ARTICLES / "store-hours.md").read_text(encoding="utf-8").split("---\n", 2)[2].strip().split("\n")[0]
    assert len(_spans(opening)) == 2
    assert _spans(head.group(1)) == _spans(opening)
