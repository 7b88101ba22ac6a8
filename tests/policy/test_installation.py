"""What the files of an installation themselves refuse, whoever calls; the whole way is in tests/counter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from clerk_app.errors import ClerkError
from clerk_app.paths import resources
from clerk_app.policy import installation
from clerk_app.policy.installation import Proposal
from clerk_app.policy.policy_file import read_policy_file

NOON = datetime(2024, 6, 1, 12)  # noqa: DTZ001 -- the office's local time
JIANGXI = resources() / "policies/jiangxi/2023-01-01.yaml"
DAY = date(2023, 1, 1)


def lying_ready(office: Path, examples: bytes = b"- 1\n") -> Proposal:
    return installation.propose(office, read_policy_file(JIANGXI), JIANGXI.read_bytes(), examples, "王政策", NOON)


def test_a_proposal_is_read_back_as_it_was_laid_ready(tmp_path):
    proposal = lying_ready(tmp_path)
    assert installation.read_proposal(tmp_path, "360000", DAY) == proposal
    assert installation.proposals(tmp_path) == [proposal]
    assert proposal.policy_path.read_bytes() == JIANGXI.read_bytes()


def test_an_installation_is_read_back_as_it_was_recorded(tmp_path):
    policies = tmp_path / "policies"
    installed = installation.install(policies, lying_ready(tmp_path), "李主任", NOON)
    assert installation.installations(policies) == [installed]
    assert installation.problems_of(policies) == []


def test_a_folder_without_a_record_is_not_governed(tmp_path):
    assert installation.installations(tmp_path) == []
    assert installation.problems_of(resources() / "policies") == []
    assert installation.problems_of(tmp_path / "missing") == []


def test_a_place_that_another_file_has_is_never_written_over(tmp_path):
    """Whoever calls without the desk's checks: recorded or not, the same or another content."""
    policies = tmp_path / "policies"
    installed = installation.install(policies, lying_ready(tmp_path), "李主任", NOON)
    for examples in (b"- 1\n", b"- 2\n"):
        with pytest.raises(ClerkError) as failure:
            installation.install(policies, lying_ready(tmp_path, examples), "李主任", NOON)
        assert failure.value.code == "policy_version_there"
    assert installation.installations(policies) == [installed]
    assert installation.problems_of(policies) == []


def test_a_file_of_another_content_in_the_place_is_never_written_over(tmp_path):
    policies = tmp_path / "policies"
    (policies / "360000").mkdir(parents=True)
    mine = policies / "360000/2023-01-01.yaml"
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(ClerkError) as failure:
        installation.install(policies, lying_ready(tmp_path), "李主任", NOON)
    assert failure.value.code == "policy_version_there"
    assert mine.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["policy_hash", "examples_hash"])
def test_files_that_are_not_those_of_the_proposal_are_not_installed(tmp_path, name):
    proposal = replace(lying_ready(tmp_path), **{name: "0" * 64})
    with pytest.raises(ClerkError) as failure:
        installation.install(tmp_path / "policies", proposal, "李主任", NOON)
    assert failure.value.code == "proposal_changed"
    assert not (tmp_path / "policies").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "policies-proposed").write_text("a file", encoding="utf-8")
    with pytest.raises(ClerkError) as failure:
        lying_ready(tmp_path)
    assert failure.value.code == "folder_not_made"
