from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from clerk_app.codes import Benefit, Status, Tier
from clerk_app.errors import ClerkError
from clerk_app.ledger.effects import Effect
from clerk_app.ledger.records import PriorBenefit
from clerk_app.receipts.claim import Claim, Institution
from tests.ledger import news
from tests.ledger.news import by_visit, open_effects, policy_of, prior
from tests.ledger.office import EMPLOYED, SHELF, Office, receipt

CLINIC = Institution("北京某社区中心", tier=Tier.ONE, networked=True)


def amounts(effects: tuple[Effect, ...]) -> dict[str, tuple[int, int]]:
    return {effect.voucher_number: (effect.fund_before_fen, effect.fund_after_fen) for effect in effects}


def test_nothing_is_open_where_nothing_has_happened(office: Office) -> None:
    person = office.person()
    for number in range(3):
        office.settle(person, receipt(f"{number}"), receipt(f"{number}b", 12_345, institution=CLINIC))
    office.ledger.record_prior_benefit(person.person_id, prior(0, 0))
    office.settle(person, receipt("4"))
    assert open_effects(office, person) == ()


def test_a_reversal_shows_who_pays_the_deductible_instead(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1"))
    second = office.settle(person, receipt("2"))
    third = office.settle(person, receipt("3"))

    (effect,) = office.ledger.effects_of_reversal(first.voucher_number, policy_of(office))
    assert (effect.voucher_number, effect.settled_at) == (second.voucher_number, second.settled_at)
    assert (effect.deductible_before_fen, effect.deductible_after_fen) == (0, 60_000)
    assert (effect.fund_before_fen, effect.fund_after_fen, effect.difference_fen) == (50_000, 20_000, -30_000)
    assert [each.number for each in effect.receipts] == ["2"]
    assert effect.is_same_policy
    assert office.ledger.settlement(third.voucher_number) == third
    assert open_effects(office, person) == (), "nothing was saved"

    office.ledger.reverse(first.voucher_number, "录错", "r1")
    assert open_effects(office, person) == (effect,), "what was shown before is what is open afterwards"


def test_a_reversal_frees_the_cap_for_what_it_had_cut(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1", 260_000))
    second = office.settle(person, receipt("2", 300_000))
    third = office.settle(person, receipt("3", 40_000))
    assert (first.fund_fen, second.fund_fen, third.fund_fen) == (100_000, 80_000, 0)

    effects = office.ledger.effects_of_reversal(first.voucher_number, policy_of(office))
    assert amounts(effects) == {
        second.voucher_number: (80_000, 120_000),
        third.voucher_number: (0, 20_000),
    }
    assert office.ledger.effects_of_reversal(third.voucher_number, policy_of(office)) == ()


def test_a_reversal_leaves_other_years_and_other_persons_alone(office: Office) -> None:
    person, other = office.person(), office.person("李四")
    office.clock.now = datetime(2024, 2, 1, 9, 0)  # noqa: DTZ001 -- the office's local time
    first = office.settle(person, receipt("1"), handed_in_on=date(2024, 2, 1))
    office.settle(person, receipt("2", visited_on=date(2024, 1, 5)), handed_in_on=date(2024, 2, 1))
    office.settle(other, receipt("3"), handed_in_on=date(2024, 2, 1))
    assert office.ledger.effects_of_reversal(first.voucher_number, policy_of(office)) == ()


def test_a_networked_settlement_that_becomes_known_shows_what_it_changes(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1"))
    second = office.settle(person, receipt("2", 320_000))
    late = prior(200, 100)

    effects = office.ledger.effects_of_prior_benefits(person.person_id, [late], policy_of(office))
    assert amounts(effects) == {
        first.voucher_number: (20_000, 30_000),
        second.voucher_number: (160_000, 140_000),
    }
    office.ledger.record_prior_benefit(person.person_id, late)
    assert open_effects(office, person) == effects
    assert office.ledger.effects_of_prior_benefits(person.person_id, [late], policy_of(office)) == ()


def test_news_that_puts_open_differences_right_leaves_nothing_to_do(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1"))
    office.ledger.record_prior_benefit(person.person_id, prior(200, 0))
    assert amounts(open_effects(office, person)) == {first.voucher_number: (20_000, 30_000)}
    mistaken = prior(0, 0)
    assert office.ledger.effects_of_prior_benefits(person.person_id, [mistaken], policy_of(office)) == ()
    office.ledger.record_prior_benefit(person.person_id, mistaken)
    assert open_effects(office, person) == ()


def test_a_prior_benefit_of_another_pool_or_year_changes_nothing(office: Office) -> None:
    person = office.person()
    office.settle(person, receipt("1"))
    for elsewhere in (prior(300, 300, 2024), PriorBenefit(2023, Benefit.EMERGENCY, 30_000, 30_000, date(2023, 5, 1))):
        assert office.ledger.effects_of_prior_benefits(person.person_id, [elsewhere], policy_of(office)) == ()


def test_a_late_earlier_receipt_changes_nothing_where_settlements_follow_one_another(office: Office) -> None:
    person = office.person()
    office.settle(person, receipt("1", institution=CLINIC))
    late = Claim((receipt("0", visited_on=date(2023, 1, 5)),))
    assert office.ledger.effects_of_claim(person.person_id, late, office.policy, policy_of(office)).effects == ()


def test_a_late_earlier_receipt_takes_the_deductible_where_visits_count(office: Office) -> None:
    """Of the two receipts of ``rules.md`` the later one was settled first: 240 + 500 become 200 + 600."""
    office.policy = by_visit(office.policy)
    person = office.person()
    settled = office.settle(person, receipt("B", institution=CLINIC))
    late = Claim((receipt("A", visited_on=date(2023, 1, 5)),))

    effects = office.ledger.effects_of_claim(person.person_id, late, office.policy, policy_of(office)).effects
    assert amounts(effects) == {settled.voucher_number: (24_000, 60_000)}
    assert office.settle(person, *late.receipts).fund_fen == 20_000, "it pays what its place gives it"
    assert open_effects(office, person) == effects, "what was shown before is what is open afterwards"


def test_visits_that_come_in_their_order_change_nothing_where_visits_count(office: Office) -> None:
    office.policy = by_visit(office.policy)
    person = office.person()
    for month in (1, 3, 5):
        office.settle(person, receipt(f"{month}", visited_on=date(2023, month, 5)))
    last = Claim((receipt("6", visited_on=date(2023, 5, 6)), receipt("5", visited_on=date(2023, 5, 5))))
    assert office.ledger.effects_of_claim(person.person_id, last, office.policy, policy_of(office)).effects == ()


def test_a_bill_that_a_voucher_holds_changes_nothing_when_it_comes_again(office: Office) -> None:
    office.policy = by_visit(office.policy)
    person = office.person()
    office.settle(person, receipt("1", institution=CLINIC))
    held = receipt("1", visited_on=date(2023, 1, 5))
    assert (
        office.ledger.effects_of_claim(person.person_id, Claim((held,)), office.policy, policy_of(office)).effects == ()
    )
    twice = Claim((receipt("0", 10_000, date(2023, 1, 5)), receipt("0", 99_000, date(2023, 1, 6))))
    (effect,) = office.ledger.effects_of_claim(person.person_id, twice, office.policy, policy_of(office)).effects
    assert effect.deductible_after_fen == 50_000, "the second copy of the bill takes no deductible"


def test_what_was_refused_stays_refused_whatever_becomes_of_the_other_bill(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1"))
    office.settle(person, receipt("1"), receipt("2"))
    office.settle(person, receipt("3", visited_on=date(2022, 12, 31)))
    effects = office.ledger.effects_of_reversal(first.voucher_number, policy_of(office))
    assert [(each.number, each.fund_after_fen) for effect in effects for each in effect.receipts] == [("2", 20_000)]


def test_each_settlement_is_decided_again_with_the_person_as_it_has_them(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1"))
    second = office.settle(person, receipt("2"))
    retired = replace(EMPLOYED, status=Status.RETIRED)
    office.ledger.save_person(person.person, retired, person.area_code, person.person_id)

    assert open_effects(office, person) == ()
    effects = office.ledger.effects_of_reversal(first.voucher_number, policy_of(office))
    assert amounts(effects) == {second.voucher_number: (50_000, 20_000)}, "50 %, not the 55 % of the retired"


def test_receipts_of_a_claim_that_were_entered_out_of_order_are_decided_by_visit(office: Office) -> None:
    person = office.person()
    office.settle(person, receipt("2", institution=CLINIC), receipt("1", visited_on=date(2023, 1, 5)))
    office.settle(person, receipt("4", visited_on=date(2023, 3, 1)), receipt("3", visited_on=date(2023, 2, 1)))
    assert open_effects(office, person) == ()


def test_visits_share_their_deductible_in_the_replay_as_they_did(jining: Office) -> None:
    person = jining.person()
    first = jining.settle(person, receipt("1", 2_000, visit_label="v"))
    second = jining.settle(person, receipt("2", 10_000, visit_label="v"))
    jining.settle(person, receipt("3", 10_000))
    assert open_effects(jining, person) == ()

    effects = jining.ledger.effects_of_reversal(first.voucher_number, policy_of(jining))
    assert [(each.deductible_before_fen, each.deductible_after_fen) for each in effects] == [(1_000, 3_000)]
    assert amounts(effects) == {second.voucher_number: (4_500, 3_500)}


def test_files_that_say_the_same_in_other_words_are_told_and_are_no_hindrance(office: Office) -> None:
    person = office.person()
    first, _second = office.settle(person, receipt("1")), office.settle(person, receipt("2"))
    office.policy = news.rewritten(office.policy)

    assert open_effects(office, person) == ()
    (effect,) = office.ledger.effects_of_reversal(first.voucher_number, policy_of(office))
    assert (effect.is_same_policy, effect.has_same_figures) == (False, True)
    assert effect.receipts[0].policy_hash_now == "f" * 64 != effect.receipts[0].policy_hash_before


def test_another_versions_figures_are_told_and_carried_no_further(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1"))
    second = office.settle(person, receipt("2", 300_000))
    third = office.settle(person, receipt("3", 100_000))
    assert (first.fund_fen, second.fund_fen, third.fund_fen) == (20_000, 150_000, 10_000)
    office.policy = news.with_ratio(office.policy, 5_500)

    effects = open_effects(office, person)
    assert amounts(effects)[first.voucher_number] == (20_000, 22_000)
    assert amounts(effects)[second.voucher_number] == (150_000, 160_000), "1800 less the recorded 200, not less 220"
    assert not any(effect.has_same_figures for effect in effects)


def test_the_policy_of_the_settlements_own_area_decides(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1"))
    office.settle(person, receipt("2"))
    asked: list[str] = []

    def remember(area_code: str):  # type: ignore[no-untyped-def]
        asked.append(area_code)
        return SHELF.policy(area_code)

    office.ledger.effects_of_reversal(first.voucher_number, remember)
    assert set(asked) == {"360000"}


def test_the_effects_of_an_unknown_voucher_or_person_are_refused(office: Office) -> None:
    with pytest.raises(ClerkError, match="voucher_unknown"):
        office.ledger.effects_of_reversal("360100-2023-000009", SHELF.policy)
    with pytest.raises(ClerkError, match="person_unknown"):
        office.ledger.effects(9, SHELF.policy)


def test_a_voucher_reversed_already_has_no_effects(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1"))
    office.settle(person, receipt("2"))
    reversal = office.ledger.reverse(first.voucher_number, "录错", "r1")
    for number in (first.voucher_number, reversal.voucher_number):
        assert office.ledger.effects_of_reversal(number, policy_of(office)) == ()
