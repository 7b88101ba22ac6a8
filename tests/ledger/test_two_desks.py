"""Several processes on one file, and processes that die: nothing is paid twice, nothing acknowledged is lost."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from clerk_app.codes import Benefit
from clerk_app.ledger.keys import PRACTICE, Keys
from clerk_app.ledger.records import Head, PriorBenefit
from clerk_app.ledger.schema import HEAD
from tests.ledger.books import assert_books_agree, assert_trail_is_whole, query
from tests.ledger.office import JIANGXI, SECRET, Office, receipt

ROOT = Path(__file__).resolve().parents[2]
#: Time for every desk to have read its line before the common start; a late one only makes the race less close.
LEAD_SECONDS = 0.02


class Desk:
    """The other end of ``desk.py``."""

    def __init__(self, place: Path | str, *more: str, module: str = "tests.ledger.desk") -> None:
        command = [sys.executable, "-m", module, str(place), *more]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, *words: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def hear(self) -> list[str]:
        """The next line that the desk says; it is not gone yet. Why it went is among the captured errors."""
        assert self.process.stdout is not None
        words = self.process.stdout.readline().split()
        assert words, f"the desk is gone, with {self.process.wait(10)}"
        return words

    def kill(self) -> list[list[str]]:
        """Kill -9, and what the desk still had said."""
        self.process.kill()
        output, _nothing = self.process.communicate()
        return [line.split() for line in output.splitlines()]


@contextlib.contextmanager
def desks(place: Path | str, count: int) -> Iterator[list[Desk]]:
    started = [Desk(place) for _desk in range(count)]
    try:
        for desk in started:
            assert desk.hear() == ["ready"]
        yield started
    finally:
        for desk in started:
            desk.kill()


def race(both: list[Desk], prepared: list[tuple[object, ...]]) -> list[list[str]]:
    """Let every desk look at its amounts, then save at the same moment; what they answer, the paid ones first."""
    for desk, words in zip(both, prepared, strict=True):
        desk.tell("prepare", *words)
    for desk in both:
        assert desk.hear() == ["ready"]
    at = time.monotonic() + LEAD_SECONDS
    for desk in both:
        desk.tell("go", at)
    return sorted(desk.hear() for desk in both)


@pytest.mark.parametrize("pairs", [200, pytest.param(10_000, marks=pytest.mark.full)])
def test_two_desks_never_overpay_the_last_hundred_yuan_of_a_cap(tmp_path: Path, pairs: int) -> None:
    path = tmp_path / "ledger.db"
    office = Office(path)
    with desks(path, 2) as both:
        for pair in range(pairs):
            person = office.person()
            prior = PriorBenefit(2023, Benefit.ORDINARY, 60_000, 170_000, date(2023, 5, 31))
            office.ledger.record_prior_benefit(person.person_id, prior)
            answers = race(
                both, [(f"{pair}-{index}", person.person_id, f"P{pair}-{index}", 20_000) for index in range(2)]
            )
            assert [answer[0] for answer in answers] == ["done", "error"], answers
            assert (answers[0][3], answers[1][2]) == ("10000", "amount_changed")
            assert office.ledger.year_to_date(person.person_id, JIANGXI).used(2023, "ordinary").fund_fen == 180_000
    office.ledger.close()
    assert_books_agree(path)


def test_two_desks_never_pay_one_bill_twice(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    office = Office(path)
    with desks(path, 2) as both:
        for pair in range(20):
            persons = [office.person().person_id for _desk in both]
            answers = race(both, [(f"{pair}-{person_id}", person_id, f"B{pair}", 100_000) for person_id in persons])
            assert [answer[0] for answer in answers] == ["done", "error"], answers
            assert answers[1][2] == "amount_changed"
    office.ledger.close()
    assert_books_agree(path)


def test_save_pressed_on_two_windows_with_one_key_settles_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    office = Office(path)
    with desks(path, 2) as both:
        for pair in range(20):
            person_id = office.person().person_id
            first, second = race(both, [(f"key-{pair}", person_id, f"K{pair}", 100_000)] * 2)
            assert first == second
            assert first[0] == "done"
    assert office.ledger.month_count(2023, 6) == 20
    office.ledger.close()
    assert_books_agree(path)


def test_desks_that_make_the_same_new_ledger_at_once_all_get_in(tmp_path: Path) -> None:
    # Their own has its staff before they start: of several who found one office all but one are told so.
    Office(tmp_path / "ledger.db").ledger.close()
    with desks(tmp_path / "ledger.db", 3) as all_desks:
        for attempt in range(10):
            at = time.monotonic() + LEAD_SECONDS
            for desk in all_desks:
                desk.tell("open", at, tmp_path / f"new-{attempt}.db")
            assert [desk.hear()[0] for desk in all_desks] == ["done"] * 3
            assert query(tmp_path / f"new-{attempt}.db", "SELECT version_num FROM alembic_version") == [(HEAD,)]


@pytest.mark.parametrize(
    ("seed", "kills", "secret"),
    [
        pytest.param(1, 250, PRACTICE, id="plain"),
        pytest.param(2, 250, SECRET, id="encrypted"),
        *(pytest.param(seed, 500, SECRET, marks=pytest.mark.full) for seed in range(3, 23)),
    ],
)
def test_a_desk_killed_at_any_moment_loses_nothing_acknowledged_and_pays_nothing_twice(
    tmp_path: Path, seed: int, kills: int, secret: Keys
) -> None:
    path = tmp_path / "ledger.db"
    office = Office(path, keys=secret)
    chance = random.Random(seed)  # noqa: S311 -- moments of a kill, no secret
    print(f"seed {seed}")  # noqa: T201 -- what a failure is repeated with
    said: list[Said] = []
    paid = 0
    with forge(path, secret) as desk:
        for kill in range(kills):
            if kill % 25 == 0:
                person = office.person()
            said += killed(desk, kill, person.person_id, chance)
            # The one that the kill met, pressed again and once more; what was acknowledged is looked up in the end.
            key = f"{kill}-{int(said[-1].key.split('-')[1]) + 1}"
            pressed = office.settle(person, receipt(f"R{key}", 10_000), key=key)
            assert office.settle(person, receipt(f"R{key}", 10_000), key=key) == pressed
            assert pressed.receipts[0].receipt.number == f"R{key}"
            if kill % 50 == 49:
                assert_books_agree(path, secret)
        desk.tell("end")

    assert len(said) >= kills
    for each in said:
        assert office.ledger.settlement(each.voucher_number).receipts[0].receipt.number == f"R{each.key}"
        paid += each.fund_fen
    (bills,) = query(path, "SELECT COUNT(*), COUNT(DISTINCT bill_key) FROM receipts", secret)
    assert bills[0] == bills[1]
    assert query(path, "SELECT SUM(fund_fen) FROM settlements", secret)[0][0] >= paid
    office.ledger.close()
    assert_books_agree(path, secret)
    assert_trail_is_whole(path, *(Head(each.sequence, each.code) for each in said), keys=secret)


@contextlib.contextmanager
def forge(path: Path, secret: Keys) -> Iterator[Desk]:
    """A desk that makes others of itself, each to be killed: starting one anew takes a second."""
    desk = Desk(path, *(["encrypted"] if secret is SECRET else []), module="tests.ledger.forked_desk")
    try:
        assert desk.hear() == ["ready"]
        yield desk
    finally:
        desk.kill()


def killed(desk: Desk, kill: int, person_id: int, chance: random.Random) -> list[Said]:
    """Let a desk settle one claim after the other, and kill it in the middle; what it acknowledged before."""
    desk.tell("fork", kill, person_id)
    process = int(desk.hear()[1])
    heard = [desk.hear() for _save in range(chance.randrange(1, 4))]
    # Nothing more would come from one that ended by itself.
    assert all(words[:1] == ["done"] for words in heard), heard
    until = time.perf_counter() + chance.random() * 0.012
    while time.perf_counter() < until:
        pass
    os.kill(process, signal.SIGKILL)
    while (words := desk.hear()) != ["dead"]:
        assert words, "the desk that makes others is gone"
        heard.append(words)
    return [Said(words[1], words[2], int(words[3]), int(words[4]), words[5]) for words in heard if len(words) == 6]


class Said(NamedTuple):
    """What a desk acknowledged, with the head of the chain that the voucher shows."""

    key: str
    voucher_number: str
    fund_fen: int
    sequence: int
    code: str
