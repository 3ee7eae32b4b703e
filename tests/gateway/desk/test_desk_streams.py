"""How many pages of the desk one account may have open."""

from __future__ import annotations

from contextlib import AsyncExitStack

from bot.gateway.platform.connection_settings import Connections
from tests.gateway.desk.conftest import Desks


async def test_the_streams_of_one_agent_are_bounded_and_those_of_a_colleague_are_not(desks: Desks) -> None:
    """They sit in one office, behind one address: more of them than a household's thirty."""
    sam, kim = await desks.signed_in("Sam"), await desks.signed_in("Kim")
    most = Connections().streams_per_agent
    async with AsyncExitStack() as pages:
        for desk in (sam, kim):
            for _ in range(most):
                answer = await pages.enter_async_context(desk.browser.stream("GET", "events"))
                assert answer.status_code == 200
        refused = await sam.browser.get("events")
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_streams")
