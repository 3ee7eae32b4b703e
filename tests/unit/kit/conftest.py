"""A company for the tests of the kit: a few articles, two forms, and what its customers tell.

rasa-sdk lives in the brain's environment only: there these tests run (``.venv-brain/bin/pytest tests/unit/kit``).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pytest

from tests.unit.kit.talk import FewArticles, Talk

collect_ignore_glob = [] if find_spec("rasa_sdk") else ["test_*.py"]

FORMS = {
    "track_order_form": ("order_number", "postcode"),
    "book_technician_form": ("product", "problem", "postcode", "appointment", "email", "confirm_booking"),
}
"""As a domain would have them."""


@pytest.fixture
def served() -> None:
    """Actions that find these articles and this company."""
    from bot.kit.company import Company, Content, serve_for
    from bot.kit.readings import IntentTitle
    from bot.knowledge.index.passages import Passage

    def passage(place: int, article: str, title: str, text: str, start: int = 0, audience: str = "public") -> Passage:
        url = f"https://company.example/{article}"
        return Passage(place, article, title, "Hours", url, (audience,), text, start, start + len(text))

    articles = FewArticles(
        (
            passage(0, "store-hours", "Opening hours", "We open at nine. On Sundays we open at ten."),
            passage(1, "store-hours", "Opening hours", "Later on there is more.", start=50),
            passage(2, "refund-times", "When your refund arrives", "Within five days. " + "Banks take longer. " * 40),
            passage(3, "internal-goodwill", "Goodwill", "Give up to £40.", audience="internal"),
            passage(4, "pallets", "Pallets", "Traders pay half.", audience="trade"),
        )
    )
    titles = {
        "track_order": IntentTitle("Track an order", True, ()),
        "affirm": IntentTitle("Yes", True, ()),
        "store_hours": IntentTitle("Opening hours of our stores", False, ("internal-goodwill", "store-hours")),
    }
    known: Any = articles
    told = ("order_number", "product", "postcode", "email")
    company = Company(told=told, sensitive=frozenset({"email"}), counters=("track_order_tries",))
    serve_for(company, Content(lambda: known, lambda: titles, FORMS))


@pytest.fixture
def talk() -> Callable[..., Talk]:
    """Begins a dialogue."""
    return Talk
