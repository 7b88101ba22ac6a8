"""A workbook's file, written from front to back without a library: parts, styles, and sheets that stream into it.

The first sheet goes straight into the file; the others wait compressed in unnamed files until it is complete. Of all
rows no more than a few are in memory at a time.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from xml.sax.saxutils import escape, quoteattr

from clerk_app.documents.sheets import STYLES, Kind, Layout, RowSink, Sheet, column_letter

#: Of the deflate stream: twice as fast as the usual 6 and a tenth larger.
_LEVEL = 1
_CHUNK = 1 << 16
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class WorkbookFile:
    """One file with its sheets in the order given; ``with`` it, for what waits is thrown away when it fails.

    Args:
        comment: Stands at the file's very end, behind the archive.
    """

    def __init__(
        self,
        target: Path,
        layouts: Sequence[Layout],
        *,
        title: str,
        creator: str,
        made_at: datetime,
        comment: bytes = b"",
    ) -> None:
        self._layouts = tuple(layouts)
        self._stack = ExitStack()
        self._archive = self._stack.enter_context(
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        )
        self._archive.comment = comment
        self._time = made_at.timetuple()[:6]
        self._first: IO[bytes] | None = None
        self._waiting: list[_Waiting] = []
        try:
            self.sheets = self._begin(target.parent, title, creator, made_at)
        except BaseException:
            self._abandon()
            raise

    def _begin(self, folder: Path, title: str, creator: str, made_at: datetime) -> list[Sheet]:
        for name, content in _parts(self._layouts, title, creator, made_at):
            self._archive.writestr(self._entry(name), _XML + content)
        self._first = self._archive.open(self._entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True)
        self._first.write(_begin(self._layouts[0]).encode())
        self._waiting = [_Waiting(self._stack.enter_context(_unnamed(folder))) for _layout in self._layouts[1:]]
        sinks: list[RowSink] = [self._first, *self._waiting]
        return [Sheet(layout, sink) for layout, sink in zip(self._layouts, sinks, strict=True)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._abandon()
            return
        try:
            self._complete()
            self._stack.close()
        except BaseException:
            self._abandon()
            raise

    def _abandon(self) -> None:
        """Let go of everything; what is written so far is a draft that its owner removes."""
        stream = self._archive.fp
        if stream is not None:
            # What a closed archive still writes goes nowhere: on a full disk it would fail once more.
            self._archive.fp = io.BytesIO()
        try:
            if self._first is not None:
                self._first.close()
            self._stack.close()
        finally:
            if stream is not None:
                # The stream's own last bytes may not find room any more.
                with suppress(OSError):
                    stream.close()

    def _complete(self) -> None:
        assert self._first is not None, "it was begun"
        for sheet in self.sheets:
            sheet.finish()
        self._first.write(_end(self._layouts[0]).encode())
        self._first.close()
        for number, (layout, waiting) in enumerate(zip(self._layouts[1:], self._waiting, strict=True), 2):
            entry = self._entry(f"xl/worksheets/sheet{number}.xml")
            with self._archive.open(entry, "w", force_zip64=True) as part:
                part.write(_begin(layout).encode())
                for chunk in waiting.chunks():
                    part.write(chunk)
                part.write(_end(layout).encode())

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, self._time)
        entry.compress_type = zipfile.ZIP_DEFLATED
        return entry


class _Waiting:
    """The rows of a sheet whose turn has not come, compressed."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._packing = zlib.compressobj(_LEVEL)

    def write(self, content: bytes) -> None:
        """Keep the next rows."""
        self._stream.write(self._packing.compress(content))

    def chunks(self) -> Iterator[bytes]:
        """What was kept."""
        self._stream.write(self._packing.flush())
        self._stream.seek(0)
        unpacking = zlib.decompressobj()
        while chunk := self._stream.read(_CHUNK):
            yield unpacking.decompress(chunk)


def _unnamed(folder: Path) -> IO[bytes]:
    """A file that no program can open by a name and that is gone with this one."""
    return tempfile.TemporaryFile(dir=folder)


def _begin(layout: Layout) -> str:
    fitted = "" if layout.breaks_after else '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{column.width:g}"{_style(layout, column.kind)} customWidth="1"/>'
        for place, column in enumerate(layout.columns, 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}">{fitted}<sheetViews>{_view(layout)}</sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
    )


def _style(layout: Layout, kind: Kind) -> str:
    return f' style="{STYLES[kind]}"' if layout.is_form else ""


def _view(layout: Layout) -> str:
    if not layout.head_rows:
        return '<sheetView workbookViewId="0"/>'
    cell = f"{column_letter(layout.kept_columns)}{layout.head_rows + 1}"
    across = f'xSplit="{layout.kept_columns}" ' if layout.kept_columns else ""
    pane = "bottomRight" if layout.kept_columns else "bottomLeft"
    return (
        f'<sheetView workbookViewId="0"><pane {across}ySplit="{layout.head_rows}" topLeftCell="{cell}" '
        f'activePane="{pane}" state="frozen"/></sheetView>'
    )


def _end(layout: Layout) -> str:
    centred = "" if layout.breaks_after else '<printOptions horizontalCentered="1"/>'
    scale = 'scale="60"' if layout.breaks_after else 'fitToWidth="1" fitToHeight="0"'
    breaks = "".join(f'<brk id="{place}" max="16383" man="1"/>' for place in layout.breaks_after)
    count = len(layout.breaks_after)
    ends = f'<colBreaks count="{count}" manualBreakCount="{count}">{breaks}</colBreaks>' if count else ""
    return (
        f"</sheetData>{centred}"
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.75" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="9" {scale} orientation="landscape"/>'
        f"<headerFooter><oddFooter>&amp;L{escape(layout.name)}&amp;C第 &amp;P 页　共 &amp;N 页</oddFooter>"
        f"</headerFooter>{ends}</worksheet>"
    )


def _parts(layouts: Sequence[Layout], title: str, creator: str, made_at: datetime) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(layouts) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        for number in numbers
    )
    yield (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>{overrides}'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
            '<Override PartName="/docProps/core.xml" '
            'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
        ),
    )
    yield (
        "_rels/.rels",
        (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
            f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>'
        ),
    )
    yield (
        "docProps/core.xml",
        (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{_shown(title)}</dc:title><dc:creator>{_shown(creator)}</dc:creator>"
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{made_at:%Y-%m-%dT%H:%M:%S}Z</dcterms:created>'
            "</cp:coreProperties>"
        ),
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in numbers
        )
        + f'<Relationship Id="rId{len(layouts) + 1}" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    )
    sheets = "".join(
        f'<sheet name={quoteattr(layout.name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, layout in enumerate(layouts, 1)
    )
    yield (
        "xl/workbook.xml",
        (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><bookViews><workbookView/></bookViews>'
            f'<sheets>{sheets}</sheets>{_print_titles(layouts)}<calcPr calcId="191029" fullCalcOnLoad="1"/></workbook>'
        ),
    )
    yield "xl/styles.xml", _styles()


def _shown(words: str) -> str:
    return escape("".join(character if character.isprintable() else " " for character in words))


def _print_titles(layouts: Sequence[Layout]) -> str:
    names = ""
    for place, layout in enumerate(layouts):
        columns = f"'{layout.name}'!$A:${column_letter(layout.kept_columns - 1)}" if layout.kept_columns else ""
        rows = f"'{layout.name}'!$1:${layout.head_rows}" if layout.head_rows else ""
        where = ",".join(filter(None, (columns, rows)))
        if where:
            names += f'<definedName name="_xlnm.Print_Titles" localSheetId="{place}">{escape(where)}</definedName>'
    return f"<definedNames>{names}</definedNames>" if names else ""


def _styles() -> str:
    """Styles 0 to 4 as ``sheets`` numbers them, then one for each kind of column."""
    font = '<font>{0}<sz val="{1}"/><name val="宋体"/><family val="3"/><charset val="134"/></font>'
    fonts = [("", 10), ("<b/>", 14), ("<b/>", 10), ("", 8)]
    formats = {kind: (49 if kind.is_text else 164 + place) for place, kind in enumerate(Kind)}
    made = "".join(
        f'<numFmt numFmtId="{formats[kind]}" formatCode="{kind.value[0]}"/>' for kind in Kind if not kind.is_text
    )
    side = '<{0} style="thin"><color rgb="FF808080"/></{0}>'
    box = "".join(side.format(each) for each in ("left", "right", "top", "bottom"))
    cell = (
        '<xf numFmtId="{0}" fontId="{1}" fillId="{2}" borderId="{3}" xfId="0" applyNumberFormat="1" '
        'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">{4}</xf>'
    )
    centred = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
    cells = [
        cell.format(0, 0, 0, 0, ""),
        cell.format(0, 1, 0, 0, ""),
        cell.format(49, 0, 0, 0, ""),
        cell.format(49, 2, 2, 1, centred),
        cell.format(49, 3, 2, 1, centred),
    ]
    for kind in Kind:
        wrapped = ' wrapText="1"' if kind.is_text else ""
        indent = ' indent="1"' if kind is Kind.TEXT else ""
        alignment = f'<alignment horizontal="{kind.value[1]}" vertical="center"{wrapped}{indent}/>'
        cells.append(cell.format(formats[kind], 0, 0, 1, alignment))
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="{len(Kind) - 2}">{made}</numFmts>'
        f'<fonts count="{len(fonts)}">{"".join(font.format(*each) for each in fonts)}</fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
        "</fill>"
        '<fill><patternFill patternType="solid"><fgColor rgb="FFEDEDED"/></patternFill></fill></fills>'
        f'<borders count="2"><border><left/><right/><top/><bottom/></border><border>{box}</border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(cells)}">{"".join(cells)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
