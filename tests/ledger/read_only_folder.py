"""A user without rights whose folder becomes read-only: what is said by everything that writes into it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from clerk_app.documents.month_workbook import write_month_workbook
from clerk_app.documents.office import Copy
from clerk_app.documents.office import Office as OfficeOnPaper
from clerk_app.documents.voucher import write_voucher
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger.ledger import open_ledger
from clerk_app.wording import sentence
from tests.ledger.office import Office, receipt

NOBODY = 65534
ON_PAPER = OfficeOnPaper("示例中心")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="read-only-"))
    office = Office(folder / "ledger.db")
    settled = office.settle(office.person(), receipt("1"))
    office.ledger.close()

    def voucher(target: Path) -> None:
        write_voucher(settled, target, office=ON_PAPER, copy=Copy.AGENCY)

    def month(target: Path) -> None:
        june = date(2023, 6, 1)
        write_month_workbook([settled], 1, target, Progress(), office=ON_PAPER, month=june, exported_by="李录入")

    # Both are written once while the rights still reach the interpreter's own files, then they are dropped.
    for write in (voucher, month):
        write(folder / "first")
        (folder / "first").unlink()
    for path in (folder, *folder.iterdir()):
        os.chown(path, NOBODY, NOBODY) if os.geteuid() == 0 else None
    folder.chmod(0o555)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        said("voucher", lambda: voucher(folder / "voucher.pdf"))
        said("month", lambda: month(folder / "month.xlsx"))
        said("open", lambda: open_ledger(folder / "ledger.db").close())
    finally:
        folder.chmod(0o700)
        assert [path.name for path in folder.iterdir()] == ["ledger.db"], "nothing is left"
        (folder / "ledger.db").unlink()


def said(what: str, press: Callable[[], object]) -> None:
    try:
        press()
    except ClerkError as error:
        code = error.code if sentence(error) else "no sentence"
    else:
        code = "done"
    sys.stdout.write(f"{what} {code}\n")


if __name__ == "__main__":
    main()
