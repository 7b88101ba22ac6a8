"""What a scanner types is told apart by its form."""

from __future__ import annotations

import pytest

from clerk_app.counter.scanned import Scanned, recognise
from tests.counter.people import ZHANG

CODE, NUMBER = "61060120", "0000012345"


def test_numbers_of_persons_and_of_our_papers_are_told_apart() -> None:
    assert recognise(f" {ZHANG.lower()} ") == Scanned(id_number=ZHANG)
    for text in ("360000-2026-000012", "360000-2026-000012:1,057.25:ab12cd34"):
        assert recognise(text) == Scanned(voucher_number="360000-2026-000012")
    assert recognise("s360000-2026-000012") == Scanned(voucher_number="S360000-2026-000012")
    for text in ("张三", "", "360000-2026-0000123", "61060120", "1234567890,61060120"):
        assert recognise(text) == Scanned()


@pytest.mark.parametrize(
    "text",
    [
        f"01,10,{CODE},{NUMBER},abc123,20260520,120.50,",
        f"{CODE},{NUMBER},abc123,120.50,20260520",
        f"01；10；{CODE}；{NUMBER}；abc123；20260520；120.50",
        f"01|{CODE}|{NUMBER}|20260520|120.50",
        f"https://pj.example/check?code={CODE}&number={NUMBER}&check=abc123&day=20260520&amount=120.50",
    ],
)
def test_an_electronic_bill_gives_code_number_day_and_amount(text: str) -> None:
    assert recognise(text) == Scanned(bill_code=CODE, bill_number=NUMBER, billed_on="2026-05-20", amount="120.50")


def test_of_two_amounts_or_days_none_is_taken() -> None:
    assert recognise(f"{CODE},{NUMBER},120.50,20.00,20260520,20260521") == Scanned(bill_code=CODE, bill_number=NUMBER)
    assert recognise(f"{CODE},{NUMBER},20261399,120.5") == Scanned(bill_code=CODE, bill_number=NUMBER)
