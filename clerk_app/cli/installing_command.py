"""``clerk-app policy propose``, ``try``, ``install`` and ``example``: two persons install what they have seen tried."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from clerk_app.cli.exit_codes import DONE, FAILED
from clerk_app.cli.office_in_use import office_folder
from clerk_app.cli.signing_in import password_again, signed_in_ledger
from clerk_app.codes import Action
from clerk_app.counter.policy_desk import CheckedPolicy, PolicyDesk
from clerk_app.counter.policy_tryout import TryOut
from clerk_app.counter.policy_words import change_rows, comparison_words, readings, try_out_words, uncovered_words
from clerk_app.errors import ClerkError
from clerk_app.examples.report import lines
from clerk_app.jobs import Progress
from clerk_app.policy.strict_yaml import parse_day
from clerk_app.wording import _, filled, sentence


def propose_policy(folder: Path) -> int:
    """Check a folder, run its examples, try it on what is settled, and lay it ready for a second person."""
    with _desk() as desk:
        desk.require(Action.PROPOSE_POLICY)
        checked = desk.check(folder)
        if not _say(desk, checked):
            return FAILED
        proposal = desk.propose(checked)
        print(
            filled(
                _("已提交 {area} {day} 起施行的 {document}，内容指纹 {hash}。请由另一人装入："),
                {
                    "area": proposal.area_code,
                    "day": proposal.effective_from,
                    "document": proposal.document,
                    "hash": proposal.policy_hash[:16],
                },
            )
        )
        print(f"  clerk-app policy install {proposal.area_code} {proposal.effective_from}")
    return DONE


def try_policy(area_code: str, effective_from: str) -> int:
    """Show again what a proposal's examples and the try-out give now."""
    with _desk() as desk:
        _proposal, checked = desk.proposed(area_code, parse_day(effective_from))
        return DONE if _say(desk, checked) else FAILED


def install_policy(area_code: str, effective_from: str) -> int:
    """Install a proposal, by another person than the one who proposed it, with the password once more."""
    begins = parse_day(effective_from)
    with _desk() as desk:
        desk.require(Action.INSTALL_POLICY)
        installed = desk.install(area_code, begins, password_again())
    print(
        filled(
            _("已装入 {area} {day} 起施行的 {document}，内容指纹 {hash}；提交人 {proposer}，装入人 {installer}。"),
            {
                "area": installed.area_code,
                "day": installed.effective_from,
                "document": installed.document,
                "hash": installed.policy_hash[:16],
                "proposer": installed.proposer,
                "installer": installed.installer,
            },
        )
    )
    return DONE


def write_example(voucher_number: str, target: Path) -> int:
    """Write a settled voucher as an anonymised worked example that holds."""
    from clerk_app.counter.worked_example import write_worked_example

    with signed_in_ledger() as ledger:
        if ledger is None:
            raise ClerkError("voucher_unknown", voucher=voucher_number)
        settlement = ledger.settlement(voucher_number)
        write_worked_example(settlement, PolicyDesk(office_folder(), ledger, _now).shelf(), target)
    print(target)
    return DONE


def _now() -> datetime:
    return datetime.now().astimezone()


@contextlib.contextmanager
def _desk() -> Iterator[PolicyDesk]:
    with signed_in_ledger() as ledger:
        yield PolicyDesk(office_folder(), ledger, _now)


def _say(desk: PolicyDesk, checked: CheckedPolicy) -> bool:
    """Print what the examples and the try-out gave; whether the document may be laid ready."""
    for result in checked.results:
        for line in lines(result):
            print(line)
    for line in uncovered_words(checked):
        print(line)
    try:
        checked.need_to_hold()
    except ClerkError as error:
        print(sentence(error), file=sys.stderr)
        return False
    for line in _try_out_lines(desk.try_out(checked, Progress())):
        print(line)
    return True


def _try_out_lines(tried: TryOut | None) -> Iterator[str]:
    yield try_out_words(tried)
    for reading in readings(tried):
        yield f"{reading.title}："
        for words in comparison_words(reading.comparison):
            yield f"  {words}"
        for change in change_rows(reading.comparison):
            yield f"    {change.voucher_number}  {change.before} → {change.after}  {change.difference}"
