"""Changes the passphrase of a ledger in processes that can be killed: a new one, ready at once, for every line.

Lines in: ``change PATH BEFORE AFTER``. Lines out: ``started PID`` when the process begins, ``done``, ``error CODE`` or
``killed`` when it has ended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from clerk_app.errors import ClerkError
from clerk_app.ledger.passphrase import change_passphrase
from tests.ledger.office import CHEAP


def main() -> None:
    say("ready")
    for line in sys.stdin:
        _change, path, before, after = line.split()
        child = os.fork()
        if child == 0:
            os._exit(changed(Path(path), before, after))
        _child, status = os.waitpid(child, 0)
        say("killed" if os.WIFSIGNALED(status) else "ended", str(os.waitstatus_to_exitcode(status)))


def changed(path: Path, before: str, after: str) -> int:
    say("started", str(os.getpid()))
    try:
        change_passphrase(path, before, after, cost=CHEAP, wait_seconds=0.2)
    except ClerkError as error:
        say("error", error.code)
        return 1
    return 0


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
