"""Worked examples written in a test, read and run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from clerk_app.errors import FileProblem, FileProblems
from clerk_app.examples.case import Case
from clerk_app.examples.case_file import read_cases
from clerk_app.examples.runner import CaseResult, run_case

#: The sample of cases.md, to the letter but for one line that is broken in two.
SAMPLE = """\
- 名称: 在职三级，首笔跨过起付线
  出处: 江西省实施意见 二(三)          # required
  统筹区: "360000"
  参数: {}                             # only for frameworks (Jilin, Chongqing): see below
  参保人: {险种: 职工, 人员类别: 在职}   # 险种 职工|居民 · 人员类别 在职|退休 (residents: 居民)
  备案: [{类别: 常驻异地工作, 起: 2023-01-01, 止: 2023-12-31}]
  已享受: [{年度: 2023, 待遇: 普通门诊, 起付线已付: 100.00, 统筹已付: 0.00}]
  步骤:
    - 结算:
        日期: 2023-06-01
        材料: [医保凭证, 收据, 病历]
        票据:
          - {号码: A1, 就诊时间: 2023-05-20 09:00, 医疗机构: 北京某医院, 等级: 三级, 待遇: 普通门诊,
             总额: 1000.00, 全自费: 50.00, 超限价: 0.00, 先行自付: 30.00}
      应得:
        结论: 支付
        统筹支付: 210.00
        票据: [{结论: 支付, 政策范围内: 920.00, 起付线: 500.00, 比例: 50, 统筹支付: 210.00, 个人负担: 790.00,
                超限额: 0.00}]
    - 冲正: {步骤: 1}
      应得: {统筹支付: -210.00}
"""


class Officer:
    """Writes a file of cases and has it read or run."""

    def __init__(self, folder: Path, shelf) -> None:
        self.file = folder / "examples.yaml"
        self._shelf = shelf

    def read(self, content: str | bytes, **options: bool) -> list[Case]:
        """Every case of a file with this content."""
        self.file.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_cases(self.file, self._shelf, **options)

    def run(self, content: str) -> CaseResult:
        """The one case of a file with this content."""
        (case,) = self.read(content)
        return run_case(case)

    def problems(self, content: str | bytes, **options: bool) -> list[FileProblem]:
        """What is wrong in a file with this content."""
        with pytest.raises(FileProblems) as failure:
            self.read(content, **options)
        assert {problem.file for problem in failure.value.problems} == {str(self.file)}
        return list(failure.value.problems)


@pytest.fixture
def officer(tmp_path, shelf) -> Officer:
    """``officer.run(text)``, ``officer.problems(text)``."""
    return Officer(tmp_path, shelf)


@pytest.fixture(scope="session")
def sample() -> Callable[..., str]:
    """The sample of cases.md, with passages replaced that stand there once."""

    def changed(*replaced: tuple[str, str]) -> str:
        text = SAMPLE
        for old, new in replaced:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        return text

    return changed
