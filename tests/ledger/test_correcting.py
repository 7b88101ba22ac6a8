from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from clerk_app.adjudication.visit_order import states_by_visit
from clerk_app.adjudication.year_to_date import PoolUse, YearToDate
from clerk_app.codes import Benefit, Material, Payer, Status, Tier
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PersonRecord, Review, Settlement, SettlementKind
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import AccountOffer, Claim, Institution, Receipt
from clerk_app.receipts.insured import Condition, Period
from tests.ledger import news
from tests.ledger.news import Standing, by_visit, correct, correct_all, open_effects, policy_of, prior, used_pools
from tests.ledger.office import EMPLOYED, FILED, JIANGXI, JINING, SHELF, Office, receipt
from tests.ledger.test_accumulators import CHRONIC, changchun

__all__ = ["changchun"]

#: What a person with registered conditions comes with, in an area that fills Jilin's framework.
KINDS_OF_CARE: list[dict[str, object]] = [
    {},
    {"benefit": Benefit.CHRONIC, "disease": "M01600"},
    {"benefit": Benefit.CHRONIC, "disease": "M03900"},
    {"benefit": Benefit.SPECIAL, "disease": "M00500"},
    {"benefit": Benefit.EMERGENCY},
]
CLINIC = Institution("北京某社区中心", tier=Tier.ONE, networked=True)


class Case:
    """A settlement of which the deductible turned out to be charged elsewhere already: 200 became 300."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.person = office.person()
        self.original = office.settle(self.person, receipt("1", self_funded_fen=0), receipt("2", 10_000))
        office.ledger.record_prior_benefit(self.person.person_id, prior(200, 0))
        (self.effect,) = open_effects(office, self.person)

    def correct(self, **more: object) -> Settlement:
        return correct(self.office, self.effect, **more)


@pytest.fixture
def case(office: Office) -> Case:
    return Case(office)


def test_a_correction_is_a_record_of_its_own_that_carries_the_difference_alone(case: Case) -> None:
    correction = case.correct(reason=" 补录联网结算 ")

    assert correction.kind is SettlementKind.CORRECTION
    assert correction.voucher_number == "360100-2023-000002"
    assert (correction.original_number, correction.correction_reason) == (case.original.voucher_number, "补录联网结算")
    assert (correction.clerk, correction.review) == ("李录入", Review("赵复核", "平台查询属实"))
    (difference,) = correction.receipts
    assert difference.receipt == case.original.receipts[0].receipt, "the receipt that did not change is left out"
    assert (difference.deductible_fen, difference.fund_fen, difference.person_fen) == (-20_000, 10_000, -10_000)
    assert (difference.in_scope_fen, difference.share_fen, difference.over_cap_fen) == (0, 10_000, 0)
    assert (correction.total_fen, correction.in_scope_fen, correction.account_fen) == (0, 0, 0)
    assert (correction.fund_fen, correction.person_fen, correction.cash_fen) == (10_000, -10_000, -10_000)
    assert case.office.ledger.settlement(correction.voucher_number) == correction


def test_the_original_stays_as_it_is_and_names_its_correction(case: Case) -> None:
    correction = case.correct()
    original = case.office.ledger.settlement(case.original.voucher_number)
    assert original == replace(case.original, corrected_by=(correction.voucher_number,))


def test_a_correction_says_in_words_what_changed_and_why(case: Case) -> None:
    (difference,) = case.correct().receipts
    assert "统筹支付由 200.00 改为 300.00（差额 100.00）" in difference.summary
    assert "起付线由 600.00 改为 400.00" in difference.summary
    assert any("400.00" in line for line in difference.explanation)
    assert difference.citations == case.original.receipts[0].citations


def test_a_correction_counts_and_prints_the_years_totals(case: Case) -> None:
    (total,) = case.correct().year_totals
    assert (total.deductible_fen, total.fund_fen, total.platform_as_of) == (60_000, 35_000, date(2023, 5, 31))
    used = case.office.ledger.year_to_date(case.person.person_id, JIANGXI)
    assert used.used(2023, "ordinary") == PoolUse(60_000, 35_000)
    assert open_effects(case.office, case.person) == ()


def test_what_was_settled_next_starts_from_the_corrected_figures(case: Case) -> None:
    case.office.ledger.record_prior_benefit(case.person.person_id, prior(0, 1_700))
    (effect,) = open_effects(case.office, case.person)
    assert (effect.fund_before_fen, effect.fund_after_fen) == (25_000, 10_000)
    correct(case.office, effect)
    assert case.office.settle(case.person, receipt("3")).fund_fen == 0
    case.office.ledger.record_prior_benefit(case.person.person_id, prior(0, 0))
    assert [effect.difference_fen for effect in open_effects(case.office, case.person)] == [15_000, 50_000]


def test_the_button_pressed_again_corrects_once(case: Case) -> None:
    correction = case.correct(key="c1")
    assert case.correct(key="c1") == correction
    assert case.office.ledger.month_count(2023, 6) == 2


def test_a_correction_is_refused_when_the_difference_is_another_one_by_now(case: Case) -> None:
    case.office.ledger.record_prior_benefit(case.person.person_id, prior(300, 0))
    with pytest.raises(ClerkError, match="amount_changed"):
        case.correct()
    case.office.ledger.record_prior_benefit(case.person.person_id, prior(0, 0))
    with pytest.raises(ClerkError, match="amount_changed"):
        case.correct()
    assert case.office.ledger.month_count(2023, 6) == 1


def test_a_difference_that_was_settled_is_not_settled_again(case: Case) -> None:
    case.correct(key="c1")
    with pytest.raises(ClerkError, match="amount_changed"):
        case.correct(key="c2")


def test_a_correction_wants_a_second_person_and_reasons(case: Case) -> None:
    for wrong, code in [
        ({"review": Review("李录入", "属实")}, "reviewer_is_clerk"),
        ({"review": Review(" 李录入 ", "属实")}, "reviewer_is_clerk"),
        ({"review": Review("  ", "属实")}, "correction_review_needed"),
        ({"review": Review("赵复核", " ")}, "reason_missing"),
        ({"reason": " "}, "reason_missing"),
    ]:
        with pytest.raises(ClerkError, match=code):
            case.correct(**wrong)
    assert case.office.ledger.month_count(2023, 6) == 1


def test_only_a_standing_settlement_is_corrected(case: Case) -> None:
    office = case.office
    refusal = office.settle(case.person, receipt("9", visited_on=date(2022, 12, 31)))
    correction = case.correct()
    for number in (refusal.voucher_number, correction.voucher_number):
        with pytest.raises(ClerkError, match="not_correctable"):
            case.correct(voucher_number=number)
    office.ledger.reverse(case.original.voucher_number, "录错", "r1")
    with pytest.raises(ClerkError, match="already_reversed"):
        case.correct()
    with pytest.raises(ClerkError, match="voucher_unknown"):
        case.correct(voucher_number="360100-2023-000099")


def test_a_key_stands_for_one_act_alone(case: Case) -> None:
    office = case.office
    with pytest.raises(ClerkError, match="draft_already_settled"):
        case.correct(key="draft-1")
    case.correct(key="c1")
    with pytest.raises(ClerkError, match="draft_already_settled"):
        office.ledger.reverse(case.original.voucher_number, "录错", "c1")
    with pytest.raises(ClerkError, match="draft_already_settled"):
        office.settle(case.person, *(each.receipt for each in case.original.receipts), key="c1")
    with pytest.raises(ClerkError, match="draft_already_settled"):
        office.settle(case.person, case.original.receipts[0].receipt, key="c1")
    office.ledger.reverse(case.original.voucher_number, "录错", "r1")
    with pytest.raises(ClerkError, match="draft_already_settled"):
        case.correct(key="r1")


def test_further_news_is_settled_on_what_the_first_correction_left(case: Case) -> None:
    first = case.correct()
    case.office.ledger.record_prior_benefit(case.person.person_id, prior(600, 1_790))
    (effect,) = open_effects(case.office, case.person)
    assert (effect.fund_before_fen, effect.fund_after_fen) == (35_000, 1_000)
    second = correct(case.office, effect)

    assert [(each.receipt.number, each.fund_fen) for each in second.receipts] == [("1", -29_000), ("2", -5_000)]
    assert [each.over_cap_fen for each in second.receipts] == [98_000, 10_000]
    assert case.office.ledger.settlement(case.original.voucher_number).corrected_by == (
        first.voucher_number,
        second.voucher_number,
    )
    assert open_effects(case.office, case.person) == ()


def test_reversing_a_corrected_voucher_takes_back_the_sum(case: Case) -> None:
    office = case.office
    first = case.correct()
    office.ledger.record_prior_benefit(case.person.person_id, prior(400, 0))
    (second,) = correct_all(office, case.person)
    reversal = office.ledger.reverse(case.original.voucher_number, "退票", "r1")

    assert reversal.fund_fen == -(case.original.fund_fen + first.fund_fen + second.fund_fen) == -45_000
    assert reversal.total_fen == -case.original.total_fen
    assert reversal.person_fen == reversal.total_fen - reversal.fund_fen
    assert [each.deductible_fen for each in reversal.receipts] == [-20_000, 0]
    assert "400.00" in reversal.receipts[0].summary, "the words are those of what is taken back"
    assert office.ledger.settlement(reversal.voucher_number) == reversal
    for number in (case.original.voucher_number, first.voucher_number, second.voucher_number):
        assert office.ledger.settlement(number).reversed_by == reversal.voucher_number
    assert office.ledger.year_to_date(case.person.person_id, JIANGXI).used(2023, "ordinary") == PoolUse(40_000, 0)
    assert open_effects(office, case.person) == ()
    assert office.settle(case.person, receipt("1"), receipt("2", 10_000)).fund_fen == 45_000


def test_a_correction_is_not_reversed_by_itself(case: Case) -> None:
    correction = case.correct()
    with pytest.raises(ClerkError, match="correction_not_reversible") as raised:
        case.office.ledger.reverse(correction.voucher_number, "录错", "r1")
    assert raised.value.details["original"] == case.original.voucher_number


def test_an_account_that_has_paid_more_than_the_person_now_bears_gets_the_rest_back(office: Office) -> None:
    person = office.person()
    claim = Claim((receipt("1"),), account=AccountOffer(75_000, Payer.SPOUSE))
    original = office.settle(person, claim=claim)
    assert (original.fund_fen, original.account_fen, original.cash_fen) == (20_000, 75_000, 5_000)

    office.ledger.record_prior_benefit(person.person_id, prior(600, 0))
    (effect,) = open_effects(office, person)
    assert (effect.account_before_fen, effect.account_after_fen) == (75_000, 50_000)
    correction = correct(office, effect)
    assert (correction.fund_fen, correction.account_fen, correction.cash_fen) == (30_000, -25_000, -5_000)
    assert correction.account_payer is Payer.SPOUSE

    office.ledger.record_prior_benefit(person.person_id, prior(0, 0))
    (back,) = correct_all(office, person)
    assert (back.fund_fen, back.account_fen, back.account_payer, back.cash_fen) == (-30_000, 0, None, 30_000)
    reversal = office.ledger.reverse(original.voucher_number, "退票", "r1")
    assert (reversal.fund_fen, reversal.account_fen, reversal.cash_fen) == (-20_000, -50_000, -30_000)


def test_what_takes_more_waits_until_the_others_have_given_back(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1", 260_000))
    cut = office.settle(person, receipt("2", 300_000))
    office.ledger.reverse(first.voucher_number, "退票", "r1")
    after = office.settle(person, receipt("3", 260_000))
    assert (cut.fund_fen, after.fund_fen) == (80_000, 100_000)

    gains, gives_back = open_effects(office, person)
    assert (gains.difference_fen, gives_back.difference_fen) == (40_000, -40_000 + 0)
    with pytest.raises(ClerkError, match="decreases_first") as raised:
        correct(office, gains)
    assert raised.value.details["vouchers"] == (after.voucher_number,)
    correct(office, gives_back)
    correct(office, gains)
    assert open_effects(office, person) == ()
    assert office.ledger.year_to_date(person.person_id, JIANGXI).used(2023, "ordinary").fund_fen == 180_000


def test_no_correction_is_made_with_another_versions_figures(case: Case) -> None:
    case.office.policy = news.with_ratio(JIANGXI, 5_500)
    (effect,) = open_effects(case.office, case.person)
    with pytest.raises(ClerkError, match="policy_figures_changed"):
        correct(case.office, effect)
    assert case.office.ledger.month_count(2023, 6) == 1


def test_a_correction_under_files_that_say_the_same_keeps_the_hash_that_it_used(case: Case) -> None:
    with pytest.raises(ClerkError, match="amount_changed"):
        case.correct(policy_of=lambda _area: news.rewritten(JIANGXI))
    case.office.policy = news.rewritten(JIANGXI)
    (effect,) = open_effects(case.office, case.person)
    assert not effect.is_same_policy
    (difference,) = correct(case.office, effect).receipts
    assert difference.policy_hash == "f" * 64
    assert open_effects(case.office, case.person) == ()


def test_the_visit_of_a_corrected_receipt_is_charged_what_the_correction_left(jining: Office) -> None:
    person = jining.person()
    first = jining.settle(person, receipt("1", 2_000, visit_label="v"))
    second = jining.settle(person, receipt("2", 10_000, visit_label="v"))
    jining.ledger.reverse(first.voucher_number, "录错", "r1")
    (correction,) = correct_all(jining, person)
    assert [each.deductible_fen for each in correction.receipts] == [2_000]

    third = jining.settle(person, receipt("3", 10_000, visit_label="v"))
    assert third.receipts[0].deductible_used_before_fen == 3_000
    jining.ledger.reverse(second.voucher_number, "录错", "r2")
    again = jining.settle(person, receipt("4", 10_000, visit_label="v"))
    assert again.receipts[0].deductible_used_before_fen == 0, "the correction fell with its original"


def test_a_correction_is_found_by_voucher_bill_and_name(case: Case) -> None:
    correction = case.correct()
    for text in (correction.voucher_number, "1", case.person.person.name):
        lines = [line for line in case.office.ledger.search(text) if line.kind is SettlementKind.CORRECTION]
        assert [(line.voucher_number, line.total_fen, line.fund_fen) for line in lines] == [
            (correction.voucher_number, 0, 10_000)
        ]
    assert list(case.office.ledger.settlements_of_month(2023, 6))[-1] == correction


# -- a walk ------------------------------------------------------------------------------------------------------


class Walk:
    """One person at an office to which anything happens, beside a plain list of what stands."""

    def __init__(self, office: Office, person: PersonRecord, seed: int) -> None:
        self.office = office
        self.person = person
        self.chance = random.Random(seed)  # noqa: S311 -- repeatable, not secret
        self.standing = Standing(office.policy, person)
        self.care: list[dict[str, object]] = KINDS_OF_CARE if person.entitlement.conditions else [{}]
        self.steps: Counter[str] = Counter()
        self.caps = news.caps(office.policy)

    def step(self) -> None:
        acts = {"settle": 5, "reverse": 2, "prior": 2, "correct_one": 1}
        (act,) = self.chance.choices(list(acts), list(acts.values()))
        self.steps[act] += 1
        before = self.used()
        getattr(self, act)()
        if act != "prior":  # What the platform has paid already can pass any cap: the office pays nothing then.
            self.check_caps(before)

    def used(self) -> YearToDate:
        return self.office.ledger.year_to_date(self.person.person_id, self.office.policy)

    def check_caps(self, before: YearToDate) -> None:
        """No act takes a pool over its cap, at no instant, whatever is open to be corrected."""
        after = self.used()
        for (year, pool), use in after.pools.items():
            assert use.fund_fen <= max(self.caps.get(pool, 0), before.used(year, pool).fund_fen)

    def settle(self) -> None:
        receipts = tuple(self._receipt(place) for place in range(self.chance.randint(1, 3)))
        claim = Claim(receipts, materials=frozenset(Material))
        shown = self.office.ledger.effects_of_claim(
            self.person.person_id, claim, self.office.policy, policy_of(self.office)
        )
        settled = self.office.settle(self.person, claim=claim, review=Review("赵复核", "属实"))
        if settled.kind is SettlementKind.SETTLEMENT:
            self.standing.claims[settled.voucher_number] = claim
        self.steps["late"] += bool(shown.effects)
        open_now = {effect.voucher_number: effect for effect in open_effects(self.office, self.person)}
        own = open_now.get(settled.voucher_number)
        assert set(shown.effects) <= set(open_now.values()), "what was shown is what is open"
        assert settled.fund_fen + (own.difference_fen if own else 0) == shown.fund_fen

    def _receipt(self, place: int) -> Receipt:
        day = self.chance.choice([date(2023, 5, 20), date(2023, 1, 1) + timedelta(self.chance.randint(0, 90))])
        return receipt(
            f"{sum(self.steps.values())}-{place}",
            self.chance.choice([0, 1, 2_999, 3_001, 45_678, 60_001, 123_457, 300_000]),
            day,
            institution=self.chance.choice([CLINIC, Institution("北京协和医院", tier=Tier.THREE, networked=True)]),
            visited_at=self.chance.choice([None, time(9, 0), time(23, 30)]),
            visit_label=self.chance.choice(["", "v", "w"]),
            **self.chance.choice(self.care),
        )

    def reverse(self) -> None:
        if self.standing.claims:
            number = self.chance.choice(list(self.standing.claims))
            shown = self.office.ledger.effects_of_reversal(number, policy_of(self.office))
            self.office.ledger.reverse(number, "退票", f"reverse-{number}")
            del self.standing.claims[number]
            assert set(shown) <= set(open_effects(self.office, self.person)), "what was shown is what is open"

    def prior(self) -> None:
        known = prior(self.chance.choice([0, 30, 599, 600]), self.chance.choice([0, 150, 590, 1_795]))
        shown = self.office.ledger.effects_of_prior_benefits(self.person.person_id, [known], policy_of(self.office))
        self.office.ledger.record_prior_benefit(self.person.person_id, known)
        self.standing.prior = known
        assert set(shown) <= set(open_effects(self.office, self.person))

    def correct_one(self) -> None:
        found = open_effects(self.office, self.person)
        if found:
            news.correct_one(self.office, found)
            self.steps["corrected"] += 1

    def check(self) -> None:
        """Settle everything open; then what was paid is, to the fen, what the engine alone gives what stands."""
        while found := open_effects(self.office, self.person):
            before = self.used()
            news.correct_one(self.office, found)
            self.check_caps(before)
            self.steps["corrected"] += 1
        assert open_effects(self.office, self.person) == ()
        paid, used = self.standing.decided_afresh()
        records = list(self.office.ledger.settlements_of_month(2023, 6))
        by_voucher: Counter[str] = Counter()
        for record in records:
            if not record.reversed_by and record.kind is not SettlementKind.REVERSAL:
                by_voucher[record.original_number or record.voucher_number] += record.fund_fen
        assert {number: by_voucher[number] for number in paid} == paid
        assert sum(record.fund_fen for record in records) == sum(paid.values())
        assert sum(record.total_fen for record in records) == sum(
            receipt.total_fen for claim in self.standing.claims.values() for receipt in claim.receipts
        )
        ledgers = self.office.ledger.year_to_date(self.person.person_id, self.office.policy)
        assert used_pools(ledgers) == used_pools(used)


@pytest.fixture(
    params=[JIANGXI, JINING, by_visit(JIANGXI), by_visit(JINING)],
    ids=["annual deductible", "deductible per visit", "annual by visit", "per visit by visit"],
)
def any_office(request: pytest.FixtureRequest, place: Path | str) -> Iterator[Office]:
    policy: Policy = request.param
    office = Office(place, policy=policy)
    yield office
    office.ledger.close()


def seeded(on_file: range, on_server: range) -> pytest.MarkDecorator:
    """Walks on both databases; the file's are the quicker ones."""
    places = [("sqlite", seed) for seed in on_file] + [("postgresql", seed) for seed in on_server]
    return pytest.mark.parametrize(("place", "seed"), places, indirect=["place"])


@seeded(range(4), range(2, 3))
def test_whatever_happens_what_is_paid_is_what_a_fresh_replay_of_what_stands_gives(
    any_office: Office, seed: int
) -> None:
    status = Status.RETIRED if seed % 2 else Status.EMPLOYED
    retires_on = date(2023, 2, 10) if seed == 2 else None
    entitlement = replace(EMPLOYED, status=status, filings=FILED, retirement_registered_on=retires_on)
    walk = Walk(any_office, any_office.person(entitlement=entitlement), seed)
    for number in range(1, 31):
        walk.step()
        if number % 6 == 0:
            walk.check()
    assert walk.steps["corrected"] > 0, f"seed {seed} tried something: {walk.steps}"
    assert (walk.steps["late"] > 0) == states_by_visit(any_office.policy)


@pytest.mark.parametrize("order", ["结算先后", "就诊先后"])
@seeded(range(3), range(1))
def test_pools_that_are_shared_topped_up_and_capped_by_disease_are_followed_too(
    changchun: Office, seed: int, order: str
) -> None:
    changchun.policy = by_visit(changchun.policy) if order == "就诊先后" else changchun.policy
    special = Condition("M00500", Benefit.SPECIAL, Period(date(2023, 1, 1)))
    entitlement = replace(CHRONIC, conditions=(*CHRONIC.conditions, special))
    walk = Walk(changchun, changchun.person(entitlement=entitlement), seed)
    for number in range(1, 31):
        walk.step()
        if number % 6 == 0:
            walk.check()
    assert walk.steps["corrected"] > 0, f"seed {seed} tried something: {walk.steps}"


@pytest.mark.full
@seeded(range(100, 160), range(160, 165))
def test_whatever_happens_for_long(any_office: Office, seed: int) -> None:
    walk = Walk(any_office, any_office.person(), seed)
    for number in range(1, 81):
        walk.step()
        if number % 4 == 0:
            walk.check()


def test_a_second_desk_that_settles_meanwhile_makes_no_difference_of_an_earlier_one(case: Case) -> None:
    other = Office(case.office.place)
    other.settle(case.person, receipt("5"), key="other-1")
    correction = case.correct()
    assert correction.fund_fen == 10_000
    (left,) = open_effects(other, case.person) or (None,)
    assert left is None
    other.ledger.close()


def test_the_shipped_shelf_is_a_policy_of_every_area(case: Case) -> None:
    assert case.office.ledger.effects(case.person.person_id, SHELF.policy) == (case.effect,)
