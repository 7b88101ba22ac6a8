"""Institutions and diseases are found, and bring with them what was known."""

from __future__ import annotations

import pytest

from clerk_app.codes import InstitutionKind, Tier
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.draft import ReceiptDraft
from clerk_app.counter.known_places import KnownPlaces, fill_in, means
from clerk_app.receipts.claim import Institution
from tests.counter.people import filled, receipt

UNION = Institution("北京示例协和医院", "H11010100001", Tier.THREE, networked=True)
SECOND = Institution("重庆示例第二医院", "H50010300002", Tier.TWO)
PHARMACY = Institution("示例大药房", "P36010200003", Tier.NONE, InstitutionKind.PHARMACY)


def places() -> KnownPlaces:
    known = KnownPlaces()
    known.use([UNION, SECOND, PHARMACY], ["糖尿病", "高血压"])
    return known


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("xh", [UNION]),
        ("BJSL", [UNION]),
        ("cqsl", [SECOND]),
        ("zqsl", [SECOND]),
        ("协和", [UNION]),
        ("H500", [SECOND]),
        ("1101", [UNION]),
        ("P36", [PHARMACY]),
        ("示例", [UNION, SECOND, PHARMACY]),
        ("没有的", []),
    ],
)
def test_an_institution_is_found_by_letters_name_and_code(text: str, found: list[Institution]) -> None:
    assert places().find_institutions(text) == found


def test_for_nothing_typed_the_latest_come_first() -> None:
    known = places()
    known.met([PHARMACY])

    assert known.find_institutions("", most=2) == [PHARMACY, UNION]
    known.use([UNION, SECOND, PHARMACY], [])
    assert len(known.institutions) == 3


def test_what_was_met_while_the_ledger_was_read_stays_in_front() -> None:
    known = KnownPlaces()
    known.met([SECOND])
    known.use([UNION], [])

    assert known.institutions == [SECOND, UNION]


def test_the_persons_own_diseases_come_first() -> None:
    assert places().find_diseases("gxy") == ["高血压"]
    assert places().find_diseases("", ["尿毒症"]) == ["尿毒症", "糖尿病", "高血压"]
    assert not means(" ", "糖尿病")


def test_a_known_institution_fills_the_line_and_what_it_lacks_stays_to_be_typed() -> None:
    line = ReceiptDraft(number="A1", tier="1", copied={"tier"})
    fill_in(line, PHARMACY)
    assert (line.hospital, line.hospital_code, line.tier, line.kind) == (
        "示例大药房",
        "P36010200003",
        "无等级",
        "药店",
    )
    assert "tier" in line.copied

    fill_in(line, Institution("示例诊所"))
    assert (line.hospital_code, line.tier) == ("", "")
    assert "tier" not in line.copied


def test_what_was_settled_is_known_and_decided_alike_the_next_time(entry: ClaimEntry) -> None:
    filled(entry, receipt(hospital_code="H11010100001", tier="3"))
    first = entry.settle()
    known = KnownPlaces()
    known.read(entry.desk)
    again = ReceiptDraft()
    (found,) = known.find_institutions("bj")
    fill_in(again, found)

    assert found == first.receipts[0].receipt.institution
    assert (again.hospital, again.hospital_code, again.tier) == ("北京某医院", "H11010100001", "三级")
