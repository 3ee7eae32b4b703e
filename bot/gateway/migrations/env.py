"""Runs the migrations on the connection that bot.gateway.migrations.upgrade hands over."""

from alembic import context

import bot.gateway.desk.tables
import bot.gateway.outside_desks.tables  # noqa: F401 - their tables belong to the database too
from bot.gateway.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    # SQLite changes a table by copying it.
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
