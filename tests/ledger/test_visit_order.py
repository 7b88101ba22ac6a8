"""A visit that is handed in late where an area has visits count: settled at its place, and never over the cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.adjudication.year_to_date import PlacedUse, PoolUse, YearToDate
from clerk_app.codes import Status, Tier
from clerk_app.errors import ClerkError
from clerk_app.ledger import accumulators
from clerk_app.ledger.effects import ClaimEffects
from clerk_app.ledger.records import PersonRecord, Settlement
from clerk_app.ledger.store import open_store
from clerk_app.receipts.claim import Claim, Institution, Receipt
from tests.ledger import news
from tests.ledger.news import Standing, by_visit, correct_all, open_effects, policy_of, prior
from tests.ledger.office import EMPLOYED, JIANGXI, JINING, Office, receipt

CLINIC = Institution("北京某社区中心", tier=Tier.ONE, networked=True)
JANUARY, MARCH = date(2023, 1, 5), date(2023, 3, 1)


@pytest.fixture
def office(office: Office) -> Office:
    """An office of an area that has visits count."""
    office.policy = by_visit(JIANGXI)
    return office


def used(office: Office, person: PersonRecord) -> YearToDate:
    return office.ledger.year_to_date(person.person_id, office.policy)


def shown(office: Office, person: PersonRecord, *receipts: Receipt) -> ClaimEffects:
    return office.ledger.effects_of_claim(person.person_id, Claim(receipts), office.policy, policy_of(office))


def paid(settlement: Settlement) -> list[tuple[int, int]]:
    return [(each.deductible_fen, each.fund_fen) for each in settlement.receipts]


def test_a_late_visit_is_settled_with_the_deductible_of_its_place(office: Office) -> None:
    person = office.person()
    office.settle(person, receipt("1", 40_000, JANUARY))
    office.settle(person, receipt("3", institution=CLINIC))
    late = office.settle(person, receipt("2", visited_on=MARCH))

    assert paid(late) == [(20_000, 40_000)], "400 of 600 were charged before, whatever was charged afterwards"
    assert late.receipts[0].deductible_used_before_fen == 40_000
    assert "此前就诊已付 400.00" in "".join(late.receipts[0].explanation)
    assert late.year_totals[0].deductible_fen == 80_000, "charged twice until the later voucher is corrected"


def test_settled_by_settlement_the_same_visits_are_charged_as_ever(office: Office) -> None:
    office.policy = JIANGXI
    person = office.person()
    office.settle(person, receipt("3", institution=CLINIC))
    assert used(office, person).placed == ()
    assert paid(office.settle(person, receipt("2", visited_on=MARCH))) == [(0, 50_000)]
    assert open_effects(office, person) == ()


def test_what_visits_leave_of_the_cap_is_paid_when_the_others_have_given_it_back(office: Office) -> None:
    person = office.person()
    later = office.settle(person, receipt("2", 380_000))
    assert later.fund_fen == 160_000
    before = shown(office, person, receipt("1", 300_000, JANUARY))
    late = office.settle(person, receipt("1", 300_000, JANUARY))

    assert paid(late) == [(60_000, 20_000)], "1200 at its place, of which 200 are left under the cap"
    assert before.fund_fen == 120_000
    (gives_back,) = before.effects
    assert (gives_back.voucher_number, gives_back.fund_after_fen) == (later.voucher_number, 60_000)
    own, same = sorted(open_effects(office, person), key=lambda effect: -effect.difference_fen)
    assert same == gives_back
    assert (own.voucher_number, own.fund_before_fen, own.fund_after_fen) == (late.voucher_number, 20_000, 120_000)

    with pytest.raises(ClerkError, match="decreases_first") as raised:
        news.correct(office, own)
    assert raised.value.details["vouchers"] == (later.voucher_number,)
    assert [each.fund_fen for each in correct_all(office, person)] == [-100_000, 100_000]
    assert used(office, person).used(2023, "ordinary") == PoolUse(60_000, 180_000)
    assert open_effects(office, person) == ()


def test_what_the_claim_page_computes_from_the_years_use_is_what_is_settled(office: Office) -> None:
    person = office.person()
    office.ledger.record_prior_benefit(person.person_id, prior(100, 50))
    office.settle(person, receipt("2", institution=CLINIC))
    claim = Claim((receipt("4", visited_on=date(2023, 5, 30)), receipt("1", visited_on=JANUARY)))
    preview = adjudicate_claim(claim, EMPLOYED, office.policy, used(office, person))
    assert [each.deductible_fen for each in preview.receipts] == [0, 50_000]
    assert paid(office.settle(person, claim=claim)) == [(0, 50_000), (50_000, 25_000)]


def test_another_late_visit_settled_meanwhile_is_told(office: Office) -> None:
    person = office.person()
    office.settle(person, receipt("3"))
    request = office.request(person, receipt("2", visited_on=MARCH))
    office.settle(person, receipt("1", visited_on=JANUARY))
    with pytest.raises(ClerkError, match="amount_changed"):
        office.ledger.settle(request)
    office.ledger.settle(office.request(person, receipt("4", visited_on=date(2023, 5, 31))))


def test_places_are_those_of_what_stands_as_it_was_corrected(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1", 20_000, JANUARY))
    office.settle(person, receipt("2", 10_000, MARCH), receipt("3", visited_on=date(2022, 12, 31)))
    office.settle(person, receipt("9", visited_on=date(2022, 12, 30)))
    office.ledger.reverse(first.voucher_number, "录错", "r1")
    office.ledger.record_prior_benefit(person.person_id, prior(550, 0))
    correct_all(office, person)

    placed = used(office, person).placed
    assert [(use.moment.month, use.deductible_fen) for use in placed] == [(3, 10_000), (12, 0), (3, -5_000)]
    assert placed[1] == PlacedUse(placed[1].moment), "refused beside a paid one: it has a place and uses nothing"
    late = office.settle(person, receipt("4", visited_on=JANUARY))
    assert paid(late) == [(5_000, 47_500)], "600 less the platform's 550, and not less what March was charged"


def test_a_late_visit_shares_its_visits_deductible_with_those_before_it_alone(jining: Office) -> None:
    jining.policy = by_visit(JINING)
    person = jining.person()
    jining.settle(person, receipt("2", 10_000, visit_label="v"))
    late = jining.settle(person, receipt("1", 10_000, MARCH, visit_label="v"))
    assert paid(late) == [(3_000, 3_500)]
    assert [each.difference_fen for each in open_effects(jining, person)] == [1_500]
    correct_all(jining, person)
    assert jining.settle(person, receipt("3", 10_000, MARCH, visit_label="v")).fund_fen == 5_000


@pytest.mark.parametrize("order", [JIANGXI, by_visit(JIANGXI)], ids=["by settlement", "by visit"])
def test_whoever_retires_in_the_year_is_corrected_up_to_the_years_last_cap(office: Office, order: object) -> None:
    """1800 while employed, 2000 from March on: a correction of January's voucher may bring the year to 2000."""
    office.policy = order  # type: ignore[assignment]
    entitlement = replace(EMPLOYED, retirement_registered_on=date(2023, 2, 10))
    person = office.person(entitlement=entitlement)
    first = office.settle(person, receipt("1", 260_000, JANUARY))
    second = office.settle(person, receipt("2", 300_000))
    assert (first.fund_fen, second.fund_fen) == (100_000, 100_000)
    office.ledger.record_prior_benefit(person.person_id, prior(600, 0))

    assert [each.fund_fen for each in correct_all(office, person)] == [-30_000, 30_000]
    assert used(office, person).used(2023, "ordinary").fund_fen == 200_000


def test_a_late_visit_of_an_employed_is_paid_under_the_cap_of_its_day(office: Office) -> None:
    entitlement = replace(EMPLOYED, retirement_registered_on=date(2023, 2, 10))
    person = office.person(entitlement=entitlement)
    office.settle(person, receipt("2", 460_000))
    assert used(office, person).used(2023, "ordinary").fund_fen == 200_000
    assert office.settle(person, receipt("1", 260_000, JANUARY)).fund_fen == 0
    correct_all(office, person)
    assert used(office, person).used(2023, "ordinary") == PoolUse(60_000, 200_000)


def test_the_second_net_holds_where_a_late_visit_would_be_paid_as_if_nothing_came_after_it(
    office: Office,
) -> None:
    """The amounts of the visit's place alone: the counter row refuses what they would take the year over its cap."""
    person = office.person()
    office.settle(person, receipt("2", 380_000))
    at_its_place = adjudicate_claim(Claim((receipt("1", 300_000, JANUARY),)), EMPLOYED, office.policy, YearToDate())
    assert at_its_place.fund_fen == 120_000
    store = open_store(office.place, wait_seconds=1)
    with store.reading() as connection:
        counters = accumulators.read_counters(connection, person.person_id)
    limited = accumulators.limited(counters, at_its_place.receipts)
    entry = (2023, "ordinary", PoolUse(0, at_its_place.fund_fen))
    with pytest.raises(IntegrityError, match="cap"), store.act() as connection:
        accumulators.post(office.act(connection), person.person_id, limited, [entry])
    store.close()


VISITS = st.tuples(
    st.integers(0, 140).map(lambda number: date(2023, 1, 1) + timedelta(number)),
    st.integers(0, 400_000),
    st.sampled_from([CLINIC, Institution("北京协和医院", tier=Tier.THREE, networked=True)]),
    st.sampled_from(["", "v"]),
)
#: Claims one after the other, and between them whether everything open is corrected.
YEARS = st.lists(st.tuples(st.lists(VISITS, min_size=1, max_size=3), st.booleans()), min_size=2, max_size=6)


@pytest.mark.parametrize("policy", [JIANGXI, JINING], ids=["annual deductible", "deductible per visit"])
@settings(max_examples=25, deadline=None)
@given(
    year=YEARS, prior_yuan=st.sampled_from([0, 150, 1_790]), status=st.sampled_from([Status.EMPLOYED, Status.RETIRED])
)
def test_in_whatever_order_visits_come_the_cap_holds_at_every_instant_and_the_end_is_that_of_the_visits(
    policy: object, year: list[tuple[list[tuple[date, int, Institution, str]], bool]], prior_yuan: int, status: Status
) -> None:
    with TemporaryDirectory() as folder:
        office = Office(Path(folder) / "ledger.db", policy=by_visit(policy))  # type: ignore[arg-type]
        person = office.person(entitlement=replace(EMPLOYED, status=status))
        platform = prior(0, prior_yuan)
        office.ledger.record_prior_benefit(person.person_id, platform)
        standing = Standing(office.policy, person, prior=platform)
        cap_fen = max(news.caps(office.policy)["ordinary"], platform.fund_fen)

        def check_cap() -> None:
            assert used(office, person).used(2023, "ordinary").fund_fen <= cap_fen

        for number, (visits, is_corrected) in enumerate(year):
            claim = Claim(
                tuple(
                    receipt(f"{number}-{place}", fen, day, institution=institution, visit_label=label)
                    for place, (day, fen, institution, label) in enumerate(visits)
                )
            )
            standing.claims[office.settle(person, claim=claim).voucher_number] = claim
            check_cap()
            while is_corrected and (found := open_effects(office, person)):
                news.correct_one(office, found)
                check_cap()
        correct_all(office, person)
        check_cap()
        paid_fen, year_used = standing.decided_afresh()
        for voucher, fen in paid_fen.items():
            settled = office.ledger.settlement(voucher)
            corrections = map(office.ledger.settlement, settled.corrected_by)
            assert settled.fund_fen + sum(each.fund_fen for each in corrections) == fen
        assert news.used_pools(used(office, person)) == news.used_pools(year_used)
        office.ledger.close()
