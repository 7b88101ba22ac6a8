"""Head office's look over many offices' months: which files count, which bills were paid twice, who is over a cap."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from clerk_app.documents.received_month import ReceivedLine, ReceivedMonth
from clerk_app.documents.workbook_seal import CODE, EXPORTED_AT, HEAD, MONTH, OFFICE, PRACTICE, PREVIOUS, RESEND
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.receipts.claim import normalised
from clerk_app.wording import N_, _, filled, sentence


class Verdict(Enum):
    """What becomes of a file."""

    TAKEN = N_("计入")
    SUPERSEDED = N_("被后一次导出取代")
    REFUSED = N_("不计入")

    @property
    def term(self) -> str:
        """In words."""
        return _(self.value)


@dataclass(slots=True)
class File:
    """A file of the folder.

    Attributes:
        month: None where it could not be read at all.
        remarks: Why it does not count, and what is unusual about it.
    """

    path: Path
    month: ReceivedMonth | None
    verdict: Verdict
    remarks: list[str] = field(default_factory=list)

    def fact(self, label: str) -> str:
        """Something signed; empty where nothing is."""
        return self.month.facts.get(label, "") if self.month else ""

    @property
    def office(self) -> str:
        """Which office: its key tells, whatever it calls itself."""
        return self.month.public_key if self.month else ""

    @property
    def lines(self) -> Sequence[ReceivedLine]:
        """What counts."""
        return self.month.lines if self.month and self.verdict is Verdict.TAKEN else ()


class Placed(NamedTuple):
    """A line and the file it stands in."""

    file: File
    line: ReceivedLine


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One bill paid by two offices.

    Attributes:
        is_certain: The same code and number; otherwise the same institution, day, amount and person.
        lines: One for each office at least.
    """

    is_certain: bool
    lines: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class OverCap:
    """A person who got more than a year's cap from several offices together, in fen.

    Attributes:
        paid_fen: By the files alone.
        before_fen: What the office that knew most had counted before its first payment in the files.
        is_certain: The files' payments alone are over the cap; otherwise only with what was counted before.
        by_office: What each office paid.
    """

    name: str
    id_number: str
    year: int
    pool: str
    cap_fen: int
    paid_fen: int
    before_fen: int
    is_certain: bool
    by_office: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Consolidation:
    """What was found."""

    files: tuple[File, ...]
    duplicates: tuple[Duplicate, ...]
    over_caps: tuple[OverCap, ...]
    remarks: tuple[str, ...]


def consolidate(paths: Sequence[Path], read: Callable[[Path], ReceivedMonth], progress: Progress) -> Consolidation:
    """Read every file and judge all together.

    Args:
        read: Reads one file; a ``ClerkError`` refuses that file alone.
    """
    files = []
    for done, path in enumerate(paths):
        progress.step(done, len(paths))
        files.append(_read(path, read))
    _supersede(files)
    progress.step(len(paths), len(paths))
    placed = [Placed(file, line) for file in files for line in file.lines]
    return Consolidation(tuple(files), tuple(_duplicates(placed)), tuple(_over_caps(placed)), tuple(_remarks(files)))


def _read(path: Path, read: Callable[[Path], ReceivedMonth]) -> File:
    try:
        month = read(path)
    except ClerkError as error:
        return File(path, None, Verdict.REFUSED, [sentence(error)])
    if month.differences:
        return File(path, month, Verdict.REFUSED, list(month.differences))
    if month.facts[PRACTICE] == "是":
        return File(path, month, Verdict.REFUSED, [_("练习数据不计入。")])
    remarks = [] if month.is_untouched else [_("签发以后被表格软件另存过，签名的内容一致。")]
    return File(path, month, Verdict.TAKEN, remarks)


def _supersede(files: Sequence[File]) -> None:
    """Of several exports of one office's month the last one counts."""
    months: defaultdict[tuple[str, str], list[File]] = defaultdict(list)
    for file in files:
        if file.verdict is Verdict.TAKEN:
            months[file.office, file.fact(MONTH)].append(file)
    for same in months.values():
        same.sort(key=_order)
        for file in same[:-1]:
            file.verdict = Verdict.SUPERSEDED
            words = _("同一机构同一月份有第 {times} 次导出，以它为准。")
            file.remarks.append(filled(words, {"times": same[-1].fact(RESEND)}))


def _order(file: File) -> tuple[int, int, str]:
    """The order in which an office exported: its trail only grows."""
    rows, times = file.fact(HEAD).partition("-")[0], file.fact(RESEND)
    return int(rows) if rows.isdecimal() else 0, int(times) if times.isdecimal() else 0, file.fact(EXPORTED_AT)


def _remarks(files: Sequence[File]) -> Iterator[str]:
    """Months that are missing, and offices that go by one code."""
    offices: defaultdict[str, list[File]] = defaultdict(list)
    for file in files:
        if file.verdict is Verdict.TAKEN:
            offices[file.office].append(file)
    latest = max((file.fact(MONTH) for same in offices.values() for file in same), default="")
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for same in offices.values():
        same.sort(key=lambda file: file.fact(MONTH))
        months = [file.fact(MONTH) for file in same]
        name = same[-1].fact(OFFICE)
        codes[same[-1].fact(CODE)].add(name)
        for before, after in itertools.pairwise(months):
            if missing := _between(before, after):
                yield filled(_("{office} 缺少 {months} 的月报。"), {"office": name, "months": missing})
        if months[-1] < latest:
            words = _("{office} 最近的月报是 {month}，其他机构已报到 {latest}。")
            yield filled(words, {"office": name, "month": months[-1], "latest": latest})
        for file in same:
            previous = file.fact(PREVIOUS)
            if previous > file.fact(MONTH):
                words = _("{office} 的 {month} 是在 {previous} 之后补报或重报的。")
                yield filled(words, {"office": name, "month": file.fact(MONTH), "previous": previous})
    for code, names in codes.items():
        if len(names) > 1:
            words = _("机构代码 {code} 有不同的签名公钥：{names}。请核对公钥。")
            yield filled(words, {"code": code, "names": sorted(names)})


def _between(before: str, after: str) -> list[str]:
    first, last = (int(each[:4]) * 12 + int(each[5:7]) - 1 for each in (before, after))
    return [f"{place // 12}-{place % 12 + 1:02d}" for place in range(first + 1, last)]


def _duplicates(placed: Sequence[Placed]) -> Iterator[Duplicate]:
    certain: set[int] = set()
    for same in _standing(placed, lambda line: line.bill_key):
        certain.update(id(each.line) for each in same)
        yield Duplicate(is_certain=True, lines=same)
    rest = [each for each in placed if id(each.line) not in certain]
    for same in _standing(rest, _likeness):
        yield Duplicate(is_certain=False, lines=same)


def _likeness(line: ReceivedLine) -> tuple[str, str, int, str]:
    """Paper and electronic copy of one bill; a reversal has the same amount below nothing."""
    return normalised(line.institution), line.visited_on, abs(line.total_fen), line.person_key


def _standing(placed: Sequence[Placed], key: Callable[[ReceivedLine], object]) -> Iterator[tuple[Placed, ...]]:
    """What stands, reversals taken off, in two offices at least under one key."""
    count: defaultdict[object, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in placed:
        count[key(each.line)][each.file.office] += each.line.paper
    twice = {under for under, offices in count.items() if sum(net > 0 for net in offices.values()) > 1}
    lines: defaultdict[object, list[Placed]] = defaultdict(list)
    for each in placed:
        under = key(each.line)
        if under in twice and each.line.paper > 0 and count[under][each.file.office] > 0:
            lines[under].append(each)
    for same in lines.values():
        yield tuple(same)


def _over_caps(placed: Sequence[Placed]) -> Iterator[OverCap]:
    people: defaultdict[tuple[str, int, str], list[Placed]] = defaultdict(list)
    for each in placed:
        people[each.line.person_key, each.line.year, each.line.cap_pool].append(each)
    for (_person, year, pool), lines in people.items():
        by_office: defaultdict[str, int] = defaultdict(int)
        before: dict[str, int] = {}
        names: dict[str, str] = {}
        for file, line in lines:
            by_office[file.office] += line.fund_fen
            names[file.office] = file.fact(OFFICE)
            if line.paper > 0:
                before[file.office] = min(line.used_before_fen, before.get(file.office, line.used_before_fen))
        cap_fen = max(each.line.cap_fen for each in lines)
        paid_fen, before_fen = sum(by_office.values()), max(before.values(), default=0)
        if len(by_office) < 2 or cap_fen <= 0 or paid_fen + before_fen <= cap_fen:
            continue
        first = lines[0].line
        offices = tuple((names[office], fen) for office, fen in by_office.items())
        is_certain = paid_fen > cap_fen
        yield OverCap(
            first.name, first.id_number, year, pool, cap_fen, paid_fen, before_fen, is_certain, by_office=offices
        )
