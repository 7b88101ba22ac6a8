"""What is imported from a workbook: the template that the program writes, its rows read back, and what became of them.

Every row that says something is given back, whatever is in it; nothing is guessed. A number where the template has
text has lost its zeros or its last digits, so it is said and not repaired.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from clerk_app.documents.sheet_xml import Row
from clerk_app.documents.sheets import Kind, Layout, SheetColumn
from clerk_app.documents.workbook_file import WorkbookFile
from clerk_app.documents.workbook_reading import TYPED, open_workbook, plain_number
from clerk_app.errors import ClerkError
from clerk_app.jobs import whole_file
from clerk_app.wording import N_, _, filled

#: What stands before the columns of a template in the workbook that comes back; it may be imported again.
ROW_NUMBER, RESULT, REASON = "原行号", "处理结果", "说明"
_RETURNED = (
    SheetColumn(ROW_NUMBER, "", 8, Kind.COUNT),
    SheetColumn(RESULT, "", 12, Kind.CODE),
    SheetColumn(REASON, "", 60),
)
_HELP_SHEET = "填写说明"
_HEADS_LOOKED_FOR_IN = 10
_DAY_ZERO = date(1899, 12, 30)
_NEEDED_MARK = "*"
#: A day as a spreadsheet counts it, from 1901 to 2200.
_FIRST_DAY, _LAST_DAY = 367, 109_940

_NOT_TEXT = N_("“{head}”应为文本，文件中是{found}：号码可能已丢失开头的零或末尾数字。请把单元格设为文本后重新填写。")
_LIVE = N_("“{head}”是公式，不读取。请改为填写的内容。")
_ERROR = N_("“{head}”是错误值或真假值，不读取。")
_BESIDE = N_("第 {column} 列没有标题却有内容。")


class ImportColumn(NamedTuple):
    """A column of a template.

    Attributes:
        is_needed: An empty cell refuses the row, and its head is marked.
        example: How it is filled in, for the sheet of explanations.
    """

    head: str
    width: float
    kind: Kind
    is_needed: bool
    example: str


class ImportForm(NamedTuple):
    """What one kind of import consists of."""

    name: str
    columns: tuple[ImportColumn, ...]


CLAIMS = ImportForm(
    "申请",
    (
        ImportColumn("姓名", 12, Kind.TEXT, True, "张三示例"),
        ImportColumn("证件类型", 10, Kind.CODE, False, "01 居民身份证（空着为 01）"),
        ImportColumn("证件号码", 22, Kind.CODE, True, "18 位，文本"),
        ImportColumn("联系电话", 14, Kind.CODE, False, ""),
        ImportColumn("参保统筹区代码", 12, Kind.CODE, False, "6 位；空着为本机构的统筹区。已登记的人员以登记为准"),
        ImportColumn("险种", 10, Kind.CODE, False, "职工 或 居民（空着为职工）。已登记的人员以登记为准"),
        ImportColumn("人员类别", 10, Kind.CODE, False, "在职、退休 或 居民。已登记的人员以登记为准"),
        ImportColumn("票据代码", 14, Kind.CODE, False, "文本"),
        ImportColumn("票据号码", 18, Kind.CODE, True, "文本"),
        ImportColumn("就诊日期", 13, Kind.DAY, True, "2026-11-03"),
        ImportColumn("医疗机构", 28, Kind.TEXT, True, "票据上的名称"),
        ImportColumn("机构编码", 16, Kind.CODE, False, "H 或 P 开头 12 位"),
        ImportColumn("等级", 10, Kind.CODE, False, "三级、二级、一级、未定级"),
        ImportColumn("待遇", 14, Kind.CODE, False, "普通门诊（空着为普通门诊）"),
        ImportColumn("病种", 14, Kind.TEXT, False, "慢特病的病种"),
        ImportColumn("医疗费总额", 14, Kind.MONEY, True, "1234.50"),
        ImportColumn("全自费", 13, Kind.MONEY, False, ""),
        ImportColumn("超限价", 13, Kind.MONEY, False, ""),
        ImportColumn("先行自付", 13, Kind.MONEY, False, ""),
        ImportColumn("票面已付基金", 13, Kind.MONEY, False, "票据上已显示的基金支付"),
    ),
)
BENEFITS = ImportForm(
    "平台已享受",
    (
        ImportColumn("姓名", 12, Kind.TEXT, True, "张三示例"),
        ImportColumn("证件号码", 22, Kind.CODE, True, "18 位，文本；须已登记"),
        ImportColumn("年度", 8, Kind.COUNT, True, "2026"),
        ImportColumn("待遇", 14, Kind.CODE, False, "普通门诊（空着为普通门诊）"),
        ImportColumn("起付线已付", 14, Kind.MONEY, True, "600.00"),
        ImportColumn("基金已支付", 14, Kind.MONEY, True, "1200.00"),
        ImportColumn("平台查询日期", 13, Kind.DAY, True, "2026-11-20"),
    ),
)


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row of a file as it was typed.

    Attributes:
        number: As the file counts, from 1.
        texts: By head; days as 2026-11-03, amounts in figures.
        problem: Why nothing of it is read, in words; empty for none.
    """

    number: int
    texts: Mapping[str, str]
    problem: str = ""


class Outcome(NamedTuple):
    """What became of a row.

    Attributes:
        is_accepted: Recorded now, or by an earlier import.
        is_new: Recorded now.
        words: Its number, or why it was refused.
    """

    row: TypedRow
    is_accepted: bool
    is_new: bool
    words: str

    @property
    def term(self) -> str:
        """In a word."""
        if not self.is_accepted:
            return _("拒绝")
        return _("接受") if self.is_new else _("先前已接受")


def read_typed(path: Path, form: ImportForm) -> list[TypedRow]:
    """Every row of a filled template that says something; called in a reading room.

    Raises:
        ClerkError: ``workbook_unreadable``, ``workbook_too_large``; ``import_heads``, columns are missing, doubled or
            unknown; ``import_other_sheet``, rows stand where nobody would read them.
    """
    with open_workbook(path, TYPED) as book:
        for sheet in book.sheets[1:]:
            if sheet.name != _HELP_SHEET and any(any(row.values) for row in book.rows(sheet)):
                raise ClerkError("import_other_sheet", sheet=sheet.name)
        rows = book.rows(book.sheets[0])
        heads = _heads(rows, form)
        kinds = {column.head: column.kind for column in form.columns}
        return [_typed(row, heads, kinds) for row in rows if any(value.strip() for value in row.values)]


def _heads(rows: Iterator[Row], form: ImportForm) -> dict[int, str]:
    """Column → head, from the first row that has one of them needed."""
    needed = [column.head for column in form.columns if column.is_needed]
    for row in rows:
        said = {
            column: value.strip().removesuffix(_NEEDED_MARK)
            for column, value in zip(row.columns, row.values, strict=True)
            if value.strip()
        }
        if needed[0] in said.values():
            known = [column.head for column in form.columns] + [column.head for column in _RETURNED]
            wrong = [head for head in said.values() if head not in known]
            wrong += [head for head in needed if head not in said.values()]
            wrong += sorted({head for head in said.values() if list(said.values()).count(head) > 1})
            if wrong:
                raise ClerkError("import_heads", names=tuple(wrong))
            return said
        if row.number >= _HEADS_LOOKED_FOR_IN or (row.values and len(said) > 2):
            break
    raise ClerkError("import_heads", names=tuple(needed))


def _typed(row: Row, heads: Mapping[int, str], kinds: Mapping[str, Kind]) -> TypedRow:
    texts: dict[str, str] = {}
    problems = []
    for column, kind, value, formula in zip(row.columns, row.kinds, row.values, row.formulas, strict=True):
        head = heads.get(column)
        if head is None:
            if value.strip():
                problems.append(filled(_(_BESIDE), {"column": column + 1}))
        elif head in kinds:
            text, problem = _text(kind, value, formula, kinds[head])
            texts[head] = text
            if problem:
                problems.append(filled(_(problem), {"head": head, "found": value}))
    return TypedRow(row.number, texts, " ".join(problems))


def _text(kind: str, value: str, formula: str | None, wanted: Kind) -> tuple[str, str]:
    if formula is not None:
        return value, _LIVE
    if kind == "str" or not value:
        return value.strip(), ""
    if kind != "n":
        return value, _ERROR
    if wanted.is_text:
        return value, _NOT_TEXT
    plain = plain_number(value)
    if not plain:
        return value, _ERROR
    number = Decimal(plain)
    if wanted is Kind.DAY and number == number.to_integral_value() and _FIRST_DAY <= number <= _LAST_DAY:
        return (_DAY_ZERO + timedelta(days=int(number))).isoformat(), ""
    return plain, ""


def write_template(form: ImportForm, target: Path, made_at: datetime) -> None:
    """Write an empty form with a sheet of explanations.

    Raises:
        ClerkError: ``file_not_written``.
    """
    layout = Layout(form.name, tuple(_template_column(column) for column in form.columns), head_rows=3)
    explained = Layout(
        _HELP_SHEET, (SheetColumn("列", "", 18), SheetColumn("必填", "", 8), SheetColumn("怎样填写", "", 70))
    )
    with whole_file(target) as draft:
        layouts = (layout, explained)
        title = f"{form.name}导入模板"
        with WorkbookFile(draft, layouts, title=title, creator="clerk-app", made_at=made_at) as book:
            sheet, words = book.sheets
            sheet.title(title, "带 * 的列必填。每行一张票据或一条记录；标题行以下填写，请勿改动标题。")
            sheet.heads()
            words.title(f"{title}　{_HELP_SHEET}")
            words.heads()
            for column in form.columns:
                words.row([column.head, "是" if column.is_needed else "否", column.example])


def write_returned(form: ImportForm, outcomes: Sequence[Outcome], target: Path, made_at: datetime) -> None:
    """Write what became of every row beside what was typed; corrected, it can be imported again.

    Raises:
        ClerkError: ``file_not_written``.
    """
    columns = (*_RETURNED, *(_template_column(column, as_text=True) for column in form.columns))
    accepted = sum(outcome.is_accepted for outcome in outcomes)
    counts = {"rows": len(outcomes), "accepted": accepted, "refused": len(outcomes) - accepted}
    with whole_file(target) as draft:
        layout = Layout(form.name, columns, head_rows=3, kept_columns=3)
        title = f"{form.name}导入结果"
        with WorkbookFile(draft, [layout], title=title, creator="clerk-app", made_at=made_at) as book:
            (sheet,) = book.sheets
            sheet.title(title, filled("共 {rows} 行，接受 {accepted} 行，拒绝 {refused} 行", counts))
            sheet.heads()
            for outcome in outcomes:
                texts = [outcome.row.texts.get(column.head) or None for column in form.columns]
                sheet.row([outcome.row.number, outcome.term, outcome.words, *texts])


def _template_column(column: ImportColumn, *, as_text: bool = False) -> SheetColumn:
    mark = _NEEDED_MARK if column.is_needed else ""
    return SheetColumn(column.head + mark, "", column.width, Kind.CODE if as_text else column.kind)
