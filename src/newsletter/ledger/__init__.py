"""The durable book of deliveries and suppressions. Knows: SQLAlchemy Core, Alembic.

`open.py` opens it, `ledger.py` is what others call, one object made of parts: plan (`planning`, `revising`, both over
`frozen`), send (`leases`, `claiming`, `outcomes`, `pace`), decide (`control`), `suppressions`, ask (`queries`,
`verify`). `people_ledger.py` opens the same book with more parts, those of the pages and of commands about people.
`states.py` and `records.py` are the words, `schema.py` and `migrations/` the tables, `words/` what a person reads.
"""
