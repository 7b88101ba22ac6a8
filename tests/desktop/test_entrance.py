"""The way in, as it is typed: first start both ways, passphrase, sign-in, lock, and who works here next."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from clerk_app.codes import Role
from clerk_app.counter import practice
from clerk_app.counter.entrance import Entrance
from clerk_app.counter.offices import LEDGER_NAME, ledger_path
from clerk_app.desktop.application import Session
from clerk_app.desktop.entrance import EntrancePages
from clerk_app.desktop.export_page import ExportPage
from clerk_app.desktop.first_start_page import ChoicePage, NewOfficePage, StaffPage
from clerk_app.desktop.main_window import EXPORT, SEARCH, MainWindow
from clerk_app.desktop.search_page import SearchPage
from clerk_app.desktop.settings_dialog import SettingsDialog
from clerk_app.desktop.sign_in_page import LockPage, SignInPage, UnlockPage
from clerk_app.settings import PRACTICE_OFFICE, REAL_OFFICE, load_settings
from tests.counter.desks import SETTINGS
from tests.desktop.hands import ZHANG, Hands, commit, open_page, rest

Page = TypeVar("Page")

#: Nobody whom the practice office knows.
NEW = "钱七示例"
PASSPHRASE = "四只 白鹤 飞过 水塘"  # noqa: S105 -- of an office that does not exist
SECRET = "mima-2024-a"  # noqa: S105 -- of people who do not exist


class Visitor(Hands):
    """Somebody in front of the program as it has just been started."""

    def __init__(self, qtbot: QtBot, session: Session, frame: MainWindow) -> None:
        super().__init__(qtbot, frame)
        self.session = session
        frame.painted.emit()

    @property
    def pages(self) -> EntrancePages:
        assert self.session.pages is not None
        return self.session.pages

    def waits_for(self, kind: type[Page]) -> Page:
        """The page of a kind, once it asks."""

        def asks() -> bool:
            page = self.window.front.currentWidget()
            return isinstance(page, kind) and self.pages.page is page and self.pages.page.card.isEnabled()

        self.qtbot.waitUntil(asks, timeout=20_000)
        page = self.window.front.currentWidget()
        assert isinstance(page, kind)
        return page

    def works(self) -> None:
        """Until the workbench is there."""
        self.qtbot.waitUntil(lambda: self.window.front.currentWidget() is self.window.workbench, timeout=20_000)

    def signs_in(self, login: str, password: str) -> None:
        """Type login and password, Enter behind each."""
        page = self.waits_for(SignInPage)
        page.login.setFocus()
        self.fields(login, password)


@pytest.fixture
def visitor(qtbot: QtBot, session: Session, frame: MainWindow) -> Visitor:
    return Visitor(qtbot, session, frame)


@pytest.fixture
def at_practice(visitor: Visitor) -> Visitor:
    """The clerk of the practice office."""
    visitor.click(visitor.waits_for(ChoicePage).practice)
    visitor.signs_in(practice.CLERK.login, practice.PASSWORD)
    visitor.works()
    return visitor


@pytest.fixture
def founded(visitor: Visitor) -> Visitor:
    """The administrator of a real office that has just been set up, asked for its people."""
    visitor.click(visitor.waits_for(ChoicePage).real)
    visitor.waits_for(NewOfficePage)
    visitor.fields("江西省示例经办中心", "360000", "关管理示例", "guan", SECRET, SECRET, PASSPHRASE, PASSPHRASE)
    visitor.waits_for(StaffPage)
    return visitor


def test_nothing_of_an_office_is_there_before_somebody_chooses(visitor: Visitor, entrance: Entrance) -> None:
    visitor.waits_for(ChoicePage)

    assert list(entrance.folder.glob("**/*.db")) == []
    visitor.press(Qt.Key.Key_F9)
    visitor.press(Qt.Key.Key_F4)
    assert visitor.window.front.currentWidget() is visitor.pages.page


def test_the_practice_office_is_ready_at_once_and_says_so_everywhere(
    visitor: Visitor, entrance: Entrance, tmp_path: Path
) -> None:
    visitor.click(visitor.waits_for(ChoicePage).practice)
    page = visitor.waits_for(SignInPage)
    assert practice.PASSWORD in " ".join(label.text() for label in page.findChildren(type(page.title)))
    visitor.click(page.known[0])
    assert (page.login.text(), page.password.text()) == (practice.CLERK.login, practice.PASSWORD)
    visitor.enter()
    visitor.works()

    assert visitor.window.practice_band.isVisible()
    assert "练习" in visitor.window.windowTitle()
    visitor.press(Qt.Key.Key_F4)
    search = visitor.window.pages.currentWidget()
    assert isinstance(search, SearchPage)
    assert search.claims.rowCount() == 7
    assert load_settings(tmp_path).office == PRACTICE_OFFICE
    assert ledger_path(PRACTICE_OFFICE, tmp_path).exists()
    assert not entrance.is_founded(REAL_OFFICE)


def test_a_real_office_is_set_up_with_its_people_and_its_file_is_encrypted(founded: Visitor, tmp_path: Path) -> None:
    page = founded.waits_for(StaffPage)
    for role, name, login in ((Role.CLERK, "李录入示例", "li"), (Role.REVIEWER, "赵复核示例", "zhao")):
        page.rows[role].name.setFocus()
        founded.fields(name, login, SECRET, SECRET)
    founded.works()

    assert load_settings(tmp_path).office == REAL_OFFICE
    assert (tmp_path / LEDGER_NAME).read_bytes()[:15] != b"SQLite format 3"
    assert not founded.window.practice_band.isVisible()
    desk = founded.window.desk
    assert desk is not None
    assert [user.login for user in desk.ledger.users()] == ["guan", "li", "zhao"]
    founded.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    founded.signs_in("li", SECRET)
    founded.works()
    founded.person()
    founded.window.claim.person.area.choose("360000")
    founded.receipt()
    founded.press(Qt.Key.Key_F9)
    assert "360000-2026-000001" in founded.window.claim.done_strip.text()


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("office_code", "36", "6 位"),
        ("office_name", " ", "机构名称"),
        ("password_again", "mima-2024-b", "不一致"),
        ("password", "kurz", "至少 8 位"),
        ("passphrase", "太短", "口令太短"),
        ("passphrase_again", "四只 白鹤 飞过 水", "不一致"),
        ("name", "", "姓名"),
    ],
)
def test_what_cannot_stand_is_said_at_its_field_and_nothing_is_made(
    visitor: Visitor, tmp_path: Path, field: str, text: str, words: str
) -> None:
    visitor.click(visitor.waits_for(ChoicePage).real)
    page = visitor.waits_for(NewOfficePage)
    good = {
        "office_name": "示例中心",
        "office_code": "360000",
        "name": "关管理示例",
        "login": "guan",
        "password": SECRET,
        "password_again": SECRET,
        "passphrase": PASSPHRASE,
        "passphrase_again": PASSPHRASE,
    }
    for key, value in (good | {field: text}).items():
        getattr(page, key).setText(value)
    visitor.click(page.found)

    shown = {place.field: widget.accessibleDescription() for place, widget in page.grid.fields()}
    assert words in shown[field]
    assert list(tmp_path.glob("*.db")) == []


def test_a_passphrase_that_is_also_the_password_is_refused(visitor: Visitor, tmp_path: Path) -> None:
    visitor.click(visitor.waits_for(ChoicePage).real)
    page = visitor.waits_for(NewOfficePage)
    visitor.fields("示例中心", "360000", "关管理示例", "guan", *[PASSPHRASE] * 4)

    assert "不能与管理员的密码相同" in page.passphrase.accessibleDescription()
    assert list(tmp_path.glob("*.db")) == []


def test_a_wrong_passphrase_opens_nothing_and_the_right_one_asks_who(founded: Visitor, qtbot: QtBot) -> None:
    founded.click(founded.waits_for(StaffPage).later)
    founded.works()
    founded.window.other_office_wanted.emit()
    founded.click(founded.waits_for(ChoicePage).real)
    page = founded.waits_for(UnlockPage)
    founded.fields("这个 口令 不是 真的")
    qtbot.waitUntil(lambda: "口令不对" in page.notice.text(), timeout=20_000)
    assert founded.window.desk is None
    page.passphrase.clear()
    founded.fields(PASSPHRASE)

    founded.signs_in("guan", SECRET)
    founded.works()
    assert founded.window.desk is not None
    assert founded.window.desk.user.login == "guan"


def test_a_wrong_password_is_said_counted_and_then_locked(at_practice: Visitor, qtbot: QtBot) -> None:
    at_practice.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    page = at_practice.waits_for(SignInPage)
    for _time in range(5):
        page.login.setText(practice.REVIEWER.login)
        page.password.setFocus()
        at_practice.fields("not this one")
        qtbot.waitUntil(lambda: "密码不对" in page.notice.text() and page.card.isEnabled())
        assert page.password.text() == ""
    page.password.setFocus()
    at_practice.fields(practice.PASSWORD)

    qtbot.waitUntil(lambda: "分钟后再试" in page.notice.text())
    assert at_practice.window.desk is None
    at_practice.signs_in(practice.CLERK.login, practice.PASSWORD)
    at_practice.works()


def test_an_untouched_desk_is_covered_and_the_claim_waits_behind(at_practice: Visitor, qtbot: QtBot) -> None:
    window = at_practice.window
    at_practice.person(ZHANG, NEW)
    at_practice.press(Qt.Key.Key_F10)
    window.idle.start(60)
    page = at_practice.waits_for(LockPage)

    assert [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()] == []
    assert not window.claim.isVisible()
    assert practice.CLERK.name in page.explanation.text()
    qtbot.waitUntil(page.password.hasFocus)
    at_practice.press(Qt.Key.Key_F3)
    at_practice.fields("not this one")
    qtbot.waitUntil(lambda: "密码不对" in page.notice.text() and page.card.isEnabled())
    assert not window.claim.isVisible()
    at_practice.fields(practice.PASSWORD)
    at_practice.works()
    assert window.claim.person.name.text() == NEW


@pytest.mark.parametrize("by", ["key", "shortcut", "mouse", "input method"])
def test_whoever_works_is_not_locked_out(at_practice: Visitor, qtbot: QtBot, by: str) -> None:
    window = at_practice.window
    handle = window.windowHandle()
    window.idle.start(500)
    for step in range(12):
        qtbot.wait(70)
        if by == "key":
            QTest.keyClick(handle, Qt.Key.Key_1)
        elif by == "shortcut":
            QTest.keyClick(handle, Qt.Key.Key_F5)
        elif by == "mouse":
            QTest.mouseMove(handle, QPoint(200 + step, 300))
        else:
            commit(at_practice.focused(), "示")

    assert window.front.currentWidget() is window.workbench
    at_practice.waits_for(LockPage)


def test_the_lock_waits_for_the_minutes_that_are_set(at_practice: Visitor, tmp_path: Path) -> None:
    at_practice.press(Qt.Key.Key_F10)
    dialog = at_practice.window.findChild(SettingsDialog)
    assert dialog is not None
    assert not dialog.office_code.isEnabled(), "the practice office keeps its name"
    dialog.lock.choose(10)
    at_practice.click(dialog.save)

    assert load_settings(tmp_path).lock_minutes == 10
    assert at_practice.window.settings.lock_minutes == 10


def test_behind_the_lock_the_keyboard_is_where_it_was(at_practice: Visitor) -> None:
    window, claim = at_practice.window, at_practice.window.claim
    at_practice.person(ZHANG, NEW)
    claim.person.phone.setFocus()
    at_practice.press(Qt.Key.Key_F12)
    at_practice.waits_for(LockPage)
    at_practice.fields(practice.PASSWORD)
    at_practice.works()
    assert at_practice.focused() is claim.person.phone

    at_practice.press(Qt.Key.Key_F7)
    at_practice.fields("B1", "520")
    cell = claim.table.currentIndex()
    at_practice.press(Qt.Key.Key_F12)
    at_practice.waits_for(LockPage)
    at_practice.fields(practice.PASSWORD)
    at_practice.works()
    at_practice.type("bjyy")
    assert claim.draft.receipts[0].hospital == "bjyy", "the cell is open again"
    assert claim.table.currentIndex() == cell

    at_practice.press(Qt.Key.Key_F4)
    search = window.pages.search
    assert search is not None
    at_practice.press(Qt.Key.Key_F12)
    at_practice.waits_for(LockPage)
    at_practice.fields(practice.PASSWORD)
    at_practice.works()
    assert search.isAncestorOf(at_practice.focused())


def test_nothing_of_anybody_comes_up_over_the_lock(at_practice: Visitor, qtbot: QtBot) -> None:
    window = at_practice.window
    at_practice.press(Qt.Key.Key_F4)
    search = window.pages.search
    assert search is not None
    qtbot.waitUntil(lambda: search.chosen() is not None)
    settlement = search.chosen()
    assert settlement is not None
    at_practice.press(Qt.Key.Key_F12)
    at_practice.waits_for(LockPage)
    window.beside.show_voucher(settlement)
    window.beside.show_year_card()
    window.beside.change_settings()
    window.beside.change_password()
    rest()
    assert [each for each in QApplication.topLevelWidgets() if each.isVisible()] == [window]


def test_whoever_reviews_sees_first_what_waits(at_practice: Visitor) -> None:
    at_practice.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    at_practice.signs_in(practice.REVIEWER.login, practice.PASSWORD)
    at_practice.works()
    review = at_practice.window.pages.review
    assert review is not None
    assert review.isVisible()
    assert review.isAncestorOf(at_practice.focused())


def test_another_user_at_the_locked_desk_sees_nothing_of_the_one_before(at_practice: Visitor) -> None:
    at_practice.person(ZHANG, NEW)
    at_practice.press(Qt.Key.Key_F12)
    at_practice.click(at_practice.waits_for(LockPage).other_user)
    at_practice.signs_in(practice.REVIEWER.login, practice.PASSWORD)
    at_practice.works()

    assert at_practice.window.claim.person.name.text() == ""
    assert practice.REVIEWER.name in at_practice.window.state.text()


def test_a_review_is_proved_by_the_second_persons_password(at_practice: Visitor) -> None:
    claim = at_practice.window.claim
    at_practice.press(Qt.Key.Key_F6)
    at_practice.fields(ZHANG, NEW)
    claim.person.area.choose("360000")
    at_practice.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    at_practice.receipt()
    at_practice.press(Qt.Key.Key_F9)
    at_practice.fields(practice.CLERK.login, practice.PASSWORD, "急诊后补备案")
    at_practice.press(Qt.Key.Key_F9)
    assert "录入人本人" in claim.notice.text()
    at_practice.into(claim.explanation.reviewer, practice.REVIEWER.login)
    at_practice.into(claim.explanation.password, practice.PASSWORD)
    at_practice.press(Qt.Key.Key_F9)

    assert "990100-2026-000008" in claim.done_strip.text()
    assert claim.explanation.password.text() == ""


def test_an_export_asks_for_the_password(at_practice: Visitor, qtbot: QtBot, tmp_path: Path) -> None:
    open_page(at_practice.window, EXPORT)
    page = at_practice.window.pages.currentWidget()
    assert isinstance(page, ExportPage)
    assert "练习-" in page.target.text()
    target = tmp_path / "month.xlsx"
    at_practice.into(page.target, str(target))
    at_practice.click(page.start)
    assert "密码" in page.notice.text()
    for password, words in (("not this one", "密码不对"), (practice.PASSWORD, "已导出 7 条")):
        assert not target.exists()
        at_practice.into(page.password, password)
        at_practice.click(page.start)
        qtbot.waitUntil(lambda: not page.is_busy(), timeout=20_000)
        assert words in page.notice.text()
        assert page.password.text() == ""


def test_the_next_start_opens_the_office_that_was_in_use(
    at_practice: Visitor, qtbot: QtBot, qapp: QApplication, entrance: Entrance
) -> None:
    at_practice.session.close()
    frame = MainWindow(load_settings(entrance.folder))
    qtbot.addWidget(frame)
    frame.show()
    qtbot.waitExposed(frame)
    again = Visitor(qtbot, Session(qapp, frame, frame.settings, entrance), frame)

    assert again.waits_for(SignInPage).known
    again.session.close()


def test_a_damaged_ledger_is_said_and_can_be_tried_again(visitor: Visitor, qtbot: QtBot, tmp_path: Path) -> None:
    visitor.click(visitor.waits_for(ChoicePage).practice)
    visitor.waits_for(SignInPage)
    visitor.window.other_office_wanted.emit()
    path = ledger_path(PRACTICE_OFFICE, tmp_path)
    good = path.read_bytes()
    path.write_bytes(b"no ledger at all" * 1000)
    page = visitor.waits_for(ChoicePage)
    visitor.click(page.practice)
    qtbot.waitUntil(lambda: "损坏" in page.notice.text(), timeout=20_000)
    assert visitor.window.desk is None
    path.write_bytes(good)
    visitor.click(page.practice)

    visitor.signs_in(practice.CLERK.login, practice.PASSWORD)
    visitor.works()


def test_a_real_ledger_that_is_gone_is_said_and_not_quietly_made_anew(
    qtbot: QtBot, qapp: QApplication, frame: MainWindow, entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLERK_DATA", str(entrance.folder))
    visitor = Visitor(qtbot, Session(qapp, frame, SETTINGS, entrance), frame)

    visitor.waits_for(ChoicePage)
    assert "找不到账本" in frame.failure.text()
    assert not entrance.is_founded(REAL_OFFICE)
    visitor.session.close()


def test_a_damaged_policy_file_is_named_with_its_line(visitor: Visitor, qtbot: QtBot, tmp_path: Path) -> None:
    parameters = tmp_path / "practice" / "policies" / "parameters"
    parameters.mkdir(parents=True)
    (parameters / "500000.yaml").write_text("参数: {普通门诊: [", encoding="utf-8")
    page = visitor.waits_for(ChoicePage)
    visitor.click(page.practice)

    qtbot.waitUntil(lambda: "parameters/500000.yaml" in page.notice.text(), timeout=20_000)


def test_all_menus_wait_until_somebody_has_signed_in(visitor: Visitor) -> None:
    visitor.waits_for(ChoicePage)
    for page in (SEARCH, EXPORT):
        open_page(visitor.window, page)
        assert visitor.window.front.currentWidget() is visitor.pages.page
