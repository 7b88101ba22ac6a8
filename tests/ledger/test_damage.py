"""Bits that flip and pages that are lost, in a plain file.

SQLite's own check sees a sixth of it; our sums, seals and chain see whatever changes a row. What neither can see in a
plain file changes nothing that is read: unused bytes of a page, free pages, and the file's own bookkeeping. So each
damage is either found, or every row is what it was and the ledger goes on. (An encrypted page carries a code of its
own, which every reading checks; there nothing at all goes unseen.)
"""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest

from clerk_app.errors import ClerkError
from clerk_app.ledger import verification
from clerk_app.ledger.files import DRIVER_ERROR, connect, looking_at
from clerk_app.ledger.keys import PRACTICE, Keys
from clerk_app.ledger.soundness import Depth
from tests.ledger.busy_office import busy_office
from tests.ledger.office import SECRET, receipt
from tests.ledger.tampering import everything

PAGE_BYTES = 4096


@pytest.fixture(scope="module", params=[PRACTICE, SECRET], ids=["plain", "encrypted"])
def sound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Keys]:
    folder = tmp_path_factory.mktemp("sound")
    office = busy_office(folder / "ledger.db", request.param)
    person = office.ledger.find_persons("𠮷田")[0]
    for number in range(40):
        office.settle(person, receipt(f"M{number}", 500), receipt(f"N{number}", 700))
    backup = office.ledger.back_up(folder).backup.path
    office.ledger.close()
    return backup, request.param


def rows_of(path: Path, keys: Keys) -> list[object] | None:
    """Every row, None where one cannot be read."""
    try:
        with closing(connect(path, keys, mode="ro")) as connection:
            return everything(connection)
    except (DRIVER_ERROR, UnicodeDecodeError):
        return None


def is_found(path: Path, keys: Keys) -> bool:
    try:
        with looking_at(path, keys) as connection:
            return not verification.verify(connection, keys, Depth.FULL).is_sound
    except ClerkError:
        return True


def damaged(sound: tuple[Path, Keys], folder: Path, times: int, seed: int) -> None:
    print("seed", seed)  # noqa: T201 -- to find a failure again
    choose = random.Random(seed)  # noqa: S311 -- nothing is kept secret with it
    path, keys = sound
    good, target, whole = rows_of(path, keys), folder / "damaged.db", path.read_bytes()
    assert good is not None
    seen, harmless = 0, 0
    for _time in range(times):
        content = bytearray(whole)
        match choose.choice(("bit", "bit", "page of zeros", "page of another place", "cut")):
            case "bit":
                content[choose.randrange(len(content))] ^= 1 << choose.randrange(8)
            case "page of zeros":
                start = choose.randrange(len(content) // PAGE_BYTES) * PAGE_BYTES
                content[start : start + PAGE_BYTES] = bytes(PAGE_BYTES)
            case "page of another place":
                start, other = (choose.randrange(len(content) // PAGE_BYTES) * PAGE_BYTES for _page in range(2))
                content[start : start + PAGE_BYTES] = content[other : other + PAGE_BYTES]
            case "cut":
                del content[choose.randrange(1, len(content)) :]
        target.write_bytes(content)
        if is_found(target, keys):
            seen += 1
            continue
        assert rows_of(target, keys) == good, f"a silent change after {seen} found and {harmless} harmless ones"
        harmless += 1
        assert keys is PRACTICE or bytes(content) == whole, "an encrypted page carries a code"
    print("found", seen, "harmless", harmless)  # noqa: T201 -- to find a failure again
    assert seen > times // 3


def test_no_damage_changes_a_row_in_silence(sound: tuple[Path, Keys], tmp_path: Path) -> None:
    damaged(sound, tmp_path, 100, random.SystemRandom().randrange(10**9))


@pytest.mark.full
def test_ten_thousand_damages_change_no_row_in_silence(sound: tuple[Path, Keys], tmp_path: Path) -> None:
    damaged(sound, tmp_path, 10_000, 20_231_122)


def leaves(content: bytes, page: int) -> list[int]:
    """The pages that hold the rows of a table, in their order; numbered from 1, as the file format has it."""
    start = (page - 1) * PAGE_BYTES
    interior, leaf = 5, 13
    assert content[start] in (interior, leaf)
    if content[start] == leaf:
        return [page]
    cells = int.from_bytes(content[start + 3 : start + 5], "big")
    places = [int.from_bytes(content[start + 12 + 2 * cell : start + 14 + 2 * cell], "big") for cell in range(cells)]
    children = [int.from_bytes(content[start + place : start + place + 4], "big") for place in places]
    children.append(int.from_bytes(content[start + 8 : start + 12], "big"))
    return [leaf for child in children for leaf in leaves(content, child)]


@pytest.mark.parametrize("sound", [PRACTICE], ids=["plain"], indirect=True)
@pytest.mark.parametrize("table", ["audit", "settlements", "receipts"])
def test_a_check_comes_to_its_end_where_a_page_lies_in_the_place_of_a_later_one(
    sound: tuple[Path, Keys], tmp_path: Path, table: str
) -> None:
    path, keys = sound
    with closing(connect(path, keys, mode="ro")) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    content = bytearray(path.read_bytes())
    pages = leaves(bytes(content), root)
    assert len(pages) > 1
    first, last = ((page - 1) * PAGE_BYTES for page in (pages[0], pages[-1]))
    content[last : last + PAGE_BYTES] = content[first : first + PAGE_BYTES]
    target = tmp_path / "out_of_order.db"
    target.write_bytes(content)
    assert is_found(target, keys)


def test_a_bit_of_a_page_that_nothing_reads_is_seen_by_its_code(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    busy_office(path, SECRET).ledger.close()
    with closing(connect(path, SECRET, mode="rw")) as connection:
        connection.execute("CREATE TABLE passing (content)")
        connection.execute("INSERT INTO passing VALUES (zeroblob(100000))")
        connection.execute("DROP TABLE passing")
    assert not is_found(path, SECRET)
    content = bytearray(path.read_bytes())
    content[-5 * PAGE_BYTES + 100] ^= 1
    path.write_bytes(content)
    assert is_found(path, SECRET)
