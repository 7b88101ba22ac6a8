"""``clerk-app verify FILE.xlsx``: whether a month's workbook says what the office signed, without its ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from clerk_app.cli.exit_codes import DONE, FAILED
from clerk_app.documents.signing import key_code, parse_key, practice_signer
from clerk_app.documents.workbook_check import WorkbookCheck, check_workbook
from clerk_app.documents.workbook_seal import EXPORTED_AT, EXPORTED_BY, MONTH, OFFICE, RECORDS, RESEND
from clerk_app.wording import _, filled


def verify_workbook(file: Path, key_texts: Sequence[str]) -> int:
    """Check a month's workbook; a line for each thing that is not as it was signed.

    Args:
        key_texts: Public keys of offices in hexadecimal digits, of which one has to have signed.

    Raises:
        ClerkError: ``key_form``, ``file_unreadable``, ``workbook_unreadable``, ``workbook_too_large``.
    """
    keys = [parse_key(text) for text in key_texts]
    check = check_workbook(file, keys)
    for line in _lines(file, check, is_known=bool(keys)):
        print(line)
    return DONE if check.is_sound else FAILED


def _lines(file: Path, check: WorkbookCheck, *, is_known: bool) -> Iterator[str]:
    yield filled(_("已核对 {file}"), {"file": file})
    if check.is_sound:
        facts = check.facts
        said = {"office": facts[OFFICE], "month": facts[MONTH], "count": facts[RECORDS], "times": facts[RESEND]}
        yield "  " + filled(_("{office} {month} 月报，单据 {count} 张，本月第 {times} 次导出"), said)
        yield "  " + filled(_("导出：{name}，{at}"), {"name": facts[EXPORTED_BY], "at": facts[EXPORTED_AT]})
        words = {"code": key_code(check.public_key), "key": check.public_key.hex()}
        yield "  " + filled(_("签名公钥 {code}：{key}"), words)
        if not check.is_untouched:
            yield _("签发以后文件被表格软件另存过：签名的内容一致，单元格的格式不在签名之内。")
        if check.public_key == practice_signer().public_key:
            yield _("这是练习数据：练习机构的签名谁都可以作出，不能作为凭证。")
        elif not is_known:
            yield _("没有给出机构的公钥：请把上面的公钥与机构公布的核对，或者用 --key 给出。")
    for difference in check.differences:
        yield difference.sentence
    count = len(check.differences)
    yield filled(_("发现 {count} 个问题"), {"count": count}) if count else _("没有发现问题")
