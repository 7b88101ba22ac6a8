"""``clerk-app migrate-to`` as an administrator types it, with a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.soundness import Depth
from clerk_app.settings import PRACTICE_OFFICE, Settings, save_settings
from tests.ledger.office import PASSWORD, QUICK, Clock, Office, receipt
from tests.ledger.server import Server, running

DONE, UNUSABLE = 0, 2
#: Login, password, and the password once more.
ADMINISTRATOR = f"guan\n{PASSWORD}\n{PASSWORD}\n"
#: The command asks the machine's clock, so the office's has to stand before it.
LAST_YEAR = datetime.now().astimezone().year - 1


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


def test_an_administrator_moves_the_office_and_nobody_else_does(typed, server, tmp_path):
    (tmp_path / "data/practice").mkdir(parents=True)
    save_settings(Settings(office=PRACTICE_OFFICE), tmp_path / "data")
    office = Office(tmp_path / "data/practice/practice.db", Clock(datetime(LAST_YEAR, 6, 1, 9, 30)))  # noqa: DTZ001
    settled = office.settle(office.person(), receipt("1"))
    office.ledger.close()
    address = server.url(server.new_database())
    refused = typed("migrate-to", address, keyed=f"li\n{PASSWORD}\n{PASSWORD}\n")
    assert (refused.returncode, "管理员" in refused.stderr) == (UNUSABLE, True)
    done = typed("migrate-to", address, keyed=ADMINISTRATOR)
    assert (done.returncode, done.stderr) == (DONE, "")
    assert "逐行核对无误" in done.stdout
    assert server.password not in done.stdout
    again = typed("migrate-to", address, keyed=ADMINISTRATOR)
    assert (again.returncode, again.stdout) == (DONE, done.stdout)
    with open_ledger(address, hardness=QUICK) as ledger:
        ledger.sign_in("guan", PASSWORD)
        assert ledger.settlement(settled.voucher_number).fund_fen == settled.fund_fen
        assert ledger.verify(Depth.FULL).is_sound
    checked = typed("verify")
    assert (checked.returncode, "没有发现问题" in checked.stdout) == (DONE, True)
