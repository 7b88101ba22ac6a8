from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from clerk_app.adjudication.year_to_date import PoolUse
from clerk_app.codes import Benefit, Insurance, Material, Status, Tier
from clerk_app.errors import ClerkError
from clerk_app.ledger import accumulators
from clerk_app.ledger.accumulators import Counter
from clerk_app.ledger.records import PriorBenefit, Settlement
from clerk_app.ledger.store import open_store
from clerk_app.paths import resources
from clerk_app.policy.shelf import load_shelf
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.insured import Condition, Entitlement, Period
from tests.ledger.office import FILED, Office, receipt

CHANGCHUN = """
统筹区: {代码: "220100", 名称: 长春市}
沿用: "220000"
参数:
  普通门诊: {起付标准: 300, 退休加成: 5, 年度限额: 2000}
  门诊慢性病: {支付比例: 60, 年度限额: 6500, 病种限额: {M01600: 3000}}
  住院: {起付标准: {一级: 200, 二级: 400, 三级: 800},
         支付比例: {在职: {一级: 90, 二级: 85, 三级: 80}, 退休: {一级: 92, 二级: 87, 三级: 82}}, 年度限额: 100000}
"""
CHRONIC = Entitlement(
    Insurance.EMPLOYEE,
    Status.EMPLOYED,
    filings=FILED,
    conditions=tuple(Condition(disease, Benefit.CHRONIC, Period(date(2023, 1, 1))) for disease in ("M01600", "M03900")),
)
CLINIC = Institution("北京某医院", tier=Tier.TWO, networked=True)
PAPERS = frozenset({Material.CREDENTIAL, Material.RECEIPT, Material.MEDICAL_RECORD})


@pytest.fixture
def changchun(place: Path | str, tmp_path: Path) -> Iterator[Office]:
    """An office of an area that fills Jilin's framework, with a cap of its own for one disease."""
    folder = tmp_path / "policies"
    shutil.copytree(resources() / "policies" / "jilin", folder / "jilin")
    (folder / "parameters").mkdir()
    (folder / "parameters" / "220100.yaml").write_text(CHANGCHUN, encoding="utf-8")
    office = Office(place, policy=load_shelf(folder).policy("220100"))
    yield office
    office.ledger.close()


def chronic(number: str, yuan: int, disease: str) -> Receipt:
    return receipt(number, yuan * 100, institution=CLINIC, benefit=Benefit.CHRONIC, disease=disease)


def test_a_diseases_own_cap_and_the_benefits_cap_are_both_kept_over_settlements(changchun: Office) -> None:
    person = changchun.person(entitlement=CHRONIC)
    paid = [
        changchun.settle(person, claim=Claim((chronic(number, yuan, disease),), materials=PAPERS)).fund_fen
        for number, yuan, disease in [
            ("1", 4_300, "M01600"),
            ("2", 4_000, "M01600"),
            ("3", 5_000, "M03900"),
            ("4", 5_000, "M03900"),
        ]
    ]
    assert paid == [240_000, 60_000, 300_000, 50_000], "3000 for the one disease, 6500 for both"


def test_a_reversal_frees_a_diseases_own_cap_too(changchun: Office) -> None:
    person = changchun.person(entitlement=CHRONIC)

    def settled(number: str) -> Settlement:
        return changchun.settle(person, claim=Claim((chronic(number, 6_000, "M01600"),), materials=PAPERS))

    first, second = settled("1"), settled("2")
    changchun.ledger.reverse(first.voucher_number, "录错", "r1")
    assert [each.fund_fen for each in (first, second, settled("3"))] == [300_000, 0, 300_000]


def test_ordinary_and_chronic_care_share_a_deductible_and_have_a_year_total_each(changchun: Office) -> None:
    person = changchun.person(entitlement=CHRONIC)
    ordinary = receipt("1", 20_000, institution=CLINIC)
    settled = changchun.settle(person, claim=Claim((ordinary, chronic("2", 300, "M03900")), materials=PAPERS))

    by_benefit = {total.pool: (total.deductible_fen, total.fund_fen) for total in settled.year_totals}
    assert settled.fund_fen > 0
    assert {deductible_fen for deductible_fen, _fund_fen in by_benefit.values()} == {30_000}
    assert sum(fund_fen for _deductible_fen, fund_fen in by_benefit.values()) == settled.fund_fen
    reversal = changchun.ledger.reverse(settled.voucher_number, "录错", "r1")
    assert [(total.pool, total.deductible_fen, total.fund_fen) for total in reversal.year_totals] == [
        (pool, 0, 0) for pool in by_benefit
    ]


def test_a_reversals_year_totals_keep_the_platforms_part(office: Office) -> None:
    person = office.person()
    prior = PriorBenefit(2023, Benefit.ORDINARY, 40_000, 7_000, date(2023, 5, 31))
    office.ledger.record_prior_benefit(person.person_id, prior)
    settled = office.settle(person, receipt("1"))
    (total,) = office.ledger.reverse(settled.voucher_number, "录错", "r1").year_totals

    assert (total.deductible_fen, total.fund_fen, total.platform_as_of) == (40_000, 7_000, date(2023, 5, 31))


@pytest.mark.parametrize("use", [PoolUse(100, 0), PoolUse(0, 100)], ids=["deductible", "fund"])
def test_what_was_counted_on_an_older_reading_is_not_posted(office: Office, use: PoolUse) -> None:
    person_id = office.person().person_id
    store = open_store(office.place, wait_seconds=1)
    entry = (2023, "ordinary", use)
    with store.act() as connection:
        accumulators.post(office.act(connection), person_id, {}, [entry])
    with store.act() as connection:
        read = accumulators.read_counters(connection, person_id)
        accumulators.post(office.act(connection), person_id, read, [entry])
    with pytest.raises(ClerkError, match="amount_changed"), store.act() as connection:
        accumulators.post(office.act(connection), person_id, read, [entry])

    with store.reading() as connection:
        assert accumulators.read_counters(connection, person_id)[2023, "ordinary"].settled == use + use
    store.close()


def test_the_table_itself_refuses_a_fen_above_the_cap(office: Office) -> None:
    person_id = office.person().person_id
    store = open_store(office.place, wait_seconds=1)
    limit = {(2023, "ordinary"): Counter(fund_limit_fen=180_000)}
    with pytest.raises(IntegrityError, match="ck_accumulators_cap"), store.act() as connection:
        accumulators.post(office.act(connection), person_id, limit, [(2023, "ordinary", PoolUse(0, 180_001))])
    with store.act() as connection:
        accumulators.post(office.act(connection), person_id, limit, [(2023, "ordinary", PoolUse(0, 180_000))])
    store.close()
