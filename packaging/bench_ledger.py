"""The ledger's figures of ``bench.py``: a settlement beside its bare rows, and searches in offices of two sizes."""

from __future__ import annotations

import contextlib
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from office_of_any_size import OFFICE_CODE, PASSWORD
from sqlalchemy import func, select

from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.codes import FilingCategory, Insurance, Role, Status, Tier
from clerk_app.ledger.connection import Store
from clerk_app.ledger.keys import PRACTICE, Keys
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.ledger.passwords import Hardness
from clerk_app.ledger.pinyin import initials
from clerk_app.ledger.records import Settlement, SettlementKind, SettlementRequest, User
from clerk_app.ledger.rows import receipt_from
from clerk_app.ledger.tables import receipts, settlements
from clerk_app.policy.shelf import load_shelf
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.insured import Entitlement, Filing, Period, Person

_NOW = datetime(2024, 6, 18, 10, 15)  # noqa: DTZ001 -- the office's local time
#: Of an encrypted office; how a passphrase becomes keys makes no difference to what a settlement takes.
OFFICE = Keys(database=bytes(range(32)), audit=bytes(range(32, 64)), salt=bytes(range(16)))
#: After the last act of the generated offices.
_LATER = datetime(2030, 1, 2, 8)  # noqa: DTZ001 -- as above
_QUICK = Hardness(memory_kib=8, passes=1)
_PASSWORD = "示例口令-2024"  # noqa: S105 -- of an office that does not exist

#: Tables in the order in which a settlement writes them.
_WRITTEN = (
    *("settlements", "receipts", "pool_entries", "year_totals", "bills", "accumulators", "audit"),
    "open_settlements",
)


class Desk:
    """A clerk with new persons, each of whom hands in one claim of five receipts."""

    def __init__(self, ledger: Ledger, persons: int) -> None:
        self.ledger = ledger
        self._policy = load_shelf().policy("360000")
        self._hospital = Institution("示例市第一医院", "H99010100001", Tier.THREE, networked=True)
        filed = (Filing(FilingCategory.STATIONED_WORKER, Period(date(2022, 1, 1))),)
        self._entitlement = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, filings=filed)
        self._requests = [self._request(number) for number in range(persons)]
        self._waiting = iter(self._requests)

    def _request(self, number: int) -> SettlementRequest:
        person = Person(f"示例人{number}", f"99010119800101{number:08d}")
        record = self.ledger.save_person(person, self._entitlement, self._policy.area_code)
        papers = tuple(
            Receipt(f"{number:07d}{place}", date(2024, 5, 20 + place), self._hospital, 92_040 + 777 * place, "99010123")
            for place in range(5)
        )
        claim = Claim(papers)
        used = self.ledger.year_to_date(record.person_id, self._policy)
        shown = adjudicate_claim(claim, self._entitlement, self._policy, used)
        # As at the counter, where every claim is saved while it is typed.
        self.ledger.save_claim(f"bench-{number}", person.name, "{}", record.person_id)
        return SettlementRequest(f"bench-{number}", record.person_id, claim, self._policy, shown, _NOW.date())

    def requests_from_the_end(self) -> Iterator[SettlementRequest]:
        """Those that the desk would come to last."""
        return reversed(self._requests)

    def settle(self) -> Settlement:
        """The next person's claim."""
        return self.ledger.settle(next(self._waiting))


class BareRows:
    """Writes the rows of a settlement that the ledger has made, under other numbers, with prepared statements."""

    def __init__(self, driver: Any, voucher_number: str, requests: Iterator[SettlementRequest]) -> None:
        self._driver = driver
        self._requests = requests
        self._fresh = itertools.count(1)
        where = "settlement_id = (SELECT settlement_id FROM settlements WHERE voucher_number = ?)"
        one_of = {
            "accumulators": where.replace("settlement_id", "person_id", 2),
            "audit": where.replace("settlement_id", "sequence", 1).replace("settlement_id", "audit_sequence", 1),
        }
        self._rows = {}
        self._inserts = {}
        for table in _WRITTEN:
            found = driver.execute(f"SELECT * FROM {table} WHERE {one_of.get(table, where)}", (voucher_number,))  # noqa: S608 -- ours
            names = [column[0] for column in found.description]
            self._rows[table] = [dict(zip(names, row, strict=True)) for row in found]
            assert self._rows[table], f"a settlement writes {table}"
            self._inserts[table] = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608

    def settle(self) -> None:
        """Write the rows once more, in one transaction."""
        driver, number, request = self._driver, next(self._fresh), next(self._requests)
        driver.execute("BEGIN IMMEDIATE")
        driver.execute(
            "UPDATE counters SET last_number = last_number + 1 WHERE office_code = ? AND series = ? AND year = ?",
            ("990100", "voucher", _NOW.year),
        )
        sequence = driver.execute("SELECT max(sequence) FROM audit").fetchone()[0] + 1
        settlement_id = driver.execute("SELECT max(settlement_id) FROM settlements").fetchone()[0] + 1
        own = {
            "settlement_id": settlement_id,
            "person_id": request.person_id,
            "voucher_number": f"bare-{number}",
            "act_key": request.key,
            "audit_sequence": sequence,
            "sequence": sequence,
            "code": f"{number:064d}",
        }
        for table in _WRITTEN:
            rows = [row | {name: own[name] for name in row.keys() & own.keys()} for row in self._rows[table]]
            if "bill_key" in rows[0]:
                rows = [row | {"bill_key": f"bare/{number}/{place}"} for place, row in enumerate(rows)]
            driver.executemany(self._inserts[table], [tuple(row.values()) for row in rows])
        driver.execute(
            "UPDATE claims SET state = 'settled', settlement_id = ?, lease_login = NULL, lease_until = NULL"
            " WHERE act_key = ?",
            (settlement_id, request.key),
        )
        driver.execute("COMMIT")


@dataclass
class SettlingPair:
    """Both ways of settling, on one database."""

    ours: Callable[[], object]
    peer: Callable[[], object]


@contextmanager
def settling_pair(times: int, keys: Keys) -> Iterator[SettlingPair]:
    """A desk and bare statements on one new ledger, good for so many settlements each."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        open_ledger(path, keys=keys).close()
        store = Store(path, 10.0, keys)
        with Ledger(store, keys, "990100", lambda: _NOW, _QUICK) as ledger:
            ledger.found(User("guan", "关管理示例", Role.ADMINISTRATOR), _PASSWORD, is_practice=keys is PRACTICE)
            ledger.add_user(User("li", "李录入示例", Role.CLERK), _PASSWORD)
            ledger.sign_in("li", _PASSWORD)
            desk = Desk(ledger, 2 * times + 1)
            first = desk.settle()
            # The same connection for both: whoever comes after another connection's commit reads its pages anew.
            with contextlib.closing(store.engine.raw_connection()) as lent:
                driver = lent.driver_connection
            bare = BareRows(driver, first.voucher_number, desk.requests_from_the_end())
            yield SettlingPair(desk.settle, bare.settle)


@dataclass(frozen=True)
class LookUp:
    """One kind of look-up in one office: what it is called, and one call for each of many samples."""

    name: str
    calls: list[Callable[[], object]]


class LargeOffice:
    """An office that was filled before, and what clerks look up in it."""

    def __init__(self, path: Path, samples: int) -> None:
        self._ledger = open_ledger(path, OFFICE_CODE, lambda: _LATER, keys=PRACTICE, hardness=_QUICK)
        self._ledger.sign_in("li", PASSWORD)
        self._policy = load_shelf().policy("360000")
        with contextlib.closing(Store(path, 10.0)) as store, store.reading() as connection:
            last = connection.execute(select(func.max(settlements.c.settlement_id))).scalar_one()
            drawn = random.Random(7).sample(range(1, last), samples)  # noqa: S311 -- no secret
            some = settlements.c.settlement_id.in_(drawn) & (settlements.c.kind == SettlementKind.SETTLEMENT.value)
            self._records = connection.execute(select(settlements).where(some)).all()
            rows = connection.execute(select(receipts).where(receipts.c.settlement_id.in_(drawn)))
            self._papers: dict[int, list[Any]] = {}
            for row in rows:
                self._papers.setdefault(row.settlement_id, []).append(row)

    def close(self) -> None:
        """Let go of the file."""
        self._ledger.close()

    def look_ups(self) -> list[LookUp]:
        """Every way in which a record or a person is looked for."""
        ledger, policy = self._ledger, self._policy

        def each(name: str, call: Callable[[Any, list[Any]], object]) -> LookUp:
            return LookUp(name, [lambda row=row: call(row, self._papers[row.settlement_id]) for row in self._records])

        def found(name: str, text: Callable[[Any, list[Any]], str]) -> LookUp:
            return each(name, lambda row, papers: ledger.search(text(row, papers)))

        return [
            each("duplicates", lambda _row, papers: ledger.taken_bills([paper.bill_key for paper in papers])),
            each("year to date", lambda row, _papers: ledger.year_to_date(row.person_id, policy)),
            each("similar receipts", lambda _row, papers: ledger.similar_receipts(receipt_from(papers[0], 1))),
            found("the newest", lambda _row, _papers: ""),
            each("an old page", lambda row, _papers: ledger.search("", before=row.voucher_number)),
            found("voucher", lambda row, _papers: row.voucher_number),
            found("voucher's last 4", lambda row, _papers: row.voucher_number[-4:]),
            found("voucher's last 6", lambda row, _papers: row.voucher_number[-6:]),
            found("voucher's beginning", lambda row, _papers: row.voucher_number[:13]),
            found("acceptance", lambda row, _papers: row.acceptance_number),
            found("bill", lambda _row, papers: papers[0].number),
            found("bill's first 4", lambda _row, papers: papers[0].number[:4]),
            found("bill's last 4", lambda _row, papers: papers[0].number[-4:]),
            found("bill's last 6", lambda _row, papers: papers[0].number[-6:]),
            found("bill's code", lambda _row, papers: papers[0].bill_code),
            found("certificate", lambda row, _papers: row.id_number),
            found("certificate's first 6", lambda row, _papers: row.id_number[:6]),
            found("certificate's last 4", lambda row, _papers: row.id_number[-4:]),
            found("certificate's last 6", lambda row, _papers: row.id_number[-6:]),
            found("name", lambda row, _papers: row.name),
            found("given name", lambda row, _papers: row.name[1:]),
            found("surname", lambda row, _papers: row.name[0]),
            found("initials", lambda row, _papers: max(initials(row.name) or {"zs"}, key=len)),
            found("one letter", lambda row, _papers: min(initials(row.name) or {"z"}, key=len)),
            each("person by name", lambda row, _papers: ledger.find_persons(row.name)),
            each("person by surname", lambda row, _papers: ledger.find_persons(row.name[0])),
            each(
                "person by letter", lambda row, _papers: ledger.find_persons(min(initials(row.name) or {"z"}, key=len))
            ),
            each("person by last 4", lambda row, _papers: ledger.find_persons(row.id_number[-4:])),
        ]


@dataclass(frozen=True)
class Measured:
    """One kind of look-up in the smaller and the larger office, in milliseconds."""

    name: str
    small_ms: list[float]
    large_ms: list[float]

    @property
    def late_ms(self) -> float:
        """The 99th percentile in the larger office."""
        return statistics.quantiles(self.large_ms, n=100)[98]

    @property
    def growth(self) -> float:
        """How many times longer the median takes in the larger office."""
        return statistics.median(self.large_ms) / statistics.median(self.small_ms)


def _clocked_ms(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def measured_searches(small: Path, large: Path, samples: int) -> list[Measured]:
    """Each look-up in both offices, in turns, each the best of three: a shared machine takes turns of its own."""
    measured = []
    with (
        contextlib.closing(LargeOffice(small, samples)) as one,
        contextlib.closing(LargeOffice(large, samples)) as other,
    ):
        for in_small, in_large in zip(one.look_ups(), other.look_ups(), strict=True):
            clocks: tuple[list[float], list[float]] = ([], [])
            # Some kinds find fewer samples in one office than in the other: refused receipts hold no bill.
            for calls in zip(in_small.calls, in_large.calls, strict=False):
                for clock, call in zip(clocks, calls, strict=True):
                    clock.append(min(_clocked_ms(call) for _time in range(3)))
            measured.append(Measured(in_small.name, *clocks))
    return measured
