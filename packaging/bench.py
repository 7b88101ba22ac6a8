#!/usr/bin/env python3
"""Measure ours beside a peer, interleaved in one run; only the ratios carry over to another machine.

    .venv/bin/python packaging/bench.py [--only NAME]... [--claims 1000000] [--json]
    .venv/bin/python packaging/bench.py --install-peers

A row a figure: name, ours, peer, ratio, bar, holds. Nothing here is a test; a slow machine fails no
check. The peers of the `bench` extra live in an environment of their own under .cache; without it their figures are
left out, and a line says so.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import ArrayLike, NDArray

    from clerk_app.adjudication.batch_columns import BatchColumns
    from clerk_app.ledger.records import Settlement

ROOT = Path(__file__).resolve().parents[1]
WINDOW = ROOT / "packaging" / "bench_window.py"
PAPER = ROOT / "packaging" / "bench_paper.py"
PEER_VENV = ROOT / ".cache" / "bench-venv"
PEER_PYTHON = PEER_VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
sys.path.insert(0, str(ROOT))


class PeerMissingError(Exception):
    """The peer is not installed; the text says how to install it."""


@dataclass(frozen=True)
class Row:
    """One figure: times in milliseconds, the ratio ours ÷ peer, and the bar it has to stay under."""

    name: str
    ours_ms: float
    peer: str
    peer_ms: float
    bar: float
    note: str = ""

    @property
    def ratio(self) -> float:
        """How much longer ours takes."""
        return self.ours_ms / self.peer_ms

    @property
    def holds(self) -> bool:
        """Whether the ratio stays under its bar."""
        return self.ratio <= self.bar


def interleaved(ours: Callable[[], object], peer: Callable[[], object], rounds: int, times: int) -> tuple[float, float]:
    """Medians in milliseconds of one call, measured in turns so that a busy machine burdens both alike."""
    clocks: tuple[list[float], list[float]] = ([], [])
    for _round in range(rounds):
        for clock, work in zip(clocks, (ours, peer), strict=True):
            start = time.perf_counter()
            for _time in range(times):
                work()
            clock.append((time.perf_counter() - start) * 1000 / times)
    return statistics.median(clocks[0]), statistics.median(clocks[1])


def bench_adjudicate() -> Row:
    """A claim of five receipts decided with its trace, beside the same arithmetic in bare Decimal."""
    from clerk_app.adjudication.engine import adjudicate_claim
    from clerk_app.adjudication.year_to_date import PoolUse, YearToDate
    from clerk_app.codes import FilingCategory, Insurance, Status, Tier
    from clerk_app.policy.shelf import load_shelf
    from clerk_app.receipts.claim import Claim, Institution, Receipt
    from clerk_app.receipts.insured import Entitlement, Filing, Period

    policy = load_shelf().policy("360000")
    filing = Filing(FilingCategory.STATIONED_WORKER, Period(date(2023, 1, 1)))
    entitlement = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, filings=(filing,))
    used = YearToDate({(2023, "ordinary"): PoolUse(10000, 0)})
    hospital = Institution("示例医院", "H99010100001", Tier.THREE)
    amounts = [(92_040 + 777 * place, 5_010, 0, 3_005) for place in range(5)]
    claim = Claim(
        tuple(
            Receipt(
                f"A{place}",
                date(2023, 5, 20 + place),
                hospital,
                total,
                self_funded_fen=own,
                over_limit_fen=limit,
                paid_first_fen=first,
            )
            for place, (total, own, limit, first) in enumerate(amounts)
        )
    )
    papers = [tuple(Decimal(fen).scaleb(-2) for fen in paper) for paper in amounts]
    fen, zero, ratio = Decimal("0.01"), Decimal(0), Decimal("0.5")
    standard, cap = Decimal("600.00"), Decimal("1800.00")

    def bare_decimal() -> list[tuple[Decimal, ...]]:
        deductible_used, paid = Decimal("100.00"), zero
        decided = []
        for total, own, limit, first in papers:
            in_scope = total - own - limit - first
            still_open = max(zero, standard - deductible_used)
            deductible = min(still_open, in_scope)
            segment = in_scope - deductible
            share = (segment * ratio).quantize(fen, ROUND_HALF_UP)
            left = max(zero, cap - paid)
            fund = min(share, left)
            above = segment - (fund / ratio).quantize(fen, ROUND_HALF_UP) if share > left else zero
            before = (deductible_used, paid)
            deductible_used += deductible
            paid += fund
            decided.append((in_scope, *before, still_open, deductible, share, left, fund, above, total - fund))
        return decided

    def ours() -> object:
        return adjudicate_claim(claim, entitlement, policy, used)

    ours_fen = [adjudication.fund_fen for adjudication in adjudicate_claim(claim, entitlement, policy, used).receipts]
    assert ours_fen == [int(row[7] * 100) for row in bare_decimal()], "both have to give the same fen"
    return Row("adjudicate", *_with_peer(interleaved(ours, bare_decimal, 31, 400), "bare Decimal"), bar=1.5)


def bench_first_paint() -> Row:
    """From the start of the process to the first paint of the window, beside an empty PySide6 window."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CLERK_DATA": folder}
        environment.setdefault("QT_QPA_PLATFORM", "xcb" if os.environ.get("DISPLAY") else "offscreen")

        def start(figure: str) -> Callable[[], object]:
            command = [sys.executable, str(WINDOW), figure]
            return lambda: subprocess.run(command, env=environment, check=True, capture_output=True, cwd=folder)

        ours, peer = start("first-paint"), start("empty")
        ours()
        peer()
        return Row("first-paint", *_with_peer(interleaved(ours, peer, 15, 1), "empty PySide6 window"), bar=2.0)


def bench_voucher() -> Iterator[Row]:
    """One warm signed voucher of three receipts, beside a bare reportlab canvas page with the same cells and QR code.

    The second row is the first voucher in a running program, whose idle moment has read the fonts, beside a warm one.
    """
    from reportlab.graphics import renderPDF
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.shapes import Drawing
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    from clerk_app.documents.office import Copy, office_on_paper
    from clerk_app.documents.paper_check import check_paper
    from clerk_app.documents.signing import practice_signer
    from clerk_app.documents.voucher import voucher_bytes

    settlement = _demo_settlement()
    office = office_on_paper("示例市医疗保险经办机构", signer=practice_signer())
    paper = voucher_bytes(settlement, office=office, copy=Copy.AGENCY)
    drawn, code = _drawn_texts(paper), check_paper(paper).facts["qr"]
    pdfmetrics.registerFont(TTFont("bench", str(ROOT / "resources/fonts/NotoSansSC_400Regular.ttf")))

    def bare_canvas() -> bytes:
        canvas = Canvas("", initialFontName="bench", invariant=1)
        canvas.setFont("bench", 8)
        for text, x, y in drawn:
            canvas.drawString(x, y, text)
            canvas.rect(x - 2, y - 3, 60, 12)
        drawing = Drawing(60, 60)
        drawing.add(QrCodeWidget(code))
        renderPDF.draw(drawing, canvas, 500, 760)
        canvas.showPage()
        return bytes(canvas.getpdfdata())

    def ours() -> bytes:
        return voucher_bytes(settlement, office=office, copy=Copy.AGENCY)

    ours()
    bare_canvas()
    size = f"{len(paper):,} bytes with its fonts, signed (bar 60,000)"
    yield Row("voucher", *_with_peer(interleaved(ours, bare_canvas, 21, 2), "bare reportlab canvas"), 0.7, size)
    first_ms, warm_ms = _first_voucher()
    yield Row("voucher-first", first_ms, "a warm voucher", warm_ms, bar=2.0)


def _first_voucher() -> tuple[float, float]:
    """Medians of the first and of later vouchers, each first one in a program of its own."""
    took = [
        subprocess.run([sys.executable, str(PAPER)], check=True, capture_output=True, text=True).stdout.split()
        for _round in range(7)
    ]
    return statistics.median(float(first) for first, _warm in took), statistics.median(float(warm) for _, warm in took)


def bench_keystroke() -> Row:
    """From a key in an amount field to the new amount on the screen, beside the 16 ms of one frame."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(WINDOW), "keystroke"]
    result = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return Row("keystroke", float(result.stdout), "a frame of 16 ms", 16.0, bar=1.0)


def bench_scroll() -> Row:
    """The list of all settlements, scrolled by wheel and keys: a frame from the event to the paint, beside 16 ms.

    The row has the median of the slowest way by the clock. The note has every way, the 99th percentiles, and what the
    window's thread worked, which other programs that share the machine do not lengthen.
    """
    from office_of_any_size import cached_office

    office = cached_office(Options.claims)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(WINDOW), "scroll", str(office)]
    result = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    ways = [line.split("\t") for line in result.stdout.splitlines()]
    lines = "\n".join(
        f"    {name:<9} median {middle} ms, 99th {late} ms; worked {worked} ms, 99th {late_worked} ms; {rows} lines"
        for name, middle, late, worked, late_worked, rows in ways
    )
    slowest = max(ways, key=lambda way: float(way[1]))
    note = f"in {Options.claims:,} claims; the slowest way: {slowest[0]}\n{lines}"
    return Row("scroll", float(slowest[1]), "a frame of 16 ms", 16.0, bar=1.0, note=note)


def bench_month_workbook() -> Iterator[Row]:
    """100,000 rows of 30 typed cells written into a workbook, and read again, beside openpyxl's quickest ways.

    Both write the same values with the same number formats and text cells; both give every cell back. Ours also makes
    the check codes of every row. Each runs in a process of its own; the memory of ours is measured at 10,000 and at
    500,000 rows.
    """
    with tempfile.TemporaryDirectory() as folder:

        def take(what: str, rows: int) -> tuple[float, float]:
            command = [sys.executable, str(ROOT / "packaging" / "bench_workbook.py"), what, folder, str(rows)]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            return float(said[0]), float(said[1])

        clocks: dict[str, list[float]] = {what: [] for what in ("write", "write-openpyxl", "read", "read-openpyxl")}
        for _round in range(3):
            for what, clock in clocks.items():
                clock.append(take(what, 100_000)[0])
        small, large = (take("write", rows)[1] for rows in (10_000, 500_000))
    written, peer, read, peer_reads = (statistics.median(clock) for clock in clocks.values())
    note = f"memory at 10,000 rows {small:.0f} MiB, at 500,000 rows {large:.0f} MiB"
    yield Row("workbook", written, "openpyxl write-only", peer, bar=0.25, note=note)
    yield Row("workbook-memory", large, "MiB at 10,000 rows", small, bar=1.2, note="mebibytes, not milliseconds")
    yield Row("workbook-read", read, "openpyxl read-only", peer_reads, bar=0.15)


def bench_openfisca_single() -> Row:
    """One receipt decided under Jiangxi's rule, beside OpenFisca-Core: the same four amounts in, the same answers out.

    Our decision always carries its working and sources, so the peer traces as well; the note tells what it takes bare.
    Ours starts from a claim, as OpenFisca starts from arrays; both decide it anew each time.
    """
    from clerk_app.adjudication.engine import adjudicate_claim
    from clerk_app.adjudication.year_to_date import PoolUse, YearToDate
    from clerk_app.codes import FilingCategory, Insurance, Status, Tier
    from clerk_app.policy.shelf import load_shelf
    from clerk_app.receipts.claim import Claim, Institution, Receipt
    from clerk_app.receipts.insured import Entitlement, Filing, Period

    policy = load_shelf().policy("360000")
    filing = Filing(FilingCategory.STATIONED_WORKER, Period(date(2023, 1, 1)))
    entitlement = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, filings=(filing,))
    used = YearToDate({(2023, "ordinary"): PoolUse(10_000, 0)})
    hospital = Institution("示例医院", "H99010100001", Tier.THREE)
    claim = Claim((Receipt("A", date(2023, 1, 20), hospital, 100_000, self_funded_fen=5_000, paid_first_fen=3_000),))
    case = {
        "status": [0],
        "prior_deductible": [100.0],
        "prior_fund": [0.0],
        "tier": [[3]],
        "total": [[1000.0]],
        "self_funded": [[50.0]],
        "over_limit": [[0.0]],
        "paid_first": [[30.0]],
    }

    def ours() -> object:
        return adjudicate_claim(claim, entitlement, policy, used)

    with _openfisca("single", case) as (peer, answer):
        # Pieces of the same few milliseconds, so that a busy machine interrupts all alike.
        ways = [lambda: peer("traced", 6), lambda: peer("plain", 12)]
        ours_ms, traced_ms, plain_ms = _beside_process(ours, 2000, ways, rounds=41)
        assert adjudicate_claim(claim, entitlement, policy, used).fund_fen == 21_000 == round(answer()[0][0] * 100)
    note = (
        f"{traced_ms / ours_ms:,.0f} × faster; {plain_ms / ours_ms:,.0f} × with OpenFisca's trace left out, ours kept"
    )
    return Row("openfisca-single", ours_ms, "OpenFisca-Core, traced", traced_ms, bar=1 / 300, note=note)


def bench_openfisca_batch() -> Row:
    """100,000 persons with five receipts each under Jiangxi's rule, beside OpenFisca's vectors.

    Both start from the same table of receipts and say what the fund pays for each; the note tells who is right.
    """
    import numpy as np

    from clerk_app.adjudication.batch import adjudicate_batch
    from clerk_app.adjudication.batch_columns import BatchColumns, PriorColumns
    from clerk_app.policy.shelf import load_shelf

    policy = load_shelf().policy("360000")
    persons, months = 100_000, 5
    random = np.random.default_rng(360_000)
    status = random.integers(0, 2, persons)
    prior_deductible_fen = random.integers(0, 60_001, persons)
    prior_fund_fen = random.integers(0, 100_001, persons)
    tier = random.integers(0, 4, (months, persons))
    in_scope_fen = random.integers(0, 150_001, (months, persons))
    person = np.arange(persons)
    prior = PriorColumns(person, np.full(persons, 2023), prior_deductible_fen, prior_fund_fen)
    visited_on = np.datetime64("2023-01-15") + 31 * np.arange(months)
    # A table of receipts as a ledger keeps it, one person's after the other's.
    receipts = np.repeat(person, months), np.tile(visited_on, persons), in_scope_fen.T.ravel(), tier.T.ravel()
    receipt_status = np.repeat(status, months)

    def ours() -> object:
        return adjudicate_batch(BatchColumns(persons, *receipts, receipt_status, prior), policy)

    case = {
        "status": status,
        "prior_deductible": prior_deductible_fen / 100,
        "prior_fund": prior_fund_fen / 100,
        "person": receipts[0],
        "month": np.tile(np.arange(months), persons),
        "tier": receipts[3],
        "in_scope": receipts[2] / 100,
    }
    with _openfisca("batch", case) as (peer, answer):
        ours_ms, peer_ms = _beside_process(ours, 1, [lambda: peer("plain", 1)], rounds=21)
        theirs_fen = np.rint(answer().astype(np.float64) * 100).astype(np.int64)
    columns = BatchColumns(persons, *receipts, receipt_status, prior)
    ours_fen = adjudicate_batch(columns, policy).fund_fen
    exact_fen = np.array(_by_the_engine(columns))
    wrong, theirs_wrong = (
        f"{np.count_nonzero(given != exact_fen):,} of {exact_fen.size:,} receipts and "
        f"{np.count_nonzero((given != exact_fen).reshape(persons, months).any(axis=1)):,} of {persons:,} persons"
        for given in (ours_fen, theirs_fen)
    )
    note = f"a fen or more beside the exact engine: ours {wrong}, OpenFisca's float32 {theirs_wrong}"
    return Row("openfisca-batch", ours_ms, "OpenFisca-Core vectors", peer_ms, bar=1.0, note=note)


def bench_settle() -> Row:
    """A claim of five receipts settled for good, beside its rows written by bare statements into the same database.

    Both commit with WAL and FULL, with one fsync; the peer writes finished rows, the ledger also reads the person, the
    bills and the year, decides, words, seals and chains. The database is an office's, encrypted; the note tells of
    the practice office's, where the pages cost less and the rest weighs more.
    """
    from bench_ledger import OFFICE, PRACTICE, settling_pair

    times = 200
    with settling_pair(times, PRACTICE) as pair:
        plain = interleaved(pair.ours, pair.peer, times, 1)
    with settling_pair(times, OFFICE) as pair:
        encrypted = interleaved(pair.ours, pair.peer, times, 1)
    note = f"in a plain file {plain[0]:.3f} ms beside {plain[1]:.3f} ms, {plain[0] / plain[1]:.3g} times"
    return Row("settle", *_with_peer(encrypted, "bare statements"), bar=2.0, note=note)


def bench_settle_on_server() -> Iterator[Row]:
    """PostgreSQL with 4 and 16 clerks, each a process: claims of five receipts settled, beside bare statements.

    The peer locks the office's counter with SELECT … FOR UPDATE at READ COMMITTED and writes finished rows through
    psycopg. The bar is a throughput of 0.7 of the peer's, so the time of a settlement may be 1 / 0.7 of the peer's.
    """
    from bench_postgres import settling_clerks

    counts = (4, 16)
    for count, clerks in zip(counts, settling_clerks(counts, rounds=9, each=5), strict=True):
        ours_ms, bare_ms = clerks.medians
        note = f"{1000 / ours_ms:.0f} settlements a second beside {1000 / bare_ms:.0f}: {bare_ms / ours_ms:.2f}"
        yield Row(f"settle-pg-{count}", ours_ms, "SELECT FOR UPDATE", bare_ms, bar=1 / 0.7, note=note)


def bench_search() -> Iterator[Row]:
    """The slowest look-up of a clerk's beside 5 ms, and how much longer look-ups take in a larger office."""
    from bench_ledger import measured_searches
    from office_of_any_size import cached_office

    claims = Options.claims
    measured = measured_searches(cached_office(100_000), cached_office(claims), 300)
    slowest = max(measured, key=lambda each: each.late_ms)
    lines = "\n".join(
        f"    {each.name:<22} 99th {each.late_ms:7.3f} ms, median {statistics.median(each.large_ms):7.3f} ms, "
        f"{each.growth:.2f} times that of 100,000 claims"
        for each in measured
    )
    note = f"in {claims:,} claims of five receipts; slowest at the 99th percentile: {slowest.name}\n{lines}"
    yield Row("search", slowest.late_ms, "a limit of 5 ms", 5.0, bar=1.0, note=note)
    small, large = (
        sum(statistics.median(clock) for clock in clocks)
        for clocks in zip(*((each.small_ms, each.large_ms) for each in measured), strict=True)
    )
    yield Row("search-growth", large, "in 100,000 claims", small, bar=1.5, note="one look-up of each kind")


def _by_the_engine(columns: BatchColumns) -> list[int]:
    """What the exact engine pays for each receipt in fen; every person's rows together, one prior row a person."""
    from clerk_app.adjudication.batch_columns import STATUSES
    from clerk_app.adjudication.engine import adjudicate_claim
    from clerk_app.adjudication.year_to_date import PoolUse, YearToDate
    from clerk_app.codes import Insurance, Tier
    from clerk_app.policy.shelf import load_shelf
    from clerk_app.receipts.claim import Claim, Institution, Receipt
    from clerk_app.receipts.insured import Entitlement

    assert columns.prior is not None
    policy = load_shelf().policy("360000")
    hospitals = [Institution("示例医院", tier=tier) for tier in Tier]
    people = [Entitlement(Insurance.EMPLOYEE, status, filings=None) for status in STATUSES[:2]]
    rows = zip(columns.visited_on.tolist(), columns.tier.tolist(), columns.in_scope_fen.tolist(), strict=True)
    papers = [Receipt(str(place), day, hospitals[tier], fen) for place, (day, tier, fen) in enumerate(rows)]
    each = len(papers) // columns.persons
    paid_fen: list[int] = []
    priors = zip(columns.prior.deductible_fen.tolist(), columns.prior.fund_fen.tolist(), strict=True)
    for person, prior_fen in enumerate(priors):
        own = slice(person * each, (person + 1) * each)
        entitlement = people[columns.status[own.start]]
        used = YearToDate({(2023, "ordinary"): PoolUse(*prior_fen)})
        decided = adjudicate_claim(Claim(tuple(papers[own])), entitlement, policy, used)
        paid_fen += [adjudication.fund_fen for adjudication in decided.receipts]
    return paid_fen


@contextmanager
def _openfisca(
    work: str, case: Mapping[str, ArrayLike]
) -> Iterator[tuple[Callable[[str, int], float], Callable[[], NDArray[float32]]]]:
    """The peer in its own interpreter: how many milliseconds it takes once, timed over there, and its last answer.

    Raises:
        PeerMissingError: It is not installed.
    """
    import numpy as np

    if not PEER_PYTHON.exists():
        raise PeerMissingError("OpenFisca-Core is not installed; packaging/bench.py --install-peers installs it")
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / f"{work}.npz", **{name: np.asarray(column) for name, column in case.items()})
        process = subprocess.Popen(
            [PEER_PYTHON, "-W", "ignore", ROOT / "packaging" / "bench_openfisca.py", folder, work],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answered = process.stdin, process.stdout

        def peer(way: str, times: int) -> float:
            print(way, times, file=asked, flush=True)
            return float(answered.readline())

        with process:
            try:
                yield peer, lambda: np.load(Path(folder) / f"{work}.npy")
            finally:
                asked.close()


def _beside_process(
    ours: Callable[[], object], our_times: int, peers: Sequence[Callable[[], float]], rounds: int
) -> tuple[float, ...]:
    """As ``interleaved``, for peers that time themselves; the first round of each warms up and does not count."""
    clocks: list[list[float]] = [[] for _clock in range(1 + len(peers))]
    for _round in range(rounds + 1):
        start = time.perf_counter()
        for _time in range(our_times):
            ours()
        clocks[0].append((time.perf_counter() - start) * 1000 / our_times)
        for clock, peer in zip(clocks[1:], peers, strict=True):
            clock.append(peer())
    return tuple(statistics.median(clock[1:]) for clock in clocks)


def bench_start_check() -> Row:
    """The check of the books at a start, of an office of 100,000 settlements of five receipts, beside its two seconds.

    The office is written once and kept under .cache.
    """
    from office_of_any_size import cached_office

    from clerk_app.ledger import verification
    from clerk_app.ledger.files import looking_at
    from clerk_app.ledger.keys import PRACTICE
    from clerk_app.ledger.soundness import Depth

    path = cached_office(100_000)
    clock: list[float] = []
    for _round in range(5):
        with looking_at(path, PRACTICE) as connection:
            start = time.perf_counter()
            result = verification.verify(connection, PRACTICE, Depth.BOOKS)
            clock.append((time.perf_counter() - start) * 1000)
        assert result.is_sound, result.findings[0].sentence
    counted = result.counted
    scaled_ms = statistics.median(clock) * 100_000 / counted["settlements"]
    note = f"{counted['settlements']:,} records, {counted['receipts']:,} receipts, {counted['audit']:,} audit rows"
    return Row("start-check", scaled_ms, "2 s per 100,000", 2000.0, bar=1.0, note=note)


def install_peers() -> None:
    """Install the ``bench`` extra into its own environment: peers bring versions that the program must not get."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    venv.create(PEER_VENV, clear=True, with_pip=True)
    subprocess.run(
        [PEER_PYTHON, "-m", "pip", "install", "--quiet", *project["optional-dependencies"]["bench"]], check=True
    )


def _with_peer(medians: tuple[float, float], peer: str) -> tuple[float, str, float]:
    return medians[0], peer, medians[1]


def _demo_settlement() -> Settlement:
    """A settlement of three receipts, made by the real engine and ledger."""
    from clerk_app.counter.opening import PRACTICE_HARDNESS
    from clerk_app.counter.practice import settle_samples, staff_practice_office
    from clerk_app.ledger.ledger import open_ledger

    with tempfile.TemporaryDirectory() as folder:
        clock = datetime(2024, 6, 18, 10, 15).astimezone()
        path = Path(folder) / "bench.db"
        with open_ledger(path, "990100", lambda: clock, hardness=PRACTICE_HARDNESS) as ledger:
            staff_practice_office(ledger)
            return next(settle_samples(ledger))


def _drawn_texts(pdf: bytes) -> list[tuple[str, float, float]]:
    """Every line of text of a page with its place, so that the peer draws the same cells."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    page = document[0].get_textpage()
    found = []
    for place in range(page.count_rects()):
        left, bottom, right, top = page.get_rect(place)
        text = page.get_text_bounded(left, bottom, right, top).strip()
        if text:
            found.append((text, left, bottom))
    return found


@dataclass
class Options:
    """What the command line says about the figures.

    Attributes:
        claims: Of the larger office that is searched.
    """

    claims: ClassVar[int] = 1_000_000


BENCHES: dict[str, Callable[[], Row | Iterator[Row]]] = {
    "adjudicate": bench_adjudicate,
    "first-paint": bench_first_paint,
    "keystroke": bench_keystroke,
    "workbook": bench_month_workbook,
    "openfisca-batch": bench_openfisca_batch,
    "openfisca-single": bench_openfisca_single,
    "scroll": bench_scroll,
    "search": bench_search,
    "settle": bench_settle,
    "settle-pg": bench_settle_on_server,
    "start-check": bench_start_check,
    "voucher": bench_voucher,
}


def rows(names: list[str]) -> Iterator[Row]:
    """Measure the named figures, or all."""
    for name, bench in BENCHES.items():
        if not names or name in names:
            try:
                measured = bench()
            except PeerMissingError as missing:
                print(f"{name}: {missing}", file=sys.stderr)
            else:
                yield from (measured,) if isinstance(measured, Row) else measured


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], choices=list(BENCHES), help="measure this figure alone")
    parser.add_argument("--claims", type=int, default=Options.claims, help="of the larger office that is searched")
    parser.add_argument("--json", action="store_true", help="print a list of objects instead of a table")
    parser.add_argument("--install-peers", action="store_true", help="install what is measured against, and stop")
    options = parser.parse_args()
    Options.claims = options.claims
    if options.install_peers:
        install_peers()
        return 0
    measured = []
    if not options.json:
        print(f"{'name':<18}{'ours':>12}  {'peer':<24}{'peer takes':>12}{'ratio':>9}{'bar':>9}  holds")
    for row in rows(options.only):
        measured.append(row)
        if not options.json:
            print(
                f"{row.name:<18}{row.ours_ms:>9.4f} ms  {row.peer:<24}{row.peer_ms:>9.4f} ms"
                f"{row.ratio:>9.3g}{row.bar:>9.3g}  {'yes' if row.holds else 'NO'}"
                + (f"\n  {row.note}" if row.note else ""),
                flush=True,
            )
    if options.json:
        print(json.dumps([{**asdict(row), "ratio": row.ratio, "holds": row.holds} for row in measured], indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
