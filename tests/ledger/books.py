"""What must hold in a ledger's file whatever happened to it, read without the program's own services."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, select
from sqlcipher3 import dbapi2 as sqlite3

from clerk_app.ledger import audit, claims, persons
from clerk_app.ledger.cipher import unlock
from clerk_app.ledger.connection import Store
from clerk_app.ledger.keys import PRACTICE, Keys
from clerk_app.ledger.records import Head
from clerk_app.ledger.seals import row_key, seal_of
from clerk_app.ledger.tables import metadata

#: Sealed as part of a person or a claim, worked out from what is sealed, or no record.
NOT_SEALED_BY_ROW = {
    *("persons", "name_grams", "name_initials", "coverage", "filings", "stays", "conditions", "prior_benefits"),
    *("claims", "bills", "counters", "audit", "sign_in_attempts", "open_settlements"),
}
#: Series of numbers → the table and column that hold what was given out.
NUMBERED = {
    "voucher": ("settlements", "voucher_number"),
    "payment": ("payment_lists", "list_number"),
    "recovery": ("recoveries", "recovery_number"),
}


def query(place: Path | str, statement: str, keys: Keys = PRACTICE) -> list[tuple[Any, ...]]:
    if isinstance(place, str):
        with psycopg.connect(place) as server:
            return server.execute(statement.encode()).fetchall()
    with contextlib.closing(sqlite3.connect(place)) as connection:
        unlock(connection, keys)
        found: list[tuple[Any, ...]] = connection.execute(statement).fetchall()
        return found


def assert_books_agree(path: Path | str, keys: Keys = PRACTICE) -> None:
    """Numbers without a gap, counters that are the sums of the entries, no bill in two standing vouchers."""
    look = functools.partial(query, path, keys=keys)
    if isinstance(path, Path):
        assert look("PRAGMA integrity_check") == [("ok",)]
        assert look("PRAGMA foreign_key_check") == []
    assert_numbers_without_gaps(path, keys)
    entries = look(
        "SELECT s.person_id, e.year, e.pool, SUM(e.deductible_fen), SUM(e.fund_fen) FROM pool_entries e"
        " JOIN settlements s USING (settlement_id) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    )
    assert entries == look("SELECT person_id, year, pool, deductible_fen, fund_fen FROM accumulators ORDER BY 1, 2, 3")
    receipts = look("SELECT COUNT(*) FROM receipts")[0][0]
    assert receipts == look("SELECT COALESCE(SUM(receipt_count), 0) FROM settlements")[0][0]


def assert_numbers_without_gaps(path: Path | str, keys: Keys = PRACTICE) -> None:
    """Every series of every year counts 1, 2, 3 … in the order of its acts, and its counter stands at the last."""
    look = functools.partial(query, path, keys=keys)
    last = {(series, year): number for series, year, number in look("SELECT series, year, last_number FROM counters")}
    for series, (table, column) in NUMBERED.items():
        order = "settlement_id" if table == "settlements" else column
        given = [row[0] for row in look(f"SELECT {column} FROM {table} ORDER BY {order}")]  # noqa: S608
        for year, counted in _by_year(given).items():
            assert counted == list(range(1, len(counted) + 1)), (series, year)
            assert last.pop((series, year)) == len(counted), (series, year)
    # Claims and settlements that were never claims share one series; a claim's settlement takes over its number.
    accepted = look("SELECT acceptance_number FROM claims UNION SELECT acceptance_number FROM settlements ORDER BY 1")
    for year, counted in _by_year([row[0] for row in accepted]).items():
        assert counted == list(range(1, len(counted) + 1)), ("acceptance", year)
        assert last.pop(("acceptance", year)) == len(counted)
    assert not last, f"counters that counted nothing: {last}"


def _by_year(numbers: Sequence[str]) -> dict[int, list[int]]:
    """The counts of numbers such as 360100-2023-000001, in their order; a clock may go back over New Year."""
    counted: dict[int, list[int]] = {}
    for number in numbers:
        _office, year, count = number.split("-")
        counted.setdefault(int(year), []).append(int(count))
    return counted


def assert_trail_is_whole(path: Path, *heads: Head, keys: Keys = PRACTICE) -> None:
    """Each row of the audit trail is chained to the one before, and every record is as it was sealed last.

    Args:
        heads: What was carried outside; the chain still has them.
    """
    store = Store(path, 10, keys)
    try:
        with store.reading() as connection:
            seals, codes = _chained(connection, keys.audit)
            assert _found(connection) == seals
    finally:
        store.close()
    for head in heads:
        assert codes[head.sequence] == head.code, f"the chain lost what was printed as {head.printed}"


def _chained(connection: Connection, key: bytes) -> tuple[dict[tuple[str, str], str], dict[int, str]]:
    before, last_at = Head(), datetime.min  # noqa: DTZ901 -- local, as it is stored
    seals: dict[tuple[str, str], str] = {}
    codes = {0: before.code}
    for row in connection.execute(select(audit.audit).order_by(audit.audit.c.sequence)):
        said = {name: getattr(row, name) for name in ("at", "login", "action", "subject", "reason", "content")}
        assert row.sequence == before.sequence + 1
        assert row.code == audit.code_of(key, before, **said), f"the chain is broken at {row.sequence}"
        if row.action != "confirm_clock":
            assert row.at >= last_at, "time stands still rather than going back"
        before, last_at = Head(row.sequence, row.code), row.at
        codes[row.sequence] = row.code
        for table, keys in json.loads(row.content).get("seals", {}).items():
            seals |= {(table, key): seal for key, seal in keys.items()}
    return seals, codes


def _found(connection: Connection) -> dict[tuple[str, str], str]:
    found = {("persons", str(key)): seal for key, seal in persons.seals(connection, 0, 1 << 60).items()}
    found |= {("claims", str(key)): seal for key, seal in claims.seals(connection, 0, 1 << 60).items()}
    for table in metadata.sorted_tables:
        if table.name not in NOT_SEALED_BY_ROW:
            for row in connection.execute(select(table)):
                found[table.name, row_key(table, row._mapping)] = seal_of(row)
    return found
