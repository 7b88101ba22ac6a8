"""Where the ledger is asked: never in the window's thread while it deals with an event, however quick the answer is."""

from __future__ import annotations

import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.engine import Engine

import clerk_app

if TYPE_CHECKING:
    from tests.desktop.watched import WatchedApplication

_PROGRAM = Path(clerk_app.__file__).parent
#: So much of the way to a statement is told.
_STEPS = 6


class AskedInWindow:
    """Notes each statement that the window's thread has sent to a database in the middle of an event.

    What a test itself asks the ledger between two events is no matter of the window's.
    """

    def __init__(self, application: WatchedApplication) -> None:
        self._application = application
        self.found: list[str] = []
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, *_statement: object) -> None:
        if threading.current_thread() is not threading.main_thread() or not self._application.is_at_work:
            return
        frames = [(Path(each.filename), each.name) for each in traceback.extract_stack()]
        own = [f"{path.relative_to(_PROGRAM)}:{name}" for path, name in frames if path.is_relative_to(_PROGRAM)]
        self.found.append(" > ".join(own[-_STEPS:]))

    def forget(self) -> None:
        """Begin anew."""
        self.found.clear()
