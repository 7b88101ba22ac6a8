from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.codes import Benefit, FilingCategory, Insurance, Status
from clerk_app.errors import ClerkError
from clerk_app.receipts.insured import Condition, Entitlement, Filing, Period, Stay

YEAR = Period(date(2023, 1, 1), date(2023, 12, 31))


def employee(status=Status.EMPLOYED, **others) -> Entitlement:
    return Entitlement(Insurance.EMPLOYEE, status, **others)


@pytest.mark.parametrize(
    ("registered", "day", "status"),
    [
        ("2023-05-01", "2023-05-31", Status.EMPLOYED),
        ("2023-05-01", "2023-06-01", Status.RETIRED),
        ("2023-05-31", "2023-06-01", Status.RETIRED),
        ("2023-12-15", "2023-12-31", Status.EMPLOYED),
        ("2023-12-15", "2024-01-01", Status.RETIRED),
        ("2024-01-31", "2024-02-01", Status.RETIRED),
        ("2023-05-01", "2022-12-31", Status.EMPLOYED),
        ("9999-12-31", "2023-06-01", Status.EMPLOYED),
    ],
)
@pytest.mark.parametrize("as_registered", [Status.EMPLOYED, Status.RETIRED])
def test_retired_benefits_begin_on_the_first_of_the_month_after_registration(registered, day, status, as_registered):
    person = employee(as_registered, retirement_registered_on=date.fromisoformat(registered))
    assert person.status_on(date.fromisoformat(day)) is status


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(-800, 800))
def test_retirement_changes_status_once_within_31_days(registered, days):
    person = employee(retirement_registered_on=registered)
    day = registered + timedelta(days)
    assert (person.status_on(day) is Status.RETIRED) >= (days > 31)
    assert (person.status_on(day) is Status.RETIRED) <= (days >= 1)


def test_without_a_registration_the_status_is_as_registered():
    assert employee(Status.RETIRED).status_on(date(1999, 1, 1)) is Status.RETIRED


@pytest.mark.parametrize(
    ("insurance", "status"),
    [
        (Insurance.RESIDENT, Status.EMPLOYED),
        (Insurance.RESIDENT, Status.RETIRED),
        (Insurance.EMPLOYEE, Status.RESIDENT),
    ],
)
def test_a_status_belongs_to_its_insurance(insurance, status):
    with pytest.raises(ClerkError) as failure:
        Entitlement(insurance, status)
    assert failure.value.code == "status_not_of_insurance"


def test_a_resident_does_not_retire():
    with pytest.raises(ClerkError) as failure:
        Entitlement(Insurance.RESIDENT, Status.RESIDENT, date(2023, 1, 1))
    assert failure.value.code == "status_not_of_insurance"


def test_both_ends_of_a_period_are_covered():
    days = [date(2022, 12, 31), date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1)]
    assert [YEAR.covers(day) for day in days] == [False, True, True, False]
    assert Period(date(2023, 1, 1)).covers(date(2999, 1, 1))


@pytest.mark.parametrize("make", [Period, Stay])
def test_an_end_before_its_beginning_is_an_error(make):
    with pytest.raises(ClerkError) as failure:
        make(date(2023, 1, 2), date(2023, 1, 1))
    assert failure.value.code == "period_backwards"
    assert make(date(2023, 1, 1), date(2023, 1, 1))


def test_a_stay_has_an_inside_and_two_edges():
    stay = Stay(date(2023, 5, 1), date(2023, 5, 3))
    days = [date(2023, 4, 30) + timedelta(number) for number in range(5)]
    assert [stay.is_strictly_inside(day) for day in days] == [False, False, True, False, False]
    assert [stay.is_on_the_edge(day) for day in days] == [False, True, False, True, False]


def test_who_was_not_discharged_is_still_inside():
    stay = Stay(date(2023, 5, 1))
    assert stay.is_strictly_inside(date(2024, 1, 1))
    assert not stay.is_strictly_inside(date(2023, 5, 1))
    assert stay.is_on_the_edge(date(2023, 5, 1))


def test_cover_that_nobody_stated_is_always_there_and_no_cover_is_never():
    assert employee().is_covered_on(date(2023, 1, 1))
    assert not employee(coverage=()).is_covered_on(date(2023, 1, 1))
    assert employee(coverage=(YEAR,)).is_covered_on(date(2023, 12, 31))
    assert not employee(coverage=(YEAR,)).is_covered_on(date(2024, 1, 1))


def test_a_filing_counts_on_its_days_and_in_its_category():
    filing = Filing(FilingCategory.REFERRED, YEAR)
    person = employee(filings=(filing,))
    assert person.filing_on(date(2023, 6, 1), None) is filing
    assert person.filing_on(date(2024, 1, 1), None) is None
    assert person.filing_on(date(2023, 6, 1), frozenset({FilingCategory.OTHER})) is None


def test_a_condition_counts_for_its_benefit_disease_and_days():
    condition = Condition("M01600", Benefit.CHRONIC, YEAR)
    person = employee(conditions=(condition,))
    day = date(2023, 6, 1)
    assert person.condition_on(day, Benefit.CHRONIC, "M01600") is condition
    assert person.condition_on(day, Benefit.CHRONIC, "") is condition
    assert person.condition_on(day, Benefit.CHRONIC, "M00500") is None
    assert person.condition_on(day, Benefit.SPECIAL, "M01600") is None
    assert person.condition_on(date(2024, 1, 1), Benefit.CHRONIC, "M01600") is None
