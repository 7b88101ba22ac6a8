"""受理回执 and 一次性告知书: what the counter gives to whoever hands a claim in, before anything is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from clerk_app.documents import terms
from clerk_app.documents.issued import Issued
from clerk_app.documents.layout import Align, Column, Field, Paper, amount_column
from clerk_app.documents.letterhead import SIGNED_HEIGHT, Letterhead, last_words, paragraph, signed, text_of
from clerk_app.documents.office import Office
from clerk_app.documents.page_format import MM
from clerk_app.documents.terms import NOTHING, yuan
from clerk_app.receipts.id_card import masked

_MATERIALS, _MISSING = "材料清单", "补正材料"
_HANDED_IN_COLUMNS = (
    Column("序", 1.6 / 24, Align.CENTRE, is_number=True),
    Column("材料名称", 10.4 / 24),
    Column("份（张）数", 3 / 24, Align.CENTRE, is_number=True),
    Column("原件／复印件", 4 / 24, Align.CENTRE),
    amount_column("金额（元）", 5 / 24),
)
_MISSING_COLUMNS = (
    Column("序", 1.6 / 24, Align.CENTRE, is_number=True),
    Column("需要补正的材料", 8.4 / 24),
    Column("原因和要求", 14 / 24),
)


@dataclass(frozen=True, slots=True)
class Material:
    """A paper that was handed in.

    Attributes:
        sheets: How many; None where nobody counted.
        is_copy: None where nobody said.
        total_fen: Of receipts alone.
    """

    name: str
    sheets: int | None = None
    is_copy: bool | None = None
    total_fen: int | None = None


@dataclass(frozen=True, slots=True)
class MissingMaterial:
    """A paper that is missing, or not as it has to be."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A claim as it was handed in.

    Attributes:
        accepted_at: The office's local time.
        due_on: By when the office has to be done; None where nobody knows.
        working_days: How many working days that is, from the day after; None where neither area nor office says so.
        agent: Who handed it in for the person.
    """

    number: str
    accepted_at: datetime
    name: str
    id_number: str
    area_name: str
    clerk: str
    materials: tuple[Material, ...] = ()
    due_on: date | None = None
    agent: str = ""
    working_days: int | None = None


def acceptance_receipt_bytes(acceptance: Acceptance, *, office: Office, reprint: int = 0) -> bytes:
    """What was handed in, and by when the office is done.

    Raises:
        ClerkError: ``glyph_missing``, ``template_not_read``.
        FileProblems: What is wrong in the office's template.
    """
    total_fen = sum(material.total_fen or 0 for material in acceptance.materials)
    title = office.word("受理回执标题", acceptance.area_name)
    issued = Issued(
        title, acceptance.number, acceptance.accepted_at, reprint=reprint, amounts_fen={"票据金额合计": total_fen}
    )
    values = _values(acceptance, office) | {"办结期限": _time_limit(acceptance)}
    lines = text_of("acceptance_receipt.txt", office, values, _MATERIALS)
    paper = _letterhead(issued, acceptance, office).paper()
    for place, line in enumerate(lines):
        if line == f"{{{_MATERIALS}}}":
            _who(paper, acceptance)
            _handed_in(paper, acceptance.materials, total_fen)
        else:
            paragraph(paper, line, SIGNED_HEIGHT if place == last_words(lines) else 0.0)
    signed(paper, office, (("受理人", acceptance.clerk), ("申请人", ""), ("代办人", acceptance.agent), ("日期", "")))
    return paper.to_bytes()


def one_time_notice_bytes(
    acceptance: Acceptance,
    missing: Sequence[MissingMaterial],
    *,
    until: date | None,
    office: Office,
    reprint: int = 0,
    working_days: int | None = None,
) -> bytes:
    """Every paper that is missing, at once, and until when.

    Args:
        until: None where nobody knows.
        working_days: How many working days that is, from the day after acceptance; None where the office sets none.

    Raises:
        ClerkError: ``glyph_missing``, ``template_not_read``.
        FileProblems: What is wrong in the office's template.
    """
    title = office.word("一次性告知书标题", acceptance.area_name)
    issued = Issued(title, acceptance.number, acceptance.accepted_at, reprint=reprint)
    values = _values(acceptance, office) | {"补正期限": _completing_limit(until, working_days)}
    lines = text_of("one_time_notice.txt", office, values, _MISSING)
    paper = _letterhead(issued, acceptance, office).paper()
    for place, line in enumerate(lines):
        if line == f"{{{_MISSING}}}":
            _who(paper, acceptance)
            rows = [(str(number), each.name, each.reason or NOTHING) for number, each in enumerate(missing, 1)]
            paper.table(_MISSING_COLUMNS, rows)
            paper.gap(2 * MM)
        else:
            paragraph(paper, line, SIGNED_HEIGHT if place == last_words(lines) else 0.0)
    signed(paper, office, (("告知人", acceptance.clerk), ("收件人", ""), ("关系", ""), ("日期", "")))
    return paper.to_bytes()


def _by(day: date | None) -> str:
    return terms.day(day) if day else "规定的期限"


def _time_limit(acceptance: Acceptance) -> str:
    """The date and how it is counted; without the calendar of a year no date rather than a wrong one."""
    if acceptance.working_days is None:
        return _by(acceptance.due_on)
    counted = f"受理次日起 {acceptance.working_days} 个工作日内"
    return counted if acceptance.due_on is None else f"{terms.day(acceptance.due_on)} 前（{counted}）"


def _completing_limit(until: date | None, working_days: int | None) -> str:
    """As ``_time_limit``, for a sentence that goes on with 前."""
    if working_days is None:
        return _by(until)
    counted = f"受理次日起第 {working_days} 个工作日"
    return f"{counted}届满" if until is None else f"{terms.day(until)}（{counted}）"


def _letterhead(issued: Issued, acceptance: Acceptance, office: Office) -> Letterhead:
    note = f"受理时间 {terms.moment(acceptance.accepted_at)}"
    foot_note = "一式两份：一份交申请人，一份经办机构存档"
    return Letterhead(issued, office, note, foot_note, qr=acceptance.number)


def _who(paper: Paper, acceptance: Acceptance) -> None:
    paper.gap(1.5 * MM)
    paper.fields(
        Field("姓名", acceptance.name, 8 / 24),
        Field("证件号码", masked(acceptance.id_number) or NOTHING, 8.6 / 24, is_number=True),
        Field("参保地", acceptance.area_name, 7.4 / 24),
    )


def _handed_in(paper: Paper, materials: Sequence[Material], total_fen: int) -> None:
    rows = [_material_row(place, material) for place, material in enumerate(materials, 1)]

    def sums(count: int) -> Sequence[str]:
        return ("", f"前 {count} 项", "", "", yuan(sum(each.total_fen or 0 for each in materials[:count])))

    paper.table(_HANDED_IN_COLUMNS, rows, carried=sums, total=("计", f"共 {len(rows)} 项", "", "", yuan(total_fen)))
    paper.gap(2 * MM)


def _material_row(place: int, material: Material) -> Sequence[str]:
    return (
        str(place),
        material.name,
        # Whoever takes the papers in writes and ticks what nobody typed.
        "" if material.sheets is None else str(material.sheets),
        "□原件　□复印件" if material.is_copy is None else "复印件" if material.is_copy else "原件",
        NOTHING if material.total_fen is None else yuan(material.total_fen),
    )


def _values(acceptance: Acceptance, office: Office) -> dict[str, str]:
    return {
        "姓名": acceptance.name,
        "证件号码": masked(acceptance.id_number),
        "参保地": acceptance.area_name,
        "经办机构": office.name,
        "受理编号": acceptance.number,
        "受理日期": terms.day(acceptance.accepted_at.date()),
        "地址": office.address or NOTHING,
        "电话": office.phone or NOTHING,
    }
