from __future__ import annotations

import stat

import pytest

from clerk_app.errors import ClerkError
from clerk_app.paths import resources, user_data, user_logs


@pytest.fixture
def office(tmp_path, monkeypatch):
    folder = tmp_path / "office" / "data"
    monkeypatch.setenv("CLERK_DATA", str(folder))
    return folder


def test_the_shipped_policies_are_among_the_resources():
    assert len(list((resources() / "policies").glob("*/20*.yaml"))) == 5


def test_the_named_folder_is_used_and_made(office):
    assert user_data() == office
    assert office.is_dir()


def test_nobody_else_may_look_into_the_offices_folder(office):
    assert user_data() == office
    assert stat.S_IMODE(office.stat().st_mode) == 0o700


def test_logs_go_with_the_named_folder(office):
    assert user_logs() == office / "logs"
    assert user_logs().is_dir()


def test_a_folder_that_cannot_be_made_is_said(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CLERK_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(ClerkError) as failure:
        user_data()
    assert failure.value.code == "folder_not_made"
    assert failure.value.details["folder"] == str(tmp_path / "file" / "data")
