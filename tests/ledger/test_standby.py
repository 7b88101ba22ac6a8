"""An office whose server has a standby: the primary dies under writers, and nothing that was acknowledged is lost."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Iterator

import pytest

from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PersonRecord
from clerk_app.ledger.soundness import Depth
from tests.ledger.books import assert_books_agree
from tests.ledger.office import ADMINISTRATOR, CLERK, PASSWORD, Office, receipt
from tests.ledger.server import START_SECONDS, Server, running
from tests.ledger.standby import Standby, wait_for_it

CLERKS = 4
BEFORE, AFTER = 40, 20
DEAF_SECONDS = 1.5


@pytest.fixture
def primary() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def standby(primary: Server) -> Iterator[Standby]:
    standby = Standby(primary)
    wait_for_it(primary, standby)
    yield standby
    standby.remove()


class Clerk(threading.Thread):
    """Settles one claim after the other, and presses Save again with the same draft when the server is lost."""

    def __init__(self, place: str, number: int, person: PersonRecord) -> None:
        # A test that failed does not wait for those who still try.
        super().__init__(daemon=True)
        self._office, self._number, self._person = Office(place), number, person
        self.acknowledged: list[str] = []
        self.lost = 0
        self._enough = threading.Event()

    def run(self) -> None:
        for count in itertools.count():
            if self._enough.is_set():
                break
            self.save(f"{self._number}-{count}")
        self._office.ledger.close()

    def save(self, key: str) -> None:
        while True:
            try:
                request = self._office.request(self._person, receipt(key, 1000), key=key)
                settled = self._office.ledger.settle(request)
            except ClerkError as error:
                # Locked: another desk's act waits for the standby longer than a desk waits for another.
                if error.code not in ("ledger_unreachable", "ledger_read_only", "ledger_locked"):
                    raise
                self.lost += 1
                self._enough.wait(0.05)
                continue
            self.acknowledged.append(settled.voucher_number)
            return

    def stop(self) -> None:
        self._enough.set()


def until(clerks: list[Clerk], count: int) -> None:
    """Wait until so many settlements were acknowledged."""
    paused = threading.Event()
    give_up_at = time.monotonic() + START_SECONDS
    while sum(len(clerk.acknowledged) for clerk in clerks) < count:
        assert all(clerk.is_alive() for clerk in clerks)
        assert time.monotonic() < give_up_at, f"{[len(clerk.acknowledged) for clerk in clerks]} of {count} saved"
        paused.wait(0.01)


def test_a_primary_that_dies_under_four_writers_loses_nothing_that_was_acknowledged(
    primary: Server, standby: Standby
) -> None:
    database = primary.new_database()
    both = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
    place = f"postgresql://office:{primary.password}@{both}/{database}"
    office = Office(place)
    people = [office.person(f"示例人{number}") for number in range(CLERKS)]
    office.ledger.close()
    clerks = [Clerk(place, number, person) for number, person in enumerate(people)]
    for clerk in clerks:
        clerk.start()
    until(clerks, BEFORE)
    # What the primary said alone in this time would be lost with it.
    with standby.deaf():
        threading.Event().wait(DEAF_SECONDS)
        primary.stop_at_once()
    standby.promote()
    before = sum(len(clerk.acknowledged) for clerk in clerks)
    # Alone from now on, it has nobody to wait for.
    with standby.connect() as connection:
        connection.execute("ALTER SYSTEM RESET synchronous_standby_names")
        connection.execute("SELECT pg_reload_conf()")
    until(clerks, before + AFTER)
    for clerk in clerks:
        clerk.stop()
    for clerk in clerks:
        clerk.join(60)
    acknowledged = [number for clerk in clerks for number in clerk.acknowledged]
    assert sum(clerk.lost for clerk in clerks) >= CLERKS, "everybody has seen it go"
    alone = standby.url(database)
    with contextlib.closing(Office(alone).ledger) as ledger:
        known = {line.voucher_number for line in ledger.search("", limit=10_000)}
        assert len(acknowledged) == len(set(acknowledged))
        assert set(acknowledged) == known, "none is lost, none is doubled, and none is there that nobody has heard of"
        ledger.sign_in(ADMINISTRATOR.login, PASSWORD)
        assert ledger.verify(Depth.FULL).is_sound
        ledger.sign_in(CLERK.login, PASSWORD)
    assert_books_agree(alone)
