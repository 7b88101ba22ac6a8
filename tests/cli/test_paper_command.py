"""``clerk-app verify FILE.pdf``, in a process of its own, without the office's ledger and beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from clerk_app.documents import office as on_paper
from clerk_app.documents.signing import Signer
from clerk_app.documents.voucher import voucher_bytes
from clerk_app.ledger.keys import PRACTICE, new_salt, office_keys, signing_seed
from clerk_app.ledger.records import Settlement
from clerk_app.money import format_yuan
from tests.ledger.office import Clock, Office, receipt

DONE, FAILED, UNUSABLE = 0, 1, 2
PASSPHRASE = "春天 桌子 蓝色 火车"  # noqa: S105 -- of an office that does not exist
PRACTICE_SEED = signing_seed(PRACTICE.audit)
LAST_YEAR = datetime.now().astimezone().year - 1


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    keys = office_keys(PASSPHRASE, new_salt())
    opened = Office(tmp_path / "ledger.db", Clock(datetime(LAST_YEAR, 6, 1, 9, 30)), keys=keys)  # noqa: DTZ001 -- local
    (tmp_path / "passphrase").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    yield opened
    opened.ledger.close()


def issued(folder: Path, office: Office, settled: Settlement, signer: Signer | None = None) -> Path:
    on = on_paper.Office("示例中心", signer=signer or Signer(office.ledger.signing_seed))
    target = folder / "单.pdf"
    target.write_bytes(voucher_bytes(settled, office=on, copy=on_paper.Copy.FINANCE))
    return target


def test_a_paper_is_checked_with_the_offices_public_key_alone(typed, office, tmp_path):
    settled = office.settle(office.person(), receipt("1"))
    paper = issued(tmp_path, office, settled)
    key = Signer(office.ledger.signing_seed).public_key.hex()

    done = typed("verify", paper, "--key", key)

    assert (done.returncode, done.stderr) == (DONE, "")
    assert settled.voucher_number in done.stdout
    assert f"统筹支付 {format_yuan(settled.fund_fen, separators=True)}" in done.stdout
    assert done.stdout.splitlines()[-1] == "没有发现问题"
    assert "没有给出机构的公钥" not in done.stdout
    assert "没有给出机构的公钥" in typed("verify", paper).stdout
    assert typed("verify", paper, "--key", "00" * 32).returncode == FAILED
    assert typed("verify", paper, "--key", "kurz").returncode == UNUSABLE


def test_a_changed_paper_is_refused(typed, office, tmp_path):
    paper = issued(tmp_path, office, office.settle(office.person(), receipt("1")))
    content = bytearray(paper.read_bytes())
    content[len(content) // 2] ^= 1
    paper.write_bytes(content)

    done = typed("verify", paper)

    assert done.returncode == FAILED
    assert "签名与文件不符" in done.stdout
    assert "统筹支付" not in done.stdout, "what a changed file says of itself is not repeated as if it held"


def test_a_practice_paper_says_that_it_proves_nothing(typed, office, tmp_path):
    settled = office.settle(office.person(), receipt("1"))
    paper = issued(tmp_path, office, settled, Signer(PRACTICE_SEED))
    assert "这是练习单据" in typed("verify", paper).stdout


def test_a_paper_is_held_against_the_ledger_that_it_came_from(typed, office, tmp_path):
    settled = office.settle(office.person(), receipt("1"))
    beside = ("--ledger", tmp_path / "ledger.db", "--passphrase-file", tmp_path / "passphrase")
    assert typed("verify", issued(tmp_path, office, settled), *beside).returncode == DONE

    first, *rest = settled.receipts
    other = replace(settled, receipts=(replace(first, fund_fen=first.fund_fen + 100), *rest))
    said = typed("verify", issued(tmp_path, office, other), *beside)
    assert said.returncode == FAILED
    recorded = f"{format_yuan(settled.fund_fen + 100)}，账本中是 {format_yuan(settled.fund_fen)}"
    assert f"“统筹支付”单据上是 {recorded}" in said.stdout

    unknown = replace(settled, voucher_number="360100-2026-999999", head=replace(settled.head, code="f" * 64))
    said = typed("verify", issued(tmp_path, office, unknown), *beside).stdout
    assert "账本中没有编号 360100-2026-999999 的单据。" in said
    assert "不在账本中" in said

    said = typed("verify", issued(tmp_path, office, settled, Signer(PRACTICE_SEED)), *beside)
    assert "不是所给机构的公钥" in said.stdout


def test_a_file_that_is_not_there_is_a_sentence(typed, tmp_path):
    done = typed("verify", tmp_path / "none.pdf")
    assert done.returncode == UNUSABLE
    assert "文件读不出来" in done.stderr
