"""Who reads what customers said is in the log, and a stream is no way to read all of history (X7, X18)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bot.gateway.conversations.tables import Entry
from bot.gateway.desk import asked, audit, stream
from bot.gateway.desk.audit import Action
from bot.gateway.desk.roles import Role
from bot.gateway.desk.tables import AuditRecord
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from tests.gateway.desk.conftest import Desks
from tests.gateway.desk.test_api import heard, listening, waiting_customer
from tests.gateway.tickets.scene import NOON, Scene


async def _read(database: Database) -> Counter[tuple[str, str | None]]:
    """How often each kind of reading stands in the log, by ticket."""
    rows = await database.read(lambda session: [(one.action, one.ticket_id) for one in session.query(AuditRecord)])
    return Counter(row for row in rows if row[0].startswith(("read", "watched", "exported")))


async def test_each_reading_of_history_is_in_the_log_once(desks: Desks, scene: Scene, database: Database) -> None:
    """Transcript, wrap-up, the lists of what is over, the log itself on whatever page, the stream."""
    root = await desks.signed_in("Root", Role.ADMINISTRATOR)
    _, ticket_id = await waiting_customer(scene)
    for _ in range(3):
        await root.get(f"tickets/{ticket_id}")
        await root.get(f"tickets/{ticket_id}/wrap-up")
        for which in ("closed", "all", "waiting", "mine", "team"):
            await root.get(f"tickets?list={which}")
        await root.get(f"audit?before={2**53 - 1}")
        await root.get("suggestions")
        async with listening(root, "?after=0") as events:
            await heard(events, 1)
    assert await _read(database) == {
        ("read_ticket", ticket_id): 1,
        ("read_wrap_up", ticket_id): 1,
        ("read_list", None): 1,
        ("read_audit", None): 1,
        ("read_suggestions", None): 1,
        ("watched", None): 1,
    }


async def test_the_work_of_now_is_no_reading_of_history(desks: Desks, scene: Scene, database: Database) -> None:
    """An agent's page shows who waits all day long; the log would hold nothing else."""
    sam = await desks.signed_in("Sam")
    await waiting_customer(scene)
    for which in ("waiting", "mine", "team"):
        await sam.get(f"tickets?list={which}")
    assert await _read(database) == {}


async def test_a_reading_is_written_again_after_a_while_and_for_each_account(database: Database) -> None:
    """Who, what and when; one entry for one account and thing in a quarter of an hour, also after a clock's jump."""
    for minutes in (0, 1, 14, 15, 20, 29, 30, -600):
        at = NOON + timedelta(minutes=minutes)
        await database.run(audit.record_reading, Action.READ_TICKET, None, at, ticket_id="t1")
        await database.run(audit.record_reading, Action.READ_TICKET, None, at, ticket_id="t2")
    found = await _read(database)
    assert found == {("read_ticket", "t1"): 4, ("read_ticket", "t2"): 4}


async def test_an_export_of_customers_questions_is_in_the_log(
    database: Database, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever may open the database may do it; that it was done stands there."""
    asked.export(database_url, NOON)
    asked.export(database_url, NOON)
    assert await _read(database) == {("exported_questions", None): 1}


async def test_a_stream_goes_back_to_what_a_broken_line_missed_and_no_further(
    desks: Desks, scene: Scene, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the beginning of time means from a quarter of an hour ago; a page that was away longer loads anew."""
    sam = await desks.signed_in("Sam")
    await waiting_customer(scene)

    def aged(session: object) -> None:
        session.query(Entry).update({"at": utc_now() - stream.RESUMED_WITHIN - timedelta(seconds=1)})  # type: ignore[attr-defined]

    await database.run(aged)
    before = len(await scene.rows(Entry))
    async with listening(sam, "?after=0") as events:
        await waiting_customer(scene, "ben")
        number, _, _ = (await heard(events, 1))[0]
    assert number >= before
    monkeypatch.setattr(stream, "MOST_RESUMED", 2)
    newest = await database.read(stream.latest)
    assert await database.read(stream.start, 0, utc_now()) == newest - 2
    assert await database.read(stream.start, newest - 1, utc_now()) == newest - 1
    assert await database.read(stream.start, newest + 5, utc_now()) == newest
    assert await database.read(stream.start, None, utc_now()) == newest


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_values_out_of_range_are_refused_with_a_sentence(desks: Desks, scene: Scene) -> None:
    """Numbers no column holds, times at the end of what is counted, names that are halves of characters."""
    root = await desks.signed_in("Root", Role.ADMINISTRATOR)
    _, ticket_id = await waiting_customer(scene)
    await root.post(f"tickets/{ticket_id}/claim")
    for number in ("-1", str(2**53), str(2**63), "9" * 400, "9" * 5000, "1e3", "NaN", "\u0661\u0662"):
        for path in (f"audit?before={number}", f"events?after={number}"):
            answer = await root.browser.get(path)
            assert answer.status_code == 400, (path[:40], answer.status_code)
    never = ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-11-28T10:00:00", 1e300, -1e300, 10**30)
    for at in never:
        promise = {"text": "call", "due_at": at}
        for path, body in (
            ("resolve", {"outcome": "solved", "commitments": [promise]}),
            ("return", {"commitments": [promise]}),
            ("snooze", {"until": at}),
        ):
            answer = await root.post(f"tickets/{ticket_id}/{path}", body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request"), (at, path)
    for raw in (
        b'{"\\ud800": 1}',
        b'{"' + b"a" * 60_000 + b'": 1}',
        b"[" * 30_000,
        b'{"note": ' + b"[" * 30_000,
        b"NaN",
    ):
        answer = await root.browser.post(
            f"tickets/{ticket_id}/return", content=raw, headers={"Content-Type": "application/json"}
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request"), raw[:20]
        assert len(answer.content) < 1000
