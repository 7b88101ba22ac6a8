"""A standby of a test's server: it streams from it, and takes its place when it is told to."""

from __future__ import annotations

import subprocess
import time

from tests.ledger.server import START_SECONDS, Server


class Standby(Server):
    """Made from the primary as an office's would be, with ``pg_basebackup``; started, it follows."""

    def __init__(self, primary: Server) -> None:
        self._primary = primary
        super().__init__()
        self.password = primary.password

    def promote(self) -> None:
        """Let it be written to from now on."""
        with self.connect() as connection:
            assert connection.execute("SELECT pg_promote()").fetchone() == (True,)

    def _make_cluster(self) -> None:
        command = [str(self._programs / "pg_basebackup"), "-D", str(self._data), "-R", "-X", "stream"]
        command += ["--checkpoint=fast", "-h", str(self._primary.folder), "-p", str(self._primary.port), "-U", "office"]
        made = self._popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, _nothing = made.communicate()
        assert made.returncode == 0, f"pg_basebackup failed:\n{said.decode(errors='replace')}"


def wait_for_it(primary: Server, standby: Standby) -> None:
    """Let the primary acknowledge nothing from now on that its standby has not, and wait until that is so."""
    with primary.connect() as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        connection.execute("SELECT pg_reload_conf()")
        give_up_at = time.monotonic() + START_SECONDS
        while connection.execute("SELECT sync_state FROM pg_stat_replication").fetchall() != [("sync",)]:
            assert time.monotonic() < give_up_at, f"the standby does not follow:\n{standby.log.read_text()[-3000:]}"
            time.sleep(0.02)
