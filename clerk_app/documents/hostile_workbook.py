"""Read the cells of a workbook that anybody may have made, without ever hanging, swelling or losing a row unseen.

Five kilobytes of workbook can keep a reader busy for hours, and a sheet that lies about its size loses rows. The file
is measured before it is opened; a process of its own, with little time and memory, opens it and hands over text.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import sys
import time
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path

from openpyxl import load_workbook

from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress

if sys.platform != "win32":
    import resource

MOST_BYTES = 30 * 2**20
MOST_UNPACKED_BYTES = 400 * 2**20
MOST_PARTS = 2_000
MOST_ROWS = 250_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 1_000
_MOST_SECONDS = 120.0
_MEMORY_BYTES = 1536 * 2**20
#: Rows that come over at once.
_BATCH = 2_000
_POLL_SECONDS = 0.1


def rows_of(path: Path, progress: Progress | None = None, most_seconds: float = _MOST_SECONDS) -> list[list[str]]:
    """Every row of the first sheet as texts, blank ones too, so that numbers of rows are those that Excel shows.

    Raises:
        ClerkError: ``workbook_unreadable``, ``workbook_too_large``, ``workbook_too_slow``.
        Cancelled: The user asked to stop.
    """
    _measure(path)
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    reader = context.Process(target=_read, args=(str(path), sending), daemon=True)
    reader.start()
    sending.close()
    try:
        return _received(receiving, path, progress or Progress(), time.monotonic() + most_seconds)
    finally:
        receiving.close()
        if reader.is_alive():
            reader.kill()
        reader.join()


def _measure(path: Path) -> None:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ClerkError("workbook_too_large", file=path.name)
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise ClerkError("workbook_unreadable", file=path.name) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise ClerkError("workbook_too_large", file=path.name)


def _received(receiving: Connection, path: Path, progress: Progress, give_up_at: float) -> list[list[str]]:
    rows: list[list[str]] = []
    while True:
        progress.step(len(rows), MOST_ROWS)
        if time.monotonic() > give_up_at:
            raise ClerkError("workbook_too_slow", file=path.name)
        if not receiving.poll(_POLL_SECONDS):
            continue
        try:
            kind, content = json.loads(receiving.recv_bytes())
        except (EOFError, OSError, ValueError) as error:
            # It was stopped: out of memory, or out of time.
            raise ClerkError("workbook_unreadable", file=path.name) from error
        if kind == "rows":
            rows += content
        elif kind == "end":
            return rows
        else:
            raise ClerkError(str(content), file=path.name)


def _read(path: str, sending: Connection) -> None:
    """What the other process does."""
    _limit()
    try:
        batch: list[list[str]] = []
        for count, row in enumerate(_cells(path), start=1):
            if count > MOST_ROWS:
                _send(sending, "failed", "workbook_too_large")
                return
            batch.append(row)
            if len(batch) == _BATCH:
                _send(sending, "rows", batch)
                batch = []
        _send(sending, "rows", batch)
        _send(sending, "end", "")
    except MemoryError:
        _send(sending, "failed", "workbook_too_large")
    except Exception:  # noqa: BLE001 -- whatever breaks in a foreign file, the file is what is wrong
        _send(sending, "failed", "workbook_unreadable")


def _cells(path: str) -> Iterator[list[str]]:
    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    sheet = book.worksheets[0]
    # What the sheet says of its own size is not believed.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
        yield [_text(value) for value in row]


def _text(value: object) -> str:
    """A cell as text; numbers as their shortest decimal, which is what was typed."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    return str(value).strip()[:MOST_CHARACTERS]


def _send(sending: Connection, kind: str, content: object) -> None:
    with contextlib.suppress(OSError):
        sending.send_bytes(json.dumps([kind, content]).encode())


def _limit() -> None:
    """Little memory and time for this process alone; where the system knows no limits, the parent's clock holds."""
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    seconds = int(_MOST_SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
