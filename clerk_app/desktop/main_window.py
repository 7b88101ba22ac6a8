"""The window: navigation, menus with a shortcut for every action, pages, and what the desk stands on below.

Before the first paint it makes the frame alone. Even the namespace ``Qt`` is not touched till then: its hundreds of
names take PySide as long as half an empty window, so here it is ``QtCore.Qt``, looked up when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clerk_app.codes import Action
from clerk_app.desktop.style import pixels
from clerk_app.errors import ClerkError
from clerk_app.settings import Settings
from clerk_app.wording import N_, _, sentence

if TYPE_CHECKING:
    # What these bring, from the engine to the PDF writer, is loaded after the first paint or when first shown.
    from clerk_app.counter.desk import Desk
    from clerk_app.counter.draft import ClaimDraft
    from clerk_app.desktop.areas_page import AreasPage
    from clerk_app.desktop.claim_page import ClaimPage
    from clerk_app.desktop.claims_page import ClaimsPage
    from clerk_app.desktop.export_page import ExportPage
    from clerk_app.desktop.pieces import BannerStrip
    from clerk_app.desktop.policy_page import PolicyPage
    from clerk_app.desktop.search_page import SearchPage
    from clerk_app.desktop.voucher_window import VoucherWindow
    from clerk_app.ledger.records import Settlement

CLAIM, CLAIMS, SEARCH, EXPORT, AREAS, POLICIES, USERS, AUDIT = range(8)
_PAGES = (
    N_("受理结算"),
    N_("我的申请"),
    N_("查询"),
    N_("月度导出"),
    N_("统筹区与参数"),
    N_("政策文件"),
    N_("用户"),
    N_("操作记录"),
)
#: What a page needs; who has no right to it does not see it.
_RIGHTS = (
    Action.SETTLE,
    Action.SETTLE,
    Action.SEE,
    Action.EXPORT,
    Action.SEE,
    Action.SEE,
    Action.MANAGE_USERS,
    Action.SEE_AUDIT,
)
_KEYS = N_("F1 帮助　F3 新建　F4 查询　F5 更多列　F6 扫描　F8 预览　F9 结算　F10 设置　F11 年度卡　F12 锁屏")


class MainWindow(QMainWindow):
    """The program's one window."""

    #: It has been drawn for the first time; what is heavy may be loaded now.
    painted = Signal()
    retry_wanted = Signal()
    #: Whoever works here leaves; somebody else may sign in.
    sign_out_wanted = Signal()
    #: The same, and for another office perhaps.
    other_office_wanted = Signal()
    #: Nobody has touched the desk for a while, or somebody leaves it for a moment.
    lock_wanted = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.desk: Desk | None = None
        self._has_painted = False
        self._claims: ClaimsPage | None = None
        self._search: SearchPage | None = None
        self._export: ExportPage | None = None
        self._areas: AreasPage | None = None
        self._policies: PolicyPage | None = None
        self._vouchers: list[VoucherWindow] = []
        #: Claims that users left unfinished when they signed out, by login; nobody else sees them.
        self._unfinished: dict[str, ClaimDraft] = {}
        #: The same where the ledger keeps the claim: its key alone, since it may have gone on at another desk.
        self._laid_down: dict[str, str] = {}
        self._actions: list[tuple[QAction, Action | None]] = []
        self._claim: ClaimPage | None = None
        self._failure: BannerStrip | None = None
        self.navigation = self._navigation()
        self.pages = QStackedWidget()
        self._places: dict[int, int] = {}
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        self.workbench = QWidget()
        across = QHBoxLayout(self.workbench)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.navigation)
        across.addLayout(column, 1)
        #: The blank page that is painted first, the pages of the way in, and the workbench behind them.
        self.front = QStackedWidget()
        self.front.addWidget(QWidget())
        self.front.addWidget(self.workbench)
        self.practice_band = QLabel(_("练习 — 人员和单据都是虚构的，不能用于实际支付"))
        self.practice_band.setObjectName("practiceBand")
        self.practice_band.hide()
        whole = QWidget()
        self._whole = QVBoxLayout(whole)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addWidget(self.practice_band)
        self._whole.addWidget(self.front, 1)
        self.setCentralWidget(whole)
        self.show_title(is_practice=False)
        self._build_status()
        self._build_menus()
        self.setMinimumSize(1024, 640)
        self.resize(1366, 740)

    @property
    def claim(self) -> ClaimPage:
        """The first page; ``furnish`` makes it."""
        assert self._claim is not None, "the window is not furnished yet"
        return self._claim

    @property
    def failure(self) -> BannerStrip:
        """The strip across all pages; made when it is first needed, which may be before there is any page."""
        if self._failure is None:
            from clerk_app.desktop.pieces import BannerStrip

            self._failure = BannerStrip("refusal")
            self.retry = self._failure.add_button(_("重试"))
            self.retry.clicked.connect(self.retry_wanted)
            self._whole.insertWidget(1, self._failure)
        return self._failure

    def furnish(self) -> None:
        """Make the first page. The frame has been painted by then, and does not wait for the engine and the form."""
        from clerk_app.desktop.idle import IdleWatch

        self.idle = IdleWatch(self)
        self.idle.idle.connect(self.lock_wanted)
        self.navigation.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        for label in (self.keys, self.state):
            label.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._lay_out_claim()

    def _lay_out_claim(self) -> None:
        from clerk_app.desktop.claim_page import ClaimPage

        claim = ClaimPage()
        self._claim = claim
        self._places[CLAIM] = self.pages.addWidget(claim)
        claim.strips.preview_wanted.connect(self.show_voucher)
        claim.strips.print_wanted.connect(self.print_voucher)
        claim.strips.save_wanted.connect(self.save_voucher)
        claim.strips.corrections_wanted.connect(self.correct_differences)
        claim.voucher_wanted.connect(self.find_voucher)
        claim.person.year_card_button.clicked.connect(self.show_year_card)
        claim.settled.connect(self._forget_lists)

    def use_desk(self, desk: Desk) -> None:
        """Somebody has signed in: show what that role may do, with the claim that this user left unfinished."""
        self.desk = desk
        self.settings = desk.settings
        self.failure.say("")
        self._offer(desk)
        self.claim.use_desk(desk)
        self._go_on_with_unfinished(desk.user.login)
        self.show_title(is_practice=desk.is_practice)
        self.uncover()
        self.go_to(next(page for page in (CLAIM, USERS, SEARCH) if desk.may(_RIGHTS[page])))
        if desk.may(Action.SETTLE):
            self.claim.person.scan.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def _go_on_with_unfinished(self, login: str) -> None:
        """Put on the desk what this user left there: as the ledger has it now, or else as it was typed."""
        key, draft = self._laid_down.pop(login, ""), self._unfinished.pop(login, None)
        try:
            if key:
                self.claim.take_up(key)
            elif draft is not None:
                self.claim.use_draft(draft)
        except ClerkError as error:
            self.claim.notice.say(sentence(error), "warning")

    def leave_desk(self) -> None:
        """Whoever worked here has left: nothing of it stays on the screen, and an unfinished claim waits."""
        self.close_windows()
        desk, self.desk = self.desk, None
        if desk is None:
            return
        if desk.ledger.user is not None:
            login = desk.ledger.user.login
            if self.claim.lay_down():
                self._laid_down[login] = self.claim.draft.key
            elif not self.claim.draft.is_blank():
                self._unfinished[login] = self.claim.draft
        desk.ledger.sign_out()
        # All pages are made anew: nothing of a person is left in a field, a list or a tip.
        self._places.clear()
        for page in (self._export, self._policies):
            if page is not None:
                page.work.cancel()
        while (widget := self.pages.widget(0)) is not None:
            self.pages.removeWidget(widget)
            widget.deleteLater()
        self._claims = self._search = self._export = self._areas = self._policies = None
        self._lay_out_claim()
        self.state.setText("")

    def forget_unfinished(self) -> None:
        """Another office is in use: its users are others, whatever they are called."""
        self._unfinished.clear()
        self._laid_down.clear()

    def cover(self, page: QWidget) -> None:
        """Show a page of the way in, over everything; the menus wait."""
        self.close_windows()
        if self._claim is not None:
            self.idle.stop()
        if self.front.indexOf(page) < 0:
            self.front.addWidget(page)
        self.front.setCurrentWidget(page)
        self.keys.hide()
        self.state.setText("")
        for action, _right in self._actions:
            action.setEnabled(False)
        page.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def uncover(self) -> None:
        """Show the workbench to whoever is signed in; the idle watch begins."""
        assert self.desk is not None, "somebody has signed in"
        self.front.setCurrentWidget(self.workbench)
        self.keys.show()
        self._show_state()
        for action, right in self._actions:
            action.setEnabled(right is None or self.desk.may(right))
        self.watch()

    def watch(self) -> None:
        """Lock the desk when nobody touches it for the minutes that are set."""
        self.idle.start(self.settings.lock_minutes * 60_000)

    def close_windows(self) -> None:
        """Close whatever stands beside the window: papers, cards, dialogs."""
        beside = [each for each in QApplication.topLevelWidgets() if each.isVisible() and self._is_beside(each)]
        for widget in beside:
            widget.close()
        if beside:
            self.activateWindow()

    def _is_beside(self, widget: QWidget) -> bool:
        """Whether a window has come out of this one; Qt itself asks only inside of one window."""
        parent = widget.parentWidget()
        return parent is not None and (parent is self or parent.window() is self or self._is_beside(parent))

    def show_title(self, *, is_practice: bool) -> None:
        """Name the window, and mark the practice office."""
        title = _("医保异地门诊零星报销")
        self.setWindowTitle(_("【练习】{title}").format(title=title) if is_practice else title)
        self.practice_band.setVisible(is_practice)

    def show_failure(self, error: ClerkError) -> None:
        """Say why there is no ledger or no policies; what is typed stays."""
        self.failure.say(sentence(error), "refusal")
        self.retry.show()
        self.state.setText(_("账本未打开"))

    def show_notice(self, error: ClerkError) -> None:
        """Say something that does not keep the clerk from working."""
        self.claim.notice.say(sentence(error), "warning")

    def show_report(self, code: str) -> None:
        """Say that the program has broken somewhere, with the code under which the log has it."""
        words = _(
            "程序出现意外错误，报告编号 {code}。已录入的内容仍在屏幕上，已保存的单据不受影响；请把编号告诉管理员。"
        )
        self.failure.say(words.format(code=code), "refusal")

    def go_to(self, page: int) -> None:
        """Show a page; the heavy ones are made when they are first shown."""
        if self._claim is None or self.desk is None or not self.desk.may(_RIGHTS[page]):
            return
        self.navigation.setCurrentRow(page)
        if page == CLAIMS:
            # The list shows what is typed too, so that it may be handed in from there.
            self.claim.keep()
        if page not in self._places:
            self._places[page] = self.pages.addWidget(self._made(page))
        elif page == CLAIMS and self._claims is not None:
            self._claims.refresh()
        self.pages.setCurrentIndex(self._places[page])
        widget = self.pages.currentWidget()
        if widget is not None and widget is not self.claim:
            widget.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def show_voucher(self, settlement: Settlement) -> None:
        """Show a settlement's papers in a window of their own."""
        if self.desk is None:
            return
        # The PDF writer and reader are loaded for the first paper, not for the first paint.
        from clerk_app.desktop.voucher_window import VoucherWindow

        window = VoucherWindow(self.desk, settlement, self)
        self._vouchers.append(window)
        window.destroyed.connect(lambda: self._vouchers.remove(window))
        window.show()

    def print_voucher(self, settlement: Settlement) -> None:
        """Show the papers and begin to print them."""
        self.show_voucher(settlement)
        if self._vouchers:
            self._vouchers[-1].print_papers()

    def save_voucher(self, settlement: Settlement) -> None:
        """Ask for a file and save the paper that the insured person keeps."""
        if self.desk is None:
            return
        from clerk_app.counter.voucher_desk import VoucherDesk

        desk_of_vouchers = VoucherDesk(self.desk, settlement)
        sheet = desk_of_vouchers.sheets()[0]
        from PySide6.QtWidgets import QFileDialog

        given, _filter = QFileDialog.getSaveFileName(
            self, _("保存 PDF"), str(Path.home() / desk_of_vouchers.file_name(sheet)), "PDF (*.pdf)"
        )
        if given:
            try:
                desk_of_vouchers.save(sheet, Path(given))
            except ClerkError as error:
                self.claim.notice.say(sentence(error), "refusal")
            else:
                self.claim.notice.say(_("已保存：{file}").format(file=given), "good")

    def find_voucher(self, number: str) -> None:
        """Look a voucher up."""
        self.go_to(SEARCH)
        if self._search is not None:
            self._search.look_for(number)

    def correct_differences(self, settlement: Settlement) -> None:
        """Show the differences that are open for the person of a settlement."""
        self.find_voucher(settlement.voucher_number)
        if self._search is not None:
            self._search.open_corrections()

    def preview_papers(self) -> None:
        """Show the papers of what is in hand: the selected line of a search, or the last settlement."""
        is_searching = self.pages.currentWidget() is self._search and self._search is not None
        settlement = self._search.chosen() if is_searching and self._search else self.claim.paper_wanted()
        if settlement is None:
            self.claim.notice.say(_("还没有可预览的单据。结算后按 F8 预览，或按 F4 查询以前的单据。"), "note")
            return
        self.show_voucher(settlement)

    def show_year_card(self) -> None:
        """Show the year of whoever is in hand: the person of the selected voucher, or of the claim."""
        if self.desk is None:
            return
        person_id, year = None, self.desk.today().year
        if self._search is not None and self.pages.currentWidget() is self._search:
            settlement = self._search.chosen()
            if settlement is not None:
                person_id = settlement.person_id
                year = max(settled.receipt.visited_on.year for settled in settlement.receipts)
        elif self.claim.entry is not None and self.claim.entry.record is not None:
            person_id = self.claim.entry.record.person_id
        if person_id is None:
            self.claim.notice.say(_("还没有登记过的参保人。读出参保人或在查询页选中单据后，按 F11 看年度卡。"), "note")
            return
        from clerk_app.desktop.year_card_window import YearCardWindow

        card = YearCardWindow(self.desk, person_id, year, self)
        card.voucher_wanted.connect(self.find_voucher)
        card.show()

    def change_settings(self) -> None:
        """Change the desk's settings."""
        if self.desk is None:
            return
        from clerk_app.desktop.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self.desk, self)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.changed.connect(self._use_settings)
        dialog.open()

    def show_help(self) -> None:
        """Show the keys."""
        from clerk_app.desktop.help_dialog import HelpDialog

        dialog = HelpDialog(self)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Notice the first drawing."""
        super().paintEvent(event)
        if not self._has_painted:
            self._has_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the papers too, and put down the claim in hand."""
        self.close_windows()
        if self.desk is not None and self.desk.ledger.user is not None:
            self.claim.lay_down()
        super().closeEvent(event)

    def sizeHint(self) -> QSize:
        """What a small desk's screen has room for."""
        return QSize(1366, 740)

    def _navigation(self) -> QListWidget:
        bar = QListWidget()
        bar.setObjectName("navigation")
        bar.setAccessibleName(_("页面"))
        bar.setFixedWidth(pixels(132, self.settings.font_scale))
        for place, words in enumerate(_PAGES):
            item = QListWidgetItem(_(words))
            item.setToolTip(f"Ctrl+{place + 1}")
            item.setSizeHint(QSize(0, pixels(44, self.settings.font_scale)))
            bar.addItem(item)
        bar.setCurrentRow(CLAIM)
        bar.currentRowChanged.connect(self.go_to)
        return bar

    def _build_status(self) -> None:
        self.keys = QLabel(_(_KEYS))
        self.state = QLabel(_("正在打开账本…"))
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.keys)
        bar.addPermanentWidget(self.state)

    def _build_menus(self) -> None:
        bar = self.menuBar()
        claim = bar.addMenu(_("受理(&C)"))
        for words, keys, act in (
            (_("新建申请"), "F3", self._new_claim),
            (_("结算"), "F9", self._settle),
            (_("扫描"), "F6", self._scan),
            (_("录入票据"), "F7", self._to_receipts),
            (_("常用材料齐全"), "Ctrl+M", self._tick_usual),
            (_("显示或隐藏更多列"), "F5", self._toggle_extras),
        ):
            self._add(claim, words, keys, act, Action.SETTLE)
        self._add(claim, _("我的申请"), "Ctrl+2", lambda: self.go_to(CLAIMS), Action.SETTLE)
        claim.addSeparator()
        claim.addAction(self._action(_("退出"), "Ctrl+Q", self.close))
        papers = bar.addMenu(_("单据(&P)"))
        self._add(papers, _("查询"), "F4", self._search_anew)
        self._add(papers, _("预览单据"), "F8", self.preview_papers)
        self._add(papers, _("年度卡"), "F11", self.show_year_card)
        month = bar.addMenu(_("月度(&M)"))
        self._add(month, _("月度导出"), "Ctrl+4", lambda: self.go_to(EXPORT), Action.EXPORT)
        self._add(month, _("从 Excel 导入"), "", lambda: self.go_to(EXPORT), Action.ENTER)
        areas = bar.addMenu(_("设置(&S)"))
        self._add(areas, _("统筹区与参数"), "Ctrl+5", lambda: self.go_to(AREAS))
        self._add(areas, _("政策文件"), "Ctrl+6", lambda: self.go_to(POLICIES))
        self._add(areas, _("设置"), "F10", self.change_settings)
        user = bar.addMenu(_("用户(&U)"))
        self._add(user, _("锁屏"), "F12", self.lock_wanted.emit)
        self._add(user, _("退出登录，换人"), "Ctrl+L", self.sign_out_wanted.emit)
        self._add(user, _("修改密码"), "Ctrl+Shift+P", self.change_password)
        self._add(user, _("切换机构"), "Ctrl+Shift+O", self.other_office_wanted.emit)
        self._add(user, _("用户管理"), "Ctrl+7", lambda: self.go_to(USERS), Action.MANAGE_USERS)
        self._add(user, _("操作记录"), "Ctrl+8", lambda: self.go_to(AUDIT), Action.SEE_AUDIT)
        pages = bar.addMenu(_("帮助(&H)"))
        pages.addAction(self._action(_("按键说明"), "F1", self.show_help))
        self._add(pages, _("到受理结算"), "Ctrl+1", lambda: self.go_to(CLAIM), Action.SETTLE)
        self._add(pages, _("到查询"), "Ctrl+3", lambda: self.go_to(SEARCH))

    def _add(
        self, menu: QMenu, words: str, keys: str, act: Callable[[], object], right: Action | None = None
    ) -> QAction:
        """An action for whoever is signed in and has the right to it."""
        action = self._action(words, keys, act)
        action.setEnabled(False)
        self._actions.append((action, right))
        menu.addAction(action)
        return action

    def _action(self, words: str, keys: str, act: Callable[[], object]) -> QAction:
        action = QAction(words, self)
        action.setShortcut(QKeySequence(keys))
        # The signal's flag is of no use to what is called, and until the page is there, there is nothing to act on.
        action.triggered.connect(lambda _checked=False: act() if self._claim is not None else None)
        return action

    def _offer(self, desk: Desk) -> None:
        """Name the pages that this user may go to."""
        for page, right in enumerate(_RIGHTS):
            self.navigation.item(page).setHidden(not desk.may(right))

    def change_password(self) -> None:
        """Let whoever is signed in take another password."""
        if self.desk is None:
            return
        from clerk_app.desktop.password_dialog import PasswordDialog

        dialog = PasswordDialog(self.desk, self)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.say(_("密码已修改。"), "good"))
        dialog.open()

    def say(self, words: str, weight: str) -> None:
        """Say something across the page in hand."""
        page = self.pages.currentWidget()
        notice = getattr(page, "notice", None) or self.claim.notice
        notice.say(words, weight)

    def _made(self, page: int) -> QWidget:
        """Make a page; its module brings the heavy libraries, which the first paint does not wait for."""
        assert self.desk is not None
        if page == CLAIMS:
            from clerk_app.desktop.claims_page import ClaimsPage

            claims = ClaimsPage(self.desk)
            claims.open_wanted.connect(self._open_claim)
            claims.moved.connect(self._claim_moved)
            self._claims = claims
            return claims
        if page == SEARCH:
            from clerk_app.desktop.search_page import SearchPage

            search = SearchPage(self.desk)
            search.preview_wanted.connect(self.show_voucher)
            search.print_wanted.connect(self.print_voucher)
            search.panel.year_card_button.clicked.connect(self.show_year_card)
            self._search = search
            return search
        if page == EXPORT:
            from clerk_app.desktop.export_page import ExportPage

            self._export = ExportPage(self.desk)
            return self._export
        if page == POLICIES:
            from clerk_app.desktop.policy_page import PolicyPage

            policies = PolicyPage(self.desk)
            policies.policies_changed.connect(self._use_policies)
            policies.voucher_wanted.connect(self.find_voucher)
            self._policies = policies
            return policies
        if page == USERS:
            from clerk_app.desktop.users_page import UsersPage

            return UsersPage(self.desk)
        if page == AUDIT:
            from clerk_app.desktop.audit_page import AuditPage

            return AuditPage(self.desk)
        from clerk_app.desktop.areas_page import AreasPage

        areas = AreasPage(self.desk)
        areas.policies_changed.connect(self._use_policies)
        self._areas = areas
        return areas

    def _open_claim(self, act_key: str) -> None:
        """Go on with a claim that the ledger keeps, if it is in nobody else's hands."""
        try:
            self.claim.take_up(act_key)
        except ClerkError as error:
            if self._claims is not None:
                self._claims.refresh()
            self.say(sentence(error), "refusal")
            return
        self.go_to(CLAIM)
        self.claim.person.scan.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def _claim_moved(self, act_key: str) -> None:
        """What has been handed in, given back or ended is not typed in any more."""
        if self.claim.draft.key == act_key:
            self.claim.start_blank()

    def _new_claim(self) -> None:
        self.go_to(CLAIM)
        self.claim.new_claim()

    def _settle(self) -> None:
        self.go_to(CLAIM)
        self.claim.settle()

    def _scan(self) -> None:
        self.go_to(CLAIM)
        self.claim.person.scan.setFocus(QtCore.Qt.FocusReason.ShortcutFocusReason)

    def _to_receipts(self) -> None:
        self.go_to(CLAIM)
        self.claim.table.begin()

    def _tick_usual(self) -> None:
        self.claim.materials.tick_usual()

    def _toggle_extras(self) -> None:
        self.claim.extras.toggle()

    def _search_anew(self) -> None:
        self.go_to(SEARCH)
        if self._search is not None:
            self._search.begin()

    def _forget_lists(self, _settlement: Settlement) -> None:
        """What a list showed before is no longer all."""
        if self._search is not None:
            self._search.refresh()
        if self._export is not None:
            self._export.refresh()

    def _use_policies(self) -> None:
        """Other policies or parameters hold from now on: every page that shows something of them asks again."""
        self.claim.use_areas()
        if self._areas is not None:
            self._areas.refresh()
        if self._policies is not None:
            self._policies.refresh()
        self._show_state()

    def _use_settings(self) -> None:
        if self.desk is not None:
            self.settings = self.desk.settings
            self.claim.refresh()
            self._show_state()
            self.watch()

    def _show_state(self) -> None:
        if self.desk is None:
            return
        user = self.desk.user
        version = self.desk.version_today(self.desk.settings.area_code)
        parts = [_("{role} {name}").format(role=_(user.role.term), name=user.name)]
        if version is not None:
            parts.append(
                _("{document} 核实至 {day}").format(document=version.document.number, day=version.verified_until)
            )
        self.state.setText("　".join(parts))
