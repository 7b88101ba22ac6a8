from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.opening import open_desk
from clerk_app.settings import Settings
from tests.counter import people


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk in Jiangxi with a real ledger, on a fixed day."""
    opened = open_desk(
        Settings(clerk="李经办示例", area_code="360000", office_code="360000"),
        tmp_path,
        lambda: datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    )
    yield opened
    opened.close()


@pytest.fixture
def entry(desk: Desk) -> ClaimEntry:
    """A claim of a filed person with one receipt that pays 200.00."""
    return people.filled(ClaimEntry(desk))
