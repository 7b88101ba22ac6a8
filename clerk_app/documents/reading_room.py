"""A process of its own in which files from elsewhere are read: with little memory, and not for long.

What a file does to its reader there ends there. The room is furnished once and reads many files; one in which the
reader died or took too long is left and another is furnished.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Any, Self, TypeVar

from clerk_app.errors import ClerkError
from clerk_app.jobs import Cancelled, Progress
from clerk_app.wording import language_in_use, use_language

_Result = TypeVar("_Result")
#: Beside the reader's own time: a process begins and reads its libraries.
_SECONDS_TO_FURNISH = 30.0
_MIB = 1 << 20
_POLL_SECONDS = 0.1


class ReadingRoom:
    """Asks another process to read.

    Args:
        seconds: For one file.
        memory_mib: Address space of the process, where the system can bound it.
    """

    def __init__(self, seconds: float = 60.0, memory_mib: int = 1_024) -> None:
        self._seconds = seconds
        self._memory_mib = memory_mib
        self._process: SpawnProcess | None = None
        self._line: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.leave()

    def ask(self, work: Callable[..., _Result], *given: object, progress: Progress | None = None) -> _Result:
        """Have something read; ``work`` is a function of a module, and what it takes and gives can be sent.

        Raises:
            Cancelled: As asked; the process is left then.
            ClerkError: As ``work`` raises; ``workbook_takes_too_long``; ``workbook_unreadable``, the reader died.
        """
        line = self._furnished()
        try:
            line.send((language_in_use(), work, given))
            self._wait(line, progress or Progress())
            answer = line.recv()
        except (EOFError, OSError) as error:
            self.leave()
            raise ClerkError("workbook_unreadable", reason="process") from error
        kind, told = answer
        if kind == "refused":
            raise ClerkError(told[0], **told[1])
        if kind == "broken":
            self.leave()
            raise ClerkError("workbook_unreadable", reason=told)
        result: _Result = told
        return result

    def _wait(self, line: Connection, progress: Progress) -> None:
        give_up_at = time.monotonic() + self._seconds
        try:
            progress.step(0, 1)
            while not line.poll(_POLL_SECONDS):
                progress.step(0, 1)
                if time.monotonic() > give_up_at:
                    raise ClerkError("workbook_takes_too_long", seconds=round(self._seconds))
        except (Cancelled, ClerkError):
            self.leave()
            raise

    def leave(self) -> None:
        """End the process, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._line is not None:
            self._line.close()
        self._process = self._line = None

    def _furnished(self) -> Connection:
        if self._line is None:
            context = multiprocessing.get_context("spawn")
            self._line, theirs = context.Pipe()
            self._process = context.Process(target=_read_what_comes, args=(theirs, self._memory_mib), daemon=True)
            self._process.start()
            theirs.close()
            if not self._line.poll(_SECONDS_TO_FURNISH):
                self.leave()
                raise ClerkError("workbook_takes_too_long", seconds=round(_SECONDS_TO_FURNISH))
            self._line.recv()
        return self._line


def _read_what_comes(line: Connection, memory_mib: int) -> None:
    _bound_memory(memory_mib * _MIB)
    line.send("ready")
    while True:
        try:
            language, work, given = line.recv()
        except (EOFError, OSError):
            return
        use_language(language)
        line.send(_answer(work, given))


def _answer(work: Callable[..., object], given: tuple[object, ...]) -> tuple[str, Any]:
    try:
        return "done", work(*given)
    except ClerkError as error:
        return "refused", (error.code, error.details)
    except MemoryError:
        return "broken", "memory"
    except Exception as error:  # noqa: BLE001 -- whatever a hostile file provokes is said of the file
        return "broken", type(error).__name__


def _bound_memory(limit_bytes: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 -- not on Windows

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
