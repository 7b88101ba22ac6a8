"""Failures the user can do something about; every other exception is a bug."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ClerkError(Exception):
    """A failure of the world, not of the program: bad input, a locked ledger, a missing rule.

    The exception carries a code and details; ``wording.sentence`` makes the words from them, so that logs hold
    the code alone and the screen holds a full sentence.

    Attributes:
        code: A stable lower-case name, e.g. ``duplicate_receipt``; it is safe to log.
        details: What the sentence needs. It may name a patient and therefore never goes to a log.
    """

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class PolicyGap(ClerkError):  # noqa: N818 -- the field's word; it is raised as a refusal to compute
    """No rule, or two rules, of the document cover a date, insurance, status, tier and benefit."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing that is wrong in a policy, parameter or example file.

    Attributes:
        file: The file's name as the user gave it.
        line: Counted from 1; 0 when the file as a whole is meant.
        code: Which kind of problem, a key of ``wording``.
        details: What the sentence needs, e.g. the unknown key and the nearest valid one.
    """

    file: str
    line: int
    code: str
    details: dict[str, object]


class FileProblems(ClerkError):  # noqa: N818 -- a list of problems, all of them at once
    """Everything that is wrong in one or more files, listed at once."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        super().__init__("file_problems", problems=tuple(problems))
        self.problems = tuple(problems)
