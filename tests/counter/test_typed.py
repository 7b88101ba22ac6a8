from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.codes import Benefit, InstitutionKind, Tier
from clerk_app.counter.typed import (
    parse_amount,
    parse_benefit,
    parse_day,
    parse_kind,
    parse_moment,
    parse_tier,
    plain_amount,
    tidy_amount,
    tidy_day,
)
from clerk_app.errors import ClerkError
from clerk_app.money import format_yuan

TODAY = date(2023, 11, 22)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1234.5", 123450),
        ("1,234.50", 123450),
        ("１２３４．５", 123450),
        ("1234.5+20", 125450),
        ("12.5+3-1", 1450),
        (" 0 ", 0),
        ("12＋3", 1500),
        ("-5", -500),
    ],
)
def test_amounts_are_read_as_they_are_typed(text: str, fen: int) -> None:
    assert parse_amount(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.234", "amount_three_decimals"),
        ("1+2.345", "amount_three_decimals"),
        ("12阿", "amount_not_a_number"),
        ("1++2", "amount_not_a_number"),
        ("1+", "amount_not_a_number"),
        ("", "amount_not_a_number"),
        ("99999999999999+99999999999999", "amount_too_large"),
    ],
)
def test_an_amount_that_is_none_is_refused_and_never_rounded(text: str, code: str) -> None:
    with pytest.raises(ClerkError) as error:
        parse_amount(text)
    assert error.value.code == code


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5))
def test_a_sum_is_exact(parts: list[int]) -> None:
    assert parse_amount("+".join(format_yuan(part) for part in parts)) == sum(parts)


@given(st.integers(-(10**12), 10**12))
def test_what_a_left_field_shows_reads_as_the_same_amount(fen: int) -> None:
    shown = tidy_amount(format_yuan(fen))
    assert parse_amount(shown) == parse_amount(plain_amount(shown)) == fen


def test_a_field_keeps_what_it_cannot_read() -> None:
    assert (tidy_amount("1.234"), plain_amount("12a,3"), tidy_day("5x", TODAY)) == ("1.234", "12a,3", "5x")


@pytest.mark.parametrize(
    "text", ["520", "0520", "5.20", "5-20", "5/20", "20230520", "2023-05-20", "2023.5.20", "2023年5月20日", "５．２０"]
)
def test_a_day_is_read_in_every_short_form(text: str) -> None:
    assert parse_day(text, TODAY) == date(2023, 5, 20)


@pytest.mark.parametrize("text", ["1332", "2023-02-29", "5", "abc", "230520", ""])
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ClerkError) as error:
        parse_day(text, TODAY)
    assert error.value.code == "day_unknown"


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_written_day_is_read_back(day: date) -> None:
    assert parse_day(tidy_day(f"{day:%Y%m%d}", TODAY), TODAY) == day


def test_a_time_may_follow_the_day() -> None:
    assert parse_moment("520 09:05", TODAY) == (date(2023, 5, 20), time(9, 5))
    assert parse_moment("520 0905", TODAY) == (date(2023, 5, 20), time(9, 5))
    assert tidy_day("520 9：05", TODAY) == "2023-05-20 09:05"
    with pytest.raises(ClerkError) as error:
        parse_moment("520 25:00", TODAY)
    assert error.value.code == "time_unknown"


def test_codes_stand_for_words() -> None:
    assert [parse_tier(text) for text in ("3", "三级", "０", "", "无等级")] == [
        Tier.THREE,
        Tier.THREE,
        Tier.NONE,
        None,
        Tier.NONE,
    ]
    assert (parse_benefit(""), parse_benefit("急诊抢救")) == (Benefit.ORDINARY, Benefit.EMERGENCY)
    assert (parse_kind(""), parse_kind("药店")) == (InstitutionKind.GENERAL, InstitutionKind.PHARMACY)


@pytest.mark.parametrize("parse", [parse_tier, parse_benefit, parse_kind])
def test_an_unknown_word_names_the_known_ones(parse: object) -> None:
    with pytest.raises(ClerkError) as error:
        parse("四级甲等")  # type: ignore[operator]
    assert error.value.details["known"]


@pytest.mark.parametrize(
    ("text", "day"),
    [("520", date(2023, 5, 20)), ("1220", date(2022, 12, 20)), ("601", date(2023, 6, 1)), ("602", date(2022, 6, 2))],
)
def test_a_visit_that_is_still_to_come_this_year_was_last_year(text: str, day: date) -> None:
    on = date(2023, 6, 1)
    assert parse_day(text, on, is_past=True) == day
    assert tidy_day(text, on, is_past=True) == day.isoformat()
    assert parse_day(f"2023{text:0>4}", on, is_past=True).year == 2023
