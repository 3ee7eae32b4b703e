"""The gateway's own sentences are written once, in the language of the conversation and the words of the company."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.platform.database import Database
from bot.gateway.tickets import notices
from bot.gateway.tickets.services import TicketServices
from bot.wording.catalogue import Catalogue
from bot.wording.files import read_product
from tests.gateway.tickets.scene import Scene


@pytest.fixture
def scene(database: Database, payloads: Payloads) -> Scene:
    """An empty database and a clock."""
    return Scene(database, payloads)


async def _waits(scene: Scene, locale: str) -> Entry:
    """A customer with this locale comes into the queue; gives what they read."""
    conversation_id = await scene.says("ada", "Hallo")

    def speaks(session: Session) -> None:
        session.get_one(Conversation, conversation_id).locale = locale

    await scene.database.run(speaks)
    await scene.hand_off(conversation_id)
    return next(one for one in reversed(await scene.entries(conversation_id)) if one.type == "message")


async def test_a_notice_and_its_buttons_are_in_the_conversations_language(scene: Scene) -> None:
    """What the button does is the same in every language."""
    said = await _waits(scene, "de-AT")
    assert said.text == (
        "Im Moment ist niemand aus unserem Team erreichbar. Ihre Anfrage ist die erste in der Warteschlange. "
        "Wer Ihnen antwortet, hat dann alles bisher Geschriebene gelesen. "
        "Sie können hier in der Zwischenzeit weiterschreiben."
    )
    assert [(one["title"], one["payload"]) for one in said.choices[:1]] == [
        ("Zurück zum Assistenten", notices.RETURN_TO_BOT)
    ]


async def test_a_companys_words_are_said_and_stay_as_they_were_said(scene: Scene) -> None:
    """Another text later changes nothing in a transcript."""
    scene.services = TicketServices(wording=Catalogue(read_product(), {"en": {"queue.keep_writing": "Do go on."}}))
    said = await _waits(scene, "en")
    assert said.text.endswith(" Do go on.")
    scene.services = TicketServices()
    assert (await scene.entries(said.conversation_id))[said.seq - 1].text == said.text
