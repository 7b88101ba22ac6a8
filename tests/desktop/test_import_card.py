from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
from pytestqt.qtbot import QtBot

from clerk_app.codes import ClaimState
from clerk_app.counter.desk import Desk
from clerk_app.desktop.export_page import ExportPage
from clerk_app.desktop.main_window import EXPORT, MainWindow
from tests.desktop.hands import ZHANG, change_user, finished, open_page
from tests.ledger.office import FINANCE


def shown(window: MainWindow) -> ExportPage:
    open_page(window, EXPORT)
    page = window.pages.currentWidget()
    assert isinstance(page, ExportPage)
    return page


def test_a_template_is_written_and_a_filled_one_becomes_claims_that_wait(
    qtbot: QtBot, window: MainWindow, desk: Desk, tmp_path: Path
) -> None:
    page = shown(window)
    target = tmp_path / "申请.xlsx"
    page.importing.write(target)
    finished(page.importing.work)
    assert str(target) in page.notice.text()
    book = openpyxl.load_workbook(target)
    sheet = book.worksheets[0]
    places = {str(cell.value).removesuffix("*"): cell.column for cell in sheet[3]}
    given = {"姓名": "张三示例", "证件号码": ZHANG, "就诊日期": date(2026, 5, 20), "医疗机构": "北京某医院"}
    for number, total in enumerate((1_000, "一千"), 4):
        row = given | {"票据号码": f"B{number}", "等级": "三级", "医疗费总额": total}
        for head, value in row.items():
            sheet.cell(number, places[head]).value = value
    book.save(target)

    page.importing.read(target)
    assert page.is_busy()
    assert not page.importing.begin.isEnabled()
    qtbot.waitUntil(lambda: not page.is_busy(), timeout=60_000)

    assert "共 2 行：接受 1 行（其中新增 1 行），拒绝 1 行" in page.notice.text()
    assert (tmp_path / "申请-导入结果.xlsx").exists()
    assert len(desk.ledger.claims_in(frozenset({ClaimState.ENTERED}))) == 1


def test_a_file_that_cannot_be_read_is_said(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    page = shown(window)
    (tmp_path / "bad.xlsx").write_bytes(b"PK")

    page.importing.read(tmp_path / "bad.xlsx")
    qtbot.waitUntil(lambda: not page.is_busy(), timeout=60_000)

    assert "不是能读的 Excel 工作簿" in page.notice.text()


def test_who_may_not_enter_claims_is_offered_no_import(window: MainWindow, desk: Desk) -> None:
    change_user(window, desk, FINANCE)

    assert shown(window).importing.isHidden()
