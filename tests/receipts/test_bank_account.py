from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.errors import ClerkError
from clerk_app.receipts.bank_account import has_check_digit, is_card, parse_account
from clerk_app.wording import sentence

CARD = "6200000000000000018"


@pytest.mark.parametrize("typed", [CARD, "6200 0000 0000 0000 018", "６２００ 0000-0000-0000-018"])
def test_a_card_is_read_as_it_is_printed(typed: str) -> None:
    assert parse_account(typed) == CARD


@pytest.mark.parametrize("typed", ["", "1234567", "62abc00000000000", "六二〇〇〇〇〇〇", "=1+11111111", "1" * 31])
def test_what_is_no_number_is_refused_without_being_repeated(typed: str) -> None:
    with pytest.raises(ClerkError, match="account_digits") as refused:
        parse_account(typed)
    assert not typed or typed not in sentence(refused.value)


def test_a_passbook_has_no_check_digit_that_is_known() -> None:
    assert parse_account("0302 0000 0912 3456 789") == "0302000009123456789"
    assert not is_card("0302000009123456789")


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_of_a_card_is_noticed(place: int, step: int) -> None:
    at = place + 2
    wrong = CARD[:at] + str((int(CARD[at]) + step) % 10) + CARD[at + 1 :]
    assert not has_check_digit(wrong)
    with pytest.raises(ClerkError, match="account_check_digit"):
        parse_account(wrong)


@given(st.integers(2, 17))
def test_two_digits_that_changed_places_are_noticed(place: int) -> None:
    card = "6200123456789012347"
    assert has_check_digit(card)
    swapped = card[:place] + card[place + 1] + card[place] + card[place + 2 :]
    pair = {card[place], card[place + 1]}
    assert not has_check_digit(swapped) or len(pair) == 1 or pair == {"0", "9"}
