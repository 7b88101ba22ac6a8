from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app import logs
from clerk_app.errors import ClerkError

NAME, NUMBER = "张三示例", "360102198001011235"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    path = logs.start_log(tmp_path)
    yield path
    logs.stop_log()


def test_steps_are_noted(log: Path) -> None:
    logs.note("opened", seconds=2)

    assert "INFO clerk_app opened seconds=2" in log.read_text(encoding="utf-8")


def test_a_report_shows_the_way_and_not_the_person(log: Path) -> None:
    register = {NAME: NUMBER}

    def fail() -> None:
        try:
            register[NUMBER]
        except KeyError as error:
            raise ValueError(f"{NAME} {NUMBER}") from error

    with pytest.raises(ValueError, match=NAME) as caught:
        fail()
    code = logs.report(caught.value)

    text = log.read_text(encoding="utf-8")
    assert f"report {code}" in text
    assert "ValueError" in text
    assert "KeyError" in text
    assert "in fail" in text
    assert NAME not in text
    assert NUMBER not in text


def test_what_the_interpreter_says_of_code_is_kept_without_numbers_and_words(log: Path) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr("", f"total_{NUMBER}_{NAME}")
    logs.report(caught.value)
    logs.report(ClerkError("person_known", name=NAME))

    text = log.read_text(encoding="utf-8")
    assert "has no attribute 'total_#_…'" in text
    assert "ClerkError: person_known" in text
    assert NUMBER not in text


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(ClerkError, match="log_not_opened"):
        logs.start_log(tmp_path / "none")
