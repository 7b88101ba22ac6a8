"""An area's list is imported by who may, found, and fills a line of fees; a bad file leaves the list before in use."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from clerk_app.codes import FeeCategory, ItemClass, Role
from clerk_app.counter.audit_trail import fact_words
from clerk_app.counter.catalogue_desk import CatalogueDesk, fill_in
from clerk_app.counter.catalogue_import import import_workbook
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import FeeDraft
from clerk_app.errors import ClerkError
from clerk_app.policy.catalogue import Catalogue, CatalogueItem, load_catalogue, save_catalogue
from tests.counter.desks import sign_in, staffed_desk
from tests.documents.test_catalogue_workbook import HEAD, workbook
from tests.ledger.office import ADMINISTRATOR, AUDITOR, CLERK

AREA = "360000"
ROWS = (
    ["XA01", "阿莫西林胶囊", "乙", "0.25g", "", 10, 0.1],
    ["ZB02", "示例丸", "甲", "", "", "", ""],
    ["X3", "", "甲", "", "", "", ""],
)


@pytest.fixture
def lists(desk: Desk) -> CatalogueDesk:
    return CatalogueDesk(desk)


def test_a_list_is_imported_kept_and_found(lists: CatalogueDesk, tmp_path: Path) -> None:
    imported = import_workbook(lists, AREA, workbook(tmp_path / "list.xlsx", HEAD, *ROWS))
    assert "共 3 行，导入 2 行，未导入 1 行" in imported.words()
    assert "第 4 行" in imported.words()

    kept = lists.catalogue(AREA)
    assert kept == imported.catalogue
    assert kept.imported_on == "2026-11-22"
    for text in ("amx", "XA", "xa01", "西林"):
        assert [item.code for item in kept.find(text, 5)] == ["XA01"]
    assert (kept.find("", 5), kept.find("没有", 5), kept.find("x", 0)) == ([], [], [])
    assert lists.catalogue("370800") == Catalogue("370800", ())


def test_an_item_fills_a_line_and_its_parts_follow(lists: CatalogueDesk, tmp_path: Path) -> None:
    import_workbook(lists, AREA, workbook(tmp_path / "list.xlsx", HEAD, *ROWS))
    line = FeeDraft(price="12", quantity="2")
    fill_in(line, lists.catalogue(AREA).items[0])

    assert (line.name, line.category, line.item_class) == ("阿莫西林胶囊", "09", "02")
    assert (line.amount, line.over_limit, line.paid_first) == ("24.00", "4.00", "2.00")


@pytest.mark.parametrize("rows", [[HEAD], [HEAD, ["", "x", "甲"]], [["别的"]]])
def test_a_file_without_items_leaves_the_list_before(
    lists: CatalogueDesk, tmp_path: Path, rows: list[list[str]]
) -> None:
    before = import_workbook(lists, AREA, workbook(tmp_path / "list.xlsx", HEAD, *ROWS)).catalogue
    with pytest.raises(ClerkError):
        import_workbook(lists, AREA, workbook(tmp_path / "other.xlsx", *rows))

    assert lists.catalogue(AREA) == before


def test_who_brought_which_workbook_into_use_is_on_record(lists: CatalogueDesk, desk: Desk, tmp_path: Path) -> None:
    book = workbook(tmp_path / "目录.xlsx", HEAD, *ROWS)
    import_workbook(lists, AREA, book)
    sign_in(desk, AUDITOR)
    (entry,) = [each for each in desk.ledger.audit_trail() if each.action == "import_catalogue"]
    assert (entry.login, entry.subject) == (CLERK.login, AREA)
    digest = hashlib.sha256(book.read_bytes()).hexdigest()
    assert entry.facts == {"document": "目录.xlsx", "sha256": digest, "taken": 2, "refused": 1}
    assert fact_words(entry) == f"文件 目录.xlsx；文件指纹 {digest[:16]}；导入 2 行；未导入 1 行"


def test_a_list_that_is_not_on_record_is_not_used(lists: CatalogueDesk, tmp_path: Path) -> None:
    before = import_workbook(lists, AREA, workbook(tmp_path / "list.xlsx", HEAD, *ROWS)).catalogue
    elsewhere = staffed_desk(tmp_path, user=ADMINISTRATOR)
    elsewhere.ledger.change_user(replace(CLERK, role=Role.AUDITOR))
    elsewhere.close()
    with pytest.raises(ClerkError, match="not_allowed"):
        import_workbook(lists, AREA, workbook(tmp_path / "other.xlsx", HEAD, *ROWS[:1]))
    assert lists.catalogue(AREA) == before
    assert [each.name for each in lists.path(AREA).parent.iterdir()] == [f"{AREA}.json"]


def test_not_everybody_may(lists: CatalogueDesk, desk: Desk, tmp_path: Path) -> None:
    assert lists.may_import()
    sign_in(desk, AUDITOR)
    assert not lists.may_import()
    with pytest.raises(ClerkError, match="not_allowed"):
        import_workbook(lists, AREA, tmp_path / "list.xlsx")
    assert not lists.path(AREA).exists()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"version":1,"area":"360000","imported_on":"","items":[["x"]]}'])
def test_a_damaged_list_is_said_so(tmp_path: Path, content: str) -> None:
    path = tmp_path / "360000.json"
    path.write_text(content)
    with pytest.raises(ClerkError, match="catalogue_damaged"):
        load_catalogue(AREA, path)


def test_a_list_of_another_area_is_not_used(tmp_path: Path) -> None:
    items = (CatalogueItem("X1", "示例", ItemClass.FULL, FeeCategory.OTHER),)
    save_catalogue(Catalogue(AREA, items, "2026-11-22"), tmp_path / "370800.json")
    with pytest.raises(ClerkError, match="catalogue_damaged"):
        load_catalogue("370800", tmp_path / "370800.json")
