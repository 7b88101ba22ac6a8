"""Long work beside the window: it reports, can be cancelled, and hands its result back to the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from PySide6 import QtCore
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
    #: Everybody has been told by then.
    _over = Signal()

    def __init__(self, work: Callable[[Progress], object]) -> None:
        super().__init__(QCoreApplication.instance())
        self._work = work
        self._stop = Event()
        self._over.connect(self.deleteLater)

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
        # The window's thread removes it, behind the signals: what waits for a task that is gone is never delivered.
        self._over.emit()


class Acts(QObject):
    """What this desk writes in the ledger: one act after the other, in the order in which they were asked for.

    A claim is saved before it is handed in and laid down before it is taken up again, whoever holds the ledger's lock
    meanwhile; and the password that confirms one act is not used up by another.
    """

    #: Every act that was asked for has ended, and the window knows how.
    rested = Signal()
    #: Why something was not done, where the window that asked for it is gone.
    left_behind = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._under_way = 0

    def start(self, task: BackgroundTask) -> None:
        """Begin as soon as the acts before have ended."""
        self._begin(task, self._pool)

    def start_beside(self, task: BackgroundTask) -> None:
        """Begin at once what writes nothing, but has to end before the desk is left: what was counted is printed."""
        self._begin(task, QThreadPool.globalInstance())

    def _begin(self, task: BackgroundTask, pool: QThreadPool) -> None:
        self._under_way += 1
        task.ended.connect(self._ended)
        task.start(pool)

    def is_busy(self) -> bool:
        """Whether anything is under way, or has ended and the window has not heard of it yet."""
        return self._under_way > 0

    def wait(self, milliseconds: int = -1) -> None:
        """Hold the thread until nothing is under way: when the program ends."""
        self._pool.waitForDone(milliseconds)

    def _ended(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self.rested.emit()


def acts() -> Acts:
    """The acts of this desk; they live as long as the application."""
    application = QCoreApplication.instance()
    assert application is not None, "there is a window"
    found = application.findChild(Acts, options=QtCore.Qt.FindChildOption.FindDirectChildrenOnly)
    return found if isinstance(found, Acts) else Acts(application)
