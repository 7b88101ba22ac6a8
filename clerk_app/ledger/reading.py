"""Settlements read back whole from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, bindparam, func, select

from clerk_app.codes import Benefit, Decision, Material, Payer
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Head, Payee, Review, SettledReceipt, Settlement, SettlementKind, YearTotal
from clerk_app.ledger.rows import (
    entitlement_from,
    further,
    member,
    person_from,
    receipt_from,
    settled_receipt_from,
    words_from,
)
from clerk_app.ledger.statements import Question, Statement
from clerk_app.ledger.tables import audit, corrections, receipts, reversals, settlements, year_totals
from clerk_app.receipts.claim import Receipt

_CHUNK = 200

_mirrored_by = reversals.alias("mirrored_by")
_mirror = settlements.alias("mirror")
_mirror_of = reversals.alias("mirror_of")
_original = settlements.alias("original")

_correction_of = corrections.alias("correction_of")
#: A correction stands and falls with what it corrects.
_standing_or_falling_with = func.coalesce(_correction_of.c.original_id, settlements.c.settlement_id)

#: Every settlement with the numbers that it is tied to by a reversal, in either direction, or by what it corrects.
ALL: Select[Any] = (
    select(
        settlements,
        func.coalesce(_mirror.c.voucher_number, "").label("reversed_by"),
        func.coalesce(_original.c.voucher_number, "").label("original_number"),
        func.coalesce(_mirror_of.c.reason, "").label("reversal_reason"),
        func.coalesce(_correction_of.c.reason, "").label("correction_reason"),
        _correction_of.c.original_id.label("corrected_id"),
        audit.c.code.label("head_code"),
    )
    .select_from(settlements)
    .outerjoin(audit, audit.c.sequence == settlements.c.audit_sequence)
    .outerjoin(_correction_of, _correction_of.c.correction_id == settlements.c.settlement_id)
    .outerjoin(_mirrored_by, _mirrored_by.c.original_id == _standing_or_falling_with)
    .outerjoin(_mirror, _mirror.c.settlement_id == _mirrored_by.c.reversal_id)
    .outerjoin(_mirror_of, _mirror_of.c.reversal_id == settlements.c.settlement_id)
    .outerjoin(
        _original, _original.c.settlement_id == func.coalesce(_mirror_of.c.original_id, _correction_of.c.original_id)
    )
)

_BY_VOUCHER = ALL.where(settlements.c.voucher_number == bindparam("voucher_number"))
_UNDER_KEY = Statement(select(settlements.c.voucher_number).where(settlements.c.act_key == bindparam("act_key")))
_CORRECTIONS_OF = ALL.where(_correction_of.c.original_id == bindparam("original_id")).order_by(
    settlements.c.settlement_id
)
_STANDING_OF = ALL.where(
    settlements.c.person_id == bindparam("person_id"),
    settlements.c.kind == SettlementKind.SETTLEMENT.value,
    _mirrored_by.c.reversal_id.is_(None),
).order_by(settlements.c.settlement_id)


def settlement_row(connection: Connection, voucher_number: str) -> Row[Any]:
    """The row of a voucher.

    Raises:
        ClerkError: ``voucher_unknown``.
    """
    row = connection.execute(_BY_VOUCHER, {"voucher_number": voucher_number}).one_or_none()
    if row is None:
        raise ClerkError("voucher_unknown", voucher=voucher_number)
    return row


def settlement_under_key(connection: Connection, act_key: str) -> Settlement | None:
    """What was recorded under a draft's key, None when nothing was."""
    found = _UNDER_KEY.first(connection, act_key=act_key)
    return None if found is None else whole(connection, [settlement_row(connection, found.voucher_number)])[0]


def question_of_key(connection: Connection, act_key: str) -> Question:
    """What ``settlement_under_key`` asks, to be asked together with others."""
    return _UNDER_KEY.question(connection, act_key=act_key)


def month_count(connection: Connection, year: int, month: int) -> int:
    """How many records a month has."""
    return connection.execute(select(func.count()).select_from(settlements).where(_in_month(year, month))).scalar_one()


def of_month(connection: Connection, year: int, month: int) -> Iterator[Settlement]:
    """A month's records in the order in which they were saved, a few hundred in memory at a time."""
    last_id = 0
    while True:
        query = ALL.where(_in_month(year, month), settlements.c.settlement_id > last_id)
        rows = connection.execute(query.order_by(settlements.c.settlement_id).limit(_CHUNK)).all()
        if not rows:
            return
        last_id = further(last_id, rows[-1].settlement_id)
        yield from whole(connection, rows)


def whole(connection: Connection, rows: Sequence[Row[Any]]) -> list[Settlement]:
    """Rows of ``ALL`` with their receipts and year totals, in the same order."""
    numbers = [row.settlement_id for row in rows]
    corrected = [row.corrected_id for row in rows if row.corrected_id is not None]
    receipts_of = _grouped(connection, receipts, [*numbers, *corrected])
    totals_of = _grouped(connection, year_totals, numbers)
    corrected_by = _corrected_by(connection, numbers)
    return [
        _settlement(
            row,
            _settled_receipts(row, receipts_of),
            totals_of[row.settlement_id],
            corrected_by[row.settlement_id],
        )
        for row in rows
    ]


def corrections_of(connection: Connection, settlement_id: int) -> list[Settlement]:
    """The corrections of a settlement, the oldest first."""
    return whole(connection, connection.execute(_CORRECTIONS_OF, {"original_id": settlement_id}).all())


def standing(connection: Connection, person_id: int) -> list[Settlement]:
    """A person's settlements that are not reversed, in the order of settlement, as their corrections left them."""
    rows = connection.execute(_STANDING_OF, {"person_id": person_id}).all()
    return [
        as_corrected(original, corrections_of(connection, row.settlement_id) if original.corrected_by else ())
        for row, original in zip(rows, whole(connection, rows), strict=True)
    ]


def as_corrected(original: Settlement, corrected: Sequence[Settlement]) -> Settlement:
    """A settlement with the differences of its corrections; the words of a receipt are those of the last one."""
    settled = list(original.receipts)
    places = {each.receipt.bill_key: place for place, each in enumerate(settled) if each.decision is Decision.PAY}
    for correction in corrected:
        for difference in correction.receipts:
            place = places[difference.receipt.bill_key]
            settled[place] = _sum_of(settled[place], difference)
    return replace(
        original,
        receipts=tuple(settled),
        account_fen=original.account_fen + sum(correction.account_fen for correction in corrected),
    )


def _sum_of(settled: SettledReceipt, difference: SettledReceipt) -> SettledReceipt:
    return replace(
        difference,
        in_scope_fen=settled.in_scope_fen + difference.in_scope_fen,
        deductible_fen=settled.deductible_fen + difference.deductible_fen,
        share_fen=settled.share_fen + difference.share_fen,
        fund_fen=settled.fund_fen + difference.fund_fen,
        over_cap_fen=settled.over_cap_fen + difference.over_cap_fen,
        person_fen=settled.person_fen + difference.person_fen,
    )


def _settled_receipts(row: Row[Any], receipts_of: Mapping[int, Sequence[Row[Any]]]) -> tuple[SettledReceipt, ...]:
    own = receipts_of[row.settlement_id]
    if row.corrected_id is None:
        sign = SettlementKind(row.kind).paper_sign
        return tuple(settled_receipt_from(receipt, receipt_from(receipt, sign)) for receipt in own)
    # A correction counts nothing of the paper, so what the paper says stands with the original.
    papers: dict[str, Receipt] = {
        receipt.bill_key: receipt_from(receipt, 1)
        for receipt in receipts_of[row.corrected_id]
        if receipt.decision == Decision.PAY.value
    }
    return tuple(settled_receipt_from(receipt, papers[receipt.bill_key]) for receipt in own)


_CORRECTED_BY = (
    select(corrections.c.original_id, settlements.c.voucher_number)
    .join(settlements, settlements.c.settlement_id == corrections.c.correction_id)
    .order_by(corrections.c.correction_id)
)


def _corrected_by(connection: Connection, numbers: Sequence[int]) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(_CORRECTED_BY.where(corrections.c.original_id.in_(numbers))):
        grouped[row.original_id].append(row.voucher_number)
    return grouped


def _in_month(year: int, month: int) -> Any:
    first = datetime(year, month, 1)  # noqa: DTZ001 -- the office's local time, as it is stored
    after = datetime(year + month // 12, month % 12 + 1, 1)  # noqa: DTZ001 -- as above
    return (settlements.c.settled_at >= first) & (settlements.c.settled_at < after)


def _grouped(connection: Connection, table: Table, numbers: Sequence[int]) -> dict[int, list[Row[Any]]]:
    grouped: dict[int, list[Row[Any]]] = defaultdict(list)
    query = select(table).where(table.c.settlement_id.in_(numbers))
    for row in connection.execute(query.order_by(table.c.settlement_id, table.c.position)):
        grouped[row.settlement_id].append(row)
    return grouped


def _settlement(
    row: Row[Any],
    settled_receipts: tuple[SettledReceipt, ...],
    total_rows: Sequence[Row[Any]],
    corrected_by: Sequence[str],
) -> Settlement:
    return Settlement(
        voucher_number=row.voucher_number,
        acceptance_number=row.acceptance_number,
        kind=SettlementKind(row.kind),
        settled_at=row.settled_at,
        handed_in_on=row.handed_in_on,
        clerk=row.clerk,
        review=None if row.reviewer is None else Review(row.reviewer, row.review_reason),
        person_id=row.person_id,
        person=person_from(row),
        entitlement=entitlement_from(row.entitlement),
        area_code=row.area_code,
        area_name=row.area_name,
        receipts=settled_receipts,
        account_fen=row.account_fen,
        account_payer=None if row.account_payer is None else member(Payer, row.account_payer),
        payee=None
        if row.payee_name is None
        else Payee(row.payee_name, row.payee_relation, row.payee_bank, row.payee_account),
        manual_reason=row.manual_reason,
        year_totals=tuple(_year_total(total) for total in total_rows),
        original_number=row.original_number,
        reversed_by=row.reversed_by,
        reversal_reason=row.reversal_reason,
        materials=None if row.materials is None else _materials(row.materials),
        corrected_by=tuple(corrected_by),
        correction_reason=row.correction_reason,
        head=Head(row.audit_sequence, row.head_code or ""),
    )


def _year_total(row: Row[Any]) -> YearTotal:
    return YearTotal(row.year, member(Benefit, row.benefit).term, row.deductible_fen, row.fund_fen, row.platform_as_of)


def _materials(column: str) -> frozenset[Material]:
    return frozenset(member(Material, name) for name in words_from(column))
