"""Look settlements up by what a clerk has in hand: a voucher, a bill, a certificate, a name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Table, select, union

from clerk_app.ledger.persons import begins, holds, persons_named
from clerk_app.ledger.reading import ALL, settlement_row
from clerk_app.ledger.records import SettlementKind, SettlementLine
from clerk_app.ledger.tables import receipts, settlements
from clerk_app.receipts.claim import normalised


def search(connection: Connection, text: str, limit: int, before: str | None) -> list[SettlementLine]:
    """Settlements, the newest first, whose voucher, bill or certificate number begins with, or name holds, a text.

    Args:
        text: Empty for all.
        before: The voucher number of the last line seen; the lines after it follow.
    """
    query = ALL.order_by(settlements.c.settlement_id.desc()).limit(limit)
    if before is not None:
        query = query.where(settlements.c.settlement_id < settlement_row(connection, before).settlement_id)
    wanted = normalised(text)
    if wanted:
        by_name = select(settlements.c.settlement_id).where(
            settlements.c.person_id.in_(persons_named(text.strip())),
            holds(settlements.c.name, text.strip()),
        )
        found = union(
            *(select(table.c.settlement_id).where(begins(table.c[column], wanted)) for table, column in _NUMBERS),
            by_name,
        )
        query = query.where(settlements.c.settlement_id.in_(found))
    return [_line(row) for row in connection.execute(query)]


_NUMBERS: tuple[tuple[Table, str], ...] = (
    (settlements, "voucher_number"),
    (settlements, "id_key"),
    (receipts, "number_key"),
    (receipts, "bill_key"),
)


def _line(row: Row[Any]) -> SettlementLine:
    return SettlementLine(
        voucher_number=row.voucher_number,
        kind=SettlementKind(row.kind),
        settled_at=row.settled_at,
        name=row.name,
        id_number=row.id_number,
        receipt_count=row.receipt_count,
        total_fen=row.total_fen,
        fund_fen=row.fund_fen,
        clerk=row.clerk,
        reversed_by=row.reversed_by,
    )
