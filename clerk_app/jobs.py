"""Long work that can be watched and cancelled, and files that are whole or not there at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from clerk_app.errors import ClerkError


class Cancelled(Exception):  # noqa: N818 -- somebody's wish, not an error
    """The user asked a long job to stop; nothing of it is left behind."""


class Progress:
    """What a long job reports to and asks whether to go on.

    The base class listens to nobody and never cancels; the desktop passes its own ``report`` and ``cancelled``.
    """

    def __init__(
        self,
        report: Callable[[int, int], None] = lambda _done, _total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._report = report
        self._cancelled = cancelled
        self._last_percent = -1

    def step(self, done: int, total: int) -> None:
        """Say how far the job is; thinned to whole percents, for a signal per row floods the window.

        Raises:
            Cancelled: The user asked to stop.
        """
        if self._cancelled():
            raise Cancelled
        percent = 100 * done // total if total else 100
        if percent != self._last_percent:
            self._last_percent = percent
            self._report(done, total)


@contextlib.contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a path beside the target to write to; on success it becomes the target, else nothing is left.

    The content and then the folder are synced, so that after a power cut the old or the new file is there, whole.

    Raises:
        ClerkError: ``file_not_written``, the folder is missing, read-only or full, or the file is open elsewhere;
            ``memory_short``.
    """
    draft: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        os.close(handle)
        draft = Path(name)
        yield draft
        with draft.open("rb+") as written:
            os.fsync(written.fileno())
        draft.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise ClerkError("file_not_written", file=str(target), reason=error.strerror or str(error)) from error
    except MemoryError as error:
        raise ClerkError("memory_short") from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


@contextlib.contextmanager
def new_ledger_file(target: Path) -> Iterator[Path]:
    """Give a path beside the target for a database that is being founded; closed, it becomes the target.

    A program that dies on the way leaves no half-made ledger under the name that the next start opens.

    Raises:
        ClerkError: ``file_there``, a ledger is never written over; ``file_not_written``.
    """
    if target.exists():
        raise ClerkError("file_there", file=str(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix=f".{target.stem}.", dir=target.parent) as folder:
            draft = Path(folder) / target.name
            yield draft
            draft.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise ClerkError("file_not_written", file=str(target), reason=error.strerror or str(error)) from error


def sync_folder(folder: Path) -> None:
    """Put a folder's list of names on the disk, so that a new file is still found after a power cut."""
    if os.name == "nt":  # Windows cannot open a folder for syncing; its rename is journalled.
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
