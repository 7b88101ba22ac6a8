"""The rows of one sheet's XML: by their pattern where it is the usual one, else by a full XML reader.

Both count every row and give the same cells. The quick way reads a grammar that is a part of XML, row after row
without a gap; the first thing that it does not know sends the whole sheet the other way.
"""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from clerk_app.errors import ClerkError
from clerk_app.wording import _

Chunks = Callable[[], Iterator[bytes]]


class Row(NamedTuple):
    """A row that the file has; the four lists stand side by side, one place for each of its cells.

    Attributes:
        number: Counted from 1.
        columns: Counted from 0, rising.
        kinds: As the format has them: ``n`` number, ``str`` text, ``b`` truth, ``e`` error, ``d`` date.
        values: As written; shared texts are looked up.
        formulas: None where there is none; empty where the cell shares another's.
    """

    number: int
    columns: Sequence[int]
    kinds: Sequence[str]
    values: Sequence[str]
    formulas: Sequence[str | None]


class Limit(NamedTuple):
    """How much a sheet may hold."""

    rows: int
    columns: int
    cells: int
    text: int


#: A cell as Excel, WPS, LibreOffice, openpyxl and this program write it.
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})([1-9]\d{0,6})"(?: s="\d+")?(?: t="([a-zA-Z]+)")?(?: s="\d+")?'
    r'(?: ?/>|>(?:<f(?: aca="(?:false|true|0|1)")?>([^<]*)</f>)?'
    r'(?:<v ?/>|<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)
_GROUPS = 7
_ROW = re.compile(r'<row r="([1-9]\d{0,6})"(?: [a-zA-Z0-9:]+="[^"<&]*")*( ?/)?>')
_OPENING = re.compile(r"<\?xml version=\"1\.0\"(?: encoding=\"[uU][tT][fF]-8\")?(?: standalone=\"yes\")? ?\?>\s*")
_REFERENCE = re.compile(r"&(#\d{1,7}|#x[0-9a-fA-F]{1,6}|\w*);?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
#: What a numbered reference may name; the last of each span is not in it.
_CHARACTERS = ((9, 11), (13, 14), (32, 0xD800), (0xE000, 0xFFFE), (0x10000, 0x110000))
#: What the quick way leaves alone: characters that XML does not have, and line ends that it changes.
_CONTROLS = bytes([*range(9), 11, 12, 13, *range(14, 32)])
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_BEGIN, _END, _ROW_END = "<sheetData>", "</sheetData>", "</row>"
_LONGEST_HEAD, _LONGEST_ROW = 1_000_000, 20_000_000


class _UnusualError(Exception):
    """The quick way does not know this."""


class SheetReader:
    """Reads the rows of one sheet.

    Args:
        shared: The table of texts that cells point into.
    """

    def __init__(self, shared: Sequence[str], limit: Limit) -> None:
        self._shared = shared
        self._limit = limit

    def rows(self, chunks: Chunks) -> Iterator[Row]:
        """The rows in their order.

        Raises:
            ClerkError: ``workbook_unreadable``, ``workbook_too_large``.
        """
        given = 0
        try:
            for row in self._checked(self._quickly(chunks())):
                yield row
                given += 1
        except _UnusualError:
            pass
        else:
            return
        for place, row in enumerate(self._checked(self._fully(chunks()))):
            if place >= given:
                yield row

    def _checked(self, rows: Iterator[Row]) -> Iterator[Row]:
        before = cells = 0
        rising: dict[Sequence[int], bool] = {}
        for row in rows:
            if row.number <= before:
                _unreadable(f"row {row.number} after {before}")
            before = row.number
            cells += len(row.columns)
            if row.number > self._limit.rows:
                raise ClerkError("workbook_too_large", what=_("行数"), limit=self._limit.rows)
            if cells > self._limit.cells:
                raise ClerkError("workbook_too_large", what=_("单元格数"), limit=self._limit.cells)
            columns = tuple(row.columns)
            if columns not in rising:
                if columns and max(columns) >= self._limit.columns:
                    raise ClerkError("workbook_too_large", what=_("列数"), limit=self._limit.columns)
                if any(one >= other for one, other in itertools.pairwise(columns)):
                    _unreadable(f"row {row.number}: columns")
                if len(rising) > 1_000:
                    rising.clear()
                rising[columns] = True
            if row.values and len(max(row.values, key=len)) > self._limit.text:
                raise ClerkError("workbook_too_large", what=_("一个单元格的字数"), limit=self._limit.text)
            yield row

    # --- By the pattern ----------------------------------------------------------------------------------------

    def _quickly(self, chunks: Iterator[bytes]) -> Iterator[Row]:
        texts = _decoded(chunks)
        frame = _Frame()
        waiting = ""
        while _BEGIN not in waiting:
            waiting += _next(texts)
            if len(waiting) > _LONGEST_HEAD:
                raise _UnusualError
        head, _begin, waiting = waiting.partition(_BEGIN)
        frame.opens(head)
        columns: dict[tuple[str, ...], tuple[int, ...]] = {}
        at = 0
        while True:
            match = _ROW.match(waiting, at)
            end = -1 if match is None else (match.end() if match[2] else waiting.find(_ROW_END, match.end()))
            if match is None or end < 0:
                if match is None and waiting.startswith(_END, at):
                    break
                if match is None and waiting.find(">", at) >= 0:
                    raise _UnusualError
                waiting = waiting[at:] + _next(texts)
                at = 0
                if len(waiting) > _LONGEST_ROW:
                    raise _UnusualError
                continue
            if match[2]:
                yield Row(int(match[1]), (), (), (), ())
                at = end
            else:
                yield self._row(match[1], waiting[match.end() : end], columns)
                at = end + len(_ROW_END)
        frame.closes(waiting[at + len(_END) :], texts)

    def _row(self, number: str, content: str, known: dict[tuple[str, ...], tuple[int, ...]]) -> Row:
        parts = _CELL.split(content)
        if any(parts[::_GROUPS]):
            raise _UnusualError
        letters, kinds = tuple(parts[1::_GROUPS]), parts[3::_GROUPS]
        if letters and set(parts[2::_GROUPS]) != {number}:
            raise _UnusualError
        columns = known.get(letters)
        if columns is None:
            columns = tuple([_column(each) for each in letters])
            if len(known) < 1_000:
                known[letters] = columns
        values = [
            (value or "") if text is None else text
            for value, text in zip(parts[5::_GROUPS], parts[6::_GROUPS], strict=True)
        ]
        formulas = parts[4::_GROUPS]
        if "&" in content:
            values = [_unescaped(value) if "&" in value else value for value in values]
            formulas = [_unescaped(each) if each is not None and "&" in each else each for each in formulas]
        if "s" in kinds:
            values = [
                self._shared_text(value) if kind == "s" else value for kind, value in zip(kinds, values, strict=True)
            ]
        return Row(int(number), columns, [_KINDS.get(kind, kind) for kind in kinds], values, formulas)

    def _shared_text(self, place: str) -> str:
        try:
            number = int(place)
            if number < 0:
                raise IndexError
            return self._shared[number]
        except (ValueError, IndexError):
            _unreadable(f"shared text {place[:20]}")

    # --- By a full reader --------------------------------------------------------------------------------------

    def _fully(self, chunks: Iterator[bytes]) -> Iterator[Row]:
        sheet = _Sheet(self._shared_text)
        parser = safe_parser()
        parser.StartElementHandler, parser.EndElementHandler = sheet.start, sheet.end
        parser.CharacterDataHandler = sheet.characters
        try:
            for chunk in chunks:
                parser.Parse(chunk, False)
                yield from sheet.taken()
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            _unreadable(str(error))
        yield from sheet.taken()


class _Frame:
    """What stands around the rows: it has to be XML, and to have no rows of its own."""

    def __init__(self) -> None:
        self._parser = safe_parser()
        self._parser.StartElementHandler = self._start
        self._has_rows = False

    def opens(self, head: str) -> None:
        """Before the rows."""
        opening = _OPENING.match(head)
        rest = head[opening.end() :] if opening else head
        if "<!" in rest or "<?" in rest:
            raise _UnusualError
        self._parse(head + _BEGIN)
        self._has_rows = True

    def closes(self, tail: str, texts: Iterator[str]) -> None:
        """After them."""
        self._parse(_END + tail)
        for text in texts:
            self._parse(text)
        self._parse("", is_last=True)

    def _parse(self, text: str, *, is_last: bool = False) -> None:
        try:
            self._parser.Parse(text.encode(), is_last)
        except expat.ExpatError:
            raise _UnusualError from None

    def _start(self, name: str, _given: Mapping[str, str]) -> None:
        plain = name.rpartition(" ")[2]
        if plain in ("row", "c") or (plain == "sheetData" and self._has_rows):
            raise _UnusualError


class _Sheet:
    """Collects rows from the events of a full reader."""

    def __init__(self, shared: Callable[[str], str]) -> None:
        self._shared = shared
        self._path: list[str] = []
        self._done: list[Row] = []
        self._number = 0
        self._cell: dict[str, str] = {}
        self._text: list[str] = []
        self._formula: list[str] | None = None
        self._cells: list[tuple[int, str, str, str | None]] = []

    def taken(self) -> list[Row]:
        """The rows that are complete."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, given: dict[str, str]) -> None:
        """An element begins."""
        plain = name.rpartition(" ")[2]
        path = self._path
        if plain == "row" and path[-1:] == ["sheetData"]:
            self._number = _number(given["r"]) if "r" in given else self._number + 1
            self._cells = []
        elif plain == "c" and path[-1:] == ["row"]:
            self._cell, self._text, self._formula = given, [], None
        elif plain == "f" and path[-1:] == ["c"]:
            self._formula = []
        path.append(plain)
        if len(path) > 64:
            _unreadable("depth")

    def end(self, _name: str) -> None:
        """An element ends."""
        plain = self._path.pop()
        if plain == "c" and self._path[-1:] == ["row"]:
            self._end_cell()
        elif plain == "row" and self._path[-1:] == ["sheetData"]:
            columns, kinds, values, formulas = zip(*self._cells, strict=True) if self._cells else ((), (), (), ())
            self._done.append(Row(self._number, columns, kinds, values, formulas))

    def characters(self, text: str) -> None:
        """Text between elements."""
        path = self._path
        last = path[-1] if path else ""
        if last == "f":
            if self._formula is not None and path[-2:] == ["c", "f"]:
                self._formula.append(text)
        elif path[-2:] == ["c", "v"] or (last == "t" and "is" in path[-3:-1] and "rPh" not in path[-3:-1]):
            self._text.append(text)

    def _end_cell(self) -> None:
        given, value = self._cell, "".join(self._text)
        kind = given.get("t", "n")
        if kind == "s":
            value = self._shared(value)
        before = self._cells[-1][0] if self._cells else -1
        column = before + 1
        if "r" in given:
            place = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", given["r"])
            if place is None or int(place[2]) != self._number:
                _unreadable(f"cell {given['r'][:20]} in row {self._number}")
            column = _column(place[1])
        formula = None if self._formula is None else "".join(self._formula)
        self._cells.append((column, _KINDS.get(kind, kind), value, formula))


_KINDS: dict[str | None, str] = {None: "n", "s": "str", "inlineStr": "str"}


def safe_parser() -> expat.XMLParserType:
    """An XML reader that refuses document types, and with them entities."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_given: object) -> None:
    _unreadable("DOCTYPE")


def _unreadable(reason: str) -> NoReturn:
    raise ClerkError("workbook_unreadable", reason=reason)


def _decoded(chunks: Iterator[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in chunks:
        if len(chunk.translate(None, _CONTROLS)) != len(chunk) or any(each in chunk for each in _NO_CHARACTERS):
            raise _UnusualError
        try:
            yield decoder.decode(chunk)
        except UnicodeDecodeError:
            raise _UnusualError from None
    if decoder.getstate()[0]:
        raise _UnusualError


def _next(texts: Iterator[str]) -> str:
    for text in texts:
        return text
    raise _UnusualError


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 7) or text == "0":
        _unreadable(f"row {text[:20]}")
    return int(text)


def _unescaped(text: str) -> str:
    return _REFERENCE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if not match[0].endswith(";"):
        raise _UnusualError
    if not name.startswith("#"):
        if name not in _NAMED:
            raise _UnusualError
        return _NAMED[name]
    number = int(f"0{name[1:]}", 0) if name[1] == "x" else int(name[1:])
    if not any(first <= number < end for first, end in _CHARACTERS):
        raise _UnusualError
    return chr(number)
