"""Fewer journeys in an act, and nothing else about it is different."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import func, select

from clerk_app.errors import ClerkError
from clerk_app.ledger.postgres import PostgresStore
from clerk_app.ledger.records import Review
from clerk_app.ledger.server_pipeline import PIPELINE, Pipeline
from clerk_app.ledger.statements import Insertion
from clerk_app.ledger.tables import bills, payment_lists
from tests.ledger.office import TODAY, Office, receipt
from tests.ledger.server import Server


@pytest.fixture
def store(server: Server, database: str) -> Iterator[PostgresStore]:
    store = PostgresStore(server.url(database), 5.0)
    yield store
    store.close()


@pytest.fixture
def driver(server: Server, database: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with server.connect(database) as connection:
        connection.execute("CREATE TEMPORARY TABLE words (word text PRIMARY KEY)")
        yield connection


LIST = {"list_number": "B1", "made_at": TODAY, "made_by": "孙财务", "payment_count": 1, "total_fen": 100}
COUNT = "SELECT count(*) FROM words"


def test_what_waits_is_there_for_whatever_is_asked_next(store: PostgresStore) -> None:
    written = Insertion(payment_lists)
    with store.act() as connection:
        written.write(connection, [LIST])
        assert connection.execute(select(func.count()).select_from(payment_lists)).scalar_one() == 1
        written.write(connection, [LIST | {"list_number": "B2"}])
        assert connection.exec_driver_sql("SELECT count(*) FROM payment_lists").scalar_one() == 2
        written.write(connection, [LIST | {"list_number": "B3"}])
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(payment_lists)).scalar_one() == 3
        assert PIPELINE not in connection.info


def test_a_refused_row_that_travelled_with_others_saves_none_and_quotes_nothing(store: PostgresStore) -> None:
    written = Insertion(payment_lists)

    def write(sum_fen: int) -> None:
        with store.act() as connection:
            written.write(connection, [LIST])
            written.write(connection, [LIST | {"list_number": "geheim-9", "total_fen": sum_fen}])

    with pytest.raises(Exception, match="amounts") as raised:
        write(-1)
    chain = [raised.value, raised.value.__cause__, raised.value.__context__]
    assert "geheim-9" not in "".join(map(repr, chain)) + "".join(map(str, chain))
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(payment_lists)).scalar_one() == 0
    with pytest.raises(ClerkError, match="text_not_storable"), store.act() as connection:
        written.write(connection, [LIST | {"list_number": "\0"}])
    write(1)


def test_an_answer_that_was_asked_ahead_is_used_once_and_never_after_a_write(
    driver: psycopg.Connection[tuple[object, ...]],
) -> None:
    pipeline = Pipeline(driver)
    pipeline.begin(["BEGIN"], [(COUNT, ())])
    driver.execute("INSERT INTO words VALUES ('behind its back')")
    assert pipeline.ask(COUNT, ()) == [(0,)], "as it stood when it was asked"
    assert pipeline.ask(COUNT, ()) == [(1,)]
    pipeline.commit()
    pipeline.begin(["BEGIN"], [(COUNT, ())])
    pipeline.write("INSERT INTO words VALUES (%s)", [("one",), ("two",)])
    assert pipeline.ask(COUNT, ()) == [(3,)]
    pipeline.commit()
    assert driver.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_what_failed_before_is_not_taken_for_committed(driver: psycopg.Connection[tuple[object, ...]]) -> None:
    pipeline = Pipeline(driver)
    pipeline.begin(["BEGIN"], [])
    with pytest.raises(psycopg.errors.UndefinedTable):
        driver.execute("SELECT * FROM nowhere")
    with pytest.raises(AssertionError, match="committed"):
        pipeline.commit()


def test_a_second_press_and_a_refused_claim_leave_no_gap(server: Server, database: str) -> None:
    office = Office(server.url(database))
    person = office.person()
    request = office.request(person, receipt("1"), key="k")
    first = office.ledger.settle(request)
    assert office.ledger.settle(request).voucher_number == first.voucher_number
    office.settle(person, receipt("3"))
    # Who reviews is looked at last, when the number is taken.
    with pytest.raises(ClerkError, match="approval_missing"):
        office.ledger.settle(office.request(person, receipt("2"), review=Review("赵复核", "属实")))
    last = office.settle(person, receipt("4"))
    assert int(last.voucher_number[-6:]) == int(first.voucher_number[-6:]) + 2
    with server.connect(database) as connection:
        assert connection.execute(f"SELECT count(*) FROM {bills.name}").fetchone() == (3,)  # noqa: S608 -- ours
    office.ledger.close()
