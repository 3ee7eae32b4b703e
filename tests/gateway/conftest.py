"""What the gateway's tests share: a database of each kind, migrated and empty, and the parts around it."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.gateway.channels.opening import OpenChannels, Website
from bot.gateway.conversations.brain_client import BrainClient
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.migrations import upgrade
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from bot.gateway.platform.tables import Table
from bot.gateway.services import Services
from bot.settings import Settings, load
from tests.gateway import postgres

SECRET = "s" * 40
KEY = "k" * 40


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "warmline.db"
    database = Database(f"sqlite:///{path}", Signals())
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server; skipped where there is none, but never in CI."""
    running = os.environ.get(postgres.RUNNING)
    if running:
        yield running
        return
    _need_postgres()
    with postgres.private_cluster() as cluster:
        yield cluster.url


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The address of a migrated database on that server; tests empty it, which is faster than making new ones."""
    name = f"warmline_{uuid.uuid4().hex}"
    url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        database = Database(url, Signals())
        upgrade(database)
        database.close()
        yield url
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _empty(url: str) -> None:
    tables = ", ".join(table.name for table in Table.metadata.sorted_tables)
    with psycopg.connect(url, autocommit=True) as connection:
        # What a failed test left open would hold its locks.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


@pytest.fixture
def breakable_postgres() -> Iterator[postgres.Cluster]:
    """A PostgreSQL of the test's own, which it may stop and start."""
    _need_postgres()
    with postgres.private_cluster() as cluster:
        yield cluster


def _need_postgres() -> None:
    try:
        postgres.binaries()
    except postgres.NoPostgresError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


def make_database_url(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> Iterator[str]:
    """The address of a migrated, empty database of the kind that the fixture's parameter names."""
    if request.param == "sqlite":
        path = tmp_path / "warmline.db"
        shutil.copy(sqlite_template, path)
        yield f"sqlite:///{path}"
        return
    url = request.getfixturevalue("postgres_database")
    _empty(url)
    yield url


database_url = pytest.fixture(params=["sqlite", "postgresql"])(make_database_url)
"""Every test that asks for a database runs on both kinds."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database."""
    database = Database(database_url, Signals())
    yield database
    database.close()


@pytest.fixture
def payloads() -> Payloads:
    """A signer of button tokens."""
    return Payloads(KEY)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of an installation in a temporary folder, whose brain is nowhere."""
    return load(
        {
            "WARMLINE_ROOT": str(tmp_path),
            "WARMLINE_VAR": str(tmp_path / "var"),
            "WARMLINE_DATABASE_URL": database_url,
            "WARMLINE_BRAIN_SECRET": SECRET,
            "WARMLINE_PAYLOAD_KEY": KEY,
            # Nothing listens on the discard port: a brain that is away.
            "WARMLINE_BRAIN_PORT": "9",
        }
    )


@pytest.fixture
async def parts(settings: Settings, database: Database, payloads: Payloads) -> AsyncIterator[Services]:
    """The gateway's parts on that database, with the website open and no messaging channel."""
    parts = Services(
        settings=settings,
        clock=utc_now,
        database=database,
        signals=database.signals,
        payloads=payloads,
        brain=BrainClient(settings.brain_url, settings.brain_secret, public_url=settings.public_url),
        open_channels=OpenChannels(Website("Hello."), None),
        messaging={},
    )
    yield parts
    await parts.brain.close()
