"""The server in the settings: no password there, and the one that is kept is sealed."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clerk_app.counter.entrance import Entrance
from clerk_app.counter.founding import NewCounter
from clerk_app.counter.server_address import FILE_NAME, VARIABLE, parsed, server_in_use
from clerk_app.errors import ClerkError
from clerk_app.ledger.soundness import Depth
from clerk_app.settings import PRACTICE_OFFICE, REAL_OFFICE, Settings, load_settings, save_settings
from tests.counter.desks import QUICK_COST, noon_desk
from tests.counter.test_founding import NEW
from tests.ledger.office import QUICK
from tests.ledger.server import Server, running


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def entrance(folder: Path) -> Entrance:
    folder.mkdir(exist_ok=True)
    return Entrance(folder, noon_desk, cost=QUICK_COST, hardness=QUICK)


def without(address: str, password: str) -> str:
    return address.replace(f":{password}@", "@")


@pytest.mark.parametrize(
    ("address", "plain", "password", "place"),
    [
        ("postgresql://li@db.example:5433/clerk", "postgresql://li@db.example:5433/clerk", "", "db.example:5433/clerk"),
        ("postgres://li:a%2Fb%40c@db/clerk", "postgresql://li@db/clerk", "a/b@c", "db/clerk"),
        (" postgresql://a,b/clerk?sslmode=require ", "postgresql://a,b/clerk?sslmode=require", "", "a,b/clerk"),
        ("postgresql://li@db/clerk?password=x%26y&a=1", "postgresql://li@db/clerk?a=1", "x&y", "db/clerk"),
        ("postgresql://li@db/clerk?a=1&password=x", "postgresql://li@db/clerk?a=1", "x", "db/clerk"),
    ],
)
def test_an_address_is_taken_apart(address: str, plain: str, password: str, place: str) -> None:
    found = parsed(address)
    assert (found.plain, found.password, found.place) == (plain, password, place)
    assert not password or password not in repr(found)
    assert parsed(found.whole) == found


@pytest.mark.parametrize(
    "address", ["", "db/clerk", "https://db/clerk", "postgresql://", "postgresql://li:x@db", "x y"]
)
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(ClerkError, match="ledger_address"):
        parsed(address)


def test_the_environment_goes_before_the_settings_and_never_reaches_the_practice_office() -> None:
    named = Settings(office=REAL_OFFICE, server="postgresql://li@one/clerk")
    other = {VARIABLE: "postgresql://li@two/clerk"}
    assert server_in_use(Settings(office=REAL_OFFICE), {}) is None
    assert server_in_use(named, {}) == parsed("postgresql://li@one/clerk")
    assert server_in_use(named, other) == parsed("postgresql://li@two/clerk")
    assert server_in_use(replace(named, office=PRACTICE_OFFICE), other) is None


def test_an_office_is_founded_on_a_server_and_another_counter_joins_it(server: Server, tmp_path: Path) -> None:
    address = server.url(server.new_database())
    first = entrance(tmp_path / "first")
    founded = first.found_real(Settings(), replace(NEW, address=address))
    founded.close()
    known = load_settings(tmp_path / "first")
    assert (known.office, known.server) == (REAL_OFFICE, without(address, server.password))
    again = first.open_real(known, NEW.passphrase)
    again.ledger.sign_in("guan", NEW.password)
    assert again.ledger.verify(Depth.FULL).is_sound
    again.close()

    second = entrance(tmp_path / "second")
    counter = NewCounter(
        NEW.office_name, NEW.office_code, without(address, server.password), server.password, NEW.passphrase
    )
    joined = second.join_server(Settings(), counter)
    joined.ledger.sign_in("guan", NEW.password)
    joined.close()
    known = load_settings(tmp_path / "second")
    assert second.office_in_use(known) == REAL_OFFICE
    second.open_real(known, NEW.passphrase).close()


def test_the_password_is_kept_sealed_and_a_wrong_passphrase_opens_neither(server: Server, tmp_path: Path) -> None:
    address = server.url(server.new_database())
    here = entrance(tmp_path / "desk")
    here.found_real(Settings(), replace(NEW, address=address)).close()
    known = load_settings(tmp_path / "desk")
    kept = tmp_path / "desk" / FILE_NAME
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for path in (tmp_path / "desk").rglob("*"):
        if path.is_file():
            assert server.password.encode() not in path.read_bytes()
    with pytest.raises(ClerkError, match="passphrase_wrong_server"):
        here.open_real(known, "五只 白鹤 飞过 水塘")
    with pytest.raises(ClerkError, match="audit_key_unreadable"):
        here.open_real(known, "五只 白鹤 飞过 水塘", server.password)
    kept.write_text("{", encoding="utf-8")
    with pytest.raises(ClerkError, match="ledger_unreachable"):
        here.open_real(known, NEW.passphrase)
    here.open_real(known, NEW.passphrase, server.password).close()
    here.open_real(known, NEW.passphrase).close()


def test_a_server_without_a_ledger_is_said_and_one_with_another_is_not_founded_again(
    server: Server, tmp_path: Path
) -> None:
    address = server.url(server.new_database())
    here = entrance(tmp_path / "desk")
    counter = NewCounter(NEW.office_name, NEW.office_code, address, "", NEW.passphrase)
    with pytest.raises(ClerkError, match="server_without_ledger"):
        here.join_server(Settings(), counter)
    here.found_real(Settings(), replace(NEW, address=address)).close()
    with pytest.raises(ClerkError, match="ledger_founded"):
        entrance(tmp_path / "other").found_real(Settings(), replace(NEW, address=address))
    assert load_settings(tmp_path / "other") == Settings()


def test_what_a_counter_needs_is_asked_for_at_its_field() -> None:
    blank = NewCounter("", "", "db", "", "")
    assert [problem.place.field for problem in blank.problems()] == [
        *("office_name", "office_code", "address", "passphrase")
    ]
    with pytest.raises(ClerkError, match="form_incomplete"):
        blank.settings(Settings())
    assert [each.place.field for each in replace(NEW, address="postgresql://").problems()] == ["address"]


def test_settings_that_name_a_server_are_read_again(tmp_path: Path) -> None:
    save_settings(Settings(server="postgresql://li@db/clerk"), tmp_path)
    assert load_settings(tmp_path).server == "postgresql://li@db/clerk"
