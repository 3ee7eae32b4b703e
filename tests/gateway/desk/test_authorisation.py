"""Who may call what: a rule for every route of the gateway; a route without one fails the first test."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from standardwebhooks.webhooks import Webhook

from bot.gateway.app import create_app
from bot.gateway.desk.roles import Role
from bot.gateway.external_desks import chatwoot, webhooks
from bot.gateway.platform.clock import utc_now
from bot.gateway.tickets.services import TicketServices
from bot.settings import Settings
from tests.gateway.channels.gateway_server import CHANNELS
from tests.gateway.desk.conftest import Desk, Desks
from tests.gateway.tickets.scene import Scene

ANSWERING = frozenset({Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR})
SUPERVISING = AUDITING = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
TEACHING = SUPERVISING | {Role.TRAINER}
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
EVERYBODY = frozenset(Role)

# Who may do what does not depend on where the rows lie.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Desked:
    """A route of the desk: the roles that may call it, and what happens with somebody else's object."""

    roles: frozenset[Role]
    body: Any = None
    """What a call needs to be understood; it changes nothing that the next call would miss."""
    foreign: int | None = None
    """The status when the object named in the path is a colleague's; stated for every route that names one."""
    unknown: int | None = 404
    """The status when the object named in the path does not exist."""
    statuses: frozenset[int] = field(default=frozenset({200}))
    """What a caller who may gets for this body."""


PUBLIC = "public: no account, nothing of a customer's"
BY_TOKEN = "the visitor whose conversation it is, by the token; to anybody else it does not exist"
BY_SIGNATURE = "the provider or the holder of a link, by a signature or secret over the request"

RULES: dict[str, Desked | str] = {
    "GET /health": PUBLIC,
    "GET /": PUBLIC,
    "GET /page/{name}": PUBLIC,
    "GET /desk": PUBLIC,
    "GET /docs": PUBLIC,
    "GET /widget.js": PUBLIC,
    "GET /assets/{name}": PUBLIC,
    "GET /articles/{article_id}": PUBLIC,
    "GET /api/web/embedding": PUBLIC,
    "GET /api/web/wording/{locale}": PUBLIC,
    "POST /api/web/conversations": PUBLIC,
    "POST /api/web/conversations/continue": BY_SIGNATURE,
    "POST /desks/chatwoot/webhook": BY_SIGNATURE,
    "POST /desks/webhooks": BY_SIGNATURE,
    "GET /api/web/conversations/{conversation_id}/events": BY_TOKEN,
    "POST /api/web/conversations/{conversation_id}/messages": BY_TOKEN,
    "POST /api/web/conversations/{conversation_id}/messages/{seq}/rating": BY_TOKEN,
    "POST /api/web/conversations/{conversation_id}/typing": BY_TOKEN,
    "POST /api/web/conversations/{conversation_id}/end": BY_TOKEN,
    "POST /api/web/conversations/{conversation_id}/return-to-bot": BY_TOKEN,
    "POST /channels/telegram/webhook": BY_SIGNATURE,
    "POST /api/desk/session": PUBLIC,
    "GET /api/desk/session": Desked(EVERYBODY),
    "POST /api/desk/password": Desked(
        EVERYBODY, {"old": "x", "new": "a long walk by the sea"}, statuses=frozenset({403})
    ),
    "GET /api/desk/tickets": Desked(EVERYBODY),
    "GET /api/desk/tickets/{ticket_id}": Desked(EVERYBODY, foreign=200),
    "POST /api/desk/tickets/{ticket_id}/claim": Desked(ANSWERING, {}, foreign=409),
    "POST /api/desk/tickets/{ticket_id}/messages": Desked(ANSWERING, {"client_seq": 1, "text": "x"}, foreign=409),
    "POST /api/desk/tickets/{ticket_id}/return": Desked(ANSWERING, {}, foreign=409),
    "POST /api/desk/tickets/{ticket_id}/resolve": Desked(ANSWERING, {"outcome": "solved"}, foreign=409),
    "GET /api/desk/events": Desked(EVERYBODY),
    "POST /api/desk/next": Desked(ANSWERING, {}),
    "POST /api/desk/tickets/{ticket_id}/transfer": Desked(ANSWERING, {}, foreign=409),
    "POST /api/desk/tickets/{ticket_id}/snooze": Desked(ANSWERING, {"until": None}, foreign=409),
    "POST /api/desk/presence": Desked(ANSWERING, {"presence": "online"}, statuses=frozenset({204})),
    "GET /api/desk/supervision": Desked(SUPERVISING),
    "POST /api/desk/tickets/{ticket_id}/notes": Desked(ANSWERING, {"client_seq": 1, "text": "x"}, foreign=202),
    "POST /api/desk/tickets/{ticket_id}/typing": Desked(ANSWERING, {}, foreign=409),
    "POST /api/desk/tickets/{ticket_id}/suggestions/{seq}/reject": Desked(ANSWERING, {"offer": 0}, foreign=409),
    # Who may read a conversation may say what the assistant got wrong in it; this one has no turn of the assistant.
    "POST /api/desk/tickets/{ticket_id}/turns/{seq}/mark": Desked(EVERYBODY, {"verdict": "right"}, foreign=404),
    "GET /api/desk/tickets/{ticket_id}/wrap-up": Desked(EVERYBODY, foreign=200),
    "GET /api/desk/team": Desked(EVERYBODY),
    # The brain is away in this test.
    "POST /api/desk/search": Desked(EVERYBODY, {"query": "x"}, statuses=frozenset({503})),
    "GET /api/desk/suggestions": Desked(TEACHING),
    "GET /api/desk/canned": Desked(EVERYBODY),
    "POST /api/desk/canned": Desked(
        SUPERVISING, {"shortcut": "no good", "title": "x", "text": "x"}, statuses=frozenset({400})
    ),
    "POST /api/desk/canned/starter": Desked(SUPERVISING, {}, statuses=frozenset({201})),
    "POST /api/desk/canned/{reply_id}": Desked(SUPERVISING, {"shortcut": "x", "title": "x", "text": "x"}, foreign=200),
    # Shared by the team; the first supervisor who calls takes it away.
    "DELETE /api/desk/canned/{reply_id}": Desked(SUPERVISING, foreign=204),
    "GET /api/desk/users": Desked(ADMINISTRATORS),
    "POST /api/desk/users": Desked(
        ADMINISTRATORS, {"username": " ", "name": "x", "role": "agent"}, statuses=frozenset({400})
    ),
    "POST /api/desk/users/{user_id}": Desked(ADMINISTRATORS, {}, foreign=200),
    "POST /api/desk/users/{user_id}/password": Desked(ADMINISTRATORS, {}, foreign=200),
    "GET /api/desk/audit": Desked(AUDITING),
    # A supervisor moves other people's conversations; after all that would miss it.
    "POST /api/desk/tickets/{ticket_id}/release": Desked(SUPERVISING, {}, foreign=200),
    # Last: it ends the sessions that the others need.
    "DELETE /api/desk/session": Desked(EVERYBODY, statuses=frozenset({204})),
}
DESK = {name: rule for name, rule in RULES.items() if isinstance(rule, Desked)}


def every_route(settings: Settings) -> set[str]:
    """What the gateway answers with every channel open; HEAD goes with GET."""
    (settings.root / "channels.yml").write_text(CHANNELS.format(telegram="true"))
    app = create_app(replace(settings, telegram_token="1:token", telegram_secret="s" * 40))
    # One outside desk is open at a time: the others' routes are asked about all the same.
    database = app.state.desk_services.database
    app.include_router(chatwoot._router(b"s" * 32, 1, database, utc_now, TicketServices()))
    app.include_router(webhooks._router(Webhook("whsec_" + "c2Vj" * 11), database, utc_now, TicketServices()))
    found = {
        f"{method} {context.path}"
        for context in iter_route_contexts(app.routes)
        for method in (context.methods or {"EVERYTHING"}) - {"HEAD"}
    }
    # The description of the API is FastAPI's own route.
    return found - {"GET /openapi.json"}


@on_sqlite
def test_every_route_states_who_may_call_it(settings: Settings) -> None:
    """A new route begins with its line in the table above; one that is gone takes its line along."""
    assert every_route(settings) == set(RULES)


def test_every_route_that_names_an_object_states_what_a_foreign_one_gets() -> None:
    """To be signed in is not to be allowed everything."""
    silent = [name for name, rule in DESK.items() if "{" in name and rule.foreign is None]
    assert silent == []


async def call(browser: httpx.AsyncClient, name: str, rule: Desked, objects: dict[str, str]) -> tuple[int, str]:
    """One call of a route; gives the status and the error's code."""
    method, _, path = name.partition(" ")
    path = path.removeprefix("/api/desk/").format(**objects)
    async with browser.stream(method, path, json=rule.body) as answer:
        if answer.status_code == 204 or answer.headers["content-type"].startswith("text/event-stream"):
            return answer.status_code, ""
        await answer.aread()
        return answer.status_code, answer.json()["error"]["code"] if answer.status_code >= 400 else ""


NOTHING = {"ticket_id": "nothing", "user_id": "nothing", "reply_id": "nothing", "seq": "1"}


@pytest.fixture
async def everybody(desks: Desks) -> dict[Role, Desk]:
    """One person of each role."""
    return {role: await desks.signed_in(role.value.title(), role) for role in Role}


@on_sqlite
async def test_each_role_may_do_what_its_rule_says_and_nothing_else(desks: Desks, everybody: dict[Role, Desk]) -> None:
    """Every route, called by every role and by nobody; a write without the page's header by nobody at all."""
    wrong = []
    for name, rule in DESK.items():
        outside = await call(desks.browser(), name, rule, NOTHING)
        if outside != (401, "signed_out"):
            wrong.append(("nobody", name, outside))
        for role, desk in everybody.items():
            if not name.startswith("GET"):
                header = desk.browser.headers.pop("X-Warmline-CSRF")
                forged = await call(desk.browser, name, rule, NOTHING)
                desk.browser.headers["X-Warmline-CSRF"] = header
                if forged != (403, "wrong_csrf"):
                    wrong.append(("forged", name, forged))
            status, code = await call(desk.browser, name, rule, NOTHING)
            if role in rule.roles:
                expected = {rule.unknown} if "{" in name else rule.statuses
                if status not in expected or code == "not_allowed":
                    wrong.append((role, name, (status, code)))
            elif (status, code) != (403, "not_allowed"):
                wrong.append((role, name, (status, code)))
    assert wrong == []


async def canned_reply(keeper: Desk, shortcut: str) -> str:
    """A canned reply of that shortcut, new or already there."""
    known = {one["shortcut"]: one["id"] for one in (await keeper.get("canned"))["replies"]}
    if shortcut not in known:
        made = await keeper.post("canned", {"shortcut": shortcut, "title": "x", "text": "x"})
        return str(made.json()["reply"]["id"])
    return str(known[shortcut])


@on_sqlite
async def test_a_colleagues_conversation_is_not_ones_own(
    desks: Desks, everybody: dict[Role, Desk], scene: Scene
) -> None:
    """Every route that names an object, with somebody else's: read by who may read, written by its owner alone."""
    owner = await desks.signed_in("Owner")
    conversation_id = await scene.says("ada", "my dishwasher leaks", "web")
    await scene.handled()
    ticket_id = await scene.hand_off(conversation_id)
    assert (await owner.post(f"tickets/{ticket_id}/claim")).status_code == 200
    theirs = {"ticket_id": ticket_id, "user_id": owner.agent_id, "seq": "1"}
    wrong = []
    for name, rule in DESK.items():
        if "{" not in name:
            continue
        for role in rule.roles:
            theirs["reply_id"] = await canned_reply(everybody[Role.SUPERVISOR], "x")
            status, _ = await call(everybody[role].browser, name, rule, theirs)
            if status != rule.foreign:
                wrong.append((role, name, status))
    assert wrong == []
    assert await scene.texts(conversation_id, "human") == []
    states = await scene.states(conversation_id)
    assert states == [("queue", 1), ("human", "Owner"), ("queue", 1)], "its owner's until a supervisor released it"


@on_sqlite
async def test_a_visitors_conversation_does_not_exist_for_anybody_else(desks: Desks) -> None:
    """With a wrong token, with another's, and with an agent's cookie: the same 404."""
    agent = await desks.signed_in("Sam")
    async with httpx.AsyncClient(base_url=desks.url, cookies=agent.browser.cookies) as client:
        mine, other = [(await client.post("/api/web/conversations", json={})).json() for _ in range(2)]
        bodies = {"messages": {"client_seq": 1, "text": "x"}, "return-to-bot": {}, "rating": {"rating": "up"}}
        for name, rule in RULES.items():
            if rule != BY_TOKEN:
                continue
            method, _, path = name.partition(" ")
            path = path.format(conversation_id=mine["conversation_id"], seq=1)
            for token in ("none", "wrong", other["token"]):
                answer = await client.request(
                    method, path, json=bodies.get(path.rpartition("/")[2]), headers={"Authorization": f"Bearer {token}"}
                )
                assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_conversation"), name
