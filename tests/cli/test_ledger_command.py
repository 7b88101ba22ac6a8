"""``clerk-app verify``, ``backup`` and ``restore``, each in a process of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from clerk_app.ledger.keys import new_salt, office_keys
from clerk_app.settings import PRACTICE_OFFICE, REAL_OFFICE, Settings, save_settings
from tests.ledger.office import PASSWORD, Clock, Office, receipt
from tests.ledger.tampering import unguarded

DONE, FAILED, UNUSABLE = 0, 1, 2
ADMINISTRATOR = f"guan\n{PASSWORD}\n"
#: The commands ask the machine's clock, so the office's has to stand before it.
LAST_YEAR = datetime.now().astimezone().year - 1


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The ledger of the office in use, where the commands look for it."""
    (tmp_path / "data/practice").mkdir(parents=True)
    save_settings(Settings(office=PRACTICE_OFFICE), tmp_path / "data")
    opened = Office(tmp_path / "data/practice/practice.db", Clock(datetime(LAST_YEAR, 6, 1, 9, 30)))  # noqa: DTZ001
    yield opened
    opened.ledger.close()


def test_a_sound_ledger_is_said_with_what_was_read_and_its_head(typed, office):
    settled = office.settle(office.person(), receipt("1"))
    done = typed("verify", "--head", settled.head.printed)
    assert (done.returncode, done.stderr) == (DONE, "")
    said = done.stdout.splitlines()
    assert "单据 1 张，票据 1 张，留存的校验码 1 个" in said[1]
    assert said[2].startswith("  逐行核对 ")
    assert said[3] == f"  最后的校验码 {settled.head.printed}"
    assert said[-1] == "没有发现问题"


def test_what_was_tampered_with_is_a_line_each_and_the_exit_code_says_so(typed, office, tmp_path):
    settled = office.settle(office.person(), receipt("1"))
    office.ledger.close()
    with unguarded(tmp_path / "data/practice/practice.db") as connection:
        connection.execute("UPDATE receipts SET summary = 'x'")
    done = typed("verify")
    assert done.returncode == FAILED
    assert f"表 receipts 中记录 1.0（单据 {settled.voucher_number}）被改动过。" in done.stdout
    assert "发现 1 个问题" in done.stdout
    assert typed("verify", "--quick").returncode == DONE, "the words of a receipt are not in the sums"


def test_a_head_that_the_ledger_does_not_have_and_one_that_is_none(typed, office):
    office.settle(office.person(), receipt("1"))
    done = typed("verify", "--head", "99-ABCD-0123-4567-89EF")
    assert done.returncode == FAILED
    assert "99-ABCD-0123-4567-89EF" in done.stdout
    done = typed("verify", "--head", "99")
    assert done.returncode == UNUSABLE
    assert "不是单据上的校验码" in done.stderr


def test_a_file_that_is_no_ledger_is_said(typed, tmp_path):
    (tmp_path / "text.db").write_text("账本" * 4000, encoding="utf-8")
    assert typed("verify", tmp_path / "text.db").returncode == UNUSABLE
    done = typed("verify", tmp_path / "nothing.db")
    assert (done.returncode, "找不到账本" in done.stderr) == (UNUSABLE, True)
    assert typed("backup").returncode == UNUSABLE
    assert not (tmp_path / "data/practice/practice.db").exists(), "a look makes no ledger"


def test_a_backup_is_made_verified_and_restored_by_an_administrator(typed, office, tmp_path):
    person = office.person()
    kept = office.settle(person, receipt("1"))
    done = typed("backup", "--out", tmp_path / "usb")
    assert (done.returncode, done.stderr) == (DONE, "")
    (backup,) = (tmp_path / "usb").iterdir()
    assert str(backup) in done.stdout
    done = typed("verify", backup)
    assert (done.returncode, kept.head.printed in done.stdout) == (DONE, True)
    office.clock.now = datetime.now()  # noqa: DTZ005 -- the office's local time
    office.settle(person, receipt("2"))
    office.ledger.close()

    refused = typed("restore", backup, keyed=f"li\n{PASSWORD}\n")
    assert (refused.returncode, "不能“恢复”" in refused.stderr) == (UNUSABLE, True)
    done = typed("restore", backup, keyed=ADMINISTRATOR)
    assert (done.returncode, done.stderr) == (DONE, "")
    assert "原来的账本保留为" in done.stdout
    done = typed("verify")
    assert (done.returncode, "单据 1 张" in done.stdout) == (DONE, True)


def test_a_ledger_that_is_damaged_is_restored_by_an_administrator_of_the_backup(typed, office, tmp_path):
    office.settle(office.person(), receipt("1"))
    assert typed("backup").returncode == DONE
    (backup,) = (tmp_path / "data/practice/backups").iterdir()
    office.ledger.close()
    shutil.copyfile(backup, tmp_path / "copy.db")
    (tmp_path / "data/practice/practice.db").write_bytes(b"\0" * 8192)
    done = typed("restore", tmp_path / "copy.db", keyed=ADMINISTRATOR)
    assert (done.returncode, done.stderr) == (DONE, "")
    assert typed("verify").returncode == DONE


def test_an_encrypted_ledger_is_verified_and_restored_with_its_passphrase(typed, tmp_path):
    path, phrase = tmp_path / "data/clerk.db", tmp_path / "phrase.txt"
    path.parent.mkdir()
    save_settings(Settings(office=REAL_OFFICE, office_code="360100"), tmp_path / "data")
    phrase.write_text("示例口令 春天 桌子 火车\n", encoding="utf-8")
    keys = office_keys("示例口令 春天 桌子 火车", new_salt())
    office = Office(path, Clock(datetime(LAST_YEAR, 6, 1, 9, 30)), keys=keys)  # noqa: DTZ001 -- local
    office.settle(office.person(), receipt("1"))
    office.ledger.close()

    done = typed("verify", "--passphrase-file", phrase)
    assert (done.returncode, done.stderr, "没有发现问题" in done.stdout) == (DONE, "", True)
    assert typed("backup", "--passphrase-file", phrase).returncode == DONE
    (backup,) = (tmp_path / "data/backups").iterdir()
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("示例口令 另一个 不对的", encoding="utf-8")
    assert typed("verify", backup, "--passphrase-file", wrong).returncode == UNUSABLE

    path.write_bytes(path.read_bytes()[:4096] + b"\0" * 40_960)
    done = typed("restore", backup, "--passphrase-file", phrase, keyed=ADMINISTRATOR)
    assert (done.returncode, done.stderr) == (DONE, "")
    assert typed("verify", "--passphrase-file", phrase).returncode == DONE


def test_an_administrator_changes_the_passphrase_and_the_old_one_opens_nothing(typed, tmp_path):
    path = tmp_path / "data/clerk.db"
    path.parent.mkdir()
    save_settings(Settings(office=REAL_OFFICE, office_code="360100"), tmp_path / "data")
    before, after = "示例口令 春天 桌子 火车", "示例口令 夏天 椅子 轮船"
    keys = office_keys(before, new_salt())
    office = Office(path, Clock(datetime(LAST_YEAR, 6, 1, 9, 30)), keys=keys)  # noqa: DTZ001 -- local
    office.settle(office.person(), receipt("1"))
    office.ledger.close()

    other = typed("passphrase", keyed=f"{before}\n{ADMINISTRATOR}{after}\n{before}\n")
    assert (other.returncode, "两次输入的新口令不一致" in other.stderr) == (UNUSABLE, True)
    done = typed("passphrase", keyed=f"{before}\n{ADMINISTRATOR}{after}\n{after}\n")
    assert (done.returncode, done.stderr) == (DONE, "")
    assert "以前的备份仍按当时的口令打开" in done.stdout
    assert typed("verify", keyed=f"{before}\n").returncode == UNUSABLE
    assert typed("verify", keyed=f"{after}\n").returncode == DONE
