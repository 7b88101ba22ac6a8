"""What the database refuses below the program: nothing settled is changed or deleted, by whatever tool."""

from __future__ import annotations

from sqlalchemy import Table, UniqueConstraint

from clerk_app.ledger import tables

#: Tables whose rows stay as they were written.
FROZEN = (
    tables.settlements,
    tables.receipts,
    tables.pool_entries,
    tables.year_totals,
    tables.reversals,
    tables.corrections,
    tables.prints,
    tables.office,
    tables.audit,
    tables.closed_months,
    tables.reviews,
    tables.payee_accounts,
    tables.payment_lists,
    tables.payments,
    tables.payment_results,
    tables.archives,
    tables.audit_keys,
)


def _refusal(name: str, when: str, message: str, condition: str = "") -> str:
    clause = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {when}{clause} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _frozen(table: Table) -> list[str]:
    """No update, no delete, and no REPLACE, which SQLite carries out as a delete that fires no trigger."""
    keys = [[column.name for column in table.primary_key.columns]]
    keys += sorted(
        [column.name for column in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    )
    same = " OR ".join("(" + " AND ".join(f"{name} = NEW.{name}" for name in key) + ")" for key in keys)
    exists = f"EXISTS (SELECT 1 FROM {table.name} WHERE {same})"  # noqa: S608 -- names of our own tables
    message = f"{table.name} are never changed"
    return [
        _refusal(f"{table.name}_no_update", f"UPDATE ON {table.name}", message),
        _refusal(f"{table.name}_no_delete", f"DELETE ON {table.name}", message),
        _refusal(f"{table.name}_no_replace", f"INSERT ON {table.name}", message, exists),
    ]


#: Table → its triggers, in SQLite's words.
STATEMENTS: dict[str, list[str]] = {table.name: _frozen(table) for table in FROZEN}
STATEMENTS["receipts"].append(
    _refusal(
        "receipts_no_more",
        "INSERT ON receipts",
        "receipts are never added to a settlement",
        "NEW.position >= (SELECT receipt_count FROM settlements WHERE settlement_id = NEW.settlement_id)",
    )
)
STATEMENTS["receipts"].append(
    _refusal(
        "receipts_differences",
        "INSERT ON receipts",
        "differences stand in corrections alone",
        "(SELECT kind FROM settlements WHERE settlement_id = NEW.settlement_id) <> 'correction'"
        " AND NEW.total_fen = 0 AND (NEW.deductible_fen <> 0 OR NEW.fund_fen <> 0)",
    )
)
STATEMENTS["receipts"].append(
    _refusal(
        "receipts_corrected",
        "INSERT ON receipts",
        "a correction changes no paper",
        "(SELECT kind FROM settlements WHERE settlement_id = NEW.settlement_id) = 'correction'"
        " AND (NEW.total_fen <> 0 OR NEW.in_scope_fen <> 0)",
    )
)
STATEMENTS["corrections"] += [
    _refusal(
        "corrections_fit",
        "INSERT ON corrections",
        "a correction belongs to a standing settlement of the same person",
        "EXISTS (SELECT 1 FROM reversals WHERE original_id = NEW.original_id)"
        " OR NOT EXISTS (SELECT 1 FROM settlements AS original, settlements AS correction"
        " WHERE original.settlement_id = NEW.original_id AND correction.settlement_id = NEW.correction_id"
        " AND original.kind = 'settlement' AND correction.kind = 'correction'"
        " AND original.person_id = correction.person_id)",
    ),
    # The third net under the amounts: whatever was worked out, what is left of a settlement is a possible one.
    _refusal(
        "corrections_within_bounds",
        "INSERT ON corrections",
        "corrections leave between nothing and the amount in scope",
        "(SELECT sum(fund_fen) < 0 OR sum(fund_fen) > sum(in_scope_fen)"
        " OR sum(account_fen) < 0 OR sum(account_fen) > sum(person_fen) FROM settlements"
        " WHERE settlement_id IN (NEW.original_id, NEW.correction_id) OR settlement_id IN"
        " (SELECT correction_id FROM corrections WHERE original_id = NEW.original_id))",
    ),
]
STATEMENTS["bills"] = [
    _refusal("bills_no_update", "UPDATE ON bills", "bills are never changed"),
    _refusal(
        "bills_no_delete",
        "DELETE ON bills",
        "bills are released by a reversal alone",
        "NOT EXISTS (SELECT 1 FROM reversals WHERE original_id = OLD.settlement_id)",
    ),
    _refusal(
        "bills_no_replace",
        "INSERT ON bills",
        "bills are never changed",
        "EXISTS (SELECT 1 FROM bills WHERE bill_key = NEW.bill_key)",
    ),
]
STATEMENTS["counters"] = [
    _refusal(
        "counters_no_jump",
        "UPDATE ON counters",
        "counters go up by one",
        "NEW.last_number <> OLD.last_number + 1",
    ),
    _refusal("counters_no_delete", "DELETE ON counters", "counters are never deleted"),
]
STATEMENTS["accumulators"] = [
    _refusal("accumulators_no_delete", "DELETE ON accumulators", "accumulators are never deleted"),
]
STATEMENTS["settlements"].append(
    _refusal(
        "settlements_in_open_months",
        "INSERT ON settlements",
        "closed months stay as they are",
        "EXISTS (SELECT 1 FROM closed_months WHERE NEW.settled_at >= begins_at AND NEW.settled_at < ends_at)",
    )
)
STATEMENTS["audit"].append(
    _refusal(
        "audit_in_sequence",
        "INSERT ON audit",
        "audit are never changed: a row follows the last",
        "NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit)",
    )
)
STATEMENTS["users"] = [_refusal("users_no_delete", "DELETE ON users", "users are never deleted")]
STATEMENTS["sign_in_attempts"] = [
    _refusal("sign_in_attempts_no_delete", "DELETE ON sign_in_attempts", "attempts are never deleted")
]

_NOT_FAILED = (
    "FROM payments AS other WHERE other.settlement_id = NEW.settlement_id AND NOT EXISTS"
    " (SELECT 1 FROM payment_results AS result WHERE result.list_number = other.list_number"
    " AND result.position = other.position AND NOT result.is_paid)"
)
STATEMENTS["payments"] += [
    _refusal(
        "payments_reviewed",
        "INSERT ON payments",
        "only what a second person has passed is paid",
        "NOT EXISTS (SELECT 1 FROM reviews WHERE settlement_id = NEW.settlement_id AND has_passed)",
    ),
    # The last net under a double payment: whatever the program above worked out.
    _refusal(
        "payments_within_settlement",
        "INSERT ON payments",
        "no more is paid than what stands",
        "EXISTS (SELECT 1 FROM reversals WHERE original_id = NEW.settlement_id)"  # noqa: S608 -- as above
        f" OR NEW.amount_fen + (SELECT coalesce(sum(other.amount_fen), 0) {_NOT_FAILED})"
        " > (SELECT sum(fund_fen) FROM settlements WHERE settlement_id = NEW.settlement_id OR settlement_id IN"
        " (SELECT correction_id FROM corrections WHERE original_id = NEW.settlement_id))",
    ),
]
STATEMENTS["reviews"].append(
    _refusal(
        "reviews_of_the_clerk",
        "INSERT ON reviews",
        "a review names who settled",
        "NEW.clerk <> (SELECT clerk FROM settlements WHERE settlement_id = NEW.settlement_id)",
    )
)
STATEMENTS["payee_accounts"].append(
    _refusal(
        "payee_accounts_confirmed",
        "INSERT ON payee_accounts",
        "a changed account has a second person",
        "NEW.confirmed_by IS NULL AND EXISTS (SELECT 1 FROM payee_accounts WHERE person_id = NEW.person_id)",
    )
)
STATEMENTS["claims"] = [
    _refusal("claims_no_delete", "DELETE ON claims", "claims are never deleted"),
    _refusal(
        "claims_end",
        "UPDATE OF state ON claims",
        "a claim that has ended stays so",
        "OLD.state IN ('settled', 'withdrawn') AND NEW.state <> OLD.state",
    ),
]
