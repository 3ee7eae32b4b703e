"""A conversation goes on elsewhere by a link: both ways, once, for a while, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.gateway.channels import telegram_inbound
from bot.gateway.channels.telegram_updates import FromCustomer, read_update
from bot.gateway.conversations import transcript
from bot.gateway.tickets.desk_settings import DEFAULT
from bot.gateway.tickets.links import LinkError, Links
from bot.gateway.tickets.services import TicketServices
from tests.gateway.conftest import KEY
from tests.gateway.making import new_conversation
from tests.gateway.tickets.scene import Scene

MAKER = Links(KEY, "https://shop.example", "ExampleShopBot")


@pytest.fixture
async def waiting(scene: Scene) -> Scene:
    """Somebody in the queue on the website."""
    scene.services = TicketServices(links=MAKER)
    await scene.database.run(new_conversation, "c1", "web")
    await scene.hand_off("c1")
    return scene


async def issue(scene: Scene, to: str, conversation_id: str = "c1") -> str:
    """A link's token."""

    def work(session: Session) -> str:
        conversation = transcript.lock(session, conversation_id)
        assert conversation is not None
        return MAKER.issue(session, conversation, to, DEFAULT.link_lasts, scene.clock())

    url = await scene.database.run(work)
    prefix = "https://t.me/ExampleShopBot?start=" if to == "telegram" else "https://shop.example/#warmline="
    assert url.startswith(prefix)
    return url.removeprefix(prefix)


async def start(scene: Scene, token: str, chat: int = 7, update: int = 1) -> None:
    """The customer opens the deep link in Telegram and presses Start."""
    event = read_update(
        {
            "update_id": update,
            "message": {
                "chat": {"id": chat, "type": "private"},
                "from": {"first_name": "Ada"},
                "text": f"/start {token}",
            },
        }
    )
    assert isinstance(event, FromCustomer)
    await scene.database.run(telegram_inbound.store, scene.channel_services(), event)


async def redeem(scene: Scene, token: str) -> str:
    """The customer opens a link to the website."""

    def work(session: Session) -> str:
        return MAKER.redeem(session, token, "web", "default", None, scene.clock()).id

    return await scene.database.run(work)


async def test_the_place_goes_along_to_telegram_and_back(waiting: Scene) -> None:
    """Same conversation, same ticket, same place; messages go where the customer is."""
    await start(waiting, await issue(waiting, "telegram"))
    moved = await waiting.conversation("c1")
    assert (moved.channel, moved.address, moved.owner) == ("telegram", "7", "queue")
    assert moved.customer["name"] == "Ada"
    assert [state for _, state in await waiting.deliveries()] == ["waiting"]
    assert "kept your place and are next in the queue" in (await waiting.texts("c1", "system"))[-1]
    assert await redeem(waiting, await issue(waiting, "web")) == "c1"
    back = await waiting.conversation("c1")
    assert (back.channel, back.address, back.owner) == ("web", "c1", "queue")


async def test_a_link_works_once(waiting: Scene) -> None:
    """Another chat that has seen it gets nothing."""
    token = await issue(waiting, "telegram")
    await start(waiting, token, chat=7, update=1)
    await start(waiting, token, chat=8, update=2)
    assert (await waiting.conversation("c1")).address == "7"
    to_web = await issue(waiting, "web")
    await redeem(waiting, to_web)
    with pytest.raises(LinkError, match="used"):
        await redeem(waiting, to_web)


async def test_a_start_that_telegram_delivers_twice_is_one(waiting: Scene) -> None:
    """Providers repeat."""
    token = await issue(waiting, "telegram")
    await start(waiting, token)
    before = len(await waiting.entries("c1"))
    await start(waiting, token)
    assert len(await waiting.entries("c1")) == before


async def test_a_link_expires_and_dies_when_a_newer_one_is_made(waiting: Scene) -> None:
    """An old screenshot is worth nothing."""
    first = await issue(waiting, "telegram")
    second = await issue(waiting, "telegram")
    for token in (first, second):
        if token == second:
            waiting.now += timedelta(hours=25)
        await start(waiting, token, chat=9, update=ord(token[0]))
        assert (await waiting.conversation("c1")).channel == "web"


@pytest.mark.parametrize("wrong", ["", "A" * 43, "../../etc", "é" * 43, "A" * 500])
async def test_a_made_up_link_is_a_greeting_like_any_other(waiting: Scene, wrong: str) -> None:
    """Nothing is learnt from it."""
    await start(waiting, wrong)
    assert (await waiting.conversation("c1")).channel == "web"


async def test_a_link_for_one_channel_does_not_open_another(waiting: Scene) -> None:
    """Bound to both, conversation and channel; and not transferable by changing a letter."""
    token = await issue(waiting, "telegram")
    with pytest.raises(LinkError):
        await redeem(waiting, token)
    changed = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    await start(waiting, changed)
    assert (await waiting.conversation("c1")).channel == "web"


async def test_what_the_bot_alone_had_in_that_chat_is_set_aside(waiting: Scene) -> None:
    """A chat is one conversation at a time; the other story is kept."""
    event = FromCustomer(99, "7", "Ada", "en", text="hi")
    await waiting.database.run(telegram_inbound.store, waiting.channel_services(), event)
    await start(waiting, await issue(waiting, "telegram"))
    assert (await waiting.conversation("c1")).address == "7"


async def test_a_chat_in_which_a_human_is_at_work_takes_no_other_conversation(waiting: Scene) -> None:
    """The link stays good for later."""
    event = FromCustomer(99, "7", "Ada", "en", text="hi")
    receipt = await waiting.database.run(telegram_inbound.store, waiting.channel_services(), event)
    assert receipt is not None
    await waiting.hand_off(receipt.conversation_id)
    token = await issue(waiting, "telegram")
    await start(waiting, token)
    assert (await waiting.conversation("c1")).channel == "web"
    await start(waiting, token, chat=8, update=3)
    assert (await waiting.conversation("c1")).address == "8"
