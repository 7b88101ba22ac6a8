"""The look of every screen: a palette, a type scale and a stylesheet over the table of colours."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from clerk_app.desktop.colours import DARK, LIGHT, Colours
from clerk_app.paths import resources

_BASE_PIXELS = 14
#: The usual size of type, in percent.
_BASE_SCALE = 100


def pixels(size: float, font_scale: int) -> int:
    """A length that grows with the type."""
    return round(size * font_scale / 100)


def scaled(size: float) -> int:
    """A length beside type that ``apply_style`` has set to a size."""
    return round(size * QApplication.font().pixelSize() / _BASE_PIXELS)


def apply_style(application: QApplication, font_scale: int = 100, colours: Colours = LIGHT) -> None:
    """Give the application its palette, its size of type and its stylesheet."""
    application.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, colours.ground),
        (QPalette.ColorRole.Base, colours.card),
        (QPalette.ColorRole.AlternateBase, colours.computed),
        (QPalette.ColorRole.Text, colours.text),
        (QPalette.ColorRole.WindowText, colours.text),
        (QPalette.ColorRole.ButtonText, colours.text),
        (QPalette.ColorRole.Button, colours.card),
        (QPalette.ColorRole.Highlight, colours.accent),
        (QPalette.ColorRole.HighlightedText, colours.on_accent),
        (QPalette.ColorRole.PlaceholderText, colours.hint),
        (QPalette.ColorRole.ToolTipBase, colours.card),
        (QPalette.ColorRole.ToolTipText, colours.text),
        (QPalette.ColorRole.Link, colours.accent),
        (QPalette.ColorRole.LinkVisited, colours.accent),
        (QPalette.ColorRole.Light, colours.line),
        (QPalette.ColorRole.Mid, colours.field_line),
        (QPalette.ColorRole.Dark, colours.hint),
    ):
        palette.setColor(role, QColor(colour))
    application.setPalette(palette)
    font = application.font()
    font.setPixelSize(pixels(_BASE_PIXELS, font_scale))
    application.setFont(font)
    application.setStyleSheet(_sheet(font_scale, colours))


def _sheet(scale: int, c: Colours) -> str:
    icons = resources() / "icons"
    ending = "-dark.png" if c == DARK else ".png"
    # A picture is drawn smaller than it is, but never larger.
    chevron = "chevron-down" if scale <= _BASE_SCALE else "chevron-down-large"
    arrow, tick = ((icons / f"{name}{ending}").as_posix() for name in (chevron, "check"))

    def px(size: float) -> str:
        return f"{pixels(size, scale)}px"

    return f"""
QMainWindow, QDialog, QStackedWidget, QScrollArea#page, QWidget#sheet {{ background: {c.ground}; }}
QWidget#card {{ background: {c.card}; border: 1px solid {c.line}; border-radius: 6px; }}
QLabel {{ background: transparent; }}
QLabel#practiceBand {{ color: {c.careful}; background: {c.careful_pale}; font-size: {px(13)}; font-weight: 600;
    padding: {px(3)} {px(12)}; }}
QLabel#cardTitle {{ color: {c.text}; font-size: {px(14)}; font-weight: 600; }}
QLabel#fieldLabel {{ color: {c.muted}; font-size: {px(13)}; }}
QLabel#muted {{ color: {c.muted}; font-size: {px(13)}; }}
QLabel#muted[wrong="true"] {{ color: {c.bad}; }}
QLabel#small {{ color: {c.muted}; font-size: {px(12)}; }}
QLabel#step {{ font-size: {px(13)}; }}
QLabel#problem {{ color: {c.bad}; font-size: {px(12)}; }}
QLabel#pageTitle {{ font-size: {px(18)}; font-weight: 600; }}
QLabel#bigAmount {{ font-size: {px(30)}; font-weight: 600; color: {c.text}; }}
QLabel#amount {{ font-size: {px(14)}; }}
QLabel#badge {{ border-radius: 4px; padding: 3px 10px; font-weight: 600; color: {c.muted};
    background: {c.faint}; }}
QLabel#badge[decision="pay"] {{ color: {c.good}; background: {c.good_pale}; }}
QLabel#badge[decision="review"] {{ color: {c.careful}; background: {c.careful_pale}; }}
QLabel#badge[decision="refuse"] {{ color: {c.bad}; background: {c.bad_pale}; }}
QFrame#banner {{ border-radius: 4px; border: none; background: {c.accent_pale}; }}
QFrame#banner QLabel {{ font-size: {px(13)}; color: {c.accent_strong}; }}
QFrame#banner[weight="warning"] {{ background: {c.careful_pale}; }}
QFrame#banner[weight="warning"] QLabel {{ color: {c.careful}; }}
QFrame#banner[weight="refusal"] {{ background: {c.bad_pale}; }}
QFrame#banner[weight="refusal"] QLabel {{ color: {c.bad}; }}
QFrame#banner[weight="good"] {{ background: {c.good_pale}; }}
QFrame#banner[weight="good"] QLabel {{ color: {c.good}; }}
QLineEdit, QComboBox, QSpinBox, QPlainTextEdit {{ background: {c.card}; border: 1px solid {c.field_line};
    border-radius: 4px; padding: 0 {px(7)}; min-height: {px(27)}; color: {c.text};
    selection-background-color: {c.accent}; selection-color: {c.on_accent}; placeholder-text-color: {c.hint}; }}
QLineEdit:read-only {{ background: {c.ground}; border-color: {c.line}; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QPlainTextEdit:focus {{ border: 1px solid {c.accent};
    background: {c.card}; }}
QLineEdit[wrong="true"], QComboBox[wrong="true"] {{ border: 1px solid {c.bad}; background: {c.bad_pale}; }}
QLineEdit[wrong="true"]:focus, QComboBox[wrong="true"]:focus {{ border: 2px solid {c.bad}; background: {c.card};
    padding: 0 {px(6)}; }}
QScrollArea#paper:focus {{ border: 1px solid {c.accent}; }}
QLineEdit:disabled, QComboBox:disabled {{ background: {c.ground}; color: {c.hint}; border-color: {c.line}; }}
QComboBox::drop-down {{ border: none; width: {px(20)}; }}
QComboBox::down-arrow {{ image: url({arrow}); width: {px(10)}; height: {px(6)}; }}
QComboBox QAbstractItemView {{ background: {c.card}; border: 1px solid {c.field_line}; outline: none;
    selection-background-color: {c.accent_pale}; selection-color: {c.text}; }}
QPushButton {{ background: {c.card}; border: 1px solid {c.field_line}; border-radius: 4px; color: {c.text};
    padding: 0 {px(14)}; min-height: {px(29)}; }}
QPushButton:hover {{ background: {c.accent_pale}; border-color: {c.accent}; }}
QPushButton:focus {{ border: 2px solid {c.accent}; }}
QPushButton:disabled {{ color: {c.hint}; background: {c.ground}; border-color: {c.line}; }}
QToolButton {{ background: {c.card}; border: 1px solid {c.field_line}; border-radius: 4px; color: {c.text}; }}
QToolButton:hover {{ background: {c.accent_pale}; border-color: {c.accent}; }}
QToolButton:focus {{ border: 2px solid {c.accent}; }}
QToolButton:disabled {{ color: {c.hint}; background: {c.ground}; border-color: {c.line}; }}
QLineEdit QToolButton {{ background: transparent; border: none; }}
QPushButton#primary {{ background: {c.accent}; color: {c.on_accent}; border: 1px solid {c.accent_strong};
    font-weight: 600; font-size: {px(15)}; min-height: {px(38)}; }}
QPushButton#primary:hover {{ background: {c.accent_strong}; }}
QPushButton#primary:focus {{ border: 2px solid {c.text}; }}
QPushButton#primary:disabled {{ background: {c.faint}; color: {c.hint}; border-color: {c.line}; }}
QPushButton#danger {{ color: {c.bad}; border-color: {c.bad}; }}
QPushButton#danger:disabled {{ color: {c.hint}; border-color: {c.line}; }}
QLabel#badge[decision="supposed"] {{ color: {c.accent_strong}; background: {c.accent_pale}; }}
QPushButton#switch {{ border: 1px solid transparent; background: transparent; color: {c.muted}; text-align: left;
    padding: 0 {px(6)}; min-height: {px(20)}; font-size: {px(12)}; }}
QPushButton#switch:hover {{ color: {c.accent_strong}; background: {c.accent_pale}; }}
QPushButton#switch:checked {{ color: {c.accent_strong}; background: {c.accent_pale}; border-color: {c.accent}; }}
QPushButton#switch:focus {{ border: 1px solid {c.accent}; }}
QPushButton#quiet {{ border: none; background: transparent; color: {c.accent}; padding: 0 {px(6)};
    min-height: {px(24)}; font-size: {px(13)}; }}
QPushButton#quiet:hover {{ color: {c.accent_strong}; background: {c.accent_pale}; }}
QPushButton#quiet:focus {{ border: 1px solid {c.accent}; }}
QPushButton#quiet:disabled {{ color: {c.hint}; }}
QToolButton#payee {{ background: {c.card}; border: 1px solid {c.line}; border-radius: 4px; padding: 0 {px(7)};
    min-height: {px(27)}; color: {c.text}; text-align: left; }}
QToolButton#payee:hover {{ background: {c.accent_pale}; }}
QToolButton#payee:focus {{ border: 1px solid {c.accent}; }}
QToolButton#payee[wrong="true"] {{ border: 1px solid {c.bad}; background: {c.bad_pale}; }}
QFrame#counts {{ background: {c.card}; border: none; border-right: 1px solid {c.line};
    border-top: 1px solid {c.faint_line}; }}
QPushButton#count {{ border: none; background: transparent; color: {c.text}; text-align: left;
    padding: 0 {px(11)}; min-height: {px(27)}; font-size: {px(13)}; }}
QPushButton#count[none="true"] {{ color: {c.hint}; }}
QPushButton#count[wrong="true"] {{ color: {c.bad}; font-weight: 600; }}
QPushButton#count:hover {{ background: {c.accent_pale}; color: {c.accent_strong}; }}
QPushButton#count:focus {{ border: 1px solid {c.accent}; }}
QCheckBox {{ spacing: {px(5)}; font-size: {px(13)}; }}
QCheckBox:focus {{ color: {c.accent}; }}
QCheckBox:disabled {{ color: {c.hint}; }}
QCheckBox::indicator {{ width: {px(14)}; height: {px(14)}; border: 1px solid {c.hint}; border-radius: 3px;
    background: {c.card}; }}
QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; image: url({tick}); }}
QTableView::indicator {{ width: {px(14)}; height: {px(14)}; border: 1px solid {c.hint}; border-radius: 3px;
    background: {c.card}; }}
QTableView::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; image: url({tick}); }}
QCheckBox::indicator:focus {{ border-color: {c.accent}; }}
QCheckBox::indicator:disabled {{ background: {c.ground}; border-color: {c.line}; }}
QCheckBox::indicator:checked:disabled {{ background: {c.hint}; }}
QListView#offers {{ background: {c.card}; border: 1px solid {c.accent}; border-radius: 4px; outline: none;
    selection-background-color: {c.accent_pale}; selection-color: {c.text}; }}
QListView#offers::item {{ padding: 0 {px(8)}; min-height: {px(26)}; }}
QListView#offers::item:selected {{ background: {c.accent_pale}; color: {c.text}; }}
QListView#navigation {{ background: {c.card}; border: none; border-right: 1px solid {c.line};
    outline: none; padding-top: {px(8)}; }}
QListView#navigation::item {{ padding: {px(11)} {px(12)}; border-left: 3px solid transparent; color: {c.muted}; }}
QListView#navigation::item:selected {{ background: {c.accent_pale}; color: {c.accent_strong};
    border-left: 3px solid {c.accent}; }}
QListView#navigation::item:hover:!selected {{ background: {c.ground}; }}
QTableView {{ background: {c.card}; border: 1px solid {c.line}; border-radius: 4px;
    gridline-color: {c.faint_line}; selection-background-color: {c.accent_pale};
    outline: none; }}
QTableView::item {{ padding: 0 {px(6)}; }}
QTableView QLineEdit, QTableView QComboBox {{ border: 2px solid {c.accent}; border-radius: 0; padding: 0 {px(4)};
    min-height: 0; background: {c.card}; }}
QHeaderView {{ background: {c.computed}; border: none; }}
QHeaderView::section {{ background: {c.computed}; color: {c.muted}; border: none;
    border-right: 1px solid {c.faint_line}; border-bottom: 1px solid {c.line}; padding: {px(3)} {px(6)};
    font-size: {px(13)}; }}
QTableCornerButton::section {{ background: {c.computed}; border: none; }}
QMenuBar {{ background: {c.card}; border-bottom: 1px solid {c.line}; }}
QMenuBar::item {{ padding: {px(5)} {px(10)}; background: transparent; }}
QMenuBar::item:selected {{ background: {c.accent_pale}; }}
QMenu {{ background: {c.card}; border: 1px solid {c.field_line}; }}
QMenu::item {{ padding: {px(5)} {px(24)}; }}
QMenu::item:selected {{ background: {c.accent_pale}; color: {c.text}; }}
QStatusBar {{ background: {c.card}; border-top: 1px solid {c.line}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {c.muted}; font-size: {px(12)}; padding: 0 {px(6)}; }}
QTabBar {{ background: transparent; }}
QTabBar::tab {{ background: transparent; color: {c.muted}; border: none; border-bottom: 2px solid transparent;
    padding: {px(5)} {px(12)}; }}
QTabBar::tab:selected {{ color: {c.accent_strong}; border-bottom: 2px solid {c.accent}; }}
QTabBar::tab:hover:!selected {{ color: {c.text}; }}
QTabBar::tab:focus {{ color: {c.accent}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {c.line}; }}
QProgressBar {{ border: 1px solid {c.line}; border-radius: 4px; background: {c.ground}; text-align: center;
    min-height: {px(20)}; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
QToolTip {{ background: {c.card}; color: {c.text}; border: 1px solid {c.field_line}; padding: 4px; }}
QScrollArea {{ border: none; background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: {px(10)}; }}
QScrollBar:horizontal {{ background: transparent; height: {px(10)}; }}
QScrollBar::handle {{ background: {c.field_line}; border-radius: {px(4)}; min-height: {px(24)};
    min-width: {px(24)}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
"""
