"""备份与校验: backups as they were made and checked, the full check of the ledger, and the way back to a backup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.safekeeping import KeptBackup
from clerk_app.desktop.breaking_rows import Beside
from clerk_app.desktop.colours import colours
from clerk_app.desktop.empty_list import EmptyWords
from clerk_app.desktop.fields import ChoiceBox, CodeField, TextField
from clerk_app.desktop.lists import Column, LinesTable
from clerk_app.desktop.pieces import BannerStrip, Card, FieldGrid, WholeLabel, plain_label, push_button, role_may_not
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.restore_card import RestoreCard
from clerk_app.desktop.style import scaled
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.ledger.backups import Written
from clerk_app.ledger.restoring import Restored
from clerk_app.ledger.soundness import Verification
from clerk_app.wording import N_, _, filled, sentence

_COLUMNS: tuple[Column[KeptBackup], ...] = (
    Column(N_("备份时间"), 140, lambda kept: f"{kept.backup.made_at:%Y-%m-%d %H:%M}"),
    Column(N_("大小"), 84, lambda kept: _size(kept.size_bytes), is_amount=True),
    Column(N_("核对"), 92, lambda _kept: _("已核对"), colour=lambda _kept: colours().good),
    Column(N_("最后的校验码"), 0, lambda kept: kept.backup.head.printed),
)

#: The head of the list, a line of it and a bar below, in pixels at the usual size of type.
_LEAST_TABLE_HEIGHT = 96

_COUNTS = (7, 14, 30, 60, 90, 180, 365)


class SafekeepingPage(QWidget):
    """Backups at the left with what is done about them, the check of the ledger at the right."""

    #: A backup has taken the ledger's place; it is to be opened anew.
    restored = Signal(object)
    #: The ledger has been checked from here.
    checked = Signal()
    #: Whether nothing else may be done meanwhile.
    replacing = Signal(bool)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.keeping = desk.safekeeping
        self.notice = BannerStrip("good")
        self.work = WorkStrip()
        self.table: LinesTable[KeptBackup] = LinesTable(_COLUMNS, _("备份列表"), lambda kept: kept.backup.path)
        none = _("还没有备份。按“立即备份”做一份；以后每天退出程序时自动备份。")
        if desk.ledger.is_server:
            none = sentence(ClerkError("server_backs_up"))
        self.no_backups = EmptyWords(self.table, none)
        self.restore_card = RestoreCard(desk)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 10, 12, 10)
        page.setSpacing(8)
        page.addWidget(plain_label(_("备份与校验"), "pageTitle"))
        page.addWidget(self.notice)
        page.addWidget(self.work)
        across = Beside()
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._backups(), 1)
        left.addWidget(self.restore_card)
        across.addLayout(left, 5)
        across.addWidget(self._check(), 6)
        page.addLayout(across, 1)
        self._offer()
        self.work.failed.connect(self._failed)
        self.work.cancelled.connect(self._cancelled)
        self.work.busy.connect(self._lock)
        self.restore_card.confirmed.connect(self._restore)
        self.setFocusProxy(self.table)
        self.reading = Reading(self)
        #: Whether the folder has been read, and the list shows what is in it.
        self._has_read = False
        self.refresh()

    def _backups(self) -> Card:
        card = Card(_("备份列表"))
        self.make = push_button(_("立即备份"))
        self.give_back = push_button(_("从备份恢复…"), "danger")
        card.head.addWidget(self.make)
        card.head.addWidget(self.give_back)
        card.body.addWidget(self.table, 1)
        self.table.setMinimumHeight(scaled(_LEAST_TABLE_HEIGHT))
        self.folder = TextField()
        self.folder.setText(str(self.keeping.folder))
        self.browse = push_button(_("选择…"))
        kept = self.desk.settings.backups_kept
        self.count = ChoiceBox([(_("{count} 份").format(count=count), count) for count in sorted({*_COUNTS, kept})])
        self.count.choose(kept)
        self.save_settings = push_button(_("保存"))
        grid = FieldGrid()
        grid.add_field(0, 0, _("备份文件夹"), self.folder)
        grid.addWidget(self.browse, 0, 2)
        grid.add_field(1, 0, _("保留份数"), self.count)
        grid.addWidget(self.save_settings, 2, 2)
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        words = _(
            "每天退出程序时自动备份一次。备份写完后重新打开、逐行核对，通过的才列在这里。请把文件夹设在另一块磁盘上。"
        )
        hint = WholeLabel("small")
        hint.say(words)
        card.body.addWidget(hint)
        self.make.clicked.connect(self.back_up)
        self.give_back.clicked.connect(self.ask_restore)
        self.browse.clicked.connect(self._ask_folder)
        self.save_settings.clicked.connect(self._save_settings)
        return card

    def _check(self) -> Card:
        card = Card(_("账本核对"))
        self.verify = push_button(_("全面校验"))
        self.export = push_button(_("保存结果…"))
        card.head.addWidget(self.verify)
        card.head.addWidget(self.export)
        self.heads = CodeField()
        self.heads.setPlaceholderText(_("可抄入单据上的校验码，多个用空格隔开"))
        self.heads.setToolTip(_("例如 123-ABCD-0123-4567-89EF"))
        grid = FieldGrid()
        grid.add_field(0, 0, _("单据校验码"), self.heads)
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        self.result = QPlainTextEdit()
        self.result.setReadOnly(True)
        self.result.setTabChangesFocus(True)
        self.result.setAccessibleName(_("核对结果"))
        self.result.setMinimumHeight(scaled(_LEAST_TABLE_HEIGHT))
        card.body.addWidget(self.result, 1)
        words = _("全面校验逐行核对每一笔记录，也核对数据库文件；期间可以继续办理。发现问题即停止结算和支付。")
        hint = WholeLabel("small")
        hint.say(words)
        card.body.addWidget(hint)
        self.verify.clicked.connect(self.check_all)
        self.export.clicked.connect(self.ask_where_to_save)
        return card

    def _offer(self) -> None:
        """Offer what the role may do, and say why not the rest; the ledger asks again."""
        desk = self.desk
        is_server = desk.ledger.is_server
        needs = (
            (self.make, Action.BACK_UP),
            (self.give_back, Action.RESTORE),
            (self.verify, Action.SEE_AUDIT),
            (self.save_settings, Action.CHANGE_OFFICE),
        )
        for button, action in needs:
            words = "" if desk.may(action) else role_may_not(action)
            if is_server and action in (Action.BACK_UP, Action.RESTORE):
                words = sentence(ClerkError("server_backs_up"))
            button.setEnabled(not words)
            button.setToolTip(words)
        self.heads.setEnabled(self.verify.isEnabled())
        for widget in (self.folder, self.count, self.browse):
            widget.setEnabled(self.save_settings.isEnabled())
            widget.setToolTip("" if self.save_settings.isEnabled() else _("备份文件夹由管理员设置。"))

    def refresh(self) -> None:
        """Show the last check, and read the folder again beside the window: it may be on another machine."""
        self.reading.ask(self.keeping.kept, self._show_kept, self._say)
        self.result.setPlainText(self.keeping.report())
        self.export.setEnabled(self.keeping.last is not None)

    def _show_kept(self, found: list[KeptBackup]) -> None:
        self._has_read = True
        self.table.show_lines(found)

    def back_up(self) -> None:
        """Make a backup now, beside the window."""
        if self.make.isEnabled():
            self.notice.say("")
            self.work.begin(_("正在备份并核对…"), self.keeping.back_up, self._backed_up)

    def check_all(self) -> None:
        """Check every row, beside the window."""
        if self.verify.isEnabled():
            heads = tuple(self.heads.text().split())
            self.notice.say("")
            self.work.begin(
                _("正在逐行核对账本…"), lambda progress: self.keeping.check_all(progress, heads), self._checked
            )

    def ask_restore(self) -> None:
        """Say what would be lost, and ask for the password, as soon as the list is read."""
        self.reading.after(self._open_restore)

    def _open_restore(self) -> None:
        kept = self.table.current()
        if not self.give_back.isEnabled():
            return
        if kept is not None:
            self.restore_card.open(kept.backup)
        elif self._has_read:
            self.notice.say(_("还没有备份，没有可以恢复的。"), "note")

    def ask_where_to_save(self) -> None:
        """Ask for a file for the last check's result."""
        if not self.export.isEnabled():
            return
        at = self.keeping.checked_at
        name = f"clerk-app-verify-{at:%Y%m%d-%H%M}.txt" if at else "clerk-app-verify.txt"
        dialog = QFileDialog(self, _("保存核对结果"), str(Path.home()), "Text (*.txt)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.selectFile(name)
        dialog.fileSelected.connect(self.save_result)
        dialog.open()

    def save_result(self, target: str) -> None:
        """Write the last check's result to a file."""
        words = _("已保存：{file}").format(file=target)
        self.work.act(
            _("正在保存…"),
            lambda: self.keeping.save_report(Path(target)),
            lambda _what: self.notice.say(words, "good"),
        )

    def _backed_up(self, written: Written) -> None:
        self.refresh()
        details = {"file": written.backup.path, "count": written.verification.counted["settlements"]}
        self.notice.say(filled(_("已备份并核对：{file}（单据 {count} 张）"), details), "good")

    def _checked(self, found: Verification) -> None:
        self.refresh()
        if found.is_sound:
            self.notice.say(_("全面校验完成，没有发现问题。"), "good")
        else:
            self.notice.say(filled(_("发现 {count} 个问题"), {"count": len(found.findings)}), "refusal")
        self.checked.emit()

    def _restore(self) -> None:
        backup, password = self.restore_card.backup, self.restore_card.password.text()
        if backup is None:
            return
        self.restore_card.password.clear()
        self.notice.say("")
        self.replacing.emit(True)
        self.work.begin(
            _("正在恢复…"),
            lambda progress: self.keeping.restore(backup.path, password, progress),
            self._restored,
        )

    def _restored(self, restored: Restored) -> None:
        self.restore_card.hide()
        self.replacing.emit(False)
        self.restored.emit(restored)

    def _failed(self, error: ClerkError) -> None:
        self.replacing.emit(False)
        self.refresh()
        self._say(error)

    def _say(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")

    def _cancelled(self) -> None:
        self.replacing.emit(False)
        self.notice.say(_("已取消，没有留下文件，账本没有改动。"), "note")

    def _lock(self, is_busy: bool) -> None:
        if not is_busy:
            self._offer()
            return
        for button in (self.make, self.give_back, self.verify, self.save_settings):
            button.setEnabled(False)

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, _("选择备份文件夹"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def _save_settings(self) -> None:
        typed = self.folder.text().strip()
        settings = replace(self.desk.settings, backup_folder=typed, backups_kept=int(str(self.count.value())))
        self.work.act(_("正在保存…"), lambda: self.desk.change_settings(settings), self._settings_saved)

    def _settings_saved(self, _what: object) -> None:
        self.folder.setText(str(self.keeping.folder))
        self.refresh()
        self.notice.say(_("已保存，下一次备份起生效。"), "good")


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1_000_000:,.1f} MB"
