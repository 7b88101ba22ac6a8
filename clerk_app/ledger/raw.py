"""Rows as the driver gives them: what a check of hundreds of thousands of rows has time for.

A changed row may hold what no type of ours reads, a date of 40 days or an amount in words; here it is read all the
same, so that it can be named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table

from clerk_app.ledger.statements import send_waiting


def rows(connection: Connection, statement: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement, in the transaction of the connection, one after the other.

    Args:
        statement: Without parameters; numbers stand in it as they are.
    """
    if not connection.in_transaction():
        connection.begin()
    send_waiting(connection)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement)
        while some := cursor.fetchmany(500):
            yield from some
    finally:
        cursor.close()


def one(connection: Connection, statement: str) -> Any:
    """The first column of the first row, None where there is none."""
    for row in rows(connection, statement):
        return row[0]
    return None


def columns_of(table: Table) -> str:
    """The names of a table's columns in their order, as a statement takes them."""
    names: str | None = table.info.get("column_list")
    if names is None:
        names = table.info["column_list"] = ", ".join(f'"{column.name}"' for column in table.columns)
    return names


def keys_of(table: Table) -> str:
    """The same of the primary key."""
    return ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
