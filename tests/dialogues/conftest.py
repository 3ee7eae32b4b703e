"""The dialogues share one shop: a week passes between two of them, and returns and visits are
forgotten, or one would use up the limits, the orders and the days of the next."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _a_week_between_dialogues(request: pytest.FixtureRequest) -> None:
    """Only where a dialogue has the brain and its shop at all."""
    if "brain" in request.fixturenames:
        brain = request.getfixturevalue("brain")
        brain.time_passes()
        brain.forget_returns()
        brain.empty_diary()
