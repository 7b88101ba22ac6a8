"""A desk hears of what another has done, on a file and on a server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from clerk_app.errors import ClerkError
from clerk_app.ledger.changes import Changes
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.ledger.server_changes import CHANNEL, ServerChanges
from tests.ledger.office import ADMINISTRATOR, PASSWORD, QUICK, Clock, Office, receipt, staffed
from tests.ledger.server import Server, running

LONG = 20.0


@pytest.fixture
def other(office: Office) -> Iterator[Ledger]:
    """Another desk of the office."""
    with staffed(open_ledger(office.place, "360100", Clock(), hardness=QUICK)) as ledger:
        yield ledger


@dataclass
class Listener:
    """Somebody who waits in a thread, and what came of it."""

    changes: Changes
    heard: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()

    def listen(self) -> None:
        self.heard.append(self.changes.wait(LONG))


def test_an_act_of_another_desk_wakes_who_waits(office: Office, other: Ledger) -> None:
    changes = office.ledger.changes()
    assert changes.wait(LONG), "what came before was not heard"
    assert not changes.wait(0.05), "nothing has happened"
    listener = Listener(changes)
    other.save_claim("k1", "张三示例", "{}")
    listener.thread.join(LONG)
    assert listener.heard == [True]
    assert not changes.wait(0.05), "one act is heard once"


def test_many_acts_are_one_reason_to_look(office: Office, other: Ledger) -> None:
    changes = office.ledger.changes()
    changes.wait(LONG)
    for number in range(20):
        other.save_claim(f"k{number}", "张三示例", "{}")
    heard = 0
    while changes.wait(0.3):
        heard += 1
    assert 1 <= heard <= 3


def test_an_act_that_was_refused_is_not_heard(office: Office, other: Ledger) -> None:
    changes = office.ledger.changes()
    changes.wait(LONG)
    with pytest.raises(ClerkError, match="claim_unknown"):
        other.withdraw_claim("nothing", "不办了")
    assert not changes.wait(0.3)


def test_closing_the_ledger_wakes_who_waits_at_once(office: Office) -> None:
    changes = office.ledger.changes()
    changes.wait(LONG)
    listener = Listener(changes)
    begun = time.monotonic()
    office.ledger.close()
    listener.thread.join(LONG)
    assert (listener.heard, changes.is_closed) == ([False], True)
    assert time.monotonic() - begun < 5


def test_who_listens_does_not_keep_a_backup_from_taking_the_files_place(tmp_path: Path) -> None:
    office = Office(tmp_path / "ledger.db")
    office.settle(office.person(), receipt("1"))
    office.ledger.sign_in(ADMINISTRATOR.login, PASSWORD)
    backup = office.ledger.back_up(tmp_path / "backups").backup.path
    changes = office.ledger.changes()
    assert changes.wait(LONG)
    office.ledger.confirm_password(PASSWORD)
    office.ledger.restore(backup)
    assert changes.is_closed


@dataclass
class AtTheLastMoment:
    """The lock of who waits, with something done after the last look and before it is let go."""

    act: Callable[[], None]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> None:
        self.lock.acquire()

    def __exit__(self, *_error: object) -> None:
        act, self.act = self.act, lambda: None
        act()
        self.lock.release()

    def acquire(self, *, blocking: bool) -> bool:
        return self.lock.acquire(blocking=blocking)

    def release(self) -> None:
        self.lock.release()


def test_a_connection_closed_while_it_is_let_go_of_is_not_left_open(server: Server, database: str) -> None:
    connection = server.connect(database)
    changes = ServerChanges(lambda: connection, "the server")
    changes._using = AtTheLastMoment(changes.close)  # type: ignore[assignment]  # the moment is what is tested
    assert changes.wait(LONG)
    assert connection.closed


def test_the_server_is_told_the_place_in_the_trail_and_nothing_else(server: Server, database: str) -> None:
    office = Office(server.socket_url(database))
    with server.connect(database) as listening:
        listening.execute(f"LISTEN {CHANNEL}".encode())
        settled = office.settle(office.person("王五示例"), receipt("1"))
        told = [notice.payload for notice in listening.notifies(timeout=0.2)]
    assert settled.head is not None
    assert told == [str(settled.head.sequence - 1), str(settled.head.sequence)]
    office.ledger.close()


def test_a_lost_server_is_said_and_found_again_and_what_was_missed_is_looked_for() -> None:
    with running() as server:
        office = Office(server.url(server.new_database()))
        changes = office.ledger.changes()
        changes.wait(LONG)
        assert not changes.wait(0.05)
        server.stop_at_once()
        with pytest.raises(ClerkError, match="ledger_unreachable") as raised:
            changes.wait(LONG)
        with pytest.raises(ClerkError, match="ledger_unreachable"):
            changes.wait(LONG)
        assert server.password not in repr(raised.value.details)
        server.start()
        assert changes.wait(LONG), "whatever was done meanwhile"
        office.ledger.save_claim("k1", "张三示例", "{}")
        assert changes.wait(LONG)
        office.ledger.close()
