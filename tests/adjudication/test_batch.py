"""Very many persons at once: the same fen as the engine, for every receipt of everyone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.adjudication.batch import adjudicate_batch
from clerk_app.adjudication.batch_claims import PersonClaims
from clerk_app.adjudication.batch_columns import BatchColumns
from clerk_app.adjudication.engine import adjudicate_claim, prior_entries
from clerk_app.adjudication.year_to_date import PoolUse, YearToDate, charged_visit
from clerk_app.codes import Benefit, FilingCategory, Insurance, Status, Tier
from clerk_app.errors import PolicyGap
from clerk_app.policy.version import DeductibleBasis, Policy, UnfiledRule
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.insured import Entitlement, Filing, Period, Stay
from tests.adjudication.crowd import CONDITIONS, assert_same_fen, columns_of, for_the_unfiled, one_person

AREAS = ["jilin", "chongqing", "jiangxi", "nanyang", "jining"]
HOSPITALS = ["甲示例医院", "乙示例医院"]


# -- random persons ----------------------------------------------------------------------------------------------------


amounts = st.one_of(
    st.integers(0, 300_000), st.integers(0, 30), st.sampled_from([2_999, 3_000, 5_001, 60_000, 60_001, 900_000])
)
days = st.one_of(
    st.dates(date(2023, 1, 1), date(2024, 12, 31)),
    st.dates(date(2021, 3, 20), date(2023, 6, 30)),
    # Close together, so that windows, labels and the turn of a year matter.
    st.dates(date(2023, 12, 29), date(2024, 1, 4)),
)
hours = st.none() | st.sampled_from([time(0), time(8), time(23, 59)])
small = st.integers(0, 5)  # one in six is odd


@st.composite
def receipts(draw, area: str, number: int, is_odd: bool, by_network: bool):
    total = 10**17 if is_odd and draw(small) == 0 else draw(amounts)
    is_jilin = area == "jilin"
    return Receipt(
        f"R{draw(st.integers(1, 4)) if is_odd else number}",
        draw(days),
        Institution(
            draw(st.sampled_from(HOSPITALS)),
            tier=draw(st.sampled_from([*Tier, None] if is_odd else list(Tier))),
            networked=draw(st.booleans()),
            designated=not is_odd or draw(st.booleans()),
            area_code=draw(st.sampled_from(["", "360102"])) if is_odd else "",
        ),
        total,
        visited_at=draw(hours),
        benefit=draw(st.sampled_from([Benefit.ORDINARY, *([Benefit.CHRONIC, Benefit.EMERGENCY] if is_jilin else [])])),
        disease=draw(st.sampled_from(["", "", "", "M01600", "M00500"])) if is_jilin else "",
        self_funded_fen=draw(st.integers(0, total)) if draw(small) == 0 else 0,
        visit_label=draw(st.sampled_from(["", "", "v1", "v2"])),
        settled_by_network=by_network or (is_odd and draw(st.booleans())),
        exclusion=draw(st.sampled_from(["", "工伤", "nobody knows"])) if is_odd else "",
    )


@st.composite
def persons(draw, area: str):
    oddity = draw(st.sampled_from([0, 0, 1, 2]))  # of the receipts: none, every sixth, every second
    by_network = area == "nanyang" or draw(st.booleans())
    status = draw(st.sampled_from(list(Status) if area == "jining" else [Status.EMPLOYED, Status.RETIRED]))
    is_resident = status is Status.RESIDENT
    filings = st.sampled_from(
        [None, (), (Filing(FilingCategory.REFERRED, Period(date(2023, 6, 1), date(2024, 3, 1))),)]
    )
    entitlement = Entitlement(
        Insurance.RESIDENT if is_resident else Insurance.EMPLOYEE,
        status,
        None if is_resident else draw(st.none() | st.dates(date(2022, 1, 1), date(2024, 12, 31))),
        draw(st.sampled_from([None, None, (Period(date(2022, 1, 1), date(2024, 6, 30)),)])),
        draw(filings),
        (Stay(date(2023, 12, 30), date(2024, 1, 2)),) if draw(small) == 0 else (),
        CONDITIONS[:: draw(st.sampled_from([1, -1]))] if area == "jilin" else (),  # the first one counts, unnamed
    )

    def is_odd() -> bool:
        return bool(oddity) and draw(small) < (0, 1, 3)[oddity]

    claims = tuple(
        Claim(
            tuple(
                draw(receipts(area, 10 * place + count, is_odd(), by_network))
                for count in range(draw(st.integers(1, 4)))
            )
        )
        for place in range(draw(st.integers(1, 3)))
    )
    uses = st.builds(PoolUse, st.integers(-5_000, 70_000), st.sampled_from([0, 100_000, 149_999, -5_000, 10**19]))
    pools = {
        (year, pool): draw(uses) for year in (2023, 2024) for pool in ("ordinary", "chronic") if draw(st.booleans())
    }
    visits = ()
    if oddity and draw(small) == 0:
        first = claims[0].receipts[0]
        visits = (charged_visit(first, "ordinary", draw(st.integers(0, 3_000))),)
    taken = {claims[0].receipts[-1].bill_key: "V1"} if oddity and draw(small) == 0 else {}
    return PersonClaims(entitlement, claims, YearToDate(pools, visits), taken)


@pytest.fixture(scope="module")
def policies(policy_of) -> dict[str, Policy]:
    """The five areas as shipped, and Jiangxi with each rule for the unfiled."""
    known = {area: policy_of(area) for area in AREAS}
    known["jiangxi, points off"] = for_the_unfiled(known["jiangxi"], UnfiledRule.POINTS_OFF)
    known["jiangxi, paid first"] = for_the_unfiled(known["jiangxi"], UnfiledRule.PAID_FIRST)
    known["chongqing, open"] = policy_of("chongqing", "")
    return known


@pytest.mark.parametrize("area", [*AREAS, "jiangxi, points off", "jiangxi, paid first", "chongqing, open"])
def test_the_batch_gives_the_fen_of_the_engine(policies, area):
    paid_in_rounds = 0

    @given(st.lists(persons(area.partition(",")[0]), min_size=1, max_size=6))
    def hold(batch):
        nonlocal paid_in_rounds
        result = assert_same_fen(batch, policies[area])
        paid_in_rounds += int((~result.by_engine & (result.person_fund_fen > 0)).sum())

    hold()
    # Else the engine was only compared with itself.
    assert paid_in_rounds > 5 or area == "chongqing, open"


# -- columns -----------------------------------------------------------------------------------------------------------


@st.composite
def plain_persons(draw, area: str):
    """Nothing to object to; same hospital, day and label make a visit, and nothing else does."""
    status = draw(st.sampled_from(list(Status) if area == "jining" else [Status.EMPLOYED, Status.RETIRED]))
    is_resident = status is Status.RESIDENT
    entitlement = Entitlement(
        Insurance.RESIDENT if is_resident else Insurance.EMPLOYEE,
        status,
        None if is_resident else draw(st.none() | st.dates(date(2022, 1, 1), date(2024, 12, 31))),
        filings=None,
    )
    papers = []
    for number in range(draw(st.integers(1, 6))):
        visited_on = draw(days)
        label = f"{visited_on} {draw(st.sampled_from(HOSPITALS))}"
        is_shared = draw(st.booleans())
        # The 24-hour rule knows hospitals and days, the other one labels: say both the same.
        hospital = Institution(
            label if is_shared else f"{number}", tier=draw(st.sampled_from(list(Tier))), networked=True
        )
        papers.append(
            Receipt(
                f"{number}",
                visited_on,
                hospital,
                draw(amounts),
                visit_label=label if is_shared else "",
                settled_by_network=area == "nanyang",
            )
        )
    uses = st.builds(PoolUse, st.integers(-5_000, 70_000), st.integers(-5_000, 250_000) | st.just(2**61))
    pools = {(year, "ordinary"): draw(uses) for year in (2022, 2023, 2024, 2030) if draw(st.booleans())}
    return PersonClaims(entitlement, (Claim(tuple(papers)),), YearToDate(pools))


@pytest.mark.parametrize("area", [*AREAS, "chongqing, open"])
def test_columns_give_the_fen_of_the_engine(policies, area):
    policy = policies[area]
    name = area.partition(",")[0]

    @given(st.lists(plain_persons(name), min_size=1, max_size=6), st.booleans())
    def hold(people, shuffled):
        people = [
            replace(
                own,
                used=YearToDate().with_entries(
                    entry
                    for (year, _pool), use in own.used.pools.items()
                    for entry in prior_entries(policy, year, Benefit.ORDINARY, use.deductible_fen, use.fund_fen)
                ),
            )
            for own in people
        ]
        by_claims = assert_same_fen(people, policy)
        columns = columns_of(people, policy, shuffled=shuffled)
        result = adjudicate_batch(columns, policy)
        assert result.person_fund_fen.tolist() == by_claims.person_fund_fen.tolist()
        assert {person: error.code for person, error in result.undecided.items()} == {
            person: error.code for person, error in by_claims.undecided.items()
        }
        in_order = columns_of(people, policy)
        expected = [
            amount
            for number, own in enumerate(people)
            for amount in (
                in_visit_order(own, policy)
                if number not in result.undecided
                else [(-1, -1)] * len(own.claims[0].receipts)
            )
        ]
        got = adjudicate_batch(in_order, policy)
        assert list(zip(got.fund_fen.tolist(), got.deductible_fen.tolist(), strict=True)) == expected

    hold()


def in_visit_order(own: PersonClaims, policy: Policy) -> list[tuple[int, int]]:
    """What the engine gives to a person with one claim, in the order of settlement."""
    (claim,) = own.claims
    decided = adjudicate_claim(claim, own.entitlement, policy, own.used).receipts
    return [(decided[index].fund_fen, decided[index].deductible_fen) for index in claim.by_visit]


def jiangxi_persons(count: int) -> Iterator[PersonClaims]:
    """Seeded persons of two years with every tier, some retiring in between, most with prior benefits."""
    random = Random(360_000)  # noqa: S311  # the same persons every time
    first = date(2023, 1, 1)
    for _person in range(count):
        registered_on = first + timedelta(random.randrange(730)) if random.random() < 0.3 else None
        entitlement = Entitlement(
            Insurance.EMPLOYEE, random.choice([Status.EMPLOYED, Status.RETIRED]), registered_on, filings=None
        )
        papers = tuple(
            Receipt(
                str(number),
                first + timedelta(random.randrange(730)),
                Institution("示例医院", tier=random.choice(list(Tier))),
                random.choice([random.randrange(1_000), random.randrange(90_000), random.randrange(900_000)]),
                visited_at=random.choice([None, time(random.randrange(24))]),
            )
            for number in range(random.randint(1, 7))
        )
        used = YearToDate(
            {
                (year, "ordinary"): PoolUse(random.randrange(60_001), random.randrange(200_001))
                for year in (2023, 2024)
                if random.random() < 0.5
            }
        )
        yield PersonClaims(entitlement, (Claim(papers),), used)


def test_twenty_thousand_persons_of_jiangxi(policies):
    policy = policies["jiangxi"]
    people = list(jiangxi_persons(20_000))
    expected = [in_visit_order(own, policy) for own in people]
    columns = columns_of(people, policy)
    by_columns, by_claims = adjudicate_batch(columns, policy), adjudicate_batch(people, policy)
    assert not by_columns.by_engine.any()
    assert not by_claims.by_engine.any()
    got = zip(by_columns.fund_fen.tolist(), by_columns.deductible_fen.tolist(), strict=True)
    assert list(got) == [amount for decided in expected for amount in decided]
    totals = [sum(fund for fund, _deductible in decided) for decided in expected]
    assert by_columns.person_fund_fen.tolist() == by_claims.person_fund_fen.tolist() == totals
    assert sum(totals) > 0


# -- the edges ---------------------------------------------------------------------------------------------------------


def test_a_policy_that_goes_over_from_the_visit_to_the_year_is_left_to_the_engine(policies, receipt):
    jining = policies["jining"]
    (version,) = jining.versions

    def yearly(cells):
        annual = DeductibleBasis.ANNUAL
        return {
            key: {kind: replace(terms, deductible_basis=annual) for kind, terms in of.items()}
            for key, of in cells.items()
        }

    later = replace(version, effective_from=date(2023, 7, 1), cells=yearly(version.cells))
    policy = replace(jining, versions=(version.ending_before(date(2023, 7, 1)), later))
    people = [
        one_person(
            receipt("A", "2023-03-01", "100", networked=True), receipt("B", "2023-08-01", "100", networked=True)
        ),
        one_person(
            receipt("A", "2023-03-01", "100", networked=True), receipt("B", "2023-04-01", "100", networked=True)
        ),
    ]
    result = assert_same_fen(people, policy)
    assert result.by_engine.tolist() == [True, False]
    assert result.person_fund_fen.tolist() == [8_500, 7_000]
    by_columns = adjudicate_batch(columns_of(people, policy), policy)
    assert by_columns.by_engine.tolist() == [True, False]
    assert by_columns.person_fund_fen.tolist() == [8_500, 7_000]


def test_a_person_for_whom_a_parameter_is_missing_has_no_amount_and_the_reason(policies, receipt):
    people = [one_person(receipt("A", "2023-03-01", "1000"))]
    policy = policies["chongqing, open"]
    for claims in (people, columns_of(people, policy)):
        result = adjudicate_batch(claims, policy)
        assert isinstance(result.undecided[0], PolicyGap)
        assert result.undecided[0].code == "parameter_not_set"
        assert (result.fund_fen.tolist(), result.person_fund_fen.tolist()) == ([-1], [-1])


def test_nobody_handed_in_anything(policies):
    nothing = np.zeros(0, np.int64)
    columns = BatchColumns(3, nothing, nothing.astype("datetime64[D]"), nothing, nothing, nothing)
    assert adjudicate_batch(columns, policies["jiangxi"]).person_fund_fen.tolist() == [0, 0, 0]
    assert adjudicate_batch([], policies["jiangxi"]).fund_fen.tolist() == []


def test_nothing_at_start_up_imports_numpy():
    code = "import sys, clerk_app.__main__, clerk_app.adjudication.engine; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
