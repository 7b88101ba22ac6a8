"""A person's year beside the form: deductibles and caps used and left, and which voucher used what."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from clerk_app.counter.account_credit_card import AccountCreditSheet
from clerk_app.counter.desk import Desk
from clerk_app.counter.year_card import (
    YearCardSheet,
    amount_rows,
    note_words,
    prior_words,
    title_words,
    use_rows,
)
from clerk_app.desktop.account_credit_tab import AccountCreditTab
from clerk_app.desktop.fields import ChoiceBox
from clerk_app.desktop.pieces import BannerStrip, plain_label, push_button, resize_within
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.style import scaled
from clerk_app.desktop.words_table import Column, WordsModel, words_table
from clerk_app.errors import ClerkError
from clerk_app.ledger.year_card import YearCard
from clerk_app.wording import N_, _, sentence

_YEARS_OFFERED = 4
#: A year that comes at once takes the place of the one before without a blank in between.
_PATIENCE_MS = 150
_AMOUNTS = (
    Column(N_("待遇"), 230),
    Column(N_("标准"), 120, is_amount=True),
    Column(N_("结算已用"), 100, is_amount=True),
    Column(N_("平台已用"), 100, is_amount=True),
    Column(N_("尚余"), 120, is_amount=True),
    Column(N_("依据"), 180),
)
_USES = (
    Column(N_("单据号"), 168),
    Column(N_("日期"), 96),
    Column(N_("类型"), 104),
    Column(N_("待遇"), 110),
    Column(N_("起付线"), 100, is_amount=True),
    Column(N_("统筹支付"), 100, is_amount=True),
    Column(N_("说明"), 248),
)


class YearCardWindow(QDialog):
    """年度卡 of one person; Enter on a line looks its voucher up."""

    voucher_wanted = Signal(str)

    def __init__(self, desk: Desk, person_id: int, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("年度卡"))
        self.sheet = YearCardSheet(desk, person_id)
        self.title = plain_label("", "cardTitle", wraps=True)
        this_year = desk.today().year
        years = sorted({year, *range(this_year, this_year - _YEARS_OFFERED, -1)}, reverse=True)
        self.year = ChoiceBox([(_("{year} 年").format(year=each), each) for each in years])
        self.year.setAccessibleName(_("年度"))
        self.year.choose(year)
        self.notice = BannerStrip("refusal")
        self.notes = plain_label("", "muted", wraps=True)
        self.priors = plain_label("", wraps=True)
        self.amounts, self.uses = WordsModel(_AMOUNTS, self), WordsModel(_USES, self)
        self.amounts_table = words_table(self.amounts, _AMOUNTS, _("起付线和限额"))
        self.uses_table = words_table(self.uses, _USES, _("哪笔单据用了多少"))
        close = push_button(_("关闭  Esc"))
        close.clicked.connect(self.close)
        self.print_button = push_button(_("打印年度卡"))
        self.print_button.clicked.connect(self._show_paper)
        self._card: YearCard | None = None
        self.credits = AccountCreditTab()
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("年度卡"))
        self.tabs.setDocumentMode(True)
        self.tabs.setTabBarAutoHide(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self._used_and_left(), _("待遇使用"))
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.year)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.notice)
        column.addWidget(self.tabs, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.print_button)
        buttons.addWidget(close)
        column.addLayout(buttons)
        resize_within(self, scaled(960), scaled(600))
        self.year.currentIndexChanged.connect(self.refresh)
        self.uses_table.activated.connect(self._look_up)
        self._patience = self._timer()
        self.reading = Reading(self)
        self.refresh()

    def _timer(self) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(_PATIENCE_MS)
        timer.timeout.connect(self._say_reading)
        return timer

    def _used_and_left(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.notes)
        column.addWidget(plain_label(_("起付线和限额"), "cardTitle"))
        column.addWidget(self.amounts_table, 4)
        column.addWidget(self.priors)
        column.addWidget(plain_label(_("哪笔单据用了多少"), "cardTitle"))
        column.addWidget(self.uses_table, 5)
        return page

    def refresh(self) -> None:
        """Read the chosen year beside the window; the one before stays in sight for a moment, and no longer."""
        year = self.year.value()
        assert isinstance(year, int), "the choice holds years"
        self.notice.say("")
        self._patience.start()
        self.reading.ask(lambda: self.sheet.year(year), self._show_year, self._failed)

    def _show_year(self, found: tuple[YearCard, AccountCreditSheet | None]) -> None:
        self._patience.stop()
        card, credited = found
        self._card = card
        self.title.setText(title_words(card))
        self.notes.setText("\n".join(note_words(card)))
        self.priors.setText("\n".join(prior_words(card)) or _("没有登记平台已享受待遇。"))
        self.amounts.show_rows(amount_rows(card))
        self.uses.show_rows(use_rows(card))
        self._show_credits(credited)

    def _say_reading(self) -> None:
        self._clear()
        self.title.setText(_("正在读取 {year} 年度…").format(year=self.year.value()))

    def _clear(self) -> None:
        """Let no amount of another year stand below the year that is chosen."""
        self._card = None
        for label in (self.title, self.notes, self.priors):
            label.setText("")
        for model in (self.amounts, self.uses):
            model.show_rows([])
        # Its tab stays, with the keyboard perhaps: the year that comes may have credits too.
        self.credits.clear()

    def _failed(self, error: ClerkError) -> None:
        self._patience.stop()
        self._clear()
        self.notice.say(sentence(error), "refusal")

    def _show_credits(self, sheet: AccountCreditSheet | None) -> None:
        """Monthly credits have a tab where the area's documents credit this person, and are not mentioned elsewhere."""
        place = self.tabs.indexOf(self.credits)
        if sheet is None:
            if place >= 0:
                self.tabs.removeTab(place)
            return
        if place < 0:
            self.tabs.addTab(self.credits, _("个人账户计入"))
        self.credits.use(sheet)

    def _show_paper(self) -> None:
        """The paper of the year that is chosen, as soon as it is read."""
        self.reading.after(self._open_paper)

    def _open_paper(self) -> None:
        if self._card is None:
            return
        from clerk_app.counter.claim_papers import YearCardPaper
        from clerk_app.desktop.paper_window import PaperWindow

        PaperWindow(YearCardPaper(self.sheet.desk, self._card), self).show()

    def _look_up(self, index: QModelIndex) -> None:
        self.voucher_wanted.emit(self.uses.index(index.row(), 0).data())
