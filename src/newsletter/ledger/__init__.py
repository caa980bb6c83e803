"""The durable book of deliveries and suppressions. Knows: SQLAlchemy Core, Alembic."""
