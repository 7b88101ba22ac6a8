"""The page's half without a window: what was seen is what is proposed and installed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.policy_installing import Examined, PolicyInstalling
from clerk_app.errors import ClerkError, FileProblems
from clerk_app.jobs import Cancelled, Progress
from clerk_app.ledger.records import User
from clerk_app.policy.installation import Installation
from clerk_app.wording import sentence
from tests.counter import officer, people
from tests.counter.desks import sign_in
from tests.ledger.office import ADMINISTRATOR, AUDITOR, CLERK, PASSWORD, REVIEWER

JANUARY = date(2027, 1, 1)


@pytest.fixture
def installing(desk: Desk) -> PolicyInstalling:
    return PolicyInstalling(desk)


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(officer.folder(tmp_path / "new", begins="2027-01-01"))


def tried(installing: PolicyInstalling, folder: str) -> Examined:
    return installing.try_out(installing.check(folder, Progress()), Progress())


def looked_at(installing: PolicyInstalling) -> Examined:
    (proposal,) = installing.proposals()
    return installing.try_out(installing.look_at(proposal, Progress()), Progress())


def install(installing: PolicyInstalling, user: User = REVIEWER) -> Installation:
    """Somebody takes the chair, looks at what lies ready, and installs it."""
    sign_in(installing.desk, user)
    return installing.install(looked_at(installing), PASSWORD)


def test_the_desk_computes_with_a_document_as_soon_as_a_second_person_has_installed_it(installing, desk, folder):
    settled = people.filled(ClaimEntry(desk)).settle()
    first = tried(installing, folder)
    assert first.may_be_signed
    assert first.tried is not None
    assert first.tried.as_if is not None
    assert [change.voucher_number for change in first.tried.as_if.largest] == [settled.voucher_number]
    installing.propose(first)
    assert desk.policy("360000").in_force_on(JANUARY).document.number == "江西省实施意见"

    installed = install(installing)

    assert (installed.proposer, installed.installer) == (CLERK.name, REVIEWER.name)
    assert desk.policy("360000").in_force_on(JANUARY).document.number == "示例〔2024〕1号"
    assert installing.proposals() == []


def test_nothing_is_proposed_or_installed_before_it_was_tried(installing, folder):
    untried = installing.check(folder, Progress())
    assert not untried.may_be_signed
    with pytest.raises(ClerkError, match="not_tried"):
        installing.propose(untried)

    installing.propose(tried(installing, folder))
    (proposal,) = installing.proposals()
    with pytest.raises(ClerkError, match="not_tried"):
        installing.install(installing.look_at(proposal, Progress()), PASSWORD)
    assert installing.proposals() == [proposal]


def test_the_proposer_does_not_install(installing, desk, folder):
    sign_in(desk, REVIEWER)
    installing.propose(tried(installing, folder))
    with pytest.raises(ClerkError, match="installer_is_proposer"):
        install(installing, REVIEWER)
    assert desk.policy("360000").in_force_on(JANUARY).document.number == "江西省实施意见"


def test_what_was_proposed_anew_after_the_review_is_not_installed_unseen(installing, desk, tmp_path, folder):
    """Somebody else hands in other figures for the same day while the second person reads the first ones."""
    installing.propose(tried(installing, folder))
    seen = looked_at(installing)
    other = officer.folder(tmp_path / "other", ("在职: 1800", "在职: 1900"), begins="2027-01-01")
    sign_in(desk, ADMINISTRATOR)
    installing.propose(tried(installing, str(other)))
    sign_in(desk, REVIEWER)

    with pytest.raises(ClerkError) as refused:
        installing.install(seen, PASSWORD)

    assert refused.value.code == "proposal_replaced"
    assert ADMINISTRATOR.name in sentence(refused.value)
    assert install(installing).proposer == ADMINISTRATOR.name


def test_what_is_proposed_is_what_was_tried_even_if_the_folder_changed_meanwhile(installing, desk, folder):
    seen = tried(installing, folder)
    path = Path(folder) / "2027-01-01.yaml"
    handed_in = path.read_bytes()
    path.write_bytes(handed_in.replace("在职: 1800".encode(), "在职: 1900".encode()))
    installing.propose(seen)
    install(installing)
    assert (desk.folder / "policies/360000/2027-01-01.yaml").read_bytes() == handed_in


@pytest.mark.parametrize("folder_typed", ["", "  ", "no such folder"])
def test_a_folder_that_is_not_there_is_said(installing, folder_typed):
    with pytest.raises(ClerkError, match="folder_missing") as refused:
        installing.check(folder_typed, Progress())
    assert sentence(refused.value)


def test_a_document_with_an_example_that_fails_may_not_be_signed(installing, tmp_path):
    wrong = officer.EXAMPLES.replace("250.00", "250.01")
    examined = tried(installing, str(officer.folder(tmp_path / "new", begins="2027-01-01", examples=wrong)))
    assert not examined.may_be_signed
    with pytest.raises(ClerkError, match="examples_do_not_hold"):
        installing.propose(examined)


def test_running_examples_reports_and_stops_when_asked(installing, folder):
    heard: list[tuple[int, int]] = []
    installing.check(folder, Progress(lambda done, total: heard.append((done, total))))
    assert heard == [(0, 1), (1, 1)]
    with pytest.raises(Cancelled):
        installing.check(folder, Progress(cancelled=lambda: True))


def test_a_folder_without_examples_lists_what_is_wrong_in_its_document_too(installing, tmp_path):
    folder = officer.folder(tmp_path / "new", ("在职: 1800", "在职: 18x0"), begins="2027-01-01")
    (folder / "examples.yaml").unlink()
    with pytest.raises(FileProblems) as refused:
        installing.check(str(folder), Progress())
    assert [problem.code for problem in refused.value.problems] == ["proposal_files", "amount_not_a_number"]


@pytest.mark.parametrize(
    ("user", "may_propose", "may_install"),
    [(CLERK, True, False), (REVIEWER, True, True), (ADMINISTRATOR, True, True), (AUDITOR, False, False)],
)
def test_who_may_not_is_told_before_anything_is_asked(installing, desk, folder, user, may_propose, may_install):
    installing.propose(tried(installing, folder))
    waiting = looked_at(installing)
    sign_in(desk, user)
    assert (installing.objection(tried(installing, folder)) == "") is may_propose
    assert (installing.objection(waiting) == "") is may_install


def test_a_proposer_is_told_that_somebody_else_installs(installing, desk, folder):
    sign_in(desk, REVIEWER)
    installing.propose(tried(installing, folder))
    assert "不能自己装入" in installing.objection(looked_at(installing))
