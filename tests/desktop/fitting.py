"""What of a screen cannot be read whole: texts that are cut off, or that lie over one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QTabBar,
    QTableView,
    QWidget,
)

#: Left and right of what is typed, inside a field.
_FIELD_MARGIN = 2
_TEXTS = (QLabel, QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QTabBar, QAbstractItemView)


def misfits(screen: QWidget) -> list[str]:
    """A sentence for everything on a screen that cannot be read whole; none when all of it can."""
    found = [
        f"{_said(widget)}: {words}"
        for widget in screen.findChildren(QWidget)
        if widget.isVisible() and widget.window() is screen
        for kind, ask in _ASK
        if isinstance(widget, kind)
        for words in ask(widget)
    ]
    return [*found, *_overlaps(screen)]


def takes_for_markup(screen: QWidget) -> list[str]:
    """A sentence for every label and tip on a screen that would read a name such as <img …> as more than text."""
    return [
        *(
            f"{_said(label)} guesses markup"
            for label in screen.findChildren(QLabel)
            if label.textFormat() != Qt.TextFormat.PlainText and label.isVisible()
        ),
        *(
            f"{_said(widget)} has markup in its tip {widget.toolTip()!r}"
            for widget in screen.findChildren(QWidget)
            if "<" in widget.toolTip().removeprefix("<p>").removesuffix("</p>")
        ),
    ]


def _said(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    words = str(text()) if callable(text) else widget.accessibleName()
    return f"{type(widget).__name__} {words[:40]!r}"


def _label(label: QLabel) -> Iterator[str]:
    if not label.text():
        return
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        if needed > label.height():
            yield f"needs {needed} in height, has {label.height()}"
        flags = Qt.TextFlag.TextWordWrap.value
        widest = label.fontMetrics().boundingRect(QRect(0, 0, label.width(), 10_000), flags, label.text()).width()
        if widest > label.width():
            yield f"has a word of {widest}, is {label.width()} wide"
    else:
        yield from _whole(label)
    yield from _clipped(label)


def _whole(widget: QWidget) -> Iterator[str]:
    hint = widget.sizeHint()
    if hint.width() > widget.width() or hint.height() > widget.height():
        yield f"needs {hint.width()}×{hint.height()}, has {widget.width()}×{widget.height()}"


def _button(button: QAbstractButton) -> Iterator[str]:
    if button.text():
        yield from _whole(button)
        yield from _clipped(button)


def _clipped(widget: QWidget) -> Iterator[str]:
    """Whether something around it ends before it does; what scrolls can be scrolled."""
    rect, around = widget.rect(), widget
    while around.parentWidget() is not None and not around.isWindow():
        rect.translate(around.pos())
        around = around.parentWidget()
        if isinstance(around.parentWidget(), QAbstractScrollArea):
            return
        if not around.rect().contains(rect):
            yield f"ends outside of the {type(around).__name__} around it"
            return


def _header(header: QHeaderView) -> Iterator[str]:
    if header.orientation() != Qt.Orientation.Horizontal:
        return
    for section in range(header.count()):
        needed, has = header.sectionSizeHint(section), header.sectionSize(section)
        if not header.isSectionHidden(section) and needed > has:
            yield f"the heading {header.model().headerData(section, header.orientation())!r} needs {needed}, has {has}"


def _tabs(tabs: QTabBar) -> Iterator[str]:
    for place in range(tabs.count()):
        needed = tabs.fontMetrics().horizontalAdvance(tabs.tabText(place))
        if (tabs.isTabVisible(place) and needed > tabs.tabRect(place).width()) or tabs.tabRect(
            place
        ).right() > tabs.width():
            yield f"the tab {tabs.tabText(place)!r} needs {needed}, has {tabs.tabRect(place)}"


def _choice(box: QComboBox) -> Iterator[str]:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    field = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    needed = box.fontMetrics().horizontalAdvance(box.currentText())
    if needed > field.width():
        yield f"{box.currentText()!r} needs {needed}, has {field.width()}"


def _placeholder(field: QLineEdit) -> Iterator[str]:
    if field.text() or not field.placeholderText() or isinstance(field.parentWidget(), QAbstractItemView):
        return
    option = QStyleOptionFrame()
    field.initStyleOption(option)
    inside = field.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, field)
    needed = field.fontMetrics().horizontalAdvance(field.placeholderText()) + 2 * _FIELD_MARGIN
    if needed > inside.width():
        yield f"{field.placeholderText()!r} needs {needed}, has {inside.width()}"


def _list(view: QListView) -> Iterator[str]:
    for row in range(view.model().rowCount()):
        index = view.model().index(row, 0)
        needed = max(map(view.fontMetrics().horizontalAdvance, str(index.data()).split("\n")))
        if not view.isRowHidden(row) and needed > view.viewport().width():
            yield f"{index.data()!r} needs {needed}, has {view.viewport().width()}"


def _cells(table: QTableView) -> Iterator[str]:
    """An amount is never cut; words that are can be read as a tip."""
    model = table.model()
    last = table.rowAt(table.viewport().height() - 1)
    for row in range(max(table.rowAt(0), 0), (last if last >= 0 else model.rowCount() - 1) + 1):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            text = index.data()
            if table.isColumnHidden(column) or not text or table.indexWidget(index) is not None:
                continue
            needed, has = table.sizeHintForIndex(index).width(), table.columnWidth(column)
            if needed <= has:
                continue
            side = index.data(Qt.ItemDataRole.TextAlignmentRole)
            if side is not None and Qt.AlignmentFlag.AlignRight in Qt.AlignmentFlag(side):
                yield f"the amount {text!r} needs {needed}, has {has}"
            elif not index.data(Qt.ItemDataRole.ToolTipRole):
                yield f"{text!r} needs {needed}, has {has}, and there is no tip"


def _page(area: QScrollArea) -> Iterator[str]:
    if area.horizontalScrollBar().maximum() > 0:
        yield f"is {area.horizontalScrollBar().maximum()} too wide"


def _overlaps(screen: QWidget) -> Iterator[str]:
    texts = [
        (widget, _seen(widget, screen))
        for widget in screen.findChildren(QWidget)
        if isinstance(widget, _TEXTS) and widget.isVisible() and widget.window() is screen and not _is_part(widget)
    ]
    for (one, first), (other, second) in combinations(texts, 2):
        shared = first.intersected(second)
        if shared.width() > 1 and shared.height() > 1 and not (one.isAncestorOf(other) or other.isAncestorOf(one)):
            yield f"{_said(one)} and {_said(other)} share {shared.width()}×{shared.height()}"


def _seen(widget: QWidget, screen: QWidget) -> QRect:
    """Where it is on the screen, as far as it is not scrolled away."""
    seen, around = QRect(widget.mapTo(screen, QPoint(0, 0)), widget.size()), widget
    while (around := around.parentWidget()) is not None and around is not screen:
        if isinstance(around.parentWidget(), QAbstractScrollArea):
            seen = seen.intersected(QRect(around.mapTo(screen, QPoint(0, 0)), around.size()))
    return seen


def _is_part(widget: QWidget) -> bool:
    """Whether it belongs to a table or a field, which are looked at whole."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QAbstractItemView | QLineEdit | QComboBox | QTabBar):
            return True
        around = around.parentWidget()
    return False


_ASK: tuple[tuple[type[QWidget], Callable[..., Iterator[str]]], ...] = (
    (QLabel, _label),
    (QAbstractButton, _button),
    (QHeaderView, _header),
    (QTabBar, _tabs),
    (QComboBox, _choice),
    (QLineEdit, _placeholder),
    (QListView, _list),
    (QTableView, _cells),
    (QScrollArea, _page),
)
