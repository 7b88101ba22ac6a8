"""Policies that an office adds: laid ready by one person, installed by a second, never edited afterwards.

A folder of policies that holds ``installed.jsonl`` is governed by it: every document in it has a line there with its
hash, its two persons and the times, and every line carries the hash of the line before it. The office's parameters in
``parameters/`` are settings and not covered. What lies ready is a copy with a record of its own, so that the second
person installs what the first one had tried, to the byte.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from clerk_app.errors import ClerkError, FileProblem, FileProblems
from clerk_app.jobs import whole_file
from clerk_app.policy.policy_file import is_area_code
from clerk_app.policy.slots import PolicyFile

RECORD_NAME = "installed.jsonl"
PROPOSED_FOLDER = "policies-proposed"
_POLICY_NAME = "policy.yaml"
_EXAMPLES_NAME = "examples.yaml"
_PROPOSAL_NAME = "proposal.json"
_PARAMETERS_NAME = "parameters"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One document with its worked examples, laid ready for a second person.

    Attributes:
        folder: Where the copies lie.
        document: 文号.
        proposed_at: The office's local time.
        policy_hash: SHA-256 of the policy file.
        examples_hash: SHA-256 of its worked examples.
    """

    folder: Path
    area_code: str
    effective_from: date
    document: str
    proposer: str
    proposed_at: datetime
    policy_hash: str
    examples_hash: str

    @property
    def policy_path(self) -> Path:
        """The copy of the policy file."""
        return self.folder / _POLICY_NAME

    @property
    def examples_path(self) -> Path:
        """The copy of its worked examples."""
        return self.folder / _EXAMPLES_NAME


@dataclass(frozen=True, slots=True)
class Installation:
    """One line of the installation record.

    Attributes:
        policy_file: Path inside the folder of policies; ``examples_file`` alike.
    """

    area_code: str
    effective_from: date
    document: str
    policy_file: str
    policy_hash: str
    examples_file: str
    examples_hash: str
    proposer: str
    proposed_at: datetime
    installer: str
    installed_at: datetime

    @property
    def hashes(self) -> dict[str, str]:
        """Path inside the folder of policies → SHA-256."""
        return {self.policy_file: self.policy_hash, self.examples_file: self.examples_hash}


# -- what lies ready ---------------------------------------------------------------------------------------------------


def propose(
    office: Path,
    policy_file: PolicyFile,
    policy: bytes,
    examples: bytes,
    proposer: str,
    now: datetime,
    put_on_record: Callable[[Proposal], None],
) -> Proposal:
    """Lay a copy of a document and its examples ready; a later proposal for the same day replaces an earlier one.

    Args:
        office: The office's own folder.
        put_on_record: Called before the first file is written; what it raises stops the proposal.

    Raises:
        ClerkError: ``name_missing``, ``folder_not_made`` or ``file_not_written``.
    """
    proposal = Proposal(
        folder=_proposal_folder(office, policy_file.area_code, policy_file.effective_from),
        area_code=policy_file.area_code,
        effective_from=policy_file.effective_from,
        document=policy_file.document.number,
        proposer=_named(proposer),
        proposed_at=now,
        policy_hash=_hash(policy),
        examples_hash=_hash(examples),
    )
    _make(proposal.folder)
    put_on_record(proposal)
    _write(proposal.policy_path, policy)
    _write(proposal.examples_path, examples)
    # The record comes last: copies without their record, or beside an older one, are refused.
    _write(proposal.folder / _PROPOSAL_NAME, _line(_facts(proposal, skip="folder")))
    return proposal


def proposals(office: Path) -> list[Proposal]:
    """Everything that lies ready, by area and day; what is damaged is left out and refused when it is asked for."""
    found = []
    for path in sorted((office / PROPOSED_FOLDER).glob(f"*/*/{_PROPOSAL_NAME}")):
        proposal = _read_record(path)
        if proposal is not None:
            found.append(proposal)
    return found


def read_proposal(office: Path, area_code: str, effective_from: date) -> Proposal:
    """What lies ready for an area and day.

    Raises:
        ClerkError: ``area_code_form``; ``proposal_unknown``; ``proposal_changed``, its files are not those that were
            proposed.
    """
    if not is_area_code(area_code):
        raise ClerkError("area_code_form", given=area_code)
    folder = _proposal_folder(office, area_code, effective_from)
    if not folder.is_dir():
        known = tuple(f"{proposal.area_code} {proposal.effective_from}" for proposal in proposals(office))
        raise ClerkError("proposal_unknown", area=area_code, day=effective_from, known=known or "—")
    proposal = _read_record(folder / _PROPOSAL_NAME)
    is_whole = (
        proposal is not None
        and (proposal.area_code, proposal.effective_from) == (area_code, effective_from)
        and _hash_of(proposal.policy_path) == proposal.policy_hash
        and _hash_of(proposal.examples_path) == proposal.examples_hash
    )
    if proposal is None or not is_whole:
        raise ClerkError("proposal_changed", area=area_code, day=effective_from)
    return proposal


def _read_record(path: Path) -> Proposal | None:
    """The record of a proposal, None where it is missing or is none."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return Proposal(
            folder=path.parent,
            area_code=str(facts["area_code"]),
            effective_from=date.fromisoformat(facts["effective_from"]),
            document=str(facts["document"]),
            proposer=str(facts["proposer"]),
            proposed_at=datetime.fromisoformat(facts["proposed_at"]),
            policy_hash=str(facts["policy_hash"]),
            examples_hash=str(facts["examples_hash"]),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


# -- what is installed -------------------------------------------------------------------------------------------------


def install(
    policies: Path, proposal: Proposal, installer: str, now: datetime, put_on_record: Callable[[Proposal], None]
) -> Installation:
    """Move what lies ready among the installed documents, and record it.

    The line in the record comes last and is what counts. Doing it again after a power cut finishes what was begun.

    Args:
        policies: The office's folder of policies.
        proposal: Read and checked just now.
        put_on_record: Called when nothing speaks against it, before the first file is written; what it raises stops
            the installation.

    Raises:
        ClerkError: ``name_missing``; ``installer_is_proposer``; ``policy_version_there``, another file has the place;
            ``folder_not_made`` or ``file_not_written``.
        FileProblems: Something installed before is not what it was.
    """
    installer = _named(installer)
    if _same_person(installer, proposal.proposer):
        raise ClerkError("installer_is_proposer", name=proposal.proposer)
    installation = Installation(
        area_code=proposal.area_code,
        effective_from=proposal.effective_from,
        document=proposal.document,
        policy_file=f"{proposal.area_code}/{proposal.effective_from}.yaml",
        policy_hash=proposal.policy_hash,
        examples_file=f"{proposal.area_code}/{proposal.effective_from}-{_EXAMPLES_NAME}",
        examples_hash=proposal.examples_hash,
        proposer=proposal.proposer,
        proposed_at=proposal.proposed_at,
        installer=installer,
        installed_at=now,
    )
    contents = {
        installation.examples_file: proposal.examples_path.read_bytes(),
        installation.policy_file: proposal.policy_path.read_bytes(),
    }
    if any(_hash(content) != installation.hashes[name] for name, content in contents.items()):
        raise ClerkError("proposal_changed", area=proposal.area_code, day=proposal.effective_from)
    record = _record_before(policies, installation)
    put_on_record(proposal)
    _make(policies / proposal.area_code)
    if not record:
        _write(policies / RECORD_NAME, record)  # From here on a document without its line is refused.
    for name, content in contents.items():
        _write(policies / name, content)
    previous = _hash(record.splitlines(keepends=True)[-1]) if record else ""
    _write(policies / RECORD_NAME, record + _line({**_facts(installation), "previous": previous}))
    shutil.rmtree(proposal.folder, ignore_errors=True)  # What stays behind is refused as installed already.
    return installation


def is_begun(policies: Path, proposal: Proposal) -> bool:
    """Whether a power cut came between moving this proposal's files and recording them."""
    name = f"{proposal.area_code}/{proposal.effective_from}.yaml"
    is_recorded = any(each.policy_file == name for each in installations(policies))
    return not is_recorded and _hash_of(policies / name) == proposal.policy_hash


def installations(policies: Path) -> list[Installation]:
    """The installation record of a folder, the oldest first; none where nothing was ever installed.

    Raises:
        FileProblems: ``installation_record_damaged``, with the line.
    """
    content = _content(policies / RECORD_NAME) or b""
    found = []
    previous = ""
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        installation = _installation(line, previous)
        if installation is None:
            raise FileProblems([FileProblem(RECORD_NAME, number, "installation_record_damaged", {})])
        found.append(installation)
        previous = _hash(line)
    return found


def problems_of(policies: Path, except_for: Iterable[str] = ()) -> list[FileProblem]:
    """Installed files that are not what they were, and files that nobody installed; none in a folder without record.

    Args:
        except_for: Paths inside the folder that are just being installed.
    """
    if not (policies / RECORD_NAME).exists():
        return []
    try:
        recorded = {name: sha for each in installations(policies) for name, sha in each.hashes.items()}
    except FileProblems as error:
        return list(error.problems)
    problems = []
    for name, expected in recorded.items():
        found = _hash_of(policies / name)
        if found != expected:
            code = "policy_edited" if found else "policy_missing"
            problems.append(FileProblem(name, 0, code, {}))
    known = {*recorded, *except_for}
    problems += [FileProblem(name, 0, "policy_not_installed", {}) for name in _documents(policies) if name not in known]
    return problems


def _record_before(policies: Path, installation: Installation) -> bytes:
    """The record as it stands, after nothing was found that speaks against one more line."""
    names = (installation.policy_file, installation.examples_file)
    problems = problems_of(policies, except_for=names)
    record = _content(policies / RECORD_NAME)
    if record is None:
        # A document that was laid into the folder by hand would be refused from now on, and everything with it.
        strangers = (name for name in _documents(policies) if name not in names)
        problems += [FileProblem(name, 0, "policy_not_installed", {}) for name in strangers]
    if problems:
        raise FileProblems(problems)
    recorded = {name for each in installations(policies) for name in each.hashes}
    for name in names:
        found = _hash_of(policies / name)
        if name in recorded or (found and found != installation.hashes[name]):
            raise ClerkError(
                "policy_version_there",
                area=installation.area_code,
                day=installation.effective_from,
                document=installation.document,
            )
    return record or b""


def _documents(policies: Path) -> Iterator[str]:
    """Every file that the shelf would read as an area's document."""
    for path in sorted(policies.glob("*/*.yaml")):
        if path.parent.name != _PARAMETERS_NAME and not path.name.endswith(_EXAMPLES_NAME):
            yield f"{path.parent.name}/{path.name}"


def _installation(line: bytes, previous: str) -> Installation | None:
    """A line of the record, None where it is damaged or does not follow the line before it."""
    try:
        facts = json.loads(line)
        installation = Installation(
            **{name: str(facts[name]) for name in ("area_code", "document", "policy_file", "policy_hash")},
            **{name: str(facts[name]) for name in ("examples_file", "examples_hash", "proposer", "installer")},
            effective_from=date.fromisoformat(facts["effective_from"]),
            proposed_at=datetime.fromisoformat(facts["proposed_at"]),
            installed_at=datetime.fromisoformat(facts["installed_at"]),
        )
    except (ValueError, TypeError, KeyError):
        return None
    return installation if line.endswith(b"\n") and facts.get("previous") == previous else None


# -- files and names ---------------------------------------------------------------------------------------------------


def _proposal_folder(office: Path, area_code: str, effective_from: date) -> Path:
    return office / PROPOSED_FOLDER / area_code / effective_from.isoformat()


def _named(name: str) -> str:
    """A person's name as it is recorded.

    Raises:
        ClerkError: ``name_missing``.
    """
    named = " ".join(unicodedata.normalize("NFKC", name).split())
    if not named:
        raise ClerkError("name_missing")
    return named


def _same_person(one: str, other: str) -> bool:
    """Whether two names are one: widths, spaces and capitals make no second person."""

    def plain(name: str) -> str:
        return "".join(unicodedata.normalize("NFKC", name).split()).casefold()

    return plain(one) == plain(other)


def _facts(value: Proposal | Installation, skip: str = "") -> dict[str, object]:
    return {name: getattr(value, name) for name in type(value).__slots__ if name != skip}


def _line(facts: Mapping[str, object]) -> bytes:
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
    return (json.dumps(plain, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_of(path: Path) -> str:
    """SHA-256 of a file, empty where it cannot be read."""
    content = _content(path)
    return "" if content is None else _hash(content)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        problem = FileProblem(path.name, 0, "file_unreadable", {"reason": error.strerror or type(error).__name__})
        raise FileProblems([problem]) from error


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ClerkError("folder_not_made", folder=str(folder), reason=error.strerror or str(error)) from error


def _write(target: Path, content: bytes) -> None:
    with whole_file(target) as draft:
        draft.write_bytes(content)
