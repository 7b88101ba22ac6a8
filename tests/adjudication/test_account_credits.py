"""Monthly credits of a personal account follow the area's document, month by month."""

from __future__ import annotations

from datetime import date

import pytest

from clerk_app.adjudication.account_credits import CreditBases, month_credits, year_terms
from clerk_app.codes import Insurance, Status
from clerk_app.errors import ClerkError
from clerk_app.policy.shelf import Shelf
from clerk_app.policy.version import AccountRule
from clerk_app.receipts.insured import Entitlement, Period

BASES = CreditBases(contribution_base_fen=512_345, average_pension_fen=300_010)


def rule_of(shelf: Shelf, area_code: str) -> AccountRule:
    rule = shelf.policy(area_code).versions[0].account
    assert rule is not None
    return rule


def test_an_employee_is_credited_two_percent_of_the_base_rounded_half_up(shelf: Shelf) -> None:
    employee = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED)

    (credit,) = month_credits(rule_of(shelf, "360000"), employee, BASES, date(2023, 1, 1), date(2023, 1, 31))

    assert credit.credit_fen == 10_247
    assert str(credit.source) == "江西省实施意见 二(四)"


def test_retirement_changes_the_credit_from_the_following_month_and_the_balance_carries_over(shelf: Shelf) -> None:
    retiring = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, retirement_registered_on=date(2023, 11, 30))

    credited = list(
        month_credits(rule_of(shelf, "411300"), retiring, BASES, date(2023, 11, 15), date(2024, 1, 1), opening_fen=100)
    )

    assert [(credit.month, credit.credit_fen) for credit in credited] == [
        (date(2023, 11, 1), 10_247),
        (date(2023, 12, 1), 6_000),
        (date(2024, 1, 1), 6_000),
    ]
    assert [credit.balance_fen for credit in credited] == [10_347, 16_347, 22_347]
    assert credited[1].base == "2021年度本市基本养老金月平均水平"


def test_jiangxi_credits_the_retired_two_and_a_half_percent_and_the_flexibly_employed_two(shelf: Shelf) -> None:
    rule = rule_of(shelf, "360000")
    retired = Entitlement(Insurance.EMPLOYEE, Status.RETIRED)
    flexible = CreditBases(400_000, 300_000, is_flexible=True)
    january = (date(2024, 1, 1), date(2024, 1, 1))

    (of_retired,) = month_credits(rule, retired, flexible, *january)
    (of_flexible,) = month_credits(rule, Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED), flexible, *january)

    assert (of_retired.credit_fen, of_flexible.credit_fen) == (7_500, 8_000)


def test_a_person_whom_the_document_does_not_credit_is_refused_with_those_it_does(shelf: Shelf) -> None:
    resident = Entitlement(Insurance.RESIDENT, Status.RESIDENT)

    with pytest.raises(ClerkError) as refused:
        list(month_credits(rule_of(shelf, "500000"), resident, BASES, date(2024, 1, 1), date(2024, 1, 1)))

    assert refused.value.code == "account_credit_unknown"
    assert refused.value.details["known"] == ("在职", "退休")


def test_each_month_of_a_year_follows_the_document_and_the_status_of_its_first_day(shelf: Shelf) -> None:
    retiring = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, retirement_registered_on=date(2022, 9, 1))

    terms = year_terms(shelf.policy("411300"), retiring, 2022)

    assert [each.credit.who if each.credit else "" for each in terms] == [""] * 6 + ["在职"] * 3 + ["退休"] * 3
    assert [each.days for each in terms][:2] == [31, 28]
    assert terms[6].credit_fen(512_345) == 10_247
    assert terms[0].credit_fen(512_345) == 0


def test_a_month_is_credited_only_to_somebody_who_was_insured_in_it(shelf: Shelf) -> None:
    covered = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, coverage=(Period(date(2024, 2, 29), date(2024, 2, 29)),))

    terms = year_terms(shelf.policy("360000"), covered, 2024)

    assert [each.month.month for each in terms if each.is_credited] == [2]
    assert (terms[1].covered_days, terms[1].days) == (1, 29)
    assert terms[2].credit_fen(512_345) == 0
