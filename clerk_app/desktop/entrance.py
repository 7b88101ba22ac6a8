"""The way in on the screen: first start, passphrase, sign-in, lock; behind it the window begins to answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from clerk_app.counter.entrance import Entrance
from clerk_app.counter.offices import PRACTICE_OFFICE_NAME
from clerk_app.desktop.front import FrontPage
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.sign_in_page import LockPage, SignInPage, UnlockPage
from clerk_app.desktop.tasks import BackgroundTask
from clerk_app.errors import ClerkError
from clerk_app.settings import PRACTICE_OFFICE, REAL_OFFICE, Settings
from clerk_app.wording import _

if TYPE_CHECKING:
    from clerk_app.counter.desk import Desk
    from clerk_app.desktop.first_start_page import NewOfficePage, StaffPage
    from clerk_app.desktop.server_page import ServerPage


class EntrancePages(QObject):
    """Which page of the way in is shown, and what an answer sets off. Hashes and files are a task's beside it."""

    #: The desk's ledger is open, whoever signs in.
    opened = Signal(object)

    def __init__(self, window: MainWindow, settings: Settings, entrance: Entrance) -> None:
        super().__init__(window)
        self.window = window
        self.settings = settings
        self.entrance = entrance
        self.desk: Desk | None = None
        #: The page in front; the last one that was shown while nobody is in its way.
        self.page: FrontPage | None = None
        self._lock: LockPage | None = None
        self._again: Callable[[], None] = self.begin
        window.retry_wanted.connect(self.try_again)
        window.sign_out_wanted.connect(self.sign_out)
        window.other_office_wanted.connect(self.choose_office)
        window.lock_wanted.connect(self.lock)
        window.ledger_replaced.connect(self.open_again)

    # --- Which office -------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Open the office that is in use, or ask which one shall be."""
        try:
            office = self.entrance.office_in_use(self.settings)
        except ClerkError as error:
            self.choose_office()
            self.window.show_failure(error)
            return
        if office == PRACTICE_OFFICE:
            self.open_practice()
        elif office == REAL_OFFICE:
            self.ask_passphrase()
        else:
            self.choose_office()

    def try_again(self) -> None:
        """Do again what failed; with a desk open there is nothing to do again."""
        self.window.failure.say("")
        if self.desk is None:
            self._again()

    def open_again(self) -> None:
        """A backup has taken the ledger's place: whoever works here opens it and signs in anew."""
        self._close_desk(self.begin)

    def choose_office(self) -> None:
        """Leave the office in use, and ask which one shall be opened or made."""
        self._close_desk(self._ask_for_office)

    def _ask_for_office(self) -> None:
        from clerk_app.desktop.first_start_page import ChoicePage

        page = ChoicePage(
            has_practice=self.entrance.is_founded(PRACTICE_OFFICE),
            has_real=self.entrance.is_founded(REAL_OFFICE, self.settings),
        )
        page.server_wanted.connect(self.ask_for_server)
        page.practice_wanted.connect(self.open_practice)
        page.real_wanted.connect(self._open_or_found_real)
        self._show(page)

    def open_practice(self) -> None:
        """Open the practice office, made where it is not there yet."""
        self._again = self.open_practice
        if self.page is None:
            self._show(FrontPage(PRACTICE_OFFICE_NAME))
        self._work(lambda: self.entrance.open_practice(self.settings), self._opened, _("正在准备练习机构…"))

    def _open_or_found_real(self) -> None:
        if self.entrance.is_founded(REAL_OFFICE, self.settings):
            self.ask_passphrase()
        else:
            self.ask_for_new_office()

    def ask_passphrase(self) -> None:
        """Ask for the real office's passphrase."""
        try:
            server = self.entrance.server(self.settings)
        except ClerkError as error:
            self.window.show_failure(error)
            return
        place, has_password = "", False
        if server is not None:
            place, has_password = server.place, self.entrance.has_password(server)
        page = UnlockPage(self.settings.office_name, place, has_password=has_password)
        self._again = lambda: self._unlock(page)
        page.submitted.connect(lambda: self._unlock(page))
        page.other_office_wanted.connect(self.choose_office)
        self._show(page)

    def _unlock(self, page: UnlockPage) -> None:
        passphrase = page.passphrase.text()
        if passphrase:
            password = page.server_password.text()
            self._work(
                lambda: self.entrance.open_real(self.settings, passphrase, password), self._opened, _("正在打开账本…")
            )

    def ask_for_new_office(self) -> None:
        """Ask for what a real office begins with."""
        from clerk_app.desktop.first_start_page import NewOfficePage

        page = NewOfficePage(self.settings)
        page.submitted.connect(lambda: self._found(page))
        page.back_wanted.connect(self.choose_office)
        self._show(page)

    def _found(self, page: NewOfficePage) -> None:
        office = page.typed()
        problems = office.problems()
        page.show_problems(problems)
        if problems:
            return
        self._work(lambda: self.entrance.found_real(self.settings, office), self._founded, _("正在建立账本…"))

    def ask_for_server(self) -> None:
        """Ask for the server that has the office's ledger already."""
        from clerk_app.desktop.server_page import ServerPage

        page = ServerPage(self.settings)
        page.submitted.connect(lambda: self._join(page))
        page.back_wanted.connect(self.choose_office)
        self._show(page)

    def _join(self, page: ServerPage) -> None:
        counter = page.typed()
        problems = counter.problems()
        page.show_problems(problems)
        if not problems:
            self._work(lambda: self.entrance.join_server(self.settings, counter), self._opened, _("正在连接服务器…"))

    def _founded(self, desk: Desk) -> None:
        self._take(desk, lambda: self._ask_for_staff(desk))

    def _ask_for_staff(self, desk: Desk) -> None:
        from clerk_app.desktop.first_start_page import StaffPage

        page = StaffPage()
        page.submitted.connect(lambda: self._add_staff(page))
        page.later_wanted.connect(lambda: self.window.use_desk(desk))
        self._show(page)

    def _add_staff(self, page: StaffPage) -> None:
        assert self.desk is not None, "the office has been founded"
        from clerk_app.counter.users_desk import UsersDesk

        users = UsersDesk(self.desk)
        people = [
            (row, row.user(), row.password.text(), row.password_again.text())
            for row in page.rows.values()
            if not (row.is_blank() or row.is_locked())
        ]

        def add() -> Desk:
            for row, user, password, again in people:
                users.add(user, password, again)
                added.append(row)
            return users.desk

        added: list[object] = []

        def failed(error: ClerkError) -> None:
            for row, _user, _password, _again in people:
                if row in added:
                    row.lock()
            page.show_failure(error)

        self._work(add, self.window.use_desk, _("正在加入…"), failed)

    # --- Who ----------------------------------------------------------------------------------------------------

    def _opened(self, desk: Desk) -> None:
        self._take(desk, self.ask_who)

    def ask_who(self) -> None:
        """Ask for login and password."""
        assert self.desk is not None, "the ledger is open"
        known = []
        if self.desk.is_practice:
            from clerk_app.counter.practice import PASSWORD, USERS

            known = [(user, PASSWORD) for user in USERS]
        page = SignInPage(self.desk.office_name, known)
        page.submitted.connect(lambda: self._sign_in(page))
        page.other_office_wanted.connect(self.choose_office)
        self._show(page)

    def _sign_in(self, page: SignInPage) -> None:
        login, password = page.login.text(), page.password.text()
        desk = self.desk
        if not login.strip() or not password or desk is None:
            (page.password if login.strip() else page.login).setFocus()
            return

        def sign_in() -> Desk:
            desk.ledger.sign_in(login, password)
            return desk

        self._work(sign_in, self._signed_in, _("正在登录…"))

    def _signed_in(self, desk: Desk) -> None:
        if isinstance(self.page, SignInPage):
            self.page.forget()
        self.window.use_desk(desk)

    def sign_out(self) -> None:
        """Let somebody else sign in at the same ledger, when the claim in hand is laid down."""
        self._leave(self._ask_next)

    def _ask_next(self) -> None:
        if self.desk is not None:
            self.desk.ledger.sign_out()
            self.ask_who()

    def _leave(self, then: Callable[[], object]) -> None:
        """Let the claim in hand be laid down, and go on; where that takes a while, nothing of it is seen meanwhile."""
        self.window.leaving.leave_desk(then)
        if self.window.desk is not None:
            page = FrontPage(self.window.desk.office_name)
            page.show_busy(_("正在保存录入的内容…"))
            self._show(page)

    def lock(self) -> None:
        """Cover everything until who works here gives the password."""
        desk = self.window.desk
        if desk is None or desk.ledger.user is None:
            return
        page = LockPage()
        page.cover(desk.ledger.user)
        page.submitted.connect(lambda: self._unlock_screen(page))
        page.other_user_wanted.connect(self.sign_out)
        self._show(page)

    def _unlock_screen(self, page: LockPage) -> None:
        desk, password = self.window.desk, page.password.text()
        if desk is None or not password:
            return

        def confirm() -> Desk:
            desk.ledger.confirm_password(password)
            return desk

        self._work(confirm, lambda _desk: self.window.uncover(), _("正在核对…"))

    # --- How ----------------------------------------------------------------------------------------------------

    def _show(self, page: FrontPage) -> None:
        former, self.page = self.page, page
        self.window.cover(page)
        if former is not None and former is not page:
            self.window.front.removeWidget(former)
            former.deleteLater()

    def _work(
        self,
        work: Callable[[], Desk],
        done: Callable[[Desk], None],
        words: str,
        failed: Callable[[ClerkError], None] | None = None,
    ) -> None:
        """Do it beside the window; what goes wrong is said on the page that asked."""
        page = self.page
        if page is not None:
            page.show_busy(words)
        self.window.failure.say("")
        self._done, self._on_failure = done, failed or self._failed
        task = BackgroundTask(lambda _progress: work())
        task.finished.connect(self._finished)
        task.failed.connect(self._not_finished)
        task.start()

    def _finished(self, desk: Desk) -> None:
        if self.page is not None:
            self.page.show_ready()
        self._done(desk)

    def _not_finished(self, error: ClerkError) -> None:
        self._on_failure(error)

    def _failed(self, error: ClerkError) -> None:
        if self.page is None or type(self.page) is FrontPage:
            # Nothing was asked, so there is nothing to answer differently: it is only done again.
            self.window.show_failure(error)
        else:
            self.page.show_failure(error)

    def _take(self, desk: Desk, then: Callable[[], object]) -> None:
        def take() -> None:
            self.desk = desk
            self.settings = desk.settings
            self.window.settings = desk.settings
            self.window.failure.say("")
            self.window.show_title(is_practice=desk.is_practice)
            self.window.books.begin(desk)
            self.opened.emit(desk)
            then()

        self._close_desk(take)

    def _close_desk(self, then: Callable[[], object]) -> None:
        """Leave the office in use, and go on."""

        def close() -> None:
            self.window.leaving.forget_unfinished()
            desk, self.desk = self.desk, None
            if desk is not None:
                self.settings = desk.settings
                self.window.books.end()
                desk.close()
            self.window.show_title(is_practice=False)
            then()

        self._leave(close)
