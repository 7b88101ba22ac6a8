"""What raw SQL cannot do to a ledger, whatever tool it comes from."""

# ruff: noqa: S608 -- the names in the statements are those of our own tables and columns
from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite3

from clerk_app.codes import Benefit
from clerk_app.ledger.records import PayeeAccount, PaymentResult, PriorBenefit, Review
from clerk_app.ledger.triggers import FROZEN
from tests.ledger.office import PASSWORD, REVIEWER, SHELF, TODAY, Office, receipt, staffed


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which every kind of record stands."""
    office = Office(tmp_path_factory.mktemp("filled") / "ledger.db")
    person = office.person()
    first = office.settle(person, receipt("1"), receipt("2", 10_000))
    office.settle(person, receipt("3", visited_on=date(2022, 1, 1)))
    office.ledger.reverse(first.voucher_number, "录错", "r1")
    office.settle(person, receipt("4"))
    office.ledger.record_print(first.voucher_number)
    office.ledger.record_prior_benefit(person.person_id, PriorBenefit(2023, Benefit.ORDINARY, 20_000, 0, TODAY.date()))
    (effect,) = office.ledger.effects(person.person_id, SHELF.policy)
    office.approved(Review("赵复核", ""))
    office.ledger.correct(
        effect.voucher_number,
        effect,
        reason="联网结算",
        key="c1",
        review=Review("赵复核", "平台查询"),
        policy_of=SHELF.policy,
    )
    office.ledger.give_account(person.person_id, PayeeAccount("张三", "", "示例银行", "62"))
    staffed(office.ledger, REVIEWER).close_month(2023, 5)
    office.ledger.confirm_password(PASSWORD)
    office.ledger.review([effect.voucher_number])
    office.ledger.sign_in("sun", PASSWORD)
    office.ledger.confirm_password(PASSWORD)
    paid = office.ledger.make_payment_list([effect.voucher_number])
    office.ledger.confirm_password(PASSWORD)
    office.ledger.record_payment_results(paid.list_number, {0: PaymentResult(is_paid=True)})
    office.ledger.archive([effect.voucher_number], "2023-06-01")
    office.ledger.close()
    with contextlib.closing(sqlite3.connect(office.path)) as connection, connection:
        connection.execute("INSERT INTO audit_keys VALUES (1, 'sealed')")
    return office.path


@pytest.fixture
def raw(filled: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection to a copy of that ledger; with none of the program's settings."""
    shutil.copy(filled, tmp_path / "ledger.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        yield connection


FROZEN_COLUMNS = [(table.name, column.name) for table in FROZEN for column in table.columns]


@pytest.mark.parametrize(("table", "column"), FROZEN_COLUMNS)
def test_no_column_of_a_settled_row_can_be_updated(raw: sqlite3.Connection, table: str, column: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=f"{table} are never changed"):
        raw.execute(f"UPDATE {table} SET {column} = {column}")


@pytest.mark.parametrize("table", [table.name for table in FROZEN])
def test_no_settled_row_can_be_deleted_or_replaced(raw: sqlite3.Connection, table: str) -> None:
    before = raw.execute(f"SELECT * FROM {table}").fetchall()
    assert before, "there is something to lose"
    with pytest.raises(sqlite3.IntegrityError, match=f"{table} are never changed"):
        raw.execute(f"DELETE FROM {table}")
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(f"REPLACE INTO {table} SELECT * FROM {table}")
    assert raw.execute(f"SELECT * FROM {table}").fetchall() == before


def copied(raw: sqlite3.Connection, table: str, row: int, **changes: str) -> None:
    """Insert a copy of a table's row with some columns changed, given as SQL."""
    columns = [column[1] for column in raw.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changes.get(column, column) for column in columns)
    raw.execute(f"INSERT INTO {table} SELECT {values} FROM {table} LIMIT 1 OFFSET {row}")


NEW_SETTLEMENT = {
    "settlement_id": "NULL",
    "voucher_number": "'new'",
    "act_key": "'new'",
    "audit_sequence": "audit_sequence + 1000",
}
SETTLEMENT, REFUSAL, REVERSAL, _STANDING, CORRECTION = range(5)


def test_the_copies_of_the_next_tests_are_themselves_accepted(raw: sqlite3.Connection) -> None:
    for row in (SETTLEMENT, REFUSAL, REVERSAL, CORRECTION):
        changes = {"voucher_number": f"'new {row}'", "act_key": f"'new {row}'"}
        copied(raw, "settlements", row, **(NEW_SETTLEMENT | changes))


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        (SETTLEMENT, {"fund_fen": "fund_fen + 1"}),
        (SETTLEMENT, {"person_fen": "person_fen - 1"}),
        (SETTLEMENT, {"fund_fen": "-1", "person_fen": "total_fen + 1"}),
        (SETTLEMENT, {"fund_fen": "in_scope_fen + 1", "person_fen": "total_fen - in_scope_fen - 1"}),
        (SETTLEMENT, {"account_fen": "1"}),
        (SETTLEMENT, {"account_fen": "person_fen + 1", "account_payer": "'self'"}),
        (SETTLEMENT, {"kind": "'refusal'"}),
        (SETTLEMENT, {"kind": "'reversal'"}),
        (SETTLEMENT, {"kind": "'paid'"}),
        (REFUSAL, {"fund_fen": "1", "person_fen": "total_fen - 1"}),
        (REVERSAL, {"kind": "'settlement'"}),
        (CORRECTION, {"kind": "'settlement'"}),
        (CORRECTION, {"total_fen": "1", "person_fen": "1 - fund_fen"}),
        (CORRECTION, {"in_scope_fen": "fund_fen"}),
        (CORRECTION, {"person_fen": "1 - fund_fen"}),
        (CORRECTION, {"account_fen": "1", "account_payer": "'self'"}),
        (CORRECTION, {"reviewer": "NULL", "review_reason": "NULL"}),
        (CORRECTION, {"reviewer": "clerk"}),
        (SETTLEMENT, {"reviewer": "clerk", "review_reason": "'x'"}),
        (SETTLEMENT, {"reviewer": "'赵'"}),
        (SETTLEMENT, {"reviewer": "'赵'", "review_reason": "''"}),
        (SETTLEMENT, {"clerk": "''"}),
        (SETTLEMENT, {"receipt_count": "0"}),
        (SETTLEMENT, {"voucher_number": "voucher_number"}),
        (SETTLEMENT, {"act_key": "act_key"}),
        (SETTLEMENT, {"audit_sequence": "audit_sequence"}),
        (SETTLEMENT, {"settled_at": "'2023-05-31 23:59:59.000000'"}),
    ],
)
def test_a_settlement_whose_amounts_or_people_do_not_hold_together_is_refused(
    raw: sqlite3.Connection, row: int, changes: dict[str, str]
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        copied(raw, "settlements", row, **(NEW_SETTLEMENT | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"total_fen": "total_fen + 1", "person_fen": "person_fen + 1"},
        {"self_funded_fen": "self_funded_fen + 1"},
        {"person_fen": "person_fen + 1"},
        {"fund_fen": "share_fen + 1", "person_fen": "total_fen - share_fen - 1"},
        {"deductible_fen": "in_scope_fen"},
        {"decision": "'refuse'"},
        {"decision": "'review'"},
        {"benefit": "'gift'"},
        {"ratio_bp": "10001"},
    ],
)
def test_a_receipt_whose_amounts_do_not_hold_together_is_refused(
    raw: sqlite3.Connection, changes: dict[str, str]
) -> None:
    raw.execute("DROP TRIGGER receipts_no_more")  # it would refuse the copies for another reason
    copied(raw, "receipts", 0, position="7")
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        copied(raw, "receipts", 0, position="8", **changes)


def test_no_receipt_is_added_to_what_was_settled(raw: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="never added"):
        copied(raw, "receipts", 0, position="2")


def test_no_pool_is_overdrawn_and_none_is_forgotten(raw: sqlite3.Connection) -> None:
    for statement in (
        "UPDATE accumulators SET fund_fen = fund_limit_fen + 1",
        "UPDATE accumulators SET fund_fen = -1",
        "UPDATE accumulators SET deductible_fen = -1",
        "DELETE FROM accumulators",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(statement)
    assert raw.execute("SELECT fund_limit_fen FROM accumulators").fetchall() == [(180_000,)]


def test_a_bill_is_let_go_by_a_reversal_alone_and_held_by_one_voucher(raw: sqlite3.Connection) -> None:
    assert sorted(raw.execute("SELECT bill_key FROM bills").fetchall()) == [("/3",), ("/4",)]
    for statement in (
        "DELETE FROM bills WHERE bill_key = '/4'",
        "UPDATE bills SET settlement_id = 1",
        "INSERT INTO bills SELECT bill_key, 1 FROM bills",
        "REPLACE INTO bills SELECT bill_key, 1 FROM bills",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(statement)


def test_voucher_numbers_go_up_by_one(raw: sqlite3.Connection) -> None:
    for statement in (
        "UPDATE counters SET last_number = last_number + 2",
        "UPDATE counters SET last_number = last_number - 1",
        "DELETE FROM counters",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(statement)


def test_a_closed_month_takes_no_record_and_the_next_moment_does(raw: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="closed months stay as they are"):
        copied(raw, "settlements", SETTLEMENT, **(NEW_SETTLEMENT | {"settled_at": "'2023-05-31 23:59:59.000000'"}))
    copied(raw, "settlements", SETTLEMENT, **(NEW_SETTLEMENT | {"settled_at": "'2023-06-01 00:00:00.000000'"}))


def test_audit_rows_follow_one_another_without_a_gap(raw: sqlite3.Connection) -> None:
    changes = {"code": "'new'"}
    for sequence in ("sequence + 1000", "0", "-1"):
        with pytest.raises(sqlite3.IntegrityError):
            copied(raw, "audit", 0, sequence=sequence, **changes)
    copied(raw, "audit", 0, sequence="(SELECT max(sequence) + 1 FROM audit)", **changes)


def test_nobody_and_no_try_of_a_password_is_deleted(raw: sqlite3.Connection) -> None:
    raw.execute("INSERT INTO sign_in_attempts (login, at, is_open) VALUES ('li', '2023-06-01', 1)")
    for table in ("users", "sign_in_attempts"):
        with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
            raw.execute(f"DELETE FROM {table}")


def test_nothing_is_mirrored_twice(raw: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        copied(raw, "reversals", 0, reversal_id="4")


def test_a_receipt_carries_differences_in_a_correction_alone(raw: sqlite3.Connection) -> None:
    raw.execute("DROP TRIGGER receipts_no_more")
    nothing_on_paper = dict.fromkeys(
        ("total_fen", "in_scope_fen", "paid_first_fen", "over_limit_fen", "self_funded_fen"), "0"
    )
    copied(raw, "receipts", 0, position="7")
    copied(raw, "receipts", 0, position="8", settlement_id="5", person_fen="-fund_fen", **nothing_on_paper)
    with pytest.raises(sqlite3.IntegrityError, match="differences stand in corrections alone"):
        copied(raw, "receipts", 0, position="9", person_fen="-fund_fen", **nothing_on_paper)
    with pytest.raises(sqlite3.IntegrityError, match="a correction changes no paper"):
        copied(raw, "receipts", 0, position="9", settlement_id="5")


@pytest.mark.parametrize("original", ["1", "2", "3", "5"], ids=["reversed", "refusal", "reversal", "correction"])
def test_a_correction_belongs_to_a_standing_settlement(raw: sqlite3.Connection, original: str) -> None:
    raw.execute("DROP TRIGGER corrections_within_bounds")  # it would refuse some for another reason
    copied(raw, "settlements", CORRECTION, **NEW_SETTLEMENT)
    with pytest.raises(sqlite3.IntegrityError, match="belongs to a standing settlement"):
        copied(raw, "corrections", 0, correction_id="6", original_id=original)


def test_corrections_never_leave_less_than_nothing_or_more_than_was_in_scope(raw: sqlite3.Connection) -> None:
    for number, fund_fen in enumerate(("-30001", "70001", "-30000"), 6):
        changes = {"voucher_number": f"'new {number}'", "act_key": f"'new {number}'", "settlement_id": "NULL"}
        changes["audit_sequence"] = str(1000 + number)
        copied(raw, "settlements", CORRECTION, fund_fen=fund_fen, person_fen=f"-({fund_fen})", **changes)
    for number in ("6", "7"):
        with pytest.raises(sqlite3.IntegrityError, match="between nothing and the amount in scope"):
            copied(raw, "corrections", 0, correction_id=number)
    copied(raw, "corrections", 0, correction_id="8")
