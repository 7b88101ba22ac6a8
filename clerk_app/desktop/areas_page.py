"""统筹区与参数: which documents are in force where, and the figures that a framework leaves open."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from clerk_app.codes import Action
from clerk_app.counter.areas import area_facts
from clerk_app.counter.desk import Desk
from clerk_app.counter.parameters_desk import CELLS, ParameterRow, ParametersDesk, ParametersSaved
from clerk_app.desktop.colours import colours
from clerk_app.desktop.column_titles import show_whole_titles
from clerk_app.desktop.column_widths import SharedWidths
from clerk_app.desktop.fields import CodeField, TextField, tip
from clerk_app.desktop.hold import Hold
from clerk_app.desktop.pieces import (
    BannerStrip,
    Card,
    ColouredCells,
    FieldGrid,
    plain_label,
    push_button,
)
from clerk_app.desktop.style import scaled
from clerk_app.desktop.time_limits_card import TimeLimitsCard
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.wording import N_, _, listed, sentence

AnyIndex = QModelIndex | QPersistentModelIndex
#: The head, three figures and a bar below, in pixels at the usual size of type.
_TABLE_HEIGHT = 136
_HEAD = (N_("参数"), N_("单位"), N_("文件界限"), N_("依据"))


class ParametersModel(QAbstractTableModel):
    """A line for every open figure, a cell for each person and tier."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[ParameterRow] = []

    def use(self, rows: list[ParameterRow]) -> None:
        """Show and change these."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """One line a parameter."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """What it is, and its cells."""
        return 0 if parent is not None and parent.isValid() else len(_HEAD) + len(CELLS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section < len(_HEAD) else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if section < len(_HEAD):
            return _(_HEAD[section])
        status, tier = CELLS[section - len(_HEAD)]
        return f"{_(status)}·{_(tier)}"

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Figures are typed in, what they are is for reading."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        row = self.rows[index.row()]
        cell = index.column() - len(_HEAD)
        is_open = cell >= 0 and (row.parameter.kind != "fen_by_disease" or cell == 0)
        return flags | Qt.ItemFlag.ItemIsEditable if is_open else flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        row, column = self.rows[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            parameter = row.parameter
            words = (parameter.name, row.kind_words, row.bound_words, parameter.article)
            shown = words[column] if column < len(_HEAD) else row.texts[column - len(_HEAD)]
            return tip(shown) if role == Qt.ItemDataRole.ToolTipRole else shown
        if role == Qt.ItemDataRole.BackgroundRole and column < len(_HEAD):
            return QColor(colours().computed)
        if role == Qt.ItemDataRole.TextAlignmentRole and column >= len(_HEAD):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take over what was typed."""
        if role != Qt.ItemDataRole.EditRole or index.column() < len(_HEAD):
            return False
        self.rows[index.row()].texts[index.column() - len(_HEAD)] = str(value).strip()
        self.dataChanged.emit(index, index)
        return True


class _FigureDelegate(ColouredCells):
    """Figures are typed without an input method; the list of diseases holds codes and amounts too."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: AnyIndex) -> QWidget:
        return CodeField(parent)

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        if isinstance(editor, CodeField):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))

    def setModelData(self, editor: QWidget, model: Any, index: AnyIndex) -> None:
        if isinstance(editor, CodeField):
            model.setData(index, editor.text())


class AreasPage(QWidget):
    """Areas at the left; at the right what holds there and what is still open."""

    policies_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.parameters: ParametersDesk | None = None
        self.areas = QListWidget()
        self.areas.setObjectName("navigation")
        self.areas.setAccessibleName(_("统筹区"))
        self.areas.setFixedWidth(scaled(190))
        self.facts = plain_label("", wraps=True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.title = plain_label("", "cardTitle")
        self.notice = BannerStrip("note")
        self.work = WorkStrip()
        self.work.busy.connect(Hold(self).set_on)
        self.work.failed.connect(self._failed)
        self.problems = plain_label("", "problem", wraps=True)
        self.model = ParametersModel(self)
        self.table = self._table()
        self.area_code, self.area_name = CodeField(), TextField()
        self.save = push_button(_("检查并保存参数"))
        self.time_limits = TimeLimitsCard(desk)
        document = Card()
        document.body.addWidget(self.title)
        document.body.addWidget(self.facts)
        self.open_card = Card(_("统筹区参数"))
        grid = FieldGrid()
        grid.add_field(0, 0, _("统筹区代码"), self.area_code)
        grid.add_field(0, 1, _("统筹区名称"), self.area_name)
        grid.setColumnStretch(3, 1)
        self.open_card.body.addLayout(grid)
        self.open_card.body.addWidget(
            plain_label(
                _(
                    "按本统筹区的正式文件填写。各类人员和等级相同的，只填第一格。"
                    "省级框架下的市州请改成自己的代码和名称后保存。"
                ),
                "small",
                wraps=True,
            )
        )
        self.open_card.body.addWidget(self.table, 1)
        self.open_card.body.addWidget(self.problems)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(self.save)
        self.open_card.body.addLayout(below)
        self._arrange(document)
        self.areas.currentItemChanged.connect(self._area_changed)
        self.save.clicked.connect(self.check_and_save)
        if not desk.may(Action.CHANGE_OFFICE):
            self.save.setEnabled(False)
            self.save.setToolTip(_("参数由管理员填写。"))
        self.setFocusProxy(self.areas)
        self._list_areas(desk.settings.area_code)

    def _arrange(self, document: Card) -> None:
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.notice)
        right.addWidget(self.work)
        right.addWidget(document)
        right.addWidget(self.open_card, 1)
        right.addStretch(0)
        right.addWidget(self.time_limits)
        across = QHBoxLayout()
        across.setSpacing(8)
        across.addWidget(self.areas)
        across.addLayout(right, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 10, 12, 10)
        page.setSpacing(8)
        page.addWidget(plain_label(_("统筹区与参数"), "pageTitle"))
        page.addLayout(across, 1)

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setItemDelegate(_FigureDelegate(table))
        table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setAccessibleName(_("统筹区参数"))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(scaled(30))
        table.setMinimumHeight(scaled(_TABLE_HEIGHT))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        for place in range(len(CELLS)):
            table.setColumnWidth(len(_HEAD) + place, scaled(70))
        table.setWordWrap(False)
        show_whole_titles(table)
        SharedWidths(table, {place: scaled(width) for place, width in enumerate((120, 80, 90, 70))})
        return table

    def show_area(self, area_code: str) -> None:
        """Choose an area."""
        for row in range(self.areas.count()):
            if self.areas.item(row).data(Qt.ItemDataRole.UserRole) == area_code:
                self.areas.setCurrentRow(row)

    def refresh(self) -> None:
        """Show the policies as they are by now; the chosen area stays chosen, and what was typed for it stays."""
        listed = [str(self.areas.item(row).data(Qt.ItemDataRole.UserRole)) for row in range(self.areas.count())]
        item = self.areas.currentItem()
        chosen = str(item.data(Qt.ItemDataRole.UserRole)) if item else ""
        if listed != [code for code, _name in self.desk.areas()]:
            self._list_areas(chosen)
        elif chosen:
            self._show_facts(chosen)

    def _list_areas(self, chosen: str) -> None:
        was_blocked = self.areas.blockSignals(True)
        self.areas.clear()
        for code, name in self.desk.areas():
            item = QListWidgetItem(f"{name}　{code}")
            item.setData(Qt.ItemDataRole.UserRole, code)
            item.setSizeHint(QSize(0, scaled(42)))
            self.areas.addItem(item)
        self.areas.blockSignals(was_blocked)
        self.areas.setCurrentRow(0)
        self.show_area(chosen)

    def _area_changed(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        code = str(item.data(Qt.ItemDataRole.UserRole))
        self.problems.setText("")
        self.title.setText(item.text())
        self._show_facts(code)
        self.parameters = ParametersDesk(self.desk, code)
        self.area_code.setText(code)
        self.area_name.setText(self.parameters.area_name)
        self.model.use(self.parameters.rows)
        self.open_card.setVisible(bool(self.parameters.rows))
        self._show_missing()

    def _show_facts(self, code: str) -> None:
        try:
            self.facts.setText("\n".join(area_facts(self.desk, code)))
            self.notice.say("")
        except ClerkError as error:
            self.facts.setText("")
            self.notice.say(sentence(error), "refusal")

    def _show_missing(self) -> None:
        if self.parameters is None or not self.parameters.rows:
            return
        missing = self.parameters.missing()
        if missing:
            words = _("尚未设置：{names}。设置以前，用到这些参数的票据不计算，也不会猜测。")
            self.notice.say(words.format(names=listed(missing)), "warning")

    def check_and_save(self) -> None:
        """Check what is typed and save it, with whatever cell is still being typed in; all policies are read anew."""
        if self.parameters is None or not self.save.isEnabled():
            return
        self.save.setFocus()
        self.parameters.area_code = self.area_code.text()
        self.parameters.area_name = self.area_name.text()
        self.work.act(_("正在检查并保存…"), self.parameters.check_and_save, self._saved)

    def _saved(self, saved: ParametersSaved) -> None:
        self.problems.setText("\n".join(saved.problems))
        if saved.problems or self.parameters is None:
            self.notice.say(_("参数没有保存，请按表下的提示更正。"), "refusal")
            return
        self._list_areas(self.parameters.area_code)
        self.policies_changed.emit()
        words = _("已检查并保存：{file}").format(file=saved.target)
        if saved.missing:
            words = _("{saved}。仍未设置：{names}。").format(saved=words, names=listed(saved.missing))
        self.notice.say(words, "warning" if saved.missing else "good")

    def _failed(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")
