from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from clerk_app.documents.reading_room import ReadingRoom
from clerk_app.documents.received_month import read_month
from clerk_app.errors import ClerkError
from clerk_app.wording import _, use_language


def test_what_a_reader_refuses_comes_back_with_its_details(tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_text("not a workbook", encoding="utf-8")
    with ReadingRoom() as room:
        with pytest.raises(ClerkError, match="workbook_unreadable"):
            room.ask(read_month, tmp_path / "text.xlsx", [])
        assert room.ask(os.path.basename, "/a/b") == "b", "the room is still there"


def test_a_reader_that_takes_too_long_is_stopped_and_the_next_file_is_read() -> None:
    with ReadingRoom(seconds=0.5) as room:
        begun = time.monotonic()
        with pytest.raises(ClerkError, match="workbook_takes_too_long"):
            room.ask(time.sleep, 60)
        assert time.monotonic() - begun < 30
        assert room.ask(os.path.basename, "/a/b") == "b"


def test_a_reader_that_dies_takes_nothing_with_it() -> None:
    with ReadingRoom() as room:
        with pytest.raises(ClerkError, match="workbook_unreadable"):
            room.ask(os._exit, 3)
        assert room.ask(os.path.basename, "/a/b") == "b"


def test_a_reader_that_wants_too_much_memory_is_refused() -> None:
    with ReadingRoom(memory_mib=512) as room:
        with pytest.raises(ClerkError, match="workbook_unreadable"):
            room.ask(bytes, 900 << 20)
        assert room.ask(os.path.basename, "/a/b") == "b"


def test_a_reader_says_its_words_in_the_language_of_who_asks() -> None:
    with ReadingRoom() as room:
        assert room.ask(_, "总额") == "总额"
        use_language("en")
        try:
            assert room.ask(_, "总额") == "Total"
        finally:
            use_language("zh_CN")
        assert room.ask(_, "总额") == "总额"
