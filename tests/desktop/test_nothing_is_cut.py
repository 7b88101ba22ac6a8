"""Every screen in both languages, on the smallest and on a usual display: all of it can be read, and as typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop.application import add_rare_font
from clerk_app.desktop.fields import tip
from clerk_app.desktop.lists import Column, LinesTable
from clerk_app.desktop.pieces import plain_label
from clerk_app.desktop.style import apply_style
from clerk_app.wording import use_language
from tests.desktop.fitting import misfits, takes_for_markup
from tests.desktop.tour import Tour, busy_office, settle_down

#: What a display leaves to a window: its lowest lines are the system's.
DISPLAYS = SMALL, USUAL = ((1366, 740), (1920, 1050))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, dressed: QApplication) -> Iterator[Desk]:
    assert dressed.font().pixelSize() == 14
    add_rare_font()
    desk = busy_office(tmp_path_factory.mktemp("office"))
    yield desk
    desk.close()


@pytest.fixture
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    use_language(request.param)
    yield request.param
    use_language("zh_CN")


@pytest.mark.parametrize("language", ["zh_CN", "en"], indirect=True)
@pytest.mark.parametrize("display", DISPLAYS, ids=["1366x768", "1920x1080"])
def test_no_text_is_cut_or_covered_on_any_screen(office: Desk, language: str, display: tuple[int, int]) -> None:
    assert found_in(Tour(office, *display), display) == [], language


@pytest.fixture
def type_size(request: pytest.FixtureRequest, dressed: QApplication) -> Iterator[int]:
    """One of the desk's own sizes of type, in percent."""
    apply_style(dressed, request.param)
    yield request.param
    apply_style(dressed)


@pytest.mark.parametrize(
    ("language", "display", "type_size"),
    [
        pytest.param("zh_CN", SMALL, 150, id="1366x768-zh_CN-150"),
        pytest.param("zh_CN", SMALL, 200, id="1366x768-zh_CN-200"),
        pytest.param("en", SMALL, 200, id="1366x768-en-200"),
        pytest.param("zh_CN", USUAL, 150, id="1920x1080-zh_CN-150"),
        pytest.param("zh_CN", USUAL, 200, id="1920x1080-zh_CN-200"),
    ],
    indirect=["language", "type_size"],
)
def test_no_text_is_cut_or_covered_in_large_type_and_no_page_scrolls_sideways(
    office: Desk, language: str, display: tuple[int, int], type_size: int
) -> None:
    assert found_in(Tour(office, *display, type_size), display) == [], language


def found_in(tour: Tour, display: tuple[int, int]) -> list[str]:
    """Everything that cannot be read, with the first screen on which it stands."""
    found: dict[str, str] = {}
    seen = 0
    try:
        for name, screen in tour.screens():
            seen += 1
            for words in (*misfits(screen), *takes_for_markup(screen)):
                found.setdefault(words, name)
            if screen.width() > display[0] or screen.height() > display[1]:
                found[f"is {screen.width()}×{screen.height()}"] = name
    finally:
        tour.close()
    assert seen > 50
    return [f"{name}: {words}" for words, name in found.items()]


class Sheet(QWidget):
    """A window to put wrong things into."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.resize(400, 300)


@pytest.fixture
def sheet(qtbot: QtBot, dressed: QApplication) -> Sheet:
    made = Sheet()
    qtbot.addWidget(made)
    made.show()
    assert dressed.topLevelAt is not None
    return made


def found_on(sheet: Sheet) -> str:
    settle_down()
    return "\n".join(misfits(sheet))


def test_what_fits_is_not_complained_about(sheet: Sheet) -> None:
    for widget in (QLabel("姓名"), QPushButton("结算  F9"), QCheckBox("收据"), QLineEdit("1,286.40")):
        sheet.column.addWidget(widget)
    assert found_on(sheet) == ""


def test_a_label_and_a_button_that_are_too_narrow_are_found(sheet: Sheet) -> None:
    for widget in (QLabel("示例市向阳街道社区卫生服务中心"), QPushButton("登记不予支付  F9")):
        widget.setFixedWidth(60)
        sheet.column.addWidget(widget)
    assert found_on(sheet).count("needs") == 2


def test_wrapped_words_that_are_too_high_for_their_place_are_found(sheet: Sheet) -> None:
    label = QLabel("复核没有通过。请冲正，票据可以重新受理。" * 6)
    label.setWordWrap(True)
    label.setFixedHeight(20)
    sheet.column.addWidget(label)
    assert "in height" in found_on(sheet)


def test_a_hint_that_its_field_cuts_is_found(sheet: Sheet) -> None:
    field = QLineEdit()
    field.setPlaceholderText("退回时写明原因，例如：票据日期与病历不符")
    field.setFixedWidth(80)
    sheet.column.addWidget(field)
    assert "QLineEdit" in found_on(sheet)


def test_what_ends_outside_of_what_holds_it_is_found(sheet: Sheet) -> None:
    box = QWidget()
    box.setFixedSize(100, 20)
    QLabel("二〇二六年十一月", box).move(60, 0)
    sheet.column.addWidget(box)
    assert "outside" in found_on(sheet)


def test_texts_over_one_another_are_found(sheet: Sheet) -> None:
    box = QWidget()
    for words, left in (("统筹支付合计", 0), ("个人负担合计", 40)):
        QLabel(words, box).move(left, 0)
    sheet.column.addWidget(box)
    assert "share" in found_on(sheet)


def test_an_amount_is_never_cut_but_words_with_a_tip_may_be(sheet: Sheet) -> None:
    columns = (Column("姓名", 40, str), Column("额", 40, lambda _line: "1,234,567.89", is_amount=True))
    table: LinesTable[str] = LinesTable(columns, "单据", str)
    sheet.column.addWidget(table)
    table.show_lines(["阿卜杜热西提·买买提示例"])
    assert "the amount '1,234,567.89'" in found_on(sheet)
    assert "阿卜杜" not in found_on(sheet)


def test_a_heading_in_more_letters_widens_its_column(sheet: Sheet) -> None:
    columns = (Column("Used on the platform", 40, str), Column("", 0, str))
    table: LinesTable[str] = LinesTable(columns, "", str)
    sheet.column.addWidget(table)
    assert found_on(sheet) == ""
    table.setColumnWidth(0, 60)
    assert "heading" in found_on(sheet)


def test_a_label_or_a_tip_that_takes_a_name_for_markup_is_found(sheet: Sheet) -> None:
    for label in (plain_label("<b>张三</b>"), QLabel("<b>张三</b>")):
        sheet.column.addWidget(label)
    for words in ("<b>张三</b>", tip("<b>张三</b>"), "张三"):
        button = QPushButton("张三")
        button.setToolTip(words)
        sheet.column.addWidget(button)
    settle_down()
    assert takes_for_markup(sheet) == [
        "QLabel '<b>张三</b>' guesses markup",
        "QPushButton '张三' has markup in its tip '<b>张三</b>'",
    ]
