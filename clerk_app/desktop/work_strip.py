"""Long work on a page: what is being done, how far it is, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from clerk_app.desktop.pieces import plain_label, push_button
from clerk_app.desktop.tasks import BackgroundTask, acts
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.wording import _

#: Progress appears only for work that is long enough to be noticed.
_PATIENCE_MS = 500


class WorkStrip(QWidget):
    """Runs one piece of work at a time beside the window."""

    failed = Signal(ClerkError)
    cancelled = Signal()
    #: Whether it works now: pages lock what must not be pressed meanwhile.
    busy = Signal(bool)
    shown_or_hidden = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._task: BackgroundTask | None = None
        self._then: Callable[[Any], None] | None = None
        self._failed: Callable[[ClerkError], None] | None = None
        self.label = plain_label("", "muted")
        self.bar = QProgressBar()
        self.bar.setAccessibleName(_("进度"))
        self.stop = push_button(_("取消"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._show)
        self.stop.clicked.connect(self.cancel)
        self.hide()

    def act(
        self,
        words: str,
        work: Callable[[], object],
        then: Callable[[Any], None],
        failed: Callable[[ClerkError], None] | None = None,
    ) -> None:
        """Write the ledger, behind the acts that were asked for before; that cannot be stopped, only waited for.

        Args:
            words: What is being done.
            failed: Is told of a failure instead of whoever listens to ``failed``.
        """
        if self._task is None:
            self._start(words, BackgroundTask(lambda _progress: work()), then, failed, acts().start, stops=False)

    def begin(
        self,
        words: str,
        work: Callable[[Progress], object],
        then: Callable[[Any], None],
        *,
        stops: bool = True,
        is_awaited: bool = False,
    ) -> None:
        """Start; what the work returns is handed over in the window's thread. Busy already, nothing happens.

        Args:
            words: What is being done.
            stops: Whether it may be cancelled; what moves files into force may not.
            is_awaited: Whether nobody leaves the desk before it has ended.
        """
        start = acts().start_beside if is_awaited else BackgroundTask.start
        if self._task is None:
            self._start(words, BackgroundTask(work), then, None, start, stops=stops)

    def _start(
        self,
        words: str,
        task: BackgroundTask,
        then: Callable[[Any], None],
        failed: Callable[[ClerkError], None] | None,
        start: Callable[[BackgroundTask], None],
        *,
        stops: bool,
    ) -> None:
        task.progressed.connect(self._advance)
        task.finished.connect(self._finish)
        task.failed.connect(self._fail)
        task.cancelled.connect(self._cancel)
        self._task, self._then, self._failed = task, then, failed
        self.label.setText(words)
        self.bar.setRange(0, 0)
        self.stop.setVisible(stops)
        self._patience.start()
        self.busy.emit(True)
        start(task)

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        if self._task is not None:
            self._task.cancel()

    def is_busy(self) -> bool:
        """Whether something runs."""
        return self._task is not None

    def _show(self) -> None:
        self.show()
        self.shown_or_hidden.emit()

    def _advance(self, done: int, total: int) -> None:
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)

    def _end(self) -> Callable[[Any], None] | None:
        then, self._task, self._then = self._then, None, None
        self._patience.stop()
        self.hide()
        self.shown_or_hidden.emit()
        self.busy.emit(False)
        return then

    def _finish(self, result: object) -> None:
        then = self._end()
        if then is not None:
            then(result)

    def _fail(self, error: ClerkError) -> None:
        failed = self._failed
        self._end()
        if failed is None:
            self.failed.emit(error)
        else:
            failed(error)

    def _cancel(self) -> None:
        self._end()
        self.cancelled.emit()
