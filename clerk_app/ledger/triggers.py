"""What the database refuses below the program: nothing settled is changed or deleted, by whatever tool."""

from __future__ import annotations

from dataclasses import dataclass

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
    tables.recoveries,
    tables.archives,
    tables.audit_keys,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that the database refuses, said once for every kind of database.

    Attributes:
        event: ``INSERT``, ``UPDATE``, ``UPDATE OF`` a column, or ``DELETE``.
        message: What whoever tried is told.
        condition: When it is refused, in SQL that both databases read, about the rows ``NEW`` and ``OLD``; always
            where it is empty.
    """

    name: str
    event: str
    table: str
    message: str
    condition: str = ""

    @property
    def sqlite(self) -> list[str]:
        """The rule in SQLite's words."""
        clause = f" WHEN {self.condition}" if self.condition else ""
        refusal = f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        return [f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table}{clause} {refusal}"]

    @property
    def postgresql(self) -> list[str]:
        """The rule in PostgreSQL's words: what is always refused is refused once a statement, the rest row by row."""
        if not self.condition:
            return [_refusing_trigger(self.name, self.event, self.table, self.message)]
        refusal = f"IF {self.condition} THEN {_raised(_quoted(self.message))}; END IF"
        row = "OLD" if self.event == "DELETE" else "NEW"
        trigger = f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW"
        return [
            _function(self.name, f"{refusal}; RETURN {row};"),
            f"{trigger} EXECUTE FUNCTION {self.name}()",
        ]


#: The function behind whatever PostgreSQL always refuses; its argument is the message.
_REFUSE = "refuse"


def _refusing_trigger(name: str, event: str, table: str, message: str) -> str:
    when = f"BEFORE {event} ON {table} FOR EACH STATEMENT"
    return f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {_REFUSE}({_quoted(message)})"


def _function(name: str, body: str) -> str:
    # With a path of its own: a session's temporary table `reversals` must not be taken for the ledger's.
    head = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp"
    return f"{head} AS $$\nBEGIN {body} END\n$$"


def _raised(message: str) -> str:
    return f"RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = {message}"


def _quoted(message: str) -> str:
    return f"'{message}'"


def _never_replaced(table: Table) -> Rule:
    """No REPLACE, which SQLite carries out as a delete that fires no trigger; PostgreSQL has none."""
    keys = [[column.name for column in table.primary_key.columns]]
    keys += sorted(
        [column.name for column in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    )
    same = " OR ".join("(" + " AND ".join(f"{name} = NEW.{name}" for name in key) + ")" for key in keys)
    exists = f"EXISTS (SELECT 1 FROM {table.name} WHERE {same})"  # noqa: S608 -- names of our own tables
    return Rule(f"{table.name}_no_replace", "INSERT", table.name, f"{table.name} are never changed", exists)


def _frozen(table: Table) -> list[Rule]:
    """No update and no delete."""
    name, message = table.name, f"{table.name} are never changed"
    return [Rule(f"{name}_no_{event.lower()}", event, name, message) for event in ("UPDATE", "DELETE")]


def _given(settlement: str) -> str:
    """What a settlement has been given or is being given: transfers that the bank has not refused, and deductions."""
    return (
        "(SELECT coalesce(sum(other.amount_fen), 0) FROM payments AS other"  # noqa: S608 -- words of our own, as below
        f" WHERE other.settlement_id = {settlement} AND NOT EXISTS"
        " (SELECT 1 FROM payment_results AS result WHERE result.list_number = other.list_number"
        f" AND result.position = other.position AND NOT result.is_paid)) + {_deducted(settlement)}"
    )


def _paid(settlement: str) -> str:
    """What has reached the person of a settlement: transfers that the bank has carried out, and deductions."""
    return (
        "(SELECT coalesce(sum(other.amount_fen), 0) FROM payments AS other, payment_results AS result"  # noqa: S608
        " WHERE result.list_number = other.list_number AND result.position = other.position AND result.is_paid"
        f" AND other.settlement_id = {settlement}) + {_deducted(settlement)}"
    )


def _deducted(settlement: str) -> str:
    """What was not paid out of a settlement because the person owed it for another one."""
    return (
        "(SELECT coalesce(sum(deduction.amount_fen), 0) FROM recoveries AS deduction"  # noqa: S608
        f" WHERE deduction.deducted_from = {settlement})"
    )


def _recovered(settlement: str) -> str:
    """What has come back of a settlement."""
    return (
        "(SELECT coalesce(sum(back.amount_fen), 0) FROM recoveries AS back"  # noqa: S608
        f" WHERE back.settlement_id = {settlement})"
    )


def _is_reversed(settlement: str) -> str:
    return f"EXISTS (SELECT 1 FROM reversals WHERE original_id = {settlement})"  # noqa: S608


def _stands(settlement: str) -> str:
    """What a settlement that is not reversed comes to, with its corrections."""
    return (
        f"(SELECT coalesce(sum(fund_fen), 0) FROM settlements WHERE settlement_id = {settlement} OR settlement_id IN"  # noqa: S608
        f" (SELECT correction_id FROM corrections WHERE original_id = {settlement}))"
    )


def _is_no_settlement(settlement: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM settlements WHERE settlement_id = {settlement} AND kind = 'settlement')"  # noqa: S608


_THIS, _OTHER = "NEW.settlement_id", "NEW.deducted_from"

#: What is refused, on every kind of database.
RULES: tuple[Rule, ...] = (
    *(rule for table in FROZEN for rule in _frozen(table)),
    Rule(
        "receipts_no_more",
        "INSERT",
        "receipts",
        "receipts are never added to a settlement",
        "NEW.position >= (SELECT receipt_count FROM settlements WHERE settlement_id = NEW.settlement_id)",
    ),
    Rule(
        "receipts_differences",
        "INSERT",
        "receipts",
        "differences stand in corrections alone",
        "(SELECT kind FROM settlements WHERE settlement_id = NEW.settlement_id) <> 'correction'"
        " AND NEW.total_fen = 0 AND (NEW.deductible_fen <> 0 OR NEW.fund_fen <> 0)",
    ),
    Rule(
        "receipts_corrected",
        "INSERT",
        "receipts",
        "a correction changes no paper",
        "(SELECT kind FROM settlements WHERE settlement_id = NEW.settlement_id) = 'correction'"
        " AND (NEW.total_fen <> 0 OR NEW.in_scope_fen <> 0)",
    ),
    Rule(
        "corrections_fit",
        "INSERT",
        "corrections",
        "a correction belongs to a standing settlement of the same person",
        "EXISTS (SELECT 1 FROM reversals WHERE original_id = NEW.original_id)"
        " OR NOT EXISTS (SELECT 1 FROM settlements AS original, settlements AS correction"
        " WHERE original.settlement_id = NEW.original_id AND correction.settlement_id = NEW.correction_id"
        " AND original.kind = 'settlement' AND correction.kind = 'correction'"
        " AND original.person_id = correction.person_id)",
    ),
    # The third net under the amounts: whatever was worked out, what is left of a settlement is a possible one.
    Rule(
        "corrections_within_bounds",
        "INSERT",
        "corrections",
        "corrections leave between nothing and the amount in scope",
        "(SELECT sum(fund_fen) < 0 OR sum(fund_fen) > sum(in_scope_fen)"
        " OR sum(account_fen) < 0 OR sum(account_fen) > sum(person_fen) FROM settlements"
        " WHERE settlement_id IN (NEW.original_id, NEW.correction_id) OR settlement_id IN"
        " (SELECT correction_id FROM corrections WHERE original_id = NEW.original_id))",
    ),
    Rule("bills_no_update", "UPDATE", "bills", "bills are never changed"),
    Rule(
        "bills_no_delete",
        "DELETE",
        "bills",
        "bills are released by a reversal alone",
        "NOT EXISTS (SELECT 1 FROM reversals WHERE original_id = OLD.settlement_id)",
    ),
    Rule(
        "counters_no_jump",
        "UPDATE",
        "counters",
        "counters go up by one",
        "NEW.last_number <> OLD.last_number + 1",
    ),
    Rule("counters_no_delete", "DELETE", "counters", "counters are never deleted"),
    Rule("accumulators_no_delete", "DELETE", "accumulators", "accumulators are never deleted"),
    Rule(
        "settlements_in_open_months",
        "INSERT",
        "settlements",
        "closed months stay as they are",
        "EXISTS (SELECT 1 FROM closed_months WHERE NEW.settled_at >= begins_at AND NEW.settled_at < ends_at)",
    ),
    Rule(
        "audit_in_sequence",
        "INSERT",
        "audit",
        "audit are never changed: a row follows the last",
        "NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit)",
    ),
    Rule("users_no_delete", "DELETE", "users", "users are never deleted"),
    Rule("sign_in_attempts_no_delete", "DELETE", "sign_in_attempts", "attempts are never deleted"),
    Rule(
        "payments_reviewed",
        "INSERT",
        "payments",
        "only what a second person has passed is paid",
        "NOT EXISTS (SELECT 1 FROM reviews WHERE settlement_id = NEW.settlement_id AND has_passed)",
    ),
    # The last net under a double payment: whatever the program above worked out.
    Rule(
        "payments_within_settlement",
        "INSERT",
        "payments",
        "no more is paid than what stands",
        f"{_is_reversed(_THIS)} OR NEW.amount_fen + {_given(_THIS)} - {_recovered(_THIS)} > {_stands(_THIS)}",
    ),
    # As much as was paid and no longer stands, less what came back before.
    Rule(
        "recoveries_within_payments",
        "INSERT",
        "recoveries",
        "no more comes back than is open",
        f"NEW.amount_fen > 0 AND ({_is_no_settlement(_THIS)} OR NEW.amount_fen + {_recovered(_THIS)}"
        f" > {_paid(_THIS)} - (CASE WHEN {_is_reversed(_THIS)} THEN 0 ELSE {_stands(_THIS)} END))",
    ),
    Rule(
        "recoveries_deducted",
        "INSERT",
        "recoveries",
        "a deduction lessens what the same person is still to be paid",
        f"NEW.amount_fen > 0 AND {_OTHER} IS NOT NULL AND ({_is_no_settlement(_OTHER)} OR {_is_reversed(_OTHER)}"  # noqa: S608 -- as above
        " OR NOT EXISTS (SELECT 1 FROM reviews WHERE settlement_id = NEW.deducted_from AND has_passed)"
        " OR (SELECT person_id FROM settlements WHERE settlement_id = NEW.deducted_from)"
        " <> (SELECT person_id FROM settlements WHERE settlement_id = NEW.settlement_id)"
        f" OR NEW.amount_fen + {_given(_OTHER)} - {_recovered(_OTHER)} > {_stands(_OTHER)})",
    ),
    Rule(
        "recoveries_cancelled",
        "INSERT",
        "recoveries",
        "what takes an entry back is its mirror",
        "NEW.cancels IS NOT NULL AND NOT EXISTS (SELECT 1 FROM recoveries AS entry"
        " WHERE entry.recovery_number = NEW.cancels AND entry.cancels IS NULL"
        " AND entry.settlement_id = NEW.settlement_id AND entry.amount_fen = -NEW.amount_fen"
        " AND entry.way = NEW.way AND coalesce(entry.deducted_from, 0) = coalesce(NEW.deducted_from, 0))",
    ),
    # What was deducted from a settlement may itself have come back since; then it was not owed.
    Rule(
        "recoveries_not_spent",
        "INSERT",
        "recoveries",
        "a deduction that has come back itself stays",
        f"NEW.amount_fen < 0 AND {_OTHER} IS NOT NULL AND {_recovered(_OTHER)} > {_paid(_OTHER)} + NEW.amount_fen",
    ),
    Rule(
        "reviews_of_the_clerk",
        "INSERT",
        "reviews",
        "a review names who settled",
        "NEW.clerk <> (SELECT clerk FROM settlements WHERE settlement_id = NEW.settlement_id)",
    ),
    Rule(
        "payee_accounts_confirmed",
        "INSERT",
        "payee_accounts",
        "a changed account has a second person",
        "NEW.confirmed_by IS NULL AND (NEW.settlement_id IS NOT NULL"
        " OR EXISTS (SELECT 1 FROM payee_accounts WHERE person_id = NEW.person_id))",
    ),
    Rule("claims_no_delete", "DELETE", "claims", "claims are never deleted"),
    Rule(
        "claims_end",
        "UPDATE OF state",
        "claims",
        "a claim that has ended stays so",
        "OLD.state IN ('settled', 'withdrawn') AND NEW.state <> OLD.state",
    ),
)

#: SQLite's alone: the tables in which a row must not be replaced by another one under its key.
_REPLACES = tuple(_never_replaced(table) for table in (*FROZEN, tables.bills))

#: PostgreSQL's alone: TRUNCATE, which fires no trigger for rows. It is refused for every table: what may be corrected
#: is corrected row by row.
_NEVER_EMPTIED = [
    _refusing_trigger(f"{table.name}_no_truncate", "TRUNCATE", table.name, f"{table.name} are never emptied")
    for table in tables.metadata.sorted_tables
]

#: The functions that PostgreSQL's triggers call.
FUNCTIONS = (_REFUSE, *(rule.name for rule in RULES if rule.condition))

#: Dialect → the statements that make the triggers.
STATEMENTS: dict[str, list[str]] = {
    "sqlite": [statement for rule in (*RULES, *_REPLACES) for statement in rule.sqlite],
    "postgresql": [
        _function(_REFUSE, f"{_raised('TG_ARGV[0]')};"),
        *(statement for rule in RULES for statement in rule.postgresql),
        *_NEVER_EMPTIED,
    ],
}
