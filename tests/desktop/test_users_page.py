from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.codes import Role
from clerk_app.counter.desk import Desk
from clerk_app.desktop.main_window import USERS, MainWindow
from clerk_app.desktop.password_dialog import PasswordDialog
from clerk_app.desktop.users_page import UsersPage
from clerk_app.errors import ClerkError
from tests.counter.desks import sign_in
from tests.desktop.hands import Hands, change_user, leave, open_page, rest, until
from tests.desktop.slow import slow
from tests.ledger.office import ADMINISTRATOR, CLERK, PASSWORD

NEW_PASSWORD = "xin-mima-2024"  # noqa: S105 -- of people who do not exist


@pytest.fixture
def page(window: MainWindow, desk: Desk) -> UsersPage:
    """The page of the administrator."""
    change_user(window, desk, ADMINISTRATOR)
    open_page(window, USERS)
    shown = window.pages.currentWidget()
    assert isinstance(shown, UsersPage)
    return shown


def logins(page: UsersPage) -> list[str]:
    return [page.model.index(row, 0).data() for row in range(page.model.rowCount())]


def saved(qtbot: QtBot, hands: Hands, page: UsersPage, words: str) -> None:
    page.notice.say("")
    hands.click(page.card.save)
    qtbot.waitUntil(lambda: words in page.notice.text(), timeout=10_000)
    rest()
    assert words in page.notice.text(), "what was done stays said when the list has been read again"


def choose(page: UsersPage, login: str) -> None:
    page.table.selectRow(logins(page).index(login))


def test_somebody_new_is_added_and_signs_in(qtbot: QtBot, hands: Hands, page: UsersPage, desk: Desk) -> None:
    hands.click(page.card.new)
    hands.fields("wu", "吴新人示例")
    page.card.role.choose(Role.REVIEWER)
    hands.into(page.card.password, NEW_PASSWORD)
    hands.into(page.card.password_again, "another one")
    saved(qtbot, hands, page, "不一致")
    assert page.card.name.text() == "吴新人示例"
    hands.into(page.card.password_again, NEW_PASSWORD)
    saved(qtbot, hands, page, "已加入用户 wu")

    assert "wu" in logins(page)
    assert desk.ledger.sign_in("wu", NEW_PASSWORD).role is Role.REVIEWER


@pytest.mark.parametrize(
    ("login", "name", "words"),
    [("li", "吴新人示例", "已有人使用"), ("w u", "吴新人示例", "不可用"), ("wu", CLERK.name, "已有用户叫")],
)
def test_who_cannot_be_added_is_said_and_what_was_typed_stays(
    qtbot: QtBot, hands: Hands, page: UsersPage, login: str, name: str, words: str
) -> None:
    before = logins(page)
    hands.click(page.card.new)
    hands.fields(login, name)
    for field in (page.card.password, page.card.password_again):
        hands.into(field, NEW_PASSWORD)
    saved(qtbot, hands, page, words)

    assert page.card.login.text() == login
    assert logins(page) == before


def test_a_name_that_no_paper_can_print_is_refused(qtbot: QtBot, hands: Hands, page: UsersPage) -> None:
    choose(page, CLERK.login)
    hands.into(page.card.name, "李𰀀")
    saved(qtbot, hands, page, "U+30000")


def test_somebody_who_leaves_signs_in_no_more(qtbot: QtBot, hands: Hands, page: UsersPage, desk: Desk) -> None:
    choose(page, CLERK.login)
    page.card.standing.choose(False)
    saved(qtbot, hands, page, "已修改 li")

    row = logins(page).index(CLERK.login)
    assert page.model.index(row, 3).data() == "已停用"
    with pytest.raises(ClerkError, match="sign_in_refused"):
        desk.ledger.sign_in(CLERK.login, PASSWORD)


def test_a_password_that_was_reset_is_the_one_that_counts(
    qtbot: QtBot, hands: Hands, page: UsersPage, desk: Desk
) -> None:
    choose(page, CLERK.login)
    for field in (page.card.password, page.card.password_again):
        hands.into(field, NEW_PASSWORD)
    saved(qtbot, hands, page, "密码已重设")

    assert page.card.password.text() == ""
    with pytest.raises(ClerkError, match="sign_in_refused"):
        desk.ledger.sign_in(CLERK.login, PASSWORD)
    desk.ledger.sign_in(CLERK.login, NEW_PASSWORD)


def test_the_last_administrator_stays(qtbot: QtBot, hands: Hands, page: UsersPage) -> None:
    choose(page, ADMINISTRATOR.login)
    page.card.standing.choose(False)
    saved(qtbot, hands, page, "至少要留一名")


def test_the_table_of_rights_is_shown(page: UsersPage) -> None:
    model = page.rights.model()
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert titles[1:] == ["管理员", "经办人员", "复核人员", "财务人员", "稽核人员"]
    rows = {model.index(row, 0).data(): row for row in range(model.rowCount())}
    ticks = [model.index(rows["复核"], column).data() for column in range(1, 6)]
    assert ticks == ["", "", "✓", "", ""]


def test_whoever_works_here_takes_another_password(qtbot: QtBot, window: MainWindow, hands: Hands, desk: Desk) -> None:
    hands.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialog = window.findChild(PasswordDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow)
    for before, words in (("not this one", "密码不对"), (PASSWORD, "")):
        hands.into(dialog.before, before)
        hands.into(dialog.after, NEW_PASSWORD)
        hands.into(dialog.again, NEW_PASSWORD)
        hands.click(dialog.save)
        qtbot.waitUntil(
            lambda words=words: words in dialog.notice.text() if words else "密码已修改" in window.claim.notice.text()
        )
    desk.ledger.sign_in(CLERK.login, NEW_PASSWORD)


def test_a_slow_ledger_holds_no_key_and_what_is_typed_is_not_overwritten_by_the_list(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    leave(window)
    sign_in(desk, ADMINISTRATOR)
    with slow() as ledger:
        # The first page of the administrator.
        window.use_desk(desk)
        page = window.pages.currentWidget()
        assert isinstance(page, UsersPage)
        until(lambda: ledger.asked_beside > 0)
        assert QApplication.focusWidget() is page.table
        qtbot.mouseClick(page.card.new, Qt.MouseButton.LeftButton)
        qtbot.keyClicks(page.card.login, "wu")
        assert page.card.login.text() == "", "nothing is typed that is lost when the list comes"
        assert ledger.asked_by_window == []
    rest()

    assert logins(page)[page.table.currentIndex().row()] == page.card.login.text()
    qtbot.mouseClick(page.card.new, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(page.card.login, "wu")
    assert page.card.login.text() == "wu"


def test_after_an_act_whom_it_was_about_is_chosen_and_the_keyboard_stays(
    qtbot: QtBot, hands: Hands, page: UsersPage
) -> None:
    choose(page, CLERK.login)
    hands.into(page.card.name, "李换名示例")
    page.card.save.setFocus()
    saved(qtbot, hands, page, "已修改 li")

    assert page.model.index(page.table.currentIndex().row(), 1).data() == "李换名示例"
    assert hands.focused() is page.card.save
