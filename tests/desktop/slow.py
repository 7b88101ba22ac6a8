"""A ledger and a disk that answer nobody for a while: what a page asks of them meanwhile, it asks beside the window."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event

#: Nobody is held for longer, whatever a test forgets.
_LONGEST_SECONDS = 20
_FOLDERS = frozenset({"os.listdir", "os.scandir"})
_OFFICES_FILES = ".yaml"


class Slow:
    """What was asked while nothing was answered.

    Attributes:
        asked_by_window: Where the window's own thread asked, which would have held it.
        asked_beside: How often another thread has asked.
    """

    def __init__(self) -> None:
        self.asked_by_window: list[str] = []
        self.asked_beside = 0
        self._answers = threading.Event()

    def answer(self) -> None:
        """Let everybody have an answer from now on."""
        self._answers.set()

    def hold(self) -> None:
        """Keep whoever asks waiting; the window's thread is noted instead."""
        if self._answers.is_set():
            return
        if threading.current_thread() is threading.main_thread():
            called = [frame for frame in traceback.extract_stack() if "/clerk_app/" in frame.filename]
            self.asked_by_window.append(" > ".join(frame.name for frame in called))
        else:
            self.asked_beside += 1
            self._answers.wait(_LONGEST_SECONDS)


#: What holds now. Whoever listens to ledgers and to the system once, listens for good.
_now: list[Slow] = []


@contextmanager
def slow() -> Iterator[Slow]:
    """Let no ledger begin a transaction, no folder be listed and no policy be opened, till ``answer`` or the end."""
    held = Slow()
    _now.append(held)
    try:
        yield held
    finally:
        held.answer()
        _now.remove(held)


@event.listens_for(Engine, "begin")
def _transaction_begins(_connection: Connection) -> None:
    for held in tuple(_now):
        held.hold()


def _system_called(name: str, arguments: tuple[object, ...]) -> None:
    if _now and (name in _FOLDERS or (name == "open" and str(arguments[0]).endswith(_OFFICES_FILES))):
        for held in tuple(_now):
            held.hold()


sys.addaudithook(_system_called)
