"""收款账户 of the claim in hand: the accounts that the office knows, another one, and the second person of a change."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QListWidget,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.draft import OWN, PayeeDraft
from clerk_app.counter.payee_entry import RELATIONS, as_typed, two_lines
from clerk_app.counter.reading import Place, Reading
from clerk_app.counter.second_person import SecondPerson
from clerk_app.desktop.account_field import AccountField
from clerk_app.desktop.breaking_rows import Beside
from clerk_app.desktop.fields import ChoiceBox, CodeField, PasswordField, TextField, tip
from clerk_app.desktop.folding_grid import FoldingGrid
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.pieces import Card, FieldGrid, plain_label, push_button
from clerk_app.desktop.style import scaled
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import KnownAccount, PayeeAccount, PersonRecord
from clerk_app.wording import _, sentence

_FIELDS_WIDTH = 360
_LIST_WIDTH, _LIST_HEIGHT, _BUTTON_WIDTH, _BUTTON_PADDING = 370, 60, 120, 8


class PayeeButton(QToolButton):
    """The account in one line among the fields of the person; Enter passes over it, Tab and Ctrl+B do not."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("payee")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(scaled(_BUTTON_WIDTH))
        self._words = ""

    def show_words(self, words: str) -> None:
        """Say where the money goes."""
        self._words = words
        self.setAccessibleDescription(words)
        self.setToolTip(tip(words))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the words at the left, as in the fields around, as much of them as there is room for."""
        painter, option = QStylePainter(self), QStyleOptionToolButton()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        room = self.rect().adjusted(scaled(_BUTTON_PADDING), 0, -scaled(_BUTTON_PADDING), 0)
        words = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)

    def words(self) -> str:
        """All of it, however narrow the field is."""
        return self._words


class KnownAccounts(QListWidget):
    """Accounts to choose from; Enter and the space bar take one."""

    taken = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("offers")
        self.setAccessibleName(_("已知账户"))
        self.setFixedWidth(scaled(_LIST_WIDTH))
        # As high as the fields beside it, however many accounts there are; above them it shows one.
        self.setMinimumHeight(scaled(_LIST_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(lambda _item: self.taken.emit(self.currentRow()))

    def sizeHint(self) -> QSize:
        """No higher than what stands beside it."""
        return QSize(self.minimumWidth(), self.minimumHeight())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the account in hand."""
        if event.key() in (*ENTER_KEYS, Qt.Key.Key_Space):
            self.taken.emit(self.currentRow())
            return
        super().keyPressEvent(event)


class PayeeCard(Card):
    """Shown below the receipts when it is asked for, in the place of the working."""

    #: The draft has changed.
    typed = Signal()
    #: Whoever typed here is through.
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(_("收款账户"))
        self._entry: ClaimEntry | None = None
        self._draft = PayeeDraft()
        self._offered: list[PayeeAccount | None] = []
        keys = plain_label(_("上下键选账户，Enter 选定；Tab 到右边另填；Esc 返回票据"), "small", wraps=True)
        keys.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.head.setStretch(1, 0)
        self.head.addWidget(keys, 1)
        self.known = KnownAccounts()
        self.relation = ChoiceBox([(_(words), words) for words in RELATIONS])
        self.name, self.bank, self.reason = TextField(), TextField(), TextField()
        self.account = AccountField()
        self.login, self.password = CodeField(), PasswordField()
        self.login.setPlaceholderText(_("另一名复核人员的用户名"))
        self.confirm = push_button(_("确认变更"))
        self.notice = plain_label("", "problem", wraps=True)
        self.work = WorkStrip()
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        self.grid = FoldingGrid()
        self.grid.add_field(0, 0, _("关系"), self.relation)
        self.grid.add_field(0, 1, _("户名"), self.name, Place("payee", 0, "name"))
        self.grid.add_field(1, 0, _("开户银行"), self.bank, Place("payee", 0, "bank"))
        self.grid.add_field(1, 1, _("账号"), self.account, Place("payee", 0, "account"))
        self.why = QWidget()
        why = FieldGrid()
        why.setContentsMargins(0, 0, 0, 0)
        why.add_field(0, 0, _("领取原因"), self.reason, Place("payee", 0, "reason"))
        self.why.setLayout(why)
        self.second = QWidget()
        second = FoldingGrid()
        second.add_field(0, 0, _("第二人"), self.login, Place("payee", 0, "second"))
        second.add_field(0, 1, _("密码"), self.password)
        self._grids = (self.grid, why, second)
        confirming = Beside()
        confirming.setContentsMargins(0, 0, 0, 0)
        confirming.addLayout(second, 1)
        confirming.addWidget(self.confirm, 0, Qt.AlignmentFlag.AlignTop)
        self.second.setLayout(confirming)
        for grid in (self.grid, second):
            grid.setColumnStretch(1, 1)
            grid.setColumnStretch(3, 1)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addLayout(self.grid)
        right.addWidget(self.why)
        right.addWidget(self.second)
        right.addWidget(self.notice)
        right.addWidget(self.work)
        right.addStretch(1)
        across = Beside(spacing=16)
        across.addWidget(self.known)
        across.add_block(right, 1, least=scaled(_FIELDS_WIDTH))
        self.body.addLayout(across, 1)
        self.notice.hide()
        self.second.hide()

    def _connect(self) -> None:
        for field, key in ((self.name, "name"), (self.bank, "bank"), (self.reason, "reason")):
            field.textEdited.connect(partial(self._set, key))
        self.account.typed.connect(partial(self._set, "account"))
        self.relation.currentIndexChanged.connect(lambda _index: self._choose_relation())
        self.known.taken.connect(self._take_known)
        self.confirm.clicked.connect(self.change)
        self.work.failed.connect(self._failed)
        self.work.busy.connect(self.second.setDisabled)

    def use(self, entry: ClaimEntry) -> None:
        """Show the account of another claim."""
        self._entry = entry
        self.show_draft()

    def show_draft(self) -> None:
        """Show the account as the draft has it, and what the office knows of the person."""
        if self._entry is None:
            return
        self._draft = draft = self._entry.draft.payee
        was_blocked = self.relation.blockSignals(True)
        self.relation.choose(draft.relation)
        self.relation.blockSignals(was_blocked)
        for field, text in ((self.name, draft.name), (self.bank, draft.bank), (self.reason, draft.reason)):
            if field.text() != text:
                field.setText(text)
        self.account.show_number(draft.account)
        self._fit_relation()
        self._offer()

    def show_reading(self, reading: Reading) -> str:
        """Ask for a second person where what is typed is a change; returns the account in words."""
        if self._entry is None:
            return ""
        self.second.setVisible(self._entry.payees.is_change(reading))
        self.name.setPlaceholderText(self._entry.draft.person.name.strip() if self._draft.relation == OWN else "")
        return self._entry.payees.words(reading)

    def show_problems(self, shown: dict[Place, str]) -> None:
        """Mark what is wrong."""
        for grid in self._grids:
            grid.show_problems(shown)

    def open(self) -> None:
        """Put the keyboard where it is wanted: on what is known, else where an account is typed."""
        self._say("")
        self._offer()
        first = self.known if len(self._offered) > 1 else self.bank
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def stops(self) -> list[QWidget]:
        """In the order of the paper."""
        fields = (self.relation, self.name, self.bank, self.account, self.reason, self.login, self.password)
        return [self.known, *fields, self.confirm]

    def places(self) -> list[tuple[Place, QWidget]]:
        """Every field with its place."""
        return [each for grid in self._grids for each in grid.fields()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, and Enter behind the last field, go back to the receipts; elsewhere Enter moves on."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in ENTER_KEYS and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._go_on()
        else:
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        focus = self.focusWidget()
        last = self.account if self._draft.relation == OWN else self.reason
        if focus in (self.password, self.confirm):
            self.change()
        elif focus is last and self.second.isVisible():
            self.login.setFocus(Qt.FocusReason.TabFocusReason)
        elif focus is last:
            self.closed.emit()
        else:
            self.focusNextChild()

    def change(self) -> None:
        """Let a second person confirm another account of the person; the password's hash is made beside the window."""
        if self._entry is None:
            return
        entry, record, payee = self._entry, self._entry.insured.record, self._entry.reading().payee
        if payee is None:
            return
        second = SecondPerson(self.login.text(), self.password.text())
        self.password.clear()
        self._say("")
        self.work.begin(
            _("正在保存…"),
            lambda _progress: entry.payees.change(payee, second),
            lambda known: self._changed(entry, record, known),
            stops=False,
        )

    def _changed(self, entry: ClaimEntry, record: PersonRecord | None, known: tuple[KnownAccount, ...]) -> None:
        self.login.clear()
        if self._entry is not entry or entry.insured.record is not record:
            return  # Another person's claim is in hand by now; the account is the former one's, and recorded.
        entry.payees.use(record, known)
        entry.draft.payee = PayeeDraft(relation=self._draft.relation, reason=self._draft.reason)
        self.show_draft()
        self.typed.emit()
        self.closed.emit()

    def _failed(self, error: ClerkError) -> None:
        self._say(sentence(error))
        self.login.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, words: str) -> None:
        self.notice.setText(words)
        self.notice.setVisible(bool(words))

    def _set(self, key: str, text: str) -> None:
        setattr(self._draft, key, text)
        self.typed.emit()

    def _choose_relation(self) -> None:
        self._draft.relation = str(self.relation.value())
        if self._draft.relation == OWN:
            self._draft.name = self._draft.reason = ""
            self.name.clear()
            self.reason.clear()
        self._fit_relation()
        self.typed.emit()

    def _fit_relation(self) -> None:
        """Only somebody else's name is typed, and why it is somebody else."""
        is_own = self._draft.relation == OWN
        self.name.setEnabled(not is_own)
        self.why.setVisible(not is_own)

    def _offer(self) -> None:
        """What the office knows; the first line is what holds with nothing typed."""
        assert self._entry is not None
        payees = self._entry.payees
        on_record = payees.on_record()
        others = [each for each in payees.known if each.account != on_record]
        self._offered = [None, *(each.account for each in others)]
        lines = [two_lines(on_record, _("按登记")) if on_record else payees.words(Reading())]
        for each in others:
            said = _("被退回：{reason}").format(reason=each.refused) if each.refused else ""
            lines.append(two_lines(each.account, said))
        self.known.clear()
        self.known.addItems(lines)
        typed = self._entry.reading().payee
        number = typed.account if typed else ""
        at = next((row for row, each in enumerate(self._offered) if each and each.account == number), 0)
        self.known.setCurrentRow(at)

    def _take_known(self, row: int) -> None:
        """Let the claim name a known account, or none of its own."""
        if self._entry is None or not 0 <= row < len(self._offered):
            return
        account = self._offered[row]
        self._entry.draft.payee = PayeeDraft() if account is None else as_typed(account)
        self.show_draft()
        self.typed.emit()
        if account is not None and account.relation != OWN:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.closed.emit()
