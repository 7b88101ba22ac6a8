"""ID numbers, names and accounts are planted, everything is made to fail, and whatever is left behind is searched."""

from __future__ import annotations

import itertools
import random
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlcipher3 import dbapi2 as sqlite3

from clerk_app import logs
from clerk_app.codes import Action
from clerk_app.documents.month_workbook import write_month_workbook
from clerk_app.documents.office import Copy
from clerk_app.documents.office import Office as OfficeOnPaper
from clerk_app.documents.voucher import write_voucher
from clerk_app.errors import ClerkError
from clerk_app.jobs import Cancelled, Progress
from clerk_app.ledger import tables
from clerk_app.ledger.records import Payee, PayeeAccount, Settlement
from clerk_app.receipts.insured import Person
from tests.ledger.office import EMPLOYED, PASSWORD, Office, id_number, receipt
from tests.ledger.test_paying import ACCOUNT


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """On a file alone: a server's disk and memory are its own."""
    office = Office(tmp_path / "ledger.db")
    yield office
    office.ledger.close()


#: What stands in a file only where somebody planted it; the account's digits are no date and no amount.
NAME, PHONE, DIAGNOSIS = "欧阳植入", "13900001357", "植入的诊断"


class Planted:
    """An office with a person whose every word can be searched for."""

    def __init__(self, office: Office, serial: int) -> None:
        self.office = office
        self.number = id_number(serial)
        self.account = f"6228{serial:06d}987654321"
        self.words = (
            self.number,
            self.number[6:14] + self.number[14:17],
            self.account,
            NAME,
            PHONE,
            DIAGNOSIS,
            PASSWORD,
        )
        person = Person(NAME, self.number, phone=PHONE, employer=NAME)
        self.person = office.ledger.save_person(person, EMPLOYED, "360000")
        self.settled = office.settle(
            self.person,
            receipt(f"P{serial}", diagnosis=DIAGNOSIS, bill_code=self.number),
            payee=Payee(NAME, "本人", "示例银行", self.account),
        )

    def failures(self, folder: Path) -> Iterator[Callable[[], object]]:
        """Everything that goes wrong with the person's words in hand."""
        ledger, person, office = self.office.ledger, self.person, self.office
        on_paper = OfficeOnPaper(NAME)
        odd = replace(self.settled, person=replace(person.person, name=f"{NAME}\U0001f600"))
        yield lambda: ledger.save_person(person.person, EMPLOYED, "360000")
        yield lambda: ledger.save_person(replace(person.person, id_number=""), EMPLOYED, "360000", person.person_id)
        yield lambda: ledger.give_account(person.person_id, replace(ACCOUNT, account=f"{self.account}！"))
        yield lambda: ledger.settlement(self.number)
        yield lambda: ledger.reverse(self.number, NAME, self.number)
        yield lambda: ledger.sign_in(self.number, PASSWORD)
        yield lambda: ledger.approve(NAME, self.number, Action.REVIEW)
        yield lambda: ledger.open_claim(self.number)
        yield lambda: office.settle(person, receipt(self.number, visited_on=date(2030, 1, 1)))
        yield lambda: office.settle(person, receipt("x", diagnosis=DIAGNOSIS), key="")
        yield lambda: office.settle(person, receipt(self.number, 10**30))
        yield lambda: ledger.save_person(
            replace(person.person, phone=b"\0" + PHONE.encode()), EMPLOYED, self.number, 10**30
        )  # type: ignore[arg-type]
        yield lambda: receipt(f"{self.number}", -1)
        yield lambda: write_voucher(odd, folder / "voucher.pdf", office=on_paper, copy=Copy.AGENCY)
        yield lambda: write_voucher(self.settled, folder / "none" / "v.pdf", office=on_paper, copy=Copy.AGENCY)
        yield lambda: self.month(folder / "none" / "m.xlsx", Progress())
        yield lambda: self.month(folder / "m.xlsx", Progress(cancelled=lambda: True))
        yield lambda: self.raw("INSERT INTO persons (id_key) VALUES (:word)")
        yield lambda: self.raw("SELECT * FROM nowhere WHERE x = :word")
        yield lambda: self.raw("UPDATE settlements SET name = :word")
        yield lambda: self.raw("INSERT INTO bills (bill_key, settlement_id) VALUES (:word, 999999)")
        yield self.row_twice
        yield lambda: {}[self.number]
        yield lambda: int(f"{NAME}{self.number}")
        yield lambda: setattr(self.settled, self.number, NAME)
        yield lambda: getattr(self.settled, f"{NAME}{self.number}")

    def month(self, target: Path, progress: Progress) -> None:
        june = date(2023, 6, 1)
        rows: list[Settlement] = [self.settled] * 3
        write_month_workbook(rows, 3, target, progress, office=OfficeOnPaper(NAME), month=june, exported_by=NAME)

    def raw(self, statement: str) -> None:
        with self.office.ledger._store.act() as connection:
            connection.execute(text(statement), {"word": self.number})

    def row_twice(self) -> None:
        with self.office.ledger._store.act() as connection:
            row = connection.execute(select(tables.persons).where(tables.persons.c.id_key == self.number)).one()
            connection.execute(insert(tables.persons), [dict(row._mapping)] * 2)


def told_by(error: BaseException) -> str:
    """What a log, a crash report or a console gets when somebody writes an exception down."""
    if isinstance(error, (ClerkError, SQLAlchemyError)):
        parts = [f"{error!s} {error!r} {error.args}"]
        parts += [f"{error.orig!s} {error.orig!r}"] if getattr(error, "orig", None) is not None else []
        return "\n".join([*parts, "".join(traceback.format_exception(error))])
    return ""


@pytest.mark.parametrize(("seed", "planted"), [(1, 2), pytest.param(2, 40, marks=pytest.mark.full)])
def test_what_was_planted_is_in_no_log_no_error_and_no_file_left_behind(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, planted: int
) -> None:
    scratch, out = tmp_path / "scratch", tmp_path / "out"
    scratch.mkdir()
    out.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    chance = random.Random(seed)  # noqa: S311 -- numbers of nobody
    (tmp_path / "log").mkdir()
    logs.start_log(tmp_path / "log")
    provoked, words = 0, set()
    try:
        for _person in range(planted):
            case = Planted(office, chance.randrange(10_000, 900_000))
            words |= set(case.words)
            for number, fail in enumerate(case.failures(out)):
                error = raised_by(fail)
                assert error is not None, f"seed {seed}: failure {number} did not fail"
                provoked += 1
                logs.report(error)
                logs.note("failed", code=getattr(error, "code", type(error).__name__))
                found = [word for word in case.words if word in told_by(error)]
                assert not found, f"seed {seed}: failure {number}, {type(error).__name__}, tells {found}"
    finally:
        logs.stop_log()
    assert provoked >= planted * 25
    content = "".join(log.read_text(encoding="utf-8") for log in (tmp_path / "log").iterdir())
    assert content.count("report ") == provoked
    assert not [word for word in words if word in content], f"seed {seed}"
    left = [path for path in itertools.chain(scratch.rglob("*"), out.rglob("*")) if path.is_file()]
    assert not [path for path in left if any(word.encode() in path.read_bytes() for word in words)], left
    assert left == [], "nothing is left where drafts and temporary files are written"


def raised_by(fail: Callable[[], object]) -> BaseException | None:
    try:
        fail()
    except (Exception, Cancelled) as error:  # noqa: BLE001 -- whatever it is, it must tell nothing
        return error
    return None


def test_an_account_of_a_person_is_no_detail_of_an_error_in_a_log(office: Office, tmp_path: Path) -> None:
    person = office.person()
    wrong = PayeeAccount("张三", "本人", "示例银行", "6200 0000 0000 0000 001！")
    with pytest.raises(ClerkError, match="account_form") as raised:
        office.ledger.give_account(person.person_id, wrong)
    assert raised.value.details["account"] == wrong.account, "the screen says what is wrong"
    path = logs.start_log(tmp_path)
    logs.report(raised.value)
    logs.stop_log()
    assert "6200" not in path.read_text(encoding="utf-8")


def test_the_search_finds_what_is_there(office: Office, tmp_path: Path) -> None:
    """The practice ledger is plain: what the search above does not find would be found here."""
    case = Planted(office, 77_777)
    office.ledger.close()
    content = (tmp_path / "ledger.db").read_bytes()
    assert all(word.encode() in content for word in (case.number, case.account, NAME, PHONE, DIAGNOSIS))
    assert PASSWORD.encode() not in content
    assert sqlite3.connect(tmp_path / "ledger.db").execute("SELECT COUNT(*) FROM persons").fetchone() == (1,)
