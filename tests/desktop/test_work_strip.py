from __future__ import annotations

from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def strip(qtbot: QtBot) -> WorkStrip:
    made = WorkStrip()
    qtbot.addWidget(made)
    return made


def test_what_the_work_returns_is_handed_over_and_the_strip_is_free_again(qtbot: QtBot, strip: WorkStrip) -> None:
    came: list[int] = []
    busy: list[bool] = []
    strip.busy.connect(busy.append)
    strip.begin("计算", lambda _progress: 7, came.append)
    assert strip.is_busy()
    qtbot.waitUntil(lambda: not strip.is_busy())
    assert (came, busy) == ([7], [True, False])


def test_work_may_be_followed_by_other_work(qtbot: QtBot, strip: WorkStrip) -> None:
    came: list[int] = []
    strip.begin("一", lambda _progress: 1, lambda one: strip.begin("二", lambda _progress: one + 1, came.append))
    qtbot.waitUntil(lambda: bool(came))
    assert came == [2]


def test_short_work_shows_nothing_and_long_work_how_far_it_is(qtbot: QtBot, strip: WorkStrip) -> None:
    told, done = Event(), Event()

    def work(progress: Progress) -> None:
        progress.step(1, 4)
        told.set()
        done.wait(20)

    strip.begin("试算", work, lambda _result: None)
    assert not strip.isVisible()
    qtbot.waitUntil(strip.isVisible)
    told.wait(10)
    qtbot.waitUntil(lambda: (strip.bar.value(), strip.bar.maximum()) == (1, 4))
    assert strip.label.text() == "试算"
    done.set()
    qtbot.waitUntil(lambda: not strip.isVisible())


def test_a_second_piece_of_work_waits_for_its_own_press(qtbot: QtBot, strip: WorkStrip) -> None:
    done, came = Event(), []
    strip.begin("一", lambda _progress: done.wait(20), lambda _result: came.append("一"))
    strip.begin("二", lambda _progress: None, lambda _result: came.append("二"))
    done.set()
    qtbot.waitUntil(lambda: not strip.is_busy())
    assert came == ["一"]


def test_a_failure_is_told_and_nothing_is_handed_over(qtbot: QtBot, strip: WorkStrip) -> None:
    def fail(_progress: Progress) -> None:
        raise ClerkError("name_missing")

    came: list[object] = []
    with qtbot.waitSignal(strip.failed) as failed:
        strip.begin("一", fail, came.append)
    assert failed.args[0].code == "name_missing"
    assert came == []
    assert not strip.is_busy()


def test_what_must_not_be_stopped_offers_no_way_to(qtbot: QtBot, strip: WorkStrip) -> None:
    done = Event()
    strip.begin("装入", lambda _progress: done.wait(20), lambda _result: None, stops=False)
    qtbot.waitUntil(strip.isVisible)
    assert not strip.stop.isVisible()
    done.set()
    qtbot.waitUntil(lambda: not strip.is_busy())
