from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from clerk_app.codes import Benefit, Status, Tier
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import SettlementKind
from clerk_app.policy.shelf import load_shelf
from clerk_app.policy.version import DeductibleBasis
from clerk_app.receipts.claim import Claim
from tests.ledger.news import correct_all, prior
from tests.ledger.office import EMPLOYED, JIANGXI, JINING, SHELF, Office, receipt
from tests.ledger.test_accumulators import CHRONIC, PAPERS, changchun, chronic

__all__ = ["changchun"]


def test_a_new_person_has_everything_left(office: Office) -> None:
    person = office.person()
    card = office.ledger.year_card(person.person_id, 2023, JIANGXI)

    assert (card.record, card.year, card.area_name, card.on) == (person, 2023, "江西省", date(2023, 6, 1))
    assert card.document == JIANGXI.versions[0].document.number
    (deductible,), (cap,) = card.deductibles, card.caps
    assert deductible.benefits == cap.benefits == (Benefit.ORDINARY,)
    assert (deductible.basis, deductible.standards_fen) == (DeductibleBasis.ANNUAL, ((None, 60_000),))
    assert (deductible.used_fen, deductible.left_fen(60_000)) == (0, 60_000)
    assert (cap.cap_fen, cap.used_fen, cap.left_fen) == (180_000, 0, 180_000)
    assert (card.uses, card.priors, card.missing_parameters) == ((), (), ())


def test_the_card_tells_settlements_from_the_platform(office: Office) -> None:
    person = office.person()
    known = prior(200, 70)
    office.ledger.record_prior_benefit(person.person_id, known)
    office.ledger.record_prior_benefit(person.person_id, prior(600, 1_800, 2022))
    settled = office.settle(person, receipt("1"))
    card = office.ledger.year_card(person.person_id, 2023, JIANGXI)

    (deductible,), (cap,) = card.deductibles, card.caps
    assert (deductible.settled_fen, deductible.prior_fen, deductible.left_fen(60_000)) == (40_000, 20_000, 0)
    assert (cap.settled_fen, cap.prior_fen, cap.left_fen) == (settled.fund_fen, 7_000, 180_000 - 37_000)
    assert card.priors == (known,)
    assert card.priors[0].as_of == date(2023, 5, 31)


def test_the_card_lists_who_used_what_and_what_was_taken_back_or_corrected(office: Office) -> None:
    person = office.person()
    first = office.settle(person, receipt("1"), receipt("1b", 10_000))
    second = office.settle(person, receipt("2"))
    office.settle(person, receipt("3", visited_on=date(2022, 12, 31)))
    reversal = office.ledger.reverse(first.voucher_number, "录错", "r1")
    (correction,) = correct_all(office, person)
    card = office.ledger.year_card(person.person_id, 2023, JIANGXI)

    found = [(use.voucher_number, use.kind, use.deductible_fen, use.fund_fen) for use in card.uses]
    assert found == [
        (first.voucher_number, SettlementKind.SETTLEMENT, 60_000, 25_000),
        (second.voucher_number, SettlementKind.SETTLEMENT, 0, 50_000),
        (reversal.voucher_number, SettlementKind.REVERSAL, -60_000, -25_000),
        (correction.voucher_number, SettlementKind.CORRECTION, 60_000, -30_000),
    ]
    assert card.uses[0].reversed_by == reversal.voucher_number == card.uses[2].voucher_number
    assert card.uses[1].corrected_by == (correction.voucher_number,)
    assert [use.original_number for use in card.uses] == ["", "", first.voucher_number, second.voucher_number]
    assert card.uses[0].settled_at == first.settled_at
    (deductible,), (cap,) = card.deductibles, card.caps
    assert sum(use.deductible_fen for use in card.uses) == deductible.settled_fen == 60_000
    assert sum(use.fund_fen for use in card.uses) == cap.settled_fen == 20_000
    assert {type(use.fund_fen) for use in card.uses} | {type(use.deductible_fen) for use in card.uses} == {int}


def test_each_year_has_its_own_card(office: Office) -> None:
    person = office.person()
    office.clock.now = datetime(2024, 2, 1, 9, 0)  # noqa: DTZ001 -- the office's local time
    both = office.settle(
        person,
        receipt("1", visited_on=date(2023, 12, 31)),
        receipt("2", visited_on=date(2024, 1, 1)),
        handed_in_on=date(2024, 2, 1),
    )
    cards = [office.ledger.year_card(person.person_id, year, JIANGXI) for year in (2023, 2024, 2025)]
    assert [[use.voucher_number for use in card.uses] for card in cards] == [[both.voucher_number]] * 2 + [[]]
    assert [card.caps[0].used_fen for card in cards] == [20_000, 20_000, 0]
    assert [card.on for card in cards] == [date(2023, 12, 31), date(2024, 2, 1), date(2025, 1, 1)]


def test_the_cap_is_that_of_the_retired_once_a_person_is(office: Office) -> None:
    retiring = replace(EMPLOYED, retirement_registered_on=date(2023, 5, 10))
    person = office.person(entitlement=retiring)
    office.clock.now = datetime(2023, 5, 31, 9, 0)  # noqa: DTZ001 -- the office's local time
    assert office.ledger.year_card(person.person_id, 2023, JIANGXI).caps[0].cap_fen == 180_000
    office.clock.now = datetime(2023, 6, 1, 9, 0)  # noqa: DTZ001 -- as above
    assert office.ledger.year_card(person.person_id, 2023, JIANGXI).caps[0].cap_fen == 200_000


def test_a_deductible_per_visit_has_no_year_to_be_left_of(jining: Office) -> None:
    person = jining.person()
    jining.settle(person, receipt("1", 10_000), receipt("2", 10_000))
    (deductible,) = jining.ledger.year_card(person.person_id, 2023, JINING).deductibles
    assert deductible.basis is DeductibleBasis.PER_VISIT
    assert (deductible.used_fen, deductible.left_fen(3_000)) == (6_000, 3_000)


def test_benefits_that_share_a_pool_share_a_line_and_a_disease_has_one_of_its_own(changchun: Office) -> None:
    person = changchun.person(entitlement=CHRONIC)
    claim = Claim((chronic("1", 8_000, "M01600"), chronic("2", 1_000, "M03900")), materials=PAPERS)
    settled = changchun.settle(person, claim=claim)
    card = changchun.ledger.year_card(person.person_id, 2023, changchun.policy)

    shared = next(line for line in card.deductibles if Benefit.CHRONIC in line.benefits)
    assert Benefit.ORDINARY in shared.benefits
    assert (shared.standards_fen, shared.used_fen) == (((None, 30_000),), 30_000)
    caps = {(line.benefits, line.disease): (line.cap_fen, line.used_fen) for line in card.caps}
    assert caps[(Benefit.CHRONIC,), ""] == (650_000, settled.fund_fen)
    assert caps[(Benefit.CHRONIC,), "M01600"] == (300_000, 300_000)
    assert caps[(Benefit.ORDINARY,), ""] == (200_000, 0)
    by_tier = next(line for line in card.deductibles if Benefit.SPECIAL in line.benefits)
    assert dict(by_tier.standards_fen)[Tier.THREE] == 80_000
    assert [(use.pool, use.fund_fen) for use in card.uses if "/" in use.pool] == [("chronic/M01600", 300_000)]


def test_parameters_that_are_not_set_are_named_and_nothing_is_guessed(office: Office) -> None:
    person = office.person()
    chongqing = load_shelf().policy("500000")
    card = office.ledger.year_card(person.person_id, 2023, chongqing)
    assert (card.deductibles, card.caps) == ((), ())
    assert any("起付标准" in name for name in card.missing_parameters)


def test_before_any_document_the_card_has_no_figures(office: Office) -> None:
    person = office.person()
    card = office.ledger.year_card(person.person_id, 2020, SHELF.policy("360000"))
    assert (card.document, card.deductibles, card.caps) == ("", (), ())


def test_a_retired_persons_figures_are_theirs(office: Office) -> None:
    person = office.person(entitlement=replace(EMPLOYED, status=Status.RETIRED))
    assert office.ledger.year_card(person.person_id, 2023, JIANGXI).caps[0].cap_fen == 200_000


def test_nobody_has_no_card(office: Office) -> None:
    with pytest.raises(ClerkError, match="person_unknown"):
        office.ledger.year_card(9, 2023, JIANGXI)
