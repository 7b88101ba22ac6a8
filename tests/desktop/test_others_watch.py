"""What another desk does is on the screen with no key pressed, on a file and on a server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from clerk_app.counter.desk import Desk
from clerk_app.desktop.claims_page import ClaimsPage
from clerk_app.desktop.main_window import CLAIMS, SEARCH, MainWindow
from clerk_app.desktop.others_watch import OthersWatch
from clerk_app.desktop.reading import looks_under_way
from clerk_app.desktop.search_page import SearchPage
from clerk_app.desktop.tasks import acts
from clerk_app.ledger.ledger import open_ledger
from clerk_app.policy.shelf import load_shelf
from tests.counter.desks import KEYS, SETTINGS, noon_desk
from tests.desktop.hands import Hands, leave, open_page, rest
from tests.ledger.office import CLERK, QUICK, Clock, Office, receipt, staffed
from tests.ledger.server import Server, running

#: The window is never busy for longer with what others do.
#: Far below what the server waits for a lock; whoever waited for this one would wait as long as that.
LONGEST_BLOCK_SECONDS = 2
WAIT_MS = 10_000


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def database(server: Server) -> str:
    return server.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "sqlite":
        return tmp_path / "ledger.db"
    server: Server = request.getfixturevalue("server")
    return server.url(request.getfixturevalue("database"))


def desk_at(place: Path | str, folder: Path) -> Desk:
    """A desk of its own at a ledger."""
    ledger = open_ledger(place, SETTINGS.office_code, noon_desk, keys=KEYS, hardness=QUICK)
    staffed(ledger, CLERK, is_practice=False)
    return Desk(SETTINGS, ledger, load_shelf(), noon_desk, folder, folder, load_shelf, is_practice=False)


@pytest.fixture
def desk(place: Path | str, tmp_path: Path) -> Iterator[Desk]:
    desk = desk_at(place, tmp_path)
    yield desk
    acts().wait()
    desk.close()


@pytest.fixture
def other(desk: Desk, place: Path | str) -> Iterator[Office]:
    """Another counter, where the same clerk sits: 我的申请 shows a clerk's own."""
    assert desk.ledger.standing() is not None
    office = Office(place, Clock(noon_desk()), keys=KEYS)
    yield office
    office.ledger.close()


@pytest.fixture
def watch(window: MainWindow, desk: Desk) -> OthersWatch:
    watch = OthersWatch(window.pages)
    watch.follow(desk.ledger)
    return watch


def page_of(window: MainWindow, page: int) -> ClaimsPage | SearchPage:
    open_page(window, page)
    shown = window.pages.currentWidget()
    assert isinstance(shown, ClaimsPage | SearchPage)
    return shown


@pytest.mark.usefixtures("watch")
def test_a_claim_of_another_desk_comes_into_the_list(qtbot: QtBot, window: MainWindow, other: Office) -> None:
    page = page_of(window, CLAIMS)
    assert isinstance(page, ClaimsPage)
    qtbot.waitUntil(lambda: not page.model.lines)
    with qtbot.waitSignal(page.model.modelReset, timeout=WAIT_MS):
        other.ledger.save_claim("k1", "王五示例", "{}")
    assert [line.title for line in page.model.lines] == ["王五示例"]
    assert page.open_button.isEnabled(), "the first line is chosen, as if it had been there"


@pytest.mark.usefixtures("watch")
def test_what_is_chosen_and_typed_stays_when_the_list_changes(qtbot: QtBot, window: MainWindow, other: Office) -> None:
    other.ledger.save_claim("k1", "王五示例", "{}")
    other.ledger.let_claim_go("k1")
    page = page_of(window, CLAIMS)
    assert isinstance(page, ClaimsPage)
    qtbot.waitUntil(lambda: len(page.model.lines) == 1)
    page.reason.setText("本人取回")
    with qtbot.waitSignal(page.model.modelReset, timeout=WAIT_MS):
        other.ledger.save_claim("k2", "赵六示例", "{}")
    chosen = page.chosen()
    assert chosen is not None
    assert (chosen.act_key, page.reason.text()) == ("k1", "本人取回")


@pytest.mark.usefixtures("watch")
def test_a_voucher_of_another_desk_comes_to_the_top_and_the_chosen_one_stays(
    qtbot: QtBot, window: MainWindow, other: Office
) -> None:
    person = other.person()
    first = other.settle(person, receipt("1"))
    page = page_of(window, SEARCH)
    assert isinstance(page, SearchPage)
    qtbot.waitUntil(lambda: page.claims.rowCount() == 1)
    with qtbot.waitSignal(page.claims.rowsInserted, timeout=WAIT_MS):
        second = other.settle(person, receipt("2"))
    assert [line.voucher_number for line in page.search.lines] == [second.voucher_number, first.voucher_number]
    chosen = page.chosen()
    assert chosen is not None
    assert chosen.voucher_number == first.voucher_number
    assert page.table.currentIndex().row() == 1
    with qtbot.waitSignal(page.claims.dataChanged, timeout=WAIT_MS):
        mirror = other.ledger.reverse(first.voucher_number, "录错", "r1")
    qtbot.waitUntil(lambda: page.chosen() is not None)
    chosen = page.chosen()
    assert chosen is not None
    assert (chosen.voucher_number, chosen.reversed_by) == (first.voucher_number, mirror.voucher_number)


def test_a_page_that_was_behind_another_is_read_again_when_it_comes_to_the_front(
    qtbot: QtBot, window: MainWindow, other: Office, watch: OthersWatch
) -> None:
    page = page_of(window, SEARCH)
    assert isinstance(page, SearchPage)
    page_of(window, CLAIMS)
    told: list[float] = []
    watch.changed.connect(lambda: told.append(time.monotonic()))
    other.settle(other.person(), receipt("1"))
    # All of it has been told to the page in front when nothing more comes.
    qtbot.waitUntil(lambda: bool(told) and time.monotonic() > told[-1] + 1, timeout=WAIT_MS)
    assert page.claims.rowCount() == 0
    open_page(window, SEARCH)
    qtbot.waitUntil(lambda: page.claims.rowCount() == 1, timeout=WAIT_MS)


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_server_that_does_not_answer_keeps_nobody_waiting(
    qtbot: QtBot, window: MainWindow, desk: Desk, server: Server, database: str
) -> None:
    """Somebody has locked the table that the list is read from; the window's clock goes on ticking."""
    page = page_of(window, CLAIMS)
    assert isinstance(page, ClaimsPage)
    ticks: list[float] = []
    clock = QTimer(window)
    clock.timeout.connect(lambda: ticks.append(time.perf_counter()))
    with server.connect(database) as holding:
        holding.execute("BEGIN; LOCK TABLE claims IN ACCESS EXCLUSIVE MODE")
        clock.start(5)
        begun = time.perf_counter()
        page.others_changed()
        assert time.perf_counter() - begun < LONGEST_BLOCK_SECONDS
        qtbot.waitUntil(lambda: len(ticks) >= 40, timeout=WAIT_MS)
        with qtbot.waitSignal(page.reading.taken, timeout=WAIT_MS):
            holding.execute("ROLLBACK")
    assert desk.ledger.user is not None


@dataclass(frozen=True)
class Standstill:
    """A server on which a table is locked, and the window's clock beside it."""

    qtbot: QtBot
    window: MainWindow
    server: Server
    database: str

    def holds_nobody(self, act: Callable[[], object], shown: Callable[[], bool], *tables: str) -> None:
        """Nothing waits for the act while the tables are locked; what it asked for is shown when they are free."""
        ticks: list[float] = []
        clock = QTimer(self.window)
        clock.timeout.connect(lambda: ticks.append(time.perf_counter()))
        with self.server.connect(self.database) as holding:
            holding.execute(f"BEGIN; LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
            clock.start(5)
            begun = time.perf_counter()
            act()
            self.qtbot.waitUntil(lambda: len(ticks) >= 40, timeout=WAIT_MS)
            assert time.perf_counter() - begun < WAIT_MS / 1000
            assert not shown(), "it cannot have been read"
            holding.execute("ROLLBACK")
        self.qtbot.waitUntil(shown, timeout=WAIT_MS)
        clock.stop()
        assert max(later - former for former, later in pairwise(ticks)) < LONGEST_BLOCK_SECONDS


@pytest.fixture
def standstill(qtbot: QtBot, window: MainWindow, desk: Desk, server: Server, database: str) -> Standstill:
    assert desk.ledger.is_server
    return Standstill(qtbot, window, server, database)


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_whoever_types_does_not_wait_for_the_register_of_persons(
    qtbot: QtBot, window: MainWindow, standstill: Standstill, other: Office
) -> None:
    other.settle(other.person(), receipt("1"))
    scan = window.claim.person.scan
    scan.setFocus()
    standstill.holds_nobody(lambda: qtbot.keyClicks(scan, "zs"), lambda: len(scan.offers()) == 1, "persons")


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_whom_an_older_text_means_is_not_offered_below_a_newer_one(
    qtbot: QtBot, window: MainWindow, standstill: Standstill, other: Office
) -> None:
    other.settle(other.person(), receipt("1"))
    scan = window.claim.person.scan
    scan.setFocus()

    def type_on() -> None:
        qtbot.keyClicks(scan, "zs")
        qtbot.waitUntil(looks_under_way, timeout=WAIT_MS)
        # No person is called so, and nobody is looked up.
        qtbot.keyClicks(scan, "-")

    standstill.holds_nobody(type_on, lambda: not looks_under_way(), "persons")
    assert scan.text() == "zs-"
    assert scan.offers() == []


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_search_and_what_a_reversal_would_change_are_not_waited_for(
    window: MainWindow, standstill: Standstill, other: Office
) -> None:
    person = other.person()
    first = other.settle(person, receipt("1"))
    other.settle(person, receipt("2"))
    page = page_of(window, SEARCH)
    assert isinstance(page, SearchPage)
    assert page.claims.rowCount() == 2
    # The last text is the one that is answered, whatever was asked before.
    page.text.setText("no such name")

    def look_for() -> None:
        page.refresh()
        page.look_for(first.voucher_number)

    def found() -> bool:
        chosen = page.chosen()
        return chosen is not None and chosen.voucher_number == first.voucher_number

    standstill.holds_nobody(look_for, found, "settlements")
    standstill.holds_nobody(page.open_reversal, page.reversal.confirm.isEnabled, "settlements")
    assert "影响" in page.reversal.news.text()


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_number_that_is_looked_up_holds_nobody_and_nothing_is_computed_until_it_is_known(
    qtbot: QtBot, window: MainWindow, standstill: Standstill, other: Office, hands: Hands
) -> None:
    known = other.person()
    claim = window.claim
    hands.receipt("A1", "1000")
    hands.is_patient = False

    def scan_and_settle() -> None:
        claim.person.scan.setFocus()
        qtbot.keyClicks(claim.person.scan, known.person.id_number)
        hands.press(Qt.Key.Key_Return)
        hands.press(Qt.Key.Key_F9)
        assert claim.entry is not None
        assert claim.entry.preview().claim is None
        assert "正在账本中查找" in claim.explanation.text()

    standstill.holds_nobody(scan_and_settle, lambda: claim.person.name.text() == known.person.name, "persons")
    rest()
    assert "正在账本中查找" not in claim.explanation.text()


def test_a_server_that_is_gone_is_found_again_and_the_window_works_meanwhile(
    qtbot: QtBot, bare_window: MainWindow, tmp_path: Path
) -> None:
    with running() as server:
        place = server.url(server.new_database())
        desk, elsewhere = desk_at(place, tmp_path), desk_at(place, tmp_path)
        bare_window.use_desk(desk)
        page = page_of(bare_window, CLAIMS)
        assert isinstance(page, ClaimsPage)
        watch = OthersWatch(bare_window.pages)
        with qtbot.waitSignal(watch.changed, timeout=WAIT_MS):
            watch.follow(desk.ledger)
        server.stop_at_once()
        server.start()
        with qtbot.waitSignal(page.model.modelReset, timeout=2 * WAIT_MS):
            elsewhere.ledger.save_claim("k1", "王五示例", "{}")
        assert [line.title for line in page.model.lines] == ["王五示例"]
        leave(bare_window)
        desk.close()
        elsewhere.close()
