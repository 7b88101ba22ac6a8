"""The office's own words on a notice: a plain text file with named fields, checked strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from clerk_app.errors import ClerkError, FileProblem, FileProblems

_FIELD = re.compile(r"\{([^{}]*)\}")
_COMMENT = "#"


def filled_lines(file: Path, values: Mapping[str, str], *, place: str) -> tuple[str, ...]:
    """The lines of a template with its fields filled in; comment lines are left out.

    What a value contains is never read as a field again.

    Args:
        values: Every field that the template may use.
        place: The field that stands alone on one line, where the caller draws; that line is given back as it is.

    Raises:
        ClerkError: ``template_not_read``.
        FileProblems: Every unknown field and a missing or misplaced ``place``, with their lines.
    """
    lines = [(number, line) for number, line in enumerate(_read(file), 1) if not line.startswith(_COMMENT)]
    problems = [problem for number, line in lines for problem in _problems(file, number, line, values, place)]
    mark = f"{{{place}}}"
    if sum(line.strip() == mark for _number, line in lines) != 1:
        problems.append(FileProblem(file.name, 0, "template_place_missing", {"place": mark}))
    if problems:
        raise FileProblems(problems)
    return tuple(
        mark if line.strip() == mark else _FIELD.sub(lambda match: values[match.group(1)], line)
        for _number, line in lines
    )


def _read(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ClerkError("template_not_read", file=str(file)) from error


def _problems(file: Path, number: int, line: str, values: Mapping[str, str], place: str) -> list[FileProblem]:
    if line.strip() == f"{{{place}}}":
        return []
    known = "、".join(values)
    problems = [
        FileProblem(file.name, number, "template_field_unknown", {"field": name, "known": known})
        for name in _FIELD.findall(line)
        if name not in values
    ]
    if "{" in _FIELD.sub("", line) or "}" in _FIELD.sub("", line):
        problems.append(FileProblem(file.name, number, "template_brace_open", {}))
    return problems
