"""What checking and trying a policy gave, in words and rows; the window and the command line say the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from clerk_app.counter.policy_desk import CheckedPolicy
from clerk_app.counter.policy_installing import Examined
from clerk_app.counter.policy_tryout import LARGEST, Comparison, TryOut
from clerk_app.errors import ClerkError, FileProblem, FileProblems
from clerk_app.examples.report import difference_words
from clerk_app.examples.runner import CaseResult
from clerk_app.money import format_yuan
from clerk_app.policy.installation import Proposal
from clerk_app.wording import N_, _, filled, problem_words, sentence

_DOCUMENT = N_("{area} {code}　{number}《{title}》")
_DAYS = N_("{starts} 起施行，核实至 {verified}，内容指纹 {hash}")
_LIES_READY = N_("{proposer} 于 {at} 提交")
_ALL_HOLD = N_("案例 {count} 个，全部通过。")
_SOME_FAIL = N_("案例 {count} 个，{failed} 个不符。")
_UNCOVERED = N_("注意：{first} 至 {last} 没有文件施行")
_NOTHING_TO_TRY = N_("试算：本机没有这个统筹区去年以来的结算。")
_READ = N_("试算：{first} 至 {last} 结算的 {read} 笔（已冲正的不计）")
_COUNTS = N_("涉及 {tried} 笔，金额变化 {changed} 笔，统筹支付合计 {before_fen} → {after_fen}，差额 {difference_fen}")
_DECIDED_OTHERWISE = N_("结论变化 {count} 笔")
_UNDECIDED = N_("新文件没有规定、不能计算 {count} 笔：{vouchers}")
_UNLIKE_RECORD = N_("{count} 笔在结算后情况有变，按现行文件重算已与单据不同，变化以重算数为准")
_SUPPOSED = N_("假如新文件从 {first} 起已经施行")
_IN_FORCE = N_("按施行日期（{first} 起就诊）")
_MORE_CHANGES = N_("只列变化最大的 {listed} 笔，共 {changed} 笔。")


class ProblemRow(NamedTuple):
    """One thing to put right in a folder: in which file, on which line, and what."""

    file: str
    line: str
    words: str


class ChangeRow(NamedTuple):
    """One voucher whose amount would change."""

    voucher_number: str
    before: str
    after: str
    difference: str


class Reading(NamedTuple):
    """One supposition of a try-out, and what came of it."""

    title: str
    comparison: Comparison


def document_words(examined: Examined) -> tuple[str, ...]:
    """Which document it is; from when it holds, and who laid it ready."""
    policy_file = examined.checked.policy_file
    details: dict[str, object] = {
        "area": policy_file.area_name,
        "code": policy_file.area_code,
        "number": policy_file.document.number,
        "title": policy_file.document.title,
        "starts": policy_file.effective_from,
        "verified": policy_file.verified_until,
        "hash": policy_file.content_hash[:16],
    }
    days = filled(_(_DAYS), details)
    if examined.proposal is not None:
        days = f"{days}　{_ready_words(examined.proposal)}"
    return (filled(_(_DOCUMENT), details), days)


def _ready_words(proposal: Proposal) -> str:
    at = f"{proposal.proposed_at:%Y-%m-%d %H:%M}"
    return filled(_(_LIES_READY), {"proposer": proposal.proposer, "at": at})


def examples_words(checked: CheckedPolicy) -> tuple[str, ...]:
    """How many examples hold, for which care there is none, and on which days no document would be in force."""
    template = _SOME_FAIL if checked.failed else _ALL_HOLD
    found = [filled(_(template), {"count": len(checked.results), "failed": checked.failed})]
    if checked.benefits_without_example:
        names = tuple(benefit.term for benefit in checked.benefits_without_example)
        found.append(sentence(ClerkError("benefit_without_example", benefits=names)))
    return (*found, *uncovered_words(checked))


def uncovered_words(checked: CheckedPolicy) -> tuple[str, ...]:
    """Days on which no document would be in force."""
    return tuple(filled(_(_UNCOVERED), {"first": first, "last": last}) for first, last in checked.uncovered)


def try_out_words(tried: TryOut | None) -> str:
    """What was tried."""
    if tried is None or not tried.read:
        return _(_NOTHING_TO_TRY)
    return filled(_(_READ), {"first": tried.first_day, "last": tried.last_day, "read": tried.read})


def readings(tried: TryOut | None) -> list[Reading]:
    """Both suppositions of a try-out, last year's whole one first; none where nothing was tried."""
    if tried is None or not tried.read:
        return []
    found = [Reading(filled(_(_IN_FORCE), {"first": tried.in_force.first_day}), tried.in_force)]
    if tried.as_if is not None:
        found.insert(0, Reading(filled(_(_SUPPOSED), {"first": tried.as_if.first_day}), tried.as_if))
    return found


def comparison_words(found: Comparison) -> Iterator[str]:
    """How many settlements change and by how much in all, and what else an officer has to know of it."""
    yield filled(
        _(_COUNTS),
        {
            "tried": found.tried,
            "changed": found.changed,
            "before_fen": found.before_fen,
            "after_fen": found.after_fen,
            "difference_fen": found.difference_fen,
        },
    )
    if found.decided_otherwise:
        yield filled(_(_DECIDED_OTHERWISE), {"count": found.decided_otherwise})
    if found.undecided:
        numbers = {"count": len(found.undecided), "vouchers": tuple(found.undecided[:LARGEST])}
        yield filled(_(_UNDECIDED), numbers)
    if found.unlike_record:
        yield filled(_(_UNLIKE_RECORD), {"count": found.unlike_record})


def listed_words(found: Comparison) -> str:
    """That the list is not all, where it is not."""
    listed = len(found.largest)
    return filled(_(_MORE_CHANGES), {"listed": listed, "changed": found.changed}) if found.changed > listed else ""


def change_rows(found: Comparison) -> list[ChangeRow]:
    """The largest changes, the largest first."""
    return [
        ChangeRow(
            change.voucher_number,
            format_yuan(change.before_fen, separators=True),
            format_yuan(change.after_fen, separators=True),
            ("+" if change.difference_fen > 0 else "") + format_yuan(change.difference_fen, separators=True),
        )
        for change in found.largest
    ]


def problem_rows(error: ClerkError) -> list[ProblemRow]:
    """Everything that is wrong in the files, a row each; none for a failure that names no file."""
    return [_problem_row(problem) for problem in error.problems] if isinstance(error, FileProblems) else []


def example_rows(checked: CheckedPolicy) -> list[ProblemRow]:
    """Every expected value that did not come out, with the working."""
    return [row for result in checked.results for row in _example_rows(result)]


def _problem_row(problem: FileProblem) -> ProblemRow:
    return ProblemRow(_short(problem.file), str(problem.line) if problem.line else "—", problem_words(problem))


def _short(file: str) -> str:
    """A file with its folder, as policy files are named anyway; where that lies the officer knows."""
    path = Path(file)
    return f"{path.parent.name}/{path.name}" if path.is_absolute() else file


def _example_rows(result: CaseResult) -> Iterator[ProblemRow]:
    case = result.case
    file = _short(case.file)
    if result.error:
        yield ProblemRow(file, str(case.line), f"{case.name}\n{result.error}")
    for difference in result.differences:
        expected = case.steps[difference.step - 1].expected
        line = expected.line if expected is not None else case.line
        yield ProblemRow(
            file, str(line), "\n".join((f"{case.name}　{difference_words(difference)}", *difference.trace))
        )
