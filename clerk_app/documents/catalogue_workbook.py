"""An area's list of drugs, services and consumables as it comes from Excel: every row is taken or refused by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from clerk_app.codes import FeeCategory, ItemClass
from clerk_app.documents.reading_room import ReadingRoom
from clerk_app.documents.workbook_reading import LISTED, open_workbook, plain_number
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger.pinyin import letters_of
from clerk_app.policy.catalogue import CatalogueItem
from clerk_app.receipts.claim import normalised
from clerk_app.wording import _

#: What each column may be called; the first row that names the three that are needed is the head.
_TITLES: dict[str, tuple[str, ...]] = {
    "code": ("编码", "项目编码", "药品编码", "国家编码", "医保编码", "目录编码", "药品代码", "国家代码", "耗材编码"),
    "name": ("名称", "项目名称", "药品名称", "注册名称", "通用名", "通用名称", "目录名称", "耗材名称", "医保目录名称"),
    "item_class": ("甲乙丙", "甲乙类", "等级", "目录类别", "目录等级", "报销类别", "收费项目等级", "医保类别"),
    "category": ("费用类别", "收费类别"),
    "limit": ("限价", "最高限价", "支付标准", "医保支付标准", "限额"),
    "share": ("先行自付比例", "先自付比例", "自付比例", "首先自付比例", "个人先行自付比例"),
    "specification": ("规格", "规格型号"),
}  # fmt: skip
_NEEDED = ("code", "name", "item_class")
_ROWS_BEFORE_HEAD = 20
_LONGEST = 200
#: The first letter of a national code tells these kinds.
_CATEGORY_OF = {
    "X": FeeCategory.WESTERN_DRUGS,
    "Z": FeeCategory.CHINESE_DRUGS,
    "T": FeeCategory.HERBAL_PIECES,
    "C": FeeCategory.CONSUMABLES,
}
_CLASSES = {
    "甲": ItemClass.FULL,
    "乙": ItemClass.SHARED,
    "丙": ItemClass.SELF_FUNDED,
    "自费": ItemClass.SELF_FUNDED,
    "全自费": ItemClass.SELF_FUNDED,
    **{each.term: each for each in ItemClass},
    **{each.value: each for each in ItemClass},
}
_FIGURE = re.compile(r"\d+(?:\.\d{1,4})?")


@dataclass(frozen=True, slots=True)
class CatalogueReading:
    """What a workbook holds.

    Attributes:
        refused: Number of the row as Excel shows it, and why it was not taken.
        row_count: Rows below the head in which anything stands: those taken and those refused.
    """

    items: tuple[CatalogueItem, ...]
    refused: tuple[tuple[int, str], ...]
    row_count: int


class _RefusedRowError(Exception):
    """Why a row is not taken, in words."""


def read_catalogue(path: Path, progress: Progress | None = None) -> CatalogueReading:
    """Read a list from a workbook's first sheet.

    Raises:
        Cancelled: As asked.
        ClerkError: ``catalogue_without_head``, or as ``open_workbook`` and ``ReadingRoom.ask``.
    """
    with ReadingRoom() as room:
        return room.ask(_read, path, progress=progress)


def _read(path: Path) -> CatalogueReading:
    rows = _rows(path)
    head, places = _head(rows, path)
    items: dict[str, CatalogueItem] = {}
    refused: list[tuple[int, str]] = []
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        if not any(row):
            continue
        try:
            item = _item({key: row[place] if place < len(row) else "" for key, place in places.items()})
            if item.code in items:
                raise _RefusedRowError(_("编码 {code} 已在前面出现过。").format(code=item.code))
            items[item.code] = item
        except _RefusedRowError as why:
            refused.append((number, str(why)))
    return CatalogueReading(tuple(items.values()), tuple(refused), len(items) + len(refused))


def _rows(path: Path) -> list[list[str]]:
    """Every row, blank ones too, so that numbers of rows are those that Excel shows."""
    rows: list[list[str]] = []
    with open_workbook(path, LISTED) as book:
        for row in book.rows(book.sheets[0]):
            rows += [[] for _blank in range(row.number - 1 - len(rows))]
            cells = [""] * (row.columns[-1] + 1 if row.columns else 0)
            for column, kind, value in zip(row.columns, row.kinds, row.values, strict=True):
                cells[column] = (plain_number(value) if kind == "n" else value).strip()
            rows.append(cells)
    return rows


def _head(rows: list[list[str]], path: Path) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(rows[:_ROWS_BEFORE_HEAD]):
        titles = [normalised(cell) for cell in row]
        places = {
            key: next(titles.index(normalised(each)) for each in names if normalised(each) in titles)
            for key, names in _TITLES.items()
            if any(normalised(each) in titles for each in names)
        }
        if all(key in places for key in _NEEDED):
            return number, places
    needed = "；".join("/".join(_TITLES[key][:3]) for key in _NEEDED)
    raise ClerkError("catalogue_without_head", file=path.name, needed=needed)


def _item(cells: Mapping[str, str]) -> CatalogueItem:
    code, name = normalised(cells["code"]), cells["name"].strip()
    if not code or not name:
        raise _RefusedRowError(_("缺少编码或名称。"))
    if max(len(code), len(name), len(cells.get("specification", ""))) > _LONGEST:
        raise _RefusedRowError(_("编码、名称或规格超过 {count} 个字符。").format(count=_LONGEST))
    item_class = _CLASSES.get(normalised(cells["item_class"]))
    if item_class is None:
        raise _RefusedRowError(_("“{text}”不是甲类、乙类、丙类。").format(text=cells["item_class"]))
    return CatalogueItem(
        code=code,
        name=name,
        item_class=item_class,
        category=_category(cells.get("category", ""), code),
        specification=cells.get("specification", "").strip(),
        limit=_limit(cells.get("limit", "")),
        share=_share(cells.get("share", ""), item_class),
        letters="".join(letters[0] for letters in letters_of(name)),
    )


def _category(text: str, code: str) -> FeeCategory | None:
    word = normalised(text)
    if not word:
        return _CATEGORY_OF.get(code[0])
    for each in FeeCategory:
        if word in (each.value, each.value.lstrip("0"), normalised(each.term)):
            return each
    raise _RefusedRowError(_("“{text}”不是费用类别。").format(text=text))


def _limit(text: str) -> str:
    word = normalised(text).replace(",", "")
    if word in ("", "-", "—", "无"):
        return ""
    if not _FIGURE.fullmatch(word):
        raise _RefusedRowError(_("限价“{text}”不是金额（最多四位小数）。").format(text=text))
    return word


def _share(text: str, item_class: ItemClass) -> str:
    """先行自付比例 in percent. A fraction is what Excel keeps of a cell that shows percent."""
    word = normalised(text)
    if word in ("", "-", "—", "无") or item_class is ItemClass.SELF_FUNDED:
        return ""
    is_percent = word.endswith("%")
    try:
        share = Decimal(word.removesuffix("%"))
    except InvalidOperation:
        raise _RefusedRowError(_("先行自付比例“{text}”不是比例。").format(text=text)) from None
    if not share.is_finite() or not 0 <= share <= 100:
        raise _RefusedRowError(_("先行自付比例“{text}”不在 0 到 100 之间。").format(text=text))
    if share == 1 and not is_percent:
        raise _RefusedRowError(_("先行自付比例“{text}”不明确，请写成 1% 或 100%。").format(text=text))
    percent = share if is_percent or share > 1 else share * 100
    plain = f"{percent.normalize():f}"
    if not _FIGURE.fullmatch(plain):
        raise _RefusedRowError(_("先行自付比例“{text}”不是比例。").format(text=text))
    return plain
