"""The durable book of deliveries and suppressions. Knows: SQLAlchemy Core, Alembic.

`open.py` opens it, `book.py` is what others call; behind it plan (`planning`, `frozen`), send (`leases`, `claiming`,
`turning`), decide (`switch`), `suppressing` and `reading`. `states.py` and `records.py` are the words.
"""
