"""An office of many counters on a real PostgreSQL: nothing overpaid or underpaid, and nothing lost in its crashes."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, bindparam, update

from clerk_app.codes import Benefit
from clerk_app.errors import ClerkError
from clerk_app.ledger import accumulators
from clerk_app.ledger.keys import PRACTICE
from clerk_app.ledger.ledger import Ledger
from clerk_app.ledger.postgres import PostgresStore
from clerk_app.ledger.records import PersonRecord, PriorBenefit, SettlementRequest
from clerk_app.ledger.statements import Statement
from tests.ledger.books import assert_books_agree, query
from tests.ledger.office import JIANGXI, QUICK, Office, receipt, staffed
from tests.ledger.server import START_SECONDS, Server, running
from tests.ledger.test_two_desks import desks, race

_SEED = 20230601

#: 100 yuan short of the cap of 1,800 yuan, and a claim of which the fund would pay 100 yuan.
NEARLY_ALL = PriorBenefit(2023, Benefit.ORDINARY, 60_000, 170_000, date(2023, 5, 31))
LEFT_FEN = 10_000

Books = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def office(server: Server, database: str) -> Iterator[Office]:
    """On the server alone: how desks share a file is tried elsewhere."""
    office = Office(server.url(database))
    yield office
    office.ledger.close()


@pytest.fixture
def books(office: Office) -> Iterator[Books]:
    """A plain connection to look at what was written, each look by itself."""
    with psycopg.connect(str(office.place), autocommit=True) as connection:
        yield connection


def with_a_hundred_yuan_left(office: Office) -> PersonRecord:
    """A person whose counter stands already, so that desks meet in an UPDATE as they do on every usual day."""
    person = office.person()
    office.settle(person, receipt(f"F{person.person_id}", 100))
    return office.ledger.record_prior_benefit(person.person_id, NEARLY_ALL)


def paid_fen(books: Books, person: PersonRecord) -> int:
    """What the vouchers say, whatever the counters do."""
    paid = books.execute("SELECT sum(fund_fen) FROM settlements WHERE person_id = %s", (person.person_id,)).fetchone()
    assert paid is not None
    return int(paid[0])


@pytest.mark.parametrize("pairs", [200, pytest.param(10_000, marks=pytest.mark.full)])
def test_two_desks_never_overpay_or_underpay_the_last_hundred_yuan_of_a_cap(
    office: Office, books: Books, pairs: int
) -> None:
    with desks(office.place, 2) as both:
        for pair in range(pairs):
            if pair % 20 == 0:
                person = with_a_hundred_yuan_left(office)
            words = [(f"{pair}-{index}", person.person_id, f"P{pair}-{index}", 20_000) for index in range(2)]
            answers = race(both, words)
            assert [answer[0] for answer in answers] == ["done", "error"], answers
            assert (answers[0][3], answers[1][2]) == (str(LEFT_FEN), "amount_changed")
            assert paid_fen(books, person) == LEFT_FEN
            assert office.ledger.year_to_date(person.person_id, JIANGXI).used(2023, "ordinary").fund_fen == 180_000
            # The hundred yuan are free again for the next pair.
            office.ledger.reverse(answers[0][2], "试", f"reverse-{pair}")
            assert paid_fen(books, person) == 0
    assert_books_agree(office.place)


class Clerks:
    """Clerks who see the same amounts and press Save at the same moment, each with a connection of their own.

    Threads of one process: where it matters, between the statements, the server has them all at once.
    """

    def __init__(self, office: Office, count: int, kind: type[PostgresStore] = PostgresStore) -> None:
        self._office = office
        self._stores = [kind(str(office.place), wait_seconds=60) for _clerk in range(count)]
        self._ledgers = [staffed(Ledger(store, PRACTICE, "360100", office.clock, QUICK)) for store in self._stores]
        self._start = threading.Barrier(count)
        self._turns = 0

    def close(self) -> None:
        for ledger in self._ledgers:
            ledger.close()

    def press_save(self, person: PersonRecord) -> list[int | str]:
        """What the fund pays each, or what they are told."""
        self._turns += 1
        requests = [
            self._office.request(person, receipt(f"{self._turns}-{index}", 20_000), key=f"{self._turns}-{index}")
            for index in range(len(self._ledgers))
        ]
        with ThreadPoolExecutor(len(self._ledgers)) as pool:
            return list(pool.map(self._save, self._ledgers, requests))

    def _save(self, ledger: Ledger, request: SettlementRequest) -> int | str:
        ledger.month_count(1999, 1)  # connects, if this is the first time
        self._start.wait(60)
        try:
            return ledger.settle(request).fund_fen
        except ClerkError as error:
            return error.code
        except Exception as error:  # noqa: BLE001 -- what else stopped it is a finding, not a reason to hang
            return type(error).__name__


@pytest.fixture
def clerks(office: Office) -> Iterator[Callable[..., Clerks]]:
    made: list[Clerks] = []

    def make(count: int, kind: type[PostgresStore] = PostgresStore) -> Clerks:
        made.append(Clerks(office, count, kind))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize("rounds", [20, pytest.param(625, marks=pytest.mark.full)])
def test_of_sixteen_clerks_one_gets_the_last_hundred_yuan_and_the_others_are_told(
    office: Office, books: Books, clerks: Callable[..., Clerks], rounds: int
) -> None:
    sixteen = clerks(16)
    for _round in range(rounds):
        person = with_a_hundred_yuan_left(office)
        answers = sixteen.press_save(person)
        assert sorted(answers, key=str) == [LEFT_FEN, *["amount_changed"] * 15]
        assert paid_fen(books, person) == LEFT_FEN
    assert_books_agree(office.place)


# -- each net alone, and none -------------------------------------------------------------------------------------


class LockAlone(PostgresStore):
    """The office's lock without SERIALIZABLE."""

    begin_act = PostgresStore.begin_act.replace("SERIALIZABLE", "READ COMMITTED")


class SerializableAlone(PostgresStore):
    """SERIALIZABLE without the lock."""

    begin_act = PostgresStore.begin_act.partition(";")[0]


class NoNet(PostgresStore):
    """As a database comes."""

    begin_act = "BEGIN ISOLATION LEVEL READ COMMITTED"


class Unguarded(Statement):
    """Changes rows whatever they were before."""

    def change(self, connection: Connection, rows: Iterable[Mapping[str, object]]) -> int:
        """Forget what was read."""
        return super().change(
            connection, [{name: row[name] for name in row if not name.startswith("before_")} for row in rows]
        )


def without_guards(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the counter rows take whatever is written: neither what was read before nor the cap is looked at."""
    table = accumulators.accumulators
    unguarded = (
        update(table)
        .where(
            table.c.person_id == bindparam("new_person_id"),
            table.c.year == bindparam("new_year"),
            table.c.pool == bindparam("new_pool"),
        )
        .values({name: bindparam(f"new_{name}") for name in accumulators._VALUES})
    )
    monkeypatch.setattr(accumulators, "_UPDATE", Unguarded(unguarded))
    books.execute("ALTER TABLE accumulators DROP CONSTRAINT ck_accumulators_cap")


def without_chain(books: Books) -> None:
    """Let two acts follow the same row of the audit trail."""
    books.execute("DROP TRIGGER audit_in_sequence ON audit")
    books.execute("ALTER TABLE audit DROP CONSTRAINT pk_audit")
    books.execute("ALTER TABLE settlements DROP CONSTRAINT uq_settlements_audit_sequence")


@pytest.mark.parametrize("net", [LockAlone, SerializableAlone])
def test_each_net_alone_keeps_the_cap(
    office: Office,
    books: Books,
    clerks: Callable[..., Clerks],
    monkeypatch: pytest.MonkeyPatch,
    net: type[PostgresStore],
) -> None:
    without_guards(books, monkeypatch)
    without_chain(books)
    six = clerks(6, net)
    for _round in range(20):
        person = with_a_hundred_yuan_left(office)
        answers = six.press_save(person)
        assert sorted(answers, key=str) == [LEFT_FEN, *["amount_changed"] * 5]
        assert paid_fen(books, person) == LEFT_FEN
    assert_books_agree(office.place)


def test_the_guarded_counter_alone_keeps_the_cap(office: Office, books: Books, clerks: Callable[..., Clerks]) -> None:
    without_chain(books)
    six = clerks(6, NoNet)
    for _round in range(20):
        person = with_a_hundred_yuan_left(office)
        answers = six.press_save(person)
        assert answers.count(LEFT_FEN) == 1, answers
        assert paid_fen(books, person) == LEFT_FEN


def test_the_audit_chain_alone_keeps_the_cap(
    office: Office, books: Books, clerks: Callable[..., Clerks], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_guards(books, monkeypatch)
    six = clerks(6, NoNet)
    for _round in range(20):
        person = with_a_hundred_yuan_left(office)
        answers = six.press_save(person)
        assert answers.count(LEFT_FEN) == 1, answers
        assert paid_fen(books, person) == LEFT_FEN


def test_without_any_net_the_cap_is_overdrawn_so_the_others_are_what_holds(
    office: Office, books: Books, clerks: Callable[..., Clerks], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_guards(books, monkeypatch)
    without_chain(books)
    six = clerks(6, NoNet)
    overpaid = 0
    for _round in range(10):
        person = with_a_hundred_yuan_left(office)
        six.press_save(person)
        overpaid += paid_fen(books, person) > LEFT_FEN
    assert overpaid > 0


# -- crashes -----------------------------------------------------------------------------------------------------


class Writer(threading.Thread):
    """A clerk who settles claim after claim and, told that the server is gone, presses Save again until it is saved."""

    def __init__(self, office: Office, name: str, person: PersonRecord) -> None:
        super().__init__(name=name, daemon=True)
        self.acknowledged: dict[str, str] = {}
        self.interrupted: list[str] = []
        self.is_done = threading.Event()
        self.failure: BaseException | None = None
        self._office = replace(office)  # the same office at another desk
        self._person = person

    def run(self) -> None:
        try:
            while not self.is_done.is_set():
                self._settle(f"{self.name}-{len(self.acknowledged)}")
        except BaseException as error:  # noqa: BLE001 -- a thread's failure is told by the one who waits for it
            self.failure = error
        finally:
            self._office.ledger.close()

    def _settle(self, key: str) -> None:
        request = None
        while key not in self.acknowledged:
            try:
                request = request or self._office.request(self._person, receipt(key, 100), key=key)
                self.acknowledged[key] = self._office.ledger.settle(request).voucher_number
            except ClerkError as error:
                if error.code != "ledger_unreachable":
                    raise
                self.interrupted.append(key)
                threading.Event().wait(0.01)


def stop_at_once(server: Server, _chance: random.Random) -> None:
    server.stop_at_once()
    server.start()


def kill_a_backend(server: Server, chance: random.Random) -> None:
    """Kill -9: the server takes it for a crash, drops every connection and recovers."""
    with contextlib.suppress(psycopg.OperationalError), server.connect() as connection:
        pid = chance.choice(backends(connection))
        assert Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"postgres:"), "nobody else is killed"
        os.kill(pid, signal.SIGKILL)
        give_up_at = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up_at:
            connection.execute("SELECT 1")
        pytest.fail("the server has not noticed that a process of its own was killed")
    server.wait_until_it_answers()


def backends(connection: Books) -> list[int]:
    """The processes that serve the desks; one at least, for desks come back."""
    found: list[tuple[Any, ...]] = []
    give_up_at = time.monotonic() + START_SECONDS
    while not found:
        assert time.monotonic() < give_up_at, "no desk has come back"
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'clerk-app' ORDER BY pid"
        ).fetchall()
    return [pid for (pid,) in found]


def end_a_backend(server: Server, chance: random.Random) -> None:
    """As an administrator does; the others go on."""
    with server.connect() as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", (chance.choice(backends(connection)),))


@pytest.mark.parametrize("crashes", [10, pytest.param(500, marks=pytest.mark.full)])
def test_a_server_that_crashes_under_four_writers_loses_nothing_and_leaves_no_gap(crashes: int) -> None:
    chance = random.Random(_SEED)  # noqa: S311 -- moments of a crash, no secret
    print(f"seed {_SEED}")  # noqa: T201 -- what a failure is repeated with
    with running() as server:
        office = Office(server.url(server.new_database()))
        writers = [Writer(office, f"w{number}", office.person()) for number in range(4)]
        for writer in writers:
            writer.start()
        try:
            for crash in range(crashes):
                threading.Event().wait(0.05 + chance.random() * 0.1)
                (stop_at_once, kill_a_backend, end_a_backend)[crash % 3](server, chance)
                assert [writer.failure for writer in writers] == [None] * 4
        finally:
            for writer in writers:
                writer.is_done.set()
            for writer in writers:
                writer.join(60)
        assert [writer.failure for writer in writers] == [None] * 4
        assert_nothing_lost(office, writers, crashes)
        office.ledger.close()


def wait_for_saves(writers: list[Writer], count: int) -> None:
    give_up_at = time.monotonic() + 60
    while sum(len(writer.acknowledged) for writer in writers) < count:
        assert [writer.failure for writer in writers] == [None] * len(writers)
        assert time.monotonic() < give_up_at
        threading.Event().wait(0.002)


def assert_nothing_lost(office: Office, writers: list[Writer], crashes: int) -> None:
    acknowledged = {key: number for writer in writers for key, number in writer.acknowledged.items()}
    settled = dict(query(office.place, "SELECT act_key, voucher_number FROM settlements"))
    assert settled == acknowledged, "all that was acknowledged, and nothing else"
    bills = query(office.place, "SELECT COUNT(*), COUNT(DISTINCT bill_key) FROM receipts")[0]
    assert bills == (len(acknowledged), len(acknowledged))
    assert_books_agree(office.place)
    interrupted = sum(len(writer.interrupted) for writer in writers)
    assert interrupted >= crashes // 2, "the crashes were noticed"
