"""The English catalogue keeps step with the source, and the program speaks from it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from clerk_app.errors import ClerkError
from clerk_app.wording import sentence, use_language

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def catalogue() -> ModuleType:
    """`packaging/catalogue.py`, which is a script and in no package."""
    specification = importlib.util.spec_from_file_location("catalogue", ROOT / "packaging" / "catalogue.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def in_english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("zh_CN")


def test_every_sentence_is_translated_and_none_is_left_over(catalogue: ModuleType) -> None:
    found = catalogue.problems()
    assert not found, "\n".join([*found, "run packaging/catalogue.py and translate what is new"])


@pytest.mark.usefixtures("in_english")
def test_a_failure_is_said_in_english_with_its_details() -> None:
    error = ClerkError("breakdown_exceeds_total", number="A1", excess_fen=123456)
    words = sentence(error)
    assert words.isascii()
    assert "A1" in words
    assert "1,234.56" in words


def test_english_is_written_with_english_marks(catalogue: ModuleType) -> None:
    """The program's font draws Chinese marks, curly quotes with them, a whole character wide."""
    found = [
        message.string for message in catalogue.merged() if set(message.string) & set("、，；：（）。“”？！〔〕《》")
    ]
    assert not found
