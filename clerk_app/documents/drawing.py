"""What is drawn on pages, gathered by kind so that each kind is written at once, and how it gets onto sheets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

import segno
from reportlab.pdfgen.canvas import Canvas

from clerk_app.documents import fonts
from clerk_app.documents.page_format import WIDTH, PageFormat, Place
from clerk_app.documents.tagging import END, Marks, Part

_SHADE = 0.945
_RULE_GREY = 0.42
_RULE = 0.45
_WATERMARK_GREY = 0.9
_NO_PART_YET = "none"
#: A fixed mask pattern reads as well as the best of eight and saves trying them.
_QR_MASK = 2


class Ink(Enum):
    """Colours of text, as RGB; a reversal is in red letters."""

    BLACK = (0.0, 0.0, 0.0)
    RED = (0.75, 0.05, 0.05)
    GREY = (0.33, 0.33, 0.33)


class Text(NamedTuple):
    """One line of text.

    Attributes:
        name: What its amounts are, for whoever checks them; empty where the line says it itself.
        part: The part of the paper that it belongs to; None for a foot or a repeated head.
    """

    ink: Ink
    size: float
    x: float
    y: float
    text: str
    name: str = ""
    part: Part | None = None


@dataclass(slots=True)
class Page:
    """What is on one page; ``y`` grows downwards from its top.

    Attributes:
        code: The part that the QR code is.
    """

    texts: list[Text] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    uprights: dict[float, tuple[float, float]] = field(default_factory=dict)
    shades: list[tuple[float, float, float, float]] = field(default_factory=list)
    blacks: list[tuple[float, float, float, float]] = field(default_factory=list)
    code: Part | None = None

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
        """Every rule, the vertical ones included."""
        return [*self.rules, *((x, top, x, bottom) for x, (top, bottom) in self.uprights.items())]

    def qr_code(self, text: str, left: float, top: float, side: float, part: Part) -> None:
        """A QR code of error level M with its quiet zone left white by the caller."""
        self.code = part
        modules, squares = _qr_rectangles(text)
        unit = side / modules
        self.blacks.extend((left + x * unit, top + y * unit, w * unit, h * unit) for x, y, w, h in squares)


def draw_pages(canvas: Canvas, pages: Sequence[Page], sheet: PageFormat, watermark: str) -> Marks:
    """Put all pages on sheets; what belongs to which part is marked."""
    count = len(sheet.places)
    marks = Marks()
    for first in range(0, len(pages), count):
        marks.next_sheet()
        for page, place in zip(pages[first : first + count], sheet.places, strict=False):
            if place == Place(0, 0):
                _draw(canvas, page, sheet.page_height, watermark, marks)
                continue
            canvas.saveState()
            canvas.translate(place.right, place.up)
            canvas.scale(place.scale, place.scale)
            _draw(canvas, page, sheet.page_height, watermark, marks)
            canvas.restoreState()
        canvas.showPage()
    return marks


def _draw(canvas: Any, page: Page, height: float, watermark: str, marks: Marks) -> None:
    operators: list[str] = canvas._code  # noqa: SLF001 -- reportlab has no marked content of its own
    operators.append(marks.begin(None))
    if watermark:
        _draw_watermark(canvas, height, watermark)
    if page.shades:
        canvas.setFillGray(_SHADE)
        _draw_rectangles(canvas, height, page.shades)
    canvas.setStrokeGray(_RULE_GREY)
    canvas.setLineWidth(_RULE)
    canvas.lines([(x_from, height - y_from, x_to, height - y_to) for x_from, y_from, x_to, y_to in page.all_rules()])
    operators.append(END)
    if page.blacks:
        operators.append(marks.begin(page.code))
        canvas.setFillGray(0)
        _draw_rectangles(canvas, height, page.blacks)
        operators.append(END)
    _draw_texts(canvas, height, page.texts, marks)


def _draw_rectangles(canvas: Canvas, page_height: float, boxes: Iterable[tuple[float, float, float, float]]) -> None:
    path = canvas.beginPath()
    for left, top, width, height in boxes:
        path.rect(left, page_height - top - height, width, height)
    canvas.drawPath(path, stroke=0, fill=1)


def _draw_texts(canvas: Canvas, height: float, texts: Iterable[Text], marks: Marks) -> None:
    """All texts of a page as one object, in the order in which they are read; only what changes is said again."""
    out: Any = canvas.beginText()
    operators: list[str] = out._code  # noqa: SLF001 -- as above
    font_in_use: tuple[str, float] | None = None
    ink_in_use: Ink | None = None
    part_in_use: Part | str | None = _NO_PART_YET
    for ink, size, x, y, text, _name, part in texts:
        if not text:
            continue
        if part is not part_in_use:
            if part_in_use is not _NO_PART_YET:
                operators.append(END)
            operators.append(marks.begin(part))
            part_in_use = part
        if ink is not ink_in_use:
            out.setFillColorRGB(*ink.value)
            ink_in_use = ink
        out.setTextOrigin(x, height - y)
        for face, piece in fonts.runs(text):
            if font_in_use != (face, size):
                fonts.face(face)
                out.setFont(face, size, 0)
                font_in_use = (face, size)
            out.textOut(piece)
    if part_in_use is not _NO_PART_YET:
        operators.append(END)
    canvas.drawText(out)


def _draw_watermark(canvas: Canvas, height: float, text: str) -> None:
    canvas.saveState()
    canvas.translate(WIDTH / 2, height / 2)
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
