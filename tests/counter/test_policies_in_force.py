"""The list of documents says where and when each holds, who installed it, and which have to be looked after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from clerk_app.counter.policies_in_force import PolicyRow, policy_rows
from clerk_app.counter.policy_desk import PolicyDesk
from tests.counter import officer
from tests.counter.officer import PolicyOffice
from tests.counter.test_policy_desk import PARAMETERS

VERIFIED = date(2026, 11, 22)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def desk(office: Path) -> Iterator[PolicyOffice]:
    opened = PolicyOffice(office)
    yield opened
    opened.ledger.close()


def rows(desk: PolicyDesk, area_code: str = "360000", today: date = VERIFIED) -> list[PolicyRow]:
    return [row for row in policy_rows(desk.shelf(), desk.installed(), today) if row.area.endswith(area_code)]


def install(desk: PolicyOffice, folder: Path) -> None:
    proposal = desk.propose_by(folder)
    desk.install_by(proposal.area_code, proposal.effective_from)


def test_a_shipped_document_is_listed_with_its_days_and_how_far_it_is_verified(desk):
    (row,) = rows(desk)
    assert row.words == (
        "江西省 360000",
        "江西省实施意见",
        "2023-01-01",
        "现行",
        "2026-11-22",
        "施行中",
        "随程序",
    )
    assert not row.is_careful


def test_every_area_has_a_line(desk):
    listed = policy_rows(desk.shelf(), desk.installed(), VERIFIED)
    assert {row.area.split()[-1] for row in listed} == {code for code, _name in desk.shelf().areas()}


def test_the_day_after_it_was_last_verified_a_document_asks_for_attention(desk):
    (row,) = rows(desk, today=date(2026, 11, 23))
    assert row.is_careful
    assert row.state == "施行中；已过核实日期，请核对有无新文件"


def test_an_installed_document_names_both_persons_and_follows_the_one_before(desk, tmp_path):
    install(desk, officer.folder(tmp_path / "new"))
    before, after = rows(desk, today=date(2024, 6, 30))
    assert (before.ends, before.state, before.origin) == ("2024-06-30", "施行中", "随程序")
    assert (after.starts, after.state) == ("2024-07-01", "尚未施行")
    assert after.origin == "李录入 提交、赵复核 装入，2024-06-01"

    before, after = rows(desk, today=date(2024, 7, 1))
    assert (before.state, after.state) == ("已由后来的文件接续", "施行中")
    assert not before.is_careful


def test_what_is_followed_is_not_asked_about_any_more(desk, tmp_path):
    install(desk, officer.folder(tmp_path / "new"))
    before, after = rows(desk, today=date(2026, 11, 23))
    assert (before.is_careful, after.is_careful) == (False, True)


def test_a_document_that_ended_without_a_follower_asks_for_attention(desk, tmp_path):
    text = officer.shipped(("起: 2023-01-01, 依据", "起: 2024-07-01, 止: 2024-12-31, 依据"), *officer.FOLLOWS)
    install(desk, officer.folder(tmp_path / "new", text=text))
    ended = rows(desk, today=date(2025, 1, 1))[-1]
    assert (ended.ends, ended.state, ended.is_careful) == ("2024-12-31", "已停止施行", True)


def test_a_document_laid_into_the_folder_by_hand_is_not_called_installed(desk, office):
    folder = office / "policies/360000"
    folder.mkdir(parents=True)
    text = officer.shipped(*officer.FOLLOWS, ("起: 2023-01-01", "起: 2024-07-01"))
    (folder / "2024-07-01.yaml").write_text(text, encoding="utf-8")
    assert rows(desk)[-1].origin == "本机文件夹，没有装入记录"


def test_a_framework_says_that_its_figures_are_open_until_an_area_has_filled_them(desk, office):
    (open_row,) = rows(desk, "500000")
    assert open_row.state == "框架，参数由统筹区填写后才能计算"

    folder = office / "policies/parameters"
    folder.mkdir(parents=True)
    filling = PARAMETERS.format(code="500199", framework="500000").replace("退休加成: 5", "支付比例: 60")
    (folder / "x.yaml").write_text(filling, encoding="utf-8")
    (filled,) = rows(desk, "500199")
    assert (filled.state, filled.origin) == ("施行中", "随程序；参数由本机填写")


def test_figures_that_break_the_framework_are_said_in_the_list_and_the_others_stay(desk, office):
    folder = office / "policies/parameters"
    folder.mkdir(parents=True)
    filling = PARAMETERS.format(code="500199", framework="500000").replace("退休加成: 5", "支付比例: 40")
    (folder / "x.yaml").write_text(filling, encoding="utf-8")
    (broken,) = rows(desk, "500199")
    assert broken.is_careful
    assert "低于" in broken.state
    assert rows(desk)[0].state == "施行中"
