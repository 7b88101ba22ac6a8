from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from tests.counter import people
from tests.counter.desks import staffed_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk in Jiangxi with a real ledger, on a fixed day."""
    opened = staffed_desk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def entry(desk: Desk) -> ClaimEntry:
    """A claim of a filed person with one receipt that pays 200.00."""
    return people.filled(ClaimEntry(desk))
