"""Every call of the action server is seen, and how it ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.brain import action_calls
from bot.brain.action_calls import LARGEST_ANSWER, ActionServer
from bot.brain.turn_budget import LONGEST_TURN
from bot.dialogue import current_turn
from bot.dialogue.current_turn import CurrentTurn, EndedAction
from tests.brain.action_server import ActionServerForTests, outcome, said


@pytest.fixture
async def server() -> AsyncIterator[ActionServerForTests]:
    """A listening action server."""
    started = ActionServerForTests()
    await started.start()
    yield started
    await started.stop()


@pytest.fixture
async def calls(server: ActionServerForTests) -> AsyncIterator[ActionServer]:
    """The brain's end of it."""
    endpoint = ActionServer.at(EndpointConfig(server.url))
    yield endpoint
    await endpoint.close()


async def ended(calls: ActionServer, name: str) -> EndedAction:
    """Call an action in a turn of its own; how it ended."""
    turn = CurrentTurn()
    current_turn.begin(turn)
    with contextlib.suppress(Exception):  # what Rasa does with it is not the matter here
        await calls.request(json={"next_action": name})
    (action,) = turn.actions
    return action


async def test_an_action_that_says_how_it_ended_has_kept_its_contract(
    server: ActionServerForTests, calls: ActionServer
) -> None:
    """Its own word counts, for good and for bad."""
    server.answers = {
        "action_good": lambda body: said("done", "action_good"),
        "action_bad": lambda body: {"events": [outcome("action_bad", ok=False, error="no stock")], "responses": []},
    }
    assert await ended(calls, "action_good") == EndedAction("action_good", ok=True)
    assert await ended(calls, "action_bad") == EndedAction("action_bad", ok=False, error="no stock")


@pytest.mark.parametrize(
    "events",
    [[], [{"event": "slot", "name": "action_outcome", "value": None}], [{"event": "slot", "name": "x", "value": 1}]],
    ids=["no events", "empty outcome", "other events"],
)
async def test_an_ordinary_action_that_answers_is_done(
    server: ActionServerForTests, calls: ActionServer, events: list[Any]
) -> None:
    """R1: rasa-sdk asks nothing more of it, and neither do we."""
    server.answers = {"action_mute": lambda body: {"events": events, "responses": []}}
    assert await ended(calls, "action_mute") == EndedAction("action_mute", ok=True)


async def test_an_outcome_of_another_action_is_a_slip_and_not_a_reason_to_run_it_again(
    server: ActionServerForTests, calls: ActionServer
) -> None:
    """It ran; the trace says what is wrong with its report."""
    server.answers = {"action_mute": lambda body: {"events": [outcome("action_other")], "responses": []}}
    action = await ended(calls, "action_mute")
    assert (action.ok, action.kept_contract) == (False, True)


async def test_an_answer_that_is_no_object_fails_the_turn(server: ActionServerForTests, calls: ActionServer) -> None:
    """Rasa could do nothing with it, and the customer would hear nothing."""
    server.answers = {"action_mute": lambda body: []}
    assert not (await ended(calls, "action_mute")).kept_contract


async def test_an_outcome_that_cannot_be_read_is_a_failure_that_is_not_tried_again(
    server: ActionServerForTests, calls: ActionServer
) -> None:
    """The action ran to its end, and may have written: for a slip in its report it must not run once more."""
    slip = {"event": "slot", "name": "action_outcome", "value": {"name": "action_slip", "ok": "secret-42"}}
    server.answers = {"action_slip": lambda body: {"events": [slip], "responses": []}}
    action = await ended(calls, "action_slip")
    assert (action.ok, action.kept_contract) == (False, True)
    assert action.error is not None
    assert "secret-42" not in action.error


async def test_a_validation_need_not_say_how_it_ended(server: ActionServerForTests, calls: ActionServer) -> None:
    """A form would take the slot for an answer."""
    server.answers = {"validate_form": lambda body: {"events": [], "responses": []}}
    assert await ended(calls, "validate_form") == EndedAction("validate_form", ok=True)


async def test_a_crash_a_wrong_answer_and_a_dead_server_are_failures(
    server: ActionServerForTests, calls: ActionServer
) -> None:
    """Rasa itself would go on as if nothing had been asked."""
    server.answers = {
        "validate_crash": lambda body: web.Response(status=500),
        "action_html": lambda body: web.Response(text="<html>"),
    }
    assert not (await ended(calls, "validate_crash")).kept_contract
    assert not (await ended(calls, "action_html")).kept_contract
    await server.stop()
    assert not (await ended(calls, "validate_crash")).kept_contract


async def test_an_action_that_declines_has_not_failed(server: ActionServerForTests, calls: ActionServer) -> None:
    """400 is Rasa's way to reject an execution, and no news for anyone."""
    server.answers = {
        "action_no": lambda body: web.json_response({"action_name": "action_no", "error": ""}, status=400)
    }
    turn = CurrentTurn()
    current_turn.begin(turn)
    with pytest.raises(ClientResponseError):
        await calls.request(json={"next_action": "action_no"})
    assert turn.actions == []


async def test_the_connection_is_kept_for_the_next_call(server: ActionServerForTests, calls: ActionServer) -> None:
    """A form makes three calls for one message."""
    server.answers = {"action_good": lambda body: said("done", "action_good")}
    for _ in range(3):
        await calls.request(json={"next_action": "action_good"})
    assert len(server.connections) == 1


async def test_without_an_address_every_call_fails_with_a_reason() -> None:
    """`endpoints.yml` may name none."""
    action = await ended(ActionServer.at(None), "action_any")
    assert (action.ok, action.kept_contract) == (False, False)


def test_the_domain_is_sent_only_to_those_who_ask() -> None:
    """It is large, and our actions do not read it."""
    assert ActionServer.at(EndpointConfig("http://x")).kwargs["enable_selective_domain"] is True


async def test_an_answer_without_end_has_failed(server: ActionServerForTests, calls: ActionServer) -> None:
    """Longer than any step's events, or nested deeper than anything walks: no answer of an action."""
    long = {"events": [], "responses": [{"text": "a" * LARGEST_ANSWER}]}
    deep: list[Any] = []
    for _ in range(200):
        deep = [deep]
    server.answers = {"action_long": lambda body: long, "action_deep": lambda body: {"events": [], "responses": deep}}
    for name, error in (("action_long", "ClientPayloadError"), ("action_deep", "NotJsonError")):
        assert await ended(calls, name) == EndedAction(name, ok=False, error=error, kept_contract=False)


async def test_a_call_without_an_answer_is_one_of_a_server_that_is_away(
    server: ActionServerForTests, calls: ActionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X12: whether the connection breaks, or nothing comes."""

    async def hangs_up(body: dict[str, Any]) -> web.Response:
        for transport in server.connections:
            transport.abort()
        return web.Response()

    async def sleeps(body: dict[str, Any]) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    server.answers = {"action_hangs_up": hangs_up, "action_sleeps": sleeps}
    assert (await ended(calls, "action_hangs_up")).away
    monkeypatch.setattr(action_calls, "PATIENCE", 0.2)
    await calls.close()
    assert (await ended(calls, "action_sleeps")).away


async def test_a_turn_that_ends_during_a_slow_call_waited_for_the_action_server(
    server: ActionServerForTests, calls: ActionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that has only begun is not the reason why the turn took so long."""
    asked = asyncio.Event()

    async def sleeps(body: dict[str, Any]) -> web.Response:
        asked.set()
        await asyncio.sleep(60)
        return web.Response()

    server.answers = {"action_sleeps": sleeps}
    for slow, noted in ((60.0, []), (0.0, [True])):
        asked.clear()
        monkeypatch.setattr(action_calls, "SLOW", slow)
        turn = CurrentTurn()
        current_turn.begin(turn)
        call = asyncio.create_task(calls.request(json={"next_action": "action_sleeps"}))
        await asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert [action.away for action in turn.actions] == noted


def test_an_action_is_given_up_before_the_turn_is_and_the_turn_before_the_gateway_hangs_up() -> None:
    """Whoever waits longest learns why. The gateway's 20 s stand in `bot/gateway/conversations/brain_client.py`."""
    assert action_calls.SLOW < action_calls.PATIENCE < LONGEST_TURN < 20.0


async def known_to_have_run(calls: ActionServer, name: str) -> list[str]:
    """Call an action in a turn of its own; which may have run."""
    turn = CurrentTurn()
    current_turn.begin(turn)
    with contextlib.suppress(Exception):
        await calls.request(json={"next_action": name})
    return turn.called


async def test_what_the_call_did_not_reach_has_not_run_and_all_else_may_have(
    server: ActionServerForTests, calls: ActionServer
) -> None:
    """A refused call and one without a connection may be made again; where the connection broke, nobody knows."""

    async def hangs_up(body: dict[str, Any]) -> web.Response:
        for transport in server.connections:
            transport.abort()
        return web.Response()

    server.answers = {
        "action_good": lambda body: said("done", "action_good"),
        "action_crash": lambda body: web.Response(status=500),
        "action_declines": lambda body: web.json_response({}, status=400),
        "action_unknown": lambda body: web.Response(status=404),
        "action_refused": lambda body: web.Response(status=401),
        "action_hangs_up": hangs_up,
    }
    for name in ("action_good", "action_crash", "action_declines", "action_hangs_up"):
        assert await known_to_have_run(calls, name) == [name]
    for name in ("action_unknown", "action_refused"):
        assert await known_to_have_run(calls, name) == []
    await server.stop()
    await calls.close()
    assert await known_to_have_run(calls, "action_good") == []


@pytest.mark.parametrize(
    ("listed", "must_not"),
    [
        ([{"name": "action_good", "repeatable": True}], False),
        ([{"name": "action_good", "repeatable": False}], True),
        ([{"name": "action_good"}], True),
        ([], True),
        ({"action_good": {"repeatable": True}}, True),
        ([{"name": "action_good", "repeatable": "yes"}], None),
        (None, True),
    ],
    ids=["repeatable", "not", "ordinary", "unknown", "another list", "neither yes nor no", "no list at all"],
)
async def test_only_what_says_so_may_run_again(
    server: ActionServerForTests, calls: ActionServer, listed: Any, must_not: bool | None
) -> None:
    """The server is asked each time: the action may have been written anew meanwhile."""
    server.listed = listed
    assert await calls.must_not_run_again(["action_good"]) is must_not
    assert await calls.must_not_run_again([]) is False


async def test_nobody_knows_of_a_server_that_is_away(server: ActionServerForTests, calls: ActionServer) -> None:
    """Whether its actions may run again is asked when it is back."""
    await server.stop()
    assert await calls.must_not_run_again(["action_good"]) is None


async def test_after_a_failure_nothing_more_is_run_for_the_turn(
    server: ActionServerForTests, calls: ActionServer
) -> None:
    """Rasa goes on with what the rules say next, and nothing of it would be kept."""
    server.answers = {
        "action_crash": lambda body: web.Response(status=500),
        "action_good": lambda body: said("done", "action_good"),
    }
    turn = CurrentTurn()
    current_turn.begin(turn)
    for name in ("action_crash", "action_good"):
        with contextlib.suppress(Exception):
            await calls.request(json={"next_action": name})
    assert [body["next_action"] for body in server.asked] == ["action_crash"]


async def test_a_shadow_turn_runs_what_only_reads(server: ActionServerForTests, calls: ActionServer) -> None:
    """An ordinary action knows nothing of shadow turns, and may write."""
    server.listed = [{"name": "action_reads", "read_only": True}, {"name": "action_writes"}, {"name": "validate_form"}]
    server.answers = {"action_reads": lambda body: said("done", "action_reads")}
    turn = CurrentTurn(shadow=True)
    current_turn.begin(turn)
    for name in ("action_writes", "validate_form", "action_reads"):
        answer = await calls.request(json={"next_action": name})
        assert [event["value"]["name"] for event in answer["events"]] == ([] if name == "validate_form" else [name])
    assert [body["next_action"] for body in server.asked] == ["action_reads"]
    assert all(action.kept_contract for action in turn.actions)
