from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.office import JINING, Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "ledger.db")
    yield office
    office.ledger.close()


@pytest.fixture
def jining(tmp_path: Path) -> Iterator[Office]:
    """An office of an area that charges its deductible per visit."""
    office = Office(tmp_path / "jining.db", policy=JINING)
    yield office
    office.ledger.close()
