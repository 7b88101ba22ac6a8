"""The ledger of an office with many counters: PostgreSQL, with acts that cannot run into each other.

PostgreSQL as it comes overpays: at READ COMMITTED two desks read the same balance, at REPEATABLE READ a row lock comes
too late, because the snapshot is older than the lock. Here every act first takes the office's lock and only then its
snapshot, so that acts follow one another as they do in a file; SERIALIZABLE is the second net, which needs no lock and
makes one of two acts that saw each other's balance start again; the tables' CHECKs and triggers are the third.

The connection is encrypted and the server's certificate checked (``sslmode=verify-full``) unless the server is this
machine or the address itself names another ``sslmode``; the environment (``PGSSLMODE``) cannot weaken it.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Self, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from clerk_app.errors import ClerkError
from clerk_app.ledger.pools import Connections
from clerk_app.ledger.server_changes import TELLING, ServerChanges
from clerk_app.ledger.server_pipeline import PIPELINE, Pipeline
from clerk_app.ledger.statements import (
    Question,
    Questions,
    begin_with,
    commit_waiting,
    no_questions,
    send_waiting,
    write_soon,
)

_Made = TypeVar("_Made")

OLDEST_SERVER = 15

#: What every act locks first: readers do not wait for it, and it needs no snapshot. VACUUM and ANALYZE do conflict with
#: it, so it is on a table that has a few rows for ever, and not on one that grows until these take minutes.
OFFICE_LOCK = "counters"
#: For the desk that makes the tables, when there is nothing yet to lock: any number, the same for every desk.
_MAKING_LOCK = 4_101_015

#: Milliseconds after which the server gives up on a desk that has died in the middle of an act.
_DEAD_DESK_MS = 30_000

#: What a connection must answer; without these a power cut takes back what was acknowledged. ``remote_apply`` is ``on``
#: and more; anything less than ``on`` is not.
_DURABLE = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_apply"),
}

#: How the two ends notice that the other is gone, where the address does not say otherwise.
_LIVENESS = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "4",
    "tcp_user_timeout": "30000",
}
_SERVER_LIVENESS = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "4",
    "tcp_user_timeout": "30000",
}

#: SQLSTATE, or its class of two characters → our codes.
_CODES = {
    "40": "ledger_locked",
    "55P03": "ledger_locked",
    "57014": "ledger_locked",
    "25006": "ledger_read_only",
    "42501": "ledger_read_only",
    "53100": "ledger_full",
    "53200": "ledger_not_written",
    "53300": "ledger_unreachable",
    "58": "ledger_not_written",
    "XX001": "ledger_damaged",
    "XX002": "ledger_damaged",
    "08": "ledger_unreachable",
    "25P03": "ledger_unreachable",
    "28": "ledger_unreachable",
    "3D000": "ledger_unreachable",
    "57P": "ledger_unreachable",
}
#: The act could not be fitted between others and has left nothing: serialization failures and deadlocks.
_BROKEN_OFF = ("40001", "40P01")
#: Classes of SQLSTATE whose first line speaks of our tables and of the server, never of what was typed.
_SPEAKS_OF_TABLES = ("08", "23", "25", "28", "3D", "40", "42", "53", "55", "57", "58", "XX")

_BEGIN = "clerk_begin"
_QUESTIONS = "clerk_questions"
_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_MAKING = f"BEGIN; SELECT pg_advisory_xact_lock({_MAKING_LOCK})"


class _Cursor(psycopg.Cursor[Any]):
    """A cursor whose errors keep to themselves what was typed.

    The server's DETAIL quotes whole rows, and its first line the value that it cannot read. The error is made anew and
    raised after the first one is forgotten, so that no chain of exceptions leads back to it.
    """

    def execute(self, *arguments: Any, **options: Any) -> Self:
        """As psycopg's."""
        try:
            return super().execute(*arguments, **options)
        except (psycopg.Error, UnicodeEncodeError) as error:
            failure = _without_values(error)
        raise failure

    def executemany(self, *arguments: Any, **options: Any) -> None:
        """As psycopg's."""
        try:
            return super().executemany(*arguments, **options)
        except (psycopg.Error, UnicodeEncodeError) as error:
            failure = _without_values(error)
        raise failure

    @contextlib.contextmanager
    def copy(self, *arguments: Any, **options: Any) -> Iterator[psycopg.Copy]:
        """As psycopg's."""
        try:
            with super().copy(*arguments, **options) as copy:
                yield copy
            return
        except (psycopg.Error, UnicodeEncodeError) as error:
            failure = _without_values(error)
        raise failure


class _SafePipeline(Pipeline):
    """A pipeline whose errors keep to themselves what was typed, as the cursor's do.

    The server's refusal of a statement is read with the answers of those behind it, when no cursor is at work.
    """

    def begin(self, words: Iterable[str], questions: Iterable[Question]) -> None:
        """As the pipeline's."""
        _safely(super().begin, words, questions)

    def ask(self, sql: str, bound: Any) -> list[Any]:
        """As the pipeline's."""
        return _safely(super().ask, sql, bound)

    def number(self, sql: str) -> int:
        """As the pipeline's."""
        return _safely(super().number, sql)

    def send(self) -> None:
        """As the pipeline's."""
        _safely(super().send)

    def commit(self) -> None:
        """As the pipeline's."""
        _safely(super().commit)


def _safely(act: Callable[..., _Made], *arguments: Any) -> _Made:
    try:
        return act(*arguments)
    except (psycopg.Error, UnicodeEncodeError) as error:
        failure = _without_values(error)
    raise failure


class PostgresStore:
    """The database of a ledger on a server, and the two kinds of transaction.

    Args:
        url: ``postgresql://user:password@host:port/database?option=value``, with every option of libpq.
        wait_seconds: How long to wait for another desk's act before giving up.

    Raises:
        ClerkError: ``ledger_address``, the address is none.
    """

    #: What an act begins with. The lock comes before the snapshot, in one message to the server.
    begin_act = f"BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE {OFFICE_LOCK} IN EXCLUSIVE MODE"

    def __init__(self, url: str, wait_seconds: float) -> None:
        self._parameters = connection_parameters(url, os.environ)
        self._wait_seconds = wait_seconds
        # hide_parameters keeps names and ID numbers out of the exceptions' texts, as the cursor does for the server's.
        self.engine: Engine = create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            poolclass=QueuePool,
            hide_parameters=True,
            use_native_hstore=False,
        )
        event.listen(self.engine, "begin", _begin)
        event.listen(self.engine, "before_cursor_execute", _send_first)
        self._connections = Connections(self.engine)

    @property
    def place(self) -> str:
        """Server and database, without user and password."""
        parameters = self._parameters
        where = parameters.get("host") or parameters.get("hostaddr") or parameters.get("service") or "localhost"
        port = parameters.get("port")
        return f"{where}{f':{port}' if port else ''}/{parameters.get('dbname', '')}"

    @property
    def is_server(self) -> bool:
        """It is one."""
        return True

    @property
    def is_plain(self) -> bool:
        """Nobody gets hold of a file; who reads the server's disk is its administrator's concern."""
        return False

    def tell(self, connection: Connection, sequence: int) -> None:
        """Let other desks know of an act, once its transaction is committed."""
        write_soon(connection, TELLING, [(str(sequence),)])

    def changes(self) -> ServerChanges:
        """What a desk waits on to learn of others' acts."""
        return ServerChanges(self._connect, self.place)

    def close(self) -> None:
        """Let go of the server; what another thread reads just now it reads to its end."""
        self._connections.close()

    @contextlib.contextmanager
    def act(self) -> Iterator[Connection]:
        """One transaction that has the office's lock before it reads; it is on the server's disk when it is left.

        Raises:
            ClerkError: ``ledger_locked``, ``ledger_read_only``, ``ledger_full``, ``ledger_not_written``,
                ``ledger_damaged`` or ``text_not_storable``: nothing is saved then. ``ledger_unreachable``: nothing is
                saved, unless the connection was lost between the commit and its acknowledgement; the act's key tells
                when it is tried again.
        """
        with self._failures(), self._act() as connection:
            yield connection

    def perform(self, work: Callable[[Connection], _Made], questions: Questions = no_questions) -> _Made:
        """Do one act, and again from its start where SERIALIZABLE or a deadlock broke it off.

        Raises:
            ClerkError: As ``act``; ``ledger_locked`` where ``wait_seconds`` were not enough.
        """
        give_up_at = time.monotonic() + self._wait_seconds
        with self._failures():
            while True:
                try:
                    with self._act(questions) as connection:
                        return work(connection)
                except DBAPIError as error:
                    if _sqlstate(error) not in _BROKEN_OFF or time.monotonic() > give_up_at:
                        raise

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that sees the ledger as it stood when it began, and changes nothing."""
        with self._failures(), self._transaction(_READING) as connection:
            yield connection

    @contextlib.contextmanager
    def making(self) -> Iterator[Connection]:
        """The transaction in which the tables are made or migrated; another desk that wants to waits."""
        with self._failures(), self._transaction(_MAKING) as connection:
            yield connection

    @contextlib.contextmanager
    def _act(self, questions: Questions = no_questions) -> Iterator[Connection]:
        limits = f"SET LOCAL statement_timeout = {self._wait_ms}"
        limits += f"; SET LOCAL idle_in_transaction_session_timeout = {_DEAD_DESK_MS}"
        with self._transaction(f"{self.begin_act}; {limits}", questions) as connection:
            yield connection
            commit_waiting(connection)

    @contextlib.contextmanager
    def _transaction(self, begin: str, questions: Questions | None = None) -> Iterator[Connection]:
        with self._connections.in_use(), contextlib.closing(self._begun(begin, questions)) as connection:
            transaction, info = connection.get_transaction(), connection.info
            assert transaction is not None, "it was begun"
            try:
                with transaction:
                    yield connection
            finally:
                info.pop(PIPELINE, None)

    def _begun(self, begin: str, questions: Questions | None, *, is_second_try: bool = False) -> Connection:
        """A connection in a transaction; one that was lost while nobody used it is replaced, once.

        Args:
            questions: What an act asks first; None for what is no act.
        """
        connection = self.engine.connect().execution_options(**{_BEGIN: begin, _QUESTIONS: questions})
        info = connection.info
        try:
            connection.begin()
        except BaseException as error:
            info.pop(PIPELINE, None)
            connection.close()
            if is_second_try or not (isinstance(error, DBAPIError) and error.connection_invalidated):
                raise
        else:
            return connection
        return self._begun(begin, questions, is_second_try=True)

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            error.params = None  # Hidden in the text, but still in hand.
            code = _code(error)
            if code is None:
                raise
            reason = (str(error.orig).splitlines() or [""])[0]
            raise ClerkError(code, file=self.place, reason=reason) from error

    @property
    def _wait_ms(self) -> int:
        return max(1, int(self._wait_seconds * 1000))

    def _connect(self) -> psycopg.Connection[Any]:
        # autocommit: transactions begin where this module says so, not where the driver guesses.
        connection = psycopg.connect(**self._parameters, autocommit=True, cursor_factory=_Cursor)
        try:
            self._check(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check(self, connection: psycopg.Connection[Any]) -> None:
        """Hold the server against what the ledger needs, and tell the session how it is to be.

        Raises:
            ClerkError: ``server_too_old``, ``server_encoding``, ``ledger_not_durable``.
        """
        version = connection.info.server_version
        if version < OLDEST_SERVER * 10_000:
            found = f"{version // 10_000}.{version % 10_000}"
            raise ClerkError("server_too_old", file=self.place, found=found, needed=OLDEST_SERVER)
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise ClerkError("server_encoding", file=self.place, found=encoding)
        # The tables are those of `public` alone, whatever the user's own schema holds.
        session = {"search_path": "public", "lock_timeout": str(self._wait_ms), **_SERVER_LIVENESS}
        told = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in session.items())
        connection.execute(f"SELECT {told}".encode())
        asked = ", ".join(f"current_setting('{name}')" for name in _DURABLE)
        answers = connection.execute(f"SELECT {asked}".encode()).fetchone()
        assert answers is not None, "a SELECT without a table has one row"
        for (name, accepted), found in zip(_DURABLE.items(), answers, strict=True):
            if found not in accepted:
                raise ClerkError("ledger_not_durable", file=self.place, setting=name, found=found)


def connection_parameters(url: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """What libpq is told for an address: all that it says, and how to be safe where it says nothing.

    Args:
        environment: Where libpq looks for what the address leaves out.

    Raises:
        ClerkError: ``ledger_address``.
    """
    try:
        given = conninfo_to_dict(url.replace("postgresql+psycopg://", "postgresql://", 1))
    except psycopg.ProgrammingError:
        # Not even as the cause: the text quotes the address, which may hold a password.
        given = {}
    if not given.get("dbname") and not given.get("service"):
        raise ClerkError("ledger_address")
    default = {"application_name": "clerk-app", **_LIVENESS}
    default["sslmode"] = "prefer" if _is_this_machine(given, environment) else "verify-full"
    if "," in str(given.get("host", "")):
        # Several servers keep one ledger, and one of them at a time writes it.
        default["target_session_attrs"] = "read-write"
    return {**default, **given, "client_encoding": "UTF8"}


def _is_this_machine(given: Mapping[str, Any], environment: Mapping[str, str]) -> bool:
    """Whether every server of an address is reached without a network."""
    if given.get("service") or environment.get("PGSERVICE"):
        return False
    for name, variable in (("hostaddr", "PGHOSTADDR"), ("host", "PGHOST")):
        hosts = given.get(name) or environment.get(variable)
        if hosts:
            return all(_is_loopback(host) for host in str(hosts).split(","))
    return True


def _is_loopback(host: str) -> bool:
    # An empty name and one with a slash or an @ in front are the machine's own sockets.
    if host in ("", "localhost") or host.startswith(("/", "@")):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _send_first(connection: Connection, *_told: object) -> None:
    """What SQLAlchemy is about to ask comes after what the act has written."""
    send_waiting(connection)


def _begin(connection: Connection) -> None:
    # Several statements in one message, which the driver sends so only where there are no parameters.
    options = connection.get_execution_options()
    begin, questions = options.get(_BEGIN, _READING), options.get(_QUESTIONS)
    if questions is None:
        connection.exec_driver_sql(begin, execution_options={"no_parameters": True})
        return
    driver = connection.connection.driver_connection
    assert driver is not None, "it is connected"
    connection.info[PIPELINE] = _SafePipeline(driver)
    begin_with(connection, [word.strip() for word in begin.split(";")], questions)


def _code(error: DBAPIError) -> str | None:
    """Our code for a failure of the world; None for one of ours."""
    state = _sqlstate(error)
    if state is None:
        is_lost = error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError)
        return "ledger_unreachable" if is_lost else None
    return next((_CODES[state[:length]] for length in (5, 3, 2) if state[:length] in _CODES), None)


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _without_values(error: psycopg.Error | UnicodeEncodeError) -> Exception:
    """The error again, with the part of its text that quotes nothing that was typed."""
    if isinstance(error, UnicodeEncodeError) or (isinstance(error, psycopg.DataError) and error.sqlstate is None):
        # Half a surrogate pair, or the NUL that PostgreSQL cannot keep.
        return ClerkError("text_not_storable")
    state = error.sqlstate
    text = error.diag.message_primary or str(error)
    is_safe = state is None or state[:2] in _SPEAKS_OF_TABLES
    return type(error)(text if is_safe else f"SQLSTATE {state}")
