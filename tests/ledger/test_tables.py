"""Every CHECK and every unique column of the tables refuses what it is there for, with no trigger before it."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlcipher3 import dbapi2 as sqlite3

from clerk_app.ledger.tables import metadata
from tests.ledger.server import Server
from tests.ledger.test_triggers import REFUSED, Raw, fill

#: CHECK → a statement that breaks it and no other, in a ledger in which every kind of record stands.
WRONG: dict[str, str] = {
    "ck_audit_action": "UPDATE audit SET action = 'gift' WHERE sequence = 1",
    "ck_audit_sequence": "UPDATE audit SET sequence = 0 WHERE sequence = 1",
    "ck_closed_months_month": "UPDATE closed_months SET month = 13",
    "ck_counters_last_number": "UPDATE counters SET last_number = 0",
    "ck_office_row": 'UPDATE office SET "row" = 2',
    "ck_payment_lists_amounts": "UPDATE payment_lists SET total_fen = 0",
    "ck_persons_id_key": "UPDATE persons SET id_key = '' WHERE person_id = 1",
    "ck_persons_insurance": "UPDATE persons SET insurance = 'both'",
    "ck_persons_status": "UPDATE persons SET status = 'gone'",
    "ck_users_name": "UPDATE users SET name = '' WHERE login = 'li'",
    "ck_users_role": "UPDATE users SET role = 'owner' WHERE login = 'li'",
    "ck_accumulators_amounts": "UPDATE accumulators SET deductible_fen = -1",
    "ck_accumulators_cap": "UPDATE accumulators SET fund_fen = fund_limit_fen + 1",
    "ck_conditions_benefit": "INSERT INTO conditions VALUES (1, 0, 'M01600', 'gift', '2023-01-02', NULL)",
    "ck_conditions_period": "INSERT INTO conditions VALUES (1, 0, 'M01600', 'chronic', '2023-01-02', '2023-01-01')",
    "ck_coverage_period": "INSERT INTO coverage VALUES (1, 0, '2023-01-02', '2023-01-01')",
    "ck_filings_category": "UPDATE filings SET category = 'gift'",
    "ck_filings_period": "UPDATE filings SET ends_on = '2000-01-01'",
    "ck_prior_benefits_amounts": "UPDATE prior_benefits SET fund_fen = -1",
    "ck_prior_benefits_benefit": "UPDATE prior_benefits SET benefit = 'gift'",
    "ck_settlements_account": "UPDATE settlements SET account_payer = 'self' WHERE settlement_id = 1",
    "ck_settlements_account_payer": (
        "UPDATE settlements SET account_payer = 'friend', account_fen = 1 WHERE settlement_id = 1"
    ),
    "ck_settlements_amounts": (
        "UPDATE settlements SET fund_fen = in_scope_fen + 1, person_fen = -1 WHERE settlement_id = 1"
    ),
    "ck_settlements_clerk": "UPDATE settlements SET clerk = '' WHERE settlement_id = 1",
    # Of another kind no amounts are right either: whichever is asked first refuses it.
    "ck_settlements_kind": "UPDATE settlements SET kind = 'gift' WHERE settlement_id = 1",
    "ck_settlements_person": "UPDATE settlements SET person_fen = person_fen - 1 WHERE settlement_id = 1",
    "ck_settlements_receipt_count": "UPDATE settlements SET receipt_count = 0 WHERE settlement_id = 1",
    "ck_settlements_review": "UPDATE settlements SET reviewer = '赵' WHERE settlement_id = 2",
    "ck_settlements_reviewer": (
        "UPDATE settlements SET reviewer = clerk, review_reason = '已核' WHERE settlement_id = 1"
    ),
    "ck_stays_period": "INSERT INTO stays VALUES (1, 0, '2023-01-02', '2023-01-01')",
    "ck_archives_box": "UPDATE archives SET box = ''",
    "ck_claims_lease": "UPDATE claims SET lease_login = 'li', lease_until = NULL",
    "ck_claims_note": "UPDATE claims SET note = ''",
    "ck_claims_settled": "UPDATE claims SET state = 'settled'",
    "ck_claims_state": "UPDATE claims SET state = 'gone'",
    "ck_corrections_order": "UPDATE corrections SET original_id = correction_id",
    "ck_corrections_reason": "UPDATE corrections SET reason = ''",
    "ck_open_settlements_stage": "UPDATE open_settlements SET stage = 'gone'",
    "ck_payee_accounts_account": "UPDATE payee_accounts SET account = ''",
    "ck_payee_accounts_confirmed_by": "UPDATE payee_accounts SET confirmed_by = entered_by",
    "ck_payments_amount": "UPDATE payments SET amount_fen = 0",
    "ck_prints_reprint": "UPDATE prints SET reprint = -1",
    "ck_receipts_amounts": "UPDATE receipts SET over_cap_fen = -1 WHERE settlement_id = 1",
    "ck_receipts_benefit": "UPDATE receipts SET benefit = 'gift' WHERE settlement_id = 1",
    "ck_receipts_decision": "UPDATE receipts SET decision = 'review' WHERE settlement_id = 2",
    "ck_receipts_person": "UPDATE receipts SET person_fen = person_fen - 1 WHERE settlement_id = 1",
    "ck_receipts_ratio": "UPDATE receipts SET ratio_bp = 10001 WHERE settlement_id = 1",
    "ck_receipts_refused": "UPDATE receipts SET decision = 'refuse' WHERE settlement_id = 1",
    "ck_receipts_status": "UPDATE receipts SET status = 'gone' WHERE settlement_id = 1",
    "ck_receipts_tier": "UPDATE receipts SET institution_tier = 4 WHERE settlement_id = 1",
    "ck_receipts_total": "UPDATE receipts SET self_funded_fen = 1 WHERE settlement_id = 1",
    "ck_recoveries_amount": "UPDATE recoveries SET amount_fen = 0 WHERE cancels IS NULL",
    "ck_recoveries_deducted_from": "UPDATE recoveries SET deducted_from = 4",
    "ck_recoveries_document_number": "UPDATE recoveries SET document_number = ''",
    "ck_recoveries_note": "UPDATE recoveries SET note = ''",
    "ck_recoveries_other": "UPDATE recoveries SET way = 'deduction', deducted_from = settlement_id",
    "ck_recoveries_received_on": "UPDATE recoveries SET received_on = '2999-01-01'",
    "ck_recoveries_recorded_by": "UPDATE recoveries SET recorded_by = ''",
    "ck_recoveries_way": "UPDATE recoveries SET way = 'gift'",
    "ck_reversals_order": "UPDATE reversals SET original_id = reversal_id",
    "ck_reversals_reason": "UPDATE reversals SET reason = ''",
    "ck_reviews_note": "UPDATE reviews SET has_passed = false, note = ''",
    "ck_reviews_reviewer": "UPDATE reviews SET reviewer = clerk",
    "ck_year_totals_benefit": "UPDATE year_totals SET benefit = 'gift'",
    "ck_payment_results_reason": "UPDATE payment_results SET is_paid = false",
}

#: A unique column that has no second row yet → what the second is made of.
SECOND: dict[str, tuple[str, int, dict[str, str]]] = {
    "audit.code": ("audit", 0, {"sequence": "1000"}),
    "persons.id_key": ("persons", 0, {"person_id": "99"}),
    "users.name": ("users", 0, {"login": "'new'"}),
    **{
        f"settlements.{column}": (
            "settlements",
            0,
            {
                "settlement_id": "99",
                **{other: "'new'" for other in ("act_key", "voucher_number") if other != column},
                **({} if column == "audit_sequence" else {"audit_sequence": "999"}),
            },
        )
        for column in ("act_key", "audit_sequence", "voucher_number")
    },
    "claims.acceptance_number": ("claims", 0, {"claim_id": "99", "act_key": "'new'"}),
    "claims.act_key": ("claims", 0, {"claim_id": "99", "acceptance_number": "'new'"}),
    "claims.settlement_id": (
        "claims",
        0,
        {
            "claim_id": "99",
            "act_key": "'new'",
            "acceptance_number": "'new'",
            "state": "'settled'",
            "settlement_id": "4",
        },
    ),
    "recoveries.act_key": ("recoveries", 0, {"recovery_number": "'new'"}),
    "recoveries.cancels": ("recoveries", 2, {"recovery_number": "'new'", "act_key": "'new'"}),
    "reversals.original_id": ("reversals", 0, {"reversal_id": "4"}),
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which every kind of record stands, without triggers."""
    path = tmp_path_factory.mktemp("filled") / "ledger.db"
    fill(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        add_settled_claim(Raw(path))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def unwatched(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Raw]:
    """A plain connection to such a ledger; no trigger fires and no reference is looked at."""
    if request.param == "sqlite":
        raw = Raw(shutil.copy(request.getfixturevalue("filled"), tmp_path / "ledger.db"))
        with contextlib.closing(raw.connection):
            yield raw
        return
    server: Server = request.getfixturevalue("server")
    name = server.new_database()
    fill(server.url(name))
    raw = Raw(server.url(name))
    with contextlib.closing(raw.connection):
        raw.execute("SET session_replication_role = replica")
        add_settled_claim(raw)
        yield raw
    server.drop(name)


def add_settled_claim(raw: Raw) -> None:
    raw.copy("claims", 0, claim_id="98", act_key="'k'", acceptance_number="'a'", state="'settled'", settlement_id="4")


def refusal_of(raw: Raw, statement: str) -> str:
    """What the database says; a statement that is let through is taken back."""
    raw.execute("BEGIN")
    try:
        raw.execute(statement)
    except REFUSED as error:
        return str(error)
    else:
        return ""
    finally:
        raw.execute("ROLLBACK")


def names(kind: type[CheckConstraint] | type[UniqueConstraint]) -> set[str]:
    constraints = [each for table in metadata.sorted_tables for each in table.constraints if isinstance(each, kind)]
    if kind is CheckConstraint:
        return {str(each.name) for each in constraints}
    return {f"{each.table.name}.{'+'.join(column.name for column in each.columns)}" for each in constraints}


def test_every_check_of_the_tables_refuses_what_it_is_there_for(unwatched: Raw) -> None:
    assert names(CheckConstraint) == WRONG.keys(), "every CHECK is tried"
    let_through = {}
    for name, statement in WRONG.items():
        said = refusal_of(unwatched, statement)
        refusing = {name, "ck_settlements_amounts"} if name == "ck_settlements_kind" else {name}
        if not refusing & set(said.replace('"', " ").split()):
            let_through[name] = said
    assert let_through == {}


def test_every_unique_column_refuses_a_second_row(unwatched: Raw) -> None:
    assert names(UniqueConstraint) == SECOND.keys(), "every unique column is tried"
    let_through = {}
    for name, (table, row, changes) in SECOND.items():
        said = refusal_of(unwatched, unwatched.copying(table, row, **changes))
        if name not in said and f"uq_{name.replace('.', '_')}" not in said:
            let_through[name] = said
    assert let_through == {}
