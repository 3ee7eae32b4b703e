"""Button tokens: short, and only those that were offered open anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript
from bot.gateway.conversations.payloads import LONGEST_TOKEN, Choice, Payloads, UnknownChoiceError
from bot.gateway.conversations.tables import Conversation
from bot.gateway.migrations import upgrade
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from tests.gateway.making import new_conversation

OFFERED = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A conversation in which entry 1 offers two choices, and entry 2 hides one in a trace."""
    folder: Path = tmp_path_factory.mktemp("payloads")
    database = Database(f"sqlite:///{folder}/warmline.db", Signals())
    upgrade(database)

    def write(session: Session) -> None:
        made = new_conversation(session)
        transcript.append(session, made, author="bot", now=utc_now(), choices=OFFERED)
        transcript.append(session, made, type="trace", author="bot", now=utc_now(), choices=OFFERED)

    database.run_here(write)
    yield database
    database.close()


def test_a_token_opens_the_choice_that_it_was_made_for(offered: Database, payloads: Payloads) -> None:
    """The payload comes from the database, never from the customer."""
    token = payloads.token("c1", 1, 1, "/deny")
    assert offered.run_here(lambda session: payloads.open(session, "c1", token)) == Choice("No", "/deny", 1, 1)


@pytest.mark.parametrize(
    ("conversation_id", "token"),
    [
        ("c2", Payloads("k" * 40).token("c1", 1, 0, "/affirm")),
        ("c1", Payloads("another key" * 4).token("c1", 1, 0, "/affirm")),
        ("c1", Payloads("k" * 40).token("c1", 1, 0, "/deny")),
        ("c1", Payloads("k" * 40).token("c1", 1, 2, "/affirm")),
        ("c1", Payloads("k" * 40).token("c1", 9, 0, "/affirm")),
        ("c1", Payloads("k" * 40).token("c1", 2, 0, "/affirm")),
        ("c1", "1.0."),
        ("c1", "/affirm"),
        ("c1", "²." + "0.x"),
    ],
    ids=["other conversation", "other key", "other payload", "no such index", "no such entry", "hidden entry", "no mac",
         "a bare command", "a digit that is none"],
)  # fmt: skip
def test_a_forged_token_is_refused(offered: Database, payloads: Payloads, conversation_id: str, token: str) -> None:
    """Whatever a customer makes up does nothing."""
    with pytest.raises(UnknownChoiceError):
        offered.run_here(lambda session: payloads.open(session, conversation_id, token))


@settings(max_examples=60, deadline=None)
@given(token=st.text(max_size=80))
def test_no_text_at_all_opens_anything_or_breaks_anything(offered: Database, token: str) -> None:
    """Hostile tokens end in one kind of refusal."""
    with pytest.raises(UnknownChoiceError):
        offered.run_here(lambda session: Payloads("k" * 40).open(session, "c1", token))


@given(
    conversation_id=st.text(max_size=36),
    seq=st.integers(1, 10**9 - 1),
    index=st.integers(0, 99),
    payload=st.text(max_size=300),
)
def test_every_token_fits_telegrams_limit(conversation_id: str, seq: int, index: int, payload: str) -> None:
    """64 bytes of callback data, in ASCII, for any payload."""
    token = Payloads("k" * 40).token(conversation_id, seq, index, payload)
    assert len(token.encode("ascii")) <= LONGEST_TOKEN


def test_a_customers_view_holds_no_payload(offered: Database, payloads: Payloads) -> None:
    """Only titles and tokens leave the gateway."""
    entry = offered.run_here(lambda session: transcript.entries_after(session, "c1", 0, customers_only=True))[0]
    assert [set(choice) for choice in payloads.for_customers(entry)] == [{"title", "token"}] * 2
    assert offered.run_here(lambda session: session.get_one(Conversation, "c1").last_seq) == 2
