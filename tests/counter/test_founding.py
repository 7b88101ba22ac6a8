from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clerk_app.codes import Role
from clerk_app.counter.entrance import Entrance
from clerk_app.counter.founding import NewOffice
from clerk_app.counter.offices import LEDGER_NAME, office_in_use
from clerk_app.errors import ClerkError
from clerk_app.settings import PRACTICE_OFFICE, REAL_OFFICE, Settings, load_settings
from tests.counter.desks import QUICK_COST, noon_desk
from tests.ledger.office import QUICK

NEW = NewOffice(
    office_name=" 江西省示例经办中心 ",
    office_code="360000",
    name="关管理示例",
    login="Guan",
    password="mima-2024-a",  # noqa: S106 -- of people who do not exist
    password_again="mima-2024-a",  # noqa: S106
    passphrase="四只 白鹤 飞过 水塘",  # noqa: S106
    passphrase_again="四只 白鹤 飞过 水塘",  # noqa: S106
)


@pytest.fixture
def entrance(tmp_path: Path) -> Entrance:
    return Entrance(tmp_path, noon_desk, cost=QUICK_COST, hardness=QUICK)


def test_a_real_office_is_encrypted_remembered_and_opened_with_its_passphrase_alone(
    entrance: Entrance, tmp_path: Path
) -> None:
    founded = entrance.found_real(Settings(), NEW)
    assert (founded.user.login, founded.user.role) == ("guan", Role.ADMINISTRATOR)
    founded.close()

    known = load_settings(tmp_path)
    assert (known.office, known.office_name, known.office_code) == (REAL_OFFICE, "江西省示例经办中心", "360000")
    assert NEW.name.encode() not in (tmp_path / LEDGER_NAME).read_bytes()
    with pytest.raises(ClerkError, match="passphrase_wrong"):
        entrance.open_real(known, "五只 白鹤 飞过 水塘")
    again = entrance.open_real(known, NEW.passphrase)
    again.ledger.sign_in("guan", NEW.password)
    assert not again.is_practice
    again.close()


def test_nothing_that_was_secret_is_on_the_disk_or_in_a_trace(entrance: Entrance, tmp_path: Path) -> None:
    entrance.found_real(Settings(), NEW).close()

    assert NEW.password not in repr(NEW)
    assert NEW.passphrase not in repr(NEW)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert NEW.password.encode() not in content
            assert NEW.passphrase.encode() not in content


def test_a_second_office_is_never_written_over_the_first(entrance: Entrance, tmp_path: Path) -> None:
    entrance.found_real(Settings(), NEW).close()
    before = (tmp_path / LEDGER_NAME).read_bytes()

    with pytest.raises(ClerkError, match="file_there"):
        entrance.found_real(Settings(), NEW)
    assert (tmp_path / LEDGER_NAME).read_bytes() == before


def test_what_the_ledger_refuses_leaves_no_ledger(entrance: Entrance, tmp_path: Path) -> None:
    with pytest.raises(ClerkError, match="login_form"):
        entrance.found_real(Settings(), replace(NEW, login="关"))
    with pytest.raises(ClerkError, match="form_incomplete"):
        entrance.found_real(Settings(), replace(NEW, office_code="000000"))

    assert list(tmp_path.iterdir()) == []


def test_settings_that_were_lost_hide_no_ledger(entrance: Entrance, tmp_path: Path) -> None:
    assert office_in_use(Settings(), tmp_path) == ""
    entrance.open_practice(Settings()).close()
    assert office_in_use(Settings(), tmp_path) == PRACTICE_OFFICE
    entrance.found_real(Settings(), NEW).close()
    assert office_in_use(Settings(), tmp_path) == REAL_OFFICE
    assert office_in_use(Settings(office=PRACTICE_OFFICE), tmp_path) == PRACTICE_OFFICE
    (tmp_path / LEDGER_NAME).unlink()
    with pytest.raises(ClerkError, match="ledger_missing"):
        office_in_use(Settings(office=REAL_OFFICE), tmp_path)
