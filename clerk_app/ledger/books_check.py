"""Hold the books against each other: numbers, sums, what is used up, bills, links and closed months.

Every statement is plain SQL that both databases know; the long tables are read once, in the order of their keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from clerk_app.codes import Action
from clerk_app.jobs import Progress
from clerk_app.ledger import months, raw
from clerk_app.ledger.audit import stored
from clerk_app.ledger.numbers_check import Numbers
from clerk_app.ledger.records import SettlementKind
from clerk_app.ledger.rows import further
from clerk_app.ledger.soundness import Findings

_CHUNK = 2000

#: Acts that make a numbered record → the kinds that they make.
_KINDS = {
    Action.SETTLE.value: (SettlementKind.SETTLEMENT.value, SettlementKind.REFUSAL.value),
    Action.REVERSE.value: (SettlementKind.REVERSAL.value,),
    Action.CORRECT.value: (SettlementKind.CORRECTION.value,),
}
_ACTION_OF_KIND = (
    "CASE s.kind "
    + " ".join(f"WHEN '{kind}' THEN '{action}'" for action, kinds in _KINDS.items() for kind in kinds)
    + " END"
)
_RECORDING = ", ".join(f"'{action}'" for action in _KINDS)
_WITH_BILLS = _KINDS[Action.SETTLE.value]

_NUMBERED = """
SELECT s.settlement_id, s.voucher_number, s.kind, s.acceptance_number, s.receipt_count, c.acceptance_number
FROM settlements AS s LEFT JOIN claims AS c ON c.settlement_id = s.settlement_id
WHERE s.settlement_id > {after} ORDER BY s.settlement_id LIMIT {limit}
"""
#: What an act told when it made a record; a fact that was changed there breaks the chain.
_UNTOLD = f"""
SELECT s.voucher_number, a.sequence FROM settlements AS s LEFT JOIN audit AS a ON a.sequence = s.audit_sequence
WHERE s.settlement_id BETWEEN {{first}} AND {{last}} AND (a.sequence IS NULL OR a.subject <> s.voucher_number
   OR a.at <> s.settled_at OR a.action <> {_ACTION_OF_KIND}
   OR substr(a.content, 1, 300) NOT LIKE '{{{{"kind":"' || s.kind || '","total_fen":' || s.total_fen
      || ',"fund_fen":' || s.fund_fen || ',"original":%')
"""  # noqa: S608 -- made of our own words
_SUMS = """
SELECT s.voucher_number FROM settlements AS s WHERE s.settlement_id BETWEEN {first} AND {last}
  AND (s.receipt_count, s.total_fen, s.in_scope_fen, s.fund_fen, s.person_fen) <>
      (SELECT count(*), coalesce(sum(r.total_fen), 0), coalesce(sum(r.in_scope_fen), 0),
              coalesce(sum(r.fund_fen), 0), coalesce(sum(r.person_fen), 0)
       FROM receipts AS r WHERE r.settlement_id = s.settlement_id)
"""
#: A standing record holds a bill for each receipt; any other holds none.
_HELD = """
SELECT s.settlement_id, s.voucher_number, v.reversal_id IS NULL AND s.kind IN ('settlement', 'refusal')
FROM settlements AS s LEFT JOIN reversals AS v ON v.original_id = s.settlement_id
WHERE s.settlement_id BETWEEN {first} AND {last}
  AND (SELECT count(*) FROM bills AS b WHERE b.settlement_id = s.settlement_id)
      <> CASE WHEN v.reversal_id IS NULL AND s.kind IN ('settlement', 'refusal') THEN s.receipt_count ELSE 0 END
"""
#: Receipts of a record whose bills it does not hold, though it paid them, or nobody else held them at the time.
_UNHELD = """
SELECT r.position FROM receipts AS r WHERE r.settlement_id = {this:d}
  AND NOT EXISTS (SELECT 1 FROM bills AS b WHERE b.bill_key = r.bill_key AND b.settlement_id = r.settlement_id)
  AND (r.decision <> 'refuse' OR NOT EXISTS (SELECT 1 FROM receipts AS e
      JOIN settlements AS s ON s.settlement_id = e.settlement_id
      LEFT JOIN reversals AS v ON v.original_id = e.settlement_id
      WHERE e.bill_key = r.bill_key AND e.settlement_id < {this:d} AND s.kind IN ('settlement', 'refusal')
        AND (v.reversal_id IS NULL OR v.reversal_id > {this:d})))
"""


class BooksCheck:
    """One reading of the books.

    Attributes:
        counted: How many records, receipts and bills were read.
    """

    def __init__(self, connection: Connection, found: Findings) -> None:
        self._connection = connection
        self._found = found
        self._numbers = Numbers(connection, found)
        self._receipts_of_records = 0
        self.counted = {"settlements": 0, "receipts": 0, "bills": 0}

    def check(self, progress: Progress) -> None:
        """Add what is wrong to the findings.

        Raises:
            Cancelled: As asked.
        """
        self._check_records(progress)
        self._check_numbers()
        self._check_loose_rows()
        self._check_accumulators(progress)
        self._check_links()
        self._check_payments()
        self._check_months()

    def _rows(self, statement: str) -> Iterator[tuple[Any, ...]]:
        return raw.rows(self._connection, statement)

    # --- Records with their receipts and bills ------------------------------------------------------------------

    def _check_records(self, progress: Progress) -> None:
        total = int(raw.one(self._connection, "SELECT coalesce(max(settlement_id), 0) FROM settlements") or 0)
        after = 0
        while piece := list(self._rows(_NUMBERED.format(after=after, limit=_CHUNK))):
            reached = further(after, piece[-1][0])
            bounds = {"first": after + 1, "last": reached}
            for _settlement_id, voucher, kind, acceptance, count, accepted in piece:
                self._numbers.see("voucher", voucher)
                if accepted is None and kind in _WITH_BILLS:
                    self._numbers.see("acceptance", acceptance)
                elif accepted not in (None, acceptance):
                    self._found.add("verify_acceptance_differs", voucher=voucher)
                self._receipts_of_records += count
            self.counted["settlements"] += len(piece)
            self._check_piece(bounds)
            after = reached
            progress.step(after, max(total, after))

    def _check_piece(self, bounds: Mapping[str, int]) -> None:
        """What the acts told, what the receipts come to, and which bills are held."""
        for voucher, sequence in self._rows(_UNTOLD.format(**bounds)):
            is_known = sequence is not None
            self._found.add("verify_audit_tells_other" if is_known else "verify_record_without_audit", voucher=voucher)
        for (voucher,) in self._rows(_SUMS.format(**bounds)):
            self._found.add("verify_sums_differ", voucher=voucher)
        for settlement_id, voucher, holds in self._rows(_HELD.format(**bounds)):
            if not holds:
                self._found.add("verify_bill_without_receipt", voucher=voucher)
                continue
            for (position,) in self._rows(_UNHELD.format(this=settlement_id)):
                self._found.add("verify_bill_not_held", voucher=voucher, row=f"{settlement_id}.{position}")

    def _check_numbers(self) -> None:
        """Those that no record shows: of claims that are not settled (yet), of payment lists and of money back."""
        for (number,) in self._rows("SELECT acceptance_number FROM claims"):
            self._numbers.see("acceptance", number)
        for (number,) in self._rows("SELECT list_number FROM payment_lists"):
            self._numbers.see("payment", number)
        for (number,) in self._rows("SELECT recovery_number FROM recoveries"):
            self._numbers.see("recovery", number)
        self._numbers.finish()

    # --- What hangs in the air ----------------------------------------------------------------------------------

    def _check_loose_rows(self) -> None:
        for table in ("receipts", "bills"):
            self.counted[table] = int(raw.one(self._connection, f"SELECT count(*) FROM {table}") or 0)  # noqa: S608
        # Where the sums agree, the records account for so many receipts; more hang in the air.
        if self.counted["receipts"] != self._receipts_of_records:
            loose = (
                "SELECT DISTINCT settlement_id FROM receipts AS t WHERE NOT EXISTS"
                " (SELECT 1 FROM settlements AS s WHERE s.settlement_id = t.settlement_id)"
            )
            for (settlement_id,) in self._rows(loose):
                self._found.add("verify_row_loose", table="receipts", row=settlement_id)
        unread = (
            "SELECT b.settlement_id, (SELECT voucher_number FROM settlements AS s"
            " WHERE s.settlement_id = b.settlement_id) FROM bills AS b WHERE NOT EXISTS"
            " (SELECT 1 FROM receipts AS r WHERE r.settlement_id = b.settlement_id AND r.bill_key = b.bill_key)"
        )
        for settlement_id, voucher in self._rows(unread):
            if voucher is None:
                self._found.add("verify_row_loose", table="bills", row=settlement_id)
            else:
                self._found.add("verify_bill_without_receipt", voucher=voucher)
        untold = (
            f"SELECT a.sequence, a.subject FROM audit AS a WHERE a.action IN ({_RECORDING}) AND NOT EXISTS"  # noqa: S608 -- ours
            " (SELECT 1 FROM settlements AS s WHERE s.audit_sequence = a.sequence)"
        )
        for sequence, subject in self._rows(untold):
            self._found.add("verify_record_missing", voucher=subject, sequence=sequence)

    # --- What persons have used ---------------------------------------------------------------------------------

    def _check_accumulators(self, progress: Progress) -> None:
        # A piece at a time, for the database sorts it in memory; pieces end with a number that is there.
        after = -_LAST_NUMBER
        while after < _LAST_NUMBER:
            progress.step(100, 100)
            ids = f"SELECT DISTINCT person_id FROM accumulators WHERE person_id > {after} ORDER BY person_id"  # noqa: S608 -- ours
            piece = f"SELECT count(*), max(person_id) FROM ({ids} LIMIT {_PERSONS_AT_ONCE}) AS piece"  # noqa: S608 -- ours
            count, end = next(self._rows(piece))
            last = further(after, end) if count == _PERSONS_AT_ONCE else _LAST_NUMBER
            for person_id, year, pool in self._rows(_USED.format(of_piece=f"BETWEEN {after + 1} AND {last}")):
                self._found.add("verify_accumulator_differs", row=f"{person_id}.{year}.{pool}")
            after = last
        passed = (
            "SELECT person_id, year, pool FROM accumulators"
            " WHERE fund_fen > fund_limit_fen OR fund_fen < 0 OR deductible_fen < 0"
        )
        for person_id, year, pool in self._rows(passed):
            self._found.add("verify_limit_passed", row=f"{person_id}.{year}.{pool}")

    # --- Reversals and corrections ------------------------------------------------------------------------------

    def _check_links(self) -> None:
        for voucher, kind in self._rows(_LINKLESS):
            self._found.add(f"verify_{kind}_link", voucher=voucher)
        for voucher, reversal_id in self._rows(_WRONG_REVERSALS):
            self._found.add("verify_reversal_link", voucher=voucher or f"#{reversal_id}")
        for voucher, correction_id in self._rows(_WRONG_CORRECTIONS):
            self._found.add("verify_correction_link", voucher=voucher or f"#{correction_id}")

    def _check_payments(self) -> None:
        for (number,) in self._rows(_WRONG_LISTS):
            self._found.add("verify_payment_list", number=number)
        for statement in (_OVERPAID, _OVERDEDUCTED):
            for (voucher,) in self._rows(statement):
                self._found.add("verify_overpaid", voucher=voucher)
        for (voucher,) in self._rows(_OVERRECOVERED):
            self._found.add("verify_recovered", voucher=voucher)
        for (number,) in self._rows(_WRONG_RECOVERIES):
            self._found.add("verify_recovery", number=number)

    # --- Closed months ------------------------------------------------------------------------------------------

    def _check_months(self) -> None:
        told: dict[str, Mapping[str, object]] = {}
        query = f"SELECT subject, content FROM audit WHERE action = '{Action.CLOSE_MONTH.value}'"  # noqa: S608 -- ours
        for subject, content in self._rows(query):
            told[subject] = _facts(content)
        for year, month, begins_at, ends_at in self._rows("SELECT year, month, begins_at, ends_at FROM closed_months"):
            if year not in range(1, 9999) or month not in range(1, 13):
                self._found.add("verify_month_differs", month=f"{year}-{month}")
                continue
            name = f"{year}-{month:02d}"
            facts = told.pop(name, None)
            bounds = tuple(map(stored, months.bounds(year, month)))
            if facts is None or (stored(begins_at), stored(ends_at)) != bounds:
                self._found.add("verify_month_differs", month=name)
                continue
            count = raw.one(
                self._connection,
                f"SELECT count(*) FROM settlements WHERE settled_at >= '{bounds[0]}' AND settled_at < '{bounds[1]}'",  # noqa: S608 -- two times
            )
            if count != facts.get("records"):
                self._found.add("verify_month_differs", month=name)
        for name in told:
            self._found.add("verify_month_differs", month=name)


_PERSONS_AT_ONCE = 50_000
_LAST_NUMBER = 2**63 - 1

_USED = """
SELECT person_id, year, pool FROM (
    SELECT s.person_id AS person_id, p.year AS year, p.pool AS pool, p.deductible_fen AS deductible_fen,
           p.fund_fen AS fund_fen
    FROM settlements AS s JOIN pool_entries AS p ON p.settlement_id = s.settlement_id WHERE s.person_id {of_piece}
    UNION ALL
    SELECT person_id, year, pool, -deductible_fen, -fund_fen FROM accumulators WHERE person_id {of_piece}
) AS used GROUP BY person_id, year, pool HAVING sum(deductible_fen) <> 0 OR sum(fund_fen) <> 0
"""
#: A mirror takes back what its original and the corrections before it left, once, of the same person.
_WRONG_REVERSALS = """
SELECT m.voucher_number, r.reversal_id FROM reversals AS r
LEFT JOIN settlements AS m ON m.settlement_id = r.reversal_id
LEFT JOIN settlements AS o ON o.settlement_id = r.original_id
WHERE m.settlement_id IS NULL OR o.settlement_id IS NULL OR m.kind <> 'reversal'
   OR o.kind NOT IN ('settlement', 'refusal') OR m.person_id <> o.person_id OR m.total_fen <> -o.total_fen
   OR m.fund_fen <> -(o.fund_fen + (SELECT coalesce(sum(c.fund_fen), 0) FROM corrections AS k
       JOIN settlements AS c ON c.settlement_id = k.correction_id WHERE k.original_id = r.original_id))
"""
_LINKLESS = """
SELECT s.voucher_number, s.kind FROM settlements AS s
WHERE s.kind = 'reversal' AND NOT EXISTS (SELECT 1 FROM reversals AS r WHERE r.reversal_id = s.settlement_id)
   OR s.kind = 'correction' AND NOT EXISTS (SELECT 1 FROM corrections AS k WHERE k.correction_id = s.settlement_id)
"""
_WRONG_CORRECTIONS = """
SELECT c.voucher_number, k.correction_id FROM corrections AS k
LEFT JOIN settlements AS c ON c.settlement_id = k.correction_id
LEFT JOIN settlements AS o ON o.settlement_id = k.original_id
LEFT JOIN reversals AS v ON v.original_id = k.original_id
WHERE c.settlement_id IS NULL OR o.settlement_id IS NULL OR c.kind <> 'correction' OR o.kind <> 'settlement'
   OR c.person_id <> o.person_id OR v.reversal_id < k.correction_id
"""

_WRONG_LISTS = """
SELECT l.list_number FROM payment_lists AS l LEFT JOIN
    (SELECT list_number, count(*) AS payments, sum(amount_fen) AS total_fen FROM payments GROUP BY list_number) AS p
    ON p.list_number = l.list_number
WHERE p.payments IS NULL OR p.payments <> l.payment_count OR p.total_fen <> l.total_fen
"""
#: More than a settlement and what corrections added ever came to; a later reversal or decrease is to be recovered.
_OVERPAID = """
SELECT s.voucher_number FROM
    (SELECT p.settlement_id AS settlement_id, sum(p.amount_fen) AS paid_fen FROM payments AS p
     WHERE NOT EXISTS (SELECT 1 FROM payment_results AS t WHERE t.list_number = p.list_number
         AND t.position = p.position AND NOT t.is_paid) GROUP BY p.settlement_id) AS given
JOIN settlements AS s ON s.settlement_id = given.settlement_id
WHERE given.paid_fen > s.fund_fen + (SELECT coalesce(sum(c.fund_fen), 0) FROM corrections AS k
    JOIN settlements AS c ON c.settlement_id = k.correction_id WHERE k.original_id = s.settlement_id AND c.fund_fen > 0)
"""
#: The same of what was deducted from a settlement too: those are few, and the long table is not read for them.
_OVERDEDUCTED = """
SELECT s.voucher_number FROM settlements AS s
WHERE s.settlement_id IN (SELECT deducted_from FROM recoveries WHERE deducted_from IS NOT NULL)
  AND (SELECT coalesce(sum(p.amount_fen), 0) FROM payments AS p WHERE p.settlement_id = s.settlement_id
       AND NOT EXISTS (SELECT 1 FROM payment_results AS t WHERE t.list_number = p.list_number
           AND t.position = p.position AND NOT t.is_paid))
    + (SELECT coalesce(sum(d.amount_fen), 0) FROM recoveries AS d WHERE d.deducted_from = s.settlement_id)
    > s.fund_fen + (SELECT coalesce(sum(c.fund_fen), 0) FROM corrections AS k
        JOIN settlements AS c ON c.settlement_id = k.correction_id
        WHERE k.original_id = s.settlement_id AND c.fund_fen > 0)
"""
#: More than was paid, or more than a reversal or corrections ever made open, or less than nothing.
_OVERRECOVERED = """
SELECT s.voucher_number FROM
    (SELECT r.settlement_id AS settlement_id, sum(r.amount_fen) AS back_fen FROM recoveries AS r
     GROUP BY r.settlement_id) AS came
JOIN settlements AS s ON s.settlement_id = came.settlement_id
WHERE came.back_fen < 0
   OR came.back_fen > (SELECT coalesce(sum(p.amount_fen), 0) FROM payments AS p JOIN payment_results AS t
          ON t.list_number = p.list_number AND t.position = p.position AND t.is_paid
          WHERE p.settlement_id = s.settlement_id)
      + (SELECT coalesce(sum(d.amount_fen), 0) FROM recoveries AS d WHERE d.deducted_from = s.settlement_id)
   OR NOT EXISTS (SELECT 1 FROM reversals AS v WHERE v.original_id = s.settlement_id)
      AND came.back_fen > (SELECT coalesce(-sum(c.fund_fen), 0) FROM corrections AS k
          JOIN settlements AS c ON c.settlement_id = k.correction_id
          WHERE k.original_id = s.settlement_id AND c.fund_fen < 0)
"""
#: A deduction stays with one person; what takes an entry back is its mirror.
_WRONG_RECOVERIES = """
SELECT r.recovery_number FROM recoveries AS r
JOIN settlements AS s ON s.settlement_id = r.settlement_id
LEFT JOIN settlements AS o ON o.settlement_id = r.deducted_from
LEFT JOIN recoveries AS e ON e.recovery_number = r.cancels
WHERE s.kind <> 'settlement' OR o.person_id <> s.person_id OR o.kind <> 'settlement'
   OR r.cancels IS NOT NULL AND (e.recovery_number IS NULL OR e.cancels IS NOT NULL
       OR e.settlement_id <> r.settlement_id OR e.amount_fen <> -r.amount_fen OR e.way <> r.way
       OR coalesce(e.deducted_from, 0) <> coalesce(r.deducted_from, 0))
"""


def _facts(content: object) -> Mapping[str, object]:
    try:
        facts = json.loads(str(content))
    except ValueError:
        return {}  # The chain names the row.
    return facts if isinstance(facts, dict) else {}
