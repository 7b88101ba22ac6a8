"""The office that the settings name decides where policies are read and installed."""

from __future__ import annotations

from clerk_app.cli.office_in_use import office_folder, policy_folders
from clerk_app.paths import resources
from clerk_app.settings import PRACTICE_OFFICE, Settings, save_settings


def test_shipped_policies_come_before_the_offices_own_and_asking_makes_no_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CLERK_DATA", str(tmp_path / "data"))
    assert policy_folders() == (resources() / "policies", tmp_path / "data/policies")
    assert not (tmp_path / "data").exists()


def test_the_practice_office_has_policies_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("CLERK_DATA", str(tmp_path))
    save_settings(Settings(office=PRACTICE_OFFICE), tmp_path)
    assert office_folder() == tmp_path / "practice"
    assert policy_folders()[1] == tmp_path / "practice/policies"
