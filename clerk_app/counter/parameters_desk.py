"""The figures that a framework leaves to its pooling areas: what is missing, and setting it inside the bounds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.typed import half_width, parse_amount
from clerk_app.errors import ClerkError, FileProblems
from clerk_app.jobs import whole_file
from clerk_app.money import format_yuan
from clerk_app.paths import resources
from clerk_app.policy.parameters import Parameter
from clerk_app.policy.shelf import load_shelf
from clerk_app.policy.strict_yaml import Item
from clerk_app.policy.version import OpenTerms
from clerk_app.receipts.claim import normalised
from clerk_app.wording import N_, SENTENCES, _, filled, sentence

PARAMETERS_FOLDER = "parameters"
_POLICIES_FOLDER = "policies"

#: The cells of a figure that differs by person and tier, in the order of the form.
CELLS = tuple((status, tier) for status in ("在职", "退休") for tier in ("一级", "二级", "三级"))

#: All of it, in hundredths of a percent.
_WHOLE = 10_000

_KINDS = {"fen": N_("金额（元）"), "ratio": N_("百分比"), "fen_by_disease": N_("病种=金额")}


@dataclass(slots=True)
class ParameterRow:
    """One open figure on the form.

    Attributes:
        texts: What is typed for each cell of ``CELLS``; the first alone means all of them.
    """

    parameter: Parameter
    texts: list[str]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not any(text.strip() for text in self.texts)

    @property
    def kind_words(self) -> str:
        """What is to be typed."""
        return _(_KINDS[self.parameter.kind])

    @property
    def bound_words(self) -> str:
        """The bounds that the document sets."""
        parameter = self.parameter
        parts: list[str] = []
        if parameter.minimum is not None:
            parts.append(f"≥ {_shown(parameter.minimum)}")
        parts += [f"{who} ≥ {_shown(floor)}" for who, floor in (parameter.minimum_by_status or {}).items()]
        if parameter.above is not None:
            parts.append(f"> {_shown(parameter.above)}")
        if parameter.maximum is not None:
            parts.append(f"≤ {_shown(parameter.maximum)}")
        if parameter.choices:
            parts.append(" / ".join(_shown(choice) for choice in parameter.choices))
        if parameter.not_above:
            parts.append(f"≤ {parameter.not_above}")
        if parameter.retired_not_below_employed:
            parts.append(_("退休不低于在职"))
        return _("，").join(parts) or _("不限")


@dataclass(frozen=True, slots=True)
class ParametersSaved:
    """What came of checking and saving.

    Attributes:
        problems: Why nothing was written.
        target: The file that was written; None with problems.
        missing: The parameters without which some cell cannot be computed even so.
    """

    problems: tuple[str, ...]
    target: Path | None = None
    missing: tuple[str, ...] = ()


class ParametersDesk:
    """The parameters of one pooling area.

    Attributes:
        area_code: The pooling area's own code, which may be the framework's.
    """

    def __init__(self, desk: Desk, area_code: str) -> None:
        self.desk = desk
        shelf = desk.shelf
        self.framework_code = shelf.framework_of(area_code)
        self.area_code = area_code
        self.area_name = dict(shelf.areas()).get(area_code, "")
        filling = shelf.filling(area_code)
        self.rows = [
            ParameterRow(parameter, _texts_of(filling.item if filling else None, parameter))
            for parameter in shelf.open_parameters(area_code).values()
        ]

    def missing(self) -> tuple[str, ...]:
        """The parameters without which some cell cannot be computed."""
        try:
            policy = self.desk.policy(self.area_code)
        except ClerkError:
            return tuple(row.parameter.name for row in self.rows)
        names: dict[str, None] = {}
        for version in policy.versions:
            for cells in version.cells.values():
                for terms in cells.values():
                    if isinstance(terms, OpenTerms):
                        names.update(dict.fromkeys(terms.missing_parameters))
        return tuple(names)

    def problems(self) -> tuple[str, ...]:
        """Everything that the framework has against what is typed, all at once."""
        try:
            text = self._yaml()
        except FileProblems as error:
            return tuple(filled(_(SENTENCES[problem.code]), problem.details) for problem in error.problems)
        except ClerkError as error:
            return (sentence(error),)
        return self._held_against_bounds(text)

    def check_and_save(self) -> ParametersSaved:
        """Write the area's file where nothing is wrong; it reads every policy again, beside the window.

        Raises:
            ClerkError: As ``save``.
        """
        problems = self.problems()
        if problems:
            return ParametersSaved(problems)
        target = self.save()
        return ParametersSaved((), target, self.missing())

    def save(self) -> Path:
        """Write the area's file and use it from now on.

        Raises:
            ClerkError: ``not_allowed``, ``file_not_written``, or the first of ``problems``; nothing is written then.
        """
        self.desk.require(Action.CHANGE_OFFICE)
        text = self._yaml()
        with tempfile.TemporaryDirectory() as trial:
            self._load_trial(Path(trial), text)
        folder = self.desk.folder / _POLICIES_FOLDER / PARAMETERS_FOLDER
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ClerkError("folder_not_made", folder=str(folder), reason=error.strerror or str(error)) from error
        target = folder / f"{self._code()}.yaml"
        with whole_file(target) as draft:
            draft.write_text(text, encoding="utf-8")
        self.desk.reload_policies()
        return target

    def _held_against_bounds(self, text: str) -> tuple[str, ...]:
        with tempfile.TemporaryDirectory() as trial:
            try:
                self._load_trial(Path(trial), text)
            except FileProblems as error:
                # The file and its lines are the program's own here; the clerk sees a form.
                return tuple(filled(_(SENTENCES[problem.code]), problem.details) for problem in error.problems)
            except ClerkError as error:
                return (sentence(error),)
        return ()

    def _load_trial(self, folder: Path, text: str) -> None:
        (folder / PARAMETERS_FOLDER).mkdir()
        (folder / PARAMETERS_FOLDER / f"{self._code()}.yaml").write_text(text, encoding="utf-8")
        own = self.desk.folder / _POLICIES_FOLDER
        load_shelf(resources() / "policies", own, folder).policy(self._code())

    def _code(self) -> str:
        code = half_width(self.area_code)
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise ClerkError("area_code_form", given=self.area_code)
        return code

    def _yaml(self) -> str:
        """The area's file in the officers' format.

        Raises:
            ClerkError: ``area_code_form``, ``area_name_missing``, ``parameters_empty``, ``parameter_row_incomplete``,
                ``parameter_value``, ``parameter_percent`` or
                ``parameter_disease_form``.
        """
        if not self.area_name.strip():
            raise ClerkError("area_name_missing")
        lines = [
            f"统筹区: {{代码: {_quoted(self._code())}, 名称: {_quoted(self.area_name.strip())}}}",
            f"沿用: {_quoted(self.framework_code)}",
            "参数:",
        ]
        groups: dict[str, list[str]] = {}
        for row in self.rows:
            if not row.is_blank:
                group, _dot, key = row.parameter.name.partition(".")
                groups.setdefault(group, []).append(f"    {key}: {_value(row)}")
        for group, values in groups.items():
            lines += [f"  {group}:", *values]
        if not groups:
            raise ClerkError("parameters_empty")
        return "\n".join(lines) + "\n"


def _value(row: ParameterRow) -> str:
    parameter = row.parameter
    if parameter.kind == "fen_by_disease":
        return "{" + ", ".join(_diseases(row)) + "}"
    given = [text.strip() for text in row.texts]
    if not any(given[1:]):
        return _figure(parameter, given[0])
    if not all(given):
        raise ClerkError("parameter_row_incomplete", name=parameter.name)
    figures = {cell: _figure(parameter, text) for cell, text in zip(CELLS, given, strict=True)}
    by_status: dict[str, list[str]] = {}
    for (status, tier), figure in figures.items():
        by_status.setdefault(status, []).append(f"{tier}: {figure}")
    return "{" + ", ".join(f"{status}: {{{', '.join(parts)}}}" for status, parts in by_status.items()) + "}"


def _diseases(row: ParameterRow) -> Iterator[str]:
    for part in row.texts[0].replace("；", ";").split(";"):
        if not part.strip():
            continue
        disease, sign, amount = part.replace("＝", "=").partition("=")
        if not sign or not disease.strip():
            raise ClerkError("parameter_disease_form", name=row.parameter.name)
        yield f"{_quoted(normalised(disease))}: {_figure(row.parameter, amount)}"


def _figure(parameter: Parameter, text: str) -> str:
    try:
        value = parse_amount(text.strip().removesuffix("%").removesuffix("％"))
    except ClerkError as error:
        raise ClerkError("parameter_value", name=parameter.name, text=text) from error
    if parameter.kind == "ratio" and not 0 <= value <= _WHOLE:
        # A file's reader would name the figure alone, which says nothing of the line on the form.
        raise ClerkError("parameter_percent", name=parameter.name, text=text)
    return format_yuan(value).removesuffix(".00")


def _shown(value: int) -> str:
    """Yuan and percent are both hundredths."""
    return format_yuan(value, separators=True).removesuffix(".00")


def _quoted(text: str) -> str:
    """A YAML scalar that stays text whatever it holds."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _texts_of(values: Item | None, parameter: Parameter) -> list[str]:
    """What the area's file says now, as the form shows it."""
    texts = [""] * len(CELLS)
    item = _found(values, parameter.name.split("."))
    if item is None:
        return texts
    if parameter.kind == "fen_by_disease":
        texts[0] = "；".join(f"{disease}={amount.text()}" for disease, amount in item.pairs())
        return texts
    if item.is_scalar:
        texts[0] = item.text()
        return texts
    branches = dict(item.pairs())
    return [_cell_text(branches, status, tier) for status, tier in CELLS]


def _found(values: Item | None, keys: list[str]) -> Item | None:
    item = values
    for key in keys:
        if item is None or not item.is_mapping:
            return None
        item = dict(item.pairs()).get(key)
    return item


def _cell_text(branches: Mapping[str, Item], status: str, tier: str) -> str:
    """A file may nest by status, by tier, or by both in either order."""
    for first, second in ((status, tier), (tier, status)):
        item = branches.get(first)
        if item is None:
            continue
        if item.is_scalar:
            return item.text()
        inner = dict(item.pairs()).get(second)
        if inner is not None and inner.is_scalar:
            return inner.text()
    return ""
