"""The year card's account credits: the amount a month with its formula and article, and twelve months."""

from __future__ import annotations

from datetime import date

import pytest

from clerk_app.codes import Insurance, Status
from clerk_app.counter.account_credit_card import AccountCreditSheet, TypedBases
from clerk_app.policy.shelf import Shelf
from clerk_app.receipts.insured import Entitlement, Period
from clerk_app.wording import SENTENCES

TODAY = date(2026, 11, 22)
EMPLOYED = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED)
BASE = TypedBases(contribution_base="5,123.45")


def sheet(shelf: Shelf, entitlement: Entitlement = EMPLOYED, area_code: str = "360000", year: int = 2026):
    return AccountCreditSheet(shelf.policy(area_code), entitlement, year, TODAY)


def test_the_amount_a_month_stands_with_formula_and_article(shelf):
    credited = sheet(shelf).credits(BASE)
    assert credited.formulas == ("在职：每月计入 102.47 = 本人参保缴费基数 5,123.45 × 2%〔江西省实施意见 二(四)〕",)
    january = credited.rows[0]
    assert january == ("2026-01", "在职", "5,123.45 × 2%", "102.47", "江西省实施意见 二(四)", "")
    assert len(credited.rows) == 12


def test_months_to_come_are_marked_and_summed_apart(shelf):
    credited = sheet(shelf).credits(BASE)
    assert [row.note for row in credited.rows] == [""] * 11 + ["预计"]
    assert "到 11 月合计 1,127.17，全年合计 1,229.64" in credited.total
    assert sheet(shelf, year=2025).credits(BASE).total == "2025 年全年合计 1,229.64。"


def test_without_a_base_the_formula_stands_and_no_amount_is_guessed(shelf):
    credited = sheet(shelf).credits(TypedBases())
    assert credited.formulas == (
        "在职：每月计入 = 本人参保缴费基数 × 2%〔江西省实施意见 二(四)〕，填写基数后算出金额。",
    )
    assert {row.credit for row in credited.rows} == {"—"}
    assert credited.total == ""


def test_retirement_changes_formula_and_base_from_the_following_month(shelf):
    retiring = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, retirement_registered_on=date(2026, 3, 10))
    found = sheet(shelf, retiring)
    assert (found.needs_contribution_base, found.needs_average_pension) == (True, True)
    credited = found.credits(TypedBases("5000", "3000"))
    assert [row.credit for row in credited.rows] == ["100.00"] * 3 + ["75.00"] * 9
    assert [formula[:2] for formula in credited.formulas] == ["在职", "退休"]
    assert "全年合计 975.00" in credited.total
    # With one of the two bases missing the months without it have no amount, and the year no sum.
    halfway = found.credits(TypedBases("5000"))
    assert [row.credit for row in halfway.rows] == ["100.00"] * 3 + ["—"] * 9
    assert halfway.total == ""


def test_the_flexibly_employed_are_credited_where_the_document_names_them(shelf):
    assert sheet(shelf).offers_flexible
    assert not sheet(shelf, area_code="411300").offers_flexible
    credited = sheet(shelf).credits(TypedBases("4000", is_flexible=True))
    assert credited.formulas[0].startswith("灵活就业：每月计入 80.00")


def test_a_month_without_cover_gets_nothing_and_a_part_of_a_month_is_noted(shelf):
    covered = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, coverage=(Period(date(2026, 2, 15), date(2026, 4, 30)),))
    credited = sheet(shelf, covered).credits(TypedBases("5000"))
    by_month = {row.month: (row.credit, row.note) for row in credited.rows}
    assert by_month["2026-01"] == ("—", "当月没有参保，不计入")
    assert by_month["2026-02"] == ("100.00", "当月参保 14 天，请核对是否足额缴费")
    assert by_month["2026-03"] == ("100.00", "")
    assert by_month["2026-05"] == ("—", "当月没有参保，不计入")
    assert "全年合计 300.00" in credited.total


def test_months_before_the_document_are_not_credited(shelf):
    credited = sheet(shelf, area_code="411300", year=2022).credits(TypedBases("5000"))
    assert [row.credit for row in credited.rows] == ["—"] * 6 + ["100.00"] * 6
    assert credited.rows[5].note == "文件没有规定计入"
    assert credited.total == "2022 年全年合计 600.00。"


@pytest.mark.parametrize(
    ("area_code", "entitlement", "year"),
    [
        ("360000", Entitlement(Insurance.RESIDENT, Status.RESIDENT), 2026),  # a resident has no account
        ("370800", EMPLOYED, 2026),  # Jining's document is silent
        ("360000", EMPLOYED, 2022),  # before Jiangxi's document
    ],
)
def test_nothing_is_offered_where_no_document_credits_the_person(shelf, area_code, entitlement, year):
    assert not sheet(shelf, entitlement, area_code, year).is_offered
    assert sheet(shelf).is_offered


@pytest.mark.parametrize(("text", "code"), [("512a", "amount_not_a_number"), ("-5", "credit_base_negative")])
def test_a_base_that_cannot_be_is_said_and_not_used(shelf, text, code):
    credited = sheet(shelf).credits(TypedBases(text))
    assert credited.problems == {"contribution_base": SENTENCES[code].format(text=text)}
    assert {row.credit for row in credited.rows} == {"—"}
