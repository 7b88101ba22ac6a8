"""What would change a decision is computed on the same claim, one supposition at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.adjudication.what_if import Alternative, Supposition, alternatives
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Benefit, Decision, FilingCategory, Insurance, Material, Status, Tier
from clerk_app.policy.shelf import Shelf, load_shelf
from clerk_app.policy.strict_yaml import Findings, parse_yaml
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.insured import Entitlement, Filing, Period

JILIN_PARAMETERS = """
普通门诊: {起付标准: 300, 退休加成: 5, 年度限额: 2000}
门诊慢性病: {支付比例: 60, 年度限额: 6500}
住院: {起付标准: {一级: 200, 二级: 400, 三级: 800}, 支付比例: 80, 年度限额: 100000}
"""

EMPLOYED = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED)
FILED = replace(EMPLOYED, filings=(Filing(FilingCategory.OTHER, Period(date(2023, 1, 1))),))


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return load_shelf()


@pytest.fixture(scope="module")
def jilin(shelf: Shelf) -> Policy:
    return shelf.policy_with("220000", parse_yaml(JILIN_PARAMETERS.encode(), Findings("parameters")))


def receipt(**changes: object) -> Receipt:
    ordinary = Receipt("A1", date(2023, 5, 20), Institution("示例医院", tier=Tier.TWO), 130000)
    return replace(ordinary, **changes)  # type: ignore[arg-type]


def suppose(claim: Claim, entitlement: Entitlement, policy: Policy) -> dict[str, Alternative]:
    decided = adjudicate_claim(claim, entitlement, policy, YearToDate())
    found = alternatives(decided, entitlement, policy, YearToDate(), {})
    return {f"{each.supposition}{each.tier if each.tier is not None else ''}": each for each in found}


def test_a_filing_made_up_later_turns_a_review_into_a_payment(shelf: Shelf) -> None:
    found = suppose(Claim((receipt(),)), EMPLOYED, shelf.policy("360000"))

    assert found[Supposition.FILED].decided.decision is Decision.PAY
    assert found[Supposition.FILED].gain_fen == 0
    assert found[Supposition.FILED].words() == "若补办异地就医备案"


def test_a_filed_person_is_not_told_to_file(shelf: Shelf) -> None:
    assert Supposition.FILED not in suppose(Claim((receipt(),)), FILED, shelf.policy("360000"))


def test_emergency_is_offered_where_the_document_has_figures_for_it(jilin: Policy, shelf: Shelf) -> None:
    in_jilin = suppose(Claim((receipt(),)), FILED, jilin)
    in_jiangxi = suppose(Claim((receipt(),)), FILED, shelf.policy("360000"))

    # Ordinary: (1300 - 300) × 55 %; emergency: (1300 - 400) × 80 %.
    assert in_jilin[Supposition.EMERGENCY].gain_fen == 72000 - 55000
    assert Supposition.EMERGENCY not in in_jiangxi


def test_a_registered_condition_would_pay_what_is_refused(jilin: Policy) -> None:
    chronic = receipt(benefit=Benefit.CHRONIC, disease="M01600")

    found = suppose(Claim((chronic,)), FILED, jilin)

    assert found[Supposition.REGISTERED].decided.decision is Decision.PAY
    assert found[Supposition.REGISTERED].gain_fen == 60000


def test_papers_handed_in_later_turn_a_review_into_a_payment(jilin: Policy) -> None:
    found = suppose(Claim((receipt(),), materials=frozenset({Material.RECEIPT})), FILED, jilin)

    assert found[Supposition.PAPERS_COMPLETE].decided.decision is Decision.PAY


def test_another_tier_shows_what_it_would_cost_or_bring(shelf: Shelf) -> None:
    found = suppose(Claim((receipt(),)), FILED, shelf.policy("360000"))

    # (1300 - 600) × 55 % at tier 2; 60 % at tier 1 and 50 % at tier 3.
    assert found[f"{Supposition.OTHER_TIER}{Tier.ONE}"].gain_fen == 3500
    assert found[f"{Supposition.OTHER_TIER}{Tier.THREE}"].gain_fen == -3500
    assert f"{Supposition.OTHER_TIER}{Tier.TWO}" not in found


def test_a_networked_institution_would_need_no_review_in_jining(shelf: Shelf) -> None:
    found = suppose(Claim((receipt(),)), FILED, shelf.policy("370800"))

    assert found[Supposition.NETWORKED_INSTITUTION].decided.decision is Decision.PAY


def test_nothing_would_change_what_a_document_refuses_for_good(shelf: Shelf) -> None:
    assert suppose(Claim((receipt(),)), FILED, shelf.policy("411300")) == {}
