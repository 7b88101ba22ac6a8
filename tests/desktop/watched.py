"""An application that measures how long its thread works for each event: what no test may exceed."""

from __future__ import annotations

import contextlib
import gc
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

#: So long the window may be held, in milliseconds: nobody feels it.
BAR_MS = 50
_SCHEDULE = Path("/proc/thread-self/schedstat")


@dataclass(frozen=True, slots=True)
class Slot:
    """One event with everything that it set off, in milliseconds.

    Attributes:
        worked_ms: Processor time of the window's thread.
        waited_ms: What it waited for something, a lock or the disk; what other programs took meanwhile is left out.
    """

    what: str
    worked_ms: float
    waited_ms: float


class WatchedApplication(QApplication):
    """Notes every event that held the window's thread longer than the bar.

    It is processor time: what the machine does for others meanwhile is nobody's fault here. What waits is measured
    where a test asks for it, for that costs a look into the kernel's books with each event. The collection of garbage
    is left out: here it looks through the heap of hundreds of tests, which the program has not.
    """

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self._inner = 0
        self.too_long: list[Slot] = []
        self._heard: list[Slot] | None = None
        self.longest_wait_ms = 0.0
        self.measures_waits = False
        self._is_inside = False
        self._is_excused = False
        self._collected_ms = self._collecting_since = 0.0
        self._inner_ms = self._cost_of_watching_ms()
        self._best_pace_ms = min(_pace_ms() for _time in range(50))
        gc.callbacks.append(self._watch_collection)

    @property
    def is_at_work(self) -> bool:
        """Whether the window's thread deals with an event; else it waits, or is a test's."""
        return self._is_inside

    @contextlib.contextmanager
    def excused(self) -> Iterator[None]:
        """Let something take longer; whoever asks for it says why it may."""
        self._is_excused = True
        yield
        self._is_excused = False

    @contextlib.contextmanager
    def heard(self) -> Iterator[list[Slot]]:
        """Tell of every event meanwhile, however short it was."""
        self._heard = told = []
        yield told
        self._heard = None

    def forgive(self) -> None:
        """Forget what was too long so far; whoever calls this says why it may be."""
        self.too_long.clear()

    def _cost_of_watching_ms(self) -> float:
        """What an event inside of another one costs here because it is watched; a page is opened with thousands."""
        receiver, times = QObject(), 200
        self._is_inside = True
        begun = time.thread_time()
        for _time in range(times):
            self.sendEvent(receiver, QEvent(QEvent.Type.User))
        self._is_inside = False
        return (time.thread_time() - begun) * 1000 / times

    def _slowness(self) -> float:
        """How much slower this processor is now than at its best: others share its caches, and its clock is lowered."""
        now_ms = min(_pace_ms() for _time in range(3))
        self._best_pace_ms = min(self._best_pace_ms, now_ms)
        return now_ms / self._best_pace_ms

    def _watch_collection(self, phase: str, _info: dict[str, int]) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        if phase == "start":
            self._collecting_since = time.thread_time()
        else:
            self._collected_ms += (time.thread_time() - self._collecting_since) * 1000

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Deliver an event, and measure what comes of it; events inside of it are part of it."""
        if self._is_inside:
            self._inner += 1
            return super().notify(receiver, event)
        what = f"{event.type().name} of {type(receiver).__name__}"
        books = _books() if self.measures_waits else (0.0, 0.0)
        self._is_inside, self._collected_ms, self._inner = True, 0.0, 0
        began, worked = time.perf_counter(), time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            self._is_inside = False
            ran_ms = (time.thread_time() - worked) * 1000
            worked_ms = ran_ms - self._collected_ms - self._inner * self._inner_ms
            waited_ms = 0.0
            if self.measures_waits:
                waited_ms = (time.perf_counter() - began) * 1000 - ran_ms - (_books()[1] - books[1])
                self.longest_wait_ms = max(self.longest_wait_ms, waited_ms)
            if worked_ms > BAR_MS or waited_ms > BAR_MS:
                worked_ms /= self._slowness()
                if not self._is_excused and (worked_ms > bar_ms() or waited_ms > BAR_MS):
                    self.too_long.append(Slot(what, worked_ms, waited_ms))
            if self._heard is not None:
                self._heard.append(Slot(what, worked_ms, waited_ms))


def bar_ms() -> float:
    """The bar, and four times that while far more programs want to run than there are processors.

    Each of them throws out of the caches what the others need, and the same work takes two to three times the
    processor time. What is really in the window's way, a page printed or a lock, takes longer than that too.
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return BAR_MS * (4 if load > 2 * (os.cpu_count() or 1) else 1)


def _pace_ms() -> float:
    """What the same small work takes now, in milliseconds of processor time."""
    begun = time.thread_time()
    sum(len(str(number)) for number in range(3_000))
    return (time.thread_time() - begun) * 1000


def _books() -> tuple[float, float]:
    """How long this thread has run, and how long it was ready and another one ran instead, in milliseconds."""
    if not _SCHEDULE.exists():
        return 0.0, 0.0
    ran, stood, _turns = _SCHEDULE.read_text(encoding="ascii").split()
    return int(ran) / 1e6, int(stood) / 1e6
