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


def unrecorded(_proposal: Proposal) -> None:
    """These tests have no ledger."""


def refusing(_proposal: Proposal) -> None:
    """A ledger that writes no row."""
    raise ClerkError("ledger_full")


def lying_ready(office: Path, examples: bytes = b"- 1\n", by: str = "王政策") -> Proposal:
    policy = JIANGXI.read_bytes()
    return installation.propose(office, read_policy_file(JIANGXI), policy, examples, by, NOON, unrecorded)


def test_a_proposal_is_read_back_as_it_was_laid_ready(tmp_path):
    proposal = lying_ready(tmp_path)
    assert installation.read_proposal(tmp_path, "360000", DAY) == proposal
    assert installation.proposals(tmp_path) == [proposal]
    assert proposal.policy_path.read_bytes() == JIANGXI.read_bytes()


def test_an_installation_is_read_back_as_it_was_recorded(tmp_path):
    policies = tmp_path / "policies"
    installed = installation.install(policies, lying_ready(tmp_path), "李主任", NOON, unrecorded)
    assert installation.installations(policies) == [installed]
    assert installation.problems_of(policies) == []


def test_a_folder_without_a_record_is_not_governed(tmp_path):
    assert installation.installations(tmp_path) == []
    assert installation.problems_of(resources() / "policies") == []
    assert installation.problems_of(tmp_path / "missing") == []


def test_a_place_that_another_file_has_is_never_written_over(tmp_path):
    """Whoever calls without the desk's checks: recorded or not, the same or another content."""
    policies = tmp_path / "policies"
    installed = installation.install(policies, lying_ready(tmp_path), "李主任", NOON, unrecorded)
    for examples in (b"- 1\n", b"- 2\n"):
        with pytest.raises(ClerkError) as failure:
            installation.install(policies, lying_ready(tmp_path, examples), "李主任", NOON, unrecorded)
        assert failure.value.code == "policy_version_there"
    assert installation.installations(policies) == [installed]
    assert installation.problems_of(policies) == []


def test_a_file_of_another_content_in_the_place_is_never_written_over(tmp_path):
    policies = tmp_path / "policies"
    (policies / "360000").mkdir(parents=True)
    mine = policies / "360000/2023-01-01.yaml"
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(ClerkError) as failure:
        installation.install(policies, lying_ready(tmp_path), "李主任", NOON, unrecorded)
    assert failure.value.code == "policy_version_there"
    assert mine.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["policy_hash", "examples_hash"])
def test_files_that_are_not_those_of_the_proposal_are_not_installed(tmp_path, name):
    proposal = replace(lying_ready(tmp_path), **{name: "0" * 64})
    with pytest.raises(ClerkError) as failure:
        installation.install(tmp_path / "policies", proposal, "李主任", NOON, unrecorded)
    assert failure.value.code == "proposal_changed"
    assert not (tmp_path / "policies").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "policies-proposed").write_text("a file", encoding="utf-8")
    with pytest.raises(ClerkError) as failure:
        lying_ready(tmp_path)
    assert failure.value.code == "folder_not_made"


@pytest.mark.parametrize("name", ["王政策", " 王 政策", "王政策　"])
def test_the_person_who_proposed_never_installs_whatever_the_spaces(tmp_path, name):
    with pytest.raises(ClerkError, match="installer_is_proposer"):
        installation.install(tmp_path / "policies", lying_ready(tmp_path), name, NOON, unrecorded)
    assert not (tmp_path / "policies").exists()


def test_capitals_and_widths_make_no_second_person(tmp_path):
    proposal = lying_ready(tmp_path, by="Wang Li")
    with pytest.raises(ClerkError, match="installer_is_proposer"):
        installation.install(tmp_path / "policies", proposal, "ＷＡＮＧ ＬＩ", NOON, unrecorded)


@pytest.mark.parametrize("name", ["", " 　"])
def test_nobody_proposes_or_installs_without_a_name(tmp_path, name):
    with pytest.raises(ClerkError, match="name_missing"):
        lying_ready(tmp_path, by=name)
    assert installation.proposals(tmp_path) == []
    with pytest.raises(ClerkError, match="name_missing"):
        installation.install(tmp_path / "policies", lying_ready(tmp_path), name, NOON, unrecorded)


def test_what_does_not_come_on_record_is_neither_laid_ready_nor_installed(tmp_path):
    policy = JIANGXI.read_bytes()
    with pytest.raises(ClerkError, match="ledger_full"):
        installation.propose(tmp_path, read_policy_file(JIANGXI), policy, b"- 1\n", "王政策", NOON, refusing)
    assert installation.proposals(tmp_path) == []

    proposal = lying_ready(tmp_path)
    with pytest.raises(ClerkError, match="ledger_full"):
        installation.install(tmp_path / "policies", proposal, "李主任", NOON, refusing)
    assert not (tmp_path / "policies").exists()
    assert installation.proposals(tmp_path) == [proposal]
