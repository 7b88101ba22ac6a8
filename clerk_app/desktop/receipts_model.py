"""The receipts of a claim as a table: what is typed, and beside it what it pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from clerk_app.codes import Decision, InstitutionKind, Tier
from clerk_app.counter.claim_entry import Preview
from clerk_app.counter.draft import INSTITUTION, ClaimDraft, ReceiptDraft, new_draft
from clerk_app.counter.known_places import fill_in
from clerk_app.counter.pasted import Pasted, put_lines
from clerk_app.counter.reading import Place
from clerk_app.counter.typed import outpatient_benefits, parse_tier, tidy_amount, tidy_day
from clerk_app.desktop.colours import colours
from clerk_app.desktop.fields import tip
from clerk_app.errors import ClerkError
from clerk_app.money import format_yuan
from clerk_app.receipts.claim import Institution
from clerk_app.wording import N_, _

AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        key: The field of the line's draft; a computed column has none of that name.
        kind: ``code``, ``text``, ``hospital``, ``disease``, ``day``, ``money``, ``tier``, ``benefit``, ``kind``,
            ``exclusion``, ``flag`` or ``computed``.
        is_extra: Shown on demand.
    """

    key: str
    title: str
    kind: str
    width: int
    is_extra: bool = False


COLUMNS = (
    Column("bill_code", N_("票据代码"), "code", 74),
    Column("number", N_("票据号码"), "code", 104),
    Column("visited_on", N_("就诊日期"), "day", 144),
    Column("hospital", N_("医疗机构"), "hospital", 180),
    Column("tier", N_("等级"), "tier", 58),
    Column("benefit", N_("待遇"), "benefit", 84),
    Column("total", N_("总额"), "money", 88),
    Column("self_funded", N_("全自费"), "money", 84),
    Column("over_limit", N_("超限价"), "money", 84),
    Column("paid_first", N_("先行自付"), "money", 84),
    Column("fund", N_("统筹支付"), "computed", 88),
    Column("decision", N_("结论"), "computed", 86),
    Column("networked", N_("联网机构"), "flag", 74, is_extra=True),
    Column("designated", N_("定点"), "flag", 84, is_extra=True),
    Column("hospital_code", N_("机构编码"), "code", 118, is_extra=True),
    Column("kind", N_("机构类别"), "kind", 82, is_extra=True),
    Column("disease", N_("病种"), "disease", 90, is_extra=True),
    Column("visit_label", N_("同次就诊"), "text", 80, is_extra=True),
    Column("printed_fund", N_("票面统筹支付"), "money", 104, is_extra=True),
    Column("exclusion", N_("不予支付情形"), "exclusion", 130, is_extra=True),
)
COLUMN_OF = {column.key: place for place, column in enumerate(COLUMNS)}

_TIER_ORDER = (Tier.THREE, Tier.TWO, Tier.ONE, Tier.NONE)


def choices_of(kind: str, exclusions: tuple[tuple[str, str], ...]) -> list[tuple[str, object]]:
    """What a cell of a kind offers: words on screen and the text they stand for."""
    if kind == "tier":
        return [("", ""), *((f"{tier.value} {_(tier.term)}", tier.term) for tier in _TIER_ORDER)]
    if kind == "benefit":
        return [
            (f"{place} {_(benefit.term)}", benefit.term) for place, benefit in enumerate(outpatient_benefits(), start=1)
        ]
    if kind == "kind":
        return [(f"{place} {_(word)}", word) for place, word in enumerate(InstitutionKind.terms(), start=1)]
    return [("", ""), *((f"{code} {words}", code) for code, words in exclusions)]


class ReceiptsModel(QAbstractTableModel):
    """Lines over a draft. Only what was computed is announced as changed while a cell is being typed in."""

    #: A cell was typed in or ticked.
    typed = Signal()
    #: A cell was left with what it holds: row and key.
    finished = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.draft: ClaimDraft = new_draft(date.min)
        self.preview: Preview | None = None
        self.exclusions: tuple[tuple[str, str], ...] = ()
        self._problems: dict[Place, str] = {}
        self.today = date.min

    def use(self, draft: ClaimDraft, today: date) -> None:
        """Show another draft."""
        self.beginResetModel()
        self.draft, self.today = draft, today
        self.preview = None
        self._problems = {}
        draft.row_to_type_in()
        self.endResetModel()

    def show_result(self, preview: Preview, problems: dict[Place, str]) -> None:
        """Show what the lines pay, and what is wrong with which cell."""
        self.preview, self._problems = preview, problems
        last = self.rowCount() - 1
        if last < 0:
            return
        colours = [Qt.ItemDataRole.BackgroundRole, Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.DisplayRole]
        # Left of the computed columns a change would set the open editor back, so only their colours change.
        self.dataChanged.emit(self.index(0, COLUMN_OF["fund"]), self.index(last, COLUMN_OF["decision"]), colours)

    def type_text(self, row: int, key: str, text: str) -> None:
        """Take over a keystroke."""
        receipt = self.draft.receipts[row]
        was_blank = receipt.is_blank
        setattr(receipt, key, text)
        receipt.copied.discard(key)
        if was_blank and not receipt.is_blank:
            self.draft.copy_from_above(row)
            self._announce_row(row, key)
        self._grow()
        self.typed.emit()

    def put(self, row: int, key: str, value: str) -> None:
        """Set a cell from outside its editor."""
        self.type_text(row, key, value)
        place = self.index(row, COLUMN_OF[key])
        self.dataChanged.emit(place, place)
        self.finished.emit(row, key)

    def put_institution(self, row: int, institution: Institution) -> None:
        """Write an institution that is known into a line, tier and code with it."""
        fill_in(self.receipt(row), institution)
        self._announce_row(row, "")
        self._grow()
        self.typed.emit()

    def put_table(self, row: int, pasted: Pasted) -> None:
        """Write the lines of a pasted table into the draft, from a line on."""
        self.beginResetModel()
        put_lines(self.draft, row, pasted)
        for receipt in self.draft.receipts[row:]:
            for column in COLUMNS:
                if column.kind in ("money", "day"):
                    setattr(receipt, column.key, self._tidy(column, getattr(receipt, column.key)))
        self.endResetModel()
        self.typed.emit()

    def show_parts(self, row: int) -> None:
        """The fees have changed what a line says of its parts."""
        first, last = self.index(row, COLUMN_OF["self_funded"]), self.index(row, COLUMN_OF["paid_first"])
        self.dataChanged.emit(first, last)

    def copy_institution(self, row: int) -> None:
        """Write the institution of the line above into a line."""
        above, here = self.receipt(row - 1), self.receipt(row)
        for name in INSTITUTION:
            setattr(here, name, getattr(above, name))
            here.copied.add(name)
        self._announce_row(row, "")
        self.typed.emit()

    def remove_line(self, row: int) -> None:
        """Take a line out."""
        if not 0 <= row < len(self.draft.receipts):
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self.draft.receipts[row]
        self.endRemoveRows()
        self._grow()
        self.typed.emit()

    def receipt(self, row: int) -> ReceiptDraft:
        """The line's draft."""
        return self.draft.receipts[row]

    def is_blank(self, row: int) -> bool:
        """Whether nothing was typed that belongs to this paper alone."""
        return self.receipt(row).is_blank

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """One line a receipt, and a blank one to type in."""
        return 0 if parent is not None and parent.isValid() else len(self.draft.receipts)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """The columns of the paper, and what is computed."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles above, numbers at the side."""
        if role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section].title) if orientation == Qt.Orientation.Horizontal else str(section + 1)
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            is_right = COLUMNS[section].kind == "money" or COLUMNS[section].key == "fund"
            side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Computed cells are for reading."""
        kind = COLUMNS[index.column()].kind
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if kind == "flag":
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags if kind == "computed" else flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, holds and means."""
        column, row = COLUMNS[index.column()], index.row()
        receipt = self.draft.receipts[row]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(column, row, receipt)
        if role == Qt.ItemDataRole.EditRole and column.kind not in ("computed", "flag"):
            return getattr(receipt, column.key)
        if role == Qt.ItemDataRole.CheckStateRole and column.kind == "flag":
            return Qt.CheckState.Checked if getattr(receipt, column.key) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_right = column.kind == "money" or column.key == "fund"
            return (Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft) | (
                Qt.AlignmentFlag.AlignVCenter
            )
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self._problems.get(Place("receipt", row, column.key))
        if role == Qt.ItemDataRole.ToolTipRole:
            typed = getattr(receipt, column.key) if column.kind in ("text", "hospital", "disease") else ""
            return tip(self._problems.get(Place("receipt", row, column.key), typed)) or None
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._background(column, row)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._foreground(column, row, receipt)
        return None

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take over what an editor was left with, or a tick."""
        column, row = COLUMNS[index.column()], index.row()
        receipt = self.draft.receipts[row]
        if role == Qt.ItemDataRole.CheckStateRole and column.kind == "flag":
            setattr(receipt, column.key, Qt.CheckState(value) == Qt.CheckState.Checked)
            receipt.copied.discard(column.key)
        elif role == Qt.ItemDataRole.EditRole:
            text = self._tidy(column, str(value))
            if text == getattr(receipt, column.key):
                self.finished.emit(row, column.key)
                return True
            setattr(receipt, column.key, text)
            self._grow()
        else:
            return False
        self.dataChanged.emit(index, index)
        self.typed.emit()
        self.finished.emit(row, column.key)
        return True

    def _tidy(self, column: Column, text: str) -> str:
        if column.kind == "money":
            return tidy_amount(text)
        if column.kind == "day":
            return tidy_day(text, self.today, is_past=True)
        return text.strip()

    def _grow(self) -> None:
        """Keep one blank line at the end."""
        if self.draft.receipts and self.draft.receipts[-1].is_blank:
            return
        last = len(self.draft.receipts)
        self.beginInsertRows(QModelIndex(), last, last)
        self.draft.row_to_type_in()
        self.endInsertRows()

    def _announce_row(self, row: int, but: str) -> None:
        for place, column in enumerate(COLUMNS):
            if column.key != but:
                self.dataChanged.emit(self.index(row, place), self.index(row, place))

    def _shown(self, column: Column, row: int, receipt: ReceiptDraft) -> str | None:
        if column.kind == "flag":
            return None
        if column.key == "tier":
            try:
                tier = parse_tier(receipt.tier)
            except ClerkError:
                return receipt.tier
            return _(tier.term) if tier is not None else ""
        if column.key == "benefit" and not receipt.benefit and not receipt.is_blank:
            return _(outpatient_benefits()[0].term)
        if column.kind != "computed":
            text: str = getattr(receipt, column.key)
            if column.kind == "money":
                return tidy_amount(text)
            return _(text) if text and column.kind in ("benefit", "kind") else text
        adjudication = self.preview.rows[row] if self.preview and row < len(self.preview.rows) else None
        if adjudication is None:
            is_waiting = self.preview is not None and row in self.preview.waiting
            return _("待填") if column.key == "decision" and is_waiting else ""
        if column.key == "fund":
            return format_yuan(adjudication.fund_fen, separators=True)
        return _(adjudication.decision.term)

    def _background(self, column: Column, row: int) -> QColor | None:
        if Place("receipt", row, column.key) in self._problems:
            return QColor(colours().bad_pale)
        return QColor(colours().computed) if column.kind == "computed" else None

    def _foreground(self, column: Column, row: int, receipt: ReceiptDraft) -> QColor | None:
        if Place("receipt", row, column.key) in self._problems:
            return QColor(colours().bad)
        if column.kind == "computed":
            adjudication = self.preview.rows[row] if self.preview and row < len(self.preview.rows) else None
            if adjudication is None:
                return QColor(colours().hint)
            if column.key == "decision":
                return QColor(_decision_colour(adjudication.decision))
            return None
        if column.key in receipt.copied or (column.key == "benefit" and not receipt.benefit):
            return QColor(colours().muted)
        is_negative = column.kind == "money" and str(getattr(receipt, column.key)).startswith("-")
        return QColor(colours().bad) if is_negative else None


def _decision_colour(decision: Decision) -> str:
    shown = colours()
    return {Decision.PAY: shown.good, Decision.REVIEW: shown.careful, Decision.REFUSE: shown.bad}[decision]
