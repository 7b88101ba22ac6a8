"""An area's list from Excel: every row is taken or refused, and no file hangs the program or swells it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from clerk_app.codes import FeeCategory, ItemClass
from clerk_app.documents.catalogue_workbook import read_catalogue
from clerk_app.errors import ClerkError
from clerk_app.jobs import Cancelled, Progress

HEAD = ["药品编码", "药品名称", "甲乙类", "规格", "费用类别", "医保支付标准", "先行自付比例"]


def workbook(path: Path, *rows: list[Any]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def packed(path: Path, sheet: str) -> Path:
    """A workbook whose sheet is written by hand."""
    workbook(path, ["x"])
    with zipfile.ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name, content in parts.items():
            after.writestr(name, content)
    return path


def sheet_of(rows: str, dimension: str = "") -> str:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f'<?xml version="1.0"?><worksheet {space}>{dimension}<sheetData>{rows}</sheetData></worksheet>'


def test_every_row_is_taken_or_refused_with_its_number(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "list.xlsx",
        ["示例统筹区医保目录"],
        HEAD,
        ["XA01", "阿莫西林胶囊", "甲", "0.25g", None, 12.3, None],
        [],
        ["ZB02", "示例丸", "乙类", "", "", "", 0.1],
        ["CC03", "示例导管", "丙", "", "08", "", 0.2],
        ["S4", "示例检查", "02", "", "检查费", "120", "15%"],
        ["", "没有编码", "甲", "", "", "", ""],
        ["XA01", "重复", "甲", "", "", "", ""],
        ["X5", "示例", "丁", "", "", "", ""],
        ["X6", "示例", "乙", "", "", "十元", ""],
        ["X7", "示例", "乙", "", "", "", 1],
        ["X8", "示例", "乙", "", "", "", 120],
        ["X9", "示例", "乙", "", "没有的类别", "", ""],
        ["X10", "例" * 300, "乙", "", "", "", ""],
    )
    reading = read_catalogue(path)

    assert [(item.code, item.item_class, item.category) for item in reading.items] == [
        ("XA01", ItemClass.FULL, FeeCategory.WESTERN_DRUGS),
        ("ZB02", ItemClass.SHARED, FeeCategory.CHINESE_DRUGS),
        ("CC03", ItemClass.SELF_FUNDED, FeeCategory.CONSUMABLES),
        ("S4", ItemClass.SHARED, FeeCategory.EXAMINATION),
    ]
    assert [(item.limit, item.share) for item in reading.items] == [("12.3", ""), ("", "10"), ("", ""), ("120", "15")]
    assert reading.items[0].letters == "amxljn"
    assert [row for row, _why in reading.refused] == [8, 9, 10, 11, 12, 13, 14, 15]
    assert reading.row_count == len(reading.items) + len(reading.refused)


def test_a_workbook_without_the_needed_columns_says_which(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", ["编码", "名称"], ["X1", "示例"])
    with pytest.raises(ClerkError) as error:
        read_catalogue(path)

    assert error.value.code == "catalogue_without_head"
    assert "甲乙丙" in str(error.value.details["needed"])


def test_a_sheet_that_lies_about_its_size_loses_no_row(tmp_path: Path) -> None:
    texts = [HEAD[:3], *([f"X{row}", "示例", "甲"] for row in range(2, 51))]
    rows = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{letter}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for letter, text in zip("ABC", row, strict=True)
        )
        + "</row>"
        for number, row in enumerate(texts, 1)
    )
    path = packed(tmp_path / "list.xlsx", sheet_of(rows, '<dimension ref="A1:A2"/>'))

    assert [item.code for item in read_catalogue(path).items] == [f"X{row}" for row in range(2, 51)]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('<row r="900000"><c r="A900000"><v>1</v></c></row>', "workbook_too_large"),
        ('<row r="1"><c r="A1"><v>1</v></c>', "workbook_unreadable"),
    ],
    ids=["a row far below", "cut off"],
)
def test_what_no_list_has_is_refused(tmp_path: Path, cell: str, code: str) -> None:
    path = packed(tmp_path / "list.xlsx", sheet_of(cell))
    with pytest.raises(ClerkError, match=code):
        read_catalogue(path)


def test_reading_is_cancelled_at_once(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", HEAD)
    with pytest.raises(Cancelled):
        read_catalogue(path, Progress(cancelled=lambda: True))
