"""The store of an office with many counters: how it connects, what it refuses, and what its failures give away."""

from __future__ import annotations

import contextlib
import re
import select
import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from clerk_app.errors import ClerkError
from clerk_app.ledger import postgres
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.postgres import PostgresStore, connection_parameters
from clerk_app.ledger.schema import HEAD
from clerk_app.ledger.store import open_store
from clerk_app.logs import report, start_log, stop_log
from clerk_app.receipts.insured import Person
from clerk_app.wording import sentence
from tests.ledger.news import correct_all, prior
from tests.ledger.office import EMPLOYED, QUICK, Office, id_number, receipt, staffed
from tests.ledger.server import Server

INSTRUCTIONS = Path(__file__).resolve().parents[2] / "packaging" / "postgresql.md"
#: 127.0.0.1 in a spelling that does not give away that it is this machine: to the program, a server of the network.
ELSEWHERE = "127.1"


@pytest.fixture
def url(server: Server, database: str) -> str:
    return server.url(database)


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    store = PostgresStore(url, wait_seconds=5)
    yield store
    store.close()


@pytest.fixture
def counter(url: str) -> Iterator[Office]:
    """An office on the server."""
    office = Office(url)
    yield office
    office.ledger.close()


# -- the connection ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "environment", "sslmode"),
    [
        ("postgresql://clerk@db.office.example/ledger", {}, "verify-full"),
        ("postgresql+psycopg://clerk@db.office.example/ledger", {}, "verify-full"),
        ("postgresql://clerk@10.1.2.3/ledger", {}, "verify-full"),
        ("postgresql://clerk@[2001:db8::5]/ledger", {}, "verify-full"),
        ("postgresql://clerk@localhost,db.office.example/ledger", {}, "verify-full"),
        ("postgresql://clerk@localhost.office.example/ledger", {}, "verify-full"),
        ("postgresql://clerk@localhost/ledger?hostaddr=10.1.2.3", {}, "verify-full"),
        ("postgresql:///ledger?service=office", {}, "verify-full"),
        ("postgresql:///ledger", {"PGHOST": "db.office.example"}, "verify-full"),
        ("postgresql:///ledger", {"PGHOSTADDR": "10.1.2.3"}, "verify-full"),
        ("postgresql:///ledger", {"PGSERVICE": "office"}, "verify-full"),
        ("postgresql://clerk@db.office.example/ledger", {"PGSSLMODE": "disable"}, "verify-full"),
        ("postgresql://clerk@db.office.example/ledger?sslmode=require", {}, "require"),
        ("postgresql://clerk@db.office.example/ledger?sslmode=disable", {}, "disable"),
        ("postgresql://clerk@localhost/ledger", {}, "prefer"),
        ("postgresql://clerk@127.0.0.1:6543/ledger", {}, "prefer"),
        ("postgresql://clerk@[::1]/ledger", {}, "prefer"),
        ("postgresql:///ledger?host=/run/postgresql", {}, "prefer"),
        ("postgresql:///ledger", {}, "prefer"),
    ],
)
def test_a_server_across_a_network_is_checked_and_the_wire_encrypted_unless_the_address_says_otherwise(
    address: str, environment: dict[str, str], sslmode: str
) -> None:
    assert connection_parameters(address, environment)["sslmode"] == sslmode


def is_encrypted(store: PostgresStore) -> bool:
    with store.reading() as connection:
        found = connection.execute(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).scalar_one()
    store.close()
    return bool(found)


def test_a_server_whose_certificate_is_vouched_for_is_talked_to_in_cipher(server: Server, database: str) -> None:
    for host in (ELSEWHERE, "127.0.0.1"):
        url = server.url(database, host=host, sslrootcert=str(server.authority))
        assert is_encrypted(PostgresStore(url, wait_seconds=5))


def test_a_server_for_which_nobody_vouches_gets_no_word(
    server: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGSSLMODE", "disable")
    stranger = PostgresStore(server.url(database, host=ELSEWHERE), wait_seconds=5)
    with pytest.raises(ClerkError, match="ledger_unreachable") as raised:
        is_encrypted(stranger)
    assert "certificate" in sentence(raised.value)
    misnamed = server.url(database, host="localhost", sslmode="verify-full", sslrootcert=str(server.authority))
    with pytest.raises(ClerkError, match="ledger_unreachable"):
        is_encrypted(PostgresStore(misnamed, wait_seconds=5))


def test_the_address_may_say_that_a_wire_is_safe_without_cipher(server: Server, database: str) -> None:
    assert not is_encrypted(PostgresStore(server.url(database, host=ELSEWHERE, sslmode="disable"), wait_seconds=5))
    assert not is_encrypted(PostgresStore(server.socket_url(database), wait_seconds=5))


@pytest.mark.parametrize("address", ["", "secret", "mysql://clerk:secret@db/ledger", "postgresql://clerk:secret@db"])
def test_an_address_that_is_none_is_said_so_without_its_password(address: str) -> None:
    with pytest.raises(ClerkError, match="ledger_address") as raised:
        open_ledger(address)
    assert "secret" not in "".join(traceback.format_exception(raised.value)) + sentence(raised.value)


def test_a_server_that_is_not_there_is_named_without_user_and_password(server: Server, database: str) -> None:
    url = server.url(database).replace(f":{server.port}/", ":1/")
    with pytest.raises(ClerkError, match="ledger_unreachable") as raised:
        open_ledger(url)
    assert f"127.0.0.1:1/{database}" in sentence(raised.value)
    assert server.password not in "".join(traceback.format_exception(raised.value)) + sentence(raised.value)


def test_a_wrong_password_is_said(server: Server, database: str) -> None:
    with pytest.raises(ClerkError, match="ledger_unreachable") as raised:
        open_ledger(server.url(database).replace(server.password, "wrong"))
    assert "password" in sentence(raised.value)


def test_without_the_driver_the_clerk_is_told_what_is_missing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "clerk_app.ledger.postgres")
    with pytest.raises(ClerkError, match="postgres_not_installed") as raised:
        open_ledger(url)
    assert "psycopg" in sentence(raised.value)


def test_several_servers_of_one_ledger_are_asked_for_the_one_that_writes() -> None:
    several = connection_parameters("postgresql://clerk@one.example,two.example/ledger", {})
    assert several["target_session_attrs"] == "read-write"
    assert "target_session_attrs" not in connection_parameters("postgresql://clerk@one.example/ledger", {})


# -- what a server must be ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["off", "local", "remote_write"])
def test_a_server_that_acknowledges_before_the_disk_has_it_is_refused(
    server: Server, database: str, value: str
) -> None:
    with server.connect() as connection:
        connection.execute(f"ALTER DATABASE {database} SET synchronous_commit = {value}")
    with pytest.raises(ClerkError, match="ledger_not_durable") as raised:
        open_ledger(server.url(database))
    assert (raised.value.details["setting"], raised.value.details["found"]) == ("synchronous_commit", value)


def test_a_standby_that_has_applied_the_act_is_welcome(server: Server, database: str) -> None:
    with server.connect() as connection:
        connection.execute(f"ALTER DATABASE {database} SET synchronous_commit = remote_apply")
    open_ledger(server.url(database)).close()


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_server_that_a_power_cut_can_damage_is_refused(server: Server, database: str, setting: str) -> None:
    server.stop()
    try:
        server.start(**{setting: "off"})
        with pytest.raises(ClerkError, match="ledger_not_durable") as raised:
            open_ledger(server.url(database))
    finally:
        server.stop()
        server.start()
    assert raised.value.details["setting"] == setting
    open_ledger(server.url(database)).close()


def test_an_old_server_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "OLDEST_SERVER", 99)
    with pytest.raises(ClerkError, match="server_too_old") as raised:
        open_ledger(url)
    assert raised.value.details["needed"] == 99


def test_a_database_that_cannot_hold_every_character_is_refused(server: Server) -> None:
    with server.connect() as connection:
        options = "TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc"
        connection.execute(f"CREATE DATABASE latin {options}")
    with pytest.raises(ClerkError, match="server_encoding") as raised:
        open_ledger(server.url("latin"))
    assert "LATIN1" in sentence(raised.value)
    server.drop("latin")


# -- acts ---------------------------------------------------------------------------------------------------------


def test_an_act_is_serializable_alone_and_soon_given_up_for_a_dead_desk(store: PostgresStore) -> None:
    with store.act() as connection:
        shown = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in SESSION_OF_AN_ACT}
        locks = connection.exec_driver_sql(
            "SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'counters'::regclass"
        ).scalars()
        assert list(locks) == ["ExclusiveLock"]
    assert shown == SESSION_OF_AN_ACT
    with store.reading() as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "repeatable read"
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "0"


SESSION_OF_AN_ACT = {
    "transaction_isolation": "serializable",
    "transaction_read_only": "off",
    "lock_timeout": "5s",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
    "synchronous_commit": "on",
    "search_path": "public",
    "application_name": "clerk-app",
    "client_encoding": "UTF8",
}


def test_a_look_changes_nothing(store: PostgresStore) -> None:
    with pytest.raises(ClerkError, match="ledger_read_only"), store.reading() as connection:
        connection.execute(text("DELETE FROM name_grams"))


def test_a_ledger_held_by_another_desk_says_so_and_saves_nothing(server: Server, database: str) -> None:
    office = Office(server.url(database))
    request = office.request(office.person(), receipt("1"))
    office.ledger.close()
    with staffed(
        open_ledger(server.url(database), "360100", office.clock, hardness=QUICK, wait_seconds=0.05)
    ) as ledger:
        with server.connect(database) as other, other.transaction():
            other.execute("LOCK TABLE counters IN ROW EXCLUSIVE MODE")
            with pytest.raises(ClerkError, match="ledger_locked"):
                ledger.settle(request)
            assert ledger.month_count(2023, 6) == 0, "looking is not held up"
        with server.connect(database) as other, other.transaction():
            other.execute("LOCK TABLE counters IN EXCLUSIVE MODE")
            before = ledger.head()
            assert ledger.month_count(2023, 6) == 0, "nor by an act, not even looking at the audit trail"
        assert ledger.settle(request).voucher_number == "360100-2023-000001"
        assert ledger.head().sequence == before.sequence + 1


def test_an_act_that_takes_too_long_is_given_up(url: str) -> None:
    store = PostgresStore(url, wait_seconds=0.05)
    with pytest.raises(ClerkError, match="ledger_locked"), store.act() as connection:
        connection.execute(text("SELECT pg_sleep(60)"))
    store.close()


def test_a_database_in_which_nothing_may_be_written_is_said_so(server: Server, database: str) -> None:
    office = Office(server.url(database))
    with server.connect() as connection:
        connection.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    end_connections(server, database)
    with pytest.raises(ClerkError, match="ledger_read_only"):
        office.person()
    office.ledger.close()


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("disk_full", "ledger_full"),
        ("io_error", "ledger_not_written"),
        ("out_of_memory", "ledger_not_written"),
        ("data_corrupted", "ledger_damaged"),
        ("index_corrupted", "ledger_damaged"),
        ("insufficient_privilege", "ledger_read_only"),
        ("query_canceled", "ledger_locked"),
    ],
)
def test_what_ails_the_server_is_said_in_a_sentence_and_loses_nothing(
    server: Server, counter: Office, condition: str, code: str
) -> None:
    person = counter.person()
    settled = counter.settle(person, receipt("1"))
    request = counter.request(person, receipt("2"))
    database = str(counter.place).rpartition("/")[2]
    with server.connect(database) as connection:
        connection.execute(
            "CREATE FUNCTION ail() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$BEGIN RAISE EXCEPTION USING ERRCODE = '{condition}', MESSAGE = 'no'; END$$"
        )
        connection.execute("CREATE TRIGGER ail BEFORE INSERT ON bills EXECUTE FUNCTION ail()")
        with pytest.raises(ClerkError, match=code) as raised:
            counter.ledger.settle(request)
        assert database in sentence(raised.value)
        assert list(counter.ledger.settlements_of_month(2023, 6)) == [settled]
        connection.execute("DROP TRIGGER ail ON bills")
    assert counter.ledger.settle(request).voucher_number == "360100-2023-000002"


def test_a_desk_that_owns_nothing_does_all_its_work_and_takes_no_guard_away(server: Server) -> None:
    as_administrator, as_owner = re.findall(r"```sql\n(.*?)```", INSTRUCTIONS.read_text(encoding="utf-8"), re.DOTALL)
    with server.connect() as connection:
        for statement in as_administrator.strip().split("\n"):
            connection.execute(statement.encode())
    address = f"127.0.0.1:{server.port}/clerk"
    owner, desk = f"postgresql://clerk_owner:choose-one@{address}", f"postgresql://clerk_desk:choose-another@{address}"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(as_owner.encode())
    open_ledger(owner).close()

    office = Office(desk)
    person = office.person()
    settled = office.settle(person, receipt("1"))
    office.ledger.save_person(person.person, EMPLOYED, "360000", person.person_id)
    office.ledger.record_print(settled.voucher_number)
    office.ledger.record_prior_benefit(person.person_id, prior(200, 0))
    (correction,) = correct_all(office, person)
    reversal = office.ledger.reverse(settled.voucher_number, "录错", "r1")
    assert reversal.fund_fen == -settled.fund_fen - correction.fund_fen
    office.ledger.close()
    with psycopg.connect(desk, autocommit=True) as connection:
        for statement in (
            "ALTER TABLE settlements DISABLE TRIGGER ALL",
            "DROP TRIGGER settlements_no_update ON settlements",
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
            "ALTER TABLE accumulators DROP CONSTRAINT ck_accumulators_cap",
            "TRUNCATE settlements CASCADE",
            "DROP TABLE settlements CASCADE",
            "CREATE TABLE settlements_of_mine (x int)",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
    server.drop("clerk")
    with server.connect() as connection:
        connection.execute("DROP ROLE clerk_owner, clerk_desk")


# -- broken off, lost ---------------------------------------------------------------------------------------------


class Unlocked(PostgresStore):
    """A store without the office's lock: SERIALIZABLE alone keeps its acts apart."""

    begin_act = "BEGIN ISOLATION LEVEL SERIALIZABLE"


def raise_counter(connection: Connection) -> int:
    number: int = connection.execute(text("SELECT coalesce(max(last_number), 0) FROM counters")).scalar_one() + 1
    if number == 1:
        connection.execute(text("INSERT INTO counters VALUES ('360100', 'voucher', 2023, 1)"))
    else:
        connection.execute(text("UPDATE counters SET last_number = :number"), {"number": number})
    return number


def test_an_act_that_was_broken_off_is_done_again_from_its_start(url: str) -> None:
    one, other = Unlocked(url, wait_seconds=5), Unlocked(url, wait_seconds=5)
    other.perform(raise_counter)
    seen: list[int] = []

    def work(connection: Connection) -> int:
        seen.append(connection.execute(text("SELECT last_number FROM counters")).scalar_one())
        if len(seen) < 3:
            other.perform(raise_counter)
        return raise_counter(connection)

    assert one.perform(work) == 4
    assert seen == [1, 2, 3], "broken off twice, and nothing of the first two tries is kept"
    one.close()
    other.close()


def test_of_two_acts_in_a_deadlock_both_are_done(url: str) -> None:
    store = Unlocked(url, wait_seconds=20)
    with store.act() as connection:
        for series in ("a", "b"):
            connection.execute(text("INSERT INTO counters VALUES ('1', :series, 2023, 1)"), {"series": series})
    raised = text("UPDATE counters SET last_number = last_number + 1 WHERE series = :series")
    tries: list[str] = []

    def work(connection: Connection, first: str, second: str) -> None:
        tries.append(first)
        connection.execute(raised, {"series": first})
        if len(tries) == 1:
            waiting.append(pool.submit(store.perform, lambda other: work(other, "b", "a")))
            asked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            while not connection.execute(asked).scalar_one():
                pass
        connection.execute(raised, {"series": second})

    waiting: list[object] = []
    with ThreadPoolExecutor(1) as pool:
        store.perform(lambda connection: work(connection, "a", "b"))
    with store.reading() as connection:
        assert list(connection.execute(text("SELECT last_number FROM counters")).scalars()) == [3, 3]
    assert len(tries) > 2, "one was broken off"
    store.close()


def test_an_act_that_is_broken_off_again_and_again_is_given_up(url: str) -> None:
    one, other = Unlocked(url, wait_seconds=0.2), Unlocked(url, wait_seconds=5)
    other.perform(raise_counter)

    def work(connection: Connection) -> int:
        connection.execute(text("SELECT last_number FROM counters")).scalar_one()
        other.perform(raise_counter)
        return raise_counter(connection)

    with pytest.raises(ClerkError, match="ledger_locked"):
        one.perform(work)
    one.close()
    other.close()


def end_connections(server: Server, database: str) -> None:
    with server.connect() as connection:
        ended = connection.execute(
            f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{database}'"  # noqa: S608
        ).fetchall()
    assert ended
    assert all(is_ended for (is_ended,) in ended)


@pytest.mark.parametrize("last_word", ["SELECT 1", ""], ids=["in the middle", "before the commit"])
def test_an_act_whose_connection_is_lost_saves_nothing_and_the_next_try_does(
    server: Server, database: str, counter: Office, store: PostgresStore, last_word: str
) -> None:
    person = counter.person()

    def interrupted() -> None:
        with store.act() as connection:
            raise_counter(connection)
            end_connections(server, database)
            if last_word:
                connection.execute(text(last_word))

    with pytest.raises(ClerkError, match="ledger_unreachable") as raised:
        interrupted()
    assert f"127.0.0.1:{server.port}/{database}" in sentence(raised.value)
    assert counter.settle(person, receipt("1")).voucher_number == "360100-2023-000001"


def test_a_connection_lost_while_nobody_used_it_is_not_noticed(server: Server, database: str, counter: Office) -> None:
    person = counter.person()
    end_connections(server, database)
    assert counter.settle(person, receipt("1")).voucher_number == "360100-2023-000001"
    end_connections(server, database)
    assert counter.ledger.month_count(2023, 6) == 1
    server.stop()
    server.start()
    assert counter.ledger.month_count(2023, 6) == 1


class Wire:
    """A wire between a desk and the server that can be cut between a commit and its acknowledgement."""

    def __init__(self, port: int) -> None:
        self.cuts_after_commit = False
        self._server_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                desk, _address = self._listener.accept()
                self._threads.append(threading.Thread(target=self._carry, args=(desk,), daemon=True))
                self._threads[-1].start()

    def _carry(self, desk: socket.socket) -> None:
        with desk, socket.create_connection(("127.0.0.1", self._server_port)) as server:
            ends = {desk: server, server: desk}
            while True:
                readable, _writable, _broken = select.select(list(ends), [], [])
                for end in readable:
                    said = end.recv(65_536)
                    # The server's word that it is done; whatever the desk still sends before it, it gets.
                    is_acknowledged = end is server and b"COMMIT\0" in said
                    if not said or (self.cuts_after_commit and is_acknowledged):
                        return
                    ends[end].sendall(said)


def test_an_acknowledgement_lost_on_the_wire_is_got_by_pressing_save_again(server: Server, database: str) -> None:
    with contextlib.closing(Wire(server.port)) as wire:
        office = Office(server.url(database, sslmode="disable").replace(f":{server.port}/", f":{wire.port}/"))
        with office.ledger:
            request = office.request(office.person(), receipt("1"))
            wire.cuts_after_commit = True
            with pytest.raises(ClerkError, match="ledger_unreachable"):
                office.ledger.settle(request)
            wire.cuts_after_commit = False
            with server.connect(database) as connection:
                assert connection.execute("SELECT count(*) FROM settlements").fetchone() == (1,), "saved, unheard"
            settled = office.ledger.settle(request)
            records = list(office.ledger.settlements_of_month(2023, 6))
    assert records == [settled], "it had been saved, and is not saved twice"


def test_desks_that_make_the_same_new_ledger_at_once_all_get_in(server: Server) -> None:
    for _attempt in range(3):
        database = server.new_database()
        url = server.url(database)
        with ThreadPoolExecutor(4) as desks:
            for ledger in desks.map(open_ledger, [url] * 4):
                ledger.close()
        with server.connect(database) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        server.drop(database)


# -- what nobody is told ------------------------------------------------------------------------------------------


def told(error: BaseException) -> str:
    """Everything that a traceback, a log or a curious hand can get out of an exception and those behind it."""
    said = "".join(traceback.format_exception(error))
    current: BaseException | None = error
    while current is not None:
        said += f"{current!r}{current}{vars(current)}"
        original = getattr(current, "orig", None)
        if original is not None:
            said += f"{original!r}{original}{vars(original)}{original.diag.message_detail}{original.diag.context}"
        current = current.__cause__ or current.__context__
    return said


QUOTING_STATEMENTS = [
    (
        "INSERT INTO persons (name, id_number, id_key, certificate_type, sex, phone, employer, area_code, insurance,"
        " status, has_coverage, has_filings) SELECT name, id_number, id_key, '01', '1', '', '', '', 'employee',"
        " 'employed', true, true FROM persons"
    ),
    "UPDATE persons SET insurance = name",
    "UPDATE persons SET insurance = :name",
    "UPDATE persons SET insurance = NULL",
    "UPDATE persons SET born_on = name::date",
    "UPDATE persons SET born_on = CAST(:number AS date)",
    "UPDATE persons SET person_id = name::bigint",
    "UPDATE persons SET person_id = CAST(:name AS bigint)",
    "UPDATE persons SET area_code = 100 / (length(name) - 3)",
    "DELETE FROM persons",
    "DELETE FROM nobody WHERE name = :name",
]


def test_no_name_or_number_of_a_patient_stands_in_an_exceptions_text(
    counter: Office, store: PostgresStore, tmp_path: Path
) -> None:
    person = counter.ledger.save_person(Person("张三丰", id_number(77)), EMPLOYED, "360000").person
    log = start_log(tmp_path)
    try:
        for statement in QUOTING_STATEMENTS:
            with pytest.raises(DBAPIError) as raised, store.act() as connection:
                connection.execute(text(statement), {"name": person.name, "number": person.id_number})
            report(raised.value)
            said = told(raised.value) + log.read_text(encoding="utf-8")
            assert "psycopg" in said, "something was looked at"
            assert person.name not in said, statement
            assert person.id_number not in said, statement
    finally:
        stop_log()


def test_nor_in_the_text_of_one_that_the_store_did_not_see(store: PostgresStore) -> None:
    with pytest.raises(DBAPIError) as raised, store.engine.connect() as connection:
        connection.execute(text("SELECT CAST(:name AS bigint)"), {"name": "张三丰"})
    assert "bigint" in str(raised.value)
    assert "张三丰" not in str(raised.value)


def test_which_rule_was_broken_is_told(counter: Office) -> None:
    person = counter.person()
    with pytest.raises(IntegrityError, match="ck_settlements_clerk"):
        counter.settle(person, receipt("1"), key="")


def test_the_store_of_a_ledger_is_chosen_by_its_place(url: str) -> None:
    with contextlib.closing(open_store(url, wait_seconds=1)) as store:
        assert isinstance(store, PostgresStore)
        assert store.place == url.rpartition("@")[2]


def test_days_of_the_year_stay_what_they_were(counter: Office) -> None:
    person = counter.ledger.save_person(
        Person("张三", id_number(1), born_on=date(1900, 2, 28)), replace(EMPLOYED), "360000"
    )
    assert counter.ledger.person(person.person_id) == person
