"""A disk that is full and memory that runs out, at many points of every act: a sentence, and nothing half done."""

from __future__ import annotations

import contextlib
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import text

from clerk_app.documents.month_workbook import write_month_workbook
from clerk_app.documents.office import Copy
from clerk_app.documents.office import Office as OfficeOnPaper
from clerk_app.documents.voucher import write_voucher
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.records import Review
from clerk_app.wording import sentence
from tests.ledger.books import assert_books_agree, assert_trail_is_whole
from tests.ledger.news import open_effects, policy_of, prior
from tests.ledger.office import PASSWORD, QUICK, Office, receipt


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """On a file alone: a server's disk and memory are its own."""
    office = Office(tmp_path / "ledger.db")
    yield office
    office.ledger.close()


ROOT = Path(__file__).resolve().parents[2]
#: What a clerk is told; each has a sentence that says what to do.
PLAIN = {"ledger_full", "ledger_not_written", "ledger_read_only", "file_not_written", "memory_short"}
LONG = "长" * 3_000
REVIEW = Review("赵复核", "平台查询属实")


class Deed(NamedTuple):
    """Something that is tried until it succeeds; pressing again is what a clerk does."""

    press: Callable[[], object]


def settling(office: Office) -> Deed:
    request = office.request(office.person(), *(receipt(f"S{place}", diagnosis=LONG) for place in range(3)))
    return Deed(lambda: office.ledger.settle(request))


def reversing(office: Office) -> Deed:
    settled = office.settle(office.person(), *(receipt(f"R{place}", diagnosis=LONG) for place in range(3)))
    return Deed(lambda: office.ledger.reverse(settled.voucher_number, "退票", "reversing"))


def correcting(office: Office) -> Deed:
    person = office.person()
    office.settle(person, *(receipt(f"C{place}", diagnosis=LONG) for place in range(3)))
    office.ledger.record_prior_benefit(person.person_id, prior(200, 0))
    (effect,) = open_effects(office, person)
    office.approved(REVIEW)

    def press() -> object:
        return office.ledger.correct(
            effect.voucher_number, effect, reason="补录", key="correcting", review=REVIEW, policy_of=policy_of(office)
        )

    return Deed(press)


def saving_a_draft(office: Office) -> Deed:
    return Deed(lambda: office.ledger.save_claim("drafting", "某人", LONG * 5))


ACTS = [settling, reversing, correcting, saving_a_draft]


@contextlib.contextmanager
def files_end_at(size_bytes: int) -> Iterator[None]:
    """No file may grow beyond this, as on a disk that is full in the middle of a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def pages_end_at(office: Office, pages: int) -> Iterator[None]:
    """The database may have no more pages than this."""
    _pragma(office, f"max_page_count={pages}")
    try:
        yield
    finally:
        _pragma(office, "max_page_count=1000000")


def _pragma(office: Office, words: str) -> int:
    with office.ledger._store.engine.connect() as connection:
        return int(connection.execute(text(f"PRAGMA {words}")).scalar_one())


def refused_at(press: Callable[[], object]) -> str | None:
    """The code of the sentence that somebody gets, None when it is done."""
    try:
        press()
    except ClerkError as error:
        refused = error
    else:
        return None
    assert refused.code in PLAIN, refused
    assert sentence(refused)
    assert "Error" not in sentence(refused)
    return refused.code


@pytest.mark.parametrize("act", ACTS)
def test_a_database_that_may_not_grow_is_said_and_loses_nothing(
    office: Office, tmp_path: Path, act: Callable[[Office], Deed]
) -> None:
    deed = act(office)
    head = office.ledger.head()
    refused = []
    for pages in range(_pragma(office, "page_count"), _pragma(office, "page_count") + 200):
        with pages_end_at(office, pages):
            refused.append(refused_at(deed.press))
        if refused[-1] is None:
            break
        assert office.ledger.head() == head, "nothing is saved"
    assert set(refused[:-1]) == {"ledger_full"}
    assert refused[-1] is None
    assert_whole(office, tmp_path)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("points", [8, pytest.param(60, marks=pytest.mark.full)])
def test_a_disk_that_is_full_in_the_middle_of_a_write_is_said_and_loses_nothing(
    office: Office, tmp_path: Path, act: Callable[[Office], Deed], points: int
) -> None:
    chance = random.Random(points)  # noqa: S311 -- places to stop at, no secret
    deed = act(office)
    head = office.ledger.head()
    log = tmp_path / "ledger.db-wal"
    # The shared memory of the log is made when a desk opens, and is as large as this.
    least = 32_768 if act is saving_a_draft else 0
    needed = 200_000
    for point in sorted(chance.randrange(least, needed) for _point in range(points)):
        _pragma(office, "wal_checkpoint(TRUNCATE)")
        with files_end_at(point):
            code = refused_at(deed.press)
        if code is None:
            break
        assert office.ledger.head() == head, f"nothing is saved where files end at {point}, {log.stat().st_size}"
    deed.press()
    assert office.ledger.head().sequence == head.sequence + 1
    assert_whole(office, tmp_path)


def assert_whole(office: Office, folder: Path) -> None:
    office.ledger.close()
    assert_books_agree(folder / "ledger.db")
    assert_trail_is_whole(folder / "ledger.db")


@pytest.mark.parametrize("points", [8, pytest.param(60, marks=pytest.mark.full)])
def test_a_new_ledger_on_a_full_disk_is_said_and_made_once_there_is_room(tmp_path: Path, points: int) -> None:
    chance = random.Random(points)  # noqa: S311 -- places to stop at, no secret
    refused = 0
    for point in [0, *(chance.randrange(1_000_000) for _point in range(points))]:
        path = tmp_path / f"{point}.db"
        with files_end_at(point):
            refused += refused_at(lambda path=path: open_ledger(path).close()) is not None
        with open_ledger(path, hardness=QUICK) as ledger:
            assert ledger.standing() is None
    assert refused


@pytest.mark.parametrize("points", [6, pytest.param(60, marks=pytest.mark.full)])
def test_papers_and_workbooks_on_a_full_disk_are_said_and_leave_what_was_there(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, points: int
) -> None:
    scratch, out = tmp_path / "scratch", tmp_path / "out"
    scratch.mkdir()
    out.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    chance = random.Random(points)  # noqa: S311 -- places to stop at, no secret
    settled = office.settle(office.person(), receipt("1"))
    on_paper = OfficeOnPaper("示例中心")

    def voucher(target: Path) -> None:
        write_voucher(settled, target, office=on_paper, copy=Copy.AGENCY)

    def month(target: Path) -> None:
        write_month_workbook(
            [settled] * 20, 20, target, Progress(), office=on_paper, month=date(2023, 6, 1), exported_by="李录入"
        )

    for write in (voucher, month):
        target = out / write.__name__
        write(target)
        size = target.stat().st_size
        for point in [0, size - 1, *(chance.randrange(size) for _point in range(points))]:
            target.write_bytes(b"before")
            with files_end_at(point):
                assert refused_at(lambda write=write, target=target: write(target)) == "file_not_written", point
            assert target.read_bytes() == b"before"
            assert [each.name for each in out.iterdir()] == [target.name], "no draft is left"
            assert list(scratch.iterdir()) == [], "no temporary file with names in it is left"
        write(target)
        assert abs(target.stat().st_size - size) < 100, "a workbook's own time of writing takes more room or less"
        target.unlink()


def test_memory_that_runs_out_is_said_and_loses_nothing(tmp_path: Path) -> None:
    assert_survives_scarce_memory(tmp_path, points=25)


@pytest.mark.full
def test_memory_that_runs_out_at_many_points_is_said_and_loses_nothing(tmp_path: Path) -> None:
    assert_survives_scarce_memory(tmp_path, points=300)


def assert_survives_scarce_memory(folder: Path, points: int) -> None:
    command = [sys.executable, "-m", "tests.ledger.scarce_memory", str(folder), str(points)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    codes = dict(line.split() for line in done.stdout.splitlines())
    assert int(codes.pop("done")) > 0, codes
    assert set(codes) == {"memory_short"}, codes
    assert_books_agree(folder / "ledger.db")
    assert_trail_is_whole(folder / "ledger.db")


def test_a_folder_that_has_become_read_only_is_said_by_everything_that_writes_there() -> None:
    command = [sys.executable, "-m", "tests.ledger.read_only_folder"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == [
        "voucher",
        "file_not_written",
        "month",
        "file_not_written",
        "open",
        "ledger_read_only",
    ]
    assert done.returncode == 0, done.stderr
    assert PASSWORD not in done.stdout + done.stderr
