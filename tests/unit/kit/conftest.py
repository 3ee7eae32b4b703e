"""A company for the tests of the kit: a few articles, two forms, and what its customers tell.

rasa-sdk lives in the brain's environment only: there these tests run (``.venv-brain/bin/pytest tests/unit/kit``).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import pytest

from tests.unit.kit.talk import Talk, few_articles

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

    articles = few_articles(
        (
            "store-hours",
            "Opening hours",
            "We open at nine. On Sundays we open at ten.\n\n## Hours\n\nLater on.",
            "public",
        ),
        ("refund-times", "When your refund arrives", "Within five days. " + "Banks take longer. " * 40, "public"),
        ("internal-goodwill", "Goodwill", "Give up to £40.", "internal"),
        ("pallets", "Pallets", "Traders pay half.", "trade"),
    )
    titles = {
        "track_order": IntentTitle("Track an order", True, ()),
        "affirm": IntentTitle("Yes", True, ()),
        "store_hours": IntentTitle("Opening hours of our stores", False, ("internal-goodwill", "store-hours")),
    }
    told = ("order_number", "product", "postcode", "email")
    company = Company(told=told, sensitive=frozenset({"email"}), counters=("track_order_tries",))
    serve_for(company, Content(lambda: articles, lambda: titles, FORMS))


@pytest.fixture
def talk() -> Callable[..., Talk]:
    """Begins a dialogue."""
    return Talk
