"""A small language for A4 papers: rows of cells, tables with repeated heads, paragraphs, QR codes, page x of y.

Everything is a string at a place on a page, so that a paper costs little more than its text, and nothing that a
patient is called can act as markup. Lengths are points; ``y`` grows downwards from the top of the page.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

import segno
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from clerk_app.documents import fonts
from clerk_app.documents.typesetting import Fitted, fitted, wrapped

# Pages as they are, not as ASCII text: a quarter smaller, and a third of the time of a voucher is saved.
rl_config.useA85 = 0

MM = 72 / 25.4
WIDTH, HEIGHT = A4
LEFT, RIGHT = 15 * MM, WIDTH - 15 * MM
TOP, BOTTOM = 11 * MM, HEIGHT - 15 * MM
FULL = RIGHT - LEFT

#: No head of a page is higher; a row that fits below it is kept whole.
_LONGEST_HEAD = 40 * MM
_SHADE = 0.945
_RULE_GREY = 0.42
_RULE = 0.45
_CELL_SIDE = 1.1 * MM
_LEADING = 1.28
#: From the middle of a line of text down to its baseline, in font sizes: what centres Chinese characters.
_MIDDLE_TO_BASELINE = 0.36
_WATERMARK_GREY = 0.9
#: A fixed mask pattern reads as well as the best of eight and saves trying them.
_QR_MASK = 2


class Align(Enum):
    """Where text stands in its cell."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Ink(Enum):
    """Colours of text, as RGB; a reversal is in red letters."""

    BLACK = (0.0, 0.0, 0.0)
    RED = (0.75, 0.05, 0.05)
    GREY = (0.33, 0.33, 0.33)


class Cell(NamedTuple):
    """One box of a row.

    Attributes:
        is_number: It shrinks instead of wrapping.
    """

    text: str
    width: float
    size: float
    align: Align = Align.LEFT
    is_number: bool = False
    is_shaded: bool = False
    ink: Ink = Ink.BLACK


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


class _Text(NamedTuple):
    ink: Ink
    size: float
    x: float
    y: float
    text: str


@dataclass(slots=True)
class _Page:
    """What is drawn on one page, gathered by kind so that each kind is written at once."""

    texts: list[_Text] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    uprights: dict[float, tuple[float, float]] = field(default_factory=dict)
    shades: list[tuple[float, float, float, float]] = field(default_factory=list)
    blacks: list[tuple[float, float, float, float]] = field(default_factory=list)

    def upright(self, x: float, top: float, bottom: float) -> None:
        """A vertical rule; it grows on as long as the next row continues it."""
        known = self.uprights.get(x)
        if known is not None and abs(known[1] - top) < 0.01:
            self.uprights[x] = (known[0], bottom)
            return
        if known is not None:
            self.rules.append((x, known[0], x, known[1]))
        self.uprights[x] = (top, bottom)

    def all_rules(self) -> list[tuple[float, float, float, float]]:
        return [*self.rules, *((x, top, x, bottom) for x, (top, bottom) in self.uprights.items())]


class Paper:
    """A paper under construction: it is filled from the top, page by page.

    Args:
        title: The document's title, for readers of the file.
        head: Draws the head of a page; it is told whether the page is the first.
        foot: Draws the foot of a page; it is told the page's number and how many there are.
        watermark: Large and pale behind every page.
        size: Font size of cells.
        pad: Space above and below the text of a cell.
    """

    def __init__(
        self,
        title: str,
        *,
        head: Callable[[Paper, bool], None],
        foot: Callable[[Paper, int, int], None],
        watermark: str = "",
        size: float = 8.0,
        pad: float = 2.6,
    ) -> None:
        self._title = title
        self._head = head
        self._foot = foot
        self._watermark = watermark
        self.size = size
        self.pad = pad
        self.y = TOP
        self._pages: list[_Page] = []
        self._start_page()

    @property
    def page_count(self) -> int:
        """Pages begun so far."""
        return len(self._pages)

    def _start_page(self) -> None:
        self._pages.append(_Page())
        self._page = self._pages[-1]
        self.y = TOP
        self._head(self, len(self._pages) == 1)

    def need(self, height: float) -> bool:
        """Go on to a new page when less than this height is left; whether that happened."""
        if self.y + height <= BOTTOM:
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
        self._page.texts.append(_Text(ink, size, x, baseline, text))

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
        cells: list[Cell] = []
        for each in given:
            taken = label_width if each.label else 0.0
            if each.label:
                cells.append(Cell(each.label, label_width, self.size, Align.CENTRE, is_shaded=True))
            width, size = FULL * each.share - taken, value_size or self.size
            cells.append(Cell(each.value, width, size, each.align, is_number=each.is_number, ink=each.ink))
        self.row(cells)

    def bar(self, text: str) -> None:
        """A shaded row across the paper that heads what follows."""
        self.row([Cell(text, FULL, self.size, is_shaded=True)])

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        *,
        carried: Callable[[int], Sequence[str]] | None = None,
        total: Sequence[str] | None = None,
        ink: Ink = Ink.BLACK,
    ) -> None:
        """A table whose head is repeated on every page.

        Args:
            carried: Gives the cells of 过次页 and 承前页 from the number of rows before the break; the first cell
                is replaced by these words.
            total: The last row.
        """
        head = [Cell(column.head, FULL * column.share, self.size, Align.CENTRE, is_shaded=True) for column in columns]
        head_height = self._height(head)
        body = [_cells(columns, row, self.size, ink) for row in rows]
        sums_height = self.size * _LEADING + 2 * self.pad if carried or total else 0.0
        self.need(head_height + (self._height(body[0]) if body else 0.0) + sums_height)
        self.row(head)
        for index, cells in enumerate(body):
            if self.y + self._height(cells) + sums_height > BOTTOM and index:
                self._carry(columns, head, carried(index) if carried else None, ink)
            self.row(cells)
        if total is not None:
            self.row(_cells(columns, total, self.size, ink))

    def _carry(self, columns: Sequence[Column], head: Sequence[Cell], sums: Sequence[str] | None, ink: Ink) -> None:
        """Close a table at the foot of a page and open it on the next."""
        if sums is not None:
            self.row(_cells(columns, ("过次页", *sums[1:]), self.size, ink))
        self._start_page()
        self.row(head)
        if sums is not None:
            self.row(_cells(columns, ("承前页", *sums[1:]), self.size, ink))

    def row(self, cells: Sequence[Cell]) -> None:
        """A row of boxes from the left edge; one that is higher than a page is parted."""
        contents = [_content(cell) for cell in cells]
        height = max(map(self._content_height, contents))
        if height > self._whole_page():
            self._parted_row(cells, contents)
        else:
            self.need(height)
            self._boxes(cells, contents, height)

    def _whole_page(self) -> float:
        """What a page holds at least, below its head."""
        return BOTTOM - TOP - _LONGEST_HEAD

    def _parted_row(self, cells: Sequence[Cell], contents: Sequence[Fitted]) -> None:
        leading = max(content.size for content in contents) * _LEADING
        lines = max(len(content.lines) for content in contents)
        start = 0
        while start < lines:
            self.need(2 * self.pad + leading)
            room = max(1, int((BOTTOM - self.y - 2 * self.pad) / leading))
            parts = [Fitted(content.lines[start : start + room], content.size) for content in contents]
            self._boxes(cells, parts, max(map(self._content_height, parts)))
            start += room

    def _boxes(self, cells: Sequence[Cell], contents: Sequence[Fitted], height: float) -> None:
        page, top, bottom = self._page, self.y, self.y + height
        x = LEFT
        page.upright(x, top, bottom)
        for cell, content in zip(cells, contents, strict=True):
            if cell.is_shaded:
                page.shades.append((x, top, cell.width, height))
            self._place(cell, content, x, (top + bottom) / 2)
            x = round(x + cell.width, 2)
            page.upright(x, top, bottom)
        page.rules.append((LEFT, top, x, top))
        page.rules.append((LEFT, bottom, x, bottom))
        self.y = bottom

    def _place(self, cell: Cell, content: Fitted, x: float, middle: float) -> None:
        size = content.size
        y = middle - (len(content.lines) - 1) * size * _LEADING / 2 + size * _MIDDLE_TO_BASELINE
        for line in content.lines:
            if cell.align is Align.LEFT:
                start = x + _CELL_SIDE
            elif cell.align is Align.RIGHT:
                start = x + cell.width - _CELL_SIDE - fonts.ems(line) * size
            else:
                start = x + (cell.width - fonts.ems(line) * size) / 2
            self._page.texts.append(_Text(cell.ink, size, start, y, line))
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
        for line in wrapped(text, size, FULL - indent - 2 * side):
            if is_boxed:
                self.keep_in_box(size * leading)
            else:
                self.need(size * leading)
            top, self.y = self.y, self.y + size * leading
            baseline = (top + self.y) / 2 + size * _MIDDLE_TO_BASELINE
            self._page.texts.append(_Text(ink, size, LEFT + side + indent, baseline, line))
            if is_boxed:
                self._page.upright(LEFT, top, self.y)
                self._page.upright(round(RIGHT, 2), top, self.y)

    def keep_in_box(self, height: float) -> None:
        """Close the box and open it on the next page when less than this height is left."""
        if self.y + height > BOTTOM:
            self.line(LEFT, self.y, RIGHT, self.y)
            self._start_page()
            self.line(LEFT, self.y, RIGHT, self.y)

    def box_space(self, height: float) -> None:
        """White space inside the box of paragraphs."""
        if self.y + height <= BOTTOM:
            self._page.upright(LEFT, self.y, self.y + height)
            self._page.upright(round(RIGHT, 2), self.y, self.y + height)
            self.y += height

    def box_end(self) -> None:
        """The lower edge of a box of paragraphs."""
        self.line(LEFT, self.y, RIGHT, self.y)

    def qr_code(self, text: str, left: float, top: float, side: float) -> None:
        """A QR code of error level M with its quiet zone left white by the caller."""
        modules, squares = _qr_rectangles(text)
        unit = side / modules
        self._page.blacks.extend((left + x * unit, top + y * unit, w * unit, h * unit) for x, y, w, h in squares)

    def to_bytes(self) -> bytes:
        """The finished PDF."""
        fonts.face(fonts.MAIN)
        written = io.BytesIO()
        canvas = Canvas(
            written,
            pagesize=A4,
            initialFontName=fonts.MAIN,  # type: ignore[arg-type]  # the stub takes it for a size
            lang="zh-CN",
            invariant=1,
            pageCompression=1,
            pdfVersion=(1, 4),
        )
        canvas.setTitle(self._title)
        canvas.setCreator("clerk_app")
        canvas.setAuthor("")
        canvas.setSubject(self._title)
        for number, page in enumerate(self._pages, 1):
            self._page = page
            self._foot(self, number, len(self._pages))
            _draw(canvas, page, self._watermark)
            canvas.showPage()
        canvas.save()
        return written.getvalue()


def _cells(columns: Sequence[Column], texts: Sequence[str], size: float, ink: Ink) -> list[Cell]:
    return [
        Cell(text, FULL * column.share, size, column.align, is_number=column.is_number, ink=ink)
        for column, text in zip(columns, texts, strict=True)
    ]


def _content(cell: Cell) -> Fitted:
    return fitted(cell.text, cell.size, cell.width - 2 * _CELL_SIDE, is_number=cell.is_number)


def _draw(canvas: Canvas, page: _Page, watermark: str) -> None:
    if watermark:
        _draw_watermark(canvas, watermark)
    if page.shades:
        canvas.setFillGray(_SHADE)
        _draw_rectangles(canvas, page.shades)
    canvas.setStrokeGray(_RULE_GREY)
    canvas.setLineWidth(_RULE)
    canvas.lines([(x_from, HEIGHT - y_from, x_to, HEIGHT - y_to) for x_from, y_from, x_to, y_to in page.all_rules()])
    if page.blacks:
        canvas.setFillGray(0)
        _draw_rectangles(canvas, page.blacks)
    _draw_texts(canvas, page.texts)


def _draw_rectangles(canvas: Canvas, rectangles: Iterable[tuple[float, float, float, float]]) -> None:
    path = canvas.beginPath()
    for left, top, width, height in rectangles:
        path.rect(left, HEIGHT - top - height, width, height)
    canvas.drawPath(path, stroke=0, fill=1)


def _draw_texts(canvas: Canvas, texts: Iterable[_Text]) -> None:
    """All texts of a page as one object, in the order in which they are read; only what changes is said again."""
    out = canvas.beginText()
    font_in_use: tuple[str, float] | None = None
    ink_in_use: Ink | None = None
    for ink, size, x, y, text in texts:
        if ink is not ink_in_use:
            out.setFillColorRGB(*ink.value)
            ink_in_use = ink
        out.setTextOrigin(x, HEIGHT - y)
        for face, piece in fonts.runs(text):
            if font_in_use != (face, size):
                fonts.face(face)
                out.setFont(face, size, 0)
                font_in_use = (face, size)
            out.textOut(piece)
    canvas.drawText(out)


def _draw_watermark(canvas: Canvas, text: str) -> None:
    canvas.saveState()
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(35)
    canvas.setFillGray(_WATERMARK_GREY)
    canvas.setFont(fonts.MAIN, 150)
    canvas.drawCentredString(0, -50, text)
    canvas.restoreState()


def _qr_rectangles(text: str) -> tuple[int, tuple[tuple[int, int, int, int], ...]]:
    """Number of modules on a side, and the dark ones merged to few rectangles: x, y, width, height."""
    matrix = segno.make_qr(text, error="m", mask=_QR_MASK, boost_error=False).matrix
    rectangles: list[tuple[int, int, int, int]] = []
    open_runs: dict[tuple[int, int], tuple[int, int]] = {}
    for y, line in enumerate((*matrix, b"")):
        runs = set(_dark_runs(line))
        for run in [run for run in open_runs if run not in runs]:
            first, height = open_runs.pop(run)
            rectangles.append((run[0], first, run[1], height))
        for run in runs:
            first, height = open_runs.get(run, (y, 0))
            open_runs[run] = (first, height + 1)
    return len(matrix), tuple(rectangles)


def _dark_runs(line: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    start: int | None = None
    for x, module in enumerate((*line, 0)):
        if module and start is None:
            start = x
        elif not module and start is not None:
            yield start, x - start
            start = None
