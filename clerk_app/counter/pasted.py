"""A table from the clipboard as lines of receipts: by its head where it has one, else column by column as it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clerk_app.counter.draft import ClaimDraft, ReceiptDraft
from clerk_app.counter.typed import parse_amount, parse_benefit, parse_kind, parse_moment, parse_tier
from clerk_app.errors import ClerkError
from clerk_app.receipts.claim import normalised
from clerk_app.receipts.institution_code import parse_institution_code
from clerk_app.wording import _, sentence

MOST_ROWS = 200
_LONGEST = 200
#: As many titles as make a first line a head.
_LEAST_TITLES = 2

#: What columns are called outside of this program, beside their titles here.
_TITLES: dict[str, tuple[str, ...]] = {
    "bill_code": ("票据代码", "发票代码", "代码"),
    "number": ("票据号码", "发票号码", "票据号", "发票号", "号码"),
    "visited_on": ("就诊日期", "就诊时间", "日期", "开票日期"),
    "hospital": ("医疗机构", "医院", "医院名称", "机构名称", "医疗机构名称"),
    "tier": ("等级", "医院等级", "级别"),
    "benefit": ("待遇",),
    "total": ("总额", "总金额", "金额", "医疗费总额", "费用总额"),
    "self_funded": ("全自费", "自费"),
    "over_limit": ("超限价", "超限价自费"),
    "paid_first": ("先行自付", "先自付"),
    "hospital_code": ("机构编码", "医疗机构编码", "医院编码"),
    "kind": ("机构类别",),
    "disease": ("病种",),
    "visit_label": ("同次就诊",),
    "printed_fund": ("票面统筹支付",),
}
_MONEY = ("total", "self_funded", "over_limit", "paid_first", "printed_fund")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a text holds.

    Attributes:
        lines: For each line of the table the texts by field of a receipt.
        problems: Line, counted from 1 without the head, and what is wrong in it; its texts are taken all the same.
    """

    lines: tuple[dict[str, str], ...]
    problems: tuple[tuple[int, str], ...]

    def words(self) -> str:
        """How many lines came, and what is wrong with which."""
        said = [_("已粘贴 {count} 行。").format(count=len(self.lines))]
        said += [_("第 {row} 行 {why}").format(row=row, why=why) for row, why in self.problems]
        return " ".join(said)


def is_table(text: str) -> bool:
    """Whether a text from the clipboard is more than one cell."""
    return "\t" in text or "\n" in text.strip("\r\n")


def read_table(text: str, keys: Sequence[str], today: date) -> Pasted:
    """Take a copied table apart.

    Args:
        keys: The fields of the columns where the table has no head, from the cell on into which it is pasted.

    Raises:
        ClerkError: ``paste_too_large``, ``paste_too_wide``; nothing is taken then.
    """
    rows = [line.split("\t") for line in text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")]
    rows = [[_cell(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if len(rows) > MOST_ROWS:
        raise ClerkError("paste_too_large", count=len(rows), most=MOST_ROWS)
    head = _head(rows[0]) if rows else {}
    if head:
        rows = rows[1:]
    else:
        head = dict(enumerate(keys))
        widest = max((len(row) for row in rows), default=0)
        if widest > len(keys):
            raise ClerkError("paste_too_wide", columns=widest, room=len(keys))
    lines = [{head[place]: cell for place, cell in enumerate(row) if place in head} for row in rows]
    problems = [(number, why) for number, line in enumerate(lines, start=1) for why in _problems(line, today)]
    return Pasted(tuple(lines), tuple(problems))


def put_lines(draft: ClaimDraft, row: int, pasted: Pasted) -> int:
    """Write the lines into the draft from a line on; returns the line after the last.

    What a line leaves out of the institution comes from the line above, as when it is typed.
    """
    for place, line in enumerate(pasted.lines, start=row):
        while place >= len(draft.receipts):
            draft.receipts.append(ReceiptDraft())
        receipt = draft.receipts[place]
        for key, text in line.items():
            if text:
                setattr(receipt, key, text)
                receipt.copied.discard(key)
        if not line.get("hospital"):
            draft.copy_from_above(place)
    draft.row_to_type_in()
    return row + len(pasted.lines)


def _cell(text: str) -> str:
    """A cell as one line of text without what no database keeps."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split(" ")).strip().strip('"')[:_LONGEST]


def _head(row: Sequence[str]) -> dict[int, str]:
    """The field of each column that a first line names; empty where it is no head."""
    known = {normalised(title): key for key, titles in _TITLES.items() for title in titles}
    found = {place: known[normalised(cell)] for place, cell in enumerate(row) if normalised(cell) in known}
    return found if len(found) >= _LEAST_TITLES else {}


def _problems(line: dict[str, str], today: date) -> list[str]:
    found = []
    for key, text in line.items():
        try:
            if text:
                _read(key, text, today)
        except ClerkError as error:
            found.append(_("{field}：{why}").format(field=_(_TITLES[key][0]), why=sentence(error)))
    return found


def _read(key: str, text: str, today: date) -> None:
    if key in _MONEY:
        parse_amount(text)
    elif key == "visited_on":
        parse_moment(text, today, is_past=True)
    elif key == "tier":
        parse_tier(text)
    elif key == "benefit":
        parse_benefit(text)
    elif key == "kind":
        parse_kind(text)
    elif key == "hospital_code":
        parse_institution_code(text)
