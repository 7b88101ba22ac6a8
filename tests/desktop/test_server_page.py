"""A counter whose ledger is on a server: set up, joined, opened again, and named in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.counter.entrance import Entrance
from clerk_app.counter.founding import NewOffice
from clerk_app.counter.server_address import VARIABLE, parsed
from clerk_app.desktop.application import Session
from clerk_app.desktop.first_start_page import ChoicePage, NewOfficePage, StaffPage
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.server_page import SERVER, ServerPage
from clerk_app.desktop.settings_dialog import SettingsDialog
from clerk_app.desktop.sign_in_page import UnlockPage
from clerk_app.settings import REAL_OFFICE, Settings, load_settings
from tests.counter.desks import QUICK_COST, noon_desk
from tests.desktop.test_entrance import PASSPHRASE, SECRET, Visitor
from tests.ledger.office import QUICK
from tests.ledger.server import Server, running

NAME = "江西省示例经办中心"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def address(server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of an empty database, with the password."""
    monkeypatch.delenv(VARIABLE, raising=False)
    return server.url(server.new_database())


@pytest.fixture
def elsewhere(address: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same, where another counter has set the office up."""
    folder = tmp_path_factory.mktemp("elsewhere")
    office = NewOffice(NAME, "360000", "关管理示例", "guan", SECRET, SECRET, PASSPHRASE, PASSPHRASE, address)
    Entrance(folder, noon_desk, cost=QUICK_COST, hardness=QUICK).found_real(Settings(), office).close()
    return address


@pytest.fixture
def visitor(qtbot: QtBot, session: Session, frame: MainWindow) -> Visitor:
    return Visitor(qtbot, session, frame)


def test_a_real_office_is_set_up_on_a_server(visitor: Visitor, address: str, tmp_path: Path) -> None:
    visitor.click(visitor.waits_for(ChoicePage).real)
    page = visitor.waits_for(NewOfficePage)
    assert not page.place.address.isEnabled(), "a file is what is offered first"
    page.place.place.choose(SERVER)
    visitor.into(page.place.password, parsed(address).password)
    page.office_name.setFocus()
    visitor.fields(NAME, "360000", "关管理示例", "guan", SECRET, SECRET, PASSPHRASE, PASSPHRASE)
    shown = [label.text() for _place, label in page.grid._places.values() if label.isVisible()]
    assert shown == ["地址应写成 postgresql://用户@主机:端口/数据库。"]
    visitor.into(page.place.address, parsed(address).plain)
    visitor.click(page.found)
    visitor.waits_for(StaffPage)
    known = load_settings(tmp_path)
    assert (known.office, known.server) == (REAL_OFFICE, parsed(address).plain)
    assert not list(tmp_path.glob("*.db"))


def test_another_counter_joins_and_types_the_passphrase_alone_from_then_on(
    visitor: Visitor, elsewhere: str, tmp_path: Path
) -> None:
    visitor.click(visitor.waits_for(ChoicePage).server)
    page = visitor.waits_for(ServerPage)
    page.office_name.setFocus()
    visitor.fields(NAME, "360000", parsed(elsewhere).plain, parsed(elsewhere).password, PASSPHRASE)
    visitor.signs_in("guan", SECRET)
    visitor.works()
    assert parsed(elsewhere).password not in (tmp_path / "settings.toml").read_text(encoding="utf-8")

    visitor.press(Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    visitor.click(visitor.waits_for(ChoicePage).real)
    again = visitor.waits_for(UnlockPage)
    assert parsed(elsewhere).place in again.explanation.text()
    again.passphrase.setFocus()
    visitor.type(PASSPHRASE)
    visitor.click(again.unlock)
    visitor.signs_in("guan", SECRET)
    visitor.works()


def test_a_server_that_is_not_there_is_said_where_it_was_asked_for(
    visitor: Visitor, elsewhere: str, server: Server, tmp_path: Path
) -> None:
    visitor.click(visitor.waits_for(ChoicePage).server)
    page = visitor.waits_for(ServerPage)
    page.office_name.setFocus()
    wrong = parsed(elsewhere).plain.replace(str(server.port), "1")
    visitor.fields(NAME, "360000", wrong, "geheim-9", PASSPHRASE)
    visitor.qtbot.waitUntil(lambda: "连不上账本服务器" in page.notice.text(), timeout=20_000)
    assert "geheim-9" not in page.notice.text()
    assert page.address.text() == wrong, "what was typed stays"
    assert load_settings(tmp_path) == Settings()


def test_an_administrator_names_the_server_in_the_settings(visitor: Visitor, elsewhere: str, tmp_path: Path) -> None:
    visitor.click(visitor.waits_for(ChoicePage).server)
    page = visitor.waits_for(ServerPage)
    page.office_name.setFocus()
    visitor.fields(NAME, "360000", parsed(elsewhere).plain, parsed(elsewhere).password, PASSPHRASE)
    visitor.signs_in("guan", SECRET)
    visitor.works()
    visitor.press(Qt.Key.Key_F10)
    dialog = visitor.window.findChild(SettingsDialog)
    assert dialog is not None
    visitor.qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    assert dialog.server.text() == parsed(elsewhere).plain
    visitor.into(dialog.server, "somewhere")
    visitor.click(dialog.save)
    assert "postgresql://用户@主机" in dialog.notice.text()
    visitor.into(dialog.server, "postgresql://li:geheim-9@db.example/clerk")
    visitor.click(dialog.save)
    assert load_settings(tmp_path).server == "postgresql://li@db.example/clerk"
