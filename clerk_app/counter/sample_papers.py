"""The papers of the sample claim, and what is typed for them, key by key: for the guide, the README and its picture."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from clerk_app.money import parse_yuan
from clerk_app.paths import resources
from clerk_app.wording import N_


@dataclass(frozen=True, slots=True)
class SamplePaper:
    """One receipt as it is printed; amounts in yuan as the paper has them, empty where it has none.

    Attributes:
        month: With ``day``, when it was; the practice office's year goes with it.
        letters: What finds the hospital.
        fees: What it is made of, each with its amount.
    """

    bill_code: str
    number: str
    check_code: str
    month: str
    day: str
    hospital: str
    letters: str
    tier: str
    total: str
    self_funded: str
    paid_first: str
    fees: tuple[tuple[str, str], ...]

    @property
    def typed_day(self) -> str:
        """The day as it is typed: month and two digits of the day."""
        return f"{int(self.month)}{int(self.day):02d}"

    @property
    def in_scope_fen(self) -> int:
        """What is left of the total for the fund to look at."""
        return parse_yuan(self.total) - parse_yuan(self.self_funded or "0") - parse_yuan(self.paid_first or "0")


@dataclass(frozen=True, slots=True)
class SampleCase:
    """Somebody's papers, and what the fund pays for them in the practice office."""

    name: str
    letters: str
    fund: str
    papers: tuple[SamplePaper, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to type.

    Attributes:
        keys: What is typed: a text, or the name of a key.
        words: What it is, a sentence of the catalogue with ``{text}``.
        text: What stands on the paper.
        place: The line of the receipt and the field that it fills; None for the others.
    """

    keys: tuple[str, ...]
    words: str
    text: str = ""
    place: tuple[int, str] | None = None


ENTER = "Enter"
#: What each step is; ``{text}`` is what stands on the paper.
PERSON = N_("参保人{text}：在扫描框（F6）输入姓名的拼音首字母")
_NUMBER, _DAY = N_("票据号码 {text}（F7 到票据表）"), N_("就诊日期 {text}：只输入月和日")
_HOSPITAL, _TOTAL = N_("医疗机构{text}：输入拼音首字母"), N_("总额 {text}")
_OWN, _FIRST = N_("全自费 {text}；没有超限价的，再按一次 Enter"), N_("先行自付 {text}")
_NOTHING_ELSE = N_("总额 {text}；没有自费的，连按 Enter 到下一行")
PAPERS, SETTLE, PREVIEW = N_("常用材料都交了"), N_("看右上角统筹支付的金额，然后结算"), N_("看结算单；Esc 关闭")


def sample_case() -> SampleCase:
    """The sample claim as it is shipped."""
    given = tomllib.loads((resources() / "sample" / "claim.toml").read_text(encoding="utf-8"))
    papers = tuple(
        SamplePaper(**{**each, "fees": tuple((name, amount) for name, amount in each["fees"])})
        for each in given["receipt"]
    )
    return SampleCase(given["person"]["name"], given["person"]["letters"], given["fund"]["yuan"], papers)


def steps(case: SampleCase) -> tuple[Step, ...]:
    """Everything that is typed, from the empty form to the printed voucher."""
    typed = [Step((case.letters, ENTER), PERSON, case.name)]
    for row, paper in enumerate(case.papers):
        typed += _steps_of(row, paper, row > 0 and paper.hospital == case.papers[row - 1].hospital)
    return (*typed, Step(("Ctrl+M",), PAPERS), Step(("F9",), SETTLE), Step(("F8",), PREVIEW))


def _steps_of(row: int, paper: SamplePaper, is_same_hospital: bool) -> Iterator[Step]:
    yield Step((paper.number, ENTER), _NUMBER, paper.number, (row, "number"))
    yield Step((paper.typed_day, ENTER), _DAY, f"{paper.month}-{paper.day}", (row, "visited_on"))
    if not is_same_hospital:
        yield Step((paper.letters, ENTER), _HOSPITAL, paper.hospital, (row, "hospital"))
    if not (paper.self_funded or paper.paid_first):
        yield Step((paper.total, ENTER, ENTER, ENTER, ENTER), _NOTHING_ELSE, paper.total, (row, "total"))
        return
    yield Step((paper.total, ENTER), _TOTAL, paper.total, (row, "total"))
    yield Step((paper.self_funded, ENTER, ENTER), _OWN, paper.self_funded, (row, "self_funded"))
    yield Step((paper.paid_first, ENTER), _FIRST, paper.paid_first, (row, "paid_first"))
