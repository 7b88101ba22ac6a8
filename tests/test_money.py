from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import cn2an
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clerk_app.errors import ClerkError
from clerk_app.money import LARGEST_FEN, capitals, format_yuan, parse_yuan, share_half_up, to_decimal

amounts = st.integers(min_value=-LARGEST_FEN, max_value=LARGEST_FEN)


@given(amounts, st.booleans())
def test_an_amount_that_was_written_is_read_back_to_the_fen(fen, separators):
    assert parse_yuan(format_yuan(fen, separators=separators)) == fen


@given(amounts)
def test_a_workbook_cell_holds_the_same_amount_as_the_paper(fen):
    assert f"{to_decimal(fen):.2f}" == format_yuan(fen)
    assert to_decimal(fen) * 100 == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("600.10", 60010),
        ("600.1", 60010),
        ("600.", 60000),
        (" 1,234.50 ", 123450),
        ("12,345,678.90", 1234567890),
        ("１２３．４５", 12345),
        ("－１，０００", -100000),
        ("+7", 700),
        ("-0.01", -1),
        ("0.29", 29),
        ("99999999999999.99", LARGEST_FEN),
    ],
)
def test_what_people_type_is_read_exactly(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "1e3", "1.2.3", "--5", "1,23", "12,34.00", "1 000", "¥5", ".5", "0x10", "nan", "1_000", "５元"],
)
def test_what_is_no_amount_is_refused_and_shown(text):
    with pytest.raises(ClerkError) as failure:
        parse_yuan(text)
    assert failure.value.code == "amount_not_a_number"
    assert failure.value.details["text"] == text


@pytest.mark.parametrize("text", ["0.001", "1.000", "1,234.567"])
def test_a_third_decimal_is_refused_and_never_rounded_away(text):
    with pytest.raises(ClerkError) as failure:
        parse_yuan(text)
    assert failure.value.code == "amount_three_decimals"


@pytest.mark.parametrize("text", ["100000000000000", "-100000000000000.00", "9" * 400])
def test_an_amount_beyond_sixteen_digits_is_refused(text):
    with pytest.raises(ClerkError) as failure:
        parse_yuan(text)
    assert failure.value.code == "amount_too_large"


@given(st.integers(0, LARGEST_FEN), st.integers(0, 10000))
def test_a_share_rounds_half_up_once(amount_fen, ratio_bp):
    exact = Decimal(amount_fen) * ratio_bp / 10000
    assert share_half_up(amount_fen, ratio_bp) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_half_a_fen_goes_up_where_a_banker_would_go_down():
    assert share_half_up(1, 5000) == 1
    assert share_half_up(5, 5000) == 3
    assert share_half_up(10050, 5000) == 5025


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0.00", "零元整"),
        ("1000.05", "壹仟元零伍分"),
        ("100200.30", "壹拾万零贰佰元叁角整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.56", "伍角陆分"),
        ("1.00", "壹元整"),
        ("10.10", "壹拾元壹角整"),
        ("1010.01", "壹仟零壹拾元零壹分"),
        ("10000.00", "壹万元整"),
        ("100000000.00", "壹亿元整"),
        ("100010000.00", "壹亿零壹万元整"),
        ("200008310.10", "贰亿零捌仟叁佰壹拾元壹角整"),
        ("1000000000000.00", "壹万亿元整"),
        ("1000100000000.00", "壹万零壹亿元整"),
        ("-12.30", "负壹拾贰元叁角整"),
    ],
)
def test_capitals_are_written_as_on_a_cheque(yuan, words):
    assert capitals(parse_yuan(yuan)) == words


@given(st.lists(st.integers(1, 9999), min_size=1, max_size=4), st.integers(0, 99))
def test_capitals_agree_with_cn2an_where_no_group_is_empty(groups, cents):
    # cn2an drops 整, and drops 零 beside a group of four zeros; both are fixed by the examples above.
    fen = int("".join(f"{group:04d}" for group in groups)) * 100 + cents
    assume(fen <= LARGEST_FEN)
    assert capitals(fen).removesuffix("整") == cn2an.an2cn(format_yuan(fen), "rmb").removesuffix("整")


@given(amounts)
def test_capitals_mean_the_amount_they_stand_for(fen):
    words = capitals(fen)
    assert _read_capitals(words) == fen
    assert "零零" not in words
    assert words.endswith(("整", "分"))
    assert words.endswith("整") == (fen % 10 == 0)


def _read_capitals(words: str) -> int:
    """A reader that knows nothing of the writer: digits take their place's weight, 万 and 亿 multiply what precedes."""
    sign = -1 if words.startswith("负") else 1
    yuan, _unit, cents = words.removeprefix("负").removesuffix("整").rpartition("元")
    total = section = digit = 0
    for character in yuan:
        if character in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(character)
        elif character in "拾佰仟":
            section, digit = section + digit * {"拾": 10, "佰": 100, "仟": 1000}[character], 0
        elif character == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        else:
            total, section, digit = (total + section + digit) * 100_000_000, 0, 0
    fen = (total + section + digit) * 100
    for character, following in pairwise(cents):
        if following in "角分":
            fen += "零壹贰叁肆伍陆柒捌玖".index(character) * (10 if following == "角" else 1)
    return sign * fen
