#!/usr/bin/env python3
"""Measure ours beside a peer, interleaved in one run; only the ratios carry over to another machine.

    .venv/bin/python packaging/bench.py [--only NAME]... [--json]

A row a figure: name, ours, peer, ratio, bar, holds. Nothing here is a test; a slow machine fails no check.
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
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clerk_app.ledger.records import Settlement

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


@dataclass(frozen=True)
class Row:
    """One figure: times in milliseconds, the ratio ours ÷ peer, and the bar it has to stay under."""

    name: str
    ours_ms: float
    peer: str
    peer_ms: float
    bar: float

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
    peer_code = """
import sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            sys.stdout.write("painted"); sys.stdout.flush(); sys.exit(0) if False else __import__("os")._exit(0)
        return False
application = QApplication([])
window = QMainWindow(); painted = Painted(); window.installEventFilter(painted)
window.resize(1200, 700); window.show(); application.exec()
"""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CLERK_DATA": folder, "CLERK_QUIT_AT_FIRST_PAINT": "1", "PYTHONPATH": str(ROOT)}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen" if not os.environ.get("DISPLAY") else "xcb")

        def start(*command: str) -> Callable[[], object]:
            return lambda: subprocess.run(
                [sys.executable, *command], env=environment, check=True, capture_output=True, cwd=folder
            )

        ours, peer = start("-m", "clerk_app"), start("-c", peer_code)
        ours()
        peer()
        return Row("first-paint", *_with_peer(interleaved(ours, peer, 11, 1), "empty PySide6 window"), bar=2.0)


def bench_voucher() -> Row:
    """One warm voucher of three receipts, beside a bare reportlab canvas page with the same cells and QR code."""
    from reportlab.graphics import renderPDF
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.shapes import Drawing
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    from clerk_app.documents.office import Copy, Office
    from clerk_app.documents.voucher import voucher_bytes

    settlement = _demo_settlement()
    office = Office("示例市医疗保险经办机构")
    drawn = _drawn_texts(voucher_bytes(settlement, office=office, copy=Copy.AGENCY))
    pdfmetrics.registerFont(TTFont("bench", str(ROOT / "resources/fonts/NotoSansSC_400Regular.ttf")))

    def bare_canvas() -> bytes:
        canvas = Canvas("", initialFontName="bench", invariant=1)
        canvas.setFont("bench", 8)
        for text, x, y in drawn:
            canvas.drawString(x, y, text)
            canvas.rect(x - 2, y - 3, 60, 12)
        code = QrCodeWidget(f"{settlement.voucher_number} {settlement.fund_fen}")
        drawing = Drawing(60, 60)
        drawing.add(code)
        renderPDF.draw(drawing, canvas, 500, 760)
        canvas.showPage()
        return bytes(canvas.getpdfdata())

    def ours() -> bytes:
        return voucher_bytes(settlement, office=office, copy=Copy.AGENCY)

    ours()
    bare_canvas()
    return Row("voucher", *_with_peer(interleaved(ours, bare_canvas, 21, 2), "bare reportlab canvas"), bar=1.1)


def bench_keystroke() -> Row:
    """From a key in an amount field to the new amount on the screen, beside the 16 ms of one frame."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    result = subprocess.run(
        [sys.executable, str(ROOT / "packaging/keystroke.py")], check=True, capture_output=True, text=True
    )
    return Row("keystroke", float(result.stdout), "a frame of 16 ms", 16.0, bar=1.0)


def _with_peer(medians: tuple[float, float], peer: str) -> tuple[float, str, float]:
    return medians[0], peer, medians[1]


def _demo_settlement() -> Settlement:
    """A settlement of three receipts, made by the real engine and ledger."""
    from clerk_app.cli.demo import settle_samples
    from clerk_app.ledger.ledger import open_ledger

    with tempfile.TemporaryDirectory() as folder:
        clock = datetime(2024, 6, 18, 10, 15).astimezone()
        with open_ledger(Path(folder) / "bench.db", "990100", lambda: clock) as ledger:
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


BENCHES: dict[str, Callable[[], Row]] = {
    "adjudicate": bench_adjudicate,
    "first-paint": bench_first_paint,
    "keystroke": bench_keystroke,
    "voucher": bench_voucher,
}


def rows(names: list[str]) -> Iterator[Row]:
    """Measure the named figures, or all."""
    for name, bench in BENCHES.items():
        if not names or name in names:
            yield bench()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], choices=list(BENCHES), help="measure this figure alone")
    parser.add_argument("--json", action="store_true", help="print a list of objects instead of a table")
    options = parser.parse_args()
    measured = []
    if not options.json:
        print(f"{'name':<14}{'ours':>12}  {'peer':<24}{'peer takes':>12}{'ratio':>8}{'bar':>7}  holds")
    for row in rows(options.only):
        measured.append(row)
        if not options.json:
            print(
                f"{row.name:<14}{row.ours_ms:>9.4f} ms  {row.peer:<24}{row.peer_ms:>9.4f} ms"
                f"{row.ratio:>8.2f}{row.bar:>7.2f}  {'yes' if row.holds else 'NO'}",
                flush=True,
            )
    if options.json:
        print(json.dumps([{**asdict(row), "ratio": row.ratio, "holds": row.holds} for row in measured], indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
