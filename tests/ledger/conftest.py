from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.ledger.ledger import open_ledger
from tests.ledger.office import JINING, Office
from tests.ledger.server import Server, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A real PostgreSQL, started when a test asks for it first; every worker of xdist has its own."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def new_ledger(server: Server) -> str:
    """The name of a database with a new ledger, to be copied: that is quicker than to make one."""
    name = server.new_database()
    open_ledger(server.url(name)).close()
    return name


@pytest.fixture
def database(server: Server, new_ledger: str) -> Iterator[str]:
    """The name of a database with a new ledger for one test, which may do to it what it likes."""
    name = server.new_database(new_ledger)
    yield name
    server.drop(name)


@pytest.fixture(scope="session")
def shared_database(server: Server, new_ledger: str) -> str:
    """The name of a database with a ledger that is emptied after each test."""
    name = server.new_database(new_ledger)
    server.empty(name)
    return name


@pytest.fixture
def emptied_database(server: Server, shared_database: str) -> Iterator[str]:
    yield shared_database
    server.empty(shared_database)


BOTH = ["sqlite", "postgresql"]


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a ledger is: the same code works on a file and on a server, here through its socket, which is quicker."""
    if request.param == "sqlite":
        return tmp_path / "ledger.db"
    server: Server = request.getfixturevalue("server")
    return server.socket_url(request.getfixturevalue("emptied_database"))


@pytest.fixture(params=BOTH)
def fresh_place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """As ``place``, for tests that change triggers and tables."""
    if request.param == "sqlite":
        return tmp_path / "ledger.db"
    server: Server = request.getfixturevalue("server")
    return server.socket_url(request.getfixturevalue("database"))


@pytest.fixture(params=BOTH)
def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """A place where there is no ledger yet."""
    if request.param == "sqlite":
        yield tmp_path / "ledger.db"
        return
    server: Server = request.getfixturevalue("server")
    name = server.new_database()
    yield server.socket_url(name)
    server.drop(name)


@pytest.fixture
def office(place: Path | str) -> Iterator[Office]:
    office = Office(place)
    yield office
    office.ledger.close()


@pytest.fixture
def jining(place: Path | str) -> Iterator[Office]:
    """An office of an area that charges its deductible per visit."""
    office = Office(place, policy=JINING)
    yield office
    office.ledger.close()
