"""``clerk-app import``: a template, and rows recorded in the ledger of the office in use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from clerk_app.codes import ClaimState
from clerk_app.settings import PRACTICE_OFFICE, Settings, save_settings
from tests.counter import officer
from tests.counter.people import LI
from tests.ledger.office import CLERK, PASSWORD, Clock, Office

DONE, FAILED, UNUSABLE = 0, 1, 2
SIGN_IN = f"{CLERK.login}\n{PASSWORD}\n"
LAST_YEAR = datetime.now().astimezone().year - 1


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The ledger of the office in use, where the command looks for it."""
    (tmp_path / "data/practice").mkdir(parents=True)
    save_settings(Settings(office=PRACTICE_OFFICE, area_code="360000"), tmp_path / "data")
    opened = Office(tmp_path / "data/practice/practice.db", Clock(officer.noon(LAST_YEAR, 6, 1)))
    yield opened
    opened.ledger.close()


def test_a_template_is_written_filled_in_and_imported(typed, office: Office, tmp_path: Path):
    template, back = tmp_path / "模板.xlsx", tmp_path / "结果.xlsx"
    assert typed("import", "claims", "--out", template).returncode == DONE
    book = openpyxl.load_workbook(template)
    sheet = book.worksheets[0]
    places = {str(cell.value).removesuffix("*"): cell.column for cell in sheet[3]}
    rows = [("C1", "1000"), ("C2", "一千")]
    for number, (bill, total) in enumerate(rows, 4):
        given = {"姓名": "李四示例", "证件号码": LI, "票据号码": bill, "就诊日期": f"{LAST_YEAR}-05-20"}
        for head, value in (given | {"医疗机构": "北京某医院", "等级": "三级", "医疗费总额": total}).items():
            sheet.cell(number, places[head]).value = value
    book.save(template)

    done = typed("import", "claims", template, "--out", back, keyed=SIGN_IN)

    assert (done.returncode, done.stderr) == (FAILED, "")
    assert "第 5 行 拒绝" in done.stdout
    assert "共 2 行：接受 1 行（其中新增 1 行），拒绝 1 行" in done.stdout
    assert len(office.ledger.claims_in(frozenset({ClaimState.ENTERED}))) == 1
    assert openpyxl.load_workbook(back).worksheets[0]["B4"].value == "接受"
    assert "其中新增 0 行" in typed("import", "claims", template, "--out", back, keyed=SIGN_IN).stdout
    assert typed("import", "claims", template, "--out", template, keyed=SIGN_IN).returncode == UNUSABLE
    assert typed("import", "claims", template, "--out", back, keyed=f"{CLERK.login}\nnein\n").returncode == UNUSABLE
