"""A policy officer's folder: a document that follows Jiangxi's, with passages replaced, and its worked examples."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from clerk_app.counter.policy_desk import PolicyDesk
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.ledger.records import User
from clerk_app.paths import resources
from clerk_app.policy.installation import Installation, Proposal
from tests.ledger.office import CLERK, PASSWORD, QUICK, REVIEWER, Clock, staffed

EXAMPLES = """\
- 名称: 在职三级
  出处: 示例〔2024〕1号 二(三)
  统筹区: "360000"
  参保人: {险种: 职工, 人员类别: 在职}
  步骤:
    - 结算: {票据: [{号码: A1, 就诊时间: FROM, 医疗机构: 示例医院, 等级: 三级, 总额: 1000}]}
      应得: {结论: 支付, 统筹支付: 250.00}
"""
#: The follower takes 500 before it pays, and nothing else is new.
FOLLOWS = (
    ("文号: 江西省实施意见", "文号: 示例〔2024〕1号"),
    ("方式: 按年, 值: 600", "方式: 按年, 值: 500"),
)


def shipped(*replaced: tuple[str, str], area: str = "jiangxi/2023-01-01.yaml") -> str:
    """A shipped document with passages replaced; each has to stand there once."""
    text = (resources() / "policies" / area).read_text(encoding="utf-8")
    for old, new in replaced:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def folder(
    path: Path, *replaced: tuple[str, str], begins: str = "2024-07-01", examples: str = EXAMPLES, text: str = ""
) -> Path:
    """What the officer hands in."""
    path.mkdir(parents=True)
    follower = shipped(*FOLLOWS, ("起: 2023-01-01", f"起: {begins}"))
    for old, new in replaced:
        assert follower.count(old) == 1, old
        follower = follower.replace(old, new)
    (path / f"{begins}.yaml").write_text(text or follower, encoding="utf-8")
    (path / "examples.yaml").write_text(examples.replace("FROM", begins), encoding="utf-8")
    return path


def noon(year: int, month: int, day: int) -> datetime:
    """The office's local time."""
    return datetime(year, month, day, 12)  # noqa: DTZ001 -- the office's local time


class PolicyOffice(PolicyDesk):
    """The desk of an office with its users, where whoever acts signs in first."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.clock = Clock(noon(2024, 6, 1))
        self.ledger: Ledger = staffed(open_ledger(folder / "clerk.db", "360000", self.clock, hardness=QUICK))
        super().__init__(folder, self.ledger, self.clock)

    def propose_by(self, folder: Path, user: User = CLERK) -> Proposal:
        """Somebody hands a folder in."""
        checked = self.check(folder)
        staffed(self.ledger, user)
        return self.propose(checked)

    def install_by(self, area_code: str, effective_from: date, user: User = REVIEWER) -> Installation:
        """Somebody installs what lies ready."""
        staffed(self.ledger, user)
        return self.install(area_code, effective_from, PASSWORD)
