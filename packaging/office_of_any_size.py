#!/usr/bin/env python3
"""Write the ledger of an invented office of any size, sealed as the program seals it, for the speed figures.

    .venv/bin/python packaging/office_of_any_size.py LEDGER [--claims 100000] [--receipts 5] [--seed 1]

Users, policy words and the first claim come from the program itself; the rows of the others are made from that one
with other persons, numbers, days and amounts, by the same functions that seal and chain. One claim in two hundred is
reversed. The persons are invented: their ID numbers are of the area 990101, which no code list has. The office is a
practice office; its two logins are ``guan`` and ``li``, with the password of ``PASSWORD``.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import Connection, Table, func, select  # noqa: E402 -- after the path
from sqlalchemy.schema import CreateTable  # noqa: E402

from clerk_app.adjudication.engine import adjudicate_claim  # noqa: E402
from clerk_app.codes import Action, FilingCategory, Insurance, Role, Status, Tier  # noqa: E402
from clerk_app.ledger import audit, tables  # noqa: E402
from clerk_app.ledger.connection import Store  # noqa: E402
from clerk_app.ledger.keys import PRACTICE, Keys  # noqa: E402
from clerk_app.ledger.ledger import Ledger, open_ledger  # noqa: E402
from clerk_app.ledger.passwords import Hardness  # noqa: E402
from clerk_app.ledger.pinyin import initials  # noqa: E402
from clerk_app.ledger.records import Head, PersonRecord, SettlementRequest, User  # noqa: E402
from clerk_app.ledger.seals import row_key, seal_of  # noqa: E402
from clerk_app.policy.shelf import load_shelf  # noqa: E402
from clerk_app.receipts.claim import Claim, Institution, Receipt  # noqa: E402
from clerk_app.receipts.id_card import check_digit  # noqa: E402
from clerk_app.receipts.insured import Entitlement, Filing, Period, Person  # noqa: E402

OFFICE_CODE = "990100"
PASSWORD = "示例口令-2023"  # noqa: S105 -- of an office that does not exist
_QUICK = Hardness(memory_kib=8, passes=1)
_FIRST_DAY = date(2023, 3, 1)
_YEARS = 4
_CHUNK = 2000

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎𠮷䶮㑇仝亓邳"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文辉力永健世广志义兴良海山仁波宁贵福生龙元全胜学祥才发武"
    "新利清飞彬富顺信子嘉琪雪梅莉凤洁琳素云莲真环荣爱妹香月莺媛瑞凡佳堃喆犇淼鑫焱垚䶮𬭎𫍯㛃𣲗"
)


@dataclass
class _Books:
    """What goes on from claim to claim."""

    head: Head
    at: datetime
    settlement_id: int
    person_id: int
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    used: dict[tuple[int, int, str], list[int]] = field(default_factory=dict)
    rows: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)
    freed: list[str] = field(default_factory=list)

    def next_number(self, series: str) -> int:
        key = (series, self.at.year)
        self.numbers[key] = self.numbers.get(key, 0) + 1
        return self.numbers[key]


class Generator:
    """Fills a ledger.

    Args:
        claims_a_person: How many claims a person hands in over the years, on average.
    """

    def __init__(self, path: Path, keys: Keys, seed: int, receipts: int, claims_a_person: float, *, prints: bool):
        self._path = path
        self._keys = keys
        self._random = random.Random(seed)  # noqa: S311 -- nothing is kept secret with it
        self._receipts = receipts
        self._claims_a_person = claims_a_person
        self._prints = prints

    def write(self, claims: int) -> None:
        """Found the office, settle one claim through the program, and write the others beside it."""
        with self._founded() as ledger:
            self._settle_first(ledger)
        store = Store(self._path, 10.0, self._keys)
        try:
            with store.act() as connection:
                dropped = _drop_triggers_and_indexes(connection)
                self._fill(connection, claims)
                for statement in dropped:
                    connection.exec_driver_sql(statement)
                _write_waiting(connection)
        finally:
            store.close()

    def _founded(self) -> Ledger:
        clock = datetime.combine(_FIRST_DAY, datetime.min.time()).replace(hour=8)
        ledger = open_ledger(self._path, OFFICE_CODE, lambda: clock, keys=self._keys, hardness=_QUICK)
        ledger.found(User("guan", "关管理示例", Role.ADMINISTRATOR), PASSWORD, is_practice=self._keys is PRACTICE)
        ledger.add_user(User("li", "李录入示例", Role.CLERK), PASSWORD)
        ledger.sign_in("li", PASSWORD)
        return ledger

    def _settle_first(self, ledger: Ledger) -> None:
        policy = load_shelf().policy("360000")
        filed = (Filing(FilingCategory.STATIONED_WORKER, Period(date(2020, 1, 1))),)
        entitlement = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, filings=filed)
        person = Person("张三示例", _id_number(_FIRST_DAY, 0), phone="00000000000", employer="示例机械厂")
        record: PersonRecord = ledger.save_person(person, entitlement, policy.area_code)
        hospital = Institution("示例市第一医院", "H99010100001", Tier.THREE, networked=True)
        day = date(2023, 2, 1)
        papers = [Receipt(f"{place:010d}", day, hospital, 30_000 + place) for place in range(self._receipts)]
        claim = Claim(tuple(papers))
        shown = adjudicate_claim(claim, entitlement, policy, ledger.year_to_date(record.person_id, policy))
        ledger.settle(SettlementRequest("first", record.person_id, claim, policy, shown, _FIRST_DAY))

    def _fill(self, connection: Connection, claims: int) -> None:
        templates = _templates(connection)
        books = _books(connection)
        step = timedelta(days=365 * _YEARS) / max(claims, 1)
        begin = books.at
        last_id: dict[int, tuple[Any, ...]] = {}
        persons = max(1, round(claims / self._claims_a_person))
        for number in range(1, claims):
            books.at = (begin + step * number).replace(microsecond=0)
            if len(last_id) < persons:
                person = self._person(books, templates)
                last_id[len(last_id)] = person
            else:
                person = last_id[self._random.randrange(persons)]
            self._claim(books, templates, person)
            if number % 200 == 0:
                self._reverse(books)
            if number % _CHUNK == 0:
                _write(connection, books)
        _write(connection, books)
        _write_counters(connection, books)

    def _person(self, books: _Books, templates: dict[str, list[dict[str, Any]]]) -> tuple[Any, ...]:
        books.person_id += 1
        name = self._random.choice(_SURNAMES) + "".join(self._random.choices(_GIVEN, k=self._random.choice((1, 2, 2))))
        born_on = date(1940, 1, 1) + timedelta(days=self._random.randrange(25_000))
        number = _id_number(born_on, books.person_id)
        own = {"person_id": books.person_id, "name": name, "id_number": number, "id_key": number}
        own["id_reversed"] = number[::-1]
        row = _values(tables.persons, templates["persons"][0] | own)
        parts: list[object] = ["persons", *row]
        _add(books, tables.persons, row)
        for filing in templates["filings"]:
            filed = _values(tables.filings, filing | {"person_id": books.person_id})
            _add(books, tables.filings, filed)
            parts += ["filings", *filed]
        grams = sorted({name[start : start + length] for start in range(len(name)) for length in (1, 2)})
        for gram in grams:
            _add(books, tables.name_grams, (gram, books.person_id))
        for letters in sorted(initials(name)):
            _add(books, tables.name_initials, (letters, books.person_id))
        seals = {"persons": {str(books.person_id): seal_of(parts)}}
        self._append(books, Action.SAVE_PERSON, f"person {books.person_id}", {"what": "new", "seals": seals})
        return books.person_id, name, number, born_on

    def _claim(self, books: _Books, templates: dict[str, list[dict[str, Any]]], person: tuple[Any, ...]) -> None:
        person_id, name, id_number, _born_on = person
        books.settlement_id += 1
        this, at = books.settlement_id, books.at
        seals: dict[str, dict[str, str | None]] = {}
        receipt_rows, entry_rows, touched = [], [], set()
        total_fen = fund_fen = 0
        for position, template in enumerate(templates["receipts"]):
            row = template | self._paper(this, position, at) | {"settlement_id": this}
            entry = _decided(row, books.used.setdefault((person_id, row["visited_on"].year, "ordinary"), [0, 0]))
            touched.add((person_id, row["visited_on"].year, "ordinary"))
            receipt_rows.append(row)
            entry_rows.append({"settlement_id": this, "position": position, "year": row["visited_on"].year} | entry)
            total_fen += row["total_fen"]
            fund_fen += row["fund_fen"]
        settlement = templates["settlements"][0] | {
            "settlement_id": this,
            "voucher_number": f"{OFFICE_CODE}-{at.year}-{books.next_number('voucher'):06d}",
            "acceptance_number": f"S{OFFICE_CODE}-{at.year}-{books.next_number('acceptance'):06d}",
            "act_key": f"{this:032x}",
            "settled_at": at,
            "audit_sequence": books.head.sequence + 1,
            "handed_in_on": at.date(),
            "person_id": person_id,
            "name": name,
            "id_number": id_number,
            "id_key": id_number,
            "total_fen": total_fen,
            "in_scope_fen": total_fen,
            "fund_fen": fund_fen,
            "person_fen": total_fen - fund_fen,
        }
        _seal(books, seals, tables.settlements, settlement)
        for row in receipt_rows:
            _seal(books, seals, tables.receipts, row)
            _add(books, tables.bills, (row["bill_key"], this))
        for row in entry_rows:
            _seal(books, seals, tables.pool_entries, row)
        for template in templates["year_totals"]:
            _year_total(books, seals, template, this, person_id, at.year)
        self._seal_accumulators(books, seals, touched)
        facts = {"kind": "settlement", "total_fen": total_fen, "fund_fen": fund_fen, "original": ""}
        self._append(books, Action.SETTLE, settlement["voucher_number"], {**facts, "seals": seals})
        self._last = settlement, receipt_rows, entry_rows, touched
        if self._prints:
            printed: dict[str, dict[str, str | None]] = {}
            row = {"settlement_id": this, "reprint": 0, "printed_at": at}
            _seal(books, printed, tables.prints, row)
            self._append(books, Action.PRINT, settlement["voucher_number"], {"reprint": 0, "seals": printed})

    def _reverse(self, books: _Books) -> None:
        """Mirror the claim that was written last."""
        original, receipt_rows, entry_rows, touched = self._last
        books.settlement_id += 1
        this = books.settlement_id
        seals: dict[str, dict[str, str | None]] = {}
        mirror = original | {
            "settlement_id": this,
            "voucher_number": f"{OFFICE_CODE}-{books.at.year}-{books.next_number('voucher'):06d}",
            "act_key": f"{this:032x}",
            "kind": "reversal",
            "audit_sequence": books.head.sequence + 1,
            **{name: -original[name] for name in ("total_fen", "in_scope_fen", "fund_fen", "person_fen")},
        }
        _seal(books, seals, tables.settlements, mirror)
        signed = ("total_fen", "in_scope_fen", "deductible_fen", "share_fen", "fund_fen", "over_cap_fen", "person_fen")
        for row in receipt_rows:
            negative = {name: -row[name] for name in signed}
            _seal(books, seals, tables.receipts, row | negative | {"settlement_id": this})
            books.freed.append(row["bill_key"])
        for row in entry_rows:
            use = {"deductible_fen": -row["deductible_fen"], "fund_fen": -row["fund_fen"]}
            _seal(books, seals, tables.pool_entries, row | use | {"settlement_id": this})
            used = books.used[original["person_id"], row["year"], row["pool"]]
            used[0] -= row["deductible_fen"]
            used[1] -= row["fund_fen"]
        self._seal_accumulators(books, seals, touched)
        link = {"reversal_id": this, "original_id": original["settlement_id"], "reason": "票据退回"}
        _seal(books, seals, tables.reversals, link)
        amounts = {"total_fen": mirror["total_fen"], "fund_fen": mirror["fund_fen"]}
        facts = {"kind": "reversal", **amounts, "original": original["voucher_number"]}
        self._append(books, Action.REVERSE, mirror["voucher_number"], {**facts, "seals": seals}, "票据退回")

    def _paper(self, settlement_id: int, position: int, at: datetime) -> dict[str, Any]:
        number = f"{settlement_id * 7919 % 100_000_000:08d}{position:02d}{settlement_id % 1000:03d}"
        code = f"99{self._random.randrange(10**10):010d}"
        day = at.date() - timedelta(days=self._random.randrange(30, 60))
        return {
            "number": number,
            "number_key": number,
            "number_reversed": number[::-1],
            "bill_code": code,
            "bill_key": f"{code}/{number}",
            "visited_on": max(day, date(at.year, 1, 1)),
            "total_fen": self._random.randrange(3_000, 90_000),
        }

    def _seal_accumulators(
        self, books: _Books, seals: dict[str, dict[str, str | None]], touched: set[tuple[int, int, str]]
    ) -> None:
        for key in touched:
            row = _accumulator(key, books.used[key])
            seals.setdefault("accumulators", {})[row_key(tables.accumulators, row)] = seal_of(
                _values(tables.accumulators, row)
            )

    def _append(
        self, books: _Books, action: Action, subject: str, content: dict[str, object], reason: str = ""
    ) -> None:
        row = audit.next_row(
            self._keys.audit,
            books.head,
            at=books.at,
            login="li",
            action=action,
            subject=subject,
            reason=reason,
            content=content,
        )
        books.head = Head(books.head.sequence + 1, str(row["code"]))
        _add(books, tables.audit, _values(tables.audit, row))


def _accumulator(key: tuple[int, int, str], used: Sequence[int]) -> dict[str, Any]:
    person_id, year, pool = key
    amounts = {"deductible_fen": used[0], "fund_fen": used[1], "prior_deductible_fen": 0, "prior_fund_fen": 0}
    return {"person_id": person_id, "year": year, "pool": pool, **amounts, "fund_limit_fen": _CAP_FEN}


_STANDARD_FEN, _RATIO_BP, _CAP_FEN = 60_000, 5_000, 180_000


def _decided(row: dict[str, Any], used: list[int]) -> dict[str, Any]:
    """Jiangxi's deductible, ratio and cap on a receipt that is all in scope, in place; returns what it uses."""
    in_scope_fen = row["total_fen"]
    deductible_fen = min(_STANDARD_FEN - used[0], in_scope_fen)
    segment_fen = in_scope_fen - deductible_fen
    share_fen = (segment_fen * _RATIO_BP + 5_000) // 10_000
    fund_fen = min(share_fen, _CAP_FEN - used[1])
    over_fen = 0 if fund_fen == share_fen else segment_fen - fund_fen * 10_000 // _RATIO_BP
    row |= {
        "in_scope_fen": in_scope_fen,
        "deductible_standard_fen": _STANDARD_FEN,
        "deductible_used_before_fen": used[0],
        "deductible_fen": deductible_fen,
        "ratio_bp": _RATIO_BP,
        "share_fen": share_fen,
        "cap_fen": _CAP_FEN,
        "fund_used_before_fen": used[1],
        "fund_fen": fund_fen,
        "over_cap_fen": over_fen,
        "person_fen": in_scope_fen - fund_fen,
    }
    used[0] += deductible_fen
    used[1] += fund_fen
    return {"pool": "ordinary", "deductible_fen": deductible_fen, "fund_fen": fund_fen}


def _year_total(
    books: _Books,
    seals: dict[str, dict[str, str | None]],
    template: dict[str, Any],
    settlement_id: int,
    person_id: int,
    year: int,
) -> None:
    used = books.used[person_id, year, "ordinary"]
    amounts = {"deductible_fen": used[0], "fund_fen": used[1]}
    _seal(books, seals, tables.year_totals, template | {"settlement_id": settlement_id, "year": year} | amounts)


def _templates(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """The rows of the claim that the program settled itself."""
    names = ("persons", "filings", "settlements", "receipts", "year_totals")
    found = {}
    for name in names:
        table = tables.metadata.tables[name]
        query = select(table).order_by(*table.primary_key.columns)
        found[name] = [dict(row._mapping) for row in connection.execute(query)]  # noqa: SLF001 -- SQLAlchemy's way
    return found


def _books(connection: Connection) -> _Books:
    head, at = audit.last(connection)
    assert at is not None, "the office was founded"
    books = _Books(head, at, _largest(connection, tables.settlements), _largest(connection, tables.persons))
    for row in connection.execute(select(tables.counters)):
        books.numbers[row.series, row.year] = row.last_number
    return books


def _largest(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.max(*table.primary_key.columns))).scalar_one())


def _values(table: Table, row: dict[str, Any]) -> tuple[object, ...]:
    return tuple(row.get(column.name) for column in table.columns)


def _seal(books: _Books, seals: dict[str, dict[str, str | None]], table: Table, row: dict[str, Any]) -> None:
    values = _values(table, row)
    seals.setdefault(table.name, {})[row_key(table, row)] = seal_of(values)
    _add(books, table, values)


def _add(books: _Books, table: Table, values: tuple[object, ...]) -> None:
    books.rows.setdefault(table.name, []).append(values)


def _stored(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def _write(connection: Connection, books: _Books) -> None:
    """Put what was made into the tables, the parents first."""
    cursor = connection.connection.cursor()
    for table in tables.metadata.sorted_tables:
        rows = books.rows.pop(table.name, [])
        if rows:
            places = ", ".join("?" * len(rows[0]))
            statement = f"INSERT INTO {table.name} VALUES ({places})"  # noqa: S608 -- names of our own tables
            cursor.executemany(statement, [[_stored(value) for value in row] for row in rows])
    cursor.executemany("DELETE FROM bills WHERE bill_key = ?", [(bill,) for bill in books.freed])
    books.freed.clear()


def _write_counters(connection: Connection, books: _Books) -> None:
    cursor = connection.connection.cursor()
    for (series, year), number in books.numbers.items():
        cursor.execute("INSERT OR REPLACE INTO counters VALUES (?, ?, ?, ?)", (OFFICE_CODE, series, year, number))
    rows = [_values(tables.accumulators, _accumulator(key, used)) for key, used in books.used.items()]
    places = ", ".join("?" * len(rows[0])) if rows else ""
    cursor.executemany(f"INSERT OR REPLACE INTO accumulators VALUES ({places})", rows)  # noqa: S608 -- as above


def _write_waiting(connection: Connection) -> None:
    """Nobody has looked at any claim yet; what was reversed needs nobody."""
    cursor = connection.connection.cursor()
    cursor.execute("DELETE FROM open_settlements")
    cursor.execute(
        "INSERT INTO open_settlements SELECT settlement_id, CASE WHEN EXISTS (SELECT 1 FROM reversals"
        " WHERE original_id = settlement_id) THEN 'closed' ELSE 'unreviewed' END"
        " FROM settlements WHERE kind = 'settlement'"
    )


def _drop_triggers_and_indexes(connection: Connection) -> list[str]:
    """Take away what slows a filling down; returns the statements that make it again."""
    query = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
    found = connection.exec_driver_sql(query).all()
    for kind, name, _sql in found:
        connection.exec_driver_sql(f"DROP {kind} {name}")
    return [sql for _kind, _name, sql in sorted(found)]


def _id_number(born_on: date, serial: int) -> str:
    """A valid number of the area 990101; persons with one birthday and order get an invented foreign number."""
    first_17 = f"990101{born_on:%Y%m%d}{serial % 1000:03d}"
    return first_17 + check_digit(first_17) if serial < 1000 else f"990101{born_on:%Y%m%d}X{serial:08d}"


def write_office(
    path: Path,
    claims: int,
    *,
    receipts: int = 5,
    seed: int = 1,
    keys: Keys = PRACTICE,
    claims_a_person: float = 4.0,
    prints: bool = False,
) -> None:
    """Write a ledger with so many claims; the same seed gives the same ledger, but for password hashes."""
    Generator(path, keys, seed, receipts, claims_a_person, prints=prints).write(claims)


def cached_office(claims: int, **more: Any) -> Path:
    """An office of so many claims under .cache, written the first time and whenever its tables have changed."""
    made_of = [str(CreateTable(table)) for table in tables.metadata.sorted_tables]
    made_of += [Path(__file__).read_text(encoding="utf-8"), repr(sorted(more.items()))]
    mark = sha256("".join(made_of).encode()).hexdigest()[:12]
    path = ROOT / ".cache" / f"office-{claims}-{mark}.db"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        for stale in path.parent.glob(f"office-{claims}-*"):
            stale.unlink()
        draft = path.with_suffix(".part")
        write_office(draft, claims, **more)
        draft.rename(path)
    return path


def main() -> None:
    """Write the ledger that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--receipts", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--prints", action="store_true", help="every voucher is printed, an act of its own")
    options = parser.parse_args()
    begun = time.perf_counter()
    write_office(options.ledger, options.claims, receipts=options.receipts, seed=options.seed, prints=options.prints)
    print(f"{options.claims:,} claims in {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
