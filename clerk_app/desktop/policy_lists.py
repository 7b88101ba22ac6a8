"""The left of 政策文件: what is in force, the folder that somebody hands in, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from clerk_app.counter.policies_in_force import PolicyRow
from clerk_app.desktop.empty_list import EmptyWords
from clerk_app.desktop.fields import TextField
from clerk_app.desktop.pieces import Card, plain_label, push_button
from clerk_app.desktop.words_table import Column, WordsModel, words_table
from clerk_app.policy.installation import Proposal
from clerk_app.wording import N_, _

_DOCUMENTS = (
    Column(N_("统筹区"), 130),
    Column(N_("文号"), 165),
    Column(N_("施行"), 90),
    Column(N_("至"), 90),
    Column(N_("已核实至"), 90),
    Column(N_("状态"), 190, shares=True),
    Column(N_("来源"), 110, shares=True),
)
_WAITING = (
    Column(N_("统筹区"), 80, shares=True),
    Column(N_("施行"), 92),
    Column(N_("提交人"), 70, shares=True),
    Column(N_("文号"), 90, shares=True),
)


class DocumentsCard(Card):
    """Every document that the desk computes with."""

    def __init__(self) -> None:
        super().__init__(_("政策文件一览"))
        self.model = WordsModel(_DOCUMENTS, self)
        self.table = words_table(self.model, _DOCUMENTS, _("政策文件一览"), least_rows=5)
        self.body.addWidget(self.table, 1)

    def show_rows(self, rows: Sequence[PolicyRow]) -> None:
        """Show the documents; those that ask for attention stand out."""
        careful = [place for place, row in enumerate(rows) if row.is_careful]
        self.model.show_rows([row.words for row in rows], careful)


class FolderCard(Card):
    """A folder with a document and its examples."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(_("提交新文件"))
        self.folder = TextField()
        self.folder.setAccessibleName(_("文件夹"))
        self.folder.setPlaceholderText(_("放有政策文件和 examples.yaml 的文件夹"))
        self.browse = push_button(_("选择…"))
        self.check = push_button(_("检查并试算"))
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(self.browse)
        self.body.addLayout(row)
        below = QHBoxLayout()
        below.addWidget(plain_label(_("只检查和试算，什么也不保存。"), "small", wraps=True), 1)
        below.addWidget(self.check)
        self.body.addLayout(below)
        self.browse.clicked.connect(self._browse)
        self.check.clicked.connect(self._want)
        self.folder.returnPressed.connect(self._want)

    def _want(self) -> None:
        if self.check.isEnabled():
            self.wanted.emit(self.folder.text())

    def _browse(self) -> None:
        dialog = QFileDialog(self, _("选择政策文件夹"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()


class WaitingCard(Card):
    """What lies ready for a second person; Enter on a line looks at it."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("待装入"))
        self._proposals: list[Proposal] = []
        self._is_locked = False
        self.model = WordsModel(_WAITING, self)
        self.table = words_table(self.model, _WAITING, _("待装入"), least_rows=2)
        EmptyWords(self.table, _("没有待装入的文件。"))
        self.look = push_button(_("核对并试算"))
        self.body.addWidget(self.table, 1)
        below = QHBoxLayout()
        below.addWidget(plain_label(_("由另一人核对后装入。"), "small", wraps=True), 1)
        below.addWidget(self.look)
        self.body.addLayout(below)
        self.look.clicked.connect(self._want)
        self.table.activated.connect(self._activated)

    def show_proposals(self, proposals: Sequence[Proposal], areas: Mapping[str, str]) -> None:
        """Show what waits, the first of it chosen.

        Args:
            areas: Names by code; an area that is new has none yet.
        """
        self._proposals = list(proposals)
        self.model.show_rows(
            [
                (
                    " ".join(filter(None, (areas.get(each.area_code, ""), each.area_code))),
                    each.effective_from.isoformat(),
                    each.proposer,
                    each.document,
                )
                for each in proposals
            ]
        )
        if proposals:
            self.table.selectRow(0)
        self.lock(self._is_locked)

    def lock(self, is_locked: bool) -> None:
        """Let nothing be looked at while something else is."""
        self._is_locked = is_locked
        self.look.setEnabled(bool(self._proposals) and not is_locked)

    def _activated(self, _index: QModelIndex) -> None:
        self._want()

    def _want(self) -> None:
        row = self.table.currentIndex().row()
        if self.look.isEnabled() and 0 <= row < len(self._proposals):
            self.wanted.emit(self._proposals[row])
