"""A desk that makes other desks of itself, each to be killed at any moment; started as ``desk.py`` is.

Lines in: ``fork KILL PERSON_ID`` makes a desk that settles R<KILL>-0, R<KILL>-1, … one after the other until it is
killed; ``end`` ends. Lines out: ``forked PID``, for each settlement ``done KEY VOUCHER FUND_FEN SEQUENCE CODE``, and
``dead`` when the desk was killed.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from clerk_app.ledger.keys import PRACTICE
from clerk_app.receipts.insured import Person
from tests.ledger.desk import say
from tests.ledger.office import EMPLOYED, SECRET, Office, id_number, receipt


def main() -> None:
    office = Office(Path(sys.argv[1]), keys=SECRET if sys.argv[2:] == ["encrypted"] else PRACTICE)
    # What is compiled once is compiled for every desk that is made of this one.
    person = office.ledger.save_person(Person("预热", id_number(999_999)), EMPLOYED, office.policy.area_code)
    office.settle(person, receipt("warm"), key="warm")
    say("ready")
    for line in sys.stdin:
        act, *words = line.split()
        if act == "end":
            break
        # A connection to SQLite does not survive a fork: there is none open when it comes.
        office.ledger.close()
        process = os.fork()
        if process == 0:
            settle_for_ever(office, *words)
        os.waitpid(process, 0)
        say("dead")


def settle_for_ever(office: Office, kill: str, person_id: str) -> None:
    say("forked", str(os.getpid()))
    person = office.ledger.person(int(person_id))
    for index in itertools.count():
        key = f"{kill}-{index}"
        settled = office.settle(person, receipt(f"R{key}", 10_000), key=key)
        assert settled.head is not None
        say("done", key, settled.voucher_number, str(settled.fund_fen), str(settled.head.sequence), settled.head.code)


if __name__ == "__main__":
    main()
