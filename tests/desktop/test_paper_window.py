"""The other papers in the window: from the page of claims and from the year card, printed and counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.desktop.claims_page import ClaimsPage
from clerk_app.desktop.export_page import ExportPage
from clerk_app.desktop.main_window import CLAIMS, EXPORT, MainWindow
from clerk_app.desktop.paper_window import PaperWindow
from clerk_app.desktop.year_card_window import YearCardWindow
from tests.counter.desks import sign_in
from tests.desktop.hands import Hands, finished, open_page, rest, until
from tests.ledger.office import REVIEWER


def paper_of(window: MainWindow) -> PaperWindow:
    found = window.findChild(PaperWindow)
    assert found is not None
    finished(found.work)
    return found


def test_a_receipt_is_printed_from_the_page_of_claims(
    qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk, tmp_path: Path
) -> None:
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F2)
    open_page(window, CLAIMS)
    page = window.pages.currentWidget()
    assert isinstance(page, ClaimsPage)
    qtbot.waitUntil(page.receipt_button.isEnabled, timeout=5_000)
    hands.click(page.receipt_button)
    paper = paper_of(window)
    assert "S360000-2026-000001" in paper.windowTitle()
    assert len(paper.view.pages) == 1

    desk.settings = replace(desk.settings, paper_folder=str(tmp_path / "kept"))
    for expected in ("已打印到文件", "补打第 1 次"):
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFileName(str(tmp_path / "printed.pdf"))
        paper.print_on(printer)
        finished(paper.work)
        assert expected in paper.notice.text()
    assert len(pypdfium2.PdfDocument((tmp_path / "printed.pdf").read_bytes())) == 1
    kept = sorted(file.relative_to(tmp_path / "kept").as_posix() for file in (tmp_path / "kept").rglob("*.pdf"))
    month, number = f"{desk.today():%Y-%m}", "受理回执-S360000-2026-000001"
    assert kept == [f"{month}/{number}-补打1.pdf", f"{month}/{number}.pdf"]
    paper.save_to(tmp_path / "saved.pdf")
    finished(paper.work)
    assert (tmp_path / "saved.pdf").read_bytes().startswith(b"%PDF-1.4")
    paper.save_to(tmp_path / "none" / "saved.pdf")
    finished(paper.work)
    assert "没有写成" in paper.notice.text()
    sign_in(desk, REVIEWER)
    prints = [entry for entry in desk.ledger.audit_trail() if entry.action is Action.PRINT]
    assert [entry.subject for entry in prints] == ["acceptance S360000-2026-000001"] * 2


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_print_that_fails_after_the_window_was_closed_is_told_by_the_main_window(
    qtbot: QtBot, window: MainWindow, hands: Hands, tmp_path: Path
) -> None:
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F2)
    window.go_to(CLAIMS)
    page = window.pages.currentWidget()
    assert isinstance(page, ClaimsPage)
    qtbot.waitUntil(page.receipt_button.isEnabled, timeout=5_000)
    hands.click(page.receipt_button)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "none" / "printed.pdf"))
    paper_of(window).print_on(printer)

    window.beside.close_all()

    until(lambda: "打印机没有接收完这次打印" in window.claim.notice.text())
    rest()
    assert window.findChild(PaperWindow) is None


def test_a_year_card_is_printed_from_its_window(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F9)
    hands.fields("360102198001011235")
    hands.press(Qt.Key.Key_F11)
    card = window.findChild(YearCardWindow)
    assert card is not None
    hands.click(card.print_button)
    assert len(paper_of(window).view.pages) == 1
    assert "年度卡" in paper_of(window).windowTitle()


def test_a_month_on_paper_is_shown_from_the_page_of_exports(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.receipt()
    hands.press(Qt.Key.Key_F9)
    open_page(window, EXPORT)
    page = window.pages.currentWidget()
    assert isinstance(page, ExportPage)
    hands.click(page.paper_button)
    assert paper_of(window).windowTitle() == "月台账 2026-11"
    assert len(paper_of(window).view.pages) == 1
