"""Officers' YAML files, read strictly: every scalar is text until its slot says what it is.

Problems are collected, not raised one by one, so that an officer sees all of them with file, line and the nearest
valid key.
"""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from clerk_app.errors import ClerkError, FileProblem, FileProblems
from clerk_app.money import parse_yuan

_Value = TypeVar("_Value")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_PERCENT = re.compile(r"\d{1,3}(?:\.\d{1,2})?")
#: Eight times the largest file that ships; what is larger keeps the reader busy for longer than anybody waits.
_LARGEST_FILE_BYTES = 150_000
#: Blocks within blocks; the files that ship have eight. The reader's time grows with the square of the depth.
_DEEPEST_BRACKETS = 100
#: Whoever has as many has not made mistakes but opened another file.
_MOST_PROBLEMS = 200
_BRACKETS = re.compile(rb"[\[\]{}]")


@dataclass(slots=True)
class Findings:
    """The problems of one file as they are found."""

    file: str
    problems: list[FileProblem] = field(default_factory=list)
    _said: set[tuple[int, str, str]] = field(default_factory=set)

    def add(self, line: int, code: str, **details: object) -> None:
        """Record a problem, once however often its value is read; ``line`` counts from 1, 0 for the whole file.

        Raises:
            FileProblems: There are so many that reading on helps nobody.
        """
        same = (line, code, repr(details))
        if same not in self._said:
            self._said.add(same)
            self.problems.append(FileProblem(self.file, line, code, details))
            if len(self.problems) == _MOST_PROBLEMS:
                self.raise_if_any()

    def raise_if_any(self) -> None:
        """Raise all problems at once, in the order of the lines.

        Raises:
            FileProblems: There is at least one.
        """
        if self.problems:
            raise FileProblems(sorted(self.problems, key=lambda problem: problem.line))


class Item:
    """One value of the file with its line; its slot decides what it has to be."""

    __slots__ = ("_node", "findings", "line")

    def __init__(self, node: Node, findings: Findings) -> None:
        self._node = node
        self.findings = findings
        self.line = node.start_mark.line + 1

    @property
    def is_scalar(self) -> bool:
        """Whether it is a single value."""
        return isinstance(self._node, ScalarNode)

    @property
    def is_mapping(self) -> bool:
        """Whether it is a block of keys."""
        return isinstance(self._node, MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self._node, SequenceNode)

    def problem(self, code: str, **details: object) -> None:
        """Record a problem at this line."""
        self.findings.add(self.line, code, **details)

    def text(self) -> str:
        """The value as it stands in the file, without surrounding space; an unquoted null is empty."""
        if not isinstance(self._node, ScalarNode):
            self.problem("not_a_single_value")
            return ""
        text = str(self._node.value).strip()
        is_plain = self._node.style is None
        return "" if is_plain and text in ("~", "null", "Null", "NULL") else text

    def section(self) -> Section:
        """The value as a block of keys."""
        return Section(self)

    def items(self) -> list[Item]:
        """The value as a list."""
        if not isinstance(self._node, SequenceNode):
            self.problem("not_a_list")
            return []
        return [Item(node, self.findings) for node in self._node.value]

    def pairs(self) -> list[tuple[str, Item]]:
        """Keys and values of a block, each key once."""
        if not isinstance(self._node, MappingNode):
            self.problem("not_a_block")
            return []
        pairs: dict[str, Item] = {}
        for key_node, value_node in self._node.value:
            key = Item(key_node, self.findings)
            name = key.text()
            if name in pairs:
                key.problem("key_repeated", key=name)
            else:
                pairs[name] = Item(value_node, self.findings)
        return list(pairs.items())

    def read(self, parse: Callable[[str], _Value], default: _Value) -> _Value:
        """The value through a parser that raises ``ClerkError``; the default where it did."""
        if not self.is_scalar:
            self.problem("not_a_single_value")
            return default
        try:
            return parse(self.text())
        except ClerkError as error:
            self.problem(error.code, **error.details)
            return default

    def fen(self) -> int:
        """An amount in yuan, at most two decimals, exactly."""
        return self.read(parse_yuan, 0)

    def standard_fen(self) -> int:
        """An amount that a document sets: never negative."""
        fen = self.fen()
        if fen < 0:
            self.problem("figure_negative", given=self.text())
        return fen

    def ratio_bp(self) -> int:
        """A percentage from 0 to 100, as ten-thousandths."""
        return self.read(parse_percent, 0)

    def day(self) -> date:
        """A date that exists, ``2023-01-01``."""
        return self.read(parse_day, date.min)

    def flag(self) -> bool:
        """``true`` or ``false``; 是 and 否 are read too."""
        return self.choice({"true": True, "false": False, "是": True, "否": False}, False)

    def choice(self, known: dict[str, _Value], default: _Value) -> _Value:
        """One of a list of words."""
        text = self.text()
        if text in known:
            return known[text]
        if self.is_scalar:
            self.problem("value_unknown", given=text, nearest=nearest(text, known), known=tuple(known))
        return default


class Section:
    """A block of keys; whatever was not asked for by the time of ``finish`` is unknown."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.line = item.line
        self._values = dict(item.pairs())
        self._asked: dict[str, None] = {}

    def __contains__(self, key: str) -> bool:
        self._asked[key] = None
        return key in self._values

    def get(self, key: str) -> Item | None:
        """The value of a key, None when it is absent or empty."""
        self._asked[key] = None
        item = self._values.get(key)
        return None if item is None or (item.is_scalar and not item.text()) else item

    def need(self, key: str) -> Item | None:
        """The value of a required key; its absence is a problem."""
        item = self.get(key)
        if item is None:
            self.item.problem("key_missing", key=key)
        return item

    def text(self, key: str, default: str = "") -> str:
        """An optional text."""
        item = self.get(key)
        return item.text() if item else default

    def needed_text(self, key: str) -> str:
        """A required text."""
        item = self.need(key)
        return item.text() if item else ""

    def day(self, key: str) -> date | None:
        """An optional date."""
        item = self.get(key)
        return item.day() if item else None

    def fen(self, key: str, default: int = 0) -> int:
        """An optional amount."""
        item = self.get(key)
        return item.fen() if item else default

    def flag(self, key: str, default: bool) -> bool:
        """An optional yes or no."""
        item = self.get(key)
        return item.flag() if item else default

    def section(self, key: str) -> Section | None:
        """An optional block."""
        item = self.get(key)
        return item.section() if item else None

    def items(self, key: str) -> list[Item]:
        """An optional list."""
        item = self.get(key)
        return item.items() if item else []

    def rest(self) -> Iterator[tuple[str, Item]]:
        """All keys with their values, for blocks whose keys are data."""
        for key, item in self._values.items():
            self._asked[key] = None
            yield key, item

    def finish(self) -> None:
        """Report every key that no slot asked for, with the nearest that exists."""
        for key, item in self._values.items():
            if key not in self._asked:
                item.problem("key_unknown", key=key, nearest=nearest(key, self._asked), known=tuple(self._asked))


def nearest(given: str, known: Iterable[str]) -> str:
    """The known word that a mistyped one most likely means."""
    words = list(known)
    close = difflib.get_close_matches(given, words, n=1, cutoff=0.0)
    return close[0] if close else ""


def parse_day(text: str) -> date:
    """Read ``2023-01-01``.

    Raises:
        ClerkError: ``day_unknown``.
    """
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise ClerkError("day_unknown", text=text)


def parse_moment(text: str) -> tuple[date, time | None]:
    """Read a day, or a day and a time: ``2023-05-20`` or ``2023-05-20 09:00``.

    Raises:
        ClerkError: ``day_unknown`` or ``time_unknown``.
    """
    day, _space, clock = text.replace("T", " ").partition(" ")
    if not clock.strip():
        return parse_day(day), None
    match = _CLOCK.fullmatch(clock.strip())
    if match is None:
        raise ClerkError("time_unknown", text=text)
    return parse_day(day), time(int(match[1]), int(match[2]), int(match[3] or 0))


def parse_percent(text: str) -> int:
    """Read a percentage from 0 to 100, at most two decimals, as ten-thousandths.

    Raises:
        ClerkError: ``percent_unknown``.
    """
    number = text.removesuffix("%")
    if _PERCENT.fullmatch(number):
        ratio_bp = parse_yuan(number)
        if ratio_bp <= 10000:
            return ratio_bp
    raise ClerkError("percent_unknown", text=text)


def read_yaml(path: Path, name: str | None = None) -> Item:
    """Read one file into items.

    Raises:
        FileProblems: ``file_unreadable``, ``file_too_large``, ``file_not_text``, ``file_empty`` or ``yaml_syntax``.
    """
    findings = Findings(name or path.name)
    try:
        content = path.read_bytes()
    except OSError as error:
        findings.add(0, "file_unreadable", reason=error.strerror or type(error).__name__)
        raise FileProblems(findings.problems) from error
    return parse_yaml(content, findings)


def parse_yaml(content: bytes, findings: Findings) -> Item:
    """Read the content of a file into items; see ``read_yaml``."""
    if len(content) > _LARGEST_FILE_BYTES:
        findings.add(0, "file_too_large", limit=_LARGEST_FILE_BYTES)
        raise FileProblems(findings.problems)
    _refuse_depth(content, findings)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # a name that no alias uses does no harm
            node = YAML(typ="safe", pure=True).compose(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        findings.add(content.count(b"\n", 0, error.start) + 1, "file_not_text")
        raise FileProblems(findings.problems) from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        findings.add(line, "yaml_syntax", reason=error.problem or "")
        raise FileProblems(findings.problems) from error
    except (YAMLError, RecursionError) as error:
        findings.add(0, "yaml_syntax", reason=type(error).__name__)
        raise FileProblems(findings.problems) from error
    if node is None:
        findings.add(0, "file_empty")
        raise FileProblems(findings.problems)
    _refuse_aliases(node, findings)
    return Item(node, findings)


def _refuse_depth(content: bytes, findings: Findings) -> None:
    """Brackets are counted before they are understood; those within quotes and comments close again as well."""
    depth = 0
    for bracket in _BRACKETS.finditer(content):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > _DEEPEST_BRACKETS:
            findings.add(content.count(b"\n", 0, bracket.start()) + 1, "yaml_syntax", reason="nested too deeply")
            raise FileProblems(findings.problems)


def _refuse_aliases(root: Node, findings: Findings) -> None:
    """An alias makes one node stand in two places; such a file can grow without bound and is not needed here."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            findings.add(node.start_mark.line + 1, "yaml_alias")
            raise FileProblems(findings.problems)
        seen.add(id(node))
        if isinstance(node, MappingNode):
            waiting.extend(part for pair in node.value for part in pair)
        elif isinstance(node, SequenceNode):
            waiting.extend(node.value)
