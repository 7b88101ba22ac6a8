"""A settlement's papers in the window: seen masked, printed as chosen, kept by rule, and every act on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from clerk_app.codes import Action
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.voucher_desk import Sheet
from clerk_app.desktop.printing import MOST_PAGES_SHOWN, PageView, fit_printer, page_count, print_pages
from clerk_app.desktop.tasks import acts as begun_acts
from clerk_app.desktop.voucher_window import VoucherWindow
from clerk_app.documents.lists import month_ledger_bytes
from clerk_app.documents.page_format import PageFormat
from clerk_app.documents.paper_check import check_paper
from tests.counter import people
from tests.counter.desks import sign_in, staffed_desk
from tests.desktop.hands import finished, rest, until
from tests.documents.all_papers import OFFICE, PAPERS, month_of
from tests.documents.reading import run_on
from tests.ledger.office import AUDITOR, CLERK, REVIEWER


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = staffed_desk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def papers(qtbot: QtBot, desk: Desk) -> VoucherWindow:
    window = VoucherWindow(desk, people.filled(ClaimEntry(desk)).settle())
    qtbot.addWidget(window)
    rest()
    return window


def printer_to(target: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(target))
    fit_printer(printer, PageFormat.A4)
    return printer


def pages_of(target: Path) -> list[tuple[int, int]]:
    """Width and height of each page in whole points."""
    document = pypdfium2.PdfDocument(target.read_bytes())
    try:
        return [(round(width), round(height)) for width, height in (page.get_size() for page in document)]
    finally:
        document.close()


def acts(desk: Desk, action: Action) -> list[str]:
    sign_in(desk, REVIEWER)
    found = [entry.subject for entry in desk.ledger.audit_trail() if entry.action is action]
    sign_in(desk, CLERK)
    return found


def test_numbers_are_hidden_on_screen_until_somebody_asks_and_that_is_on_record(
    qtbot: QtBot, desk: Desk, papers: VoucherWindow
) -> None:
    number = papers.papers.settlement.person.id_number
    for sheet in papers.papers.sheets():
        assert number not in run_on(papers.papers.preview(sheet))
    before = papers.pages[0].pixmap().toImage()
    assert acts(desk, Action.SHOW_NUMBERS) == []

    qtbot.mouseClick(papers.numbers_button, Qt.MouseButton.LeftButton)
    rest()

    assert number in run_on(papers.papers.preview(Sheet.AGENCY))
    assert number not in run_on(papers.papers.preview(Sheet.INSURED)), "the insured's copy never has it"
    assert papers.pages[0].pixmap().toImage() != before
    assert acts(desk, Action.SHOW_NUMBERS) == [papers.papers.settlement.voucher_number]


def test_papers_are_made_and_their_pages_counted_beside_the_window(qtbot: QtBot, desk: Desk) -> None:
    window = VoucherWindow(desk, people.filled(ClaimEntry(desk)).settle())
    qtbot.addWidget(window)
    window.show()
    assert window.pages == [], "it is there before its first paper is made"
    window.print_papers()
    assert window.findChildren(QPrintDialog) == []
    finished(window.work)
    until(lambda: bool(window.findChildren(QPrintDialog)))

    (asked,) = window.findChildren(QPrintDialog)
    assert (asked.minPage(), asked.maxPage()) == (1, 3)
    assert len(window.pages) == 1
    asked.reject()


def test_of_two_papers_that_are_chosen_in_a_row_the_last_is_shown(papers: VoucherWindow) -> None:
    first = papers.pages[0].pixmap().toImage()
    papers.sheet.choose(Sheet.FINANCE)
    papers.sheet.choose(Sheet.INSURED)
    rest()
    shown = papers.pages[0].pixmap().toImage()
    assert shown != first
    papers.sheet.choose(Sheet.AGENCY)
    papers.sheet.choose(Sheet.INSURED)
    rest()
    assert papers.pages[0].pixmap().toImage() == shown


def test_the_keys_that_scroll_are_for_the_paper_and_ctrl_with_them_shows_the_next_copy(
    qtbot: QtBot, papers: VoucherWindow
) -> None:
    bar = papers.view.verticalScrollBar()
    papers.show()
    papers.resize(900, 500)
    qtbot.waitUntil(lambda: bar.maximum() > 0 and papers.view.hasFocus())
    first = papers.sheet.currentIndex()
    qtbot.keyClick(papers.view, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    assert papers.sheet.currentIndex() == first
    qtbot.keyClick(papers.view, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    rest()
    assert papers.sheet.currentIndex() == first + 1
    qtbot.keyClick(papers.view, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    rest()
    assert papers.sheet.currentIndex() == first


def test_a_role_that_may_not_see_numbers_or_print_is_not_offered_it(qtbot: QtBot, desk: Desk) -> None:
    settled = people.filled(ClaimEntry(desk)).settle()
    sign_in(desk, AUDITOR)
    window = VoucherWindow(desk, settled)
    qtbot.addWidget(window)
    for button in (window.numbers_button, window.print_button, window.print_one_button, window.save_button):
        assert not button.isEnabled()
    assert settled.person.id_number not in run_on(window.papers.preview(Sheet.AGENCY))


def test_all_papers_or_the_one_on_screen_are_printed(papers: VoucherWindow, tmp_path: Path) -> None:
    papers.print_on(printer_to(tmp_path / "all.pdf"))
    finished(papers.work)
    assert len(pages_of(tmp_path / "all.pdf")) == 3
    papers.print_on(printer_to(tmp_path / "one.pdf"), [Sheet.FINANCE])
    finished(papers.work)
    assert len(pages_of(tmp_path / "one.pdf")) == 1
    assert "补打第 1 次" in papers.notice.text()


@pytest.mark.usefixtures("qapp")
def test_the_chosen_pages_and_copies_are_printed_and_no_others(tmp_path: Path) -> None:
    many = [PAPERS["month-worst"](OFFICE), PAPERS["acceptance"](OFFICE)]
    count = page_count(many)
    printer = printer_to(tmp_path / "range.pdf")
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 3)
    assert print_pages(printer, many) == 2
    assert len(pages_of(tmp_path / "range.pdf")) == 2

    last = printer_to(tmp_path / "last.pdf")
    last.setPrintRange(QPrinter.PrintRange.PageRange)
    last.setFromTo(count, count)
    last.setCopyCount(3)
    assert print_pages(last, many) in (1, 3), "a printer that makes its own copies gets one"
    assert len(pages_of(tmp_path / "last.pdf")) == (1 if last.supportsMultipleCopies() else 3)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("sheet", PageFormat, ids=lambda each: each.setting)
def test_the_printer_gets_the_paper_that_the_pages_are_made_for(sheet: PageFormat, tmp_path: Path) -> None:
    printer = printer_to(tmp_path / "sheet.pdf")
    fit_printer(printer, sheet)
    print_pages(printer, [PAPERS["acceptance"](replace(OFFICE, page_format=sheet))])
    ((width, height),) = set(pages_of(tmp_path / "sheet.pdf"))
    assert abs(width - sheet.sheet_width) <= 1.5
    assert abs(height - sheet.sheet_height) <= 1.5


@pytest.mark.usefixtures("qapp")
def test_a_window_that_is_closed_during_its_print_is_out_of_sight_and_what_was_counted_is_printed(
    desk: Desk, tmp_path: Path
) -> None:
    desk.settings = replace(desk.settings, paper_folder=str(tmp_path / "kept"))
    window = VoucherWindow(desk, people.filled(ClaimEntry(desk)).settle())
    window.show()
    gone: list[bool] = []
    window.destroyed.connect(lambda: gone.append(True))

    window.print_on(printer_to(tmp_path / "all.pdf"))
    window.close()

    assert not window.isVisible(), "nobody sees a paper on a desk that is locked"
    assert begun_acts().is_busy(), "the program does not end before the print has"
    until(lambda: bool(gone))
    rest()
    assert len(pages_of(tmp_path / "all.pdf")) == 3
    assert len(acts(desk, Action.PRINT)) == 1
    assert len([*(tmp_path / "kept").rglob("*.pdf")]) == 3


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_takes_nothing_is_told_and_no_print_is_said_to_be_sent(
    desk: Desk, papers: VoucherWindow, tmp_path: Path
) -> None:
    papers.print_on(printer_to(tmp_path / "none" / "all.pdf"))
    finished(papers.work)
    assert "打印机没有接收完这次打印" in papers.notice.text()
    assert "已打印到文件" not in papers.notice.text()
    assert len(acts(desk, Action.PRINT)) == 1


@pytest.mark.usefixtures("qapp")
@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
@pytest.mark.parametrize("is_counted", [True, False])
def test_what_went_wrong_after_the_window_was_closed_is_told_to_the_desk(
    desk: Desk, tmp_path: Path, is_counted: bool
) -> None:
    window = VoucherWindow(desk, people.filled(ClaimEntry(desk)).settle())
    told: list[str] = []
    gone: list[bool] = []
    window.destroyed.connect(lambda: gone.append(True))
    begun_acts().left_behind.connect(lambda error: told.append(error.code))
    if not is_counted:
        (desk.folder / "papers").mkdir()
        (desk.folder / "papers" / "papers.txt").write_text("地址：付 100 元\n", encoding="utf-8")
    window.print_on(printer_to(tmp_path / "none" / "all.pdf"))
    window.close()
    until(lambda: bool(gone))
    rest()
    assert told == (["print_not_taken"] if is_counted else ["file_problems"])
    assert len(acts(desk, Action.PRINT)) == is_counted


def test_what_was_printed_is_kept_by_month_when_the_office_wants_it(
    desk: Desk, papers: VoucherWindow, tmp_path: Path
) -> None:
    papers.print_on(printer_to(tmp_path / "a.pdf"))
    finished(papers.work)
    assert not (tmp_path / "kept").exists()

    desk.settings = replace(desk.settings, paper_folder=str(tmp_path / "kept"))
    papers.print_on(printer_to(tmp_path / "b.pdf"))
    finished(papers.work)
    papers.print_on(printer_to(tmp_path / "c.pdf"), [Sheet.INSURED])
    finished(papers.work)

    kept = sorted(file.relative_to(tmp_path / "kept").as_posix() for file in (tmp_path / "kept").rglob("*.pdf"))
    number = papers.papers.settlement.voucher_number
    assert kept == [
        f"2026-11/{number}-第一联（存档）-补打1.pdf",
        f"2026-11/{number}-第三联（参保人）-补打1.pdf",
        f"2026-11/{number}-第三联（参保人）-补打2.pdf",
        f"2026-11/{number}-第二联（财务）-补打1.pdf",
    ]
    check = check_paper((tmp_path / "kept" / kept[2]).read_bytes())
    assert check.is_sound
    assert check.facts["reprint"] == 2


def test_a_folder_that_cannot_be_made_is_said_and_the_print_stands(
    desk: Desk, papers: VoucherWindow, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    desk.settings = replace(desk.settings, paper_folder=str(tmp_path / "file"))
    papers.print_on(printer_to(tmp_path / "a.pdf"))
    finished(papers.work)
    assert "已打印到文件" in papers.notice.text()
    assert "不能建立" in papers.notice.text()
    assert len(acts(desk, Action.PRINT)) == 1


def test_a_paper_that_cannot_be_made_is_not_counted(desk: Desk, papers: VoucherWindow, tmp_path: Path) -> None:
    (desk.folder / "papers").mkdir()
    (desk.folder / "papers" / "papers.txt").write_text("地址：付 100 元\n", encoding="utf-8")
    papers.print_on(printer_to(tmp_path / "a.pdf"))
    finished(papers.work)
    assert "模板中不能写金额" in papers.notice.text()
    assert acts(desk, Action.PRINT) == []


def test_a_saved_copy_with_numbers_in_full_is_on_record(desk: Desk, papers: VoucherWindow, tmp_path: Path) -> None:
    papers.papers.save(Sheet.INSURED, tmp_path / "3.pdf")
    assert acts(desk, Action.SHOW_NUMBERS) == []
    papers.papers.save(Sheet.FINANCE, tmp_path / "2.pdf")
    assert acts(desk, Action.SHOW_NUMBERS) == [papers.papers.settlement.voucher_number]
    assert acts(desk, Action.PRINT) == []


def test_a_long_paper_shows_its_first_pages_and_says_how_many_more_there_are(qtbot: QtBot) -> None:
    view = PageView()
    qtbot.addWidget(view)
    long = month_ledger_bytes(month_of(1_600), date(2026, 11, 1), office=OFFICE, made_by="李四示例")
    view.show_pdf(long)
    until(view.is_whole)
    assert len(view.pages) == MOST_PAGES_SHOWN
    left = page_count([long]) - MOST_PAGES_SHOWN
    assert left > 0
    assert any(f"还有 {left} 页" in label.text() and not label.isHidden() for label in view.findChildren(QLabel))
    view.show_pdf(PAPERS["acceptance"](OFFICE))
    assert len(view.pages) == 1
    assert not [label for label in view.findChildren(QLabel) if "还有" in label.text() and not label.isHidden()]
