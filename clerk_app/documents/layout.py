"""A small language for papers: rows of cells, tables with repeated heads, paragraphs, QR codes, page x of y.

Everything is a string at a place on a page, so that a paper costs little more than its text, and nothing that a
patient is called can act as markup. Lengths are points; ``y`` grows downwards from the top of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from clerk_app.documents import fonts
from clerk_app.documents.archive_pdf import archival_canvas, finished
from clerk_app.documents.drawing import Ink, Page, Text, draw_pages
from clerk_app.documents.issued import Issued, facts_of
from clerk_app.documents.office import Office
from clerk_app.documents.page_format import MM, WIDTH
from clerk_app.documents.tagging import Part
from clerk_app.documents.typesetting import Fitted, fitted, wrapped

LEFT, RIGHT = 15 * MM, WIDTH - 15 * MM
TOP = 11 * MM
FULL = RIGHT - LEFT

_FOOT_HEIGHT = 15 * MM
#: No head of a page is higher; a row that fits below it is kept whole.
_LONGEST_HEAD = 40 * MM
_CELL_SIDE = 1.1 * MM
_LEADING = 1.28
#: From the middle of a line of text down to its baseline, in font sizes: what centres Chinese characters.
_MIDDLE_TO_BASELINE = 0.36


class Align(Enum):
    """Where text stands in its cell."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Cell(NamedTuple):
    """One box of a row.

    Attributes:
        is_number: It shrinks instead of wrapping.
        name: What an amount in it is, for whoever checks the file.
    """

    text: str
    width: float
    size: float
    align: Align = Align.LEFT
    is_number: bool = False
    is_shaded: bool = False
    ink: Ink = Ink.BLACK
    name: str = ""


class Column(NamedTuple):
    """A column of a table; the widths of all columns are shares of the paper's width."""

    head: str
    share: float
    align: Align = Align.LEFT
    is_number: bool = False


def amount_column(head: str, share: float) -> Column:
    """A column of amounts."""
    return Column(head, share, Align.RIGHT, is_number=True)


class Field(NamedTuple):
    """A label with its value; the share is of the paper's width and includes the label. No label, no label's box."""

    label: str
    value: str
    share: float
    align: Align = Align.LEFT
    is_number: bool = False
    ink: Ink = Ink.BLACK


class Paper:
    """A paper under construction: it is filled from the top, page by page.

    Args:
        issued: What the paper is and about whom, for readers of the file and whoever checks it.
        office: Who issues it, on which kind of paper.
        head: Draws the head of a page; it is told whether the page is the first.
        foot: Draws the foot of a page; it is told the page's number and how many there are.
        size: Font size of cells.
        pad: Space above and below the text of a cell.
        tags_cells: Whether each cell is a part of its own; else each row of a table is, which takes a fifth of the
            room in the file.
    """

    def __init__(
        self,
        issued: Issued,
        office: Office,
        *,
        head: Callable[[Paper, bool], None],
        foot: Callable[[Paper, int, int], None],
        size: float = 8.0,
        pad: float = 2.6,
        tags_cells: bool = True,
    ) -> None:
        self.tree = Part("Document")
        #: What the next text belongs to: a part, nothing, or a part of its own.
        self._part: Part | None = None
        self._is_furniture = False
        #: The block of labels and values that the next row of them goes on with.
        self._block: Part | None = None
        self._tags_cells = tags_cells
        self.issued = issued
        self.office = office
        self.bottom = office.page_format.page_height - _FOOT_HEIGHT
        self._qr = ""
        self._head = head
        self._foot = foot
        self.size = size
        self.pad = pad
        self.y = TOP
        self._pages: list[Page] = []
        self._start_page()

    @property
    def page_count(self) -> int:
        """Pages begun so far."""
        return len(self._pages)

    def _start_page(self) -> None:
        self._pages.append(Page())
        self._page = self._pages[-1]
        self.y = TOP
        with self._furniture(len(self._pages) > 1):
            self._head(self, len(self._pages) == 1)

    @contextmanager
    def _furniture(self, is_furniture: bool = True) -> Iterator[None]:
        """What is said again on every page is no part of what is read."""
        before, self._is_furniture = self._is_furniture, is_furniture or self._is_furniture
        of_before, self._part = self._part, None
        try:
            yield
        finally:
            self._is_furniture, self._part = before, of_before

    @contextmanager
    def part(self, kind: str, alt: str = "") -> Iterator[None]:
        """Texts that are one part together."""
        before = self._part
        self._part = self._new_part(kind, alt)
        try:
            yield
        finally:
            self._part = before

    def _new_part(self, kind: str, alt: str = "") -> Part | None:
        return None if self._is_furniture else self.tree.add(kind, alt)

    def need(self, height: float) -> bool:
        """Go on to a new page when less than this height is left; whether that happened."""
        if self.y + height <= self.bottom:
            return False
        self._start_page()
        return True

    def gap(self, height: float) -> None:
        """Leave white space."""
        self.y += height

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        size: float,
        *,
        align: Align = Align.LEFT,
        ink: Ink = Ink.BLACK,
        room: float = FULL,
    ) -> None:
        """Put one line at a place, whatever ``y`` is; it shrinks rather than leave its room or the paper."""
        to_edge = {Align.LEFT: RIGHT - x, Align.RIGHT: x - LEFT, Align.CENTRE: 2 * min(x - LEFT, RIGHT - x)}
        wide = fonts.ems(text) * size
        if wide > min(room, to_edge[align]):
            size *= min(room, to_edge[align]) / wide
            wide = fonts.ems(text) * size
        if align is not Align.LEFT:
            x -= wide if align is Align.RIGHT else wide / 2
        part = self._part or self._new_part("P") if text else None
        self._page.texts.append(Text(ink, size, x, baseline, text, part=part))

    def line(self, x_from: float, y_from: float, x_to: float, y_to: float) -> None:
        """A rule."""
        self._page.rules.append((x_from, y_from, x_to, y_to))

    def frame(self, left: float, top: float, right: float, bottom: float) -> None:
        """An empty box."""
        corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        for (x_from, y_from), (x_to, y_to) in pairwise(corners):
            self.line(x_from, y_from, x_to, y_to)

    def fields(self, *given: Field, label_width: float = 17 * MM, value_size: float = 0.0) -> None:
        """A row of labels and values; a value size makes the values larger than the labels."""
        kinds = [kind for each in given for kind in (("TH", "TD") if each.label else ("TD",))]
        cells: list[Cell] = []
        for each in given:
            taken = label_width if each.label else 0.0
            if each.label:
                cells.append(Cell(each.label, label_width, self.size, Align.CENTRE, is_shaded=True))
            width, size = FULL * each.share - taken, value_size or self.size
            cells.append(
                Cell(each.value, width, size, each.align, is_number=each.is_number, ink=each.ink, name=each.label)
            )
        if self._block is None or self.tree.kids[-1:] != [self._block]:
            self._block = self._new_part("Table" if self._tags_cells else "P")
        self.row(cells, self._parts(self._block, kinds))

    def bar(self, text: str) -> None:
        """A shaded row across the paper that heads what follows."""
        self.row([Cell(text, FULL, self.size, is_shaded=True)], [self._new_part("H2")])

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        *,
        carried: Callable[[int], Sequence[str]] | None = None,
        total: Sequence[str] | None = None,
        ink: Ink = Ink.BLACK,
        keep: float = 0.0,
    ) -> None:
        """A table whose head is repeated on every page.

        Args:
            carried: Gives the cells of 过次页 and 承前页 from the number of rows before the break; the first cell
                is replaced by these words.
            total: The last row.
            keep: The height of what follows and must not stand on a page without the last row: the signatures.
        """
        head = [Cell(column.head, FULL * column.share, self.size, Align.CENTRE, is_shaded=True) for column in columns]
        head_height = self._height(head)
        body = [_cells(columns, row, self.size, ink) for row in rows]
        sums_height = self.size * _LEADING + 2 * self.pad if carried or total else 0.0
        first_height = self._height(body[0]) if body else 0.0
        self.need(head_height + first_height + sums_height + (keep if len(body) <= 1 else 0.0))
        whole = self._new_part("Table") if self._tags_cells else None
        self.row(head, self._parts(whole, ["TH"] * len(head)))
        kinds = ["TD"] * len(head)
        for index, cells in enumerate(body):
            kept = keep if index == len(body) - 1 else 0.0
            if self.y + self._height(cells) + sums_height + kept > self.bottom and index:
                self._carry(columns, head, carried(index) if carried else None, ink)
            self.row(cells, self._parts(whole, kinds))
        if total is not None:
            self.row(_cells(columns, total, self.size, ink), self._parts(whole, kinds))

    def _parts(self, whole: Part | None, kinds: Sequence[str]) -> list[Part | None]:
        """For each cell of a row the part that its text belongs to; without a whole, a row is a paragraph."""
        if self._is_furniture:
            return [None] * len(kinds)
        if not self._tags_cells:
            return [whole or self.tree.add("P")] * len(kinds)
        assert whole is not None, "a row of cells stands in a table"
        line = whole.add("TR")
        return [line.add(kind) for kind in kinds]

    def _carry(self, columns: Sequence[Column], head: Sequence[Cell], sums: Sequence[str] | None, ink: Ink) -> None:
        """Close a table at the foot of a page and open it on the next."""
        nothing = [None] * len(head)
        if sums is not None:
            self.row(_cells(columns, ("过次页", *sums[1:]), self.size, ink), nothing)
        self._start_page()
        self.row(head, nothing)
        if sums is not None:
            self.row(_cells(columns, ("承前页", *sums[1:]), self.size, ink), nothing)

    def row(self, cells: Sequence[Cell], parts: Sequence[Part | None] = ()) -> None:
        """A row of boxes from the left edge; one that is higher than a page is parted.

        Args:
            parts: What each cell's text belongs to; a paragraph of their own without any.
        """
        parts = parts or [self._new_part("P")] * len(cells)
        contents = [_content(cell) for cell in cells]
        height = max(map(self._content_height, contents))
        if height > self._whole_page():
            self._parted_row(cells, parts, contents)
        else:
            self.need(height)
            self._boxes(cells, parts, contents, height)

    def _whole_page(self) -> float:
        """What a page holds at least, below its head."""
        return self.bottom - TOP - _LONGEST_HEAD

    def _parted_row(self, cells: Sequence[Cell], parts: Sequence[Part | None], contents: Sequence[Fitted]) -> None:
        leading = max(content.size for content in contents) * _LEADING
        lines = max(len(content.lines) for content in contents)
        start = 0
        while start < lines:
            self.need(2 * self.pad + leading)
            room = max(1, int((self.bottom - self.y - 2 * self.pad) / leading))
            pieces = [Fitted(content.lines[start : start + room], content.size) for content in contents]
            self._boxes(cells, parts, pieces, max(map(self._content_height, pieces)))
            start += room

    def _boxes(
        self, cells: Sequence[Cell], parts: Sequence[Part | None], contents: Sequence[Fitted], height: float
    ) -> None:
        page, top, bottom = self._page, self.y, self.y + height
        x = LEFT
        page.upright(x, top, bottom)
        for cell, part, content in zip(cells, parts, contents, strict=True):
            if cell.is_shaded:
                page.shades.append((x, top, cell.width, height))
            self._place(cell, part, content, x, (top + bottom) / 2)
            x = round(x + cell.width, 2)
            page.upright(x, top, bottom)
        page.rules.append((LEFT, top, x, top))
        page.rules.append((LEFT, bottom, x, bottom))
        self.y = bottom

    def _place(self, cell: Cell, part: Part | None, content: Fitted, x: float, middle: float) -> None:
        size = content.size
        y = middle - (len(content.lines) - 1) * size * _LEADING / 2 + size * _MIDDLE_TO_BASELINE
        for line in content.lines:
            if cell.align is Align.LEFT:
                start = x + _CELL_SIDE
            elif cell.align is Align.RIGHT:
                start = x + cell.width - _CELL_SIDE - fonts.ems(line) * size
            else:
                start = x + (cell.width - fonts.ems(line) * size) / 2
            self._page.texts.append(Text(cell.ink, size, start, y, line, cell.name, part))
            y += size * _LEADING

    def _content_height(self, content: Fitted) -> float:
        return max(len(content.lines) * content.size * _LEADING, self.size) + 2 * self.pad

    def _height(self, cells: Sequence[Cell]) -> float:
        return max(self._content_height(_content(cell)) for cell in cells)

    def paragraph(
        self,
        text: str,
        size: float,
        *,
        indent: float = 0.0,
        leading: float = 1.4,
        ink: Ink = Ink.BLACK,
        is_boxed: bool = False,
    ) -> None:
        """Text across the paper that may go on over the page; boxed, it stands between the table's edges."""
        side = _CELL_SIDE if is_boxed else 0.0
        part = self._part or self._new_part("P")
        for line in wrapped(text, size, FULL - indent - 2 * side):
            if is_boxed:
                self.keep_in_box(size * leading)
            else:
                self.need(size * leading)
            top, self.y = self.y, self.y + size * leading
            baseline = (top + self.y) / 2 + size * _MIDDLE_TO_BASELINE
            self._page.texts.append(Text(ink, size, LEFT + side + indent, baseline, line, part=part))
            if is_boxed:
                self._page.upright(LEFT, top, self.y)
                self._page.upright(round(RIGHT, 2), top, self.y)

    def keep_in_box(self, height: float) -> None:
        """Close the box and open it on the next page when less than this height is left."""
        if self.y + height > self.bottom:
            self.line(LEFT, self.y, RIGHT, self.y)
            self._start_page()
            self.line(LEFT, self.y, RIGHT, self.y)

    def box_space(self, height: float) -> None:
        """White space inside the box of paragraphs."""
        if self.y + height <= self.bottom:
            self._page.upright(LEFT, self.y, self.y + height)
            self._page.upright(round(RIGHT, 2), self.y, self.y + height)
            self.y += height

    def box_end(self) -> None:
        """The lower edge of a box of paragraphs."""
        self.line(LEFT, self.y, RIGHT, self.y)

    def qr_code(self, text: str, left: float, top: float, side: float) -> None:
        """A QR code of error level M with its quiet zone left white by the caller."""
        self._qr = text
        self._page.qr_code(text, left, top, side, self.tree.add("Figure", f"二维码：{text}"))

    def to_bytes(self) -> bytes:
        """The finished PDF."""
        sheet = self.office.page_format
        canvas = archival_canvas((sheet.sheet_width, sheet.sheet_height), self.issued.file_title, self.issued.made_at)
        for number, page in enumerate(self._pages, 1):
            self._page = page
            with self._furniture():
                self._foot(self, number, len(self._pages))
        marks = draw_pages(canvas, self._pages, sheet, self.office.watermark)
        signer = self.office.signer
        facts = facts_of(self.issued, self.office.name, self._qr, self._pages, sheet) if signer else {}
        return finished(canvas, facts, signer, self.tree, marks)


def _cells(columns: Sequence[Column], texts: Sequence[str], size: float, ink: Ink) -> list[Cell]:
    return [
        Cell(
            text,
            FULL * column.share,
            size,
            column.align,
            is_number=column.is_number,
            ink=ink,
            name=f"{texts[0]} {column.head}" if column.is_number else "",
        )
        for column, text in zip(columns, texts, strict=True)
    ]


def _content(cell: Cell) -> Fitted:
    return fitted(cell.text, cell.size, cell.width - 2 * _CELL_SIDE, is_number=cell.is_number)
