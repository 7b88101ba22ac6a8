from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop.empty_list import EmptyWords
from clerk_app.desktop.lists import Column, LinesTable
from clerk_app.desktop.main_window import SAFEKEEPING, MainWindow
from clerk_app.desktop.safekeeping_page import SafekeepingPage
from tests.desktop.fitting import misfits
from tests.desktop.hands import Hands, change_user, finished, open_page
from tests.ledger.office import ADMINISTRATOR

pytestmark = pytest.mark.usefixtures("dressed")

WORDS = "没有待支付的单据。复核通过的单据会列在这里。"


@pytest.fixture
def table(qtbot: QtBot) -> LinesTable[str]:
    shown: LinesTable[str] = LinesTable((Column("单据号", 0, str),), "单据", str)
    qtbot.addWidget(shown)
    shown.resize(260, 200)
    shown.show()
    return shown


def test_a_list_is_called_empty_only_when_it_was_read_and_holds_nothing(table: LinesTable[str]) -> None:
    empty = EmptyWords(table)
    empty.say(WORDS)
    assert empty.text() == "", "nobody knows yet what it holds"
    table.show_lines([])
    assert empty.text() == table.accessibleDescription() == WORDS
    table.show_lines(["A"])
    assert empty.text() == ""
    table.show_lines([])
    empty.say("别的")
    assert empty.text() == "别的"


def test_the_words_are_whole_in_a_narrow_list_and_let_the_mouse_through(table: LinesTable[str]) -> None:
    EmptyWords(table, WORDS)
    table.show_lines([])
    label = table.viewport().findChild(QLabel)
    assert label is not None
    table.resize(200, 200)
    assert label.geometry() == table.viewport().rect()
    assert misfits(table) == []
    assert label.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_the_list_of_backups_says_how_the_first_one_is_made(window: MainWindow, hands: Hands, desk: Desk) -> None:
    change_user(window, desk, ADMINISTRATOR)
    open_page(window, SAFEKEEPING)
    page = window.pages.currentWidget()
    assert isinstance(page, SafekeepingPage)
    assert "立即备份" in page.no_backups.text()
    hands.click(page.make)
    finished(page.work)
    assert page.no_backups.text() == ""
