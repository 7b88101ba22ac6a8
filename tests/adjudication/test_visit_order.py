"""A claim that comes late, decided at its place among what is settled, where an area has visits count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.adjudication.adjudication import ClaimAdjudication
from clerk_app.adjudication.engine import adjudicate_claim, pools_used
from clerk_app.adjudication.explanation import explain
from clerk_app.adjudication.visit_order import moves_settled
from clerk_app.adjudication.year_to_date import PlacedUse, PoolUse, YearToDate, charged_visit
from clerk_app.codes import Insurance, Status, Tier
from clerk_app.policy.shelf import load_shelf
from clerk_app.policy.version import DeductibleBasis, Policy, Stated
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.insured import Entitlement

SHELF = load_shelf()
EMPLOYED = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED)
CLINIC = Institution("甲示例社区中心", tier=Tier.ONE, networked=True)
HOSPITAL = Institution("乙示例医院", tier=Tier.THREE, networked=True)


def ordered(policy: Policy, order: str = "就诊先后") -> Policy:
    versions = (replace(each, receipt_order=Stated(order, each.receipt_order.source)) for each in policy.versions)
    return replace(policy, versions=tuple(versions))


JIANGXI, JINING, NANYANG = (ordered(SHELF.policy(code)) for code in ("360000", "370800", "411300"))


def visit(number: str, day: date, yuan: int = 1_000, institution: Institution = HOSPITAL, **more: object) -> Receipt:
    return Receipt(number, day, institution, yuan * 100, **more)  # type: ignore[arg-type]


def settled(used: YearToDate, policy: Policy, *receipts: Receipt) -> tuple[ClaimAdjudication, YearToDate]:
    """One claim decided, and what is used afterwards: as the ledger has it."""
    decided = adjudicate_claim(Claim(receipts), EMPLOYED, policy, used)
    entries = [entry for each in decided.receipts for entry in pools_used(each)]
    placed, visits = list(used.placed), []
    for each in decided.receipts:
        pool = each.terms.deductible_pool if each.terms else ""
        placed.append(PlacedUse(each.receipt.moment, pool, each.deductible_fen))
        if each.terms and each.terms.deductible_basis is DeductibleBasis.PER_VISIT:
            visits.append(charged_visit(each.receipt, pool, each.deductible_fen))
    return decided, replace(used.with_entries(entries, visits), placed=tuple(placed))


def one(used: YearToDate, policy: Policy, *receipts: Receipt) -> ClaimAdjudication:
    return settled(used, policy, *receipts)[0]


def after(policy: Policy, *receipts: Receipt) -> YearToDate:
    """What is used when the receipts were settled one after the other."""
    used = YearToDate()
    for receipt in receipts:
        _decided, used = settled(used, policy, receipt)
    return used


MAY, LATE = visit("B", date(2023, 5, 20), institution=CLINIC), visit("A", date(2023, 1, 5))


def test_the_two_receipts_of_the_rules_pay_what_the_order_gives_them():
    """``rules.md``: 200 + 600 by visit, 240 + 500 by settlement, when the later visit was settled first."""
    assert one(after(JIANGXI, MAY), JIANGXI, LATE).fund_fen == 20_000
    by_settlement = ordered(JIANGXI, "结算先后")
    assert one(after(by_settlement, MAY), by_settlement, LATE).fund_fen == 50_000


def test_a_late_visit_is_charged_what_the_visits_before_it_have_left():
    used = after(JIANGXI, visit("1", date(2023, 1, 3), 400), MAY)
    (late,) = one(used, JIANGXI, LATE).receipts
    assert (late.deductible_used_before_fen, late.deductible_fen) == (40_000, 20_000)
    assert "按就诊先后，此前就诊已付 400.00，本次扣 200.00" in "".join(explain(late))


def test_the_cap_has_left_what_everything_paid_by_now_leaves_it():
    used = after(JIANGXI, visit("B", date(2023, 5, 20), 3_900))
    (late,) = one(used, JIANGXI, LATE).receipts
    assert (late.share_fen, late.fund_used_before_fen, late.fund_fen) == (20_000, 165_000, 15_000)
    (later,) = one(used, JIANGXI, replace(LATE, visited_on=date(2023, 6, 1))).receipts
    assert (later.share_fen, later.fund_fen) == (50_000, 15_000)


def test_the_platforms_part_comes_before_every_visit():
    used = YearToDate().with_entries([(2023, "ordinary", PoolUse(50_000, 0))])
    _decided, used = settled(used, JIANGXI, MAY)
    (late,) = one(used, JIANGXI, LATE).receipts
    assert (late.deductible_used_before_fen, late.deductible_fen) == (50_000, 10_000)


def test_a_claim_on_both_sides_of_what_is_settled_is_taken_apart():
    used = after(JIANGXI, visit("B", date(2023, 5, 20), 500))
    decided = one(used, JIANGXI, visit("C", date(2023, 6, 1), 500), visit("A", date(2023, 1, 5), 50))
    assert [each.deductible_fen for each in decided.receipts] == [5_000, 5_000], "600 less 500 less 50; and 50"


def test_of_two_visits_at_one_moment_the_one_settled_before_comes_first():
    used = after(JIANGXI, MAY)
    (same,) = one(used, JIANGXI, visit("C", MAY.visited_on)).receipts
    assert same.deductible_fen == 0
    (earlier,) = one(used, JIANGXI, visit("C", MAY.visited_on - timedelta(1), visited_at=time(23, 59))).receipts
    assert earlier.deductible_fen == 60_000


def test_another_year_counts_for_itself():
    used = after(JIANGXI, MAY, visit("C", date(2024, 3, 1)))
    decided = one(used, JIANGXI, visit("D", date(2024, 2, 1)), visit("E", date(2023, 12, 1)))
    assert [each.deductible_fen for each in decided.receipts] == [60_000, 0]


def test_a_label_shares_its_deductible_with_the_visits_before_alone():
    used = after(JINING, visit("B", date(2023, 5, 20), 100, visit_label="v"))
    (late,) = one(used, JINING, visit("A", date(2023, 5, 19), 100, visit_label="v")).receipts
    (later,) = one(used, JINING, visit("C", date(2023, 5, 21), 100, visit_label="v")).receipts
    assert (late.deductible_fen, later.deductible_fen) == (3_000, 0)


def test_what_the_network_would_have_paid_is_told_of_the_place_too():
    """A refused receipt of Nanyang's: for information beside it what a direct settlement would have paid."""
    marks = tuple(charged_visit(visit(str(day), day), "ordinary", 5_000) for day in (date(2023, 1, 7), MAY.visited_on))
    used = YearToDate({}, marks, tuple(PlacedUse(mark.moment, mark.pool) for mark in marks))
    twice = (visit("A", date(2023, 1, 7)), visit("C", date(2023, 5, 20)), visit("D", date(2023, 5, 19)))
    shown = [each.if_networked for each in one(used, NANYANG, *twice).receipts]
    assert [each.deductible_fen if each else None for each in shown] == [0, 0, 5_000]


def test_the_version_of_a_years_last_visit_states_the_order_of_the_year():
    first = JIANGXI.versions[-1]
    later = replace(ordered(JIANGXI, "结算先后").versions[-1], effective_from=date(2023, 7, 1))
    changing = replace(JIANGXI, versions=(first.ending_before(later.effective_from), later))
    used = after(changing, MAY)
    assert one(used, changing, LATE).receipts[0].deductible_fen == 60_000
    together = one(used, changing, LATE, visit("C", date(2023, 7, 2)))
    assert [each.deductible_fen for each in together.receipts] == [0, 0]
    assert moves_settled(Claim((visit("C", date(2023, 7, 2)),)), changing, used), "the whole year's order changes"


@pytest.mark.parametrize(
    ("policy", "day", "moves"),
    [
        (JIANGXI, date(2023, 1, 5), True),
        (JIANGXI, date(2023, 5, 20), False),
        (JIANGXI, date(2023, 6, 1), False),
        (JIANGXI, date(2024, 1, 5), False),
        (ordered(JIANGXI, "结算先后"), date(2023, 1, 5), False),
    ],
)
def test_only_a_visit_before_another_one_of_its_year_moves_what_is_settled(policy: Policy, day: date, moves: bool):
    used = after(policy, MAY)
    assert moves_settled(Claim((visit("C", day),)), policy, used) is moves
    assert not moves_settled(Claim((visit("C", day),)), policy, YearToDate()), "nothing is settled"


def test_where_settlements_follow_one_another_places_do_not_matter():
    policy = ordered(JIANGXI, "结算先后")
    used = after(policy, MAY)
    assert used.placed
    assert one(used, policy, LATE) == one(replace(used, placed=()), policy, LATE)


DAYS = st.integers(0, 364).map(lambda number: date(2023, 1, 1) + timedelta(number))
VISITS = st.builds(
    visit,
    st.uuids().map(str),
    DAYS,
    st.integers(0, 2_500),
    st.sampled_from([CLINIC, HOSPITAL]),
    visit_label=st.sampled_from(["", "v"]),
)
CLAIMS = st.lists(st.lists(VISITS, min_size=1, max_size=3), min_size=1, max_size=6)


@pytest.mark.parametrize("policy", [JIANGXI, JINING], ids=["annual deductible", "deductible per visit"])
@given(claims=CLAIMS)
def test_in_whatever_order_claims_come_the_cap_holds_and_each_is_charged_what_its_place_leaves(policy, claims):
    cap_fen = 180_000 if policy is JIANGXI else 60_000
    used = YearToDate()
    charged: list[tuple[Receipt, int]] = []
    for claim in claims:
        decided, used = settled(used, policy, *claim)
        assert used.used(2023, "ordinary").fund_fen <= cap_fen
        for index in decided.claim.by_visit:
            each = decided.receipts[index]
            before = [(paper, fen) for paper, fen in charged if paper.moment <= each.receipt.moment]
            if policy is JINING:
                label, at = each.receipt.visit_label, each.receipt.institution.key
                before = [(p, fen) for p, fen in before if label and (p.visit_label, p.institution.key) == (label, at)]
            open_fen = max(0, (60_000 if policy is JIANGXI else 3_000) - sum(fen for _paper, fen in before))
            assert each.deductible_fen == min(open_fen, each.in_scope_fen)
            charged.append((each.receipt, each.deductible_fen))


@given(visits=st.lists(VISITS, min_size=1, max_size=8))
def test_claims_that_come_in_the_order_of_their_visits_are_decided_as_ever(visits):
    in_order = sorted(visits, key=lambda each: each.moment)
    plain = ordered(JIANGXI, "结算先后")
    by_visit, by_settlement = YearToDate(), YearToDate()
    for each in in_order:
        here, by_visit = settled(by_visit, JIANGXI, each)
        there, by_settlement = settled(by_settlement, plain, each)
        assert here.receipts[0].fund_fen == there.receipts[0].fund_fen
    assert by_visit == by_settlement
