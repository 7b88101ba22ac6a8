"""Settlements read back whole from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, bindparam, func, select

from clerk_app.codes import Benefit, Material, Payer
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Payee, Review, Settlement, SettlementKind, YearTotal
from clerk_app.ledger.rows import entitlement_from, member, person_from, settled_receipt_from, words_from
from clerk_app.ledger.tables import receipts, reversals, settlements, year_totals

_CHUNK = 200

_mirrored_by = reversals.alias("mirrored_by")
_mirror = settlements.alias("mirror")
_mirror_of = reversals.alias("mirror_of")
_original = settlements.alias("original")

#: Every settlement with the numbers that it is tied to by a reversal, in either direction.
ALL: Select[Any] = (
    select(
        settlements,
        func.coalesce(_mirror.c.voucher_number, "").label("reversed_by"),
        func.coalesce(_original.c.voucher_number, "").label("original_number"),
        func.coalesce(_mirror_of.c.reason, "").label("reversal_reason"),
    )
    .select_from(settlements)
    .outerjoin(_mirrored_by, _mirrored_by.c.original_id == settlements.c.settlement_id)
    .outerjoin(_mirror, _mirror.c.settlement_id == _mirrored_by.c.reversal_id)
    .outerjoin(_mirror_of, _mirror_of.c.reversal_id == settlements.c.settlement_id)
    .outerjoin(_original, _original.c.settlement_id == _mirror_of.c.original_id)
)

_BY_VOUCHER = ALL.where(settlements.c.voucher_number == bindparam("voucher_number"))
_BY_KEY = ALL.where(settlements.c.act_key == bindparam("act_key"))


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
    row = connection.execute(_BY_KEY, {"act_key": act_key}).one_or_none()
    return None if row is None else whole(connection, [row])[0]


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
        yield from whole(connection, rows)
        last_id = rows[-1].settlement_id


def whole(connection: Connection, rows: Sequence[Row[Any]]) -> list[Settlement]:
    """Rows of ``ALL`` with their receipts and year totals, in the same order."""
    numbers = [row.settlement_id for row in rows]
    receipts_of = _grouped(connection, receipts, numbers)
    totals_of = _grouped(connection, year_totals, numbers)
    return [_settlement(row, receipts_of[row.settlement_id], totals_of[row.settlement_id]) for row in rows]


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


def _settlement(row: Row[Any], receipt_rows: Sequence[Row[Any]], total_rows: Sequence[Row[Any]]) -> Settlement:
    kind = SettlementKind(row.kind)
    sign = -1 if kind is SettlementKind.REVERSAL else 1
    return Settlement(
        voucher_number=row.voucher_number,
        acceptance_number=row.acceptance_number,
        kind=kind,
        settled_at=row.settled_at,
        handed_in_on=row.handed_in_on,
        clerk=row.clerk,
        review=None if row.reviewer is None else Review(row.reviewer, row.review_reason),
        person_id=row.person_id,
        person=person_from(row),
        entitlement=entitlement_from(row.entitlement),
        area_code=row.area_code,
        area_name=row.area_name,
        receipts=tuple(settled_receipt_from(receipt, sign) for receipt in receipt_rows),
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
    )


def _year_total(row: Row[Any]) -> YearTotal:
    return YearTotal(row.year, member(Benefit, row.benefit).term, row.deductible_fen, row.fund_fen, row.platform_as_of)


def _materials(column: str) -> frozenset[Material]:
    return frozenset(member(Material, name) for name in words_from(column))
