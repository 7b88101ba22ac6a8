"""Receipts that share one per-visit deductible: 24 hours at one hospital in Nanyang, one visit in Jining."""

from __future__ import annotations

import pytest

from clerk_app.money import format_yuan


def deductibles(claim):
    return [format_yuan(adjudication.deductible_fen) for adjudication in claim.receipts]


@pytest.fixture
def network_visits(receipt):
    """Visits that the network settled: ``network_visits(("2023-03-01 09:00", "100"), …)``."""

    def make(*visits, tier="三级", start=0, **others):
        return [
            receipt(f"N{start + number}", when, total, tier, settled_by_network=True, **others)
            for number, (when, total) in enumerate(visits)
        ]

    return make


# -- Nanyang art. 5(1) -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "charged"),
    [
        ("2023-03-01 09:00", "0.00"),
        ("2023-03-01 23:59", "0.00"),
        ("2023-03-02 08:59", "0.00"),
        ("2023-03-02 08:59:59", "0.00"),
        ("2023-03-02 09:00", "50.00"),
        ("2023-03-02 09:01", "50.00"),
    ],
)
def test_within_24_hours_one_hospital_charges_once(desk, network_visits, second, charged):
    claim = desk("nanyang").decide(*network_visits(("2023-03-01 09:00", "100"), (second, "100")))
    assert deductibles(claim) == ["50.00", charged]


def test_midnight_and_the_turn_of_the_year_end_no_window(desk, network_visits):
    counter = desk("nanyang")
    claim = counter.settle(*network_visits(("2022-12-31 22:00", "100"), ("2023-01-01 21:59", "100")))
    assert deductibles(claim) == ["50.00", "0.00"]
    assert counter.pool(2022, "普通门诊").fund_fen == 2500
    assert counter.pool(2023, "普通门诊").fund_fen == 5000


def test_the_window_is_counted_from_its_first_visit_and_not_from_the_last(desk, network_visits):
    visits = [("2023-03-01 09:00", "100"), ("2023-03-02 08:00", "100"), ("2023-03-02 10:00", "100")]
    assert deductibles(desk("nanyang").decide(*network_visits(*visits))) == ["50.00", "0.00", "50.00"]


def test_the_next_visit_after_a_window_opens_a_new_one(desk, network_visits):
    visits = [
        ("2023-03-01 09:00", "100"),
        ("2023-03-02 10:00", "100"),
        ("2023-03-03 09:59", "100"),
        ("2023-03-03 10:00", "100"),
    ]
    assert deductibles(desk("nanyang").decide(*network_visits(*visits))) == ["50.00", "50.00", "0.00", "50.00"]


def test_what_the_first_visit_did_not_use_up_is_charged_to_the_next(desk, network_visits):
    visits = [("2023-03-01 09:00", "20"), ("2023-03-01 10:00", "10"), ("2023-03-01 11:00", "100")]
    claim = desk("nanyang").decide(*network_visits(*visits))
    assert deductibles(claim) == ["20.00", "10.00", "20.00"]
    assert format_yuan(claim.fund_fen) == "40.00"


def test_another_hospital_charges_its_own(desk, network_visits):
    here = network_visits(("2023-03-01 09:00", "100"))
    there = network_visits(("2023-03-01 10:00", "100"), start=5, hospital="另一示例医院")
    assert deductibles(desk("nanyang").decide(*here, *there)) == ["50.00", "50.00"]


def test_a_hospital_is_told_by_its_code_whatever_the_receipt_calls_it(desk, network_visits):
    here = network_visits(("2023-03-01 09:00", "100"), code="H11010100001", hospital="示例医院")
    there = network_visits(("2023-03-01 10:00", "100"), code="H11010100001", hospital="示例医院东院", start=5)
    assert deductibles(desk("nanyang").decide(*here, *there)) == ["50.00", "0.00"]


@pytest.mark.parametrize(
    ("first", "second", "charged"),
    [
        ("2023-03-01", "2023-03-01", "0.00"),
        ("2023-03-01", "2023-03-02", "50.00"),
        ("2023-03-01", "2023-03-01 23:00", "0.00"),
        ("2023-03-01", "2023-03-02 00:30", "50.00"),
        ("2023-03-01 23:30", "2023-03-02", "50.00"),
    ],
)
def test_without_a_time_of_day_the_date_decides(desk, network_visits, first, second, charged):
    claim = desk("nanyang").decide(*network_visits((first, "100"), (second, "100")))
    assert deductibles(claim) == ["50.00", charged]


def test_the_order_of_entry_does_not_move_the_window(desk, network_visits):
    early, late = network_visits(("2023-03-01 09:00", "20"), ("2023-03-01 18:00", "100"))
    assert deductibles(desk("nanyang").decide(late, early)) == ["30.00", "20.00"]


def test_a_window_goes_on_over_claims(desk, network_visits):
    counter = desk("nanyang")
    counter.settle(*network_visits(("2023-03-01 09:00", "20")))
    assert deductibles(counter.settle(*network_visits(("2023-03-01 20:00", "100"), start=1))) == ["30.00"]
    assert deductibles(counter.settle(*network_visits(("2023-03-02 08:00", "100"), start=2))) == ["0.00"]
    assert deductibles(counter.settle(*network_visits(("2023-03-02 09:30", "100"), start=3))) == ["50.00"]


def test_a_window_goes_on_into_a_claim_of_several_receipts(desk, network_visits):
    counter = desk("nanyang")
    counter.settle(*network_visits(("2023-03-01 09:00", "20")))
    later = network_visits(
        ("2023-03-01 20:00", "25"), ("2023-03-02 08:00", "100"), ("2023-03-02 09:30", "100"), start=1
    )
    assert deductibles(counter.decide(*later)) == ["25.00", "5.00", "50.00"]


def test_an_earlier_receipt_that_comes_late_finds_the_deductible_charged(desk, network_visits):
    counter = desk("nanyang")
    counter.settle(*network_visits(("2023-03-01 18:00", "100")))
    assert deductibles(counter.decide(*network_visits(("2023-03-01 09:00", "100"), start=1))) == ["0.00"]
    assert deductibles(counter.decide(*network_visits(("2023-02-28 17:00", "100"), start=1))) == ["50.00"]


def test_a_late_receipt_is_charged_what_the_later_visit_left_open(desk, network_visits):
    counter = desk("nanyang")
    counter.settle(*network_visits(("2023-03-01 18:00", "35")))
    assert deductibles(counter.decide(*network_visits(("2023-03-01 09:00", "100"), start=1))) == ["15.00"]


@pytest.mark.parametrize(
    ("tier", "standard"), [("二级", "30.00"), ("三级", "50.00"), ("一级", "0.00"), ("无等级", "0.00")]
)
def test_the_standard_is_that_of_the_tier(desk, network_visits, tier, standard):
    claim = desk("nanyang").decide(*network_visits(("2023-03-01", "100"), ("2023-03-05", "100"), tier=tier))
    assert deductibles(claim) == [standard, standard]


def test_prior_benefits_of_the_year_do_not_lower_a_deductible_per_visit(desk, network_visits):
    counter = desk("nanyang")
    counter.prior(2023, "普通门诊", "500", "100")
    assert deductibles(counter.decide(*network_visits(("2023-03-01", "100")))) == ["50.00"]


# -- Jining 四(二)1 ------------------------------------------------------------------------------------------------


def test_receipts_of_one_visit_share_its_deductible(desk, receipt):
    papers = [
        receipt("A", "2023-03-01", "10", networked=True, label="甲"),
        receipt("B", "2023-03-01", "15", networked=True, label="甲"),
        receipt("C", "2023-03-01", "100", networked=True, label="甲"),
        receipt("D", "2023-03-01", "100", networked=True, label="乙"),
    ]
    claim = desk("jining").decide(*papers)
    assert deductibles(claim) == ["10.00", "15.00", "5.00", "30.00"]
    assert format_yuan(claim.fund_fen) == "82.50"


def test_without_a_label_each_receipt_is_a_visit_of_its_own(desk, receipt):
    papers = [receipt(number, "2023-03-01 09:00", "100", networked=True) for number in "AB"]
    assert deductibles(desk("jining").decide(*papers)) == ["30.00", "30.00"]


def test_a_label_goes_on_over_claims(desk, receipt):
    counter = desk("jining")
    counter.settle(receipt("A", "2023-03-01", "20", networked=True, label="甲"))
    assert deductibles(counter.decide(receipt("B", "2023-03-01", "100", networked=True, label="甲"))) == ["10.00"]


def test_a_resident_is_charged_nothing_however_many_visits(desk, person, receipt):
    papers = [receipt(number, "2023-03-01", "100", networked=True) for number in "AB"]
    assert deductibles(desk("jining", person("居民")).decide(*papers)) == ["0.00", "0.00"]
