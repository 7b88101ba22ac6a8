"""Read a workbook that somebody sent: within limits that are checked first, every row accounted for, nothing else.

A workbook is an archive of XML files. Its size, its parts, what they unpack to, its rows and cells are bounded before
they are believed; document types and entities are refused. Rows as spreadsheet programs write them are read by their
pattern; a sheet with anything else in it goes through a full XML reader, which is slower and gives the same rows.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, NamedTuple
from xml.parsers import expat

from clerk_app.documents.sheet_xml import Limit, Row, SheetReader, safe_parser
from clerk_app.errors import ClerkError
from clerk_app.wording import _

_CHUNK = 1 << 17
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may come to; the defaults hold a month of a large office.

    Attributes:
        unpacked_bytes: Of all parts together.
        shared_characters: Of the table of texts that cells point into.
    """

    file_bytes: int = 200_000_000
    parts: int = 200
    unpacked_bytes: int = 4_000_000_000
    ratio: int = 400
    rows: int = 1_048_576
    cells: int = 60_000_000
    columns: int = 256
    text: int = 32_767
    shared_characters: int = 100_000_000


#: What somebody types into a template is a small file.
TYPED = Limits(
    file_bytes=5_000_000,
    unpacked_bytes=60_000_000,
    rows=10_000,
    cells=400_000,
    columns=64,
    shared_characters=5_000_000,
)


#: A list that a head office publishes, an area's drugs and services.
LISTED = Limits(
    file_bytes=30_000_000,
    unpacked_bytes=400_000_000,
    rows=250_000,
    cells=5_000_000,
    columns=64,
    shared_characters=50_000_000,
)


class SheetPart(NamedTuple):
    """A sheet and where its rows are."""

    name: str
    part: str


class WorkbookReader:
    """One open workbook; made by ``open_workbook``.

    Attributes:
        sheets: In the order of the tabs.
        comment: What stands behind the archive.
    """

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive = archive
        self.comment = archive.comment
        self._limits = limits
        self._left = limits.unpacked_bytes
        self._check_parts()
        self.sheets = self._sheets()
        self._shared: list[str] | None = None

    def rows(self, sheet: SheetPart) -> Iterator[Row]:
        """The rows of a sheet in their order; rows that a file leaves out are left out.

        Raises:
            ClerkError: ``workbook_unreadable``, ``workbook_too_large``.
        """
        if self._shared is None:
            self._shared = self._shared_texts()
        limits = self._limits
        limit = Limit(limits.rows, limits.columns, limits.cells, limits.text)
        return SheetReader(self._shared, limit).rows(lambda: self._chunks(sheet.part))

    def _check_parts(self) -> None:
        entries = self._archive.infolist()
        names = [entry.filename for entry in entries]
        if len(entries) > self._limits.parts or len(set(names)) != len(names):
            raise ClerkError("workbook_too_large", what=_("文件中的部件数"), limit=self._limits.parts)
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if unpacked > self._limits.unpacked_bytes or unpacked > 1_000_000 + packed * self._limits.ratio:
            limit = self._limits.unpacked_bytes // 1_000_000
            raise ClerkError("workbook_too_large", what=_("解压后的大小（MB）"), limit=limit)
        for entry in entries:
            if entry.flag_bits & 0x1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ClerkError("workbook_unreadable", reason=entry.filename)

    def _sheets(self) -> tuple[SheetPart, ...]:
        targets = {
            given["Id"]: given.get("Target", "")
            for name, given in self._elements("xl/_rels/workbook.xml.rels")
            if name == "Relationship" and "Id" in given
        }
        found = []
        for name, given in self._elements("xl/workbook.xml"):
            if name == "sheet":
                identity = given.get(f"{_RELATION} id") or given.get(f"{_STRICT_RELATION} id", "")
                target = targets.get(identity, "")
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if part not in self._archive.NameToInfo:
                    raise ClerkError("workbook_unreadable", reason=part)
                found.append(SheetPart(given.get("name", ""), part))
        if not found or len({sheet.name for sheet in found}) != len(found):
            raise ClerkError("workbook_unreadable", reason="xl/workbook.xml")
        return tuple(found)

    def _elements(self, part: str) -> list[tuple[str, Mapping[str, str]]]:
        """Every element of a small part without its namespace, and its attributes."""
        if part not in self._archive.NameToInfo:
            raise ClerkError("workbook_unreadable", reason=part)
        found: list[tuple[str, Mapping[str, str]]] = []
        parser = safe_parser()
        parser.StartElementHandler = lambda name, given: found.append((name.rpartition(" ")[2], given))
        self._parse(parser, part)
        return found

    def _shared_texts(self) -> list[str]:
        """The table of texts; what is read aloud to a text (phonetic runs) is no part of it."""
        part = "xl/sharedStrings.xml"
        if part not in self._archive.NameToInfo:
            return []
        texts: list[str] = []
        table = _SharedTexts(texts, self._limits)
        parser = safe_parser()
        parser.StartElementHandler, parser.EndElementHandler = table.start, table.end
        parser.CharacterDataHandler = table.characters
        self._parse(parser, part)
        return texts

    def _parse(self, parser: expat.XMLParserType, part: str) -> None:
        try:
            for chunk in self._chunks(part):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise ClerkError("workbook_unreadable", reason=f"{part}: {error}") from error

    def _chunks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, counted as they come: what an archive says of itself is not believed."""
        with self._archive.open(part) as stream:
            while chunk := _read(stream, part):
                self._left -= len(chunk)
                if self._left < 0:
                    limit = self._limits.unpacked_bytes // 1_000_000
                    raise ClerkError("workbook_too_large", what=_("解压后的大小（MB）"), limit=limit)
                yield chunk


class _SharedTexts:
    """Collects the table of shared texts."""

    def __init__(self, texts: list[str], limits: Limits) -> None:
        self._texts = texts
        self._limits = limits
        self._left = limits.shared_characters
        self._parts: list[str] = []
        self._is_text = False
        self._aloud = 0

    def start(self, name: str, _given: Mapping[str, str]) -> None:
        """An element begins."""
        plain = name.rpartition(" ")[2]
        self._is_text = plain == "t" and not self._aloud
        self._aloud += plain == "rPh"
        if plain == "si":
            self._parts.clear()

    def end(self, name: str) -> None:
        """An element ends."""
        plain = name.rpartition(" ")[2]
        self._is_text = False
        self._aloud -= plain == "rPh"
        if plain == "si":
            self._texts.append("".join(self._parts))

    def characters(self, text: str) -> None:
        """Text between elements."""
        if self._is_text:
            self._left -= len(text)
            if self._left < 0:
                raise ClerkError("workbook_too_large", what=_("文字总长"), limit=self._limits.shared_characters)
            self._parts.append(text)


def plain_number(value: str) -> str:
    """A number as it was typed: a spreadsheet keeps 1234.56 as the nearest binary number, and writes that one.

    Returns:
        With five places at the most, where less than a thousandth of a fen is left away; empty for what is no number.
    """
    try:
        number = Decimal(value)
    except InvalidOperation:
        return ""
    if not number.is_finite() or abs(number) > _LARGEST:
        return ""
    return f"{number.quantize(_PLACES).normalize():f}"


_LARGEST = 10**15
_PLACES = Decimal("0.00001")


@contextmanager
def open_workbook(source: Path | bytes, limits: Limits) -> Iterator[WorkbookReader]:
    """Open a workbook, its limits checked.

    Args:
        source: A file, or what stands in one.

    Raises:
        ClerkError: ``workbook_unreadable``, ``workbook_too_large``, ``file_unreadable``.
    """
    try:
        stream: IO[bytes] = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    except OSError as error:
        raise ClerkError("file_unreadable", reason=error.strerror or str(error)) from error
    with stream:
        if stream.seek(0, 2) > limits.file_bytes:
            raise ClerkError("workbook_too_large", what=_("文件大小（MB）"), limit=limits.file_bytes // 1_000_000)
        try:
            with zipfile.ZipFile(stream) as archive:
                yield WorkbookReader(archive, limits)
        except _BROKEN as error:
            raise ClerkError("workbook_unreadable", reason=str(error)) from error


#: What an archive that is none makes of whoever reads it; one that points before its own beginning is an ``OSError``.
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


def _read(stream: IO[bytes], part: str) -> bytes:
    try:
        return stream.read(_CHUNK)
    except _BROKEN as error:
        raise ClerkError("workbook_unreadable", reason=f"{part}: {error}") from error
