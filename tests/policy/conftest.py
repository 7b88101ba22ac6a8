"""An office's own folder of policies, made of the shipped documents with passages replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from clerk_app.errors import FileProblem, FileProblems
from clerk_app.paths import resources
from clerk_app.policy.shelf import Shelf, load_shelf

SHIPPED = {
    "jilin": "jilin/2023-01-01.yaml",
    "chongqing": "chongqing/2023-01-01.yaml",
    "jiangxi": "jiangxi/2023-01-01.yaml",
    "nanyang": "nanyang/2022-07-01.yaml",
    "jining": "jining/2021-04-01.yaml",
}


class Office:
    """A folder of policy files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def shipped(self, area: str, *replaced: tuple[str, str], name: str = "") -> Path:
        """A shipped document with passages replaced; each has to stand there once."""
        text = (resources() / "policies" / SHIPPED[area]).read_text(encoding="utf-8")
        for old, new in replaced:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        return self.write(f"{area}/{name}" if name else SHIPPED[area], text)

    def write(self, name: str, content: str | bytes) -> Path:
        """Any file."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def parameters(self, values: str, code: str = "220199", framework: str = "220000", name: str = "x") -> Path:
        """An area's file that fills a framework."""
        head = f'统筹区: {{代码: "{code}", 名称: 示例市}}\n沿用: "{framework}"\n参数:\n'
        return self.write(f"parameters/{name}.yaml", head + values)

    def shelf(self) -> Shelf:
        """Everything in the folder."""
        return load_shelf(self.folder)

    def problems(self, code: str = "") -> list[FileProblem]:
        """What is wrong, on loading or on asking for an area's policy."""
        with pytest.raises(FileProblems) as failure:
            self.shelf().policy(code)
        return list(failure.value.problems)


@pytest.fixture
def office(tmp_path) -> Office:
    """``office.shipped("jiangxi", ("600", "700"))``, then ``office.shelf()`` or ``office.problems("360000")``."""
    return Office(tmp_path)


@pytest.fixture(scope="session")
def outlined() -> Callable[..., list[tuple[int, str]]]:
    """Line and code of each problem."""
    return lambda problems: [(problem.line, problem.code) for problem in problems]
