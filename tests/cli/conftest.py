"""The command line as it is typed: a process of its own, with an office's folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CASE = """\
- 名称: 在职三级
  出处: 江西省实施意见 二(三)
  统筹区: "360000"
  参保人: {险种: 职工, 人员类别: 在职}
  步骤:
    - 结算: {票据: [{号码: A1, 就诊时间: 2023-05-20, 医疗机构: 北京某医院, 等级: 三级, 总额: 1000.00}]}
      应得: {结论: 支付, 统筹支付: 200.00}
    - 冲正: {步骤: 1}
      应得: {统筹支付: -200.00}
"""


@pytest.fixture
def typed(tmp_path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """``typed("examples", file)``: exit code, standard output and standard error; ``keyed`` is typed in."""

    def run(*arguments: object, keyed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "clerk_app", *map(str, arguments)],
            env={**os.environ, "CLERK_DATA": str(tmp_path / "data"), "PYTHONUTF8": "1", **environment},
            input=keyed,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def file(tmp_path) -> Callable[..., Path]:
    """A file of cases with passages replaced: ``file(("200.00", "201.00"), name="wrong.yaml")``."""

    def write(*replaced: tuple[str, str], name: str = "cases.yaml") -> Path:
        text = CASE
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
