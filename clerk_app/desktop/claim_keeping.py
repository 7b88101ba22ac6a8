"""Saves the claim in hand beside the window: no key waits for the disk, and not for another desk's lock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from clerk_app.counter.kept_claim import KeptClaim
from clerk_app.desktop.tasks import BackgroundTask, acts
from clerk_app.desktop.typing_rest import TypingRest
from clerk_app.errors import ClerkError

#: Told, once a save has ended, whether the ledger has everything that is worth keeping.
Then = Callable[[bool], object]

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
        #: The acts end in the order in which they were begun.
        self._under_way: deque[tuple[KeptClaim, Then | None]] = deque()
        self._is_laid_down = False
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
        self._is_laid_down = False
        self._renewal.start()

    def touch(self) -> None:
        """Something was typed."""
        self._is_laid_down = False
        self._rest.touch()
        if not self._renewal.isActive():
            self._renewal.start()

    def stop(self) -> None:
        """Nothing is saved by itself until something is typed again."""
        for timer in (self._rest, self._retry, self._renewal):
            timer.stop()

    def begin(self) -> None:
        """Save what is typed by now."""
        self._save(renews=False)

    def renew(self) -> None:
        """Stay in hand of the claim, though nobody types."""
        self._save(renews=True)

    def keep(self, then: Then | None = None) -> None:
        """Save at once what is typed: the clerk goes elsewhere with the claim."""
        self._rest.stop()
        self._retry.stop()
        kept = self.kept
        if kept is None:
            if then is not None:
                then(False)
            return
        unsaved = kept.unsaved(self._person_id())
        if unsaved is not None:
            self._start(kept, lambda: kept.take(unsaved, kept.save(unsaved)), then)
        elif self._under_way:
            self._start(kept, lambda: None, then)  # What is under way may be its save.
        else:
            self._tell(kept, then)

    def lay_down(self, then: Then) -> None:
        """Save what is typed, and give the claim out of hand. Nobody types in it until ``then`` is told."""
        self.stop()
        kept, person_id = self.kept, self._person_id()
        if kept is None or not self.is_in_hand():
            then(False)
            return

        def laid_down(has_all: bool) -> None:
            self._is_laid_down = has_all and kept is self.kept
            then(has_all)

        self._start(kept, lambda: kept.lay_down(person_id), laid_down)

    def is_in_hand(self) -> bool:
        """Whether the ledger has the claim in this desk's hands, or shall have it; a blank one it never has."""
        kept = self.kept
        if kept is None or self._is_laid_down:
            return False
        return bool(self._under_way) or kept.line is not None or not kept.draft.is_blank()

    def _save(self, *, renews: bool) -> None:
        kept = self.kept
        if kept is None:
            return
        if self._under_way:
            self._rest.touch()  # The ledger is slow; what was typed since is saved behind it.
            return
        unsaved = kept.unsaved(self._person_id(), renews=renews)
        if unsaved is not None:
            self._start(kept, lambda: kept.take(unsaved, kept.save(unsaved)))
        elif renews and kept.is_check:
            self._start(kept, kept.hold)

    def _start(self, kept: KeptClaim, work: Callable[[], object], then: Then | None = None) -> None:
        self._under_way.append((kept, then))
        task = BackgroundTask(lambda _progress: work())
        task.finished.connect(self._done)
        task.failed.connect(self._not_done)
        acts().start(task)

    def _done(self, _what: object) -> None:
        self._tell(*self._under_way.popleft())

    def _tell(self, kept: KeptClaim, then: Then | None) -> None:
        if kept is self.kept:
            self.saved.emit()
        if then is not None:
            then(kept.line is not None)

    def _not_done(self, error: ClerkError) -> None:
        kept, then = self._under_way.popleft()
        if kept is self.kept and error.code != "not_signed_in":
            self.failed.emit(error)
            self._retry.start()
        if then is not None:
            then(False)

    def _timer(self, milliseconds: int, *, is_single: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.setSingleShot(is_single)
        return timer
