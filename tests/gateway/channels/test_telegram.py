"""The Telegram channel against a server that behaves like Telegram's, over real HTTP and on both databases."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.gateway.channels.telegram import LARGEST_UPDATE, LONGEST_TEXT, UNKNOWN_CHOICE, WEBHOOK, split
from bot.gateway.channels.telegram_inbound import TOO_FAST
from bot.gateway.channels.telegram_updates import FromCustomer, Membership, read_update
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, Entry, InboxMessage
from bot.gateway.platform.body_limit import LARGEST_BODY
from bot.gateway.platform.database import Database
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets import notices
from bot.wording.sentences import wording
from tests.gateway.channels.conftest import SECRET
from tests.gateway.channels.telegram_server import TOKEN, Fault, TelegramServer
from tests.gateway.making import words
from tests.gateway.tickets.scene import Scene


async def customers_words(scene: Scene) -> list[str]:
    """What customers said, as the transcript has it."""
    return [entry.text for entry in await scene.rows(Entry) if entry.author == "customer"]


async def bot_says(scene: Scene, conversation_id: str, text: str, **more: Any) -> None:
    """Put a message into the outbox, as a turn does."""
    conversation = await scene.conversation(conversation_id)
    await scene.database.run(transcript.append, conversation, text=text, now=scene.clock(), **{"author": "bot", **more})


async def known(scene: Scene, chat: str) -> str:
    """A customer who wrote before and has been answered; gives the conversation's id."""
    conversation_id = await scene.says(chat, "hi")
    await scene.handled()
    return conversation_id


async def arrived(telegram: TelegramServer, **wanted: Any) -> None:
    """Wait without holding up the event loop."""
    await asyncio.to_thread(telegram.wait, **wanted)


async def test_without_the_right_secret_nothing_gets_in(gateway: str, scene: Scene) -> None:
    """Anybody can find the webhook; only Telegram knows the secret."""
    update = {"update_id": 1, "message": {"chat": {"id": 7, "type": "private"}, "text": "forged"}}
    for secret in (None, "", "wrong", SECRET[:-1], SECRET + "x", "ü" * 32):
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret.encode()}
        answer = await asyncio.to_thread(httpx.post, gateway + WEBHOOK, json=update, headers=headers)
        assert answer.status_code == 401, secret
    assert await scene.rows(InboxMessage) == []


async def test_each_update_is_taken_once_however_often_it_is_delivered(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """Telegram delivers again whenever it did not hear our answer."""
    update = telegram.says("where is my order?")
    telegram.push({"message": update["message"]}, update_id=update["update_id"])
    telegram.push({"message": update["message"]}, update_id=update["update_id"])
    await arrived(telegram, delivered=3)
    assert await customers_words(scene) == ["where is my order?"]
    [conversation] = await scene.rows(Conversation)
    assert (conversation.channel, conversation.address, conversation.customer["name"]) == ("telegram", "77", "Ada")


async def test_an_update_of_more_than_64_kb_is_taken(gateway: str, telegram: TelegramServer, scene: Scene) -> None:
    """An answer to a long message repeats it, each letter as six bytes of JSON, with its entities (X13)."""
    link = {"type": "text_link", "offset": 0, "length": 1, "url": "https://shop.example/" + "e" * 600}
    long = telegram.message(text="é" * 4096, entities=[link] * 100)
    assert len(json.dumps(long)) > LARGEST_BODY
    telegram.push({"message": telegram.message(text="and this?", reply_to_message=long)})
    telegram.says("hello")
    await arrived(telegram, delivered=2)
    assert [one.status for one in telegram.delivered] == [200, 200]
    assert await customers_words(scene) == ["and this?", "hello"]


async def test_an_update_that_no_limit_allows_does_not_hold_back_those_behind_it(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """Refused, it would come again and again."""
    telegram.push({"message": telegram.message(text="hi", unknown="a" * (LARGEST_UPDATE + 1))})
    telegram.says("hello")
    await arrived(telegram, delivered=2)
    assert await customers_words(scene) == ["hello"]


async def test_what_is_not_plain_json_is_refused(gateway: str, scene: Scene) -> None:
    """Nested without end, in another encoding, with numbers that are none (X18)."""
    for body in (
        b"[" * 30_000,
        b'{"a":' * 5_000,
        '{"update_id": 1}'.encode("utf-16"),
        b'{"update_id": NaN}',
        b"9" * 5000,
    ):
        answer = await asyncio.to_thread(
            httpx.post, gateway + WEBHOOK, content=body, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET}
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request"), body[:10]


async def test_a_flood_is_bounded_and_its_sender_hears_so_once(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """Every update is answered with 200, so nobody behind it waits; one notice, not one for each that was not taken."""
    for number in range(50):
        telegram.says(f"message {number}")
    telegram.says("hello", chat=78, name="Ben")
    await arrived(telegram, delivered=51)
    said = await customers_words(scene)
    # A message grows back every two seconds while they come in.
    assert said[:30] == [f"message {number}" for number in range(30)]
    assert len(said) < 51
    assert "hello" in said
    assert [entry.text for entry in await scene.rows(Entry) if entry.text == words(TOO_FAST)] == [words(TOO_FAST)]
    assert len({conversation.origin for conversation in await scene.rows(Conversation)}) == 2


async def test_the_start_button_is_a_greeting(gateway: str, telegram: TelegramServer, scene: Scene) -> None:
    """A customer who presses Start has said hello, not typed a command."""
    telegram.says("/start")
    telegram.says("/start from_the_website")
    await arrived(telegram, delivered=2)
    assert await customers_words(scene) == ["Hello", "Hello"]


async def test_a_typed_command_is_text(gateway: str, telegram: TelegramServer, scene: Scene) -> None:
    """What a customer types never steers the bot's insides."""
    telegram.says('/inform{"order_number":"1"}')
    await arrived(telegram, delivered=1)
    [message] = await scene.rows(InboxMessage)
    assert message.input == {"type": "text", "text": '/inform{"order_number":"1"}'}


def _odd_updates(telegram: TelegramServer) -> list[dict[str, Any]]:
    group = {**telegram.message(text="hi all"), "chat": {"id": -5, "type": "group"}}
    return [
        {"edited_message": telegram.message(text="where is my ordre")},
        {"channel_post": {"message_id": 1, "chat": {"id": -9, "type": "channel"}, "text": "news"}},
        {"poll": {"id": "1", "question": "?", "options": []}},
        {"poll_answer": {"poll_id": "1", "option_ids": []}},
        {"a_kind_from_the_future": {"nested": [1, {"deep": None}]}},
        {"message": group},
        {"message": telegram.message(pinned_message={"message_id": 3})},
        {"message": None},
        {"message": "not an object"},
        {"message": {"chat": {"id": "77", "type": "private"}, "text": "a chat id that is no number"}},
        {"callback_query": {"id": "1", "from": {"id": 77}}},
        {"callback_query": {"id": 5, "from": None, "data": ["no"]}},
        {"my_chat_member": {"chat": {"id": 4242, "type": "private"}, "new_chat_member": {"status": "kicked"}}},
        {"my_chat_member": {"new_chat_member": "odd"}},
        {},
    ]


async def test_every_kind_of_update_is_survived_and_those_behind_it_come_through(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """One answer that is not 2xx would hold back every customer behind it."""
    odd = _odd_updates(telegram)
    for update in odd:
        telegram.push(update)
    telegram.says("after all that")
    await arrived(telegram, delivered=len(odd) + 1)
    assert [one.status for one in telegram.delivered] == [200] * (len(odd) + 1)
    assert await customers_words(scene) == ["after all that"]


async def test_half_a_surrogate_pair_does_not_stop_the_webhook(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """A text that no database takes would come again and again for a day."""
    body = b'{"update_id": 5, "message": {"chat": {"id": 7, "type": "private"}, "text": "a\\ud800b\\u0000c"}}'
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    answer = await asyncio.to_thread(httpx.post, gateway + WEBHOOK, content=body, headers=headers)
    assert answer.status_code == 200
    assert await customers_words(scene) == ["a?bc"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["message", "callback_query", "my_chat_member", "chat", "id", "type", "from", "data", "text"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


# Hypothesis times its own making of examples, and calls a busy machine a fault.
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["message", "callback_query", "my_chat_member", "poll"]), json_values))
def test_no_shape_of_an_update_is_a_fault(update: dict[str, Any]) -> None:
    """Reading says what it is, or that it is nothing; it never fails."""
    assert isinstance(read_update({"update_id": 1, **update}), FromCustomer | Membership | None)


async def test_a_caption_is_what_the_customer_said(gateway: str, telegram: TelegramServer, scene: Scene) -> None:
    """People write their question below the picture."""
    kinds = ("photo", "document", "voice")
    for kind in kinds:
        telegram.push({"message": telegram.message(**{kind: {"file_id": "f"}}, caption=f"is this {kind} enough?")})
    await arrived(telegram, delivered=3)
    assert await customers_words(scene) == [f"is this {kind} enough?" for kind in kinds]


async def test_a_card_in_a_message_a_caption_and_a_name_is_hidden(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """Nothing of the update is kept that has it; the customer is told once, and to delete it at home."""
    card, sender = "4111 1111 1111 1111", {"id": 42, "first_name": "Ada 4111111111111111", "language_code": "en"}
    telegram.push({"message": telegram.message(text=f"my card is {card} cvc 987", **{"from": sender})})
    telegram.push({"message": telegram.message(photo=[{"file_id": "f"}], caption=f"the back of {card}")})
    await arrived(telegram, delivered=2)
    assert await customers_words(scene) == ["my card is •••• 1111 cvc •••", "the back of •••• 1111"]
    [kept] = await scene.rows(Conversation)
    assert kept.customer["name"] == "Ada •••• 1111"
    inputs = [message.input["text"] for message in await scene.rows(InboxMessage)]
    assert all("4111" not in text and "987" not in text for text in inputs)
    told = [entry.text for entry in await scene.rows(Entry) if entry.author == "system"]
    assert told == [words((wording("secret.card_hidden"), wording("secret.delete_there")))]


async def test_a_picture_without_words_gets_an_honest_answer(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """The bot cannot see it, says so, and does not guess."""
    telegram.push({"message": telegram.message(photo=[{"file_id": "f"}])})
    await arrived(telegram, sent=1)
    assert telegram.sent[0].text == words(wording("attachment.cannot_read", attachment="a photo"))
    assert await customers_words(scene) == ["(a photo)"]
    [message] = await scene.rows(InboxMessage)
    assert message.outcome == "answered"


async def test_an_album_gets_one_reaction(gateway: str, telegram: TelegramServer, scene: Scene) -> None:
    """D12, kind 7: four photos without words get one notice; with a caption they get its answer and no notice."""
    for number in range(4):
        telegram.push({"message": telegram.message(photo=[{"file_id": f"f{number}"}], media_group_id="13579")})
    await arrived(telegram, sent=1, delivered=4)
    for number in range(3):
        caption = {"caption": "is this the right part?"} if number == 0 else {}
        telegram.push({"message": telegram.message(photo=[{"file_id": "f"}], media_group_id="24680", **caption)})
    telegram.says("thanks")
    await arrived(telegram, delivered=8, sent=1)
    notice = words(wording("attachment.cannot_read", attachment="a photo"))
    assert [one.text for one in telegram.sent].count(notice) == 1
    assert (await customers_words(scene)).count("is this the right part?") == 1


async def test_replies_of_bot_and_human_arrive_with_link_and_name(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """A customer sees where an answer comes from, and who a person is."""
    conversation_id = await known(scene, "77")
    link = {"article": "a", "title": "Returns", "heading": "", "url": "https://larkfield.example/help/returns"}
    await bot_says(scene, conversation_id, "You have 30 days.", citation=link)
    await bot_says(scene, conversation_id, "Happy to help.", author="human", author_name="Sam")
    # W11: a page of our own is named as it can be opened from a telephone.
    page = {"article": "b", "title": "Hours", "heading": "", "url": "/articles/hours"}
    await bot_says(scene, conversation_id, "At 9am.", citation=page)
    await arrived(telegram, sent=3)
    assert [sent.text for sent in telegram.sent] == [
        "You have 30 days.\n\nReturns: https://larkfield.example/help/returns",
        "Sam: Happy to help.",
        "At 9am.\n\nHours: http://gateway/articles/hours",
    ]


async def test_a_button_does_what_it_says_and_stops_turning(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """The way back to the assistant works from Telegram too."""
    conversation_id = await known(scene, "77")
    await scene.hand_off(conversation_id)
    await arrived(telegram, sent=1)
    [waiting] = telegram.sent
    telegram.taps(waiting, "Back to the assistant")
    await arrived(telegram, sent=2)
    assert telegram.answered_callbacks == [f"cb-{waiting.message_id}-Back to the assistant"]
    assert telegram.sent[1].text == words(notices.abandoned())
    assert (await scene.conversation(conversation_id)).owner == "bot"


async def test_a_button_that_was_never_offered_is_answered_and_does_nothing(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """A forged or forgotten button must not hold up the updates behind it."""
    conversation_id = await known(scene, "77")
    await bot_says(scene, conversation_id, "Shall I?", choices=[{"title": "Yes", "payload": "/affirm"}])
    await arrived(telegram, sent=1)
    telegram.sent[0].buttons[0]["callback_data"] = "1.0.AAAAAAAAAAAAAAAAAAAAAA"
    telegram.taps(telegram.sent[0], "Yes")
    await arrived(telegram, delivered=1)
    assert telegram.callback_texts == [words(UNKNOWN_CHOICE)]
    assert await customers_words(scene) == ["hi"]


async def test_a_long_text_arrives_whole_in_pieces_with_its_buttons_below_the_last(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """Telegram counts in UTF-16: an emoji is two."""
    conversation_id = await known(scene, "77")
    text = "🧺 wash " * 1000
    await bot_says(scene, conversation_id, text, choices=[{"title": "Thanks", "payload": "/thanks"}])
    await arrived(telegram, sent=2)
    assert " ".join(sent.text for sent in telegram.sent) == text.strip()
    assert [len(sent.buttons) for sent in telegram.sent] == [0, 1]
    assert telegram.refusals == []
    [(_, state)] = await _ended(scene, 1)
    assert state == "sent"


@given(st.text(st.characters(codec="utf-8"), max_size=200).map(lambda text: text * 90))
def test_pieces_are_within_telegrams_limit_and_lose_nothing_but_spaces(text: str) -> None:
    """No text is refused for its length, and no word goes missing."""
    pieces = split(text)
    assert all(0 < len(piece.encode("utf-16-le")) // 2 <= LONGEST_TEXT for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


async def test_messages_to_one_customer_keep_their_order_and_their_pace(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """Telegram wants a second between two messages to one chat; another chat does not wait for it."""
    telegram.messages_per_second = 1
    ada, ben = await known(scene, "77"), await known(scene, "88")
    for number in range(3):
        await bot_says(scene, ada, f"ada {number}")
    await bot_says(scene, ben, "ben 0")
    await arrived(telegram, sent=4)
    assert [sent.text for sent in telegram.sent if sent.chat_id == 77] == ["ada 0", "ada 1", "ada 2"]
    assert [sent.text for sent in telegram.sent].index("ben 0") <= 1
    assert telegram.refusals == []


async def test_a_429_is_honoured_and_the_order_kept(gateway: str, telegram: TelegramServer, scene: Scene) -> None:
    """Who is told to wait waits; what comes later does not overtake."""
    telegram.faults.append(Fault(429, retry_after=2))
    conversation_id = await known(scene, "77")
    started = time.monotonic()
    await bot_says(scene, conversation_id, "one")
    await bot_says(scene, conversation_id, "two")
    await arrived(telegram, sent=2)
    assert [sent.text for sent in telegram.sent] == ["one", "two"]
    assert telegram.sent[0].at - started >= 1.9


async def test_after_faults_a_message_is_sent_once(gateway: str, telegram: TelegramServer, scene: Scene) -> None:
    """A 500 of Telegram's delays a message and neither loses nor doubles it."""
    telegram.faults.extend([Fault(500), Fault(502)])
    await bot_says(scene, await known(scene, "77"), "here you are")
    await arrived(telegram, sent=1)
    [(_, state)] = await _ended(scene, 1)
    assert state == "sent"
    assert len(telegram.sent) == 1


async def test_a_lost_answer_leads_to_one_repeat_at_most(gateway: str, telegram: TelegramServer, scene: Scene) -> None:
    """Nobody can know whether it arrived: better twice than never, and never three times."""
    telegram.faults.extend([Fault(0, after_sending=True)] * 3)
    await bot_says(scene, await known(scene, "77"), "here you are")
    [(_, state)] = await _ended(scene, 1)
    assert state == "failed"
    assert [sent.text for sent in telegram.sent] == ["here you are"] * 2


async def test_who_blocked_the_bot_is_sent_nothing_until_they_come_back(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """Agents see that a reply did not arrive, and Telegram is not asked again and again."""
    conversation_id = await known(scene, "77")
    telegram.blocked.add(77)
    await bot_says(scene, conversation_id, "one")
    await bot_says(scene, conversation_id, "two")
    assert [state for _, state in await _ended(scene, 2)] == ["failed", "failed"]
    assert not (await scene.conversation(conversation_id)).reachable
    assert [status for status, _ in telegram.refusals] == [403]
    telegram.unblocks()
    await arrived(telegram, delivered=1)
    assert (await scene.conversation(conversation_id)).reachable
    await bot_says(scene, conversation_id, "welcome back")
    await arrived(telegram, sent=1)


async def test_blocking_is_noted_when_telegram_tells(gateway: str, telegram: TelegramServer, scene: Scene) -> None:
    """What is still waiting is not sent to somebody who left."""
    conversation_id = await known(scene, "77")
    telegram.blocks()
    await arrived(telegram, delivered=1)
    await bot_says(scene, conversation_id, "one")
    assert await _ended(scene, 1) == [("one", "failed")]
    assert telegram.refusals == []


async def test_a_humans_claim_and_reply_reach_the_customer(
    gateway: str, telegram: TelegramServer, scene: Scene
) -> None:
    """The whole way to a person, read on a phone."""
    from bot.gateway.desk.replies import reply

    sam = await scene.agent("Sam")
    telegram.says("a person please")
    await arrived(telegram, delivered=1)
    [conversation] = await scene.rows(Conversation)
    ticket_id = await scene.hand_off(conversation.id)
    await scene.take(tickets.claim, ticket_id, sam)
    await scene.database.run(reply, ticket_id, sam, 1, "Hello Ada, I am looking at it.", scene.clock())
    await scene.take(tickets.give_back, ticket_id, sam, "")
    await arrived(telegram, sent=4)
    assert [sent.text for sent in telegram.sent][:4] == [
        words(notices.queued(1, nobody=wording("queue.nobody"))),
        words(notices.claimed("Sam")),
        "Sam: Hello Ada, I am looking at it.",
        words(notices.returned("Sam")),
    ]


async def test_while_the_database_is_away_telegram_hears_503_and_brings_the_update_again(
    gateway: str, telegram: TelegramServer, scene: Scene, database: Database
) -> None:
    """Nothing that was acknowledged is lost, and what was not is delivered again."""
    with away(database):
        telegram.says("anybody there?")
        # The gateway tries the database for some seconds first; a busy machine makes that many.
        for _ in range(600):
            if telegram.delivered:
                break
            await asyncio.sleep(0.1)
        # Telegram may have come back with it already.
        assert {one.status for one in telegram.delivered} == {503}
    await arrived(telegram, delivered=1)
    assert await customers_words(scene) == ["anybody there?"]


def test_set_webhook_tells_telegram_the_address_the_secret_and_the_kinds(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    """One command connects the bot; the secret never stands in the address."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "WARMLINE_ROOT": str(tmp_path),
        "WARMLINE_PUBLIC_URL": "https://chat.example.com/",
        "WARMLINE_TELEGRAM_API": telegram.url,
        "WARMLINE_TELEGRAM_TOKEN": TOKEN,
        "WARMLINE_TELEGRAM_SECRET": SECRET,
    }
    command = [sys.executable, "-m", "bot.commands.telegram", "set-webhook"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert telegram.webhook == {
        "url": "https://chat.example.com/channels/telegram/webhook",
        "secret_token": SECRET,
        "allowed_updates": ["message", "callback_query", "my_chat_member"],
    }
    wrong = subprocess.run(
        command, env={**environment, "WARMLINE_TELEGRAM_TOKEN": "1:wrong"}, capture_output=True, text=True, timeout=60
    )
    assert wrong.returncode == 1
    assert "Unauthorized" in wrong.stderr
    assert "1:wrong" not in wrong.stderr


@contextmanager
def away(database: Database) -> Iterator[None]:
    """Make the database unusable for everybody else: SQLite locked, PostgreSQL closed to connections."""
    if database.is_sqlite:
        with database.engine.connect() as lock:
            lock.exec_driver_sql("SELECT 1")  # begins with BEGIN IMMEDIATE: nobody else can write
            yield
        return
    name = database.url.database
    server = database.url.set(database="postgres", drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


async def _ended(scene: Scene, count: int) -> list[tuple[str, str]]:
    """Wait until so many deliveries have ended."""
    for _ in range(600):
        found = [one for one in await scene.deliveries() if one[1] != "waiting"]
        if len(found) >= count:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(await scene.deliveries())
