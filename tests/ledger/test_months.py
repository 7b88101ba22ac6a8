from __future__ import annotations

from datetime import datetime

import pytest

from clerk_app.codes import Action
from clerk_app.errors import ClerkError
from clerk_app.ledger.months import bounds
from tests.ledger.office import PASSWORD, REVIEWER, Office, receipt, staffed


def at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 -- the office's local time


def test_a_month_that_is_over_is_closed_once(office: Office) -> None:
    staffed(office.ledger, REVIEWER)
    closed = office.ledger.close_month(2023, 5)
    assert office.ledger.closed_months() == [closed]
    assert (closed.closed_at, closed.closed_by) == (office.clock.now, "赵复核")
    with pytest.raises(ClerkError, match="month_closed"):
        office.ledger.close_month(2023, 5)
    with pytest.raises(ClerkError, match="month_not_over"):
        office.ledger.close_month(2023, 6)


def test_nothing_is_recorded_in_a_closed_month(office: Office) -> None:
    person = office.person()
    settled = office.settle(person, receipt("1"))
    office.clock.now = at(2023, 7, 1)
    staffed(office.ledger, REVIEWER).close_month(2023, 6)
    assert office.ledger.audit_trail()[0].facts == {"records": 1}
    office.clock.now = at(2023, 6, 30, 23, 50)
    office.ledger.confirm_clock(office.ledger.approve("guan", PASSWORD, Action.CONFIRM_CLOCK), "时钟无误")
    with pytest.raises(ClerkError, match="month_closed"):
        office.settle(person, receipt("2"))
    with pytest.raises(ClerkError, match="month_closed"):
        office.ledger.reverse(settled.voucher_number, "录错", "r1")
    assert office.ledger.month_count(2023, 6) == 1
    office.clock.now = at(2023, 7, 1)
    assert office.settle(person, receipt("2")).settled_at == office.clock.now


@pytest.mark.parametrize(
    ("year", "month", "ends_at"), [(2023, 1, at(2023, 2, 1)), (2023, 12, at(2024, 1, 1)), (2024, 2, at(2024, 3, 1))]
)
def test_a_month_ends_where_the_next_begins(year: int, month: int, ends_at: datetime) -> None:
    assert bounds(year, month) == (at(year, month, 1), ends_at)
