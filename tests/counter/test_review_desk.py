from __future__ import annotations

from dataclasses import replace

import pytest

from clerk_app.codes import Stage
from clerk_app.counter.banners import Weight
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.review_desk import HandedIn, ReviewDesk, Waiting
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Settlement
from tests.counter import people
from tests.counter.desks import sign_in
from tests.ledger.office import CLERK, PASSWORD, REVIEWER


def settled_with(desk: Desk, number: str) -> Settlement:
    """A receipt of somebody who may have been here before."""
    entry = people.filled(ClaimEntry(desk), people.receipt(number))
    entry.insured.identify()
    return entry.settle()


@pytest.fixture
def settled(desk: Desk) -> list[Settlement]:
    """Two settlements of one person."""
    return [settled_with(desk, number) for number in ("A1", "A2")]


@pytest.fixture
def review(desk: Desk, settled: list[Settlement]) -> ReviewDesk:
    """A reviewer's sitting, with a claim that waits for the first check too."""
    assert len(settled) == 2
    desk.ledger.save_claim("k1", "李四示例", "{}")
    desk.ledger.let_claim_go("k1")
    desk.ledger.submit_claim("k1")
    sign_in(desk, REVIEWER)
    return ReviewDesk(desk)


def words(review: ReviewDesk, line: Waiting) -> str:
    return "\n".join(banner.words for banner in review.record(line).flags)


def test_passes_are_one_act_and_objections_each_their_own(review: ReviewDesk, desk: Desk) -> None:
    claim, first, second = review.lines()
    assert [line.step for line in (claim, first, second)] == ["待初审", "待复核", "待复核"]
    review.mark_passed(first)
    review.mark_returned(second, " 票据日期不符 ")
    review.mark_returned(claim, "缺处方")
    assert review.marked() == HandedIn(passed=1, returned=2)

    assert review.hand_in(review.lines(), PASSWORD) == HandedIn(passed=1, returned=2)

    assert [desk.ledger.stage(line.number) for line in (first, second)] == [Stage.PAYABLE, Stage.OBJECTED]
    assert review.marked() == HandedIn(passed=0, returned=0)
    assert [line.number for line in review.lines()] == [second.number], "it waits to be reversed"
    with pytest.raises(ClerkError, match="objected_already"):
        review.mark_passed(review.lines()[0])


def test_what_fails_keeps_what_is_done_and_the_other_marks(review: ReviewDesk, desk: Desk) -> None:
    _claim, first, second = review.lines()
    review.mark_passed(first)
    review.mark_returned(second, "票据日期不符")
    with pytest.raises(ClerkError, match="sign_in_refused"):
        review.hand_in(review.lines(), "wrong password")
    assert review.marked() == HandedIn(passed=1, returned=1)
    # Another reviewer has looked at the second meanwhile.
    lines = review.lines()
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.review([second.number])
    with pytest.raises(ClerkError, match="reviewed_already"):
        review.hand_in(lines, PASSWORD)
    assert desk.ledger.stage(first.number) is Stage.PAYABLE
    review.lines()
    assert review.marked() == HandedIn(passed=0, returned=0), "what waits no longer has no mark"


def test_the_ledger_refuses_what_the_desk_let_through(review: ReviewDesk, desk: Desk) -> None:
    _claim, first, _second = review.lines()
    review.mark_passed(first)
    sign_in(desk, CLERK)
    with pytest.raises(ClerkError, match="not_allowed"):
        review.hand_in([first], PASSWORD)
    assert desk.ledger.stage(first.number) is Stage.UNREVIEWED


def test_a_bill_like_another_is_flagged_before_everything_that_is_only_to_be_known(review: ReviewDesk) -> None:
    _claim, first, second = review.lines()
    assert f"与单据 {second.number} 的票据医院、日期、金额都相同" in words(review, first)
    assert "录入人结算时说明" not in words(review, first)
    assert f"录入人结算时说明：{review.desk.ledger.remark(second.number)}" in words(review, second)
    assert first.number in review.desk.ledger.remark(second.number), "the answer names what it is like"
    weights = [banner.weight for banner in review.record(first).flags]
    assert (weights[0], weights[-1]) == (Weight.WARNING, Weight.NOTE)
    assert "已收材料" in words(review, first)


def test_a_persons_data_that_changed_since_are_said(review: ReviewDesk, desk: Desk) -> None:
    _claim, first, _second = review.lines()
    assert "改动过" not in words(review, first)
    record = desk.ledger.person_by_id_number(people.ZHANG)
    assert record is not None
    desk.ledger.save_person(record.person, replace(record.entitlement, filings=()), record.area_code, record.person_id)
    assert "备案信息改动过" in words(review, first)
