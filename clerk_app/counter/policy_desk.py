"""Install a policy: a folder is checked and tried, one person lays it ready, and a second one installs it.

The window and the command line use the same desk. What an officer hands in is one document version and its worked
examples; what is installed is the copy that was tried, to the byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from clerk_app.codes import Action, Benefit
from clerk_app.counter.policy_tryout import TryOut, try_out
from clerk_app.errors import ClerkError, FileProblem, FileProblems
from clerk_app.examples.case import Case, SettleStep
from clerk_app.examples.case_file import read_cases
from clerk_app.examples.runner import CaseResult, run_case
from clerk_app.jobs import Progress
from clerk_app.ledger import rights
from clerk_app.ledger.ledger import Ledger
from clerk_app.ledger.records import User
from clerk_app.paths import resources
from clerk_app.policy import installation
from clerk_app.policy.grid import OUTPATIENT, uncovered_spans
from clerk_app.policy.installation import Installation, Proposal
from clerk_app.policy.policy_file import read_policy_file
from clerk_app.policy.shelf import EXAMPLES_NAME, Shelf, load_shelf
from clerk_app.policy.slots import PolicyFile
from clerk_app.policy.strict_yaml import read_yaml
from clerk_app.policy.version import Policy


@dataclass(frozen=True, slots=True)
class CheckedPolicy:
    """A document that may follow those that are installed, with what its worked examples gave.

    Attributes:
        policies: Each area that it decides for, as installed and with the document beside it; a framework decides
            for the areas that fill it too, and a new area for none so far.
        benefits_without_example: Kinds of care for which no example is computed with its figures.
        uncovered: Spans of days between two documents on which none is in force.
    """

    policy_file: PolicyFile
    policy: bytes
    examples: bytes
    results: tuple[CaseResult, ...]
    benefits_without_example: tuple[Benefit, ...]
    policies: tuple[tuple[Policy, Policy], ...]
    uncovered: tuple[tuple[date, date], ...]

    @property
    def failed(self) -> int:
        """How many examples do not hold."""
        return sum(not result.holds for result in self.results)

    @property
    def holds(self) -> bool:
        """Whether it may be laid ready."""
        return not self.failed and not self.benefits_without_example

    def need_to_hold(self) -> None:
        """Make sure that the examples prove the document.

        Raises:
            ClerkError: ``examples_do_not_hold`` or ``benefit_without_example``.
        """
        if self.failed:
            raise ClerkError("examples_do_not_hold", failed=self.failed)
        if self.benefits_without_example:
            names = tuple(benefit.term for benefit in self.benefits_without_example)
            raise ClerkError("benefit_without_example", benefits=names)


class PolicyDesk:
    """Where policies are proposed, tried and installed.

    Args:
        office: The office's own folder; installed documents lie in its ``policies``.
        ledger: What a document is tried on, and on record in; None where there is no office yet, which may only look.
        clock: The office's wall clock.
    """

    def __init__(self, office: Path, ledger: Ledger | None, clock: Callable[[], datetime]) -> None:
        self._office = office
        self._policies = office / "policies"
        self._ledger = ledger
        self._clock = clock

    def shelf(self, beside: tuple[Path, ...] = ()) -> Shelf:
        """The shipped documents, the installed ones, and what is tried beside them.

        Raises:
            FileProblems: ``policy_edited`` and the like, or everything that is wrong in a file.
        """
        return load_shelf(resources() / "policies", self._policies, beside=beside)

    def check(self, folder: Path, progress: Progress | None = None) -> CheckedPolicy:
        """Read a folder with one policy file and its examples, and run the examples; nothing is saved.

        Raises:
            Cancelled: As asked.
            FileProblems: Everything that is wrong in the files, at once.
            ClerkError: ``proposal_files``; ``area_fills_framework``; ``policy_installed_already``,
                ``policy_version_there`` or ``policy_begins_before``, it does not follow what is installed.
        """
        found = sorted(path for path in folder.glob("*.yaml") if path.name != EXAMPLES_NAME)
        examples_path = folder / EXAMPLES_NAME
        if len(found) != 1 or not examples_path.is_file():
            details: dict[str, object] = {"folder": str(folder), "count": len(found)}
            problems = list(_problems_in(found))
            if problems:
                raise FileProblems([FileProblem(str(folder), 0, "proposal_files", details), *problems])
            raise ClerkError("proposal_files", **details)
        return self._checked(found[0], examples_path, progress)

    def proposals(self) -> list[Proposal]:
        """Everything that lies ready, by area and day."""
        return installation.proposals(self._office)

    def installed(self) -> list[Installation]:
        """The installation record, the oldest first.

        Raises:
            FileProblems: ``installation_record_damaged``, with the line.
        """
        return installation.installations(self._policies)

    def proposed(
        self, area_code: str, effective_from: date, progress: Progress | None = None
    ) -> tuple[Proposal, CheckedPolicy]:
        """What lies ready for an area and day, checked again against what is installed now.

        Raises:
            Cancelled: As asked.
            ClerkError: ``proposal_unknown``, ``proposal_changed``, or as ``check``.
        """
        proposal = installation.read_proposal(self._office, area_code, effective_from)
        return proposal, self._checked(proposal.policy_path, proposal.examples_path, progress)

    def try_out(self, checked: CheckedPolicy, progress: Progress) -> TryOut | None:
        """Last year's settlements under the document; None where there is no ledger or the area is new.

        Raises:
            Cancelled: As asked.
        """
        if self._ledger is None or not checked.policies:
            return None
        effective_from = checked.policy_file.effective_from
        return try_out(self._ledger, checked.policies, effective_from, self._clock().date(), progress)

    def require(self, action: Action) -> Ledger:
        """Say at once what the ledger would say at the end of long work; returns the ledger that somebody works with.

        Raises:
            ClerkError: ``nobody_to_sign_in``, ``not_signed_in``, ``not_allowed``.
        """
        if self._ledger is None:
            raise ClerkError("nobody_to_sign_in")
        rights.require(_user_of(self._ledger).role, action)
        return self._ledger

    def propose(self, checked: CheckedPolicy) -> Proposal:
        """Lay a copy of what was checked ready for a second person; who is signed in proposes it.

        Raises:
            ClerkError: ``examples_do_not_hold``, ``benefit_without_example``, ``file_not_written``, or as
                ``require``.
        """
        ledger = self.require(Action.PROPOSE_POLICY)
        checked.need_to_hold()
        return installation.propose(
            self._office,
            checked.policy_file,
            checked.policy,
            checked.examples,
            _user_of(ledger).name,
            self._local_time(),
            ledger.record_policy_proposal,
        )

    def install(
        self, area_code: str, effective_from: date, password: str, looked_at: Proposal | None = None
    ) -> Installation:
        """Install what lies ready, by who is signed in: it is what was proposed, its examples hold now too.

        Args:
            password: Of who is signed in, once more; it is not kept.
            looked_at: The proposal whose try-out the installer has seen, where a screen showed it.

        Raises:
            ClerkError: ``proposal_replaced``, another one lies ready by now; ``installer_is_proposer``;
                ``sign_in_refused``, ``sign_in_locked``; ``proposal_not_on_record``; or as ``require``, ``proposed``
                and ``propose``.
        """
        ledger = self.require(Action.INSTALL_POLICY)
        proposal = installation.read_proposal(self._office, area_code, effective_from)
        if looked_at is not None and proposal != looked_at:
            raise ClerkError("proposal_replaced", area=area_code, day=effective_from, proposer=proposal.proposer)
        if not installation.is_begun(self._policies, proposal):
            self._checked(proposal.policy_path, proposal.examples_path).need_to_hold()

        def put_on_record(found: Proposal) -> None:
            # Asked for last, so that no refusal leaves a password confirmed for another act.
            ledger.confirm_password(password)
            ledger.record_policy_installation(found)

        installer = _user_of(ledger).name
        return installation.install(self._policies, proposal, installer, self._local_time(), put_on_record)

    def _checked(self, policy_path: Path, examples_path: Path, progress: Progress | None = None) -> CheckedPolicy:
        installed = self.shelf()
        policy, examples = _bytes(policy_path), _bytes(examples_path)
        policy_file = _read(policy_path, examples_path)
        _need_to_follow(policy_file, installed)
        shelf = self.shelf(beside=(policy_path,))
        area_code = policy_file.area_code
        areas = [code for code, _name in installed.areas() if installed.framework_of(code) == area_code]
        # An area that fills a framework has to keep inside the bounds of the new document.
        policies = tuple((installed.policy(code), shelf.policy(code)) for code in areas)
        results = tuple(_run(read_cases(examples_path, shelf), progress or Progress()))
        is_same = policy_file.content_hash == hashlib.sha256(policy).hexdigest() and examples == _bytes(examples_path)
        if not is_same:  # Somebody saved the file while it was being read.
            raise ClerkError("proposal_changed", area=policy_file.area_name, day=policy_file.effective_from)
        return CheckedPolicy(
            policy_file=policy_file,
            policy=policy,
            examples=examples,
            results=results,
            benefits_without_example=_without_example(policy_file, results),
            policies=policies,
            uncovered=tuple(uncovered_spans(shelf.policy(area_code))),
        )

    def _local_time(self) -> datetime:
        return self._clock().replace(microsecond=0, tzinfo=None)


def _user_of(ledger: Ledger) -> User:
    if ledger.user is None:
        raise ClerkError("not_signed_in")
    return ledger.user


def _read(policy_path: Path, examples_path: Path) -> PolicyFile:
    """The slots of the document; what is wrong in the form of the examples is listed with what is wrong in it."""
    problems: list[FileProblem] = []
    policy_file: PolicyFile | None = None
    try:
        policy_file = read_policy_file(policy_path)
    except FileProblems as error:
        problems += error.problems
        try:
            read_yaml(examples_path, str(examples_path))
        except FileProblems as more:
            problems += more.problems
    if problems:
        raise FileProblems(problems)
    assert policy_file is not None
    return policy_file


def _problems_in(paths: Iterable[Path]) -> Iterator[FileProblem]:
    """What is wrong in documents that cannot be handed in anyway, so that it is said once and not one by one."""
    for path in paths:
        try:
            read_policy_file(path)
        except FileProblems as error:
            yield from error.problems


def _run(cases: Sequence[Case], progress: Progress) -> Iterator[CaseResult]:
    progress.step(0, len(cases))
    for done, case in enumerate(cases, start=1):
        yield run_case(case)
        progress.step(done, len(cases))


def _need_to_follow(policy_file: PolicyFile, installed: Shelf) -> None:
    """An installed version is never edited, only followed."""
    area_code, begins = policy_file.area_code, policy_file.effective_from
    details = {"area": policy_file.area_name, "day": begins}
    framework_code = installed.framework_of(area_code)
    if framework_code != area_code:
        raise ClerkError("area_fills_framework", area=policy_file.area_name, framework=framework_code)
    for document in installed.documents(area_code):
        number = document.document.number
        if document.effective_from == begins:
            is_same = document.content_hash == policy_file.content_hash
            raise ClerkError(
                "policy_installed_already" if is_same else "policy_version_there", document=number, **details
            )
        if document.effective_from > begins:
            raise ClerkError("policy_begins_before", document=number, installed_day=document.effective_from, **details)


def _without_example(policy_file: PolicyFile, results: tuple[CaseResult, ...]) -> tuple[Benefit, ...]:
    proved = {benefit for result in results for benefit in _proved(policy_file, result)}
    stated = {*policy_file.benefits, *policy_file.settled_as}
    return tuple(benefit for benefit in OUTPATIENT if benefit in stated and benefit not in proved)


def _proved(policy_file: PolicyFile, result: CaseResult) -> Iterator[Benefit]:
    """The kinds of care that an example computes with the document's own figures and compares with a result."""
    for step_result in result.steps:
        expected = step_result.step.expected
        if step_result.decided is None or not isinstance(step_result.step, SettleStep):
            continue
        if expected is None or not expected.names_a_result:
            continue
        for adjudication in step_result.decided.receipts:
            version = adjudication.version
            if version is None or adjudication.terms is None:
                continue
            if version.document == policy_file.document and version.effective_from >= policy_file.effective_from:
                yield adjudication.benefit


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        problem = FileProblem(str(path), 0, "file_unreadable", {"reason": error.strerror or type(error).__name__})
        raise FileProblems([problem]) from error
