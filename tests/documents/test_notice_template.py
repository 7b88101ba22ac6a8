from __future__ import annotations

from pathlib import Path

import pytest

from clerk_app.documents.notice_template import filled_lines
from clerk_app.errors import ClerkError, FileProblems
from clerk_app.wording import sentence


def lines(folder: Path, text: str) -> tuple[str, ...]:
    file = folder / "模板.txt"
    file.write_text(text, encoding="utf-8")
    return filled_lines(file, {"姓名": "张{电话}示例", "电话": "1"}, place="明细")


def test_fields_are_filled_and_what_they_contain_is_not_read_again(tmp_path: Path) -> None:
    assert lines(tmp_path, "# 注\n{姓名}：{电话}\n\n{明细}\n") == ("张{电话}示例：1", "", "{明细}")


def test_every_unknown_field_is_listed_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(FileProblems) as caught:
        lines(tmp_path, "{姓}\n{明细}\n{电话号}{\n")

    assert [(problem.line, problem.code) for problem in caught.value.problems] == [
        (1, "template_field_unknown"),
        (3, "template_field_unknown"),
        (3, "template_brace_open"),
    ]
    assert "模板.txt:1" in sentence(caught.value)
    assert "{字段名}" in sentence(caught.value)


@pytest.mark.parametrize("text", ["{姓名}\n", "{明细}\n{明细}\n"])
def test_the_place_of_the_table_must_stand_once(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileProblems) as caught:
        lines(tmp_path, text)

    assert "{明细}" in sentence(caught.value)


def test_a_template_that_cannot_be_read_is_a_plain_failure(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")

    for name in ("none.txt", "bad.txt"):
        with pytest.raises(ClerkError) as caught:
            filled_lines(tmp_path / name, {}, place="明细")
        assert caught.value.code == "template_not_read"
