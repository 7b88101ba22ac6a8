"""All policies that the program knows: the shipped folders, the office's own, and the parameters of its areas."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from clerk_app.errors import ClerkError, FileProblem, FileProblems
from clerk_app.paths import resources
from clerk_app.policy import installation
from clerk_app.policy.parameters import Parameter, ParameterValues, read_values
from clerk_app.policy.policy_file import is_area_code, read_policy_file, renamed
from clerk_app.policy.resolution import resolve
from clerk_app.policy.slots import PolicyFile
from clerk_app.policy.strict_yaml import Item, read_yaml
from clerk_app.policy.version import Policy, PolicyVersion

#: Worked examples lie beside the documents and are no policies; a document's own are called ``<from>-examples.yaml``.
EXAMPLES_NAME = "examples.yaml"


@dataclass(frozen=True, slots=True)
class AreaParameters:
    """An office's file that fills a framework for one pooling area.

    Attributes:
        framework_code: 沿用, the area whose framework it fills.
        item: Its 参数 block.
        content: The file's bytes, for the policy's hash.
    """

    area_code: str
    area_name: str
    framework_code: str
    item: Item
    content: bytes


class Shelf:
    """The policies by area code."""

    def __init__(self, files: Iterable[PolicyFile], fillings: Iterable[AreaParameters] = ()) -> None:
        self._files: dict[str, list[PolicyFile]] = {}
        for policy_file in files:
            self._files.setdefault(policy_file.area_code, []).append(policy_file)
        self._fillings: dict[str, AreaParameters] = {}
        for filling in fillings:
            held = self._fillings.setdefault(filling.area_code, filling)
            if held is not filling:
                details = {"area": filling.area_name, "one": held.item.findings.file}
                filling.item.problem("parameters_twice", other=filling.item.findings.file, **details)
                filling.item.findings.raise_if_any()
        self._policies: dict[str, Policy] = {}
        unknown = [filling for filling in self._fillings.values() if filling.framework_code not in self._files]
        for filling in unknown:
            filling.item.problem("framework_unknown", given=filling.framework_code, known=tuple(self._files))
            filling.item.findings.raise_if_any()

    def areas(self) -> list[tuple[str, str]]:
        """Code and name of every area, by code."""
        names = {code: files[0].area_name for code, files in self._files.items()}
        names.update({code: filling.area_name for code, filling in self._fillings.items()})
        return sorted(names.items())

    def documents(self, area_code: str) -> tuple[PolicyFile, ...]:
        """The files of an area's own documents, as they were read; none where it has none of its own."""
        return tuple(self._files.get(area_code, ()))

    def is_framework(self, area_code: str) -> bool:
        """Whether the area's documents leave parameters open."""
        return any(policy_file.parameters for policy_file in self._files.get(area_code, ()))

    def open_parameters(self, area_code: str) -> dict[str, Parameter]:
        """Every parameter that a framework leaves to its pooling areas, by name; none for a complete document."""
        found: dict[str, Parameter] = {}
        for policy_file in self._files.get(self.framework_of(area_code), ()):
            found.update(policy_file.parameters)
        return found

    def framework_of(self, area_code: str) -> str:
        """The area whose documents decide: the framework that an area fills, or the area itself."""
        filling = self._fillings.get(area_code)
        return filling.framework_code if filling else area_code

    def filling(self, area_code: str) -> AreaParameters | None:
        """What the office has set for an area, None when it has set nothing."""
        return self._fillings.get(area_code)

    def policy(self, area_code: str) -> Policy:
        """The area's policy, with the office's parameters where it is a framework.

        Raises:
            ClerkError: ``area_unknown``.
            FileProblems: The office's parameters break the framework's bounds.
        """
        policy = self._policies.get(area_code)
        if policy is None:
            filling = self._fillings.get(area_code)
            files = self._documents(filling.framework_code if filling else area_code)
            policy = self._resolved(files, filling)
            self._policies[area_code] = policy
        return policy

    def policy_with(self, area_code: str, parameters: Item) -> Policy:
        """The policy of a framework with the parameters of a worked example, read at once against its bounds.

        Problems go to the item's findings, which the caller raises together with its own.

        Raises:
            ClerkError: ``area_unknown``.
        """
        files = self._documents(self._framework_above(area_code))
        area_name = dict(self.areas()).get(area_code, files[0].area_name)
        documents: list[tuple[PolicyVersion, ...]] = []
        for policy_file in files:
            values = _values(parameters, policy_file)
            parameters.findings.raise_if_any()
            documents.append(resolve(renamed(policy_file, area_code, area_name), values, _fingerprint(values)))
        return _policy(area_code, area_name, documents)

    def _framework_above(self, area_code: str) -> str:
        """The area itself where it has documents, else the framework that it fills or that its province has."""
        if area_code in self._files:
            return area_code
        province = f"{area_code[:2]}0000"
        return province if self.is_framework(province) else self.framework_of(area_code)

    def _documents(self, area_code: str) -> list[PolicyFile]:
        files = self._files.get(area_code)
        if not files:
            raise ClerkError("area_unknown", given=area_code, known=tuple(self._files))
        return files

    def _resolved(self, files: list[PolicyFile], filling: AreaParameters | None) -> Policy:
        documents: list[tuple[PolicyVersion, ...]] = []
        for policy_file in files:
            if filling is None:
                documents.append(resolve(policy_file))
                continue
            values = _values(filling.item, policy_file)
            filling.item.findings.raise_if_any()
            filled = renamed(policy_file, filling.area_code, filling.area_name)
            documents.append(resolve(filled, values, filling.content))
        name = filling.area_name if filling else files[0].area_name
        return _policy(filling.area_code if filling else files[0].area_code, name, documents)


def load_shelf(*folders: Path, beside: Iterable[Path] = ()) -> Shelf:
    """Read every area's folder below the given folders; without any, the shipped policies.

    A folder ``policies/<area>/`` holds one file a document; ``policies/parameters/*.yaml`` fill frameworks.

    Args:
        beside: Documents that are tried beside those of the folders.

    Raises:
        FileProblems: Everything that is wrong in any of the files, at once; ``policy_edited`` and the like where an
            installed document is not what was installed.
    """
    files: list[PolicyFile] = []
    fillings: list[AreaParameters] = []
    read_from = folders or (resources() / "policies",)
    problems = [problem for folder in read_from for problem in installation.problems_of(folder)]
    for path in (*_yaml_files(read_from), *beside):
        try:
            if path.parent.name == "parameters":
                fillings.append(read_area_parameters(path))
            else:
                files.append(read_policy_file(path))
        except FileProblems as error:
            problems += error.problems
    if problems:
        raise FileProblems(problems)
    return Shelf(files, fillings)


def read_area_parameters(path: Path) -> AreaParameters:
    """Read the file with which an area fills a framework.

    Raises:
        FileProblems: Everything that is wrong in its form; the bounds are held against it when it is used.
    """
    item = read_yaml(path, f"{path.parent.name}/{path.name}")
    section = item.section()
    area = section.section("统筹区")
    values = section.need("参数")
    if area is None:
        item.problem("key_missing", key="统筹区")
    code = area.needed_text("代码") if area else ""
    if area and code and not is_area_code(code):
        area.item.problem("area_code_form", given=code)
    filling = AreaParameters(
        code,
        area.needed_text("名称") if area else "",
        section.needed_text("沿用"),
        values or item,
        path.read_bytes(),
    )
    if area:
        area.finish()
    section.finish()
    item.findings.raise_if_any()
    return filling


def _yaml_files(folders: Iterable[Path]) -> list[Path]:
    return [
        path for folder in folders for path in sorted(folder.glob("*/*.yaml")) if not path.name.endswith(EXAMPLES_NAME)
    ]


def _values(parameters: Item, policy_file: PolicyFile) -> ParameterValues:
    if not policy_file.parameters:
        for key, value in parameters.pairs():
            value.problem("parameters_not_open", key=key, area=policy_file.area_name)
    return read_values(parameters, policy_file.parameters)


def _fingerprint(values: ParameterValues) -> bytes:
    """The values alone: on which line they stand changes nothing."""
    tables = sorted(
        (name, [(path, figure.value) for path, figure in table.figures()]) for name, table in values.tables.items()
    )
    return repr((tables, sorted((name, sorted(caps.items())) for name, caps in values.by_disease_fen.items()))).encode()


def _policy(area_code: str, area_name: str, documents: list[tuple[PolicyVersion, ...]]) -> Policy:
    """The versions in order; a later document ends the earlier one the day before it begins.

    Args:
        documents: The versions of each document, the earliest first.

    Raises:
        FileProblems: ``document_conflict``, two documents begin on one day.
    """
    ordered = sorted(documents, key=lambda versions: versions[0].effective_from)
    for (earlier, *_), (later, *_) in itertools.pairwise(ordered):
        if earlier.effective_from == later.effective_from:
            raise FileProblems(
                [
                    FileProblem(
                        later.document.number,
                        0,
                        "document_conflict",
                        {"one": earlier.document.number, "other": later.document.number, "day": later.effective_from},
                    )
                ]
            )
    return Policy(area_code, area_name, tuple(_ended(ordered)))


def _ended(documents: list[tuple[PolicyVersion, ...]]) -> Iterable[PolicyVersion]:
    """What a document says of later days, e.g. a value from next year on, ends with the document."""
    for index, versions in enumerate(documents):
        following: date | None = documents[index + 1][0].effective_from if index + 1 < len(documents) else None
        for version in versions:
            if following is None:
                yield version
            elif version.effective_from < following:
                yield version.ending_before(following)
