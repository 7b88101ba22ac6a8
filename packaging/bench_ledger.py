"""The ledger's figures of ``bench.py``: a settlement beside its bare rows, and searches in offices of two sizes."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.codes import FilingCategory, Insurance, Role, Status, Tier
from clerk_app.ledger.connection import Store
from clerk_app.ledger.keys import PRACTICE, Keys
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.ledger.passwords import Hardness
from clerk_app.ledger.records import Settlement, SettlementRequest, User
from clerk_app.policy.shelf import load_shelf
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.insured import Entitlement, Filing, Period, Person

_NOW = datetime(2024, 6, 18, 10, 15)  # noqa: DTZ001 -- the office's local time
#: Of an encrypted office; how a passphrase becomes keys makes no difference to what a settlement takes.
OFFICE = Keys(database=bytes(range(32)), audit=bytes(range(32, 64)), salt=bytes(range(16)))
_QUICK = Hardness(memory_kib=8, passes=1)
_PASSWORD = "示例口令-2024"  # noqa: S105 -- of an office that does not exist

#: Tables in the order in which a settlement writes them.
_WRITTEN = ("settlements", "receipts", "pool_entries", "year_totals", "bills", "accumulators", "audit")


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
