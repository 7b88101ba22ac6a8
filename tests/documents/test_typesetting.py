from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clerk_app.documents.fonts import ems
from clerk_app.documents.typesetting import fitted, wrapped


def test_a_line_never_begins_with_a_full_stop_or_ends_with_an_opening_bracket() -> None:
    text = "一二三四五，六七八九（十）一二三四五六。" * 4

    for width in range(40, 160, 3):
        for line in wrapped(text, 10, width):
            assert line[0] not in "，。）"
            assert line[-1] != "（"


def test_a_number_in_a_sentence_is_not_parted() -> None:
    lines = wrapped("统筹支付一二三四 1,234,567.89 元", 10, 90)

    assert any("1,234,567.89" in line for line in lines)


def test_an_amount_shrinks_and_stays_on_one_line() -> None:
    narrow = fitted("99,999,999,999,999.99", 8, 30, is_number=True)

    assert narrow.lines == ("99,999,999,999,999.99",)
    assert ems(narrow.lines[0]) * narrow.size <= 30.001
    assert fitted("1.00", 8, 30, is_number=True).size == 8


def test_line_breaks_in_a_text_are_kept() -> None:
    assert wrapped("一\n二", 10, 100) == ("一", "二")


@given(st.text("一二（），。ab19 .-𠮷", max_size=80), st.integers(12, 200))
def test_wrapping_loses_nothing_and_stays_within_the_width(text: str, width: int) -> None:
    lines = wrapped(text, 10, width)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(ems(line) * 10 <= width + 0.001 for line in lines)
