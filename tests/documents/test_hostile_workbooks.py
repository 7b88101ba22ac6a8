"""Workbooks that were damaged, lie about themselves, or mean harm: no crash, no hang, no row lost in silence."""

from __future__ import annotations

import io
import random
import re
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from clerk_app.documents.import_sheets import CLAIMS, TypedRow, read_typed, write_template
from clerk_app.documents.reading_room import ReadingRoom
from clerk_app.documents.sheet_xml import Limit, Row, SheetReader
from clerk_app.documents.workbook_reading import TYPED, Limits, open_workbook
from clerk_app.errors import ClerkError

#: A file may take as long; the machine that runs the tests has others to serve.
SECONDS = 5.0
ROWS = 12
#: What the room says of a reader that did not refuse but failed.
CRASHED = re.compile(r"\w*(Error|Exception)|process|memory")
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A filled template as a spreadsheet program saves it."""
    target = tmp_path_factory.mktemp("sound") / "in.xlsx"
    write_template(CLAIMS, target, datetime(2026, 11, 22))  # noqa: DTZ001 -- local
    book = openpyxl.load_workbook(target)
    for number in range(ROWS):
        for place, column in enumerate(CLAIMS.columns, 1):
            book.worksheets[0].cell(4 + number, place).value = f"{column.head}{number}" if column.is_needed else None
    book.save(target)
    found = parts(target.read_bytes())
    # Its time of writing would make other mutations of it in every run.
    found["docProps/core.xml"] = b"<x/>"
    return packed(found)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, part)
    return target.getvalue()


def with_sheet(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    found = parts(content)
    found[SHEET] = change(found[SHEET])
    return packed(found)


def doubled(content: bytes) -> bytes:
    """With a second sheet of the same name, of which every program takes another one."""
    target = io.BytesIO(content)
    with warnings.catch_warnings(), zipfile.ZipFile(target, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(SHEET, parts(content)[SHEET].replace("姓名0".encode(), "别人".encode()))
    return target.getvalue()


# -- Lies and bombs ------------------------------------------------------------------------------------------------


def bombs(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Files that are refused, each for a reason of its own."""
    yield "an empty file", b""
    yield "no archive", b"PK\x03\x04" + bytes(200)
    further = int.from_bytes(content[-6:-2], "little") + 100
    yield "parts that begin before the file", content[:-6] + further.to_bytes(4, "little") + content[-2:]
    yield "half a file", content[: len(content) // 2]
    yield "a zip bomb", with_sheet(content, lambda sheet: sheet + b" " * 80_000_000)
    yield "a bomb that would just fit", with_sheet(content, lambda sheet: sheet + b" " * 40_000_000)
    many = parts(content) | {f"x/{number}": b"" for number in range(500)}
    yield "very many parts", packed(many)
    yield "a part twice", doubled(content)
    entity = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    yield "entities", with_sheet(content, lambda sheet: entity + sheet.removeprefix(b"<?xml"))
    yield "a document type", with_sheet(content, lambda sheet: b'<!DOCTYPE w SYSTEM "file:///etc/passwd">' + sheet)
    yield "a row far away", with_sheet(content, lambda sheet: _renumbered(sheet, 15, 1_048_577))
    yield "more rows than a form has", with_sheet(content, lambda sheet: _renumbered(sheet, 15, 10_001))
    yield "a row before another", with_sheet(content, lambda sheet: _renumbered(sheet, 6, 4))
    yield "a row twice", with_sheet(content, lambda sheet: _renumbered(sheet, 6, 5))
    yield "a column far away", with_sheet(content, lambda sheet: sheet.replace(b'<c r="C5"', b'<c r="XFD5"'))
    yield "a cell of another row", with_sheet(content, lambda sheet: sheet.replace(b'<c r="C5"', b'<c r="B9"'))
    yield "a cell twice", with_sheet(content, lambda sheet: sheet.replace(b'<c r="C5"', b'<c r="A5"'))
    yield (
        "a text out of the table",
        with_sheet(
            content, lambda sheet: re.sub(rb't="inlineStr"><is><t>[^<]*</t></is>', b't="s"><v>99999</v>', sheet)
        ),
    )
    deep = b"<x>" * 200 + b"</x>" * 200
    yield "deep nesting", with_sheet(content, lambda sheet: sheet.replace(b"</sheetData>", deep + b"</sheetData>"))
    yield "a long text", with_sheet(content, lambda sheet: sheet.replace("姓名0".encode(), b"x" * 40_000))
    yield "another encoding", with_sheet(content, lambda sheet: sheet.replace("姓名0".encode(), b"\xff\xfe\xff"))
    without = parts(content)
    del without[SHEET]
    yield "a sheet that is not there", packed(without)


def _renumbered(sheet: bytes, row: int, other: int) -> bytes:
    """The sheet with a row and its cells under another number."""
    return re.sub(rb' r="([A-Z]*)%d"' % row, rb' r="\g<1>%d"' % other, sheet)


def test_lies_and_bombs_are_refused_in_a_sentence(sound: bytes, tmp_path: Path) -> None:
    with ReadingRoom(seconds=SECONDS, memory_mib=512) as room:
        for what, content in bombs(sound):
            assert content != packed(parts(sound)), what
            (tmp_path / "in.xlsx").write_bytes(content)
            begun = time.monotonic()
            with pytest.raises(ClerkError) as caught:
                room.ask(read_typed, tmp_path / "in.xlsx", CLAIMS)
            assert caught.value.code in ("workbook_unreadable", "workbook_too_large"), what
            assert not CRASHED.fullmatch(str(caught.value.details.get("reason"))), what
            assert time.monotonic() - begun < 60, what


def rows_within(content: bytes, limits: Limits) -> int:
    with open_workbook(content, limits) as book:
        return sum(1 for _row in book.rows(book.sheets[0]))


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        *(("file_bytes", 1_000), ("parts", 3), ("unpacked_bytes", 1_900_000), ("ratio", 1), ("rows", ROWS)),
        *(("cells", 20), ("columns", 5), ("text", 3), ("shared_characters", 3)),
    ],
)
def test_each_limit_alone_refuses_what_is_beyond_it(sound: bytes, name: str, limit: int) -> None:
    padded = with_sheet(sound, lambda sheet: sheet + b" " * 2_000_000)
    content = packed(parts(padded) | {"xl/sharedStrings.xml": b"<sst><si><t>" + b"x" * 20 + b"</t></si></sst>"})
    assert rows_within(content, TYPED) > ROWS
    with pytest.raises(ClerkError, match="workbook_too_large"):
        rows_within(content, replace(TYPED, **{name: limit}))


def test_a_sheet_that_lies_about_its_size_loses_no_row(sound: bytes, tmp_path: Path) -> None:
    for lie in (b"A1", b"A1:A2", b"A1:XFD1048576"):
        target = tmp_path / "in.xlsx"
        changed = with_sheet(
            sound, lambda sheet, lie=lie: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="%s"' % lie, sheet)
        )  # type: ignore[misc]
        target.write_bytes(changed)
        assert b'ref="%s"' % lie in parts(changed)[SHEET]
        assert len(read_typed(target, CLAIMS)) == ROWS


def test_a_part_that_unpacks_to_more_than_it_says_is_stopped(sound: bytes, tmp_path: Path) -> None:
    content = bytearray(with_sheet(sound, lambda sheet: sheet + b" " * 9_000_000))
    size = len(parts(bytes(content))[SHEET])
    for place in [match.start() for match in re.finditer(re.escape(size.to_bytes(4, "little")), bytes(content))]:
        content[place : place + 4] = (1_000).to_bytes(4, "little")
    target = tmp_path / "in.xlsx"
    target.write_bytes(content)

    with pytest.raises(ClerkError, match="workbook_"):
        read_typed(target, CLAIMS)


# -- Mutations -----------------------------------------------------------------------------------------------------


def mutated(content: bytes, chance: random.Random) -> bytes:
    """One thing changed: bytes of the archive, or of one of its parts under a true checksum."""
    if chance.random() < 0.3:
        return _scrambled(content, chance)
    found = parts(content)
    name = chance.choice([SHEET, SHEET, SHEET, *found])
    return packed(found | {name: mutated_part(found[name], chance)})


def mutated_part(part: bytes, chance: random.Random) -> bytes:
    """XML with one thing changed."""
    way = chance.randrange(6)
    if way == 0:
        return _scrambled(part, chance)
    if way == 1:
        return part[: chance.randrange(len(part) + 1)]
    tags = [match.span() for match in re.finditer(rb"<[^>]*>", part)]
    start, end = chance.choice(tags)
    tag = part[start:end]
    instead = {
        2: b"",
        3: tag * chance.choice((2, 50)),
        4: chance.choice((b"<!--", b"<![CDATA[", b"<?x?>", b"<!DOCTYPE a>", b"&a;", b"\x00", b"<row>", b"</row>")),
        5: re.sub(rb'"[^"]*"', b'"%d"' % chance.choice((-1, 0, 7, 2**31, 10**30)), tag, count=1),
    }[way]
    return part[:start] + instead + part[end:]


def _scrambled(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _byte in range(chance.choice((1, 1, 4, 40))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def full_rows(content: bytes) -> int:
    """Rows of the sheet that say something, counted by nothing but their tags; -1 where that is not so simple."""
    try:
        sheet = parts(content)[SHEET]
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        return -1
    if b"<!" in sheet or sheet.count(b"<row") != sheet.count(b"</row>"):
        return -1
    return sum(b"<t>" in row or b"<v>" in row for row in sheet.split(b"<row")[1:])


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.full)])
def test_malformed_workbooks_neither_crash_nor_hang_nor_lose_a_row(sound: bytes, tmp_path: Path, count: int) -> None:
    seed = 20261122
    chance = random.Random(seed)  # noqa: S311 -- the same files every time
    target = tmp_path / "in.xlsx"
    headings = full_rows(sound) - ROWS
    read = refused = 0
    slowest = 0.0
    with ReadingRoom(seconds=60, memory_mib=512) as room:
        target.write_bytes(sound)
        assert len(room.ask(read_typed, target, CLAIMS)) == ROWS, "the room is furnished before a clock runs"
        for number in range(count):
            content = mutated(sound, chance)
            target.write_bytes(content)
            begun = time.monotonic()
            rows, error = _asked(room, target)
            slowest = max(slowest, time.monotonic() - begun)
            if error is not None:
                assert error.code.startswith(("workbook_un", "workbook_too", "import_")), (seed, number, error.code)
                assert not CRASHED.fullmatch(str(error.details.get("reason"))), (seed, number)
                refused += 1
                continue
            read += 1
            simple = full_rows(content)
            assert simple < 0 or len(rows) >= min(simple - headings, ROWS) or _says_less(content), (
                seed,
                number,
                len(rows),
            )
    assert read > count // 20
    assert refused > count // 20
    assert slowest < SECONDS


def _asked(room: ReadingRoom, target: Path) -> tuple[list[TypedRow], ClerkError | None]:
    try:
        return room.ask(read_typed, target, CLAIMS), None
    except ClerkError as error:
        return [], error


def _says_less(content: bytes) -> bool:
    """Whether the change itself made a row say nothing, as a full reader of XML has it."""
    rows: list[Row] = list(SheetReader([], LIMIT)._fully(iter([parts(content)[SHEET]])))
    said = sum(any(value.strip() for value in row.values) for row in rows)
    return said < full_rows(content)


LIMIT = Limit(2_000_000, 20_000, 10_000_000, 100_000)
READER = SheetReader([f"t{place}" for place in range(20)], LIMIT)


@pytest.mark.parametrize("count", [500, pytest.param(20_000, marks=pytest.mark.full)])
def test_the_quick_way_and_the_full_reader_give_the_same_rows(sound: bytes, count: int) -> None:
    chance = random.Random(7)  # noqa: S311 -- as above
    sheet = parts(sound)[SHEET]
    compared = 0
    for number in range(count):
        content = mutated_part(sheet, chance) if number else sheet
        full = _all(READER._checked(READER._fully(iter([content]))))
        pieces = [content[at : at + 997] for at in range(0, len(content), 997)]
        quick = _all(READER.rows(lambda pieces=pieces: iter(pieces)))  # type: ignore[misc]
        assert quick == full, number
        compared += full is not None
    assert compared > count // 10


def test_what_spreadsheet_programs_write_is_read_the_quick_way(sound: bytes) -> None:
    sheet = parts(sound)[SHEET]

    assert _all(READER._quickly(iter([sheet]))) == _all(READER._fully(iter([sheet])))


def _all(rows: Iterator[Row]) -> list[tuple[object, ...]] | None:
    """Every row as plain values; None where the sheet is refused."""
    try:
        return [(row.number, list(row.columns), list(row.kinds), list(row.values), list(row.formulas)) for row in rows]
    except ClerkError:
        return None
