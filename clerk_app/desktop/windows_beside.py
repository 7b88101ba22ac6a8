"""What opens beside the window: papers, year cards, settings, the password, help. All of it closes with the desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from clerk_app.desktop.navigation import CLAIM, PAGES
from clerk_app.wording import _

if TYPE_CHECKING:
    # What these bring is loaded when the first of them is opened.
    from clerk_app.desktop.main_window import MainWindow
    from clerk_app.desktop.voucher_window import VoucherWindow
    from clerk_app.ledger.records import Settlement


class WindowsBeside(QObject):
    """Opens and closes them; while a page of the way in is in front, help alone.

    Args:
        window: It is made before the first paint, and what it opens only when it is furnished.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._vouchers: list[VoucherWindow] = []

    def show_voucher(self, settlement: Settlement) -> None:
        """Show a settlement's papers in a window of their own."""
        self._open_voucher(settlement)

    def print_voucher(self, settlement: Settlement) -> None:
        """Show the papers and begin to print them."""
        window = self._open_voucher(settlement)
        if window is not None:
            window.print_papers()

    def _open_voucher(self, settlement: Settlement) -> VoucherWindow | None:
        if self._window.desk is None or self._window.is_covered:
            return None
        # The PDF writer and reader are loaded for the first paper, not for the first paint.
        from clerk_app.desktop.voucher_window import VoucherWindow

        window = VoucherWindow(self._window.desk, settlement, self._window)
        self._vouchers.append(window)
        window.destroyed.connect(lambda: self._vouchers.remove(window))
        window.show()
        self._window.guide.papers_shown()
        return window

    def save_voucher(self, settlement: Settlement) -> None:
        """Ask for a file and save the paper that the insured person keeps."""
        if self._window.desk is None or self._window.is_covered:
            return
        from clerk_app.counter.voucher_desk import VoucherDesk

        desk_of_vouchers = VoucherDesk(self._window.desk, settlement)
        sheet = desk_of_vouchers.paper_to_keep
        from PySide6.QtWidgets import QFileDialog

        given, _filter = QFileDialog.getSaveFileName(
            self._window, _("保存 PDF"), str(Path.home() / desk_of_vouchers.file_name(sheet)), "PDF (*.pdf)"
        )
        if given:
            self._window.claim.act_beside(
                _("正在保存…"),
                lambda: desk_of_vouchers.save(sheet, Path(given)),
                _("已保存：{file}").format(file=given),
            )

    def preview_papers(self) -> None:
        """Show the papers of what is in hand: the chosen line of a list, or the last settlement."""
        self._window.in_hand.with_record(self.show_voucher)

    def print_papers(self) -> None:
        """The same, and begin to print them."""
        self._window.in_hand.with_record(self.print_voucher)

    def save_papers(self) -> None:
        """Ask for a file and save the paper of what is in hand that the insured person keeps."""
        self._window.in_hand.with_record(self.save_voucher)

    def show_year_card(self) -> None:
        """Show the year of whoever is in hand: the person of the chosen voucher, or of the claim."""
        self._window.in_hand.with_person(self._open_year_card)

    def _open_year_card(self, person_id: int, year: int) -> None:
        if self._window.desk is None or self._window.is_covered:
            return
        from clerk_app.desktop.year_card_window import YearCardWindow

        card = YearCardWindow(self._window.desk, person_id, year, self._window)
        card.voucher_wanted.connect(self._window.find_voucher)
        card.show()

    def change_settings(self) -> None:
        """Change the desk's settings."""
        if self._window.desk is None or self._window.is_covered:
            return
        from clerk_app.desktop.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._window.desk, self._window)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.changed.connect(self._window.use_settings)
        dialog.open()

    def show_help(self) -> None:
        """Show the help of what is in hand."""
        self._open_help(self._topic())

    def show_keys(self) -> None:
        """Show what every key does."""
        self._open_help("keys")

    def _topic(self) -> str:
        if self._window.is_covered:
            return "sign-in"
        page = self._window.navigation.current()
        return "payee" if page == CLAIM and self._window.claim.payee.isVisible() else PAGES[page].help

    def _open_help(self, topic: str) -> None:
        from clerk_app.desktop.help_window import HelpWindow

        there = self._window.findChild(HelpWindow)
        (there or HelpWindow(self._window.settings, self._window)).open(topic)

    def change_password(self) -> None:
        """Let whoever is signed in take another password."""
        if self._window.desk is None or self._window.is_covered:
            return
        from clerk_app.desktop.password_dialog import PasswordDialog

        dialog = PasswordDialog(self._window.desk, self._window)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._window.say(_("密码已修改。"), "good"))
        dialog.open()

    def close_all(self) -> None:
        """Close whatever stands beside the window: papers, cards, dialogs."""
        beside = [each for each in QApplication.topLevelWidgets() if each.isVisible() and self._is_beside(each)]
        for widget in beside:
            widget.close()
        if beside:
            self._window.activateWindow()

    def _is_beside(self, widget: QWidget) -> bool:
        """Whether a window has come out of the program's; Qt itself asks only inside of one window."""
        parent, main = widget.parentWidget(), self._window
        return parent is not None and (parent is main or parent.window() is main or self._is_beside(parent))
