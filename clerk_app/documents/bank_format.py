"""What a bank's files look like, as data: one YAML file a bank, read strictly."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from clerk_app.errors import ClerkError, FileProblem, FileProblems
from clerk_app.paths import resources
from clerk_app.policy.strict_yaml import Item, Section, read_yaml

#: In the office's folder.
FOLDER = "banks"


class Meaning(Enum):
    """What a column holds."""

    LIST_NUMBER = "清单号"
    PLACE = "序号"
    VOUCHER = "结算单号"
    NAME = "户名"
    BANK = "开户银行"
    ACCOUNT = "账号"
    YUAN = "金额"
    FEN = "金额分"
    FIXED = "固定"
    RESULT = "结果"
    REASON = "原因"
    UNREAD = "不读"


_WRITTEN = tuple(meaning for meaning in Meaning if meaning not in (Meaning.RESULT, Meaning.REASON, Meaning.UNREAD))
_READ = tuple(meaning for meaning in Meaning if meaning is not Meaning.FIXED)


@dataclass(frozen=True, slots=True)
class BankColumn:
    """One column.

    Attributes:
        text: What a fixed column says.
    """

    head: str
    meaning: Meaning
    text: str = ""


@dataclass(frozen=True, slots=True)
class FileForm:
    """How a file is written.

    Attributes:
        encoding: Of a text file; empty for a workbook.
        separator: Between the columns of a text file.
        has_head: Whether the first line names the columns.
    """

    columns: tuple[BankColumn, ...]
    encoding: str = ""
    separator: str = ""
    has_head: bool = True

    @property
    def is_workbook(self) -> bool:
        """An Excel workbook, and not a text file."""
        return not self.encoding

    @property
    def suffix(self) -> str:
        """How the file's name ends."""
        return ".xlsx" if self.is_workbook else ".csv" if self.separator == "," else ".txt"


@dataclass(frozen=True, slots=True)
class BankFormat:
    """One bank's files.

    Attributes:
        key: The file's name without its ending.
        paid: The words for a transfer that was paid.
        failed: The words for one that was not.
    """

    key: str
    name: str
    out: FileForm
    back: FileForm
    paid: tuple[str, ...]
    failed: tuple[str, ...]


def bank_formats(folder: Path | None = None) -> tuple[BankFormat, ...]:
    """Every bank's format by name; one in the office's folder goes before one of the same file name that ships.

    Args:
        folder: The office's.

    Raises:
        FileProblems: Everything that is wrong in all of the files.
    """
    files = {file.stem: file for file in sorted((resources() / FOLDER).glob("*.yaml"))}
    if folder is not None:
        files |= {file.stem: file for file in sorted((folder / FOLDER).glob("*.yaml"))}
    problems: list[FileProblem] = []
    found: list[BankFormat] = []
    for file in files.values():
        try:
            found.append(read_bank_format(file))
        except FileProblems as error:
            problems += error.problems
    if problems:
        raise FileProblems(problems)
    return tuple(sorted(found, key=lambda each: each.name))


def read_bank_format(file: Path) -> BankFormat:
    """Read one file.

    Raises:
        FileProblems: Everything that is wrong in it, with lines.
    """
    item = read_yaml(file)
    section = item.section()
    name = section.needed_text("名称")
    out = _form(section, "报盘", "值", _WRITTEN, (Meaning.NAME, Meaning.ACCOUNT))
    back = _form(section, "回盘", "含义", _READ, (Meaning.PLACE, Meaning.ACCOUNT, Meaning.RESULT))
    answers = section.section("回盘")
    paid = _words(answers, "成功")
    failed = _words(answers, "失败")
    for word in sorted(set(paid) & set(failed)):
        item.problem("bank_word_twice", word=word)
    if answers is not None:
        for key in ("格式", "编码", "分隔符", "有表头", "列"):
            answers.get(key)
        answers.finish()
    section.finish()
    item.findings.raise_if_any()
    return BankFormat(file.stem, name, out, back, paid, failed)


def _words(section: Section | None, key: str) -> tuple[str, ...]:
    if section is None:
        return ()
    if section.need(key) is None:
        return ()
    return tuple(item.text() for item in section.items(key))


def _form(
    whole: Section, key: str, column_key: str, known: tuple[Meaning, ...], needed: tuple[Meaning, ...]
) -> FileForm:
    given = whole.need(key)
    if given is None:
        return FileForm(())
    section = given.section()
    kind = section.need("格式")
    is_workbook = kind.choice({"文本": False, "表格": True}, False) if kind else False
    columns = tuple(_column(item.section(), column_key, known) for item in section.items("列"))
    _check_columns(given, [column.meaning for column in columns], needed)
    encoding, separator = ("", "") if is_workbook else (_encoding(section), _separator(section))
    has_head = section.flag("有表头", True)
    if key == "报盘":
        section.finish()
    return FileForm(columns, encoding, separator, has_head)


def _column(section: Section, column_key: str, known: tuple[Meaning, ...]) -> BankColumn:
    item = section.need(column_key)
    meaning = item.choice({each.value: each for each in known}, known[0]) if item else known[0]
    text = section.needed_text("文字") if meaning is Meaning.FIXED else ""
    head = section.needed_text("表头")
    section.finish()
    return BankColumn(head, meaning, text)


def _check_columns(given: Item, meanings: list[Meaning], needed: tuple[Meaning, ...]) -> None:
    for meaning in needed:
        if meaning not in meanings:
            given.problem("bank_column_missing", column=meaning.value)
    # An amount is what the answer is held against; in yuan or in fen.
    if not {Meaning.YUAN, Meaning.FEN} & set(meanings):
        given.problem("bank_column_missing", column=Meaning.YUAN.value)
    once = set(meanings) - {Meaning.FIXED, Meaning.UNREAD}
    for meaning in Meaning:
        if meaning in once and meanings.count(meaning) > 1:
            given.problem("bank_column_twice", column=meaning.value)


def _separator(section: Section) -> str:
    text = section.text("分隔符", ",")
    separator = {"制表符": "\t", "竖线": "|", "": ","}.get(text, text)
    if len(separator) != 1 or separator.isalnum() or separator in "\"'\r\n. -":
        section.item.problem("bank_separator", text=text)
        return ","
    return separator


def _encoding(section: Section) -> str:
    item = section.get("编码")
    text = item.text() if item else "GB18030"
    try:
        return codecs.lookup(text).name
    except LookupError:
        if item is not None:
            item.problem("bank_encoding", text=text)
        return "gb18030"


def of_key(formats: tuple[BankFormat, ...], key: str) -> BankFormat:
    """The format with that key.

    Raises:
        ClerkError: ``bank_unknown``.
    """
    for each in formats:
        if each.key == key:
            return each
    raise ClerkError("bank_unknown", key=key)
