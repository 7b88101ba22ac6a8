"""Alembic's environment, run from ``clerk_app.ledger.schema`` with the connection whose transaction it works in."""

from alembic import context

from clerk_app.ledger.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
