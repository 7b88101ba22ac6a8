"""Saves the claim in hand beside the window: no key waits for the disk, and not for another desk's lock."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from clerk_app.counter.kept_claim import KeptClaim, Unsaved
from clerk_app.desktop.tasks import BackgroundTask
from clerk_app.desktop.typing_rest import TypingRest
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import ClaimLine

_RETRY_MS = 5_000
#: The ledger lends a claim for ten minutes; one that lies open without a key stays in hand.
_RENEW_MS = 4 * 60_000


class ClaimKeeping(QObject):
    """Keeps the claim in hand: a second after the last key, every four minutes without one, and when it is laid down.

    Args:
        person_id: Whose claim it is, where the register knows.
    """

    #: The ledger has everything that was typed when it was asked.
    saved = Signal()
    #: It has not; it is tried again.
    failed = Signal(ClerkError)

    def __init__(self, person_id: Callable[[], int | None], parent: QObject) -> None:
        super().__init__(parent)
        self.kept: KeptClaim | None = None
        self._person_id = person_id
        #: One save at a time, and in their order; none waits for an export.
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._under_way: tuple[KeptClaim, Unsaved | None] | None = None
        self._rest = TypingRest(self)
        self._rest.rested.connect(self.begin)
        self._retry = self._timer(_RETRY_MS, is_single=True)
        self._retry.timeout.connect(self.begin)
        self._renewal = self._timer(_RENEW_MS, is_single=False)
        self._renewal.timeout.connect(self.renew)

    def use(self, kept: KeptClaim) -> None:
        """Another claim is in hand."""
        self.stop()
        self.kept = kept
        self._renewal.start()

    def touch(self) -> None:
        """Something was typed."""
        self._rest.touch()
        if not self._renewal.isActive():
            self._renewal.start()

    def stop(self) -> None:
        """Nothing is saved by itself until something is typed again."""
        for timer in (self._rest, self._retry, self._renewal):
            timer.stop()

    def begin(self) -> None:
        """Save beside the window what is typed by now."""
        self._start(renews=False)

    def renew(self) -> None:
        """Stay in hand of the claim, though nobody types."""
        self._start(renews=True)

    def keep(self) -> bool:
        """Save now, and wait for it: the clerk goes elsewhere with the claim.

        Returns:
            Whether the ledger has everything that is worth keeping.
        """
        return self._now(lambda kept: kept.keep(self._person_id()))

    def lay_down(self) -> bool:
        """Save now, and give the claim out of hand.

        Returns:
            Whether the ledger has it; else it is on the page alone.
        """
        self._renewal.stop()
        return self._now(lambda kept: kept.lay_down(self._person_id()))

    def finish(self) -> None:
        """Wait for the save that is under way, and begin no other: the claim is about to be settled."""
        self.stop()
        self._pool.waitForDone()

    def _now(self, save: Callable[[KeptClaim], object]) -> bool:
        self._rest.stop()
        self._retry.stop()
        if self.kept is None:
            return False
        self._pool.waitForDone()
        try:
            save(self.kept)
        except ClerkError as error:
            self.failed.emit(error)
            return False
        self.saved.emit()
        return self.kept.line is not None

    def _start(self, *, renews: bool) -> None:
        kept = self.kept
        if kept is None:
            return
        if self._under_way is not None:
            self._rest.touch()  # The ledger is slow; what was typed since is saved behind it.
            return
        unsaved = kept.unsaved(self._person_id(), renews=renews)
        is_held = renews and kept.is_check
        if unsaved is None and not is_held:
            return
        self._under_way = kept, unsaved
        task = BackgroundTask(lambda _progress: kept.hold() if unsaved is None else kept.save(unsaved))
        task.finished.connect(self._saved)
        task.failed.connect(self._failed)
        task.start(self._pool)

    def _saved(self, line: ClaimLine) -> None:
        kept = self._take_from_way(line)
        if kept is self.kept:
            self.saved.emit()

    def _failed(self, error: ClerkError) -> None:
        kept = self._take_from_way(None)
        if kept is self.kept and error.code != "not_signed_in":
            self.failed.emit(error)
            self._retry.start()

    def _take_from_way(self, line: ClaimLine | None) -> KeptClaim:
        assert self._under_way is not None, "a save that ends has begun"
        kept, unsaved = self._under_way
        self._under_way = None
        if line is not None and unsaved is not None:
            kept.take(unsaved, line)
        return kept

    def _timer(self, milliseconds: int, *, is_single: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.setSingleShot(is_single)
        return timer
