"""Small pieces that every screen is made of: plain labels, cards, grids of fields with their problems, banners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from clerk_app.desktop.in_sight import SightArea
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.style import scaled
from clerk_app.wording import _

if TYPE_CHECKING:
    from clerk_app.codes import Action
    from clerk_app.counter.reading import Place, Problem


AnyIndex = QModelIndex | QPersistentModelIndex
#: What words of several lines are at least given, in pixels at the usual size of type.
_NARROWEST = 96


def plain_label(text: str = "", name: str = "", *, wraps: bool = False) -> QLabel:
    """A label that shows its text as it is: a patient's name is never markup."""
    if wraps:
        whole = WholeLabel(name)
        whole.setText(text)
        return whole
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if name:
        label.setObjectName(name)
    return label


def role_may_not(action: Action) -> str:
    """What a button says that is not for the role of whoever is signed in."""
    return _("您的角色不能办理“{action}”。").format(action=_(action.term))


class WholeLabel(QLabel):
    """Words of several lines that are never cut: they ask for the height that they take at their width."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if name:
            self.setObjectName(name)

    def say(self, words: str) -> None:
        """Show other words."""
        self.setText(words)

    def setText(self, words: str) -> None:
        """Show other words, whole."""
        if words != self.text():
            super().setText(words)
            self._ask_for_height()

    def sizeHint(self) -> QSize:
        """As high as the words are at the width that they have; Qt would guess a width of its own."""
        hint = super().sizeHint()
        return QSize(hint.width(), self.minimumHeight()) if self.text() else hint

    def minimumSizeHint(self) -> QSize:
        """Words are not broken into a column of single letters beside what is wide."""
        hint = super().minimumSizeHint()
        if not self.text():
            return hint
        in_one_line = self.fontMetrics().horizontalAdvance(self.text())
        # Qt keeps the height of the hint that it gave at another width.
        return QSize(max(hint.width(), min(in_one_line, scaled(_NARROWEST))), self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width takes another height."""
        super().resizeEvent(event)
        self._ask_for_height()

    def _ask_for_height(self) -> None:
        self.setMinimumHeight(0)  # The height for a width is never less than the least height that was set before.
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))


def push_button(text: str, name: str = "") -> QPushButton:
    """A button that only its own press or shortcut sets off."""
    button = QPushButton(text)
    button.setAutoDefault(False)
    if name:
        button.setObjectName(name)
    return button


def page_area(sheet: QWidget) -> SightArea:
    """A page that scrolls where the screen is too low for it, and else shows no sign of it."""
    sheet.setObjectName("sheet")
    area = SightArea()
    area.setObjectName("page")
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(sheet)
    return area


def set_mark(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the stylesheet asks for, and draw the widget anew when it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def fit_height(dialog: QDialog) -> None:
    """Make a dialog as high as its words are when they are wrapped at its width."""
    layout = dialog.layout()
    assert layout is not None, "a dialog has its layout before it is shown"
    layout.activate()
    width = max(dialog.width(), layout.minimumSize().width())
    dialog.resize(width, layout.totalHeightForWidth(width))


def resize_within(dialog: QWidget, width: int, height: int) -> None:
    """Give what stands beside a window its size, as far as that window has it: on a low screen it is all to be seen."""
    parent = dialog.parentWidget()
    room = parent.window().size() if parent is not None else QSize(width, height)
    dialog.resize(min(width, room.width()), min(height, room.height()))


class Card(QFrame):
    """A white block with a title."""

    def hasHeightForWidth(self) -> bool:
        """Its words ask for their height themselves: a card is not kept from being as low as all of it allows."""
        return False

    def sizeHint(self) -> QSize:
        """As high as everything in it asks for at the width that it has."""
        return self.body.sizeHint().grownBy(self.contentsMargins())

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.setObjectName("card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(12, 8, 12, 10)
        self.body.setSpacing(6)
        self.head = QHBoxLayout()
        if title:
            self.head.addWidget(plain_label(title, "cardTitle"))
            self.head.addStretch(1)
            self.body.addLayout(self.head)


class Form(QWidget):
    """Fields through which Enter moves on and Shift+Enter back; on a button that Tab has reached, Enter presses it.

    Boxes to tick and buttons beside a field are passed over.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move on Enter, or press the button in hand; every other key goes its way."""
        if not takes_enter(self, event):
            super().keyPressEvent(event)


def takes_enter(form: QWidget, event: QKeyEvent) -> bool:
    """Let Enter move on in a form, or press the button in hand; whether the key was Enter.

    Held down it goes no further than to a button, and a button that takes something back is pressed by Space alone.
    """
    if event.key() not in ENTER_KEYS:
        return False
    goes_on = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
    focus = form.window().focusWidget()
    if goes_on and isinstance(focus, QPushButton | QToolButton):
        if not event.isAutoRepeat() and focus.objectName() != "danger":
            focus.click()
        return True
    for _step in range(60):
        if not form.focusNextPrevChild(goes_on) or not _is_beside(form.window().focusWidget()):
            break
    return True


def _is_beside(widget: QWidget | None) -> bool:
    """Whether Enter passes over a widget, for it stands beside the fields: a box to tick, a button without a frame."""
    is_quiet = isinstance(widget, QPushButton) and widget.objectName() == "quiet"
    return is_quiet or isinstance(widget, QCheckBox | QToolButton)


class FieldGrid(QGridLayout):
    """Labels and fields in columns, with room under each field for what is wrong with it."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(8)
        self.setVerticalSpacing(4)
        self._places: dict[Place, tuple[QWidget, QLabel]] = {}

    def add_field(
        self, row: int, column: int, label: str, field: QWidget, place: Place | None = None, span: int = 1
    ) -> None:
        """Put a labelled field in; a screen reader hears the label."""
        caption = plain_label(label, "fieldLabel")
        caption.setBuddy(field)
        field.setAccessibleName(label)
        self.addWidget(caption, 2 * row, 2 * column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.addWidget(field, 2 * row, 2 * column + 1, 1, 2 * span - 1)
        if place is not None:
            problem = plain_label("", "problem", wraps=True)
            # Beside a longer one it stays right under its own field.
            problem.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            problem.hide()
            self.addWidget(problem, 2 * row + 1, 2 * column + 1, 1, 2 * span - 1)
            self._places[place] = (field, problem)

    def show_problems(self, problems: Mapping[Place, str]) -> None:
        """Mark the fields that are named and say under each what to do."""
        for place, (field, label) in self._places.items():
            show_problem(field, label, problems.get(place, ""))

    def fields(self) -> list[tuple[Place, QWidget]]:
        """Every field with its place."""
        return [(place, field) for place, (field, _label) in self._places.items()]


def show_problem(field: QWidget, label: QLabel, words: str) -> None:
    """Mark a field as wrong, or as right when there are no words."""
    set_mark(field, "wrong", bool(words))
    field.setAccessibleDescription(words)
    if label.text() != words:
        label.setText(words)
    label.setVisible(bool(words))


def shown_problems(
    problems: Iterable[Problem], in_hand: Place | None, said: Mapping[Place, str] | None = None
) -> dict[Place, str]:
    """The first problem of each place; of the field in hand nothing new is said until it is left.

    Args:
        said: What is on the screen already: it stays while the field is mended.
    """
    found: dict[Place, str] = {}
    for problem in problems:
        if problem.place != in_hand or (said or {}).get(problem.place) == problem.sentence:
            found.setdefault(problem.place, problem.sentence)
    return found


class ColouredCells(QStyledItemDelegate):
    """Cells that keep their own colour when they are selected: a negative amount stays red."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Let the selected text have the colour of the text."""
        super().initStyleOption(option, index)
        text = option.palette.color(QPalette.ColorRole.Text)
        option.palette.setColor(QPalette.ColorRole.HighlightedText, text)


class BannerStrip(QFrame):
    """A sentence across the page, with what can be done about it at its end."""

    shown_or_hidden = Signal()

    def __init__(self, weight: str = "note") -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setProperty("weight", weight)
        self._label = WholeLabel()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 5, 8, 5)
        self._row.setSpacing(8)
        self._row.addWidget(self._label, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def add_button(self, text: str) -> QPushButton:
        """A button at the end."""
        button = push_button(text)
        self._row.addWidget(button)
        return button

    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return self._label.text()

    def say(self, words: str, weight: str | None = None) -> None:
        """Show a sentence, or nothing."""
        if weight is not None:
            set_mark(self, "weight", weight)
            for label in self.findChildren(QLabel):
                label.style().unpolish(label)
                label.style().polish(label)
        if self._label.text() != words:
            self._label.setText(words)
            self.setAccessibleName(words)
        self.setVisible(bool(words))
        self.shown_or_hidden.emit()


class Banners(QWidget):
    """Several strips, one below the other."""

    def __init__(self, most: int = 4) -> None:
        super().__init__()
        self._strips = [BannerStrip() for _place in range(most)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for strip in self._strips:
            column.addWidget(strip)

    def show_all(self, banners: Sequence[tuple[str, str]]) -> None:
        """Show weight and words of each; what does not fit is joined in the last."""
        shown = list(banners[: len(self._strips)])
        rest = banners[len(self._strips) :]
        if rest:
            weight, words = shown[-1]
            shown[-1] = (weight, "\n".join((words, *(words for _weight, words in rest))))
        for place, strip in enumerate(self._strips):
            strip.say(shown[place][1] if place < len(shown) else "", shown[place][0] if place < len(shown) else None)
        self.setVisible(bool(shown))

    def text(self) -> str:
        """Everything that is said."""
        return "\n".join(strip.text() for strip in self._strips if strip.isVisible())
