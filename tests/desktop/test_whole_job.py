"""The main job from the first key to the month's file, as a clerk does it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clerk_app.desktop.export_page import ExportPage
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.search_page import SearchPage
from clerk_app.desktop.voucher_window import VoucherWindow
from tests.desktop.hands import ZHANG, Hands, finished
from tests.ledger.office import PASSWORD


def test_from_the_paper_to_the_month(qtbot: QtBot, window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    claim = window.claim
    hands.person(ZHANG, "张三𠮷示例")
    prior = {place.field: field for place, field in claim.priors.fields()}
    hands.into(prior["deductible"], "200")
    hands.into(prior["fund"], "100+20")
    hands.receipt("0001234567", "1234.5+20", "50")
    hands.receipt("0001234568", "600")
    hands.receipt("0001234569", "800", "90")

    assert claim.panel.fund.text() == "1,057.25"
    assert claim.panel.total.text() == "2,654.50"
    assert claim.panel.badge.text() == "支付"
    assert "江西省实施意见 二(三)" in claim.explanation.text()

    hands.press(Qt.Key.Key_F9)
    assert "360000-2026-000001" in claim.done_strip.text()
    assert "1,057.25" in claim.done_strip.text()
    assert claim.person.id_number.text() == ""
    assert hands.focused() is claim.person.scan

    hands.press(Qt.Key.Key_F8)
    papers = window.findChild(VoucherWindow)
    assert papers is not None
    assert len(papers.pages) == 1
    assert papers.pages[0].pixmap().height() > 800
    target = tmp_path / "voucher.pdf"
    papers.save_to(target)
    finished(papers.work)
    assert target.read_bytes().startswith(b"%PDF")
    papers.close()
    window.activateWindow()

    hands.press(Qt.Key.Key_F4)
    hands.type("张三")
    hands.enter()
    search = window.pages.currentWidget()
    assert isinstance(search, SearchPage)
    assert search.claims.index(0, 0).data() == "360000-2026-000001"
    assert search.claims.index(0, 4).data() == "360102********1235"
    assert "1,057.25" in search.panel.facts.text()

    hands.press(Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    export = window.pages.currentWidget()
    assert isinstance(export, ExportPage)
    assert "1 条" in export.count.text()
    book = tmp_path / "month.xlsx"
    hands.into(export.target, str(book))
    hands.into(export.password, PASSWORD)
    hands.click(export.start)
    qtbot.waitUntil(lambda: not export.is_busy(), timeout=20_000)
    assert str(book) in export.notice.text()
    sheet = openpyxl.load_workbook(book).worksheets[0]
    assert any("0001234567" in str(cell.value) for row in sheet.iter_rows() for cell in row)
