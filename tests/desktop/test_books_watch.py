from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from clerk_app.desktop.books_watch import BooksWatch
from clerk_app.desktop.main_window import MainWindow
from clerk_app.wording import _, use_language

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def in_english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("zh_CN")


@pytest.mark.usefixtures("in_english")
def test_the_way_to_the_backups_is_called_as_their_page_is(qtbot: QtBot) -> None:
    watch = BooksWatch()
    qtbot.addWidget(watch.banner)
    assert _("备份与校验") == "Backup & checks"
    assert watch.details.text() == "Backup && checks", "a single sign would be read as the mark of a key"


@pytest.mark.usefixtures("in_english")
def test_the_menu_calls_the_page_so_too(bare_window: MainWindow) -> None:
    texts = [action.text() for action in bare_window.findChildren(QAction) if action.text().startswith("Backup")]
    assert texts == ["Backup && checks"]
