"""Another desk: a process of its own that settles in the same ledger as it is told, a line at a time.

Started with the ledger's place, and ``encrypted`` where it is.

Lines in: ``prepare KEY PERSON_ID NUMBER TOTAL_FEN`` looks at the amounts and answers ``ready``; ``go AT`` saves what
was prepared, ``settle KEY PERSON_ID NUMBER TOTAL_FEN`` does both, ``open AT PATH`` opens a ledger. AT is a moment of
the machine's monotonic clock, at which every desk that was told the same starts. Lines out beside ``ready``:
``done KEY VOUCHER FUND_FEN`` or ``error KEY CODE``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from clerk_app.errors import ClerkError
from clerk_app.ledger.keys import PRACTICE
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.records import SettlementRequest
from tests.ledger.office import SECRET, Office, receipt


def main() -> None:
    office = Office(place_of(sys.argv[1]), keys=SECRET if sys.argv[2:] == ["encrypted"] else PRACTICE)
    say("ready")
    prepared: SettlementRequest | None = None
    for line in sys.stdin:
        act, *words = line.split()
        match act:
            case "prepare":
                prepared = request(office, *words)
                say("ready")
            case "go":
                assert prepared is not None
                until(words[0])
                settle(office, prepared)
            case "settle":
                settle(office, request(office, *words))
            case "open":
                until(words[0])
                open_and_close(place_of(words[1]))


def request(office: Office, key: str, person_id: str, number: str, total_fen: str) -> SettlementRequest:
    return office.request(office.ledger.person(int(person_id)), receipt(number, int(total_fen)), key=key)


def settle(office: Office, prepared: SettlementRequest) -> None:
    try:
        settled = office.ledger.settle(prepared)
    except ClerkError as error:
        say("error", prepared.key, error.code)
    else:
        say("done", prepared.key, settled.voucher_number, str(settled.fund_fen))


def open_and_close(place: Path | str) -> None:
    try:
        open_ledger(place).close()
    except ClerkError as error:
        say("error", str(place), error.code)
    else:
        say("done", str(place))


def place_of(word: str) -> Path | str:
    return word if "://" in word else Path(word)


def until(moment: str) -> None:
    while time.monotonic() < float(moment):
        pass


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
