"""``Ledger.move_to``: an office goes from its file to a server, and only one of the two goes on."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from clerk_app.errors import ClerkError
from clerk_app.jobs import Cancelled, Progress
from clerk_app.ledger import schema
from clerk_app.ledger.anchors import Anchor
from clerk_app.ledger.files import looking_at
from clerk_app.ledger.keys import PRACTICE, Keys, office_keys
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.ledger.passphrase import change_passphrase, server_salt
from clerk_app.ledger.soundness import Depth
from clerk_app.ledger.store import open_store
from clerk_app.ledger.tables import metadata
from clerk_app.wording import sentence
from tests.ledger.books import assert_books_agree
from tests.ledger.busy_office import busy_office
from tests.ledger.office import (
    ADMINISTRATOR,
    CHEAP,
    CLERK,
    EMPLOYED,
    PASSPHRASE,
    PASSWORD,
    QUICK,
    SECRET,
    Clock,
    Office,
    id_number,
    receipt,
)
from tests.ledger.server import Server
from tests.ledger.tampering import unguarded

OTHER_PASSPHRASE = "秋天 椅子 红色 轮船"  # noqa: S105 -- of offices that do not exist
ROOT = Path(__file__).resolve().parents[2]
#: After the busy office's last act.
LATER = datetime(2023, 6, 3, 9, 30)  # noqa: DTZ001 -- the office's local time
STEPS = 2 * len(metadata.tables) + 4


@pytest.fixture
def address(server: Server) -> Iterator[str]:
    """An empty database."""
    name = server.new_database()
    yield server.socket_url(name)
    server.drop(name)


def busy_file(folder: Path, keys: Keys = PRACTICE) -> Office:
    """An office with a row in every table but the keys', and its administrator at the desk."""
    office = busy_office(folder / "ledger.db", keys)
    office.ledger.sign_in(ADMINISTRATOR.login, PASSWORD)
    office.ledger.confirm_password(PASSWORD)
    return office


def rows_of(place: Path | str, keys: Keys = PRACTICE) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, with the types of Python."""
    with contextlib.ExitStack() as held:
        if isinstance(place, Path):
            connection = held.enter_context(looking_at(place, keys))
        else:
            store = open_store(place, 5)
            held.callback(store.close)
            connection = held.enter_context(store.reading())
        return {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
        }


def moved_rows_equal(path: Path, address: str, keys: Keys = PRACTICE) -> None:
    """Every row of the file stands on the server; the server has the arrival, and what tells a right passphrase."""
    old, new = rows_of(path, keys), rows_of(address)
    # Keys come with the first change of a passphrase, tries with a wrong password.
    assert all(old[name] for name in old.keys() - {"audit_keys", "sign_in_attempts"}), "there is something to lose"
    assert new["audit"][-1][3:5] == ("migrate", "arrived")
    del new["audit"][-1]
    if keys.salt is not None and not old["audit_keys"]:
        assert len(new.pop("audit_keys")) == 1
        del old["audit_keys"]
    assert new == old


def open_there(address: str, keys: Keys = PRACTICE) -> Ledger:
    return open_ledger(address, "360100", Clock(LATER), keys=keys, hardness=QUICK)


@pytest.mark.parametrize("keys", [PRACTICE, SECRET], ids=["practice", "encrypted"])
def test_every_row_number_and_check_of_a_file_goes_to_the_server(tmp_path: Path, address: str, keys: Keys) -> None:
    office = busy_file(tmp_path, keys)
    moved = office.ledger.move_to(address)
    office.ledger.close()
    moved_rows_equal(office.path, address, keys)
    with open_there(address, keys) as ledger:
        ledger.sign_in(ADMINISTRATOR.login, PASSWORD)
        anchors = (Anchor(moved.left.sequence, moved.left.code, ""), Anchor(moved.head.sequence, moved.head.code, ""))
        checked = ledger.verify(Depth.FULL, anchors)
        assert (checked.is_sound, checked.counted["settlements"]) == (True, len(rows_of(address)["settlements"]))
    with looking_at(office.path, keys) as connection:
        assert schema.revision_of(connection) == schema.HEAD
    assert PASSWORD not in moved.place


def test_the_office_goes_on_where_it_left_off(tmp_path: Path, address: str) -> None:
    office = busy_file(tmp_path)
    office.ledger.move_to(address)
    office.ledger.close()
    before = rows_of(address)
    there = Office(address, office.clock)
    known = there.ledger.find_persons("张三示例")[0]
    settled = there.settle(known, receipt("S1"))
    newest = str(max(row[1] for row in before["settlements"]))
    assert settled.voucher_number == f"{newest[:-6]}{int(newest[-6:]) + 1:06d}"
    new = there.ledger.save_person(replace(known.person, name="李新示例", id_number=id_number(99)), EMPLOYED, "360000")
    assert new.person_id == max(int(str(row[0])) for row in before["persons"]) + 1
    there.ledger.save_claim("claim-9", "李新示例", "{}", new.person_id)
    assert_books_agree(address)
    there.ledger.sign_in(ADMINISTRATOR.login, PASSWORD)
    assert there.ledger.verify(Depth.FULL).is_sound
    there.ledger.close()


def test_the_triggers_of_the_server_watch_what_comes_after(server: Server, tmp_path: Path) -> None:
    name, made = server.new_database(), server.new_database()
    office = busy_file(tmp_path)
    office.ledger.move_to(server.socket_url(name))
    office.ledger.close()
    open_ledger(server.socket_url(made)).close()
    triggers = (
        "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
    )
    with server.connect(name) as moved, server.connect(made) as new:
        assert moved.execute(triggers).fetchall() == new.execute(triggers).fetchall()
    server.drop(name)
    server.drop(made)


def test_the_file_is_left_as_it_was_but_for_the_row_that_says_where_the_office_is(tmp_path: Path, address: str) -> None:
    office = busy_file(tmp_path)
    before = rows_of(office.path)
    office.ledger.move_to(address)
    after = rows_of(office.path)
    *rows, last = after.pop("audit")
    assert rows == before.pop("audit")
    assert last[2:5] == (ADMINISTRATOR.login, "migrate", "moved")
    assert after == before
    office.ledger.close()


def test_nobody_goes_on_in_the_old_file(tmp_path: Path, address: str) -> None:
    office = busy_file(tmp_path)
    with open_ledger(office.path, "360100", office.clock, hardness=QUICK) as other:
        other.sign_in(CLERK.login, PASSWORD)
        person = other.find_persons("张三示例")[0]
        office.ledger.move_to(address)
        for act in (
            lambda: other.save_person(person.person, person.entitlement, "360000", person.person_id),
            lambda: other.save_claim("claim-9", "张三示例", "{}"),
            lambda: other.sign_in(CLERK.login, PASSWORD),
        ):
            with pytest.raises(ClerkError) as raised:
                act()
            assert raised.value.code == "ledger_moved"
        assert "已迁往服务器" in sentence(raised.value)
    written = office.ledger.back_up
    with pytest.raises(ClerkError, match="ledger_moved"):
        written(tmp_path / "backups")
    office.ledger.confirm_password(PASSWORD)
    (backup,) = (tmp_path / "backups").iterdir()
    with pytest.raises(ClerkError, match="ledger_moved"):
        office.ledger.restore(backup)
    office.ledger.close()


def test_the_passphrase_of_the_file_opens_the_server_and_another_does_not(tmp_path: Path, address: str) -> None:
    office = busy_file(tmp_path, SECRET)
    office.ledger.move_to(address)
    office.ledger.close()
    salt = server_salt(address)
    assert salt == SECRET.salt
    open_there(address, office_keys(PASSPHRASE, salt, CHEAP)).close()
    with pytest.raises(ClerkError, match="audit_key_unreadable"):
        open_there(address, office_keys(OTHER_PASSPHRASE, salt, CHEAP))


def test_a_passphrase_that_was_changed_before_the_move_opens_the_server(tmp_path: Path, address: str) -> None:
    office = busy_file(tmp_path, SECRET)
    office.ledger.close()
    change_passphrase(office.path, PASSPHRASE, OTHER_PASSPHRASE, cost=CHEAP)
    keys = office_keys(OTHER_PASSPHRASE, SECRET.salt or b"", CHEAP)
    with open_ledger(office.path, "360100", office.clock, keys=keys, hardness=QUICK) as ledger:
        ledger.sign_in(ADMINISTRATOR.login, PASSWORD)
        ledger.confirm_password(PASSWORD)
        ledger.move_to(address)
    moved_rows_equal(office.path, address, keys)
    with open_there(address, keys) as ledger:
        ledger.sign_in(ADMINISTRATOR.login, PASSWORD)
        assert ledger.verify(Depth.FULL).is_sound


def test_a_database_that_is_not_empty_is_refused(server: Server, tmp_path: Path, address: str) -> None:
    office = busy_file(tmp_path)
    with open_ledger(address, hardness=QUICK) as other:
        other.found(ADMINISTRATOR, PASSWORD, is_practice=True)
    foreign = server.new_database()
    with server.connect(foreign) as connection:
        connection.execute("CREATE TABLE notes (text text)")
    before = rows_of(address)
    for place in (address, server.socket_url(foreign)):
        with pytest.raises(ClerkError, match="target_not_empty"):
            office.ledger.move_to(place)
    assert rows_of(address) == before
    server.drop(foreign)
    office.ledger.sign_in(CLERK.login, PASSWORD)
    office.ledger.close()


def test_tables_that_the_owner_has_made_and_nobody_has_used_are_empty(tmp_path: Path, address: str) -> None:
    open_ledger(address).close()
    office = busy_file(tmp_path)
    office.ledger.move_to(address)
    office.ledger.close()
    moved_rows_equal(office.path, address)


def test_a_wrong_address_is_a_sentence_without_its_password(server: Server, tmp_path: Path) -> None:
    office = busy_file(tmp_path)
    for address in (
        "postgresql://office:geheim-9@127.0.0.1:1/clerk",
        server.url("nothing").replace(server.password, "geheim-9"),
        "https://office:geheim-9@127.0.0.1/",
    ):
        with pytest.raises(ClerkError) as raised:
            office.ledger.move_to(address)
        assert raised.value.code in ("ledger_unreachable", "ledger_address")
        said = [sentence(raised.value), str(raised.value), repr(raised.value.details), repr(raised.value.__cause__)]
        assert "geheim-9" not in "".join(said)
    office.ledger.sign_in(CLERK.login, PASSWORD)
    office.ledger.close()


def test_the_password_is_asked_once_more_and_a_server_does_not_move(tmp_path: Path, address: str) -> None:
    office = busy_file(tmp_path)
    office.ledger.sign_in(ADMINISTRATOR.login, PASSWORD)
    with pytest.raises(ClerkError, match="password_needed"):
        office.ledger.move_to(address)
    office.ledger.close()
    with open_there(address) as ledger:
        ledger.found(ADMINISTRATOR, PASSWORD, is_practice=True)
        ledger.confirm_password(PASSWORD)
        with pytest.raises(ClerkError, match="server_stays"):
            ledger.move_to(address)


def test_a_file_that_was_tampered_with_does_not_move(tmp_path: Path, address: str) -> None:
    office = busy_file(tmp_path)
    with unguarded(office.path) as connection:
        connection.execute("UPDATE receipts SET diagnosis = 'x' WHERE settlement_id = 2")
    with pytest.raises(ClerkError) as raised:
        office.ledger.move_to(address)
    assert raised.value.code == "move_unsound"
    assert "receipts" in sentence(raised.value)
    office.ledger.sign_in(CLERK.login, PASSWORD)
    office.ledger.close()
    with open_there(address) as ledger:
        assert ledger.standing() is None, "nothing of it is on the server"


#: A server that lets rows of one table vanish, as a replication rule or a foreign trigger might.
LOSING = """
CREATE SCHEMA other;
CREATE FUNCTION other.lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION other.watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
IF to_regclass('public.sign_in_attempts') IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'lose')
THEN CREATE TRIGGER lose BEFORE INSERT ON public.sign_in_attempts FOR EACH ROW EXECUTE FUNCTION other.lose();
END IF; END $$;
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION other.watch();
"""


def test_a_copy_that_differs_where_no_seal_looks_does_not_count(server: Server, tmp_path: Path) -> None:
    name = server.new_database()
    with server.connect(name) as connection:
        connection.execute(LOSING.encode())
    office = busy_file(tmp_path)
    with pytest.raises(ClerkError, match="sign_in_refused"):
        office.ledger.sign_in(CLERK.login, "falsch")
    with pytest.raises(ClerkError) as raised:
        office.ledger.move_to(server.socket_url(name))
    assert raised.value.code == "move_unsound"
    assert "sign_in_attempts" in sentence(raised.value)
    office.ledger.close()
    server.drop(name)


class Stopping(Progress):
    """Somebody who presses Cancel, or dies, at one step."""

    def __init__(self, at: int, *, dies: bool) -> None:
        super().__init__()
        self._at, self._dies = at, dies
        self.steps = 0

    def step(self, done: int, total: int) -> None:
        assert total == STEPS
        self.steps = done
        if done == self._at:
            if self._dies:
                os.kill(os.getpid(), signal.SIGKILL)
            raise Cancelled


class Moved(Exception):  # noqa: N818 -- what it is
    """The ledger lets no clerk work, and says why."""


def sign_in(ledger: Ledger) -> None:
    try:
        ledger.sign_in(CLERK.login, PASSWORD)
    except ClerkError as error:
        if error.code not in ("ledger_moved", "move_unfinished"):
            raise
        raise Moved from error


def living(path: Path, address: str) -> set[str]:
    """Which of the two ledgers lets a clerk work."""
    found = set()
    for name, place in (("file", path), ("server", address)):
        with open_ledger(place, "360100", Clock(LATER), hardness=QUICK) as ledger:
            if ledger.standing() is None:
                continue
            with contextlib.suppress(Moved):
                sign_in(ledger)
                found.add(name)
    return found


@pytest.mark.parametrize("step", [1, STEPS // 2, STEPS - 3, STEPS - 2, STEPS - 1, STEPS])
def test_a_kill_on_the_way_never_leaves_two_ledgers_and_moving_again_finishes(
    tmp_path: Path, address: str, step: int
) -> None:
    office = busy_file(tmp_path)
    office.ledger.close()
    killed = subprocess.run(
        [sys.executable, "-m", "tests.ledger.test_moving", str(office.path), address, str(step)], cwd=ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    # The file's last row follows the step before the last two; the arrival follows the last.
    assert living(office.path, address) == ({"file"} if step < STEPS - 1 else set() if step < STEPS else {"server"})
    if step < STEPS - 1:
        # They went on in the file; the copy on the server is out of date.
        with open_ledger(office.path, "360100", Clock(LATER), hardness=QUICK) as ledger:
            ledger.sign_in(CLERK.login, PASSWORD)
            ledger.save_claim("claim-8", "王五示例", "{}")
    with open_ledger(office.path, "360100", Clock(LATER), hardness=QUICK) as ledger:
        ledger.sign_in(ADMINISTRATOR.login, PASSWORD)
        ledger.confirm_password(PASSWORD)
        first = ledger.move_to(address)
        ledger.confirm_password(PASSWORD)
        assert ledger.move_to(address) == first, "done twice, it is done once"
    assert living(office.path, address) == {"server"}


def test_who_cancels_goes_on_in_the_file(tmp_path: Path, address: str) -> None:
    office = busy_file(tmp_path)
    with pytest.raises(Cancelled):
        office.ledger.move_to(address, Stopping(STEPS - 3, dies=False))
    assert living(office.path, address) == {"file"}
    office.ledger.close()


def test_a_file_that_has_moved_does_not_move_to_a_second_server(server: Server, tmp_path: Path, address: str) -> None:
    office = busy_file(tmp_path)
    office.ledger.move_to(address)
    second = server.new_database()
    office.ledger.confirm_password(PASSWORD)
    with pytest.raises(ClerkError, match="ledger_moved"):
        office.ledger.move_to(server.socket_url(second))
    server.drop(second)
    office.ledger.close()


def main(path: str, address: str, step: str) -> None:
    """Another process, that dies on the way."""
    with open_ledger(Path(path), "360100", Clock(LATER), hardness=QUICK) as ledger:
        ledger.sign_in(ADMINISTRATOR.login, PASSWORD)
        ledger.confirm_password(PASSWORD)
        ledger.move_to(address, Stopping(int(step), dies=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
