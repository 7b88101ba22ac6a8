"""What waits is counted and listed without reading what is over."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2 as sqlite3

from clerk_app.codes import Stage
from clerk_app.ledger import paying
from clerk_app.ledger.connection import Store
from clerk_app.ledger.records import PayeeAccount, PaymentResult, Settlement
from clerk_app.ledger.soundness import Depth
from clerk_app.ledger.tables import metadata
from clerk_app.ledger.waiting import UNDER_WAY, counts
from tests.ledger.office import AUDITOR, CLERK, FINANCE, PASSWORD, REVIEWER, Office, receipt, staffed

ACCOUNT = PayeeAccount("张三", "本人", "示例银行城南支行", "6200000000000000001")


@pytest.fixture
def settled(office: Office) -> list[Settlement]:
    """Four settlements of a person with an account."""
    person = office.person()
    office.ledger.give_account(person.person_id, ACCOUNT)
    return [office.settle(person, receipt(str(number), 100_000)) for number in range(4)]


def waiting(office: Office, stage: Stage) -> list[str]:
    return [each.voucher_number for each in office.ledger.payables(frozenset({stage}))]


def test_each_act_moves_a_settlement_from_one_list_to_the_next(office: Office, settled: list[Settlement]) -> None:
    first, second, third, fourth = (each.voucher_number for each in settled)
    assert waiting(office, Stage.UNREVIEWED) == [first, second, third, fourth]
    assert (office.ledger.counts().unreviewed, office.ledger.counts().settled_today) == (4, 4)

    staffed(office.ledger, REVIEWER).confirm_password(PASSWORD)
    office.ledger.review([first, second])
    office.ledger.confirm_password(PASSWORD)
    office.ledger.review([third], "票据日期不符", has_passed=False)
    assert waiting(office, Stage.OBJECTED) == [third]
    office.ledger.reverse(third, "票据日期不符", "r3")
    assert (office.ledger.counts().objected, office.ledger.counts().payable) == (0, 2)

    staffed(office.ledger, FINANCE).confirm_password(PASSWORD)
    listed = office.ledger.make_payment_list([first, second])
    assert waiting(office, Stage.IN_PAYMENT) == [first, second]
    office.ledger.confirm_password(PASSWORD)
    office.ledger.record_payment_results(
        listed.list_number, {0: PaymentResult(is_paid=True), 1: PaymentResult(is_paid=False, reason="账户已销户")}
    )
    assert waiting(office, Stage.PAYABLE) == [second], "what failed waits to be paid again"

    assert [each.voucher_number for each in office.ledger.to_archive()] == [first, third]
    office.ledger.archive([first, third], "2023-06")
    assert office.ledger.to_archive() == []
    assert office.ledger.counts().unreviewed == 1


def test_drafts_are_counted_for_who_began_them(office: Office) -> None:
    for key in ("k1", "k2", "k3"):
        office.ledger.save_claim(key, "张三", "{}")
        office.ledger.let_claim_go(key)
    for key in ("k2", "k3"):
        office.ledger.submit_claim(key)
    staffed(office.ledger, REVIEWER).return_claim("k2", "缺处方")

    assert (office.ledger.counts().drafts, office.ledger.counts().returned) == (0, 0)
    assert office.ledger.counts().submitted == 1
    staffed(office.ledger, CLERK)
    assert (office.ledger.counts().drafts, office.ledger.counts().returned) == (1, 1)


def test_yesterday_is_not_today(office: Office, settled: list[Settlement]) -> None:
    assert office.ledger.counts().settled_today == len(settled)
    office.clock.now += timedelta(days=1)
    assert office.ledger.counts().settled_today == 0


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_no_list_and_no_count_reads_a_table_from_end_to_end(office: Office, settled: list[Settlement]) -> None:
    assert settled
    store = Store(office.path, wait_seconds=1)
    plans: list[str] = []

    with store.reading() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        told: list[str] = []
        driver.set_trace_callback(told.append)
        counts(connection, CLERK.login, office.clock.now)
        paying.payables(connection, UNDER_WAY, 10)
        paying.to_archive(connection, 10)
        driver.set_trace_callback(None)
        for statement in told:
            if statement.startswith("SELECT"):
                plans += [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}")]
    store.close()

    searches = [step for step in plans if step.startswith("SEARCH")]
    assert len(searches) >= 9 + 7, plans
    assert {step.split()[1] for step in plans if step.startswith("SCAN")} & metadata.tables.keys() == set()


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM open_settlements WHERE settlement_id = 2", "verify_row_missing"),
        ("UPDATE open_settlements SET stage = 'payable' WHERE settlement_id = 2", "verify_row_changed"),
    ],
)
def test_a_list_that_somebody_changed_is_named_by_the_full_check(
    office: Office, settled: list[Settlement], statement: str, code: str
) -> None:
    assert len(settled) == 4
    with contextlib.closing(sqlite3.connect(office.path)) as raw, raw:
        raw.execute(statement)
    staffed(office.ledger, AUDITOR)

    (finding,) = office.ledger.verify(Depth.FULL).findings

    assert (finding.code, dict(finding.details)) == (code, {"table": "open_settlements", "row": 2})


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_what_is_on_the_shelf_or_no_settlement_does_not_wait(office: Office, settled: list[Settlement]) -> None:
    office.ledger.reverse(settled[0].voucher_number, "录错", "r")
    staffed(office.ledger, FINANCE).archive([settled[0].voucher_number], "2023-06")
    with contextlib.closing(sqlite3.connect(office.path)) as raw, raw:
        raw.execute("INSERT INTO open_settlements VALUES (1, 'closed'), (5, 'unreviewed')")
    staffed(office.ledger, AUDITOR)

    findings = office.ledger.verify(Depth.FULL).findings

    assert [(each.code, each.details["row"]) for each in findings] == [
        ("verify_row_added", 1),
        ("verify_row_added", 5),
    ]
