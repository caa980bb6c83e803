"""Run by Alembic, on the connection and in the transaction of `ledger.migrate`. Touches: the ledger's database."""

from alembic import context

from newsletter.ledger.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
context.run_migrations()
