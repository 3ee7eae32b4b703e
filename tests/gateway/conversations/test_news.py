"""What is new in conversations that the bot does not have is read once and reaches each side."""

from __future__ import annotations

import asyncio

from sqlalchemy.orm import Session

from bot.gateway.conversations import news, owner, transcript
from bot.gateway.conversations.news import NewsReader
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from tests.gateway.making import new_conversation


def _says(session: Session, name: str, text: str) -> None:
    conversation = transcript.lock(session, name)
    assert conversation is not None
    transcript.append(session, conversation, author="customer", now=utc_now(), text=text)


def _three(session: Session) -> None:
    for name, whose in (("with-bot", "bot"), ("queued", "queue"), ("with-sam", "human:sam")):
        new_conversation(session, name, owner=whose)


def test_only_customers_words_where_the_bot_has_nothing_to_say_are_news(database: Database) -> None:
    """Each conversation once, the oldest first; what the bot has is the worker's."""
    database.run_here(_three)
    before = database.run_here(news.latest)
    for name in ("with-sam", "with-bot", "queued", "queued"):
        database.run_here(_says, name, "hello?")
    found, after = database.run_here(news.since, before)
    assert found == [("with-sam", "human:sam"), ("queued", "queue")]
    assert database.run_here(news.since, after) == ([], after)


def test_another_owner_is_news_and_what_is_written_to_the_customer_is_not(database: Database) -> None:
    """Also in a company's first conversation: before it there was nothing to look at."""
    before = database.run_here(news.latest)
    assert (before, database.run_here(news.since, before)) == (0, ([], 0))
    database.run_here(new_conversation, "first")

    def to_the_queue(session: Session) -> None:
        found = session.get_one(Conversation, "first")
        owner.change_owner(session, found, owner.QUEUE, expected_version=0, now=utc_now())

    database.run_here(to_the_queue)
    found, after = database.run_here(news.since, before)
    assert found == [("first", "queue")]

    def write(session: Session) -> None:
        conversation = session.get_one(Conversation, "first")
        transcript.append(session, conversation, author="system", now=utc_now(), text="somebody comes")
        transcript.append(session, conversation, type="note", author="human", now=utc_now(), text="for us")

    database.run_here(write)
    assert database.run_here(news.since, after)[0] == []


async def test_each_side_gets_its_own_once(database: Database) -> None:
    """A feed keeps what nobody took yet, and gives it once."""
    await database.run(_three)
    reader = NewsReader(database)
    running = asyncio.create_task(reader.run())
    try:
        await reader.feeds["queue"].is_read.wait()
        with reader.feeds["queue"].listen() as queue, reader.feeds["human"].listen() as human:
            for name in ("queued", "with-bot", "with-sam"):
                await database.run(_says, name, "hello?")
            async with asyncio.timeout(15):
                await queue.wait(15)
                await human.wait(15)
        assert reader.feeds["queue"].take() == ["queued"]
        assert reader.feeds["human"].take() == ["with-sam"]
        assert reader.feeds["queue"].take() == []
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
