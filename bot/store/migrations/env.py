"""What Alembic runs for every command: the steps, over the connection and in the transaction it is given."""

from __future__ import annotations

from alembic import context

from bot.store.tables.indexes import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can undo changes of tables too: all steps count, or none.
    transactional_ddl=True,
)
context.run_migrations()
