"""A counter without a window: receipts are handed in, decided and, when asked, added to what the year has used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from clerk_app.adjudication.adjudication import ClaimAdjudication
from clerk_app.adjudication.engine import adjudicate_claim, pools_used, prior_entries
from clerk_app.adjudication.year_to_date import PoolUse, YearToDate, charged_visit
from clerk_app.codes import Benefit, FilingCategory, InstitutionKind, Insurance, Status, Tier
from clerk_app.money import parse_yuan
from clerk_app.policy.shelf import Shelf
from clerk_app.policy.strict_yaml import Findings, parse_moment, parse_yaml
from clerk_app.policy.version import DeductibleBasis, Policy
from clerk_app.receipts.claim import AccountOffer, Claim, Institution, Receipt
from clerk_app.receipts.insured import Condition, Entitlement, Filing, Period, Stay

AREAS = {"jilin": "220000", "chongqing": "500000", "jiangxi": "360000", "nanyang": "411300", "jining": "370800"}
PARAMETERS = {
    "jilin": """
        普通门诊: {起付标准: 300, 退休加成: 5, 年度限额: 2000}
        门诊慢性病: {支付比例: 60, 年度限额: 6500, 病种限额: {M01600: 3000}}
        住院: {起付标准: {一级: 200, 二级: 400, 三级: 800},
               支付比例: {在职: {一级: 90, 二级: 85, 三级: 80}, 退休: {一级: 92, 二级: 87, 三级: 82}}, 年度限额: 100000}
        """,
    "chongqing": """
        普通门诊: {起付标准: {在职: 200, 退休: 100}, 年度限额: {在职: 3000, 退休: 4000},
                   支付比例: {在职: {一级: 60, 二级: 60, 三级: 50}, 退休: {一级: 70, 二级: 70, 三级: 60}}}
        """,
}


def _receipt(
    number: str,
    when: str,
    total: str,
    tier: str | None = "三级",
    benefit: str = "普通门诊",
    hospital: str = "外地示例医院",
    *,
    code: str = "",
    kind: str = "综合",
    area: str = "",
    networked: bool = False,
    designated: bool = True,
    self_funded: str = "0",
    over_limit: str = "0",
    paid_first: str = "0",
    printed_fund: str = "0",
    label: str = "",
    **others: object,
) -> Receipt:
    visited_on, visited_at = parse_moment(when)
    institution = Institution(
        hospital,
        code,
        None if tier is None else Tier.from_term(tier),
        InstitutionKind.from_term(kind),
        networked,
        designated,
        area,
    )
    return Receipt(
        number,
        visited_on,
        institution,
        parse_yuan(total),
        visited_at=visited_at,
        benefit=Benefit.from_term(benefit),
        self_funded_fen=parse_yuan(self_funded),
        over_limit_fen=parse_yuan(over_limit),
        paid_first_fen=parse_yuan(paid_first),
        printed_fund_fen=parse_yuan(printed_fund),
        visit_label=label,
        **others,
    )


def _period(text: str) -> Period:
    starts_on, _to, ends_on = text.partition("/")
    return Period(date.fromisoformat(starts_on), date.fromisoformat(ends_on) if ends_on else None)


def _person(
    status: str = "在职",
    *,
    retired_on: str = "",
    cover: list[str] | None = None,
    filed: list[tuple[str, str]] | None = None,
    stays: list[str] | None = None,
    conditions: list[tuple[str, str, str]] | None = None,
) -> Entitlement:
    return Entitlement(
        Insurance.RESIDENT if status == "居民" else Insurance.EMPLOYEE,
        Status.from_term(status),
        date.fromisoformat(retired_on) if retired_on else None,
        None if cover is None else tuple(_period(span) for span in cover),
        None
        if filed is None
        else tuple(Filing(FilingCategory.from_term(category), _period(span)) for category, span in filed),
        tuple(Stay(period.starts_on, period.ends_on) for period in map(_period, stays or [])),
        tuple(
            Condition(disease, Benefit.from_term(benefit), _period(span)) for disease, benefit, span in conditions or []
        ),
    )


class Desk:
    """One insured person at the counter of one area."""

    def __init__(self, policy: Policy, person: Entitlement) -> None:
        self.policy = policy
        self.person = person
        self.used = YearToDate()

    def decide(
        self, *receipts: Receipt, materials=None, account: AccountOffer | None = None, taken=None
    ) -> ClaimAdjudication:
        """A trial: nothing is used up."""
        claim = Claim(receipts, materials=None if materials is None else frozenset(materials), account=account)
        return adjudicate_claim(claim, self.person, self.policy, self.used, taken or {})

    def settle(self, *receipts: Receipt) -> ClaimAdjudication:
        """What the trial gives is used up."""
        decided = self.decide(*receipts)
        self.record(decided)
        return decided

    def record(self, decided: ClaimAdjudication) -> None:
        """Add a decision to what the year has used."""
        for adjudication in decided.receipts:
            terms = adjudication.terms
            visits = []
            if terms is not None and terms.deductible_basis is DeductibleBasis.PER_VISIT:
                visits = [charged_visit(adjudication.receipt, terms.deductible_pool, adjudication.deductible_fen)]
            self.used = self.used.with_entries(pools_used(adjudication), visits)

    def prior(self, year: int, benefit: str, deductible: str, fund: str, disease: str = "") -> None:
        """What the platform's direct settlements have used."""
        kind = Benefit.from_term(benefit)
        entries = prior_entries(self.policy, year, kind, parse_yuan(deductible), parse_yuan(fund), disease)
        self.used = self.used.with_entries(entries)

    def pool(self, year: int, benefit: str) -> PoolUse:
        """What is used of a benefit's deductible and cap."""
        entries = prior_entries(self.policy, year, Benefit.from_term(benefit), 0, 0)
        return PoolUse(self.used.used(year, entries[0][1]).deductible_fen, self.used.used(year, entries[1][1]).fund_fen)


@pytest.fixture(scope="session")
def receipt() -> Callable[..., Receipt]:
    """``receipt("A1", "2023-05-20 09:00", "100.00", "三级")``."""
    return _receipt


@pytest.fixture(scope="session")
def person() -> Callable[..., Entitlement]:
    """``person("退休", filed=[("转诊转院", "2023-01-01/2023-12-31")])``; filing is not in question unless given."""
    return _person


@pytest.fixture(scope="session")
def policy_of(shelf: Shelf) -> Callable[..., Policy]:
    """The policy of an area, a framework filled with the sample's parameters unless others are given."""

    def policy(area: str, parameters: str | None = None) -> Policy:
        text = PARAMETERS.get(area) if parameters is None else parameters
        if not text:
            return shelf.policy(AREAS[area])
        item = parse_yaml(text.encode(), Findings("parameters.yaml"))
        return shelf.policy_with(AREAS[area], item)

    return policy


@pytest.fixture(scope="session")
def desk(policy_of) -> Callable[..., Desk]:
    """``desk("jiangxi")``, ``desk("jilin", person("退休"), parameters="…")``."""

    def make(area: str, insured: Entitlement | None = None, parameters: str | None = None) -> Desk:
        return Desk(policy_of(area, parameters), insured or _person())

    return make
