"""What other desks do, shown with no key pressed: a thread waits on the ledger, and the page in front reads again."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from clerk_app.errors import ClerkError

if TYPE_CHECKING:
    from clerk_app.ledger.changes import Changes
    from clerk_app.ledger.ledger import Ledger

#: How long one wait lasts where nothing happens; closing the ledger ends it earlier.
_WAIT_SECONDS = 60.0
#: So that a busy office is read five times a second at most.
_REST_SECONDS = 0.2
#: Between two tries to reach a server that is gone.
_RETRY_SECONDS = 3.0


class OthersWatch(QObject):
    """Lets the page in front know that somebody has done something in the ledger.

    A page with a list that other desks change has a method ``others_changed``: it reads the list again beside the
    window, and leaves alone what is chosen and typed.

    Args:
        pages: The workbench's; one that comes to the front may have missed something.
    """

    #: Somebody, this desk included, has done something; in the window's thread.
    changed = Signal()

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__(pages)
        self._pages = pages
        self.changed.connect(self._tell)
        pages.currentChanged.connect(self._tell)

    def follow(self, ledger: Ledger) -> None:
        """Listen until the ledger is closed. Nothing here waits for the ledger or its server."""
        Thread(target=_listen, args=(ledger.changes(), self.changed.emit), name="others", daemon=True).start()

    def _tell(self) -> None:
        tell = getattr(self._pages.currentWidget(), "others_changed", None)
        if tell is not None:
            tell()


def _listen(changes: Changes, emit: Callable[[], None]) -> None:
    """Wait and tell, in a thread of its own, until the ledger is closed or the window is gone."""
    while not changes.is_closed:
        try:
            if changes.wait(_WAIT_SECONDS):
                emit()
                changes.pause(_REST_SECONDS)
        except ClerkError:
            # The lists stay as they are; the clerk is told with the next act.
            changes.pause(_RETRY_SECONDS)
        except RuntimeError:
            # The window has gone before its ledger.
            changes.close()
