"""What the office has met is found again, each once, as it was last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from clerk_app.codes import Benefit, Tier
from clerk_app.ledger.institutions import institutions_met
from clerk_app.receipts.claim import Institution
from clerk_app.receipts.insured import Condition, Period
from tests.ledger.office import EMPLOYED, HOSPITAL, Office, receipt

OTHER = Institution("上海某医院", "H31010100002", Tier.TWO)
CLINIC = Institution("示例诊所", "", Tier.NONE)


def test_each_institution_is_there_once_as_its_last_receipt_has_it(office: Office) -> None:
    zhang = office.person()
    office.settle(zhang, receipt("1"), receipt("2", institution=OTHER))
    office.settle(zhang, receipt("3", institution=CLINIC), receipt("4"))
    office.settle(zhang, receipt("5", institution=replace(OTHER, tier=Tier.THREE)))

    assert office.ledger.institutions_met() == [replace(OTHER, tier=Tier.THREE), HOSPITAL, CLINIC]


def test_nothing_was_met_in_a_new_office(office: Office) -> None:
    assert office.ledger.institutions_met() == []
    assert office.ledger.diseases_met() == []


def test_the_diseases_of_registered_persons_are_known(office: Office) -> None:
    period = Period(date(2023, 1, 1))
    for diseases in (("糖尿病", "高血压"), ("高血压",)):
        entitlement = replace(
            EMPLOYED, conditions=tuple(Condition(disease, Benefit.CHRONIC, period) for disease in diseases)
        )
        office.person(entitlement=entitlement)

    assert office.ledger.diseases_met() == ["糖尿病", "高血压"]


def test_a_name_costs_a_step_of_the_index_however_many_receipts_bear_it(tmp_path: Path) -> None:
    office = Office(tmp_path / "ledger.db")
    zhang = office.person()
    for number in range(80):
        office.settle(zhang, receipt(f"{number}a"), receipt(f"{number}b"))
    with office.ledger._store.reading() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        steps: list[int] = []
        driver.set_progress_handler(lambda: steps.append(1), 10)
        assert institutions_met(connection) == [HOSPITAL]
        driver.set_progress_handler(None, 0)
    office.ledger.close()

    assert len(steps) < 200
