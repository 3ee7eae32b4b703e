"""Runs the migrations on the connection that bot.gateway.migrations.upgrade hands over."""

from alembic import context

# Each part describes its own tables; importing the module adds them to the one metadata.
import bot.gateway.conversations.shares
import bot.gateway.conversations.tables
import bot.gateway.desk.tables
import bot.gateway.external_desks.tables
import bot.gateway.platform.limits
import bot.gateway.tickets.tables  # noqa: F401
from bot.gateway.platform.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    # SQLite changes a table by copying it.
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
