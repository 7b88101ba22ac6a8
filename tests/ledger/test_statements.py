from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

from clerk_app.errors import ClerkError
from clerk_app.ledger.connection import Store
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.seals import seal_of, seal_of_row, seal_of_stored
from clerk_app.ledger.statements import Insertion, Statement
from clerk_app.ledger.tables import audit, closed_months, coverage, persons, receipts, settlements, users
from tests.ledger.office import Office, receipt

LI = {"login": "li", "name": "李录入", "role": "clerk", "is_active": True, "password_hash": "-"}
BY_LOGIN = Statement(select(users).where(users.c.login == bindparam("login")))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    open_ledger(tmp_path / "ledger.db").close()
    return Store(tmp_path / "ledger.db", wait_seconds=1)


def test_a_row_comes_back_in_the_types_of_its_columns(store: Store) -> None:
    with store.act() as connection:
        Insertion(users).write(connection, [LI])
        row = BY_LOGIN.first(connection, login="li")
    assert row is not None
    assert (row.name, row.role, row.is_active) == ("李录入", "clerk", True)
    assert row.is_active is True


def test_what_is_not_there_is_none_and_an_empty_list(store: Store) -> None:
    with store.reading() as connection:
        assert BY_LOGIN.first(connection, login="nobody") is None
        assert BY_LOGIN.all(connection, login="nobody") == []


def test_a_statement_and_sqlalchemy_read_the_same(office: Office) -> None:
    settled = office.settle(office.person(), receipt("1", visited_at=time(9, 30)), receipt("2"))
    by_number = select(settlements).where(settlements.c.voucher_number == bindparam("number"))
    every = select(receipts).order_by(receipts.c.position)
    with office.ledger._store.reading() as connection:
        usual = connection.execute(by_number, {"number": settled.voucher_number}).all()
        assert Statement(by_number).all(connection, number=settled.voucher_number) == [tuple(row) for row in usual]
        assert Statement(every).all(connection) == [tuple(row) for row in connection.execute(every)]


def test_a_change_says_how_many_rows_it_met(store: Store) -> None:
    rename = Statement(update(users).where(users.c.login == bindparam("of")).values(name=bindparam("to")))
    with store.act() as connection:
        Insertion(users).write(connection, [LI])
        assert rename.change(connection, [{"of": "li", "to": "李四"}, {"of": "nobody", "to": "王五"}]) == 1


def test_a_statement_is_given_what_it_asks_for(store: Store) -> None:
    with store.reading() as connection, pytest.raises(AssertionError, match="no more"):
        BY_LOGIN.first(connection, login="li", name="李录入")


def test_a_list_as_long_as_its_values_is_refused() -> None:
    listed = Statement(select(users).where(users.c.login.in_(["li", "zhao"])))
    with pytest.raises(AssertionError, match="as long as its values"):
        listed._in_words_of(postgresql.dialect())


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (users, LI),
        (coverage, {"person_id": 1, "position": 0, "starts_on": date(2023, 1, 1)}),
        (
            closed_months,
            {
                "year": 2023,
                "month": 5,
                "begins_at": datetime(2023, 5, 1),  # noqa: DTZ001 -- the office's local time
                "ends_at": datetime(2023, 6, 1),  # noqa: DTZ001 -- as above
                "closed_at": datetime(2023, 6, 3, 8, 0, 1),  # noqa: DTZ001 -- as above
                "closed_by": "关管理",
            },
        ),
    ],
)
def test_what_is_written_is_what_was_sealed(store: Store, table: object, row: dict[str, object]) -> None:
    with store.act() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        insertion = Insertion(table)  # type: ignore[arg-type]
        (stored,) = insertion.write(connection, [row])
        read = connection.exec_driver_sql(f"SELECT * FROM {table}").one()  # noqa: S608 -- names of our own tables
        assert list(read) == stored
        assert seal_of_stored(stored) == seal_of(read) == seal_of_row(table, row)  # type: ignore[arg-type]
        connection.rollback()


def test_the_database_numbers_a_row(store: Store) -> None:
    insertion = Insertion(persons, "person_id")
    row = {
        **dict.fromkeys(("name", "id_number", "certificate_type", "sex", "phone", "employer", "area_code"), "示"),
        "id_reversed": "",
        "insurance": "employee",
        "status": "employed",
        "has_coverage": True,
        "has_filings": False,
    }
    with store.act() as connection:
        first = insertion.write_numbered(connection, row | {"id_key": "1"})
        second = insertion.write_numbered(connection, row | {"id_key": "2"})
    assert [insertion.key(first), insertion.key(second)] == ["1", "2"]


def test_a_refusal_of_the_database_tells_no_value(store: Store) -> None:
    with pytest.raises(IntegrityError) as raised, store.act() as connection:
        Insertion(users).write(connection, [LI, LI])
    assert "李录入" not in str(raised.value)
    assert raised.value.params is None


def test_a_ledger_that_another_desk_holds_is_said_to_be_locked(store: Store) -> None:
    with store.act() as connection:
        Insertion(users).write(connection, [LI])
        other = Store(store._path, wait_seconds=0.05)
        with pytest.raises(ClerkError, match="ledger_locked"), other.reading() as reading:
            Insertion(users).write(reading, [LI])
        other.close()


def test_the_words_are_put_once_for_each_kind_of_database() -> None:
    statement = Statement(select(audit.c.code).where(audit.c.subject == bindparam("subject")))
    words = statement._in_words_of(postgresql.psycopg.dialect())
    assert statement._in_words_of(postgresql.psycopg.dialect()) is words
    assert words.bound({"subject": "1"}) == {"subject": "1"}
    assert "%(subject)s" in words.sql
