"""费用明细: typed by category and by item, against the total on the paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clerk_app.desktop.fees_model import COLUMN_OF as FEE_COLUMN
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.receipts_model import COLUMN_OF
from tests.desktop.hands import Hands
from tests.documents.test_catalogue_workbook import HEAD, workbook

CONTROL = Qt.KeyboardModifier.ControlModifier


def fee(window: MainWindow, row: int, key: str) -> str:
    return str(window.claim.fees.table.fees.index(row, FEE_COLUMN[key]).data() or "")


def receipt(window: MainWindow, key: str) -> str:
    return str(window.claim.table.receipts.index(0, COLUMN_OF[key]).data() or "")


@pytest.fixture
def itemising(window: MainWindow, hands: Hands) -> Hands:
    """Hands over the fees of a receipt of 1000.00."""
    hands.person()
    hands.press(Qt.Key.Key_F7)
    hands.fields("A1", "520", "北京某医院", "3", "1000")
    hands.press(Qt.Key.Key_E, CONTROL)
    assert window.claim.fees.isVisible()
    return hands


def test_categories_are_typed_by_their_numbers_and_come_to_the_total(window: MainWindow, itemising: Hands) -> None:
    itemising.fields("9", "600", "50", "", "")
    assert window.claim.panel.fund.text() == "0.00"
    assert "相差 400.00" in window.claim.fees.sums.text()
    itemising.fields("4", "300+50", "", "", "30")
    itemising.fields("13")
    itemising.type("=")
    itemising.enter(4)

    assert [fee(window, row, "amount") for row in range(3)] == ["600.00", "350.00", "50.00"]
    assert [fee(window, row, "category") for row in range(3)] == ["09 西药费", "04 化验费", "13 挂号费"]
    assert (receipt(window, "self_funded"), receipt(window, "paid_first")) == ("50.00", "30.00")
    assert "一致" in window.claim.fees.sums.text()
    assert window.claim.panel.fund.text() == "160.00"
    itemising.enter()
    assert not window.claim.fees.isVisible()
    assert window.claim.table.currentIndex().row() == 1
    itemising.press(Qt.Key.Key_F9)
    settlement = window.claim.paper_wanted()
    assert settlement is not None
    fees = settlement.receipts[0].receipt.fees
    assert [(fee.category, fee.total_fen) for fee in fees] == [("04", 35000), ("09", 60000), ("13", 5000)]
    assert sum(fee.in_scope_fen for fee in fees) == 92000


def test_lines_that_miss_the_total_bar_the_settlement(window: MainWindow, itemising: Hands) -> None:
    itemising.fields("9", "999.99", "", "", "")
    itemising.press(Qt.Key.Key_F9)

    assert "相差 0.01" in window.claim.notice.text()
    assert window.claim.paper_wanted() is None


def test_the_total_may_be_taken_from_the_lines(window: MainWindow, hands: Hands) -> None:
    hands.person()
    hands.press(Qt.Key.Key_F7)
    hands.fields("A1", "520", "北京某医院", "3")
    hands.press(Qt.Key.Key_E, CONTROL)
    hands.fields("9", "700", "", "", "")
    hands.press(Qt.Key.Key_Escape)
    assert window.claim.table.currentIndex().column() == COLUMN_OF["total"]
    hands.type("=")
    hands.enter()

    assert receipt(window, "total") == "700.00"
    assert window.claim.panel.fund.text() == "50.00"


def test_an_item_of_the_imported_list_brings_its_parts(
    qtbot: QtBot, window: MainWindow, itemising: Hands, tmp_path: Path
) -> None:
    fees = window.claim.fees
    path = workbook(tmp_path / "list.xlsx", HEAD, ["XA01", "阿莫西林胶囊", "乙", "", "", 10, 0.1], ["X2", "", "甲"])
    fees.import_file(path)
    qtbot.waitUntil(lambda: "1 项" in fees.catalogue_words.text(), timeout=20_000)
    assert "第 3 行" in fees.said.text()
    itemising.fields("amxl", "12", "2")

    assert [fee(window, 0, key) for key in ("name", "category", "item_class", "amount")] == [
        "阿莫西林胶囊",
        "09 西药费",
        "乙类",
        "24.00",
    ]
    assert (receipt(window, "over_limit"), receipt(window, "paid_first")) == ("4.00", "2.00")
    assert fees.table.currentIndex().row() == 1


def test_a_broken_workbook_is_said_beside_the_lines(
    qtbot: QtBot, window: MainWindow, itemising: Hands, tmp_path: Path
) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"no workbook")
    window.claim.fees.import_file(path)
    qtbot.waitUntil(lambda: "Excel" in window.claim.fees.said.text(), timeout=20_000)
    itemising.type("9")

    qtbot.waitUntil(lambda: "还没有导入目录" in window.claim.fees.catalogue_words.text())


def test_a_line_is_taken_out_and_the_sums_follow(window: MainWindow, itemising: Hands) -> None:
    itemising.fields("9", "600", "50", "", "")
    window.claim.fees.table.go_to(0, "amount")
    itemising.press(Qt.Key.Key_Delete, CONTROL)

    assert window.claim.fees.table.fees.rowCount() == 1
    assert receipt(window, "self_funded") == ""


def test_without_a_receipt_there_is_nothing_to_itemise(window: MainWindow, hands: Hands) -> None:
    hands.press(Qt.Key.Key_E, CONTROL)

    assert not window.claim.fees.isVisible()
    assert "先录入票据" in window.claim.notice.text()


def test_what_was_itemised_is_there_again_after_f3(window: MainWindow, itemising: Hands) -> None:
    itemising.fields("9", "1000", "50", "", "")
    itemising.press(Qt.Key.Key_F3)
    assert not window.claim.fees.isVisible()
    itemising.click(window.claim.restore_button)
    window.claim.table.go_to(0, "number")
    itemising.press(Qt.Key.Key_E, CONTROL)

    assert (fee(window, 0, "name"), fee(window, 0, "amount")) == ("西药费", "1,000.00")
    assert window.claim.panel.fund.text() == "175.00"
