"""What raw SQL cannot do to a ledger, whatever tool it comes from and whichever database holds it."""

# ruff: noqa: S608 -- the names in the statements are those of our own tables and columns
from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlcipher3 import dbapi2 as sqlite3

from clerk_app.codes import Benefit
from clerk_app.ledger.records import PayeeAccount, PaymentResult, PriorBenefit, Review
from clerk_app.ledger.tables import metadata
from clerk_app.ledger.triggers import FROZEN
from tests.ledger.office import CLERK, FINANCE, PASSWORD, REVIEWER, SHELF, TODAY, Office, receipt, staffed
from tests.ledger.paying_desk import money_back
from tests.ledger.server import Server

REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)


class Raw:
    """A plain connection to a ledger, with none of the program's settings; each statement is a transaction."""

    def __init__(self, place: Path | str) -> None:
        self.is_file = isinstance(place, Path)
        self.connection: Any = sqlite3.connect(place) if self.is_file else psycopg.connect(str(place))
        if self.is_file:
            self.connection.isolation_level = None
        else:
            self.connection.autocommit = True

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(statement)
        return cursor.fetchall() if cursor.description else []

    def drop_trigger(self, table: str, name: str) -> None:
        """So that what it would refuse is refused by the rule that is tried."""
        self.execute(f"DROP TRIGGER {name}" + ("" if self.is_file else f" ON {table}"))

    def copy(self, table: str, row: int, **changes: str) -> None:
        """Insert a copy of a table's row with some columns changed, given as SQL."""
        self.execute(self.copying(table, row, **changes))

    def copying(self, table: str, row: int, **changes: str) -> str:
        """The statement for such a copy."""
        columns = metadata.tables[table].columns.keys()
        values = ", ".join(changes.get(column, column) for column in columns)
        order = ", ".join(f"{table}.{column.name}" for column in metadata.tables[table].primary_key.columns)
        copied = f"SELECT {values} FROM {table} ORDER BY {order} LIMIT 1 OFFSET {row}"
        return f"INSERT INTO {table} ({', '.join(columns)}) {copied}"

    def accepts_copy(self, table: str, row: int, **changes: str) -> bool:
        """Whether a wrong copy gets in."""
        try:
            self.copy(table, row, **changes)
        except REFUSED:
            return False
        return True


def fill(place: Path | str) -> None:
    """Make a ledger in which every kind of record stands."""
    office = Office(place)
    person = office.person()
    office.person("李四")
    office.ledger.give_account(person.person_id, PayeeAccount("张三", "", "示例银行", "62"))
    first = office.settle(person, receipt("1"), receipt("2", 10_000))
    pay(office, first.voucher_number)
    staffed(office.ledger, CLERK)
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
    office.ledger.save_claim("d1", "张三", "{}")
    office.ledger.withdraw_claim("d1", "本人撤回")
    staffed(office.ledger, REVIEWER).close_month(2023, 5)
    pay(office, effect.voucher_number)
    office.ledger.archive([effect.voucher_number], "2023-06-01")
    for number, amount_fen in enumerate((5_000, 1_000)):
        office.ledger.confirm_password(PASSWORD)
        office.ledger.record_recovery(first.voucher_number, money_back(amount_fen), f"back {number}")
    office.ledger.confirm_password(PASSWORD)
    office.ledger.take_recovery_back("R360100-2023-00002", "录错", "taken back")
    office.ledger.close()
    with contextlib.closing(Raw(place).connection) as connection:
        connection.execute("INSERT INTO audit_keys VALUES (1, 'sealed')")


def pay(office: Office, voucher_number: str) -> None:
    """Reviewed, listed and paid; finance sits at the desk afterwards."""
    staffed(office.ledger, REVIEWER).confirm_password(PASSWORD)
    office.ledger.review([voucher_number])
    staffed(office.ledger, FINANCE).confirm_password(PASSWORD)
    paid = office.ledger.make_payment_list([voucher_number])
    office.ledger.confirm_password(PASSWORD)
    office.ledger.record_payment_results(paid.list_number, {0: PaymentResult(is_paid=True)})


@pytest.fixture(scope="module")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "ledger.db"
    fill(path)
    return path


@pytest.fixture(scope="module")
def filled_database(server: Server) -> Iterator[str]:
    name = server.new_database()
    fill(server.url(name))
    yield name
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def raw(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Raw]:
    """A plain connection to a copy of that ledger."""
    if request.param == "sqlite":
        raw = Raw(shutil.copy(request.getfixturevalue("filled_file"), tmp_path / "ledger.db"))
        with contextlib.closing(raw.connection):
            yield raw
        return
    server: Server = request.getfixturevalue("server")
    name = server.new_database(request.getfixturevalue("filled_database"))
    raw = Raw(server.url(name))
    with contextlib.closing(raw.connection):
        yield raw
    server.drop(name)


#: What goes on changing: counters, what is worked out, whom the office knows, who works here, and claims in hand.
MAY_CHANGE = {
    *("counters", "accumulators", "bills", "open_settlements", "name_grams", "name_initials"),
    *("persons", "coverage", "filings", "stays", "conditions", "prior_benefits"),
    *("users", "sign_in_attempts", "claims"),
}


def test_every_other_table_is_frozen() -> None:
    assert {table.name for table in FROZEN} == set(metadata.tables) - MAY_CHANGE


@pytest.mark.parametrize("table", [table.name for table in FROZEN])
def test_no_settled_row_can_be_updated_deleted_or_replaced(raw: Raw, table: str) -> None:
    before = raw.execute(f"SELECT * FROM {table}")
    assert before, "there is something to lose"
    attempts = [f"UPDATE {table} SET {column.name} = {column.name}" for column in metadata.tables[table].columns]
    attempts += [f"DELETE FROM {table}", f"DELETE FROM {table} WHERE true"]
    if raw.is_file:
        attempts.append(f"REPLACE INTO {table} SELECT * FROM {table}")
    else:
        key = metadata.tables[table].primary_key.columns.keys()
        attempts.append(
            f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {key[0]} = 1"
        )
    for statement in attempts:
        with pytest.raises(REFUSED, match=f"{table} are never changed"):
            raw.execute(statement)
    assert raw.execute(f"SELECT * FROM {table}") == before


@pytest.mark.parametrize("raw", ["postgresql"], indirect=True)
def test_no_table_can_be_emptied_at_once(raw: Raw) -> None:
    for table in metadata.tables:
        before = raw.execute(f"SELECT count(*) FROM {table}")
        for statement in (f"TRUNCATE {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises((psycopg.IntegrityError, psycopg.errors.FeatureNotSupported)) as refused:
                raw.execute(statement)
        assert "never emptied" in str(refused.value)
        assert raw.execute(f"SELECT count(*) FROM {table}") == before


@pytest.mark.parametrize("raw", ["postgresql"], indirect=True)
def test_a_table_of_the_sessions_own_does_not_deceive_a_trigger(raw: Raw) -> None:
    raw.execute("CREATE TEMPORARY TABLE reversals AS SELECT settlement_id AS original_id FROM settlements")
    with pytest.raises(REFUSED, match="released by a reversal alone"):
        raw.execute("DELETE FROM bills WHERE bill_key = '/4'")


NEW_ID = "(SELECT max(settlement_id) + 1 FROM settlements)"
NEW_SETTLEMENT = {
    "settlement_id": NEW_ID,
    "voucher_number": "'new'",
    "act_key": "'new'",
    "audit_sequence": "(SELECT max(audit_sequence) + 1 FROM settlements)",
}
SETTLEMENT, REFUSAL, REVERSAL, _STANDING, CORRECTION = range(5)


def test_the_copies_of_the_next_tests_are_themselves_accepted(raw: Raw) -> None:
    for row in (SETTLEMENT, REFUSAL, REVERSAL, CORRECTION):
        changes = {"voucher_number": f"'new {row}'", "act_key": f"'new {row}'"}
        raw.copy("settlements", row, **(NEW_SETTLEMENT | changes))


WRONG_SETTLEMENTS: list[tuple[int, dict[str, str]]] = [
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
]


def test_a_settlement_whose_amounts_or_people_do_not_hold_together_is_refused(raw: Raw) -> None:
    accepted = [
        (row, changes)
        for row, changes in WRONG_SETTLEMENTS
        if raw.accepts_copy("settlements", row, **(NEW_SETTLEMENT | changes))
    ]
    assert accepted == []


WRONG_RECEIPTS: list[dict[str, str]] = [
    {"total_fen": "total_fen + 1", "person_fen": "person_fen + 1"},
    {"self_funded_fen": "self_funded_fen + 1"},
    {"person_fen": "person_fen + 1"},
    {"fund_fen": "share_fen + 1", "person_fen": "total_fen - share_fen - 1"},
    {"deductible_fen": "in_scope_fen"},
    {"decision": "'refuse'"},
    {"decision": "'review'"},
    {"benefit": "'gift'"},
    {"ratio_bp": "10001"},
]


def test_a_receipt_whose_amounts_do_not_hold_together_is_refused(raw: Raw) -> None:
    raw.drop_trigger("receipts", "receipts_no_more")  # it would refuse the copies for another reason
    raw.copy("receipts", 0, position="7")
    accepted = [changes for changes in WRONG_RECEIPTS if raw.accepts_copy("receipts", 0, position="8", **changes)]
    assert accepted == []


def test_no_receipt_is_added_to_what_was_settled(raw: Raw) -> None:
    with pytest.raises(REFUSED, match="never added"):
        raw.copy("receipts", 0, position="2")


def test_no_pool_is_overdrawn_and_none_is_forgotten(raw: Raw) -> None:
    for statement in (
        "UPDATE accumulators SET fund_fen = fund_limit_fen + 1",
        "UPDATE accumulators SET fund_fen = -1",
        "UPDATE accumulators SET deductible_fen = -1",
        "DELETE FROM accumulators",
    ):
        with pytest.raises(REFUSED):
            raw.execute(statement)
    assert raw.execute("SELECT fund_limit_fen FROM accumulators") == [(180_000,)]


def test_a_bill_is_let_go_by_a_reversal_alone_and_held_by_one_voucher(raw: Raw) -> None:
    assert sorted(raw.execute("SELECT bill_key FROM bills")) == [("/3",), ("/4",)]
    for statement in (
        "DELETE FROM bills WHERE bill_key = '/4'",
        "UPDATE bills SET settlement_id = 1",
        "INSERT INTO bills SELECT bill_key, 1 FROM bills",
        "INSERT INTO bills SELECT bill_key, 1 FROM bills WHERE true ON CONFLICT (bill_key) DO UPDATE SET bill_key = 1",
        *(["REPLACE INTO bills SELECT bill_key, 1 FROM bills"] if raw.is_file else []),
    ):
        with pytest.raises(REFUSED):
            raw.execute(statement)


def test_voucher_numbers_go_up_by_one(raw: Raw) -> None:
    for statement in (
        "UPDATE counters SET last_number = last_number + 2",
        "UPDATE counters SET last_number = last_number - 1",
        "DELETE FROM counters",
    ):
        with pytest.raises(REFUSED):
            raw.execute(statement)


def test_a_closed_month_takes_no_record_and_the_next_moment_does(raw: Raw) -> None:
    with pytest.raises(REFUSED, match="closed months stay as they are"):
        raw.copy("settlements", SETTLEMENT, **(NEW_SETTLEMENT | {"settled_at": "'2023-05-31 23:59:59.000000'"}))
    raw.copy("settlements", SETTLEMENT, **(NEW_SETTLEMENT | {"settled_at": "'2023-06-01 00:00:00.000000'"}))


def test_audit_rows_follow_one_another_without_a_gap(raw: Raw) -> None:
    changes = {"code": "'new'"}
    for sequence in ("sequence + 1000", "0", "-1"):
        with pytest.raises(REFUSED):
            raw.copy("audit", 0, sequence=sequence, **changes)
    raw.copy("audit", 0, sequence="(SELECT max(sequence) + 1 FROM audit)", **changes)


def test_nobody_no_claim_and_no_try_of_a_password_is_deleted(raw: Raw) -> None:
    raw.execute("INSERT INTO sign_in_attempts (login, at, is_open) VALUES ('li', '2023-06-01 00:00:00.000000', true)")
    for table in ("users", "claims", "sign_in_attempts"):
        with pytest.raises(REFUSED, match="never deleted"):
            raw.execute(f"DELETE FROM {table}")


def test_a_claim_that_has_ended_stays_so_and_what_was_typed_may_be_taken_away(raw: Raw) -> None:
    assert raw.execute("SELECT state FROM claims") == [("withdrawn",)]
    for state in ("entered", "submitted", "returned"):
        with pytest.raises(REFUSED, match="a claim that has ended stays so"):
            raw.execute(f"UPDATE claims SET state = '{state}'")
    raw.execute("UPDATE claims SET content = '', state = 'withdrawn'")


def test_only_what_a_second_person_has_passed_is_paid(raw: Raw) -> None:
    raw.drop_trigger("payments", "payments_within_settlement")  # it would refuse some for another reason
    raw.copy("payments", 1, position="7")
    with pytest.raises(REFUSED, match="only what a second person has passed is paid"):
        raw.copy("payments", 1, position="8", settlement_id="2")
    raw.copy("reviews", 0, settlement_id="2", has_passed="false", note="'金额不符'")
    with pytest.raises(REFUSED, match="only what a second person has passed is paid"):
        raw.copy("payments", 1, position="8", settlement_id="2")


def test_only_what_stands_is_paid_and_once(raw: Raw) -> None:
    raw.drop_trigger("payments", "payments_reviewed")
    new = {"position": "7"}
    with pytest.raises(REFUSED, match="no more is paid than what stands"):
        raw.copy("payments", 1, amount_fen="1", **new)
    with pytest.raises(REFUSED, match="no more is paid than what stands"):
        raw.copy("payments", 1, settlement_id="1", **new)  # it was reversed
    raw.drop_trigger("payment_results", "payment_results_no_update")
    raw.execute("UPDATE payment_results SET is_paid = false, reason = '户名不符'")
    with pytest.raises(REFUSED, match="no more is paid than what stands"):
        raw.copy("payments", 1, amount_fen="amount_fen + 1", **new)
    raw.copy("payments", 1, **new)
    with pytest.raises(REFUSED, match="no more is paid than what stands"):
        raw.copy("payments", 1, amount_fen="1", position="8")


NEW_RECOVERY = {"recovery_number": "'new'", "act_key": "'new'"}
WRONG_RECOVERIES: list[dict[str, str]] = [
    {"amount_fen": "0"},
    {"amount_fen": "-1"},
    {"way": "'gift'"},
    {"document_number": "''"},
    {"received_on": "'2023-06-02'"},
    {"recorded_by": "''"},
    {"deducted_from": "4"},
    {"way": "'deduction'"},
    {"act_key": "act_key"},
    {"settlement_id": "99"},
]


def test_money_back_that_does_not_hold_together_is_refused(raw: Raw) -> None:
    accepted = [
        changes for changes in WRONG_RECOVERIES if raw.accepts_copy("recoveries", 0, **(NEW_RECOVERY | changes))
    ]
    assert accepted == []
    raw.copy("recoveries", 0, **NEW_RECOVERY)


def test_no_more_comes_back_than_was_paid_and_no_longer_stands(raw: Raw) -> None:
    others = [{"settlement_id": number, "amount_fen": "1"} for number in ("2", "3", "4", "5")]
    for changes in ({"amount_fen": "20001"}, *others):
        with pytest.raises(REFUSED, match="no more comes back than is open"):
            raw.copy("recoveries", 0, **(NEW_RECOVERY | changes))
    raw.copy("recoveries", 0, **(NEW_RECOVERY | {"amount_fen": "20000"}))
    with pytest.raises(REFUSED, match="no more comes back than is open"):
        raw.copy("recoveries", 0, recovery_number="'other'", act_key="'other'", amount_fen="1")


def test_money_that_the_bank_has_not_paid_does_not_come_back(raw: Raw) -> None:
    raw.drop_trigger("payment_results", "payment_results_no_delete")
    raw.execute("DELETE FROM payment_results WHERE list_number = 'B360100-2023-00001'")
    with pytest.raises(REFUSED, match="no more comes back than is open"):
        raw.copy("recoveries", 0, **(NEW_RECOVERY | {"amount_fen": "1"}))


def test_an_entry_is_taken_back_by_its_mirror_and_once(raw: Raw) -> None:
    back = NEW_RECOVERY | {"cancels": "recovery_number", "amount_fen": "-amount_fen", "note": "'录错'"}
    for changes in ({"amount_fen": "-4999"}, {"way": "'transfer'"}, {"settlement_id": "4"}):
        with pytest.raises(REFUSED, match="what takes an entry back is its mirror"):
            raw.copy("recoveries", 0, **(back | changes))
    for row, changes in ((0, {"note": "''"}), (1, {}), (2, {"amount_fen": "-1000"})):
        assert not raw.accepts_copy("recoveries", row, **(back | changes)), "of no reason, taken back already, a mirror"
    raw.copy("recoveries", 0, **back)
    assert not raw.accepts_copy("recoveries", 0, **(back | {"recovery_number": "'other'", "act_key": "'other'"}))


def test_a_deduction_lessens_what_the_same_person_is_still_to_be_paid(raw: Raw) -> None:
    deduction = NEW_RECOVERY | {"way": "'deduction'", "deducted_from": "4", "amount_fen": "1"}
    refusal = "a deduction lessens what the same person is still to be paid"
    with pytest.raises(REFUSED, match=refusal):
        raw.copy("recoveries", 0, **deduction)  # it is paid already
    raw.drop_trigger("payment_results", "payment_results_no_update")
    raw.execute("UPDATE payment_results SET is_paid = false, reason = '户名不符' WHERE list_number LIKE '%00002'")
    ((due_fen,),) = raw.execute("SELECT amount_fen FROM payments WHERE list_number LIKE '%00002'")
    raw.drop_trigger("recoveries", "recoveries_within_payments")  # it would refuse some for another reason
    for changes in (
        {"amount_fen": str(due_fen + 1)},
        {"deducted_from": "1", "settlement_id": "4"},
        {"deducted_from": "2"},
    ):
        with pytest.raises(REFUSED, match=refusal):
            raw.copy("recoveries", 0, **(deduction | changes))
    raw.drop_trigger("settlements", "settlements_no_update")
    raw.execute("UPDATE settlements SET person_id = 2 WHERE settlement_id = 4")
    with pytest.raises(REFUSED, match=refusal):
        raw.copy("recoveries", 0, **deduction)
    raw.execute("UPDATE settlements SET person_id = 1 WHERE settlement_id = 4")
    raw.copy("recoveries", 0, **(deduction | {"amount_fen": str(due_fen)}))
    with pytest.raises(REFUSED, match="no more is paid than what stands"):
        raw.copy("payments", 1, position="7", amount_fen="1")
    come_back = {"recovery_number": "'other'", "act_key": "'other'", "settlement_id": "4", "amount_fen": "1"}
    raw.copy("recoveries", 0, **come_back)
    raw.drop_trigger("recoveries", "recoveries_cancelled")
    changes = {"recovery_number": "'third'", "act_key": "'third'", "cancels": "'new'", "note": "'录错'"}
    with pytest.raises(REFUSED, match="a deduction that has come back itself stays"):
        raw.copy("recoveries", 0, **(deduction | changes | {"amount_fen": str(-due_fen)}))


def test_a_review_names_who_settled_and_a_changed_account_a_second_person(raw: Raw) -> None:
    with pytest.raises(REFUSED, match="a review names who settled"):
        raw.copy("reviews", 0, settlement_id="2", clerk="'别人'")
    raw.copy("reviews", 0, settlement_id="2")
    with pytest.raises(REFUSED, match="a changed account has a second person"):
        raw.copy("payee_accounts", 0, account_id="2")
    with pytest.raises(REFUSED, match="a changed account has a second person"):
        raw.copy("payee_accounts", 0, account_id="2", person_id="99", settlement_id="2")
    raw.copy("payee_accounts", 0, account_id="2", confirmed_by="'赵复核'")


def test_nothing_is_mirrored_twice(raw: Raw) -> None:
    with pytest.raises(REFUSED):
        raw.copy("reversals", 0, reversal_id="4")


def test_a_receipt_carries_differences_in_a_correction_alone(raw: Raw) -> None:
    raw.drop_trigger("receipts", "receipts_no_more")
    nothing_on_paper = dict.fromkeys(
        ("total_fen", "in_scope_fen", "paid_first_fen", "over_limit_fen", "self_funded_fen"), "0"
    )
    raw.copy("receipts", 0, position="7")
    raw.copy("receipts", 0, position="8", settlement_id="5", person_fen="-fund_fen", **nothing_on_paper)
    with pytest.raises(REFUSED, match="differences stand in corrections alone"):
        raw.copy("receipts", 0, position="9", person_fen="-fund_fen", **nothing_on_paper)
    with pytest.raises(REFUSED, match="a correction changes no paper"):
        raw.copy("receipts", 0, position="9", settlement_id="5")


@pytest.mark.parametrize("original", ["1", "2", "3", "5"], ids=["reversed", "refusal", "reversal", "correction"])
def test_a_correction_belongs_to_a_standing_settlement(raw: Raw, original: str) -> None:
    raw.drop_trigger("corrections", "corrections_within_bounds")  # it would refuse some for another reason
    raw.copy("settlements", CORRECTION, **NEW_SETTLEMENT)
    with pytest.raises(REFUSED, match="belongs to a standing settlement"):
        raw.copy("corrections", 0, correction_id="6", original_id=original)


def test_corrections_never_leave_less_than_nothing_or_more_than_was_in_scope(raw: Raw) -> None:
    for number, fund_fen in enumerate(("-30001", "70001", "-30000"), 6):
        changes = {"voucher_number": f"'new {number}'", "act_key": f"'new {number}'", "settlement_id": NEW_ID}
        changes["audit_sequence"] = str(1000 + number)
        raw.copy("settlements", CORRECTION, fund_fen=fund_fen, person_fen=f"-({fund_fen})", **changes)
    for number in ("6", "7"):
        with pytest.raises(REFUSED, match="between nothing and the amount in scope"):
            raw.copy("corrections", 0, correction_id=number)
    raw.copy("corrections", 0, correction_id="8")
