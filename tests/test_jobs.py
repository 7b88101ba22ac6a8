from __future__ import annotations

import os
import stat

import pytest

from clerk_app.errors import ClerkError
from clerk_app.jobs import Cancelled, Progress, new_ledger_file, whole_file


def test_progress_is_told_once_a_percent():
    told = []
    progress = Progress(lambda done, total: told.append((done, total)))
    for row in range(1, 10_001):
        progress.step(row, 10_000)
    assert len(told) == 101
    assert told[-1] == (10_000, 10_000)


def test_an_empty_job_is_done_at_once():
    told = []
    Progress(lambda done, total: told.append((done, total))).step(0, 0)
    assert told == [(0, 0)]


def test_a_job_stops_when_it_is_asked_to():
    answers = iter([False, False, True])
    progress = Progress(cancelled=lambda: next(answers))
    progress.step(1, 3)
    progress.step(2, 3)
    with pytest.raises(Cancelled):
        progress.step(3, 3)


def test_a_file_is_replaced_as_a_whole(tmp_path):
    target = tmp_path / "月报.xlsx"
    target.write_text("old")
    with whole_file(target) as draft:
        draft.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["月报.xlsx"]


@pytest.fixture
def synced(tmp_path, monkeypatch):
    """What was put on the disk, in that order: folder or file, and what the target held at that moment."""
    target, told, sync = tmp_path / "月报.xlsx", [], os.fsync

    def watched(handle):
        sync(handle)
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        told.append((kind, target.read_text() if target.exists() else None))

    monkeypatch.setattr(os, "fsync", watched)
    return told


def test_the_content_is_on_the_disk_before_its_name_and_then_the_name(tmp_path, synced):
    target = tmp_path / "月报.xlsx"
    target.write_text("old")
    with whole_file(target) as draft:
        draft.write_text("new")
    assert synced == [("file", "old"), ("folder", "new")]


def test_a_new_ledger_has_its_name_when_it_is_complete_and_the_name_is_on_the_disk(tmp_path, synced):
    target = tmp_path / "月报.xlsx"
    with new_ledger_file(target) as draft:
        draft.write_text("founded")
        assert not target.exists()
    assert synced == [("folder", "founded")]
    with pytest.raises(ClerkError, match="file_there"), new_ledger_file(target):
        pass


@pytest.mark.parametrize("failure", [Cancelled, ValueError])
def test_a_job_that_stops_half_way_leaves_the_old_file_and_nothing_else(tmp_path, failure):
    target = tmp_path / "月报.xlsx"
    target.write_text("old")
    with pytest.raises(failure):
        _write_half(target, failure)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["月报.xlsx"]


def test_a_folder_that_does_not_exist_is_said(tmp_path):
    with pytest.raises(ClerkError) as failure, whole_file(tmp_path / "nowhere" / "a.pdf"):
        pass
    assert failure.value.code == "file_not_written"
    assert failure.value.details["reason"] == os.strerror(2)


def test_a_target_that_is_a_folder_is_said_and_no_draft_stays(tmp_path):
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(ClerkError) as failure, whole_file(tmp_path / "a.pdf") as draft:
        draft.write_text("x")
    assert failure.value.code == "file_not_written"
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def _write_half(target, failure):
    with whole_file(target) as draft:
        draft.write_text("half")
        raise failure
