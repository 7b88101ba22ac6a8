"""What a page shows is read beside the window: no key waits for the ledger, for its disk or for its server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6 import QtCore
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QThreadPool, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from clerk_app.desktop.tasks import BackgroundTask
from clerk_app.errors import ClerkError

#: A reading that waits for a server keeps no other page from being read.
_AT_A_TIME = 4
#: How long keys wait for what decides in which field they belong.
KEYS_WAIT_MS = 5_000
#: After that long whoever waits sees that something is under way.
_PATIENCE_MS = 300
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class _Question:
    """What is to be read, and who is told; a question that nobody asked aloud fails in silence."""

    read: Callable[[], Any]
    take: Callable[[Any], object]
    failed: Callable[[ClerkError], object] | None
    is_quiet: bool


class Reading(QObject):
    """Answers one question of a page after the other, and of those that are asked meanwhile the last.

    The answer to a question that has been overtaken is not shown: it would take the place of a newer one, or stand
    there for a moment.

    Args:
        parent: The page; when it is gone, nobody is told any more.
    """

    #: What was read is shown.
    taken = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._asked: _Question | None = None
        self._next: _Question | None = None
        self._is_overtaken = False
        self._waiting: list[Callable[[], object]] = []

    def ask(
        self,
        read: Callable[[], _Found],
        take: Callable[[_Found], object],
        failed: Callable[[ClerkError], object],
        then: Callable[[], object] | None = None,
    ) -> None:
        """Read something that somebody waits for; what was asked before and is not answered yet, nobody wants now.

        Args:
            read: Called in another thread.
            take: Called in the window's thread with what was read.
            failed: The same with why it could not be read.
            then: Called after either; where the question is overtaken, after the one that overtook it.
        """
        if then is not None:
            self._waiting.append(then)
        self._is_overtaken = True
        self._next = _Question(read, take, failed, is_quiet=False)
        self._go_on()

    def look_again(self, read: Callable[[], _Found], take: Callable[[_Found], object]) -> None:
        """Read again what is shown, since it may have changed; what cannot be read stays as it is shown.

        The arguments are those of ``ask``.
        """
        if self._next is None:
            self._next = _Question(read, take, None, is_quiet=True)
        self._go_on()

    def after(self, then: Callable[[], object]) -> None:
        """Go on when what somebody has asked for is shown: at once, where nothing is being asked."""
        if self.is_awaited():
            self._waiting.append(then)
        else:
            then()

    def is_awaited(self) -> bool:
        """Whether something that was asked for is not shown yet."""
        return any(question is not None and not question.is_quiet for question in (self._asked, self._next))

    def wait_a_moment(self, milliseconds: int) -> None:
        """Let keys and clicks wait for the answer, but no longer than this; whoever types ahead finds it on the screen.

        The window goes on meanwhile: it is painted, and everything else that happens in it happens. Call it at the end
        of what a key does.
        """
        if not self.is_awaited():
            return
        pause = QEventLoop()
        self._waiting.append(pause.quit)
        _pauses.append(pause)
        with _after(milliseconds, pause.quit), _wait_cursor():
            pause.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        _pauses.remove(pause)

    def forget(self) -> None:
        """What is being read is not wanted any more."""
        self._is_overtaken, self._next = True, None
        self._waiting.clear()

    def _go_on(self) -> None:
        if self._asked is not None or self._next is None:
            return
        self._asked, self._next, self._is_overtaken = self._next, None, False
        read = self._asked.read
        task = BackgroundTask(lambda _progress: read())
        task.finished.connect(self._finished)
        task.failed.connect(self._failed)
        task.ended.connect(self._ended)
        _looks().begin(task)

    def _finished(self, found: object) -> None:
        assert self._asked is not None, "an answer has a question"
        if not self._is_overtaken:
            self._asked.take(found)
            self.taken.emit()

    def _failed(self, error: ClerkError) -> None:
        assert self._asked is not None, "an answer has a question"
        if not self._is_overtaken and self._asked.failed is not None:
            self._asked.failed(error)

    def _ended(self) -> None:
        self._asked = None
        self._go_on()
        if not self.is_awaited():
            waiting, self._waiting = self._waiting, []
            for then in waiting:
                then()


#: The keys that wait for an answer now, each in the midst of an event of its field.
_pauses: list[QEventLoop] = []


def end_waits() -> bool:
    """Let every key that waits go on; whether there was any. Its field has to be there until it has."""
    for pause in _pauses:
        pause.quit()
    return bool(_pauses)


@contextmanager
def _after(milliseconds: int, act: Callable[[], object]) -> Iterator[None]:
    """Do something when it has taken that long."""
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(act)
    timer.start(milliseconds)
    yield
    timer.stop()


@contextmanager
def _wait_cursor() -> Iterator[None]:
    """Show that something is under way, where it takes longer than nobody notices."""
    shown: list[bool] = []

    def show() -> None:
        QGuiApplication.setOverrideCursor(QtCore.Qt.CursorShape.WaitCursor)
        shown.append(True)

    with _after(_PATIENCE_MS, show):
        yield
    if shown:
        QGuiApplication.restoreOverrideCursor()


def looks_under_way() -> bool:
    """Whether anything is being read for any page, or has been and is not shown yet."""
    return _looks().under_way > 0


def wait_for_looks(milliseconds: int = -1) -> None:
    """Hold the thread until nothing is being read: before the ledger is closed for good."""
    _looks().waitForDone(milliseconds)


class _Looks(QThreadPool):
    """The threads that read for pages; long work in the program's own pool does not keep a page waiting."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setMaxThreadCount(_AT_A_TIME)
        self.under_way = 0

    def begin(self, task: BackgroundTask) -> None:
        """Begin to read; the page has been told first when this counts it as done."""
        self.under_way += 1
        task.ended.connect(self._ended)
        task.start(self)

    def _ended(self) -> None:
        self.under_way -= 1


def _looks() -> _Looks:
    application = QCoreApplication.instance()
    assert application is not None, "there is a window"
    found = application.findChild(_Looks, options=QtCore.Qt.FindChildOption.FindDirectChildrenOnly)
    return found if isinstance(found, _Looks) else _Looks(application)
