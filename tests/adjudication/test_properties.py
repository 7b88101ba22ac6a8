"""The engine against a slow oracle written from the rules in exact fractions, and properties that always hold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clerk_app.adjudication.engine import adjudicate_claim, pools_used
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Benefit, Decision, FilingCategory, Insurance, Material, Status, Tier
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.insured import Condition, Entitlement, Filing, Period, Stay

AREAS = ["jilin", "chongqing", "jiangxi", "nanyang", "jining"]
LONG = Period(date(2020, 1, 1))
HOSPITALS = ["甲示例医院", "乙示例医院"]
BENEFITS = [Benefit.ORDINARY, Benefit.CHRONIC, Benefit.SPECIAL, Benefit.EMERGENCY, Benefit.DAY_SURGERY]
CONDITIONS = (
    Condition("M01600", Benefit.CHRONIC, LONG),
    Condition("M00500", Benefit.CHRONIC, LONG),
    Condition("M00501", Benefit.SPECIAL, LONG),
)

# -- the oracle: yuan as fractions, written from rules.md -----------------------------------------------------------


def percents(one: int, two: int, three: int) -> dict[int, Fraction]:
    return {0: Fraction(one, 100), 1: Fraction(one, 100), 2: Fraction(two, 100), 3: Fraction(three, 100)}


def by_tier(one: int, two: int, three: int) -> dict[int, Fraction]:
    return {0: Fraction(one), 1: Fraction(one), 2: Fraction(two), 3: Fraction(three)}


FLAT_50 = percents(50, 50, 50)
INPATIENT = {"在职": percents(90, 85, 80), "退休": percents(92, 87, 82)}


def figures(area: str, status: str, benefit: Benefit, tier: int):
    """(how the deductible counts, its pool, its standard, ratio, the cap's pool, the cap)."""
    retired = status == "退休"
    if area == "jiangxi":
        ratio = percents(65, 60, 55) if retired else percents(60, 55, 50)
        return "year", "O", Fraction(600), ratio[tier], "O", Fraction(2000 if retired else 1800)
    if area == "chongqing":
        ratio = percents(70, 70, 60) if retired else percents(60, 60, 50)
        return "year", "O", Fraction(100 if retired else 200), ratio[tier], "O", Fraction(4000 if retired else 3000)
    if area == "nanyang":
        ratio = percents(70, 65, 60) if retired else percents(60, 55, 50)
        return "24h", "O", by_tier(0, 30, 50)[tier], ratio[tier], "O", Fraction(2000 if retired else 1500)
    if area == "jining":
        resident = status == "居民"
        return "label", "O", Fraction(0 if resident else 30), FLAT_50[tier], "O", Fraction(200 if resident else 600)
    hospital = INPATIENT[status][tier]
    ordinary = percents(60, 55, 50)[tier] + Fraction(5 if retired else 0, 100)
    return {
        Benefit.ORDINARY: ("year", "O", Fraction(300), ordinary, "O", Fraction(2000)),
        Benefit.CHRONIC: ("year", "O", Fraction(300), Fraction(60, 100), "C", Fraction(6500)),
        Benefit.SPECIAL: ("year", "S", by_tier(200, 400, 800)[tier], hospital, "I", Fraction(100000)),
        Benefit.EMERGENCY: ("label", "E", by_tier(200, 400, 800)[tier], hospital, "I", Fraction(100000)),
        Benefit.DAY_SURGERY: ("label", "D", Fraction(0), hospital, "I", Fraction(100000)),
    }[benefit]


DISEASE_CAP = {"M01600": Fraction(3000)}


@dataclass
class Oracle:
    """One person's years, as the rules tell them."""

    area: str
    status: str
    retired_on: date | None
    deductible: dict = field(default_factory=dict)
    paid: dict = field(default_factory=dict)
    visits: list = field(default_factory=list)

    def status_on(self, day: date) -> str:
        if self.retired_on is None:
            return self.status
        first = (self.retired_on.replace(day=1) + timedelta(31)).replace(day=1)
        return "退休" if day >= first else "在职"

    def claim(self, receipts) -> list[tuple[Fraction, Fraction, Fraction]]:
        """(deductible, fund, above the cap) of each receipt, in the order of entry."""
        results = {}
        for index, paper in sorted(enumerate(receipts), key=lambda pair: pair[1].moment):
            results[index] = (Fraction(0),) * 3 if paper.exclusion else self._one(paper)
        return [results[index] for index in range(len(receipts))]

    def _one(self, paper: Receipt):
        tier, year = int(paper.institution.tier), paper.visited_on.year
        how, pool, standard, ratio, cap_pool, cap = figures(
            self.area, self.status_on(paper.visited_on), paper.benefit, tier
        )
        in_scope = (
            Fraction(paper.total_fen, 100)
            - Fraction(paper.self_funded_fen, 100)
            - Fraction(paper.over_limit_fen, 100)
            - Fraction(paper.paid_first_fen, 100)
        )
        if how == "year":
            charged_before = self.deductible.get((year, pool), Fraction(0))
        else:
            charged_before = sum(
                (charged for other, charged in self.visits if self._same_visit(how, pool, other, paper)), Fraction(0)
            )
        deductible = min(in_scope, max(Fraction(0), standard - charged_before))
        share = Fraction(floor((in_scope - deductible) * ratio * 100 + Fraction(1, 2)), 100)
        left = cap - self.paid.get((year, cap_pool), Fraction(0))
        disease_pool = None
        if cap_pool == "C" and paper.disease in DISEASE_CAP:
            disease_pool = (year, "C", paper.disease)
            left = min(left, DISEASE_CAP[paper.disease] - self.paid.get(disease_pool, Fraction(0)))
        fund = max(Fraction(0), min(share, left))
        used_up = Fraction(floor(fund / ratio * 100 + Fraction(1, 2)), 100)
        above = max(Fraction(0), in_scope - deductible - used_up) if fund < share else Fraction(0)
        self.deductible[year, pool] = self.deductible.get((year, pool), Fraction(0)) + deductible
        for key in [(year, cap_pool), *([disease_pool] if disease_pool else [])]:
            self.paid[key] = self.paid.get(key, Fraction(0)) + fund
        self.visits.append((paper, deductible))
        return deductible, fund, above

    def _same_visit(self, how: str, pool: str, other: Receipt, paper: Receipt) -> bool:
        if other.institution.name != paper.institution.name:
            return False
        if figures(self.area, "在职" if self.status != "居民" else "居民", other.benefit, 3)[1] != pool:
            return False
        if how == "label":
            return bool(paper.visit_label) and paper.visit_label == other.visit_label
        known = [seen for seen, _charged in self.visits if seen.institution.name == paper.institution.name]
        return any(paper in window and other in window for window in _windows([*known, paper]))


def _windows(papers: list[Receipt]) -> list[list[Receipt]]:
    windows: list[list[Receipt]] = []
    for paper in sorted(papers, key=lambda one: one.moment):
        if windows:
            first = windows[-1][0]
            timed = first.visited_at is not None and paper.visited_at is not None
            hours_apart = (paper.moment - first.moment) / timedelta(hours=1)
            if hours_apart < 24 if timed else paper.visited_on == first.visited_on:
                windows[-1].append(paper)
                continue
        windows.append([paper])
    return windows


# -- invented claims ------------------------------------------------------------------------------------------------

days = st.dates(date(2023, 1, 1), date(2024, 3, 31))
busy_days = st.sampled_from([date(2023, 12, 30), date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 2)])
times = st.none() | st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
amounts = st.integers(0, 3000) | st.integers(0, 300_000) | st.integers(200_000, 800_000) | st.integers(0, 20_000_000)


@st.composite
def papers(draw, area: str, number: int, benefits=BENEFITS) -> Receipt:
    parts = [draw(st.integers(0, 20_000)) for _part in range(3)] if draw(st.booleans()) else [0, 0, 0]
    benefit = draw(st.sampled_from(benefits)) if area == "jilin" else Benefit.ORDINARY
    disease = {Benefit.CHRONIC: draw(st.sampled_from(["M01600", "M00500"])), Benefit.SPECIAL: "M00501"}.get(benefit, "")
    return Receipt(
        f"N{number}",
        draw(days | busy_days),
        Institution(draw(st.sampled_from(HOSPITALS)), tier=draw(st.sampled_from(Tier)), networked=True),
        draw(amounts) + sum(parts),
        visited_at=draw(times),
        benefit=benefit,
        disease=disease,
        self_funded_fen=parts[0],
        over_limit_fen=parts[1],
        paid_first_fen=parts[2],
        visit_label=draw(st.sampled_from(["", "甲", "乙"])),
        settled_by_network=area == "nanyang",
        exclusion={"nanyang": "19(5)"}.get(area, "工伤") if draw(st.integers(0, 9)) == 0 else "",
    )


@st.composite
def cases(draw, areas=AREAS):
    """An area, a person, and claims handed in one after another."""
    area = draw(st.sampled_from(areas))
    status = draw(st.sampled_from(["在职", "退休", "居民"] if area == "jining" else ["在职", "退休"]))
    retired_on = draw(st.none() | st.dates(date(2022, 11, 1), date(2024, 4, 1))) if status != "居民" else None
    entitlement = Entitlement(
        Insurance.RESIDENT if status == "居民" else Insurance.EMPLOYEE,
        Status.from_term(status),
        retired_on,
        filings=None,
        conditions=CONDITIONS,
    )
    count = draw(st.integers(1, 8))
    # One kind of care all year long is what fills its pools.
    benefits = draw(st.just(BENEFITS) | st.sampled_from(BENEFITS).map(lambda benefit: [benefit]))
    receipts = [draw(papers(area, number, benefits)) for number in range(count)]
    cuts = sorted(draw(st.sets(st.integers(1, count), max_size=3)) | {count})
    claims = [receipts[start:end] for start, end in zip([0, *cuts[:-1]], cuts, strict=True)]
    return area, status, retired_on, entitlement, claims


def fen(yuan: Fraction) -> int:
    assert (yuan * 100).denominator == 1
    return int(yuan * 100)


@pytest.mark.parametrize("areas", [["jilin"], ["nanyang"], ["jining"], ["chongqing", "jiangxi"]])
@settings(max_examples=200)
@given(data=st.data())
def test_the_engine_agrees_with_the_oracle_and_every_part_adds_up(desk, areas, data):
    case = data.draw(cases(areas))
    area, status, retired_on, entitlement, claims = case
    counter, oracle = desk(area, entitlement), Oracle(area, status, retired_on)
    for receipts in claims:
        claim = counter.settle(*receipts)
        expected = [tuple(map(fen, amounts)) for amounts in oracle.claim(receipts)]
        assert [(one.deductible_fen, one.fund_fen, one.over_cap_fen) for one in claim.receipts] == expected
        for one in claim.receipts:
            paper = one.receipt
            # Identity 1, 2 and 3 of the money fields.
            bearing_first = paper.self_funded_fen + paper.over_limit_fen + paper.paid_first_fen
            assert paper.total_fen == one.in_scope_fen + bearing_first
            assert paper.total_fen == one.fund_fen + one.person_fen
            if one.decision is not Decision.REFUSE:
                persons_share = one.in_scope_fen - one.deductible_fen - one.fund_fen - one.over_cap_fen
                assert persons_share >= 0
                assert one.fund_used_before_fen + one.fund_fen <= max(one.terms.cap_fen, one.fund_used_before_fen)
            assert 0 <= one.fund_fen <= one.in_scope_fen
        assert claim.total_fen == claim.fund_fen + claim.account_fen + claim.cash_fen


@settings(max_examples=150)
@given(cases(), st.data())
def test_a_larger_bill_never_pays_less_in_all(desk, case, data):
    area, _status, _retired_on, entitlement, claims = case
    receipts = [paper for claim in claims for paper in claim]
    chosen = data.draw(st.integers(0, len(receipts) - 1))
    larger = list(receipts)
    larger[chosen] = replace(
        receipts[chosen], total_fen=receipts[chosen].total_fen + data.draw(st.integers(1, 200_000))
    )
    assert desk(area, entitlement).decide(*larger).fund_fen >= desk(area, entitlement).decide(*receipts).fund_fen


@settings(max_examples=150)
@given(cases(), st.data())
def test_splitting_a_bill_gains_no_more_than_rounding(desk, case, data):
    area, _status, _retired_on, entitlement, claims = case
    whole = claims[0][0]
    whole = replace(whole, self_funded_fen=0, over_limit_fen=0, paid_first_fen=0)
    pieces = data.draw(st.integers(2, 6))
    cuts = sorted(data.draw(st.integers(0, whole.total_fen)) for _cut in range(pieces - 1))
    edges = [0, *cuts, whole.total_fen]
    parts = [
        replace(whole, number=f"P{number}", total_fen=end - start)
        for number, (start, end) in enumerate(pairwise(edges))
    ]
    gain = desk(area, entitlement).decide(*parts).fund_fen - desk(area, entitlement).decide(whole).fund_fen
    assert gain <= (pieces + 1) / 2


@settings(max_examples=100)
@given(cases(), st.data())
def test_a_reversal_puts_every_accumulator_back(desk, case, data):
    area, _status, _retired_on, entitlement, claims = case
    counter = desk(area, entitlement)
    settled = [counter.settle(*receipts) for receipts in claims]
    taken_back = data.draw(st.integers(0, len(settled) - 1))
    used = counter.used
    for adjudication in settled[taken_back].receipts:
        used = used.with_entries((year, pool, -use) for year, pool, use in pools_used(adjudication))
    without = YearToDate()
    for number, claim in enumerate(settled):
        if number != taken_back:
            for adjudication in claim.receipts:
                without = without.with_entries(pools_used(adjudication))
    everything = {*used.pools, *without.pools}
    assert all(used.used(*key) == without.used(*key) for key in everything)


@settings(max_examples=100)
@given(cases())
def test_no_pool_of_a_year_is_ever_passed(desk, case):
    area, _status, _retired_on, entitlement, claims = case
    highest = {"jiangxi": 2000, "chongqing": 4000, "nanyang": 2000, "jining": 600, "jilin": 100_000}[area] * 100
    counter = desk(area, entitlement)
    for receipts in claims:
        counter.settle(*receipts)
    for (_year, pool), use in counter.used.pools.items():
        limit = {"ordinary": 200_000, "chronic": 650_000, "chronic/M01600": 300_000}.get(pool, highest)
        assert 0 <= use.fund_fen <= (limit if area == "jilin" else highest)


# -- the short path ---------------------------------------------------------------------------------------------------

spans = st.builds(
    lambda start, length: Period(start, start + timedelta(length)),
    st.dates(date(2022, 10, 1), date(2024, 2, 1)),
    st.integers(0, 400),
)


@st.composite
def standings(draw) -> Entitlement:
    """People about whom something may be objected to."""
    status = draw(st.sampled_from([Status.EMPLOYED, Status.RETIRED, Status.RESIDENT]))
    resident = status is Status.RESIDENT
    periods = st.lists(spans, max_size=2).map(tuple)
    filings = st.lists(st.builds(Filing, st.sampled_from(FilingCategory), spans), max_size=2).map(tuple)
    stays = st.lists(spans.map(lambda span: Stay(span.starts_on, span.ends_on)), max_size=1).map(tuple)
    return Entitlement(
        Insurance.RESIDENT if resident else Insurance.EMPLOYEE,
        status,
        None if resident else draw(st.none() | days),
        draw(st.none() | periods),
        draw(st.none() | filings),
        draw(stays),
    )


def outline(claim):
    return [
        (
            one.decision,
            [(finding.reason, finding.source, finding.subject) for finding in one.findings],
            one.terms,
            one.status,
            one.deductible_used_before_fen,
            one.deductible_fen,
            one.ratio_bp,
            one.fund_used_before_fen,
            one.cap_left_fen,
            one.fund_fen,
            one.over_cap_fen,
            one.person_fen,
        )
        for one in claim.receipts
    ]


@settings(max_examples=400)
@given(st.sampled_from(AREAS), standings(), st.data())
def test_the_short_path_gives_what_the_full_examination_gives(policy_of, area, entitlement, data):
    routine = []
    for number in range(data.draw(st.integers(1, 5))):
        paper = replace(
            data.draw(papers(area, number, benefits=[Benefit.ORDINARY])), exclusion="", settled_by_network=False
        )
        place = data.draw(st.sampled_from(["", "110101", "360102", "220102", "500112", "370811"]))
        routine.append(
            replace(
                paper,
                number=data.draw(st.sampled_from(["N1", "N2", paper.number])),
                visited_on=paper.visited_on - timedelta(data.draw(st.sampled_from([0, 0, 400, 900]))),
                institution=replace(paper.institution, area_code=place),
            )
        )
    # A disease that nobody has registered and no document names changes nothing, but is always looked into.
    examined = [replace(paper, disease="J06.900") for paper in routine]
    assert all(paper.is_routine for paper in routine)
    assert not any(paper.is_routine for paper in examined)
    materials = data.draw(st.none() | st.sets(st.sampled_from(Material)).map(frozenset))
    taken = data.draw(st.sampled_from([{}, {"/N2": "示例-1"}]))
    policy = policy_of(area)
    short = adjudicate_claim(Claim(tuple(routine), materials=materials), entitlement, policy, YearToDate(), taken)
    full = adjudicate_claim(Claim(tuple(examined), materials=materials), entitlement, policy, YearToDate(), taken)
    assert outline(short) == outline(full)


@settings(max_examples=200)
@given(st.sampled_from(AREAS), standings(), st.data())
def test_what_is_remembered_of_a_person_never_changes_a_decision(policy_of, area, entitlement, data):
    policy = policy_of(area)
    for number in range(data.draw(st.integers(1, 5))):
        claim = Claim((data.draw(papers(area, number, benefits=[Benefit.ORDINARY])),))
        again = adjudicate_claim(claim, entitlement, policy, YearToDate())
        afresh = adjudicate_claim(claim, replace(entitlement), policy, YearToDate())
        assert outline(again) == outline(afresh)


@pytest.mark.parametrize("moment", [datetime(2023, 3, 1, 9, 0)])  # noqa: DTZ001 -- a paper's clock has no zone
def test_the_oracle_itself_knows_the_order_example(moment):
    three, one = Institution("甲", tier=Tier.THREE), Institution("乙", tier=Tier.ONE)
    high = Receipt("H", moment.date(), three, 100_000, visited_at=moment.time())
    low = Receipt("L", moment.date(), one, 100_000, visited_at=moment.time())
    assert [fund for _deductible, fund, _above in Oracle("jiangxi", "在职", None).claim([high, low])] == [200, 600]
    assert [fund for _deductible, fund, _above in Oracle("jiangxi", "在职", None).claim([low, high])] == [240, 500]
