"""Look settlements up by what a clerk has in hand: a voucher, a bill, a certificate, a name or its first letters.

What a text may mean is read from bounded pieces of indexes, and only the lines of one page are read whole, so a
search takes as long in an office of five million receipts as in one of a hundred thousand. A text that begins more
numbers than that, two digits, finds some of them; the clerk types on.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from clerk_app.errors import ClerkError
from clerk_app.ledger.person_search import (
    FEWEST_LAST_DIGITS,
    beginning,
    begins,
    records_of_meant,
    records_of_named,
)
from clerk_app.ledger.recording import ACCEPTANCES, VOUCHERS, acceptance_text, voucher_text
from clerk_app.ledger.records import SettlementKind, SettlementLine
from clerk_app.ledger.statements import ListStatement, Statement
from clerk_app.ledger.tables import corrections, counters, receipts, reversals, settlements
from clerk_app.receipts.claim import normalised

#: Entries that are read of one index at most.
MOST_ENTRIES = 1000
#: Numbers of one series with the same last digits that are looked up, those of the newest year first.
MOST_SERIALS = 50

_mirror = settlements.alias("mirror")
_LINE: Select[Any] = (
    select(
        *(
            settlements.c[name]
            for name in ("settlement_id", "voucher_number", "kind", "settled_at", "name", "id_number")
        ),
        *(settlements.c[name] for name in ("receipt_count", "total_fen", "fund_fen", "clerk")),
        func.coalesce(_mirror.c.voucher_number, "").label("reversed_by"),
    )
    .outerjoin(corrections, corrections.c.correction_id == settlements.c.settlement_id)
    .outerjoin(
        reversals, reversals.c.original_id == func.coalesce(corrections.c.original_id, settlements.c.settlement_id)
    )
    .outerjoin(_mirror, _mirror.c.settlement_id == reversals.c.reversal_id)
    .order_by(settlements.c.settlement_id.desc())
)
_NEWEST = Statement(_LINE.where(settlements.c.settlement_id < bindparam("before")).limit(bindparam("most")))
_LINES = ListStatement(lambda among: _LINE.where(settlements.c.settlement_id.in_(among)), 50)
_NUMBER_OF = Statement(
    select(settlements.c.settlement_id).where(settlements.c.voucher_number == bindparam("voucher_number"))
)
#: Above every row number.
_END = 2**62


def search(connection: Connection, text: str, limit: int, before: str | None) -> list[SettlementLine]:
    """Settlements, the newest first, that a text may mean.

    Args:
        text: The beginning of a voucher's, acceptance's, bill's or certificate's number or its last digits, part of a
            name or its first letters in pinyin; empty for all.
        before: The voucher number of the last line seen; the lines after it follow.

    Raises:
        ClerkError: ``voucher_unknown``.
    """
    end = _END if before is None else _row_number(connection, before)
    if not normalised(text):
        return [_line(row) for row in _NEWEST.all(connection, before=end, most=limit)]
    told = _numbered(connection, normalised(text)) | records_of_meant(connection, text)
    named = records_of_named(connection, text)
    found = sorted((each for each in told | named if each < end), reverse=True)
    lines: list[SettlementLine] = []
    for start in range(0, len(found), max(limit, 1)):
        page = _LINES.all(connection, found[start : start + limit])
        # Who changed the name is found under both names, but a record under the one that it bears.
        lines += [_line(row) for row in page if row.settlement_id in told or text.strip() in row.name]
        if len(lines) >= limit:
            break
    return lines[:limit]


_BEGINNINGS = tuple(
    Statement(
        select(table.c.settlement_id).where(begins(table.c[name])).order_by(table.c[name].desc()).limit(MOST_ENTRIES)
    )
    for table, name in (
        (settlements, "voucher_number"),
        (settlements, "acceptance_number"),
        (settlements, "id_key"),
        (receipts, "number_key"),
        (receipts, "bill_key"),
    )
)
_END_OF_BILL = Statement(
    select(receipts.c.settlement_id)
    .where(begins(receipts.c.number_reversed))
    .order_by(receipts.c.number_reversed.desc())
    .limit(MOST_ENTRIES)
)


def _numbered(connection: Connection, wanted: str) -> set[int]:
    """The records of which some number begins or ends so."""
    found = {number for each in _BEGINNINGS for number in each.scalars(connection, **beginning(wanted))}
    if len(wanted) >= FEWEST_LAST_DIGITS:
        found.update(_END_OF_BILL.scalars(connection, **beginning(wanted[::-1])))
    return found | _with_serial(connection, wanted)


_SERIAL = re.compile(r"(?:([0-9]{4})-)?([0-9]{1,9})")
_COUNTERS = Statement(select(counters).order_by(counters.c.year.desc(), counters.c.office_code))


def _bearers(column: ColumnElement[Any]) -> ListStatement:
    return ListStatement(lambda among: select(settlements.c.settlement_id).where(column.in_(among)), MOST_SERIALS)


#: For each series, how a number of it is written, and who bears some of them.
_SERIES = {
    VOUCHERS: (voucher_text, _bearers(settlements.c.voucher_number)),
    ACCEPTANCES: (acceptance_text, _bearers(settlements.c.acceptance_number)),
}


def _with_serial(connection: Connection, wanted: str) -> set[int]:
    """The records whose voucher or acceptance has this running number, or a longer one that ends so.

    The numbers of a series are gapless, so those with the same last digits are known without an index of them.
    """
    match = _SERIAL.fullmatch(wanted)
    if match is None:
        return set()
    year, digits = match.groups()
    numbers: dict[str, list[str]] = {series: [] for series in _SERIES}
    for row in _COUNTERS.all(connection):
        if row.series not in _SERIES or year not in (None, str(row.year)):
            continue
        # Fewer digits are the number itself.
        step = 10 ** len(digits) if len(digits) >= FEWEST_LAST_DIGITS else row.last_number + 1
        serials = range(int(digits) or step, row.last_number + 1, step)[-MOST_SERIALS:]
        text, _statement = _SERIES[row.series]
        numbers[row.series] += [text(row.office_code, row.year, serial) for serial in reversed(serials)]
    found: set[int] = set()
    for series, texts in numbers.items():
        _text, bearers = _SERIES[series]
        found.update(row.settlement_id for row in bearers.all(connection, texts[:MOST_SERIALS]))
    return found


def _row_number(connection: Connection, voucher_number: str) -> int:
    row = _NUMBER_OF.first(connection, voucher_number=voucher_number)
    if row is None:
        raise ClerkError("voucher_unknown", voucher=voucher_number)
    number: int = row.settlement_id
    return number


def _line(row: Any) -> SettlementLine:
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
