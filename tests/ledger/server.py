"""A PostgreSQL server of the tests' own: real, durable, with TLS, in a temporary folder, run by a user without rights.

Its databases sort by a language's rules, not by code points, so that a query that forgets to ask for the program's
own order is found out.
"""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import itertools
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from psycopg.conninfo import make_conninfo

from clerk_app.ledger.tables import metadata

ROOT = Path(__file__).resolve().parents[2]
OLDEST = 15
USER = "office"
START_SECONDS = 60

_NOT_FOUND = (
    f"The tests of the office's ledger need PostgreSQL {OLDEST} or newer, and found none in /usr/lib/postgresql/*/bin,"
    " in .venv/system or on the PATH. Run  python3 packaging/go.py test  which fetches it,"
    " or  sudo apt-get install postgresql"
)
#: As an office would have it, small; what is here could lose nothing that is acknowledged.
_SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "ssl": "on",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "jit": "off",
    # The one time zone that needs no files of the system's.
    "timezone": "GMT",
    "log_timezone": "GMT",
}
if sys.platform == "linux":
    # After a crash the server syncs its files before it recovers: in one call, or in a thousand and two seconds.
    _SETTINGS["recovery_init_sync_method"] = "syncfs"

_SHAPE = """
SELECT (SELECT string_agg(tgname || tgenabled::text, ',' ORDER BY tgrelid, tgname) FROM pg_trigger),
       (SELECT string_agg(conname, ',' ORDER BY conrelid, conname) FROM pg_constraint),
       (SELECT string_agg(version_num, ',') FROM alembic_version)
"""
_FIRST_NUMBERS = "SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences WHERE schemaname = 'public'"


def programs(root: Path = ROOT, system: Path = Path("/usr/lib/postgresql")) -> Path:
    """The folder of the newest server's programs: the system's, or what `go.py` unpacked under the environment."""
    folders = [*system.glob("*/bin"), *(root / ".venv" / "system").glob("*/usr/lib/postgresql/*/bin")]
    found = [folder for folder in folders if folder.joinpath("postgres").exists()]
    found = [folder for folder in found if float(folder.parent.name) >= OLDEST]
    if found:
        return max(found, key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("postgres")
    assert on_path, _NOT_FOUND
    return Path(on_path).resolve().parent


class Server:
    """One cluster: made, started, stopped as an office's would be, or as a power cut would."""

    def __init__(self) -> None:
        self._programs = programs()
        self._as_user: dict[str, object] = {}
        # A short path: a socket's may have 107 characters.
        self.folder = Path(tempfile.mkdtemp(prefix="clerk-postgres-", dir="/tmp"))
        self._heir = self._watched()
        self.password = secrets.token_hex(8)
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._shapes: dict[str, object] = {}
        try:
            self._become_nobody()
            self._make_certificates()
            self._make_cluster()
            self.port = free_port()
            self.start()
        except BaseException:
            self.remove()
            raise

    @property
    def authority(self) -> Path:
        """The certificate of who vouches for the server's."""
        return self.folder / "authority.pem"

    def url(self, database: str = "postgres", *, host: str = "127.0.0.1", **options: str) -> str:
        """The address that a desk is given."""
        words = "&".join(f"{name}={value}" for name, value in options.items())
        return f"postgresql://{USER}:{self.password}@{host}:{self.port}/{database}" + (f"?{words}" if words else "")

    def socket_url(self, database: str = "postgres") -> str:
        """The address through the socket in the server's folder."""
        return f"postgresql://{USER}@/{database}?host={self.folder}&port={self.port}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """An administrator's plain connection, each statement a transaction of its own."""
        where = make_conninfo(host=str(self.folder), port=self.port, user=USER, dbname=database)
        return psycopg.connect(where, autocommit=True)

    def new_database(self, template: str = "template1") -> str:
        """An empty database, or a copy of another one to which nobody is connected; returns its name."""
        name = f"office_{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        """Take a database away, whoever is connected to it."""
        with self.connect() as connection:
            connection.execute(f"DROP DATABASE {database} WITH (FORCE)")

    def empty(self, database: str) -> None:
        """Make the tables of a ledger as new, past the triggers; a new copy would cost the disk a hundred times more.

        Raises:
            AssertionError: Somebody has changed the tables themselves.
        """
        with self.connect(database) as connection:
            (shape,) = connection.execute(_SHAPE).fetchall()
            known = self._shapes.setdefault(database, shape)
            assert shape == known, "a test that changes triggers or tables works with the fixture `fresh_place`"
            tables = [table.name for table in reversed(metadata.sorted_tables)]
            deletions = "".join(f"DELETE FROM {table};" for table in tables)  # noqa: S608 -- our own tables' names
            begin, end = "BEGIN; SET LOCAL session_replication_role = replica;", f"{_FIRST_NUMBERS}; COMMIT"
            connection.execute(f"{begin} {deletions} {end}".encode())

    def start(self, **changes: str) -> None:
        """Start, with some settings changed, and wait until it lets somebody in."""
        settings = self._settings() | changes
        words = itertools.chain.from_iterable(("-c", f"{name}={value}") for name, value in settings.items())
        with self.log.open("ab") as log:
            command = [str(self._programs / "postgres"), "-D", str(self._data), *words]
            self._process = self._popen(command, stdout=log, stderr=log)
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        """Wait until it lets somebody in."""
        give_up_at = time.monotonic() + START_SECONDS
        while True:
            assert self._process is not None
            assert self._process.poll() is None, f"the server did not start:\n{self.log.read_text()[-3000:]}"
            assert time.monotonic() < give_up_at, f"the server does not answer:\n{self.log.read_text()[-3000:]}"
            try:
                self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return

    def stop_at_once(self) -> None:
        """As ``pg_ctl stop -m immediate`` and a power cut do: nothing is written any more, nobody is told."""
        self._stop(signal.SIGQUIT)

    def stop(self) -> None:
        """As ``pg_ctl stop -m fast``."""
        self._stop(signal.SIGINT)

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        if self._process is not None:
            self._stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._heir.communicate()

    @property
    def log(self) -> Path:
        """What the server writes about itself."""
        return self.folder / "server.log"

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _settings(self) -> dict[str, str]:
        return _SETTINGS | {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "ssl_cert_file": str(self.folder / "server.pem"),
            "ssl_key_file": str(self.folder / "server.key"),
        }

    def _watched(self) -> subprocess.Popen[bytes]:
        """Somebody who clears up after tests that were killed: the end of our pipe tells that we are gone."""
        script = 'read nothing; kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; rm -rf "$1"'
        return subprocess.Popen(
            ["sh", "-c", script, "heir", str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _become_nobody(self) -> None:
        """The server refuses to run as root, rightly; it gets a user without rights, and the folder to itself."""
        if os.geteuid() != 0:
            return
        names = {entry.pw_name: entry for entry in pwd.getpwall()}
        user = names.get("postgres") or names["nobody"]
        self._as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        os.chown(self.folder, user.pw_uid, user.pw_gid)

    def _popen(self, command: list[str], **options: object) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        # A group of its own: Ctrl+C ends the tests, and they end the server.
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment | {"LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **self._as_user,  # type: ignore[arg-type]
            **options,  # type: ignore[arg-type]
        )

    def _make_cluster(self) -> None:
        password_file = self._private("password", self.password.encode())
        command = [str(self._programs / "initdb"), "-D", str(self._data), "-U", USER, f"--pwfile={password_file}"]
        command += ["--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
        command += ["--locale-provider=icu", "--icu-locale=zh", "--no-sync", "--no-instructions"]
        made = self._popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, _nothing = made.communicate()
        assert made.returncode == 0, f"initdb failed:\n{said.decode(errors='replace')}"

    def _make_certificates(self) -> None:
        """An authority, and the server's certificate for its address on this machine."""
        now = datetime.datetime.now(datetime.UTC)

        def certificate(name: str, issuer: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
            builder = x509.CertificateBuilder().serial_number(x509.random_serial_number()).public_key(key)
            builder = builder.subject_name(_named(name)).issuer_name(_named(issuer))
            return builder.not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(30))

        own, servers = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        authority = certificate("Tests", "Tests", own.public_key())
        authority = authority.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        server = certificate("Ledger", "Tests", servers.public_key())
        server = server.add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        pem = serialization.Encoding.PEM
        self.authority.write_bytes(authority.sign(own, hashes.SHA256()).public_bytes(pem))
        self._private("server.pem", server.sign(own, hashes.SHA256()).public_bytes(pem))
        key_format, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        self._private("server.key", servers.private_bytes(pem, key_format, plain))

    def _private(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)
        if self._as_user:
            os.chown(path, self._as_user["user"], self._as_user["group"])  # type: ignore[arg-type]
        return path

    def _stop(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(how)
            process.wait(START_SECONDS)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server for as long as the block lasts."""
    server = Server()
    try:
        yield server
    finally:
        server.remove()
