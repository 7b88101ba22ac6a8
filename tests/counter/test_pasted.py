"""A copied table becomes lines of receipts; what is wrong in it is said line by line, and nothing is lost."""

from __future__ import annotations

from datetime import date

import pytest

from clerk_app.counter.draft import ReceiptDraft, new_draft
from clerk_app.counter.pasted import MOST_ROWS, is_table, put_lines, read_table
from clerk_app.errors import ClerkError

TODAY = date(2026, 11, 22)
KEYS = ("number", "visited_on", "hospital", "tier", "benefit", "total")


def test_a_head_tells_the_columns_in_any_order() -> None:
    pasted = read_table(
        "金额\t医院名称\t没有的列\t发票号\t日期\r\n1,234.50\t北京某医院\tx\tA1\t2026/5/20\r\n", KEYS, TODAY
    )

    assert pasted.lines == ({"total": "1,234.50", "hospital": "北京某医院", "number": "A1", "visited_on": "2026/5/20"},)
    assert pasted.words() == "已粘贴 1 行。"


def test_without_a_head_the_columns_follow_the_cell() -> None:
    pasted = read_table("A1\t520\t北京某医院\t3\t\t100\nA2\t521", KEYS, TODAY)

    assert pasted.lines[0] == dict(zip(KEYS, ("A1", "520", "北京某医院", "3", "", "100"), strict=True))
    assert pasted.lines[1] == {"number": "A2", "visited_on": "521"}


def test_every_wrong_line_is_named_and_taken_all_the_same() -> None:
    pasted = read_table("A1\t1350\t某\t三甲\t\t100\n\nA2\t520\t某\t三级\t\t12.345", KEYS, TODAY)

    assert [row for row, _why in pasted.problems] == [1, 1, 2]
    words = pasted.words()
    assert all(part in words for part in ("第 1 行 就诊日期：", "第 1 行 等级：", "第 2 行 总额：", "两位小数"))
    assert pasted.lines[1]["total"] == "12.345"


def test_lines_fill_what_is_there_and_take_the_institution_over() -> None:
    draft = new_draft(TODAY)
    draft.receipts = [ReceiptDraft(number="A0", hospital="北京某医院", tier="三级", total="5"), ReceiptDraft()]
    pasted = read_table("票据号\t日期\t总额\nA1\t520\t100\nA2\t521\t200", KEYS, TODAY)

    assert put_lines(draft, 1, pasted) == 3
    assert [(each.number, each.hospital, each.total) for each in draft.receipts] == [
        ("A0", "北京某医院", "5"),
        ("A1", "北京某医院", "100"),
        ("A2", "北京某医院", "200"),
        ("", "", ""),
    ]


def test_control_characters_and_long_cells_do_no_harm() -> None:
    pasted = read_table('A\x001\x07\t520\t"某医院"\nB' + "9" * 500 + "\t520", KEYS, TODAY)

    assert pasted.lines[0] == {"number": "A 1", "visited_on": "520", "hospital": "某医院"}
    assert len(pasted.lines[1]["number"]) == 200


@pytest.mark.parametrize(
    ("text", "code"),
    [("\n".join(["A\t520"] * (MOST_ROWS + 1)), "paste_too_large"), ("\t".join("1234567"), "paste_too_wide")],
)
def test_what_does_not_fit_is_refused_whole(text: str, code: str) -> None:
    with pytest.raises(ClerkError) as error:
        read_table(text, KEYS, TODAY)
    assert error.value.code == code


def test_one_cell_is_no_table() -> None:
    assert not is_table("A1\r\n")
    assert is_table("A1\tA2")
    assert is_table("A1\nA2")
    assert read_table("", KEYS, TODAY).lines == ()
