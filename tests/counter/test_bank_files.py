"""Finance at the counter: list out, answer back, and what failed paid again; nothing half recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from clerk_app.codes import Action, Stage
from clerk_app.counter.bank_files import BankFiles
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.claim_papers import PaymentListPaper
from clerk_app.counter.desk import Desk
from clerk_app.documents.bank_format import of_key
from clerk_app.documents.paper_check import check_paper
from clerk_app.documents.signing import Signer
from clerk_app.errors import ClerkError, FileProblems
from clerk_app.ledger.audit import AuditEntry
from clerk_app.ledger.records import PayeeAccount, PaymentList, PaymentResult
from tests.counter import people
from tests.counter.desks import sign_in
from tests.documents.reading import amounts
from tests.ledger.office import CLERK, FINANCE, PASSWORD, REVIEWER

ACCOUNT = PayeeAccount("陈示例", "本人", "示例银行", "6200000000000000001")


@pytest.fixture
def files(desk: Desk) -> BankFiles:
    return BankFiles(desk)


@pytest.fixture
def listed(desk: Desk, files: BankFiles) -> PaymentList:
    numbers = []
    for number in ("1", "2"):
        id_number = people.ZHANG if number == "1" else people.LI
        settled = people.filled(ClaimEntry(desk), people.receipt(number), number=id_number).settle()
        desk.ledger.give_account(settled.person_id, ACCOUNT)
        numbers.append(settled.voucher_number)
    sign_in(desk, REVIEWER)
    desk.ledger.confirm_password(PASSWORD)
    desk.ledger.review(numbers)
    sign_in(desk, FINANCE)
    return files.make_list(numbers, PASSWORD)


def answered(listed: PaymentList, target: Path, *results: str) -> Path:
    rows = ["清单号,序号,户名,账号,金额,结果,原因"]
    for payment, result in zip(listed.payments, results, strict=False):
        amount = f"{payment.amount_fen // 100}.{payment.amount_fen % 100:02d}"
        account = payment.account
        rows.append(f"{listed.list_number},{payment.position + 1},{account.name},{account.account},{amount},{result}")
    target.write_bytes("\r\n".join(rows).encode("gb18030"))
    return target


def test_a_list_goes_out_comes_back_and_what_failed_is_paid_again(
    desk: Desk, files: BankFiles, listed: PaymentList, tmp_path: Path
) -> None:
    bank = of_key(files.banks, "csv")
    out = tmp_path / files.file_name(listed, bank)
    files.write(listed, bank, out, PASSWORD)
    assert len(out.read_bytes().decode("gb18030").splitlines()) == 3
    exports = [entry for entry in desk_trail(desk) if entry.action is Action.EXPORT]
    assert exports[0].subject == listed.list_number
    sign_in(desk, FINANCE)

    answer = files.read(answered(listed, tmp_path / "回盘.csv", "成功,", "失败,户名不符"), bank)
    assert files.lists()[0].payments[0].result is None, "reading records nothing"
    recorded = files.record(answer, PASSWORD)

    assert [payment.result for payment in recorded.payments] == [
        PaymentResult(is_paid=True),
        PaymentResult(is_paid=False, reason="户名不符"),
    ]
    failed = recorded.payments[1].voucher_number
    assert files.failed(recorded) == (failed,)
    again = files.pay_again(recorded, PASSWORD)
    assert [payment.voucher_number for payment in again.payments] == [failed]
    assert again.list_number != listed.list_number
    assert files.failed(recorded) == (), "it is on its way"
    assert desk.ledger.stage(failed) is Stage.IN_PAYMENT


def desk_trail(desk: Desk) -> list[AuditEntry]:
    sign_in(desk, REVIEWER)
    return desk.ledger.audit_trail()


def test_one_wrong_line_and_nothing_is_recorded(files: BankFiles, listed: PaymentList, tmp_path: Path) -> None:
    source = answered(listed, tmp_path / "回盘.csv", "成功,", "不知道,")
    with pytest.raises(FileProblems):
        files.read(source, of_key(files.banks, "csv"))
    assert [payment.result for payment in files.lists()[0].payments] == [None, None]


def test_an_answer_is_recorded_once(files: BankFiles, listed: PaymentList, tmp_path: Path) -> None:
    bank = of_key(files.banks, "csv")
    answer = files.read(answered(listed, tmp_path / "回盘.csv", "成功,"), bank)
    files.record(answer, PASSWORD)
    with pytest.raises(ClerkError, match="payment_answered"):
        files.record(answer, PASSWORD)
    with pytest.raises(FileProblems):
        files.read(tmp_path / "回盘.csv", bank)


def test_a_wrong_password_or_another_role_lets_nothing_out(
    desk: Desk, files: BankFiles, listed: PaymentList, tmp_path: Path
) -> None:
    bank, out = of_key(files.banks, "csv"), tmp_path / "报盘.csv"
    with pytest.raises(ClerkError, match="sign_in_refused"):
        files.write(listed, bank, out, "falsch")
    sign_in(desk, CLERK)
    with pytest.raises(ClerkError, match="not_allowed"):
        files.make_list([], PASSWORD)
    assert not out.exists()


def test_an_answer_to_an_unknown_list_is_a_sentence(files: BankFiles, listed: PaymentList, tmp_path: Path) -> None:
    source = answered(listed, tmp_path / "回盘.csv", "成功,")
    source.write_bytes(source.read_bytes().replace(listed.list_number.encode(), b"B360000-2026-00099"))
    with pytest.raises(ClerkError, match="payment_list_unknown"):
        files.read(source, of_key(files.banks, "csv"))
    with pytest.raises(ClerkError, match="file_unreadable"):
        files.read(tmp_path / "none.csv", of_key(files.banks, "csv"))


def test_the_list_on_paper_is_signed_and_adds_up(desk: Desk, files: BankFiles, listed: PaymentList) -> None:
    paper = PaymentListPaper(desk, files.lists()[0]).pdf()
    assert files.lists()[0] == listed
    assert check_paper(paper, [Signer(desk.ledger.signing_seed).public_key]).is_sound
    assert amounts(paper)[listed.total_fen] >= 2
