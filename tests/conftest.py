"""What every test may use: the shipped policies, and property tests that try the same examples each time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from clerk_app.paths import resources
from clerk_app.policy.shelf import Shelf, load_shelf

if TYPE_CHECKING:
    from tests.desktop.watched import WatchedApplication

# Windows are real but need no screen, unless somebody wants to watch.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The program runs without lxml, which only the tests' own libraries bring: workbooks are written as they are there.
os.environ.setdefault("OPENPYXL_LXML", "False")
# Derandomised: a failure on one machine is a failure on all, and needs no seed to be found again.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def qapp_cls() -> type[WatchedApplication]:
    """What every test with a window runs in."""
    from tests.desktop.watched import WatchedApplication  # noqa: PLC0415 -- Qt is for the tests that have a window

    return WatchedApplication


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    """The five shipped documents, without any office's parameters."""
    return load_shelf(resources() / "policies")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long counts out unless the command line names markers."""
    if config.option.markexpr:
        return
    full = [item for item in items if item.get_closest_marker("full")]
    config.hook.pytest_deselected(items=full)
    items[:] = [item for item in items if item not in full]
