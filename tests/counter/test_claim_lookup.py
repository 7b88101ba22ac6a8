"""What a claim needs of the ledger is looked up once, and of an area that is not known nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.codes import Decision
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.claim_lookup import known_bills, known_person
from clerk_app.counter.desk import Desk
from tests.counter.desks import staffed_desk
from tests.counter.people import LI, filled, receipt


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk where 张三示例 has had one visit settled."""
    opened = staffed_desk(tmp_path)
    filled(ClaimEntry(opened)).settle()
    yield opened
    opened.close()


def test_a_bill_is_asked_about_once(desk: Desk) -> None:
    entry = filled(ClaimEntry(desk), receipt("A1"), receipt("B1", visited_on="0601"), number=LI, name="李四示例")
    found = known_bills(desk, entry.unknown_bills())
    assert entry.take_bills(found), "the first is held by a voucher"
    assert entry.unknown_bills() == ()
    assert [row.decision for row in entry.preview().rows if row] == [Decision.REFUSE, Decision.PAY]
    entry.draft.receipts[1].total = "77"
    assert [bill.number for bill in entry.unknown_bills()] == ["B1"]


def test_of_an_area_without_a_policy_nothing_is_asked(desk: Desk) -> None:
    record = desk.ledger.find_persons("zssl", 1)[0]
    assert dict(known_person(desk, record, "999999").used) == {}
    entry = filled(ClaimEntry(desk))
    entry.insured.identify()
    entry.draft.person.area_code = "999999"
    assert entry.unknown_use() is None
