"""The office's signature inside a workbook: a sheet that says in plain words what was signed, and a seal at its end.

The signature on the sheet 签章 covers what every row of every other sheet says, the month and where the file comes
from. It holds after a spreadsheet program has saved the file again, and no longer when a value, a row, an order or
the month was changed. The seal behind the archive covers every bit of the file as it left the office; a program that
saves the file leaves the seal out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from clerk_app.documents.office import Office
from clerk_app.documents.row_codes import BlocksDigest
from clerk_app.documents.sheets import Layout, Sheet, SheetColumn
from clerk_app.documents.signing import Signer
from clerk_app.ledger.records import Head

FORMAT = "1"
SHEET = "签章"
SIGNED_AS = b"clerk-app month workbook 1\n"
SEALED_AS = b"clerk-app month workbook file 1\n"
SEAL_MARK = b"clerk-app seal "
SEAL_DIGITS = 128
_CHUNK = 1 << 20

#: The signed facts in their order on the sheet; the words are the names that the signature covers.
FORMAT_LABEL, OFFICE, CODE, MONTH, PRACTICE = "格式", "填报单位", "机构代码", "月份", "练习数据"
EXPORTED_AT, EXPORTED_BY, RESEND, PREVIOUS, HEAD = (
    "导出时间",
    "导出人",
    "本月第几次导出",
    "上次导出的月份",
    "操作记录校验码",
)
RECORDS, CODES, KEY = "单据数", "行列校验码指纹", "签名公钥"
#: The sheets whose rows are signed, and what says how many rows each has and what they come to.
SIGNED_SHEETS = ("明细", "汇总", "不予支付", "核对")
SHEETS = {name: f"{name}行数和指纹" for name in SIGNED_SHEETS}
LABELS = (
    *(FORMAT_LABEL, OFFICE, CODE, MONTH, PRACTICE, EXPORTED_AT, EXPORTED_BY, RESEND, PREVIOUS, HEAD),
    *(RECORDS, *SHEETS.values(), CODES, KEY),
)
SIGNATURE = "签名"
#: A title, a note and the heads stand above the first fact.
FIRST_FACT = 4

SEAL_LAYOUT = Layout(SHEET, (SheetColumn("项目", "", 24), SheetColumn("内容", "", 110)))
CODES_SHEET = "校验码"
CODES_LAYOUT = Layout(
    CODES_SHEET,
    (
        SheetColumn("工作表", "", 12),
        SheetColumn("首行", "", 10),
        SheetColumn("行校验码", "", 60),
        SheetColumn("列校验码", "", 60),
    ),
)
_NOTE = "本表由程序生成，请勿改动。另存后仍可用 clerk-app verify 核对；数值、行、次序或月份改动后不能通过。"
_CODES_NOTE = "每 32 行一组：行校验码指出被改动的行，列校验码指出被改动的列。"
_UNSIGNED = "未签名"
#: What stands above the first fact and the first code, in every file alike.
SEAL_HEADING = [[SHEET], [_NOTE], [column.head for column in SEAL_LAYOUT.columns]]
CODES_HEADING = [[CODES_SHEET], [_CODES_NOTE], [column.head for column in CODES_LAYOUT.columns]]


@dataclass(frozen=True, slots=True)
class Origin:
    """What the signature says of an export beside its rows.

    Attributes:
        exported_at: The office's local time.
        resend: Which export of the month this is, from 1.
        previous: The month that was exported before this one, as ``2026-10``; empty for none.
    """

    office_code: str = ""
    exported_at: datetime = datetime(2000, 1, 1)  # noqa: DTZ001 -- local
    resend: int = 1
    previous: str = ""


class CodesSheet:
    """The codes of the other sheets' rows, written down as the rows go by.

    Args:
        signed: The sheets whose rows are signed.
    """

    def __init__(self, sheet: Sheet, signed: Sequence[Sheet]) -> None:
        self._sheet = sheet
        self.signed = tuple(signed)
        self._digest = BlocksDigest()
        sheet.title(CODES_SHEET, _CODES_NOTE)
        sheet.heads()

    def take(self) -> None:
        """Write what is complete."""
        for sheet in self.signed:
            for block in sheet.codes.blocks:
                self._sheet.plain_row([sheet.name, str(block.first_row), block.rows, block.columns])
                self._digest.add(sheet.name, block)
            sheet.codes.blocks.clear()

    def finish(self) -> str:
        """Write the rest; the digest over all codes."""
        for sheet in self.signed:
            sheet.codes.digest()
        self.take()
        return self._digest.hexdigest()


def fill_seal_sheet(
    seal: Sheet,
    codes: CodesSheet,
    office: Office,
    month: date,
    exported_by: str,
    records: int,
    origin: Origin,
    head: Head | None,
) -> None:
    """Write what is signed and the signature, when every other sheet is complete."""
    given = {
        FORMAT_LABEL: FORMAT,
        OFFICE: office.name,
        CODE: origin.office_code,
        MONTH: f"{month:%Y-%m}",
        PRACTICE: "是" if office.practice else "否",
        EXPORTED_AT: f"{origin.exported_at:%Y-%m-%d %H:%M:%S}",
        EXPORTED_BY: exported_by,
        RESEND: str(origin.resend),
        PREVIOUS: origin.previous,
        HEAD: head.printed if head else "",
        RECORDS: str(records),
        CODES: codes.finish(),
        **{
            SHEETS[each.name]: f"{each.last_row} {each.codes.digest()} {each.codes.results_digest()}"
            for each in codes.signed
        },
        KEY: office.signer.public_key.hex() if office.signer else "",
    }
    facts = {label: plain(given[label]) for label in LABELS}
    seal.title(SHEET, _NOTE)
    seal.heads()
    for label, value in facts.items():
        seal.row([label, value])
    seal.row([SIGNATURE, office.signer.sign(SIGNED_AS + payload(facts)).hex() if office.signer else _UNSIGNED])


def plain(text: str) -> str:
    """A fact without what a workbook would write otherwise than it was given."""
    return "".join(character if character.isprintable() else " " for character in text).strip()


def payload(facts: Mapping[str, str]) -> bytes:
    """What is signed."""
    return json.dumps([[label, facts[label]] for label in LABELS], ensure_ascii=False).encode("utf-8", "surrogatepass")


def open_comment() -> bytes:
    """The end of a file that is not sealed yet."""
    return SEAL_MARK + b"0" * SEAL_DIGITS


def file_digest(path: Path) -> bytes:
    """SHA-256 of a file without its seal's digits."""
    digest = sha256()
    left = path.stat().st_size - SEAL_DIGITS
    with path.open("rb") as stream:
        while left > 0 and (chunk := stream.read(min(left, _CHUNK))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.digest()


def seal_file(path: Path, signer: Signer) -> None:
    """Put the seal behind a file that ends with ``open_comment``."""
    seal = signer.sign(SEALED_AS + file_digest(path)).hex().encode()
    with path.open("r+b") as stream:
        stream.seek(-SEAL_DIGITS, 2)
        stream.write(seal)
