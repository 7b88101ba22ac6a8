from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt

from clerk_app.desktop.colours import LIGHT
from clerk_app.desktop.lists import Column as ListColumn
from clerk_app.desktop.lists import LinesTable
from clerk_app.desktop.words_table import Column, WordsModel, words_table
from clerk_app.wording import N_, use_language

pytestmark = pytest.mark.usefixtures("dressed")

COLUMNS = (Column(N_("单据号"), 100), Column(N_("差额"), 80, is_amount=True), Column("", 20))


@pytest.fixture
def model() -> WordsModel:
    shown = WordsModel(COLUMNS)
    shown.show_rows([("A", "-5.00", ""), ("<b>B</b>", "5.00", "")], careful=[1])
    return shown


@pytest.fixture
def in_english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("zh_CN")


def colour(model: WordsModel, row: int, column: int) -> str:
    found = model.index(row, column).data(Qt.ItemDataRole.ForegroundRole)
    return found.name().upper() if found is not None else ""


def test_negative_amounts_are_red_and_careful_rows_stand_out(model: WordsModel) -> None:
    assert colour(model, 0, 1) == LIGHT.bad
    assert colour(model, 0, 0) == ""
    assert colour(model, 1, 0) == LIGHT.careful


def test_words_are_never_markup(model: WordsModel) -> None:
    assert model.index(1, 0).data() == "<b>B</b>"
    assert "<b>" not in model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.usefixtures("in_english")
def test_a_column_without_a_title_has_none_in_any_language(model: WordsModel) -> None:
    titles = [model.headerData(place, Qt.Orientation.Horizontal) for place in range(3)]
    assert titles == ["Voucher number", "Difference", ""]


def test_a_table_that_takes_what_is_left_still_shows_its_least_rows(model: WordsModel) -> None:
    table = words_table(model, COLUMNS, "单据", least_rows=3)
    assert table.minimumHeight() >= 3 * table.verticalHeader().defaultSectionSize()
    assert table.accessibleName() == "单据"


def test_words_that_are_too_long_keep_their_beginning_to_the_edge_in_every_table(model: WordsModel) -> None:
    """A wrapped cell would show "reversed by …" and lose the number, though half of it has room."""
    lines: LinesTable[str] = LinesTable((ListColumn("单据号", 100, str),), "单据", str)
    assert [table.wordWrap() for table in (words_table(model, COLUMNS, "单据"), lines)] == [False, False]


def test_the_line_in_hand_stays_in_hand_among_several_that_are_chosen() -> None:
    lines: LinesTable[str] = LinesTable((ListColumn("单据号", 100, str),), "单据", str, chooses_many=True)
    lines.show_lines(["A", "B", "C"])
    lines.selectAll()
    lines.selectionModel().setCurrentIndex(lines.model().index(2, 0), QItemSelectionModel.SelectionFlag.NoUpdate)

    lines.show_lines(["A", "new", "B", "C"])
    assert lines.current() == "C"
    assert lines.chosen() == ["A", "B", "C"]
    lines.show_lines(["A", "B"])
    assert lines.current() == "A", "what was in hand is gone"
