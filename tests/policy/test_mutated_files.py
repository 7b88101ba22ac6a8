"""Files that somebody or something has damaged: each is refused with its problems, or gives what stands in it."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import random
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from clerk_app.errors import ClerkError, FileProblems
from clerk_app.examples.case_file import read_cases
from clerk_app.paths import resources
from clerk_app.policy.policy_file import read_policy_file
from clerk_app.policy.shelf import Shelf, load_shelf
from clerk_app.policy.version import Policy, PolicyVersion
from clerk_app.wording import sentence

POLICIES = sorted(path for path in (resources() / "policies").glob("*/*.yaml") if path.name != "examples.yaml")
EXAMPLES = sorted((resources() / "policies").glob("*/examples.yaml"))
SHELF = load_shelf(resources() / "policies")
LONGEST_SECONDS = 5
_NUMBER = re.compile(r"-?\d+(\.\d+)?%?")
_WORDS = (
    "60",
    "-1",
    "0",
    "999999999999999999999999",
    "1e999",
    "nan",
    ".5",
    "1_000",
    "０１",
    "",
    "~",
    "三级",
    "[]",
    "{}",
    "*a",
    "&a x",
    "!!int 5",
    "<<",
    "2023-02-30",
    "9999-12-31",
    "0000-01-01",
    "在职",
    "\u202e",
    "🀄",
    "按次",
    "不限",
)


# -- what a file says, read without the program's own reader -------------------------------------------------------


def said_by(content: bytes) -> object:
    """Keys and values as they stand, whatever their order, spelling of a number or quotes."""
    return _said(YAML(typ="safe", pure=True).compose(content.decode("utf-8-sig")))


def _said(node: Any) -> object:
    if isinstance(node, MappingNode):
        pairs = {_said(key): _said(value) for key, value in node.value}
        return frozenset((key, value) for key, value in pairs.items() if value not in ("", None))
    if isinstance(node, SequenceNode):
        return tuple(_said(value) for value in node.value)
    assert isinstance(node, ScalarNode)
    text = str(node.value).strip()
    if node.style is None and text in ("~", "null", "Null", "NULL"):
        return ""
    words = {"true": "是", "false": "否"}
    return Decimal(text.removesuffix("%")).normalize() if _NUMBER.fullmatch(text) else words.get(text, text)


def meant_by(value: object) -> object:
    """What the program has understood, without lines and files."""
    if isinstance(value, Policy):
        return value.area_code, value.area_name, meant_by(value.versions)
    if isinstance(value, PolicyVersion):
        return value.content_hash
    if dataclasses.is_dataclass(value):
        names = (each.name for each in dataclasses.fields(value))
        return tuple((name, meant_by(getattr(value, name))) for name in names if name not in NO_MEANING)
    if isinstance(value, Mapping):
        return frozenset((meant_by(key), meant_by(each)) for key, each in value.items())
    if isinstance(value, (set, frozenset)):
        return frozenset(map(meant_by, value))
    if isinstance(value, (list, tuple)):
        return tuple(map(meant_by, value))
    return value


NO_MEANING = {"line", "item", "content_hash", "file", "findings"}


def read_policy(path: Path) -> object:
    policy_file = read_policy_file(path)
    with contextlib.suppress(ClerkError):  # a framework has no figures until an area sets them
        Shelf([policy_file]).policy(policy_file.area_code)
    return meant_by(policy_file)


def read_examples(path: Path) -> object:
    return meant_by(read_cases(path, SHELF))


# -- what becomes of files -----------------------------------------------------------------------------------------


def flipped(content: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(content)
    for _byte in range(chance.randint(1, 4)):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def spliced(content: bytes, chance: random.Random) -> bytes:
    first, last = sorted(chance.randrange(len(content)) for _end in range(2))
    middle = chance.choice(
        [b"", b"\0", b"\xff\xfe", b"\t", content[first:last] * 2, b"\xef\xbb\xbf", b"\r", b"\x1b[2J"]
    )
    return content[:first] + middle + content[chance.choice([first, last]) :]


def line_by_line(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    one, other = (chance.randrange(len(lines)) for _line in range(2))
    match chance.randrange(5):
        case 0:
            del lines[one]
        case 1:
            lines.insert(one, lines[other])
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case 3:
            lines[one] = b" " * chance.choice([1, 2, 3, 40]) + lines[one]
        case _:
            lines[one] = lines[one][2:]
    return b"\n".join(lines)


def worded(content: bytes, chance: random.Random) -> bytes:
    """One value, key or part of one is another."""
    words = list(re.finditer(r"[^\s:,{}\[\]\"#-]+", content.decode()))
    word = chance.choice(words)
    text = content.decode()
    number = re.fullmatch(r"\d+", word[0])
    new = (
        str(int(word[0]) + chance.choice([-1, 1, 10]))
        if number and chance.random() < 0.7
        else chance.choice([*_WORDS, chance.choice(words)[0], word[0][:-1], word[0] * 2])
    )
    return (text[: word.start()] + new + text[word.end() :]).encode()


def recoded(content: bytes, chance: random.Random) -> bytes:
    encoding = chance.choice(["utf-16", "utf-16-le", "gb18030", "utf-32", "utf-8-sig", "utf-7"])
    return b"%YAML 1.2\n---\n" * chance.randrange(2) + content.decode().encode(encoding)


def bombed(content: bytes, chance: random.Random) -> bytes:
    bomb = chance.choice(BOMBS)
    lines = content.split(b"\n")
    lines.insert(chance.randrange(len(lines)), bomb)
    return b"\n".join(lines)


BOMBS = [
    b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]",
    b"x: " + b"[" * 5_000,
    b"x: " + b"{a: " * 5_000,
    b"- " * 5_000 + b"x",
    b"? " * 5_000,
    b"\n".join(b" " * depth + b"a:" for depth in range(300)),
    b"x: " + b"9" * 50_000,
    b"x: '" + b"\xe4\xb8\xad" * 30_000 + b"'",
    b"\n".join(b"k%d: 1" % key for key in range(9_000)),
    b"x: [" + b"{a: 1}," * 5_000 + b"]",
    b"x: !!python/object/apply:os.system [true]",
    b"<<: &m {a: 1}\nmore: *m",
    b"#" * 400_000,
    b"- a\n" * 400_000,
    b"x: " + b"[" * 140_000,
    b"&a a: *a",
]

MUTATIONS: list[Callable[[bytes, random.Random], bytes]] = [
    flipped,
    spliced,
    line_by_line,
    worded,
    worded,
    worded,
    recoded,
]


@functools.cache
def original(path: Path, read: Callable[[Path], object]) -> tuple[bytes, object, object]:
    content = path.read_bytes()
    return content, said_by(content), read(path)


@contextlib.contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """Of the processor's time: another test may have it meanwhile."""

    def too_long(*_about: object) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def assert_refused_or_meant(path: Path, read: Callable[[Path], object], target: Path, content: bytes) -> bool:
    """Whether the file was taken; then what it says otherwise than before is also meant otherwise."""
    _content, said_before, meant_before = original(path, read)
    target.write_bytes(content)
    try:
        with no_longer_than(LONGEST_SECONDS):
            meant = read(target)
    except ClerkError as error:
        refused = error
    else:
        refused = None
    if refused is not None:
        problems = refused.problems if isinstance(refused, FileProblems) else (refused,)
        assert problems
        assert all(sentence(ClerkError(each.code, **each.details)) for each in problems)
        return False
    if said_by(content) != said_before:
        assert meant != meant_before, "what was changed is lost without a word"
    else:
        assert meant == meant_before
    return True


def mutate(seed: int, count: int, folder: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 -- repeatable, not secret
    taken = 0
    for number in range(count):
        read = read_policy if chance.random() < 0.75 else read_examples
        path = chance.choice(POLICIES if read is read_policy else EXAMPLES)
        mutation = bombed if number % 25 == 0 else chance.choice(MUTATIONS)
        content = mutation(original(path, read)[0], chance)
        target = folder / path.parent.name / path.name
        target.parent.mkdir(exist_ok=True)
        try:
            taken += assert_refused_or_meant(path, read, target, content)
        except BaseException as error:
            error.add_note(f"seed {seed}, number {number}, {mutation.__name__} of {path.parent.name}/{path.name}")
            error.add_note(f"kept in {target}")
            raise
    assert 0 < taken < count


@pytest.mark.parametrize("seed", [1, 2])
def test_a_damaged_file_is_refused_or_gives_what_stands_in_it(tmp_path: Path, seed: int) -> None:
    mutate(seed, 250, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 140))
def test_ten_thousand_damaged_files_are_refused_or_give_what_stands_in_them(tmp_path: Path, seed: int) -> None:
    mutate(seed, 250, tmp_path)


@pytest.mark.parametrize("bomb", range(len(BOMBS)))
def test_a_bomb_is_refused_at_once(tmp_path: Path, bomb: int) -> None:
    path = tmp_path / "2023-01-01.yaml"
    path.write_bytes(BOMBS[bomb])
    for read in (read_policy, read_examples):
        with pytest.raises(FileProblems), no_longer_than(LONGEST_SECONDS):
            read(path)
