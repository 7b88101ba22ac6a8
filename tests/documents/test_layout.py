from __future__ import annotations

import re

import segno

from clerk_app.documents import drawing, layout
from clerk_app.documents.issued import Issued
from clerk_app.documents.layout import Align, Cell, Column, Paper
from clerk_app.documents.page_format import WIDTH
from tests.documents.reading import collisions, pages, run_on
from tests.documents.samples import OFFICE

COLUMNS = (Column("序号", 0.2, Align.CENTRE), Column("内容", 0.8))


def _head(page: Paper, _is_first: bool) -> None:
    page.text(layout.LEFT, layout.TOP + 9, "页眉", 9)
    page.gap(20)


def paper() -> Paper:
    return Paper(
        Issued("纸", "1"),
        OFFICE,
        head=_head,
        foot=lambda page, number, count: page.text(layout.LEFT, page.bottom + 9, f"{number}/{count}", 9),
    )


def test_a_table_repeats_its_head_and_carries_its_sums_over_the_page() -> None:
    filled = paper()
    rows = [(str(number), f"第{number}行") for number in range(1, 101)]

    filled.table(COLUMNS, rows, carried=lambda count: ("", f"前{count}行"), total=("计", "共100行"))

    read = pages(filled.to_bytes())
    assert len(read) > 1
    for place, page in enumerate(read):
        assert "页眉" in "".join(page.split())
        assert "内容" in "".join(page.split())
        assert f"{place + 1}/{len(read)}" in page
        assert ("承前页" in page) == (place > 0)
        assert ("过次页" in page) == (place < len(read) - 1)
    assert [f"第{number}行" in "\n".join(read) for number in range(1, 101)] == [True] * 100


def test_a_row_higher_than_a_page_goes_on_over_the_page_and_loses_nothing() -> None:
    filled = paper()
    text = "".join(f"字{number}，" for number in range(3000))

    filled.row([Cell(text, layout.FULL, 9.0)])

    read = filled.to_bytes()
    assert len(pages(read)) > 1
    assert re.findall(r"字\d+", re.sub(r"页眉|\d+/\d+", "", run_on(read))) == [f"字{number}" for number in range(3000)]


def test_text_at_a_place_shrinks_rather_than_leave_the_paper() -> None:
    filled = paper()

    filled.text(WIDTH / 2, 100, "很长的标题" * 40, 18, align=Align.CENTRE)

    assert "很长的标题" * 40 in run_on(filled.to_bytes())


def test_text_shrinks_rather_than_leave_its_room() -> None:
    filled = paper()
    filled.text(layout.LEFT, 100, "示" * 11, 10, room=100)
    filled.text(layout.LEFT + 101, 100, "例", 10)

    assert collisions(filled.to_bytes()) == []


def test_the_rectangles_of_a_qr_code_are_its_dark_modules() -> None:
    text = "990100-2026-000123:1234.50"
    matrix = segno.make_qr(text, error="m", mask=2, boost_error=False).matrix

    modules, rectangles = drawing._qr_rectangles(text)

    drawn = [[0] * modules for _line in range(modules)]
    for x, y, width, height in rectangles:
        for row in range(y, y + height):
            for column in range(x, x + width):
                drawn[row][column] += 1
    assert drawn == [list(line) for line in matrix]
