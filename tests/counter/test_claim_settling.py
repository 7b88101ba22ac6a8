"""What is settled is what stood on the screen: where the ledger knows more, it is shown before anything is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.codes import Decision
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.claim_settling import Changed, Hindered, Settled, settle_claim
from clerk_app.counter.desk import Desk
from tests.counter.desks import staffed_desk
from tests.counter.people import LI, filled, receipt


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk where the bill A1 is held by a voucher."""
    desk = staffed_desk(tmp_path)
    filled(ClaimEntry(desk)).settle()
    yield desk
    desk.close()


def test_what_stood_on_the_screen_is_settled_at_once(desk: Desk) -> None:
    entry = filled(ClaimEntry(desk), receipt("B1"), number=LI, name="李四示例")
    outcome = settle_claim(entry, None, entry.preview().claim, None, "")
    assert isinstance(outcome, Settled)
    assert outcome.settlement.fund_fen == 20_000


def test_a_bill_that_turns_out_to_be_held_is_shown_before_its_refusal_is_recorded(desk: Desk) -> None:
    entry = filled(ClaimEntry(desk), receipt("A1"), number=LI, name="李四示例")
    on_screen = entry.preview().claim
    assert on_screen is not None
    assert on_screen.decision is Decision.PAY

    assert isinstance(settle_claim(entry, None, on_screen, None, ""), Changed)
    assert desk.ledger.month_count(2026, 11) == 1
    seen = entry.preview().claim
    assert seen is not None
    assert seen.decision is Decision.REFUSE
    assert isinstance(settle_claim(entry, None, seen, None, ""), Settled)


def test_what_was_used_in_another_area_is_shown_before_it_counts(desk: Desk) -> None:
    entry = filled(ClaimEntry(desk), receipt("B1"))
    entry.insured.identify()
    entry.draft.receipts = [receipt("B1")]
    on_screen = entry.preview().claim
    entry.forget_use()
    assert entry.preview().claim is None, "nobody can have seen an amount"
    assert isinstance(settle_claim(entry, None, None, None, ""), Changed)
    assert isinstance(settle_claim(entry, None, on_screen, None, ""), Settled)


def test_what_is_in_the_way_is_said_first(desk: Desk) -> None:
    entry = filled(ClaimEntry(desk), receipt("A1", total=""), number=LI, name="李四示例")
    outcome = settle_claim(entry, None, None, None, "")
    assert isinstance(outcome, Hindered)
    assert outcome.obstacles
