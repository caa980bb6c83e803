"""The domain of a delivery's key, in SQL: what stands behind its at sign. Touches: nothing."""

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class domain_of_key(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """Of a column with keys."""

    inherit_cache = True
    type = sa.Text()


@compiles(domain_of_key, "sqlite")
def _in_sqlite(element: domain_of_key, compiler: SQLCompiler, **_: object) -> str:
    key = compiler.process(element.clauses)
    return f"substr({key}, instr({key}, '@') + 1)"


@compiles(domain_of_key, "postgresql")
def _in_postgresql(element: domain_of_key, compiler: SQLCompiler, **_: object) -> str:
    key = compiler.process(element.clauses)
    return f"substr({key}, strpos({key}, '@') + 1)"
