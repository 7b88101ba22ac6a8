from __future__ import annotations

from pathlib import Path

import pytest

from clerk_app.codes import Role
from clerk_app.errors import ClerkError
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.records import User
from tests.ledger.office import PASSWORD, QUICK, Clock

ADMINISTRATOR = User("guan", "关管理", Role.ADMINISTRATOR)


def test_a_ledger_is_founded_once_and_its_first_user_is_signed_in(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db", "360100", Clock(), hardness=QUICK) as ledger:
        assert ledger.standing() is None
        ledger.found(ADMINISTRATOR, PASSWORD, is_practice=True)
        assert ledger.user == ADMINISTRATOR
        standing = ledger.standing()
        assert standing is not None
        assert standing.is_practice
        with pytest.raises(ClerkError, match="ledger_founded"):
            ledger.found(User("other", "别人", Role.ADMINISTRATOR), PASSWORD, is_practice=True)
        assert ledger.users() == [ADMINISTRATOR]


def test_real_persons_do_not_go_into_a_plain_file(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db", "360100", Clock(), hardness=QUICK) as ledger:
        with pytest.raises(ClerkError, match="office_not_encrypted"):
            ledger.found(ADMINISTRATOR, PASSWORD, is_practice=False)
        assert ledger.standing() is None
        assert ledger.user is None


def test_a_ledger_whose_first_user_could_not_be_made_is_not_founded(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db", "360100", Clock(), hardness=QUICK) as ledger:
        with pytest.raises(ClerkError, match="password_too_short"):
            ledger.found(ADMINISTRATOR, "kurz", is_practice=True)
        assert ledger.standing() is None
