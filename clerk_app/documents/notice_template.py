"""The office's own words on papers: plain text files, checked strictly, and the office's own before those that ship.

Amounts come from the ledger alone: a template that has one is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from clerk_app.errors import ClerkError, FileProblem, FileProblems
from clerk_app.paths import resources

#: In the office's folder.
FOLDER = "papers"

_FIELD = re.compile(r"\{([^{}]*)\}")
#: Anything that a reader takes for money: two places behind a point, a sum of yuan, or a capital numeral with one.
_AMOUNT = re.compile(
    r"\d[.．]\d\d(?!\d)|[\d,，]\s*[万亿]?\s*元|[¥￥]\s*\d|[零壹贰叁肆伍陆柒捌玖拾佰仟]\s*[万亿]?\s*[元圆]"
)
_COLON = re.compile("[:：]")
_COMMENT = "#"


def template(name: str, folder: Path | None) -> Path:
    """The office's own file of that name, or the one that ships.

    Args:
        folder: Of the office's templates.
    """
    own = folder / name if folder is not None else None
    return own if own is not None and own.exists() else resources() / "voucher" / name


def filled_lines(file: Path, values: Mapping[str, str], *, place: str) -> tuple[str, ...]:
    """The lines of a template with its fields filled in; comment lines are left out.

    What a value contains is never read as a field again.

    Args:
        values: Every field that the template may use.
        place: The field that stands alone on one line, where the caller draws; that line is given back as it is.

    Raises:
        ClerkError: ``template_not_read``.
        FileProblems: Every unknown field, every amount and a missing or misplaced ``place``, with their lines.
    """
    lines = [(number, line) for number, line in enumerate(_read(file), 1) if not line.startswith(_COMMENT)]
    mark = f"{{{place}}}"
    problems = [
        problem for number, line in lines if line.strip() != mark for problem in _problems(file, number, line, values)
    ]
    if sum(line.strip() == mark for _number, line in lines) != 1:
        problems.append(FileProblem(file.name, 0, "template_place_missing", {"place": mark}))
    if problems:
        raise FileProblems(problems)
    return tuple(
        mark if line.strip() == mark else _FIELD.sub(lambda match: values[match.group(1)], line)
        for _number, line in lines
    )


def key_values(file: Path, known: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    """The lines ``key：value`` of a file, with fields left as they are.

    Args:
        known: Every key that there is; empty lets any key be.
        fields: Every field that a value may use.

    Raises:
        ClerkError: ``template_not_read``.
        FileProblems: Unknown and repeated keys, unknown fields, amounts, and lines of another form.
    """
    found: dict[str, str] = {}
    problems: list[FileProblem] = []
    for number, line in enumerate(_read(file), 1):
        if line.startswith(_COMMENT) or not line.strip():
            continue
        key, *rest = _COLON.split(line, maxsplit=1)
        key, value = key.strip(), "".join(rest)
        if not rest:
            problems.append(FileProblem(file.name, number, "template_line_form", {"text": line.strip()}))
        elif known and key not in known:
            details: dict[str, object] = {"field": key, "known": list(known)}
            problems.append(FileProblem(file.name, number, "template_key_unknown", details))
        elif key in found:
            problems.append(FileProblem(file.name, number, "key_repeated", {"key": key}))
        else:
            problems += _problems(file, number, value, fields)
            found[key] = value.strip()
    if problems:
        raise FileProblems(problems)
    return found


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """A checked text with its fields filled in."""
    return _FIELD.sub(lambda match: values[match.group(1)], text)


def _read(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ClerkError("template_not_read", file=str(file)) from error


def _problems(file: Path, number: int, line: str, values: Mapping[str, str]) -> list[FileProblem]:
    known = list(values)
    problems = [
        FileProblem(file.name, number, "template_field_unknown", {"field": name, "known": known})
        for name in _FIELD.findall(line)
        if name not in values
    ]
    if "{" in _FIELD.sub("", line) or "}" in _FIELD.sub("", line):
        problems.append(FileProblem(file.name, number, "template_brace_open", {}))
    # A field that stands for an amount may be followed by its unit.
    if _AMOUNT.search(_FIELD.sub("　", line)):
        problems.append(FileProblem(file.name, number, "template_amount", {}))
    return problems
