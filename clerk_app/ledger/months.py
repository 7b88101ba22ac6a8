"""Closed months: what head office has had stays as it was, and the database sees to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from clerk_app.errors import ClerkError
from clerk_app.ledger.act import Act
from clerk_app.ledger.records import ClosedMonth
from clerk_app.ledger.statements import Question, Statement
from clerk_app.ledger.tables import closed_months, settlements


def closed(connection: Connection) -> list[ClosedMonth]:
    """The closed months, oldest first."""
    table = closed_months
    rows = connection.execute(select(table).order_by(table.c.year, table.c.month))
    return [ClosedMonth(row.year, row.month, row.closed_at, row.closed_by) for row in rows]


def close(act: Act, year: int, month: int) -> ClosedMonth:
    """Close a month that is over; triggers refuse every later record in it.

    Raises:
        ClerkError: ``month_not_over``, ``month_closed``.
    """
    begins_at, ends_at = bounds(year, month)
    if act.at < ends_at:
        raise ClerkError("month_not_over", month=f"{year}-{month:02d}")
    check_open(act.connection, begins_at)
    times = {"begins_at": begins_at, "ends_at": ends_at, "closed_at": act.at}
    act.insert(closed_months, [{"year": year, "month": month, **times, "closed_by": act.name}])
    settled = select(func.count()).select_from(settlements)
    within = (settlements.c.settled_at >= begins_at) & (settlements.c.settled_at < ends_at)
    act.tell(f"{year}-{month:02d}", records=act.connection.execute(settled.where(within)).scalar_one())
    return ClosedMonth(year, month, act.at, act.name)


def check_open(connection: Connection, at: datetime) -> None:
    """Refuse to settle into a closed month, before the database does.

    Raises:
        ClerkError: ``month_closed``.
    """
    if _IS_CLOSED.first(connection, at_year=at.year, at_month=at.month) is not None:
        raise ClerkError("month_closed", month=f"{at:%Y-%m}")


def question_of_day(connection: Connection, at: datetime) -> Question:
    """What ``check_open`` asks, to be asked together with others."""
    return _IS_CLOSED.question(connection, at_year=at.year, at_month=at.month)


def bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """The first moment of a month and the first after it, in the office's local time."""
    return datetime(year, month, 1), datetime(year + month // 12, month % 12 + 1, 1)  # noqa: DTZ001 -- local


_IS_CLOSED = Statement(
    select(closed_months.c.year).where(
        closed_months.c.year == bindparam("at_year"), closed_months.c.month == bindparam("at_month")
    )
)
