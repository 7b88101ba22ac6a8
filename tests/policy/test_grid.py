"""What an area's documents cover, and what they leave out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from clerk_app.codes import Benefit, Insurance, Status, Tier
from clerk_app.policy.grid import OUTPATIENT, GridRow, grid, uncovered_spans
from clerk_app.policy.version import OpenTerms, Policy, Terms


def row(policy: Policy, status: Status, benefit: Benefit = Benefit.ORDINARY) -> GridRow:
    (found,) = [each for each in grid(policy) if each.status is status and each.benefit is benefit]
    return found


def ended(policy: Policy, last_day: date, *later: date) -> Policy:
    """The area's one version, ended on a day, and again from each later day."""
    (version,) = policy.versions
    again = (replace(version, effective_from=day) for day in later)
    return replace(policy, versions=(replace(version, effective_until=last_day), *again))


def test_there_is_a_row_for_every_insurance_status_and_kind_of_care(shelf):
    rows = list(grid(shelf.policy("360000")))
    assert len(rows) == 3 * len(OUTPATIENT) == 15
    assert {each.insurance for each in rows} == set(Insurance)
    assert Benefit.INPATIENT not in {each.benefit for each in rows}


def test_a_row_shows_the_figures_of_the_three_tiers_the_lowest_first(shelf):
    found = row(shelf.policy("360000"), Status.RETIRED)
    assert [cell.ratio_bp for cell in found.cells if isinstance(cell, Terms)] == [6500, 6000, 5500]
    assert (found.is_covered, found.has_hole, found.open_parameters) == (True, False, ())


def test_what_a_document_does_not_speak_of_is_no_hole(shelf):
    for found in (
        row(shelf.policy("360000"), Status.RESIDENT),
        row(shelf.policy("360000"), Status.EMPLOYED, Benefit.CHRONIC),
    ):
        assert found.cells == (None, None, None)
        assert not found.is_covered
        assert not found.has_hole


def test_an_open_slot_of_a_framework_is_named_once_and_is_no_hole(shelf):
    found = row(shelf.policy("500000"), Status.EMPLOYED)
    assert all(isinstance(cell, OpenTerms) for cell in found.cells)
    assert found.open_parameters == ("普通门诊.起付标准", "普通门诊.支付比例", "普通门诊.年度限额")
    assert not found.has_hole


@pytest.mark.parametrize("tier", [Tier.ONE, Tier.TWO, Tier.THREE])
def test_a_tier_that_is_missing_beside_others_is_a_hole(shelf, tier):
    policy = shelf.policy("360000")
    (version,) = policy.versions
    key = (Insurance.EMPLOYEE, Status.EMPLOYED)
    cells = {each: terms for each, terms in version.cells[key].items() if each[1] is not tier}
    holed = replace(policy, versions=(replace(version, cells={**version.cells, key: cells}),))
    assert row(holed, Status.EMPLOYED).has_hole
    assert not row(holed, Status.RETIRED).has_hole


@pytest.mark.parametrize("area", ["220000", "360000", "370800", "411300", "500000"])
def test_the_shipped_documents_have_no_hole(area, shelf):
    policy = shelf.policy(area)
    assert not any(each.has_hole for each in grid(policy))
    assert not list(uncovered_spans(policy))


def test_every_version_has_its_rows(shelf):
    policy = ended(shelf.policy("360000"), date(2023, 12, 31), date(2024, 1, 1))
    assert [each.version.effective_from.year for each in grid(policy)] == [2023] * 15 + [2024] * 15


@pytest.mark.parametrize(
    ("last_day", "next_day", "spans"),
    [
        (date(2023, 12, 31), date(2024, 1, 1), []),
        (date(2023, 12, 31), date(2024, 1, 2), [(date(2024, 1, 1), date(2024, 1, 1))]),
        (date(2023, 12, 31), date(2024, 3, 1), [(date(2024, 1, 1), date(2024, 2, 29))]),
    ],
)
def test_days_between_two_documents_are_shown_first_and_last(shelf, last_day, next_day, spans):
    assert list(uncovered_spans(ended(shelf.policy("360000"), last_day, next_day))) == spans
