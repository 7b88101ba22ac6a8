"""``clerk-app consolidate DIR --out FILE``: many offices' months checked together, for head office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from clerk_app.cli.exit_codes import DONE, FAILED
from clerk_app.documents.consolidated_workbook import write_consolidation
from clerk_app.documents.consolidation import Consolidation, Verdict, consolidate
from clerk_app.documents.reading_room import ReadingRoom
from clerk_app.documents.received_month import ReceivedMonth, read_month
from clerk_app.documents.signing import parse_key
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.wording import _, filled

#: For one file of a large office, and the memory that its reader may take.
_SECONDS, _MEMORY_MIB = 300.0, 4_096


def consolidate_folder(folder: Path, target: Path, key_texts: Sequence[str]) -> int:
    """Read every workbook of a folder and write what was found; a file that cannot be read is listed, too.

    Args:
        key_texts: Public keys of the offices in hexadecimal digits; without any, every office's own key is taken.

    Raises:
        ClerkError: ``key_form``, ``folder_without_workbooks``, ``file_not_written``.
    """
    keys = [parse_key(text) for text in key_texts]
    paths = sorted(
        path
        for path in folder.glob("*.xlsx")
        # What a spreadsheet program leaves beside an open file is none, nor is what was written here before.
        if path.is_file() and not path.name.startswith(("~$", ".")) and path.resolve() != target.resolve()
    )
    if not paths:
        raise ClerkError("folder_without_workbooks", folder=str(folder))
    with ReadingRoom(_SECONDS, _MEMORY_MIB) as room:

        def read(path: Path) -> ReceivedMonth:
            return room.ask(read_month, path, keys)

        found = consolidate(paths, read, Progress())
    write_consolidation(found, target, datetime.now().astimezone().replace(tzinfo=None, microsecond=0))
    _tell(found, target, is_known=bool(keys))
    is_sound = all(file.verdict is not Verdict.REFUSED for file in found.files)
    return DONE if is_sound and not found.duplicates and not found.over_caps else FAILED


def _tell(found: Consolidation, target: Path, *, is_known: bool) -> None:
    for file in found.files:
        print(f"{file.verdict.term} {file.path.name}")
        for remark in file.remarks:
            print(f"  {remark}")
    for remark in found.remarks:
        print(remark)
    if not is_known:
        print(_("没有给出机构的公钥：签名只说明文件没有改动，请把汇总中的公钥与机构公布的核对，或者用 --key 给出。"))
    counts = {"bills": len(found.duplicates), "persons": len(found.over_caps), "file": target}
    print(filled(_("重复票据 {bills} 组，超年度限额 {persons} 人，汇总：{file}"), counts))
