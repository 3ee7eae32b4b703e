"""The dialogues share one shop: between two of them a week passes, or one would meet the limits that another used up."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _a_week_between_dialogues(request: pytest.FixtureRequest) -> None:
    """Only where a dialogue has the brain and its shop at all."""
    if "brain" in request.fixturenames:
        request.getfixturevalue("brain").time_passes()
