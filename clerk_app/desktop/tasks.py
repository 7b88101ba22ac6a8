"""Long work beside the window: it reports, can be cancelled, and hands its result back to the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from PySide6.QtCore import QCoreApplication, QObject, QThreadPool, Signal

from clerk_app import logs
from clerk_app.errors import ClerkError
from clerk_app.jobs import Cancelled, Progress


class BackgroundTask(QObject):
    """One run of a function in the thread pool.

    The application is its parent: an object that only Python owns may be destroyed in the thread that works.

    Args:
        work: Takes a ``Progress``; what it returns comes with ``finished``.
    """

    progressed = Signal(int, int)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    #: After any of the three ends.
    ended = Signal()

    def __init__(self, work: Callable[[Progress], object]) -> None:
        super().__init__(QCoreApplication.instance())
        self._work = work
        self._stop = Event()
        self.ended.connect(self.deleteLater)

    def start(self, pool: QThreadPool | None = None) -> None:
        """Begin, in the pool of the whole program or in one that lets nothing else wait."""
        (pool or QThreadPool.globalInstance()).start(self._run)

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    def _run(self) -> None:
        progress = Progress(self.progressed.emit, self._stop.is_set)
        try:
            result = self._work(progress)
        except Cancelled:
            self.cancelled.emit()
        except ClerkError as error:
            self.failed.emit(error)
        except Exception as error:  # noqa: BLE001 -- a bug in a thread would vanish; it is reported like any other
            self.failed.emit(ClerkError("unexpected", report=logs.report(error)))
        else:
            self.finished.emit(result)
        self.ended.emit()
