"""Ladders of one fen around every threshold of every area: they come from the policies, not from a list."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.adjudication.year_to_date import PoolUse, YearToDate
from clerk_app.codes import Benefit, Insurance, Status, Tier
from clerk_app.policy.grid import grid
from clerk_app.policy.strict_yaml import Findings, parse_yaml
from clerk_app.policy.version import Terms
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.insured import Condition, Entitlement, Period

AREA_CODES = ("220000", "360000", "370800", "411300", "500000")
PARAMETERS = {
    "220000": """
        普通门诊: {起付标准: 299.99, 退休加成: 5, 年度限额: 1999.99}
        门诊慢性病: {支付比例: 70, 年度限额: 6499.99}
        住院: {起付标准: {一级: 200, 二级: 400, 三级: 800},
               支付比例: {在职: {一级: 90, 二级: 85, 三级: 80}, 退休: {一级: 92, 二级: 87, 三级: 82}}, 年度限额: 100000}
        日间手术: {起付标准: 100}
        """,
    "500000": """
        普通门诊: {起付标准: {在职: 200, 退休: 100}, 年度限额: {在职: 3000, 退休: 4000},
                   支付比例: {在职: {一级: 60, 二级: 60, 三级: 50}, 退休: {一级: 70, 二级: 70, 三级: 60}}}
        """,
}
TIERS = (Tier.ONE, Tier.TWO, Tier.THREE)


def policy_of(shelf, area_code):
    if area_code not in PARAMETERS:
        return shelf.policy(area_code)
    return shelf.policy_with(area_code, parse_yaml(PARAMETERS[area_code].encode(), Findings("parameters")))


def paid(policy, insurance, status, benefit, tier, in_scope_fen, paid_before_fen, day):
    condition = Condition("M01600", benefit, Period(date(2000, 1, 1)))
    entitlement = Entitlement(insurance, status, filings=None, conditions=(condition,))
    # Settled by the network: the figures alone decide, not whether paper receipts are taken.
    receipt = Receipt(
        "A1",
        day,
        Institution("示例医院", tier=tier),
        in_scope_fen,
        benefit=benefit,
        disease="M01600" if benefit is not Benefit.ORDINARY else "",
        settled_by_network=True,
    )
    rules = policy.in_force_on(day).benefits[benefit]
    used = YearToDate({(day.year, rules.cap_pool): PoolUse(0, paid_before_fen)})
    return adjudicate_claim(Claim((receipt,)), entitlement, policy, used).receipts[0]


def by_hand(terms: Terms, in_scope_fen, paid_before_fen):
    segment = max(Decimal(0), Decimal(in_scope_fen - terms.deductible_fen))
    share = (segment * terms.ratio_bp / 10000).quantize(Decimal(1), ROUND_HALF_UP)
    return min(int(share), max(0, terms.cap_fen - paid_before_fen))


def cells(policy):
    for row in grid(policy):
        for tier, terms in zip(TIERS, row.cells, strict=True):
            if isinstance(terms, Terms):
                yield row, tier, terms


@pytest.mark.parametrize("area_code", AREA_CODES)
def test_a_fen_below_at_and_above_each_deductible(area_code, shelf):
    policy = policy_of(shelf, area_code)
    wrong = []
    for row, tier, terms in cells(policy):
        for in_scope_fen in (terms.deductible_fen - 1, terms.deductible_fen, terms.deductible_fen + 1):
            if in_scope_fen < 0:
                continue
            day = row.version.effective_from
            got = paid(policy, row.insurance, row.status, row.benefit, tier, in_scope_fen, 0, day)
            if got.fund_fen != by_hand(terms, in_scope_fen, 0) or got.deductible_fen != min(
                in_scope_fen, terms.deductible_fen
            ):
                wrong.append((row.status, row.benefit, tier, in_scope_fen, got.fund_fen))

    assert wrong == []


@pytest.mark.parametrize("area_code", AREA_CODES)
def test_a_fen_below_at_and_above_each_cap(area_code, shelf):
    policy = policy_of(shelf, area_code)
    wrong = []
    for row, tier, terms in cells(policy):
        share_fen = by_hand(terms, terms.deductible_fen + 10_000, 0)
        for left_fen in (0, 1, share_fen - 1, share_fen, share_fen + 1):
            before_fen = terms.cap_fen - left_fen
            day = row.version.effective_from
            got = paid(
                policy, row.insurance, row.status, row.benefit, tier, terms.deductible_fen + 10_000, before_fen, day
            )
            if got.fund_fen != min(share_fen, left_fen) or (got.over_cap_fen > 0) != (left_fen < share_fen):
                wrong.append((row.status, row.benefit, tier, left_fen, got.fund_fen, got.over_cap_fen))

    assert wrong == []


@pytest.mark.parametrize("area_code", AREA_CODES)
def test_no_tier_is_paid_better_than_a_lower_one_for_the_same_receipt(area_code, shelf):
    policy = policy_of(shelf, area_code)
    for row in grid(policy):
        if row.is_covered:
            amounts = [
                paid(
                    policy, row.insurance, row.status, row.benefit, tier, 200_000, 0, row.version.effective_from
                ).fund_fen
                for tier in TIERS
            ]
            assert amounts == sorted(amounts, reverse=True)


@pytest.mark.parametrize("area_code", AREA_CODES)
def test_every_month_since_the_document_is_decided_by_its_figures_and_none_before(area_code, shelf):
    policy = policy_of(shelf, area_code)
    first = policy.versions[0].effective_from
    status = Status.EMPLOYED
    for month in range(first.year * 12 + first.month - 1 - 12, 2027 * 12):
        day = date(month // 12, month % 12 + 1, 28)
        in_force = policy.in_force_on(day)
        if day < first:
            assert in_force is None
            continue
        terms = in_force.terms(Insurance.EMPLOYEE, status, Benefit.ORDINARY, Tier.TWO)
        got = paid(policy, Insurance.EMPLOYEE, status, Benefit.ORDINARY, Tier.TWO, 100_000, 0, day)
        assert got.fund_fen == by_hand(terms, 100_000, 0), day


def test_the_last_day_before_a_document_and_its_first_day_are_told_apart(shelf):
    for area_code in AREA_CODES:
        policy = policy_of(shelf, area_code)
        first = policy.versions[0].effective_from

        assert policy.in_force_on(date.fromordinal(first.toordinal() - 1)) is None
        assert policy.in_force_on(first) is not None
