from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from clerk_app.codes import Role
from clerk_app.errors import ClerkError
from clerk_app.ledger import audit
from clerk_app.ledger.keys import PRACTICE, office_keys
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.passphrase import server_salt
from clerk_app.ledger.records import Head, User
from clerk_app.ledger.store import open_store
from clerk_app.ledger.tables import audit as audit_table
from tests.ledger.office import CHEAP, PASSPHRASE, PASSWORD, QUICK, SECRET, Clock
from tests.ledger.server import Server

ADMINISTRATOR = User("guan", "关管理", Role.ADMINISTRATOR)


def test_a_ledger_is_founded_once_and_its_first_user_is_signed_in(place: Path | str) -> None:
    with open_ledger(place, "360100", Clock(), hardness=QUICK) as ledger:
        assert ledger.standing() is None
        ledger.found(ADMINISTRATOR, PASSWORD, is_practice=True)
        assert ledger.user == ADMINISTRATOR
        standing = ledger.standing()
        assert standing is not None
        assert standing.is_practice
        with pytest.raises(ClerkError, match="ledger_founded"):
            ledger.found(User("other", "别人", Role.ADMINISTRATOR), PASSWORD, is_practice=True)
        assert ledger.users() == [ADMINISTRATOR]


def test_real_persons_do_not_go_into_a_ledger_without_a_passphrase(place: Path | str) -> None:
    with open_ledger(place, "360100", Clock(), hardness=QUICK) as ledger:
        with pytest.raises(ClerkError, match="office_not_encrypted"):
            ledger.found(ADMINISTRATOR, PASSWORD, is_practice=False)
        assert ledger.standing() is None
        assert ledger.user is None


def test_a_ledger_whose_first_user_could_not_be_made_is_not_founded(place: Path | str) -> None:
    with open_ledger(place, "360100", Clock(), hardness=QUICK) as ledger:
        with pytest.raises(ClerkError, match="password_too_short"):
            ledger.found(ADMINISTRATOR, "kurz", is_practice=True)
        assert ledger.standing() is None


@pytest.fixture
def url(server: Server, database: str) -> str:
    return server.url(database)


def test_a_server_keeps_the_salt_of_its_passphrase_and_no_secret(url: str) -> None:
    assert server_salt(url) is None
    with open_ledger(url, "360100", Clock(), keys=SECRET, hardness=QUICK) as ledger:
        ledger.found(ADMINISTRATOR, PASSWORD, is_practice=False)
        standing = ledger.standing()
        head = ledger.head()
    assert standing is not None
    assert not standing.is_practice
    assert server_salt(url) == SECRET.salt
    with open_ledger(url, "360100", Clock(), keys=office_keys(PASSPHRASE, SECRET.salt or b"", CHEAP)) as ledger:
        ledger.sign_in("guan", PASSWORD)
        assert ledger.head().sequence == head.sequence + 1
    assert codes(url) == codes(url, SECRET.audit), "the passphrase's key chains the trail"


def test_a_server_that_has_no_tables_or_no_passphrase_has_no_salt(server: Server, url: str) -> None:
    empty = server.new_database()
    assert server_salt(server.url(empty)) is None
    server.drop(empty)
    with open_ledger(url, "360100", Clock(), hardness=QUICK) as ledger:
        ledger.found(ADMINISTRATOR, PASSWORD, is_practice=True)
    assert server_salt(url) is None


def test_on_a_server_another_passphrase_opens_nothing(url: str) -> None:
    with open_ledger(url, "360100", Clock(), keys=SECRET, hardness=QUICK) as ledger:
        ledger.found(ADMINISTRATOR, PASSWORD, is_practice=False)
    for keys in (office_keys("another passphrase", SECRET.salt or b"", CHEAP), PRACTICE):
        with pytest.raises(ClerkError, match="audit_key_unreadable"):
            open_ledger(url, keys=keys)


def test_a_desk_that_opened_before_another_founded_the_ledger_writes_under_no_other_key(url: str) -> None:
    early = open_ledger(
        url, "360100", Clock(), keys=office_keys(PASSPHRASE, b"another of 16 b.", CHEAP), hardness=QUICK
    )
    with early, open_ledger(url, "360100", Clock(), keys=SECRET, hardness=QUICK) as ledger:
        ledger.found(ADMINISTRATOR, PASSWORD, is_practice=False)
        with pytest.raises(ClerkError, match="audit_key_unreadable"):
            early.sign_in("guan", PASSWORD)
    assert codes(url) == codes(url, SECRET.audit)


def codes(url: str, key: bytes | None = None) -> list[str]:
    """The codes of the audit trail, as they stand there or as a key makes them."""
    store = open_store(url, wait_seconds=1)
    with store.reading() as connection:
        rows = connection.execute(select(audit_table).order_by(audit_table.c.sequence)).all()
    store.close()
    if key is None:
        return [row.code for row in rows]
    made: list[str] = []
    for row in rows:
        said = {name: getattr(row, name) for name in ("at", "login", "action", "subject", "reason", "content")}
        made.append(audit.code_of(key, Head(row.sequence - 1, made[-1] if made else Head().code), **said))
    return made
