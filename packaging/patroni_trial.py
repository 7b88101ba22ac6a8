#!/usr/bin/env python3
"""Tries an office on a cluster of three servers that Patroni keeps: its leader dies, and its leader falls asleep.

    sudo apt-get install etcd-server patroni postgresql
    .venv/bin/python packaging/patroni_trial.py [--rounds 6]

Everything runs on loopback, in a temporary folder, without rights. Four desks settle one claim after the other and
press Save again with the same draft when the server is lost. In turn the leader and its Patroni are killed (kill -9),
as by a power cut, and its Patroni alone is stopped (SIGSTOP) until another leads, so that there are two servers that
believe they lead. Afterwards everything that was acknowledged has to be there once, without a gap.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402 -- after the path
from ruamel.yaml import YAML  # noqa: E402

from clerk_app.ledger.soundness import Depth  # noqa: E402
from tests.ledger.books import assert_books_agree  # noqa: E402
from tests.ledger.office import ADMINISTRATOR, CLERK, PASSWORD, Office  # noqa: E402
from tests.ledger.server import free_port, programs  # noqa: E402
from tests.ledger.test_standby import Clerk  # noqa: E402

MEMBERS = ("one", "two", "three")
CLERKS = 4
#: Settlements between two failures.
BETWEEN = 60
#: Patroni's shortest: a leader that says nothing for so long is replaced.
TTL_SECONDS = 20
PATIENCE_SECONDS = 300


class Member:
    """One server with its Patroni."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.name = name
        self.port, self.api_port = free_port(), free_port()
        self._cluster = cluster
        self._folder = cluster.folder / name
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start its Patroni, which starts the server, or takes over one that still runs."""
        self._folder.mkdir(exist_ok=True)
        settings = self._folder / "patroni.yml"
        with settings.open("w", encoding="utf-8") as file:
            YAML().dump(self._settings(), file)
        self._cluster.give(self._folder, settings)
        with (self._folder / "log").open("ab") as log:
            self._process = self._cluster.popen(["patroni", str(settings)], stdout=log, stderr=log)

    @property
    def leads(self) -> bool:
        """Whether its Patroni says that it holds the leader's lock."""
        with contextlib.suppress(OSError, ValueError):
            # A stopped Patroni takes the call and says nothing.
            with urllib.request.urlopen(f"http://127.0.0.1:{self.api_port}/patroni", timeout=1) as answer:
                said = json.load(answer)
            return said["role"] in ("master", "primary") and said["state"] == "running"
        return False

    @property
    def takes_writes(self) -> bool:
        """Whether the server believes that it leads, whatever Patroni says."""
        with contextlib.suppress(psycopg.OperationalError), self._cluster.connect(self) as connection:
            return connection.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,)
        return False

    def kill(self) -> None:
        """Kill Patroni and all of the server at once, as a power cut does."""
        assert self._process is not None
        first = int((self._folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
        self._process.kill()
        os.kill(first, signal.SIGKILL)
        self._process.wait()

    def fall_asleep(self) -> None:
        """Stop Patroni alone: its server goes on, with nobody to tell it that it leads no more."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def wake_up(self) -> None:
        """Let Patroni go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Stop for good."""
        with contextlib.suppress(OSError, AssertionError, ValueError):
            self.wake_up()
            self.kill()

    def _settings(self) -> dict[str, Any]:
        cluster = self._cluster
        postgres = {
            "fsync": "on",
            "synchronous_commit": "on",
            "max_connections": 60,
            "shared_buffers": "32MB",
            "wal_log_hints": "on",
            "timezone": "GMT",
            "log_timezone": "GMT",
        }
        user = {"username": "office", "password": cluster.password}
        return {
            "scope": "clerk",
            "name": self.name,
            "restapi": _at(self.api_port),
            "etcd3": {"host": f"127.0.0.1:{cluster.etcd_port}"},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL_SECONDS,
                    "loop_wait": 1,
                    "retry_timeout": 3,
                    "synchronous_mode": True,
                    "synchronous_mode_strict": True,
                    "postgresql": {"use_pg_rewind": True, "parameters": postgres},
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, {"auth-host": "scram-sha-256"}],
            },
            "postgresql": {
                **_at(self.port),
                "data_dir": str(self._folder / "data"),
                "bin_dir": str(programs()),
                "pgpass": str(self._folder / "pgpass"),
                "authentication": {"superuser": user, "replication": user, "rewind": user},
                "pg_hba": [f"host {what} all 127.0.0.1/32 scram-sha-256" for what in ("all", "replication")],
                "parameters": {"unix_socket_directories": ""},
            },
        }


def _at(port: int) -> dict[str, str]:
    return {"listen": f"127.0.0.1:{port}", "connect_address": f"127.0.0.1:{port}"}


class Cluster:
    """Etcd, and three members."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="clerk-patroni-", dir="/tmp"))
        self.password = secrets.token_hex(8)
        self.etcd_port = free_port()
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            self._as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.give(self.folder)
        address, peers = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{free_port()}"
        command = ["etcd", "--data-dir", str(self.folder / "etcd"), "--listen-client-urls", address]
        command += ["--advertise-client-urls", address, "--listen-peer-urls", peers]
        command += ["--initial-advertise-peer-urls", peers, "--initial-cluster", f"default={peers}"]
        self._etcd = self.popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.members = [Member(self, name) for name in MEMBERS]
        for member in self.members:
            member.start()

    def give(self, *paths: Path) -> None:
        """Let the servers' user have files that this process has made."""
        for path in paths:
            if self._as_user:
                shutil.chown(path, self._as_user["user"], self._as_user["group"])

    def popen(self, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        """Start a program as a user without rights."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "PATRONI"))}
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment | {"LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **self._as_user,
            **options,
        )

    def connect(self, member: Member, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """An administrator's connection to one server."""
        where = f"postgresql://office:{self.password}@127.0.0.1:{member.port}/{database}?connect_timeout=3"
        return psycopg.connect(where, autocommit=True)

    def place(self, database: str) -> str:
        """The address that a desk is given: every server, of which the one that leads is asked for."""
        servers = ",".join(f"127.0.0.1:{member.port}" for member in self.members)
        return f"postgresql://office:{self.password}@{servers}/{database}?sslmode=disable"

    def leader(self, *, but: Member | None = None) -> Member:
        """Wait for somebody to lead."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            for member in self.members:
                if member is not but and member.leads and member.takes_writes:
                    return member
            time.sleep(0.2)
        sys.exit(f"nobody leads; the logs lie in {self.folder}")

    def wait_for_standbys(self) -> None:
        """Wait until two follow the leader, and one of them has to acknowledge what it commits."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            with self.connect(self.leader()) as connection:
                states = connection.execute("SELECT sync_state FROM pg_stat_replication").fetchall()
            if len(states) == len(MEMBERS) - 1 and ("sync",) in states:
                return
            time.sleep(0.2)
        sys.exit(f"the standbys do not follow; the logs lie in {self.folder}")

    def end(self) -> None:
        """Stop everything."""
        for member in self.members:
            member.end()
        self._etcd.kill()
        self._etcd.wait()


@contextlib.contextmanager
def running() -> Iterator[Cluster]:
    """A cluster for as long as the block lasts."""
    cluster = Cluster()
    try:
        yield cluster
    finally:
        cluster.end()
    # After a failure the logs stay.
    shutil.rmtree(cluster.folder, ignore_errors=True)


def wait_for_saves(clerks: list[Clerk], count: int) -> None:
    """Wait until so many settlements were acknowledged."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while sum(len(clerk.acknowledged) for clerk in clerks) < count:
        if not all(clerk.is_alive() for clerk in clerks) or time.monotonic() > give_up_at:
            sys.exit(f"the desks do not go on after {sum(len(clerk.acknowledged) for clerk in clerks)} settlements")
        time.sleep(0.02)


def fail(cluster: Cluster, number: int) -> str:
    """Let the leader fail, and wait until another leads; what was done, and how long nobody led."""
    former = cluster.leader()
    begun = time.monotonic()
    if number % 2 == 0:
        former.kill()
        cluster.leader(but=former)
        said = f"{former.name} and its Patroni killed"
        lasted = time.monotonic() - begun
        former.start()
    else:
        former.fall_asleep()
        cluster.leader(but=former)
        lasted = time.monotonic() - begun
        said = f"{former.name}'s Patroni stopped"
        if former.takes_writes:
            said += ", its server still believed that it led"
        # What a desk commits there meanwhile has no standby that would acknowledge it.
        time.sleep(2)
        former.wake_up()
    return f"{said}; another led after {lasted:.0f} s"


def trial(cluster: Cluster, rounds: int) -> None:
    """Let clerks work through so many failures, then compare."""
    with cluster.connect(cluster.leader()) as connection:
        connection.execute("CREATE DATABASE clerk")
    cluster.wait_for_standbys()
    place = cluster.place("clerk")
    office = Office(place)
    people = [office.person(f"示例人{number}") for number in range(CLERKS)]
    office.ledger.close()
    clerks = [Clerk(place, number, person) for number, person in enumerate(people)]
    for clerk in clerks:
        clerk.start()
    for number in range(rounds):
        wait_for_saves(clerks, sum(len(clerk.acknowledged) for clerk in clerks) + BETWEEN)
        print(fail(cluster, number), flush=True)
        cluster.wait_for_standbys()
    wait_for_saves(clerks, sum(len(clerk.acknowledged) for clerk in clerks) + BETWEEN)
    for clerk in clerks:
        clerk.stop()
    for clerk in clerks:
        clerk.join(PATIENCE_SECONDS)
    compare(place, clerks)


def compare(place: str, clerks: list[Clerk]) -> None:
    """Everything that was acknowledged is there once, and nothing else; the books and the trail hold."""
    acknowledged = [number for clerk in clerks for number in clerk.acknowledged]
    with contextlib.closing(Office(place).ledger) as ledger:
        known = {line.voucher_number for line in ledger.search("", limit=1_000_000)}
        lost, unheard = set(acknowledged) - known, known - set(acknowledged)
        doubled = len(acknowledged) - len(set(acknowledged))
        ledger.sign_in(ADMINISTRATOR.login, PASSWORD)
        sound = ledger.verify(Depth.FULL).is_sound
        ledger.sign_in(CLERK.login, PASSWORD)
    assert_books_agree(place)
    print(f"{len(acknowledged)} settlements acknowledged, {sum(clerk.lost for clerk in clerks)} tries told as lost")
    print(f"lost {len(lost)}, doubled {doubled}, there but unheard of {len(unheard)}, full check sound: {sound}")
    if lost or doubled or unheard or not sound:
        sys.exit(1)


def main() -> None:
    """Try so many failures as the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6)
    with running() as cluster:
        trial(cluster, parser.parse_args().rounds)


if __name__ == "__main__":
    main()
