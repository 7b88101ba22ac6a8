"""A bill that looks like another is settled only with an answer, which stays in the trail."""

from __future__ import annotations

import pytest

from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ReceiptDraft
from clerk_app.errors import ClerkError
from tests.counter import people
from tests.counter.desks import sign_in
from tests.counter.people import LI, filled
from tests.ledger.office import AUDITOR


def receipt(number: str = "A1", total: str = "1000", **changes: object) -> ReceiptDraft:
    """A line of the form that nobody has explained."""
    return people.receipt(number, total, **{"not_duplicate": "", **changes})


def said(entry: ClaimEntry) -> list[str]:
    return [problem.sentence for problem in entry.obstacles() if problem.place.field == "not_duplicate"]


def second(desk: Desk, *receipts: ReceiptDraft) -> ClaimEntry:
    """The claim of another person after Zhang's receipt A1 of 1000.00 was settled."""
    filled(ClaimEntry(desk)).settle()
    entry = filled(ClaimEntry(desk), *receipts, number=LI, name="李四示例")
    entry.look_up()
    return entry


def test_a_settled_bill_of_the_same_place_day_and_amount_is_shown(desk: Desk) -> None:
    entry = second(desk, receipt("E777", "1000.00"), receipt("E778", "1000.01"))
    (found,) = entry.look_alikes(entry.reading())

    assert (found.row, found.own.number) == (0, "E777")
    assert [(bill.number, bill.voucher_number, bill.name) for bill in found.others] == [
        ("A1", "360000-2026-000001", "张三示例")
    ]
    assert len(said(entry)) == 1


def test_it_is_settled_with_the_answer_and_the_trail_keeps_it(desk: Desk) -> None:
    entry = second(desk, receipt("E777", not_duplicate=" 两次检查，各有报告 "))
    assert said(entry) == []
    number = entry.settle().voucher_number
    sign_in(desk, AUDITOR)

    (row,) = desk.ledger.audit_trail(subject=number)
    assert row.reason == "票据 E777 与 360000-2026-000001 不是同一笔费用：两次检查，各有报告"
    assert "李四" not in row.reason


def test_without_an_answer_nothing_is_settled(desk: Desk) -> None:
    entry = second(desk, receipt("E777", not_duplicate="  "))
    with pytest.raises(ClerkError, match="form_incomplete"):
        entry.settle()


def test_it_is_noticed_at_the_press_of_the_button_at_the_latest(desk: Desk) -> None:
    filled(ClaimEntry(desk)).settle()
    entry = filled(ClaimEntry(desk), receipt("E777"), number=LI, name="李四示例")
    with pytest.raises(ClerkError, match="form_incomplete"):
        entry.settle()


def test_two_lines_of_one_claim_may_be_one_bill(desk: Desk) -> None:
    entry = filled(ClaimEntry(desk), receipt("A1"), receipt("A2"), receipt("A3", hospital="上海某医院"))
    (found,) = entry.look_alikes(entry.reading())

    assert (found.row, found.others[0].row, found.others[0].number) == (1, 0, "A1")


def test_a_code_tells_the_place_under_another_spelling(desk: Desk) -> None:
    code = "H11010100001"
    filled(ClaimEntry(desk), receipt(hospital_code=code)).settle()
    entry = filled(ClaimEntry(desk), receipt("E1", hospital="北京市某医院", hospital_code=code), number=LI)
    entry.look_up()

    assert len(entry.look_alikes(entry.reading())) == 1


def test_the_same_bill_is_refused_and_not_asked_about(desk: Desk) -> None:
    entry = second(desk, receipt("A1"))

    assert entry.look_alikes(entry.reading()) == ()


def test_what_was_reversed_is_no_twin(desk: Desk) -> None:
    settlement = filled(ClaimEntry(desk)).settle()
    desk.ledger.reverse(settlement.voucher_number, "票据退回", "r1")
    entry = filled(ClaimEntry(desk), receipt("E1"))
    entry.look_up()

    assert entry.look_alikes(entry.reading()) == ()
