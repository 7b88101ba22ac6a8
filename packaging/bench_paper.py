#!/usr/bin/env python3
"""Prints the milliseconds of the first voucher in a running program, and the median of later ones, for bench.py."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]


def main() -> None:
    """What the window does in an idle moment comes first, as it does there."""
    from bench import _demo_settlement

    from clerk_app.documents.office import Copy, office_on_paper
    from clerk_app.documents.signing import practice_signer
    from clerk_app.documents.voucher import voucher_bytes
    from clerk_app.documents.warming import warm_up

    settlement = _demo_settlement()
    warm_up()
    office = office_on_paper("示例市医疗保险经办机构", signer=practice_signer())

    def once() -> float:
        start = time.perf_counter()
        voucher_bytes(settlement, office=office, copy=Copy.AGENCY)
        return (time.perf_counter() - start) * 1000

    first = once()
    print(first, statistics.median(once() for _round in range(15)))


if __name__ == "__main__":
    main()
