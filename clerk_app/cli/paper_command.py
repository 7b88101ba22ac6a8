"""``clerk-app verify FILE.pdf``: whether a paper is what the office issued, without its ledger or beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from clerk_app.cli.exit_codes import DONE, FAILED
from clerk_app.cli.ledger_command import keys_of
from clerk_app.documents.paper_check import PaperCheck, check_paper
from clerk_app.documents.signing import Signer, key_code, parse_key, practice_signer
from clerk_app.errors import ClerkError
from clerk_app.ledger import files, paper_facts
from clerk_app.ledger.keys import signing_seed
from clerk_app.money import format_yuan
from clerk_app.wording import _, filled


def verify_paper(file: Path, key_texts: Sequence[str], ledger: Path | None, passphrase_file: Path | None) -> int:
    """Check a paper's file; a line for each thing that is not as it was issued.

    Args:
        key_texts: Public keys of offices in hexadecimal digits, of which one has to have signed.
        ledger: Its office's; the paper has to be signed by it and to say what it says.
        passphrase_file: Of an encrypted ledger; asked for when None.

    Raises:
        ClerkError: ``key_form``, ``file_unreadable``, ``paper_too_large``, and what a ledger raises.
    """
    keys = [parse_key(text) for text in key_texts]
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ClerkError("file_unreadable", reason=error.strerror or str(error)) from error
    beside: list[str] = []
    if ledger is None:
        check = check_paper(content, keys)
    else:
        ledger_keys = files.with_trail_key(ledger, keys_of(ledger, passphrase_file))
        own = Signer(signing_seed(ledger_keys.audit)).public_key
        check = check_paper(content, [*keys, own])
        with files.looking_at(ledger, ledger_keys) as connection:
            facts = check.facts
            beside = paper_facts.differences(
                connection, facts.get("number", ""), facts.get("head", ""), facts.get("amounts_fen", {})
            )
    for line in _lines(file, check, beside, is_known=bool(keys) or ledger is not None):
        print(line)
    return DONE if check.is_sound and not beside else FAILED


def _lines(file: Path, check: PaperCheck, beside: Sequence[str], *, is_known: bool) -> Iterator[str]:
    yield filled(_("已核对 {file}"), {"file": file})
    if check.is_sound:
        facts = check.facts
        yield "  " + " ".join(filter(None, (facts["kind"], facts["number"], facts["copy"])))
        yield "  " + filled(_("签发：{office}，{made_at}"), {"office": facts["office"], "made_at": facts["made_at"]})
        for name, fen in facts["amounts_fen"].items():
            yield f"  {name} {format_yuan(fen, separators=True)}"
        yield "  " + filled(_("签名公钥 {code}：{key}"), _key_words(check.public_key))
        if check.public_key == practice_signer().public_key:
            yield _("这是练习单据：练习机构的签名谁都可以作出，不能作为凭证。")
        elif not is_known:
            yield _("没有给出机构的公钥：请把上面的公钥与机构公布的核对，或者用 --key 给出。")
    for difference in check.differences:
        yield difference.sentence
    yield from beside
    count = len(check.differences) + len(beside)
    yield filled(_("发现 {count} 个问题"), {"count": count}) if count else _("没有发现问题")


def _key_words(key: bytes) -> dict[str, object]:
    return {"code": key_code(key), "key": key.hex()}
