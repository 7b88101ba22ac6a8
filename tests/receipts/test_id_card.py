from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.errors import ClerkError
from clerk_app.receipts.id_card import Sex, check_digit, masked, parse_id_card

TODAY = date(2026, 11, 22)
#: The two examples that GB 11643-1999 itself prints.
STANDARD = ["11010519491231002X", "440524188001010014"]

prefixes = st.sampled_from(["110101", "220100", "810000", "820000", "830000", "911156"])
births = st.dates(date(1900, 1, 1), TODAY)
numbers = st.builds(
    lambda area, born, order: f"{area}{born:%Y%m%d}{order:03d}", prefixes, births, st.integers(0, 999)
).map(lambda first: first + check_digit(first))


def refusal(number: str) -> ClerkError:
    with pytest.raises(ClerkError) as failure:
        parse_id_card(number, TODAY)
    return failure.value


@pytest.mark.parametrize("number", STANDARD)
def test_the_standards_own_examples_are_read(number):
    assert parse_id_card(number, TODAY).number == number


def test_birthday_and_sex_are_read_from_the_number():
    card = parse_id_card("11010519491231002X", TODAY)
    assert (card.born_on, card.sex, card.sex.term) == (date(1949, 12, 31), Sex.FEMALE, "女")
    assert parse_id_card("440524188001010014", TODAY).sex.term == "男"


@given(numbers)
def test_residence_permits_and_cards_of_foreigners_are_read_like_any_other(number):
    assert parse_id_card(number, TODAY).number == number


@given(numbers)
def test_the_check_digit_is_that_of_iso_7064_mod_11_2(number):
    remainder = 0
    for character in number:
        remainder = (remainder * 2 + (10 if character == "X" else int(character))) % 11
    assert remainder == 1


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number, place, shift):
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(ClerkError):
        parse_id_card(wrong, TODAY)


@given(numbers, st.integers(0, 15))
def test_two_digits_that_changed_places_are_found(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(ClerkError):
            parse_id_card(swapped, TODAY)


def test_full_width_digits_spaces_and_a_small_x_are_put_right():
    assert parse_id_card(" １１０１０５ 19491231 002ｘ", TODAY).number == "11010519491231002X"


@pytest.mark.parametrize(
    "number",
    ["", "1101051949123100", "110105491231002", "11010519491231002XX", "A1010519491231002X", "1101051949123100²X"],
)
def test_another_form_is_refused(number):
    assert refusal(number).code == "id_card_form"


@pytest.mark.parametrize("born", ["19490230", "19491301", "20230229", "00000101", "20261123", "20270101"])
def test_a_birthday_that_does_not_exist_or_is_still_to_come_is_refused(born):
    first = f"110105{born}002"
    assert refusal(first + check_digit(first)).code == "id_card_birthday"


def test_a_child_born_today_is_accepted_and_born_tomorrow_is_not():
    first = f"110105{TODAY:%Y%m%d}002"
    assert parse_id_card(first + check_digit(first), TODAY).age_on(TODAY) == 0
    assert refusal(first.replace("20261122", "20261123") + "0").code == "id_card_birthday"


def test_a_wrong_check_digit_is_refused():
    assert refusal("110105194912310021").code == "id_card_check_digit"


@given(numbers)
def test_a_refusal_never_carries_the_number(number):
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    error = refusal(wrong)
    assert wrong not in f"{error} {error!r} {error.details}"


def test_age_counts_full_years():
    card = parse_id_card("11010519491231002X", TODAY)
    assert card.age_on(date(2026, 12, 30)) == 76
    assert card.age_on(date(2026, 12, 31)) == 77


@given(births, st.integers(0, 36500))
def test_a_leap_day_birthday_never_breaks_the_age(born, days):
    first = f"110105{born:%Y%m%d}002"
    card = parse_id_card(first + check_digit(first), TODAY)
    day = born + timedelta(days)
    assert 0 <= card.age_on(day) <= days / 365


def test_a_masked_number_hides_the_birthday():
    assert masked("11010519491231002X") == "110105********002X"
    assert masked("1234567") == "*******"
    assert masked("G12345678") == "****5678"
