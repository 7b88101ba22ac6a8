"""What a month came to, day by day: counts and sums that the database adds up; nothing of a person is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, extract, func, select

from clerk_app.ledger.months import bounds
from clerk_app.ledger.records import SettlementKind
from clerk_app.ledger.tables import settlements


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The records of one day of settlement, in the office's local time.

    Attributes:
        settled: How many claims were settled; refusals, reversals and corrections are counted beside it.
        total_fen: Of them all; a reversal takes away what it takes back, and so may leave less than nothing.
        person_fen: What the person bears, ``account_fen`` from an account included.
    """

    day: date
    settled: int = 0
    refused: int = 0
    reversed: int = 0
    corrected: int = 0
    total_fen: int = 0
    fund_fen: int = 0
    person_fen: int = 0
    account_fen: int = 0

    @property
    def cash_fen(self) -> int:
        """What the person bears without an account."""
        return self.person_fen - self.account_fen


#: Where each kind of record is counted.
_COUNTED_AS = {
    SettlementKind.SETTLEMENT: "settled",
    SettlementKind.REFUSAL: "refused",
    SettlementKind.REVERSAL: "reversed",
    SettlementKind.CORRECTION: "corrected",
}


def of_month(connection: Connection, year: int, month: int) -> list[DayFigures]:
    """The days on which anything was recorded, in their order."""
    begins_at, ends_at = bounds(year, month)
    day = extract("day", settlements.c.settled_at).label("day")
    sums = [
        func.sum(settlements.c[name]).label(name) for name in ("total_fen", "fund_fen", "person_fen", "account_fen")
    ]
    query = (
        select(day, settlements.c.kind, func.count().label("records"), *sums)
        .where(settlements.c.settled_at >= begins_at, settlements.c.settled_at < ends_at)
        .group_by(day, settlements.c.kind)
        .order_by(day)
    )
    found: dict[int, DayFigures] = {}
    for row in connection.execute(query):
        number = int(row.day)
        before = found.get(number, DayFigures(date(year, month, number)))
        counted_as = _COUNTED_AS[SettlementKind(row.kind)]
        # PostgreSQL adds big integers up to a Decimal, which is whole.
        found[number] = replace(
            before,
            **{counted_as: getattr(before, counted_as) + row.records},
            total_fen=before.total_fen + int(row.total_fen),
            fund_fen=before.fund_fen + int(row.fund_fen),
            person_fen=before.person_fen + int(row.person_fen),
            account_fen=before.account_fen + int(row.account_fen),
        )
    return list(found.values())
