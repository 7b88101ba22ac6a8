from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from clerk_app.counter import practice
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.claim_lookup import known_person
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ReceiptDraft
from clerk_app.counter.entrance import Entrance
from clerk_app.counter.guide import Guide
from clerk_app.counter.sample_papers import sample_case
from clerk_app.money import format_yuan
from clerk_app.settings import Settings, load_settings
from tests.counter.people import PAPERS


@pytest.fixture
def practising(tmp_path: Path) -> Iterator[Desk]:
    """The practice office's clerk."""
    desk = Entrance(tmp_path, lambda: datetime(2026, 11, 22, 9).astimezone()).open_practice(Settings())
    desk.ledger.sign_in(practice.CLERK.login, practice.PASSWORD)
    yield desk
    desk.close()


def entered(desk: Desk) -> ClaimEntry:
    """The sample as it stands in the form once all of it is typed."""
    case, entry = sample_case(), ClaimEntry(desk)
    entry.insured.choose(known_person(entry.desk, entry.find_persons(case.letters)[0]))
    entry.draft.receipts = [
        ReceiptDraft(
            number=paper.number,
            visited_on=paper.typed_day,
            hospital=paper.hospital,
            tier="2",
            total=paper.total,
            self_funded=paper.self_funded,
            paid_first=paper.paid_first,
        )
        for paper in case.papers
    ]
    entry.draft.materials |= PAPERS
    return entry


def test_the_guide_says_one_thing_after_the_other(practising: Desk) -> None:
    guide, case = Guide(practising), sample_case()
    whole = entered(practising).draft
    entry = ClaimEntry(practising)
    draft = entry.draft
    assert "1/" in guide.words(draft)
    assert case.letters in guide.words(draft)
    entry.insured.choose(known_person(entry.desk, entry.find_persons(case.letters)[0]))
    assert case.papers[0].number in guide.words(draft)
    told = []
    for step in guide.steps:
        if step.place is None:
            continue
        row, field = step.place
        if row == len(draft.receipts):
            draft.receipts.append(ReceiptDraft())
        assert step.keys[0] in guide.words(draft)
        told.append(step.keys[0])
        setattr(draft.receipts[row], field, getattr(whole.receipts[row], field))
    assert case.papers[1].total in told
    assert "Ctrl+M" in guide.words(draft)
    draft.materials |= PAPERS
    assert guide.words(draft).endswith("F9")


def test_what_was_typed_wrong_is_told_with_what_the_paper_says(practising: Desk) -> None:
    guide, draft = Guide(practising), entered(practising).draft
    draft.receipts[0].total = "326.05"
    assert "326.05" in guide.words(draft)
    assert "326.50" in guide.words(draft)


def test_what_is_being_typed_is_not_called_wrong(practising: Desk) -> None:
    guide, draft = Guide(practising), entered(practising).draft
    whole = draft.receipts[0]
    for field, keys in (("number", whole.number), ("hospital", "xqyy"), ("total", whole.total), ("visited_on", "616")):
        draft.receipts[0] = replace(whole)
        for end in range(len(keys)):
            setattr(draft.receipts[0], field, keys[:end])
            assert "现在填的是" not in guide.words(draft), keys[:end]
    draft.receipts[0].visited_on = "617"
    assert "现在填的是“617”" in guide.words(draft)


def test_it_ends_with_the_voucher_and_does_not_lead_into_a_duplicate(practising: Desk) -> None:
    guide, entry = Guide(practising), entered(practising)
    guide.begin(guide.settled_before())
    settled = entry.settle()
    assert settled.fund_fen == 26373
    guide.settled(settled)
    blank = ClaimEntry(practising).draft
    assert guide.words(blank).endswith("F8")
    guide.papers_seen()
    assert settled.voucher_number in guide.words(blank)
    assert guide.next_step(blank) is None

    again = Guide(practising)
    again.begin(again.settled_before())
    assert "已经结算过" in again.words(blank)
    assert settled.voucher_number in again.words(blank)
    practising.ledger.reverse(settled.voucher_number, "再做一遍", "guide-again")
    again.begin(again.settled_before())
    assert "1/" in again.words(blank)


def test_it_is_for_practising_and_once_closed_stays_so(practising: Desk, tmp_path: Path, desk: Desk) -> None:
    guide = Guide(practising)
    assert guide.is_wanted()
    assert not Guide(desk).is_wanted(), "a real office is no place to practise"
    guide.close()
    assert not Guide(practising).is_wanted()
    assert load_settings(tmp_path).guide is False
    guide.want()
    assert Guide(practising).is_wanted()
    practising.ledger.sign_in(practice.FINANCE.login, practice.PASSWORD)
    assert not Guide(practising).is_wanted(), "who enters no claims is not led through one"


@pytest.mark.parametrize("today", [(2026, 6, 18), (2027, 1, 2), (2028, 2, 29), (2029, 12, 31)])
def test_the_sample_pays_what_the_readme_says_on_whatever_day_it_is_tried(
    tmp_path: Path, today: tuple[int, int, int]
) -> None:
    practising = Entrance(tmp_path, lambda: datetime(*today, 9).astimezone()).open_practice(Settings())
    practising.ledger.sign_in(practice.CLERK.login, practice.PASSWORD)
    settled = entered(practising).settle()
    assert format_yuan(settled.fund_fen) == sample_case().fund
    practising.close()
