"""The website channel, as docs/reference/web-api.md promises it, over a real socket."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text

from bot.gateway.channels import streaming
from bot.gateway.channels.opening import OpenChannels, Website, WebsiteExtras
from bot.gateway.conversations.allowance import Amounts, InboundLimits
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform import origin
from bot.gateway.platform.limits import RateLimit
from bot.gateway.platform.signals import Subscription, typing_topic
from bot.gateway.services import Services
from bot.gateway.tickets import zones
from tests.gateway.making import MovableClock, messages
from tests.gateway.serving import Visitor, served
from tests.gateway.stub_brain import Gate, StubBrain, handoff, result


@dataclass
class Site:
    """A served gateway and the brain behind it."""

    http: httpx.AsyncClient
    brain: StubBrain
    parts: Services


@pytest.fixture
async def site(parts: Services) -> AsyncIterator[Site]:
    """The website channel with a brain that echoes."""
    brain = StubBrain()
    with_brain = dataclasses.replace(parts, brain=brain.client())
    async with served(with_brain) as http:
        yield Site(http, brain, with_brain)


async def test_a_visitor_writes_and_reads_the_answer(site: Site) -> None:
    """The first thing that must work: a message up, both lines down, in the agreed shape."""
    visitor = await Visitor.arrive(site.http)
    async with visitor.events() as stream:
        answer = await visitor.send(1, text="hello")
        mine, reply = await stream.take(2)
    assert (answer.status_code, answer.json()) == (202, {"seq": 1})
    assert mine.name == reply.name == "message"
    assert (mine.id, mine.data["author"], mine.data["text"], mine.data["client_seq"]) == ("1", "customer", "hello", 1)
    assert set(reply.data) == {
        "seq",
        "at",
        "author",
        "author_name",
        "text",
        "format",
        "formatted",
        "choices",
        "citation",
        "client_seq",
        "rating",
    }
    assert (reply.id, reply.data["author"], reply.data["text"]) == ("2", "bot", "you said hello")
    assert reply.data["at"].endswith("Z")


async def test_opening_answers_token_owner_and_greeting_and_keeps_only_the_hash(site: Site) -> None:
    """256 bits that the database cannot give away."""
    answer = await site.http.post("/api/web/conversations", json={"locale": "en-GB", "page": "https://shop/"})
    opened = answer.json()
    stored = await site.parts.database.read(lambda session: session.get_one(Conversation, opened["conversation_id"]))
    assert answer.status_code == 201
    assert (opened["owner"], opened["greeting"]) == ("bot", "Hello.")
    assert len(opened["token"]) == 43
    assert opened["token"] not in json.dumps([stored.token_hash, stored.customer])
    assert (stored.locale, stored.customer["attributes"]) == ("en-GB", {"page": "https://shop/"})


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("America/New_York", "America/New_York"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("Mars/Olympus_Mons", None),
        ("../../etc/passwd", None),
        ("", None),
        (None, None),
    ],
)
async def test_a_visitors_time_zone_is_kept_where_it_is_one(site: Site, said: str | None, kept: str | None) -> None:
    """Kind 9: times are told by it; whatever else a browser says there shuts nobody out."""
    answer = await site.http.post("/api/web/conversations", json={"timezone": said})
    assert answer.status_code == 201
    stored = await site.parts.database.read(lambda session: session.scalars(select(Conversation)).one())
    assert stored.customer["attributes"].get("timezone") == kept
    told = zones.zone_of(stored)
    assert (None if told is None else told.key) == kept


async def test_a_stream_goes_on_where_the_page_was(site: Site) -> None:
    """After a reload or a lost network: by `after`, or by the header that browsers send."""
    visitor = await Visitor.arrive(site.http)
    async with visitor.events() as stream:
        for number in (1, 2):
            await visitor.send(number, text=f"m{number}")
            await stream.take(2)
    async with visitor.events(after=2) as stream:
        assert [event.data["text"] for event in await stream.take(2)] == ["m2", "you said m2"]
    async with visitor.events(**{"Last-Event-ID": "4"}) as stream:
        assert [event.data["text"] for event in await stream.take(1)] == ["you said m2"]
    async with visitor.events(after=5, **{"Last-Event-ID": "nonsense"}) as stream:
        await visitor.send(3, text="m3")
        assert (await stream.next()).data["text"] == "m3"


async def test_two_pages_of_one_visitor_see_the_same(site: Site) -> None:
    """Two tabs, one conversation."""
    visitor = await Visitor.arrive(site.http)
    async with visitor.events() as one, visitor.events() as two:
        await visitor.send(1, text="hello")
        assert await one.take(2) == await two.take(2)


async def test_a_message_sent_again_answers_the_same_and_changes_nothing(site: Site) -> None:
    """The page did not see the answer and tries again, perhaps at the same time."""
    visitor = await Visitor.arrive(site.http)
    answers = await asyncio.gather(*(visitor.send(1, text="hello") for _ in range(6)))
    assert [(answer.status_code, answer.json()) for answer in answers] == [(202, {"seq": 1})] * 6
    assert await site.parts.database.read(messages, "customer") == ["hello"]


async def test_a_number_that_was_left_out_is_a_gap(site: Site) -> None:
    """409, and nothing is stored until the missing one comes."""
    visitor = await Visitor.arrive(site.http)
    answer = await visitor.send(2, text="second")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "gap")
    assert (await visitor.send(1, text="first")).status_code == 202
    assert (await visitor.send(2, text="second")).status_code == 202


async def test_another_visitors_conversation_does_not_exist(site: Site) -> None:
    """404 for every way of not being its visitor, in every call, always in the same words."""
    mine, theirs = await Visitor.arrive(site.http), await Visitor.arrive(site.http)
    strangers = [
        (theirs.address, mine.headers),
        (theirs.address, {}),
        (theirs.address, {"Authorization": "Bearer"}),
        (theirs.address, {"Authorization": f"Basic {theirs.token}"}),
        (theirs.address, {"Authorization": theirs.token}),
        ("/api/web/conversations/nothing", mine.headers),
    ]
    said = []
    for address, headers in strangers:
        said.append(await site.http.get(f"{address}/events", headers=headers))
        for call in ("messages", "return-to-bot"):
            body = {"client_seq": 1, "text": "x"}
            said.append(await site.http.post(f"{address}/{call}", json=body, headers=headers))
    unknown = {"error": {"code": "unknown_conversation", "message": "There is no such conversation."}}
    assert [(answer.status_code, answer.json()) for answer in said] == [(404, unknown)] * 18
    assert await site.parts.database.read(messages) == []


async def test_a_button_acts_only_by_its_token(site: Site) -> None:
    """A command made up by the customer is refused; the offered choice reaches the brain as its payload."""

    async def offer(turn: dict[str, Any]) -> httpx.Response:
        offered = {"text": "Sure?", "choices": [{"title": "Yes", "payload": '/affirm{"a": 1}'}]}
        return result(turn, replies=[offered])

    site.brain.behave = offer
    visitor, other = await Visitor.arrive(site.http), await Visitor.arrive(site.http)
    async with visitor.events() as stream:
        await visitor.send(1, text="hello")
        choices = (await stream.take(2))[1].data["choices"]
        assert [set(choice) for choice in choices] == [{"title", "token"}]
        for forged in ("/affirm", "2.0.AAAA", choices[0]["token"] + "A", "x" * 200):
            refused = await visitor.send(2, choice=forged)
            assert (refused.status_code, refused.json()["error"]["code"]) == (400, "unknown_choice")
        assert (await other.send(1, choice=choices[0]["token"])).status_code == 400
        assert (await visitor.send(2, choice=choices[0]["token"])).status_code == 202
        assert (await stream.next()).data["text"] == "Yes"
        await stream.next()
    assert site.brain.turns[-1]["input"] == {"type": "choice", "payload": '/affirm{"a": 1}', "title": "Yes"}


async def test_a_typed_command_is_text(site: Site) -> None:
    """It goes on as what it is: words of a customer."""
    typed = ["/restart", '/inform{"order_number":"1"}', "  /greet", "/warmline_return_to_bot"]
    visitor = await Visitor.arrive(site.http)
    async with visitor.events() as stream:
        for number, words in enumerate(typed, 1):
            await visitor.send(number, text=words)
            await stream.take(2)
    assert [turn["input"] for turn in site.brain.turns] == [{"type": "text", "text": words} for words in typed]


async def test_states_share_the_sequence_and_the_way_back_to_the_bot_works(site: Site) -> None:
    """Waiting shows as a state; the visitor may leave the queue once, and only while in it."""

    async def give_up(turn: dict[str, Any]) -> httpx.Response:
        return result(turn, "I will get somebody.", handoff=handoff("customer_request"))

    visitor = await Visitor.arrive(site.http)
    too_soon = await site.http.post(f"{visitor.address}/return-to-bot", headers=visitor.headers)
    assert (too_soon.status_code, too_soon.json()["error"]["code"]) == (409, "not_waiting")
    site.brain.behave = give_up
    async with visitor.events() as stream:
        await visitor.send(1, text="a person please")
        _mine, _reply, state, notice = await stream.take(4)
        assert state.name == "state"
        assert set(state.data) == {"seq", "at", "owner", "agent_name", "position", "wait", "answer_to"}
        assert (state.data["owner"], state.data["position"]) == ("queue", 1)
        assert notice.data["author"] == "system"
        back = await site.http.post(f"{visitor.address}/return-to-bot", headers=visitor.headers)
        assert back.status_code == 200
        assert (await stream.next()).data["owner"] == "bot"
    again = await site.http.post(f"{visitor.address}/return-to-bot", headers=visitor.headers)
    assert again.status_code == 409


async def test_typing_has_no_number_and_is_not_repeated(site: Site) -> None:
    """A page that reloads must not see somebody write who has long finished."""
    gate = Gate(site.brain.echo)
    site.brain.behave = gate
    visitor = await Visitor.arrive(site.http)
    async with visitor.events() as stream:
        await visitor.send(1, text="hello")
        await stream.next()
        typing = await stream.next()
        assert (typing.name, typing.id, typing.data) == ("typing", None, {"author": "bot"})
        gate.open.set()
        await stream.next()
    async with visitor.events() as stream:
        assert [event.name for event in await stream.take(2)] == ["message", "message"]


async def test_a_quiet_stream_says_now_and_then_that_it_lives(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies end a connection on which nothing happens."""
    monkeypatch.setattr(streaming, "HEARTBEAT", 0.05)
    visitor = await Visitor.arrive(site.http)
    async with visitor.events() as stream:
        reading = asyncio.create_task(stream.next())
        await asyncio.sleep(0.4)
        await visitor.send(1, text="hello")
        await reading
    assert stream.comments >= 3


async def test_the_stream_asks_proxies_to_pass_it_on_at_once(site: Site) -> None:
    """Headers that nginx and caches understand."""
    visitor = await Visitor.arrive(site.http)
    async with visitor.events() as stream:
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        assert stream.response.headers["x-accel-buffering"] == "no"
        assert stream.response.headers["cache-control"] == "no-store"


async def test_a_text_of_several_lines_travels_in_one_line(site: Site) -> None:
    """Line breaks of every kind are the text's, not the event's."""
    visitor = await Visitor.arrive(site.http)
    words = "one\ntwo\r\nthree\rfour\u2028five\n\nevent: state\ndata: {}"
    async with visitor.events() as stream:
        await visitor.send(1, text=words)
        assert (await stream.next()).data["text"] == words


async def test_streams_end_when_the_gateway_stops(parts: Services) -> None:
    """A stopping gateway waits for nobody's page; the page connects to the next one."""
    with_brain = dataclasses.replace(parts, brain=StubBrain().client())
    ended: list[float] = []
    loop = asyncio.get_running_loop()
    async with served(with_brain) as http:
        visitor = await Visitor.arrive(http)
        async with visitor.events() as stream:
            reading = asyncio.create_task(stream.next())
            await asyncio.sleep(0.1)
            started = loop.time()
            parts.signals.close()
            with pytest.raises(EOFError):
                await reading
            ended.append(loop.time() - started)
    assert ended[0] < 1


async def test_a_database_that_is_away_is_said_and_nothing_is_lost_when_it_is_back(site: Site) -> None:
    """503 with Retry-After; the same message again is stored once."""
    visitor = await Visitor.arrive(site.http)
    database = site.parts.database
    database.patience = 0.1
    with database.engine.connect() as connection:
        if database.is_sqlite:
            # The engine has begun the transaction that locks everybody else out.
            connection.execute(text("UPDATE conversations SET locale = 'en'"))
        else:
            connection.execute(text("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE"))
        refused = await visitor.send(1, text="hello")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
    assert int(refused.headers["retry-after"]) > 0
    async with visitor.events() as stream:
        assert (await visitor.send(1, text="hello")).status_code == 202
        assert [event.data["text"] for event in await stream.take(2)] == ["hello", "you said hello"]


async def test_who_opens_too_many_conversations_is_slowed_down(parts: Services) -> None:
    """429 with the time to wait; conversations that are open go on."""
    few = OpenChannels(Website("Hello.", new_conversations_per_minute=3), None)
    parts = dataclasses.replace(parts, brain=StubBrain().client(), open_channels=few)
    async with served(parts) as http:
        visitor = [await Visitor.arrive(http) for _ in range(3)][-1]
        refused = await http.post("/api/web/conversations", json={})
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many")
        assert 0 < int(refused.headers["retry-after"]) <= 20
        assert (await visitor.send(1, text="hello")).status_code == 202


async def _limited(parts: Services, **settings: Any) -> Services:
    channels = OpenChannels(Website("Hello.", **settings), None)
    brain = StubBrain().client()
    return dataclasses.replace(parts, brain=brain, open_channels=channels, inbound=channels.inbound())


async def test_who_writes_too_much_is_told_when_to_send_it_and_then_it_goes_through(parts: Services) -> None:
    """429 with the time to wait and a sentence; nothing is stored, the number is free, and repeats are answered."""
    clock = MovableClock()
    limits = InboundLimits(visitor=Amounts(messages=3, kilobytes=16))
    parts = dataclasses.replace(await _limited(parts, inbound=limits), clock=clock)
    async with served(parts) as http:
        visitor = await Visitor.arrive(http)
        assert [(await visitor.send(number, text="hello")).status_code for number in (1, 2, 3)] == [202] * 3
        refused = await visitor.send(4, text="one more")
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many")
        assert "send it again" in refused.json()["error"]["message"]
        assert 0 < int(refused.headers["retry-after"]) <= 20
        assert (await visitor.send(3, text="hello")).status_code == 202
        clock.advance(20)
        assert (await visitor.send(4, text="one more")).status_code == 202
        assert await parts.database.read(messages, "customer") == ["hello", "hello", "hello", "one more"]


async def test_other_words_under_a_number_that_is_taken_are_refused(site: Site) -> None:
    """X14: 409: a page that has lost count must not lose what its visitor wrote."""
    visitor = await Visitor.arrive(site.http)
    assert (await visitor.send(1, text="first")).status_code == 202
    refused = await visitor.send(1, text="other")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "number_taken")
    assert (await visitor.send(1, text="first")).json() == {"seq": 1}


class _Counting(Subscription):
    heard = 0

    def hear(self, topic: str) -> None:
        self.heard += 1


async def test_signs_of_writing_that_come_too_fast_are_dropped_and_nobody_is_told(parts: Services) -> None:
    """A minute's worth wakes a desk, the others cost no look into the database; on SQLite none costs a write."""
    parts = await _limited(parts, extras=WebsiteExtras(typing=1))
    async with served(parts) as http:
        visitor, other = await Visitor.arrive(http), await Visitor.arrive(http)
        with _Counting(parts.signals, (typing_topic(visitor.conversation_id, "customer"),)) as counted:
            answers = [await http.post(f"{visitor.address}/typing", headers=visitor.headers) for _ in range(20)]
        assert {answer.status_code for answer in answers} == {204}
        assert isinstance(counted, _Counting)
        assert counted.heard == 1
        stranger = await http.post(f"{other.address}/typing", headers=visitor.headers)
        assert stranger.status_code == 404
        rows = await parts.database.read(lambda session: list(session.scalars(select(RateLimit.name))))
    assert ("typing/visitor" in rows) is not parts.database.is_sqlite


async def test_links_that_somebody_guesses_at_are_few(parts: Services) -> None:
    """A wrong link counts though it changes nothing."""
    parts = await _limited(parts, extras=WebsiteExtras(links=2))
    async with served(parts) as http:
        tries = [await http.post("/api/web/conversations/continue", json={"token": "x" * 43}) for _ in range(3)]
    assert [answer.status_code for answer in tries] == [404, 404, 429]


async def test_a_conversation_knows_where_its_visitor_comes_from_and_tells_nobody(site: Site) -> None:
    """A keyed hash, from its opening on; it travels to the brain, and nothing that the visitor reads holds it."""
    visitor = await Visitor.arrive(site.http)
    where = origin.of_address(site.parts.settings.payload_key, "127.0.0.1")
    opened = await site.parts.database.read(lambda session: session.get_one(Conversation, visitor.conversation_id))
    async with visitor.events() as stream:
        await visitor.send(1, text="hello")
        shown = json.dumps([event.data for event in await stream.take(2)])
    assert opened.origin == where
    assert where not in shown
    assert [turn["customer"]["origin"] for turn in site.brain.turns] == [where]


async def test_the_widget_works_on_the_sites_that_are_named_and_on_no_other(parts: Services) -> None:
    """Browsers ask first; an answer without the header is a no."""
    named = OpenChannels(Website("Hello.", allowed_origins=("https://www.example.com",)), None)
    parts = dataclasses.replace(parts, brain=StubBrain().client(), open_channels=named)
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    async with served(parts) as http:
        for origin, allowed in (("https://www.example.com", True), ("https://evil.example", False)):
            answer = await http.options("/api/web/conversations", headers={"Origin": origin} | asks)
            assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
            posted = await http.post("/api/web/conversations", json={}, headers={"Origin": origin})
            assert ("access-control-allow-origin" in posted.headers) is allowed


async def test_a_closed_website_has_no_address(parts: Services) -> None:
    """What channels.yml closes cannot be reached."""
    parts = dataclasses.replace(parts, brain=StubBrain().client(), open_channels=OpenChannels(None, None))
    async with served(parts) as http:
        assert (await http.post("/api/web/conversations", json={})).status_code == 404
