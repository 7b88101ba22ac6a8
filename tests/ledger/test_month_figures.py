"""A month by day, on a file and on a server, against the records themselves."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

import pytest

from clerk_app.errors import ClerkError
from clerk_app.ledger.month_figures import DayFigures
from clerk_app.ledger.records import SettlementKind
from tests.ledger.office import REVIEWER, Office, receipt, staffed


def at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 -- the office's local time


def by_hand(office: Office, year: int, month: int) -> dict[date, list[int]]:
    """Counts of the four kinds and the four sums of every day, from the month's records one by one."""
    days: dict[date, list[int]] = defaultdict(lambda: [0] * 8)
    for each in office.ledger.settlements_of_month(year, month):
        figures = days[each.settled_at.date()]
        figures[list(SettlementKind).index(each.kind)] += 1
        for place, fen in enumerate((each.total_fen, each.fund_fen, each.person_fen, each.account_fen), 4):
            figures[place] += fen
    return days


def as_list(of: DayFigures) -> list[int]:
    counts = [of.settled, of.refused, of.reversed, of.corrected]
    return [*counts, of.total_fen, of.fund_fen, of.person_fen, of.account_fen]


def test_a_month_is_added_up_by_day_and_kind(office: Office) -> None:
    one, other = office.person(), office.person("李四")
    office.clock.now = at(2023, 6, 30, 23, 59)
    first = office.settle(one, receipt("1"))
    office.settle(other, receipt("2", 300_000))
    office.clock.now = at(2023, 7, 1)
    office.settle(other, receipt("3", 45_678))
    office.settle(one, receipt("4", visited_on=date(2022, 5, 20)))
    office.clock.now = at(2023, 7, 31, 8, 0)
    office.ledger.reverse(first.voucher_number, "录错", "r1")

    june, july = office.ledger.month_figures(2023, 6), office.ledger.month_figures(2023, 7)

    assert [day.day for day in june] == [date(2023, 6, 30)]
    assert [day.day for day in july] == [date(2023, 7, 1), date(2023, 7, 31)]
    for year, month, found in ((2023, 6, june), (2023, 7, july)):
        assert {day.day: as_list(day) for day in found} == by_hand(office, year, month)
    assert june[0].settled == 2
    assert (july[0].settled, july[0].refused) == (1, 1), "nothing was covered in 2022"
    assert july[1].reversed == 1
    assert july[1].total_fen == -first.total_fen < 0
    assert july[1].cash_fen == -first.person_fen
    assert office.ledger.month_figures(2023, 5) == []


def test_the_figures_are_for_whoever_may_look_at_vouchers(office: Office) -> None:
    staffed(office.ledger, REVIEWER)
    assert office.ledger.month_figures(2023, 6) == []
    office.ledger.sign_out()
    with pytest.raises(ClerkError, match="not_signed_in"):
        office.ledger.month_figures(2023, 6)
