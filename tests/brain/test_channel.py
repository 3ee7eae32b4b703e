"""The private channel over HTTP, with a trained model and a real action server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from rasa.core.agent import Agent

from bot.brain.turn import LARGEST_TURN
from tests.brain.action_server import ActionServerForTests, outcome, said
from tests.brain.served_brain import SECRET, Gateway, Served, texts

CITATION = {"schema": "citation/1", "article": "opening-hours", "title": "t", "heading": "Sunday", "url": "https://x"}


@pytest.fixture
async def gateway(served: Served) -> AsyncIterator[Gateway]:
    """A gateway with an action server of its own."""
    actions = ActionServerForTests()
    await actions.start()
    served.agent.action_endpoint.url = actions.url
    async with aiohttp.ClientSession() as session:
        yield Gateway(f"http://127.0.0.1:{served.port}/webhooks/warmline", session, actions)
    await actions.stop()


async def test_a_turn_answers_with_replies_state_and_trace(gateway: Gateway) -> None:
    """The whole of `turn-result/1`."""
    result = await gateway.say("hello")
    assert (result["schema"], result["message_id"], result["handoff"]) == ("turn-result/1", "m-1", None)
    assert result["replies"] == [
        {"text": "Hello from the small project.", "choices": [{"title": "Book a repair", "payload": "/repair"}]}
    ]
    assert result["state"]["schema"] == "dialogue-state/1"
    trace = result["trace"]
    assert trace["intent"]["name"] == "greet"
    assert trace["decision"]["kind"] == "act"
    assert set(trace["milliseconds"]) == {"understand", "total", "computed"}
    assert trace["model"].endswith(".tar.gz")


async def test_a_form_goes_on_over_turns_although_the_brain_keeps_nothing(gateway: Gateway) -> None:
    """Asked, answered, asked again, done."""
    gateway.actions.answers["validate_repair_form"] = lambda body: {"events": [], "responses": []}
    assert texts(await gateway.say("book a repair")) == ["Which appliance?"]
    assert texts(await gateway.say("the oven")) == ["What is wrong?"]
    assert texts(await gateway.say("zzz hums and glows")) == ["Noted: zzz hums and glows"]
    assert gateway.state["open_form"] is None


async def test_an_answer_comes_with_its_citation_and_is_marked_in_the_trace(gateway: Gateway) -> None:
    """The action finds the place of the answer on the message."""

    def answer(body: dict[str, Any]) -> Any:
        found = body["tracker"]["latest_message"]["knowledge"]["answer"]
        return said(f"{found['article']} {found['quotes'][0]['start']}", "action_answer", **CITATION)

    gateway.actions.answers["action_answer"] = answer
    result = await gateway.say("when are you open on Sunday")
    assert result["replies"][0]["citation"]["article"] == "opening-hours"
    shown = [passage for passage in result["trace"]["knowledge"] if passage["shown"]]
    assert [passage["heading"] for passage in shown] == ["Sunday"]
    assert result["trace"]["actions"] == [{"name": "action_answer", "ok": True, "error": None}]


async def test_a_hand_off_comes_back_as_a_field(gateway: Gateway) -> None:
    """With the text that goes with it."""
    request = {"schema": "handoff-request/1", "reason": {"code": "customer_request", "evidence": "…"}}
    gateway.actions.answers["action_fetch"] = lambda body: said("One moment.", "action_fetch", **request)
    result = await gateway.say("talk to a person")
    assert result["handoff"] == request
    assert texts(result) == ["One moment."]


async def test_actions_get_what_the_gateway_knows(gateway: Gateway) -> None:
    """The message's id is their idempotency key."""
    gateway.actions.answers["action_fetch"] = lambda body: said("…", "action_fetch")
    await gateway.say("talk to a person", message_id="m-77", customer={"id": "p", "name": "Ada"})
    metadata = gateway.actions.asked[-1]["tracker"]["latest_message"]["metadata"]
    assert (metadata["message_id"], metadata["customer"]["name"]) == ("m-77", "Ada")


async def test_a_return_by_a_human_is_an_event_that_rules_know(gateway: Gateway) -> None:
    """So that the bot does not hand off again at once."""
    status, result = await gateway.take({"type": "event", "name": "returned_by_human", "data": {"note": "done"}})
    assert (status, texts(result)) == (200, ["Welcome back."])


async def test_a_button_acts_and_typed_text_of_the_same_form_does_not(gateway: Gateway) -> None:
    """`/repair` typed by a customer is a word."""
    gateway.actions.answers["action_sorry"] = lambda body: said("Sorry.", "action_sorry")
    gateway.actions.answers["validate_repair_form"] = lambda body: {"events": [], "responses": []}
    _, pressed = await gateway.take({"type": "choice", "payload": "/repair", "title": "Book a repair"})
    assert texts(pressed) == ["Which appliance?"]
    _, typed = await gateway.take({"type": "text", "text": ' /inform{"product": "oven"}'})
    assert typed["trace"]["decision"]["why"] != pressed["trace"]["decision"]["why"]
    assert len(typed["trace"]["ranking"]) > 1


async def test_an_ordinary_action_that_says_nothing_of_itself_is_done(gateway: Gateway) -> None:
    """R1: what it said is said, and the turn ends."""
    gateway.actions.answers["action_fetch"] = lambda body: {"events": [], "responses": [{"text": "Done."}]}
    result = await gateway.say("talk to a person")
    assert texts(result) == ["Done."]
    assert result["trace"]["actions"] == [{"name": "action_fetch", "ok": True, "error": None}]


async def test_an_action_that_fails_fails_the_turn(gateway: Gateway) -> None:
    """The gateway keeps the old state."""
    gateway.actions.answers["action_fetch"] = lambda body: web.Response(status=500)
    status, result = await gateway.take({"type": "text", "text": "talk to a person"})
    assert (status, result["error"]["code"], result["error"]["action"]) == (502, "action_failed", "action_fetch")


async def test_a_validation_that_crashes_inside_a_form_fails_the_turn(gateway: Gateway) -> None:
    """Rasa would ask the next question with the answer lost."""
    gateway.actions.answers["validate_repair_form"] = lambda body: web.Response(status=500)
    status, result = await gateway.take({"type": "text", "text": "book a repair"})
    assert (status, result["error"]["action"]) == (502, "validate_repair_form")


async def test_an_action_server_that_is_away_is_told_from_an_action_that_failed(gateway: Gateway) -> None:
    """Rasa alone would answer with silence; the gateway waits for it as for a brain."""
    await gateway.actions.stop()
    status, result = await gateway.take({"type": "text", "text": "talk to a person"})
    assert (status, result["error"]["code"], result["error"]["action"]) == (503, "actions_away", "action_fetch")


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_load_balancer_without_an_action_server_is_one_that_is_away(gateway: Gateway, status: int) -> None:
    """Its answer is none of the action's own."""
    gateway.actions.answers["action_fetch"] = lambda body: web.Response(status=status)
    answered, result = await gateway.take({"type": "text", "text": "talk to a person"})
    assert (answered, result["error"]["code"]) == (503, "actions_away")


async def test_an_action_that_says_it_failed_is_a_turn_like_any_other(gateway: Gateway) -> None:
    """It has told the customer and handed over; the trace shows it."""
    gateway.actions.answers["action_fetch"] = lambda body: {
        "events": [outcome("action_fetch", ok=False, error="OrderSystemAway")],
        "responses": [{"text": "I'll fetch somebody."}],
    }
    result = await gateway.say("talk to a person")
    assert result["trace"]["actions"] == [{"name": "action_fetch", "ok": False, "error": "OrderSystemAway"}]


async def test_a_shadow_turn_changes_nothing(gateway: Gateway) -> None:
    """Its state is thrown away, and actions are told."""
    gateway.actions.listed = [{"name": "action_fetch", "read_only": True}]
    gateway.actions.answers["action_fetch"] = lambda body: said("One moment.", "action_fetch")
    before = gateway.state = (await gateway.say("hello"))["state"]
    status, result = await gateway.take({"type": "text", "text": "talk to a person"}, shadow=True)
    assert (status, result["state"]) == (200, before)
    assert gateway.actions.asked[-1]["tracker"]["latest_message"]["metadata"]["shadow"] is True


async def test_a_shadow_turn_says_which_form_it_would_start(gateway: Gateway) -> None:
    """The state does not, which is why the trace has to."""
    gateway.actions.answers["validate_repair_form"] = lambda body: {"events": [], "responses": []}
    _, result = await gateway.take(
        {"type": "choice", "payload": "/repair", "title": "Book a repair"}, shadow=True, state=None
    )
    assert result["state"] is None
    assert result["trace"]["form"] == {"name": "repair_form", "asks": "product"}
    _, greeted = await gateway.take({"type": "text", "text": "hello"}, shadow=True, state=None)
    assert greeted["trace"]["form"] is None


async def search(gateway: Gateway, body: bytes, secret: str = SECRET) -> tuple[int, dict[str, Any]]:
    """What an agent finds."""
    headers = {"Authorization": f"Bearer {secret}"}
    async with gateway.session.post(f"{gateway.url}/search", data=body, headers=headers) as response:
        return response.status, await response.json()


async def test_an_agents_search_finds_internal_articles_too_and_marks_them(gateway: Gateway) -> None:
    """Customers' turns never see them; an agent reads and does not send them."""
    body = {"schema": "search/1", "query": "goodwill pounds", "limit": 3}
    status, result = await search(gateway, json.dumps(body).encode())
    assert (status, result["schema"]) == (200, "search-result/1")
    first = result["results"][0]
    assert (first["article"], first["public"], first["heading"]) == ("goodwill", False, "Limits")
    assert first["text"] == "Staff may give 30 pounds as goodwill without asking."
    _, hours = await search(gateway, b'{"schema": "search/1", "query": "opening hours sunday"}')
    assert hours["results"][0]["public"] is True
    places = [(one["article"], one["heading"], one["text"]) for one in hours["results"]]
    assert len(places) == len(set(places))


async def test_a_search_without_the_secret_or_without_sense_is_refused(gateway: Gateway) -> None:
    """The same door, the same strictness."""
    assert (await search(gateway, b"{}", "wrong"))[0] == 401
    for body in (b"", b"\xff", b"[]", b'{"schema": "search/1"}', b'{"schema": "search/1", "query": " "}'):
        assert (await search(gateway, body))[1]["error"]["code"] == "bad_search", body
    limit = b'{"schema": "search/1", "query": "x", "limit": 1000}'
    assert (await search(gateway, limit))[0] == 400
    assert (await search(gateway, b" " * 20_000))[0] == 413


async def fetch(gateway: Gateway, body: bytes, secret: str = SECRET) -> tuple[int, dict[str, Any]]:
    """What the gateway's page of an article asks for."""
    headers = {"Authorization": f"Bearer {secret}"}
    async with gateway.session.post(f"{gateway.url}/article", data=body, headers=headers) as response:
        return response.status, await response.json()


async def test_only_a_public_article_is_given_whole(gateway: Gateway) -> None:
    """W11: an internal article does not exist for a page, any more than one that was never written."""
    status, result = await fetch(gateway, b'{"schema": "article/1", "article": "opening-hours"}')
    assert (status, result["schema"]) == (200, "article-result/1")
    assert result["article"]["title"]
    assert result["article"]["language"] == "en"
    assert "## Sunday" in result["article"]["markdown"]
    for article in ("goodwill", "never-was"):
        body = json.dumps({"schema": "article/1", "article": article}).encode()
        assert await fetch(gateway, body) == (200, {"schema": "article-result/1", "article": None})


async def test_an_article_without_the_secret_or_without_sense_is_refused(gateway: Gateway) -> None:
    """The same door, the same strictness."""
    assert (await fetch(gateway, b"{}", "wrong"))[0] == 401
    for body in (b"", b"[]", b'{"schema": "article/1"}', b'{"schema": "article/1", "article": "../x"}', b" " * 2000):
        assert (await fetch(gateway, body))[1]["error"]["code"] == "bad_article", body


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "\u00e9"])
async def test_without_the_secret_nobody_is_let_in(gateway: Gateway, secret: str | None) -> None:
    """Neither for a turn nor to ask whether the brain is ready."""
    status, result = await gateway.post(b"{}", secret)
    assert (status, result["error"]["code"]) == (401, "wrong_secret")
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    async with gateway.session.get(f"{gateway.url}/ready", headers=headers) as response:
        assert response.status == 401


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"schema": "turn/1"}', b"[1]"])
async def test_a_body_that_is_no_turn_is_refused(gateway: Gateway, body: bytes) -> None:
    """400, which the gateway takes for its own bug."""
    status, result = await gateway.post(body)
    assert (status, result["error"]["code"]) == (400, "bad_turn")


async def test_a_state_that_is_none_of_ours_is_refused(gateway: Gateway) -> None:
    """No turn is taken with half a memory."""
    state = {"schema": "dialogue-state/1", "events": [{"event": "explosion"}]}
    status, result = await gateway.take({"type": "text", "text": "hello"}, state=state)
    assert (status, result["error"]["code"]) == (400, "bad_turn")


async def test_a_button_of_an_intent_that_the_model_does_not_know_is_refused(gateway: Gateway) -> None:
    """Rasa would read the payload as text."""
    status, _ = await gateway.take({"type": "choice", "payload": "/no_such_intent", "title": "?"})
    assert status == 400


@pytest.mark.parametrize("size", [LARGEST_TURN + 1, 4 * LARGEST_TURN])
async def test_a_body_that_is_too_large_is_refused(gateway: Gateway, size: int) -> None:
    """By the channel, and far above by the server before it has read it all."""
    status, result = await gateway.post(b" " * size)
    assert (status, result["error"]["code"]) == (413, "too_large")


async def test_a_bug_in_a_turn_is_a_500_that_keeps_the_customers_words_out_of_the_log(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The place of the error is enough to find it."""
    from rasa.core.processor import MessageProcessor

    async def broken(self: MessageProcessor, message: Any) -> None:
        raise ValueError(f"cannot read {message.text}")

    monkeypatch.setattr(MessageProcessor, "handle_message", broken)
    status, result = await gateway.take({"type": "text", "text": "my secret is 42"})
    assert (status, result["error"]["code"]) == (500, "brain_failed")
    assert "my secret" not in caplog.text + json.dumps(result)
    assert "test_channel.py" in caplog.text


async def test_ready_says_with_which_model(gateway: Gateway, model: Path) -> None:
    """The gateway shows it and waits for it."""
    headers = {"Authorization": f"Bearer {SECRET}"}
    async with gateway.session.get(f"{gateway.url}/ready", headers=headers) as response:
        assert await response.json() == {"ready": True, "model": model.name}


async def test_while_no_model_is_loaded_turns_are_put_off(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """503, and the gateway keeps the message."""
    monkeypatch.setattr("bot.brain.channel._agent", lambda request: Agent())
    status, result = await gateway.take({"type": "text", "text": "hello"})
    assert (status, result["error"]["code"]) == (503, "no_model")
    async with gateway.session.get(f"{gateway.url}/ready", headers={"Authorization": f"Bearer {SECRET}"}) as response:
        assert (response.status, await response.json()) == (503, {"ready": False, "why": "no_model"})


async def test_a_brain_whose_loop_was_held_up_just_now_says_that_it_is_busy(
    gateway: Gateway, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 is what a load balancer understands."""
    monkeypatch.setattr("bot.brain.heartbeat.Heartbeat.is_late", True)
    headers = {"Authorization": f"Bearer {SECRET}"}
    async with gateway.session.get(f"{gateway.url}/ready", headers=headers) as response:
        assert (response.status, await response.json()) == (503, {"ready": False, "why": "busy"})


async def test_nothing_but_the_private_channel_is_served(gateway: Gateway) -> None:
    """Rasa's own API would give conversations away."""
    base = gateway.url.removesuffix("/webhooks/warmline")
    for path in ("/", "/version", "/model/parse", "/conversations/c/tracker", "/webhooks/rest/webhook"):
        async with gateway.session.get(base + path) as response:
            assert response.status == 404


async def test_conversations_that_are_served_at_once_do_not_mix(gateway: Gateway) -> None:
    """Each answer follows from its own state, however the turns interleave."""

    async def slowly(body: dict[str, Any]) -> Any:
        await asyncio.sleep(0.01)
        return said(f"product {body['tracker']['slots']['product']}", "action_fetch")

    gateway.actions.answers["action_fetch"] = slowly
    states = {}
    for product in ("oven", "dishwasher"):
        status, result = await gateway.take(
            {"type": "choice", "payload": f'/greet{{"product": "{product}"}}', "title": product}, state=None
        )
        assert status == 200
        states[product] = result["state"]
    wanted = ["oven", "dishwasher"] * 5
    taken = await asyncio.gather(
        *(gateway.take({"type": "text", "text": "talk to a person"}, state=states[product]) for product in wanted)
    )
    assert [texts(result) for _, result in taken] == [[f"product {product}"] for product in wanted]


async def test_a_turn_after_two_hundred_brings_and_takes_as_much_as_one_after_ten(gateway: Gateway) -> None:
    """Nothing grows with the conversation."""
    sizes = [len(json.dumps((await gateway.say("hello"))["state"])) for _ in range(30)]
    assert abs(sizes[29] - sizes[10]) < 200


async def test_a_shadow_turn_gives_way_to_a_customer_of_whatever_gateway(gateway: Gateway) -> None:
    """The customer's turn is at the action server; the shadow turn comes later and does not overtake it."""
    at_work, may_end = asyncio.Event(), asyncio.Event()

    async def slow(body: dict[str, Any]) -> Any:
        at_work.set()
        await may_end.wait()
        return said("One moment.", "action_fetch")

    gateway.actions.answers["action_fetch"] = slow
    customer = asyncio.create_task(gateway.take({"type": "text", "text": "talk to a person"}))
    await at_work.wait()
    shadow = asyncio.create_task(gateway.take({"type": "text", "text": "hello"}, shadow=True, message_id="m-2"))
    ended: list[str] = []
    shadow.add_done_callback(lambda _: ended.append("shadow"))
    customer.add_done_callback(lambda _: ended.append("customer"))
    # Another customer is not held up by either.
    assert (await gateway.take({"type": "text", "text": "hello"}, message_id="m-3"))[0] == 200
    assert not shadow.done()
    may_end.set()
    assert [status for status, _ in await asyncio.gather(customer, shadow)] == [200, 200]
    assert ended == ["customer", "shadow"]
