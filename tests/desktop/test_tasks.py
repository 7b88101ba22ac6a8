from __future__ import annotations

from threading import Event, current_thread, main_thread

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThreadPool
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clerk_app.desktop.tasks import Acts, BackgroundTask, acts
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress


def test_work_runs_beside_the_window_and_hands_its_result_back(qtbot: QtBot) -> None:
    steps: list[tuple[int, int]] = []

    def work(progress: Progress) -> bool:
        progress.step(1, 2)
        return current_thread() is main_thread()

    task = BackgroundTask(work)
    task.progressed.connect(lambda done, total: steps.append((done, total)))
    with qtbot.waitSignal(task.finished) as finished:
        task.start()

    assert finished.args == [False]
    assert steps == [(1, 2)]


def test_work_can_be_cancelled(qtbot: QtBot) -> None:
    started = Event()

    def work(progress: Progress) -> None:
        started.set()
        while True:
            progress.step(0, 1)

    task = BackgroundTask(work)
    with qtbot.waitSignal(task.cancelled):
        task.start()
        started.wait(10)
        task.cancel()


@pytest.mark.parametrize(
    ("error", "code"), [(ClerkError("ledger_locked", file=""), "ledger_locked"), (ValueError("x"), "unexpected")]
)
def test_failures_come_back_as_sentences(qtbot: QtBot, error: Exception, code: str) -> None:
    def work(_progress: Progress) -> None:
        raise error

    task = BackgroundTask(work)
    with qtbot.waitSignal(task.failed) as failed:
        task.start()

    assert failed.args[0].code == code


def test_what_came_of_a_task_is_told_though_the_window_clears_up_first(qapp: QApplication) -> None:
    told: list[object] = []
    task = BackgroundTask(lambda _progress: "done")
    task.finished.connect(told.append)
    task.ended.connect(lambda: told.append("ended"))
    task.start()
    assert QThreadPool.globalInstance().waitForDone(20_000)

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()

    assert told == ["done", "ended"]


def test_acts_are_done_one_after_the_other_in_the_order_of_their_asking(qtbot: QtBot) -> None:
    done: list[int] = []
    may_go_on = Event()

    def first(_progress: Progress) -> None:
        may_go_on.wait(10)
        done.append(0)

    acts().start(BackgroundTask(first))
    for place in range(1, 20):
        acts().start(BackgroundTask(lambda _progress, place=place: done.append(place)))
    assert acts().is_busy()
    assert done == []
    with qtbot.waitSignal(acts().rested):
        may_go_on.set()

    assert done == list(range(20))
    assert not acts().is_busy()
    assert isinstance(acts(), Acts)
