"""The figures of ``bench.py`` on a server: many clerks who settle at once, beside bare statements by as many."""

from __future__ import annotations

import itertools
import multiprocessing
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

import psycopg
from bench_ledger import OFFICE, Desk
from psycopg import sql

from clerk_app.codes import Role
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.ledger.passwords import Hardness
from clerk_app.ledger.records import SettlementRequest, User
from tests.ledger.server import running

_QUICK = Hardness(memory_kib=8, passes=1)
_PASSWORD = "示例口令-2024"  # noqa: S105 -- of an office that does not exist
_OFFICE_CODE = "990100"
#: Tables in the order in which a settlement writes them, and what their rows are found by.
_WRITTEN = {
    "settlements": "settlement_id = %(settlement)s",
    "receipts": "settlement_id = %(settlement)s",
    "pool_entries": "settlement_id = %(settlement)s",
    "year_totals": "settlement_id = %(settlement)s",
    "bills": "settlement_id = %(settlement)s",
    "open_settlements": "settlement_id = %(settlement)s",
    "accumulators": "person_id = %(person)s",
    "audit": "sequence = %(audit)s",
}
#: No desk waits longer for the others to be ready.
_LONGEST_SECONDS = 300


class BareDesk:
    """Writes the rows of a settlement that the ledger has made, under other numbers, as one would by hand.

    The office's counter is locked with SELECT … FOR UPDATE at READ COMMITTED, which is enough for numbers without
    gaps; every statement is prepared, and rows of one table go in one batch.
    """

    def __init__(self, address: str, model: Mapping[str, list[dict[str, Any]]], desk: int) -> None:
        self._connection = psycopg.connect(address, autocommit=True, prepare_threshold=0)
        self._model = model
        self._desk = desk
        self._fresh = itertools.count(1)
        self._inserts = {table: _insert(table, rows[0].keys()) for table, rows in model.items()}

    def close(self) -> None:
        """Let go of the server."""
        self._connection.close()

    def settle(self, request: SettlementRequest) -> None:
        """Write the rows once more, in one transaction."""
        number = f"{self._desk}-{next(self._fresh)}"
        with self._connection.transaction(), self._connection.cursor() as cursor:
            key = (_OFFICE_CODE, "voucher", _year(self._model))
            where = "WHERE office_code = %s AND series = %s AND year = %s"
            cursor.execute(f"SELECT last_number FROM counters {where} FOR UPDATE", key)  # type: ignore[arg-type]  # noqa: S608
            cursor.execute(f"UPDATE counters SET last_number = last_number + 1 {where}", key)  # type: ignore[arg-type]  # noqa: S608
            cursor.execute("SELECT sequence FROM audit ORDER BY sequence DESC LIMIT 1")
            sequence = _first(cursor) + 1
            cursor.execute("SELECT nextval(pg_get_serial_sequence('settlements', 'settlement_id'))")
            own = {
                "settlement_id": _first(cursor),
                "person_id": request.person_id,
                "voucher_number": f"bare-{number}",
                "act_key": request.key,
                "audit_sequence": sequence,
                "sequence": sequence,
                "code": f"bare {number}",
            }
            for table, model in self._model.items():
                rows = [row | {name: own[name] for name in row.keys() & own.keys()} for row in model]
                if "bill_key" in rows[0]:
                    rows = [row | {"bill_key": f"bare/{number}/{place}"} for place, row in enumerate(rows)]
                cursor.executemany(self._inserts[table], [tuple(row.values()) for row in rows])
            cursor.execute(
                "UPDATE claims SET state = 'settled', settlement_id = %s, lease_login = NULL, lease_until = NULL"
                " WHERE act_key = %s",
                (own["settlement_id"], request.key),
            )


@dataclass(frozen=True)
class Clerks:
    """What so many clerks took for one settlement each, in milliseconds of the office, round by round."""

    ours_ms: list[float]
    bare_ms: list[float]

    @property
    def medians(self) -> tuple[float, float]:
        """Ours and the bare statements'."""
        return statistics.median(self.ours_ms), statistics.median(self.bare_ms)


def settling_clerks(counts: Sequence[int], rounds: int, each: int) -> Iterator[Clerks]:
    """For each number of clerks, both ways in turns: all settle so many claims as fast as they can.

    Each clerk is a process with a connection of its own, as at the counters.
    """
    with running() as server:
        for count in counts:
            yield _measured(server.url(server.new_database()), count, rounds, each)


def _measured(address: str, count: int, rounds: int, each: int) -> Clerks:
    with _ledger(address) as ledger:
        ledger.found(User("guan", "关管理示例", Role.ADMINISTRATOR), _PASSWORD, is_practice=False)
        ledger.add_user(User("li", "李录入示例", Role.CLERK), _PASSWORD)
        ledger.sign_in("li", _PASSWORD)
        # One for the model, and in each round one for each clerk each way; the first round is a warm-up.
        desk = Desk(ledger, 1 + 2 * count * each * (rounds + 1))
        first = desk.settle()
        requests = list(desk.requests_from_the_end())[:-1]
    model = _rows_of(address, first.voucher_number)
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(count + 1)
    shares = [requests[place::count] for place in range(count)]
    desks = [
        context.Process(target=_work, args=(address, model, place, share, gate, rounds + 1, each))
        for place, share in enumerate(shares)
    ]
    for process in desks:
        process.start()
    clocks: tuple[list[float], list[float]] = ([], [])
    gate.wait(_LONGEST_SECONDS)
    for _round in range(rounds + 1):
        for clock in clocks:
            gate.wait(_LONGEST_SECONDS)
            begun = time.perf_counter()
            gate.wait(_LONGEST_SECONDS)
            clock.append((time.perf_counter() - begun) * 1000 / (count * each))
    for process in desks:
        process.join(_LONGEST_SECONDS)
        assert process.exitcode == 0, "a clerk could not settle"
    return Clerks(clocks[0][1:], clocks[1][1:])


def _work(
    address: str,
    model: Mapping[str, list[dict[str, Any]]],
    place: int,
    share: list[SettlementRequest],
    gate: Barrier,
    rounds: int,
    each: int,
) -> None:
    """One clerk, in a process of its own."""
    waiting = iter(share)
    try:
        with _ledger(address) as ledger:
            ledger.sign_in("li", _PASSWORD)
            bare = BareDesk(address, model, place)
            gate.wait(_LONGEST_SECONDS)
            for _round in range(rounds):
                for settle in (ledger.settle, bare.settle):
                    gate.wait(_LONGEST_SECONDS)
                    for _time in range(each):
                        settle(next(waiting))
                    gate.wait(_LONGEST_SECONDS)
            bare.close()
    except BaseException:
        gate.abort()
        raise


def _ledger(address: str) -> Ledger:
    return open_ledger(address, _OFFICE_CODE, keys=OFFICE, hardness=_QUICK, wait_seconds=60.0)


def _rows_of(address: str, voucher_number: str) -> dict[str, list[dict[str, Any]]]:
    """The rows that a settlement wrote, by table."""
    with psycopg.connect(address, row_factory=psycopg.rows.dict_row) as connection:
        settled = connection.execute(
            "SELECT settlement_id AS settlement, person_id AS person, audit_sequence AS audit FROM settlements"
            " WHERE voucher_number = %s",
            (voucher_number,),
        ).fetchone()
        assert settled is not None, "it was settled just now"
        found = {
            table: connection.execute(f"SELECT * FROM {table} WHERE {where}", settled).fetchall()  # type: ignore[arg-type]  # noqa: S608
            for table, where in _WRITTEN.items()
        }
    assert all(found.values()), "a settlement writes all of them"
    return found


def _year(model: Mapping[str, list[dict[str, Any]]]) -> int:
    year: int = model["settlements"][0]["settled_at"].year
    return year


def _first(cursor: psycopg.Cursor[Any]) -> int:
    row = cursor.fetchone()
    assert row is not None, "there is one"
    number: int = row[0]
    return number


def _insert(table: str, names: Sequence[str] | Any) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    marks = sql.SQL(", ").join([sql.Placeholder()] * len(names))
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), columns, marks)
