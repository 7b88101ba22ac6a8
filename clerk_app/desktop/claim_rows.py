"""Lines that may be repeated: filings, platform figures, conditions, stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from clerk_app.codes import Benefit, FilingCategory
from clerk_app.counter.reading import Place
from clerk_app.desktop.breaking_rows import BreakingRow, together
from clerk_app.desktop.fields import ChoiceBox, CodeField, DateField, MoneyField, TextField
from clerk_app.desktop.finding import FindField, Offer
from clerk_app.desktop.pieces import plain_label, show_problem
from clerk_app.desktop.style import scaled
from clerk_app.wording import N_, _

_STOPS = (ChoiceBox, QLineEdit, QToolButton)

#: Labels of all lines end where the first field begins.
TITLE_WIDTH = 72
#: Without its frame, as the look has it.
_FIELD_HEIGHT = 27
_SPACING = 5


@dataclass(frozen=True, slots=True)
class RowField:
    """One field of a line that may be repeated: the draft's name for it, its label, its kind and its width."""

    key: str
    label: str
    kind: str
    width: int
    choices: tuple[tuple[str, object], ...] = ()


FILING_FIELDS = (
    RowField(
        "category",
        "",
        "choice",
        132,
        ((N_("无备案"), None), *((category.term, category) for category in FilingCategory)),
    ),
    RowField("starts_on", N_("起"), "day", 104),
    RowField("ends_on", N_("止"), "day", 104),
)
PRIOR_FIELDS = (
    RowField("year", N_("年度"), "code", 52),
    RowField(
        "benefit",
        "",
        "choice",
        120,
        tuple((benefit.term, benefit) for benefit in Benefit),
    ),
    RowField("deductible", N_("起付线已付"), "money", 86),
    RowField("fund", N_("统筹已付"), "money", 86),
    RowField("as_of", N_("查询日期"), "day", 96),
)
CONDITION_FIELDS = (
    RowField("disease", N_("病种"), "disease", 132),
    RowField(
        "benefit",
        "",
        "choice",
        120,
        tuple((benefit.term, benefit) for benefit in (Benefit.CHRONIC, Benefit.SPECIAL)),
    ),
    RowField("starts_on", N_("起"), "day", 104),
    RowField("ends_on", N_("止"), "day", 104),
)
STAY_FIELDS = (
    RowField("admitted_on", N_("入院"), "day", 104),
    RowField("discharged_on", N_("出院"), "day", 104),
)


class RowsEditor(QWidget):
    """Lines of one kind below each other: filings, platform figures, conditions, stays."""

    typed = Signal()
    #: The fields are others now.
    rebuilt = Signal()

    def __init__(
        self,
        section: str,
        title: str,
        fields: Sequence[RowField],
        today: Callable[[], date],
        blank: Callable[[], object],
        *,
        least: int = 1,
    ) -> None:
        super().__init__()
        self._section, self._title, self._fields = section, title, tuple(fields)
        self._today, self._blank, self._least = today, blank, least
        #: What a typed disease may mean.
        self.find_diseases: Callable[[str], Sequence[str]] = lambda _text: ()
        self._drafts: list[Any] = []
        self._lines: list[QWidget] = []
        self._widgets: dict[Place, QWidget] = {}
        self._problems: list[QLabel] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def use(self, drafts: list[Any]) -> None:
        """Show and change these lines."""
        self._drafts = drafts
        while len(drafts) < self._least:
            drafts.append(self._blank())
        self._rebuild()

    def add_line(self) -> None:
        """One more line, and go to its first field."""
        self._drafts.append(self._blank())
        self._rebuild()
        self._widgets[Place(self._section, len(self._drafts) - 1, self._fields[0].key)].setFocus()
        self.typed.emit()

    def remove_line(self, row: int) -> None:
        """Take a line out; the last of a kind that always shows one becomes blank."""
        del self._drafts[row]
        while len(self._drafts) < self._least:
            self._drafts.append(self._blank())
        self._rebuild()
        self.typed.emit()

    def fields(self) -> Iterator[tuple[Place, QWidget]]:
        """Every field with its place."""
        yield from self._widgets.items()

    def show_problems(self, problems: Mapping[Place, str]) -> None:
        """Mark fields, and say below each line what is wrong in it."""
        for row, label in enumerate(self._problems):
            words = [problems[place] for place in self._widgets if place.row == row and place in problems]
            for place, widget in self._widgets.items():
                if place.row == row:
                    show_problem(widget, label, problems.get(place, ""))
            label.setText("　".join(words))
            label.setVisible(bool(words))

    def _rebuild(self) -> None:
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines, self._problems = [], []
        self._widgets = {}
        for row, draft in enumerate(self._drafts):
            line = self._line(row, draft)
            self._lines.append(line)
            self._column.addWidget(line)
        self.setVisible(bool(self._drafts))
        self.rebuilt.emit()

    def stops(self) -> list[QWidget]:
        """Everything that the keyboard stops at, in the order of the lines."""
        return [each for line in self._lines for each in line.findChildren(QWidget) if isinstance(each, _STOPS)]

    def _line(self, row: int, draft: object) -> QWidget:
        line = QWidget()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        title = plain_label(self._title if row == 0 else "", "fieldLabel")
        title.setFixedSize(scaled(TITLE_WIDTH), scaled(_FIELD_HEIGHT) + 2)
        pieces: list[QWidget] = []
        for field in self._fields:
            widget = self._field(field, draft)
            widget.setAccessibleName(f"{self._title} {_(field.label)}" if field.label else self._title)
            # A choice is as wide as its longest words, in whichever language they are.
            least = widget.sizeHint().width() if isinstance(widget, ChoiceBox) else 0
            widget.setFixedWidth(max(scaled(field.width), least))
            self._widgets[Place(self._section, row, field.key)] = widget
            label = plain_label(_(field.label), "fieldLabel") if field.label else None
            pieces.append(together(label, widget, spacing=_SPACING) if label is not None else widget)
        pieces.append(self._tool("＋", _("再加一行：{title}").format(title=self._title), self.add_line))
        if row or not self._least:
            words = _("删除这一行：{title}").format(title=self._title)
            pieces.append(self._tool("－", words, partial(self.remove_line, row)))
        across = QHBoxLayout()
        across.setSpacing(_SPACING)
        across.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(BreakingRow(*pieces, spacing=_SPACING), 1)
        column.addLayout(across)
        problem = plain_label("", "problem", wraps=True)
        problem.hide()
        self._problems.append(problem)
        column.addWidget(problem)
        return line

    def _tool(self, sign: str, words: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setText(sign)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(act)
        return button

    def _field(self, field: RowField, draft: object) -> QWidget:
        if field.choices:
            box = ChoiceBox([(_(words), value) for words, value in field.choices])
            box.choose(getattr(draft, field.key))
            box.currentIndexChanged.connect(partial(self._choose, draft, field.key, box))
            return box
        line: QLineEdit
        if field.kind == "day":
            line = DateField(self._today)
        elif field.kind == "money":
            line = MoneyField()
        elif field.kind == "code":
            line = CodeField()
        elif field.kind == "disease":
            line = FindField(lambda text: [Offer(disease, disease) for disease in self.find_diseases(text)])
        else:
            line = TextField()
        line.setText(getattr(draft, field.key))
        line.textEdited.connect(partial(self._set, draft, field.key))
        return line

    def _set(self, draft: object, key: str, text: str) -> None:
        setattr(draft, key, text)
        self.typed.emit()

    def _choose(self, draft: object, key: str, box: ChoiceBox, _index: int) -> None:
        setattr(draft, key, box.value())
        self.typed.emit()
