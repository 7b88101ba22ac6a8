"""Whether a paper's file is what the office issued: its seal over every bit, and its text against what was signed.

Nothing but the file is read. The seal alone decides; what the text says beside the signed figures names what differs.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, TypeGuard

import pypdfium2

from clerk_app.documents.archive_pdf import OPEN_SEAL, SEAL_DIGITS, SEAL_MARK, SIGNED_AS
from clerk_app.documents.issued import AMOUNT, FORMAT, text_digest
from clerk_app.documents.signing import is_signed
from clerk_app.errors import ClerkError
from clerk_app.money import format_yuan
from clerk_app.wording import N_, _, filled

#: Forty receipts make 0.1 MB.
LARGEST_FILE = 20_000_000
_LARGEST_FACTS = 4_000_000
_BLOCK = 1 << 12
_MOST_SHEETS = 2_000

_FACT_TEXTS = ("office", "kind", "number", "made_at", "head", "copy", "qr", "key")
#: Lower-case digits alone: another spelling of the same number would be another file.
_PLACE = re.compile(rb"/Facts \d{1,9} 0 R " + re.escape(SEAL_MARK) + rb"([0-9a-f]{%d})> >>" % SEAL_DIGITS)
_STREAM = re.compile(rb"\bstream\r?\n")
_FACTS_BEGIN = b'{"format":'

_WORDS = {
    "unsealed": N_("文件中没有完整的签名：它不是本程序签发的，或者被改动、被别的程序重新保存过。"),
    "broken": N_("签名与文件不符：签发以后文件被改动过。"),
    "other_key": N_("签名所用的公钥 {given} 不是所给机构的公钥。"),
    "facts": N_("签名的内容读不出来，不能逐项核对金额。"),
    "unreadable": N_("文件的页面读不出来，不能逐项核对金额。"),
    "sheets": N_("应有 {signed} 页，文件有 {found} 页。"),
    "changed": N_("第 {sheet} 页“{name}”应为 {signed}，文件中是 {found}。"),
    "missing": N_("第 {sheet} 页“{name}”应为 {signed}，文件中没有。"),
    "added": N_("第 {sheet} 页多出金额 {found}。"),
    "text": N_("第 {sheet} 页的文字与签发时不同。"),
    "qr": N_("二维码的内容与单据的编号或金额不符。"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was issued."""

    kind: str
    details: Mapping[str, object]

    @property
    def sentence(self) -> str:
        """In words."""
        return filled(_(_WORDS[self.kind]), dict(self.details))


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """What a look at a file found.

    Attributes:
        facts: What the file says of itself, empty where that cannot be read; to be believed only without differences.
        public_key: That the seal was checked with.
    """

    facts: Mapping[str, Any]
    public_key: bytes
    differences: tuple[Difference, ...]

    @property
    def is_sound(self) -> bool:
        """Whether every bit is as the holder of the key signed it."""
        return not self.differences


def check_paper(content: bytes, keys: Sequence[bytes] = ()) -> PaperCheck:
    """Check a file.

    Args:
        keys: Public keys of which one has to have signed; without any, the one inside the file is taken, and whose it
            is remains to be asked.

    Raises:
        ClerkError: ``paper_too_large``.
    """
    if len(content) > LARGEST_FILE:
        raise ClerkError("paper_too_large", limit=LARGEST_FILE // 1_000_000)
    places = list(_PLACE.finditer(content))
    facts = _facts(content)
    found = [Difference("facts", {})] if places and facts is None else []
    key = _key_of(facts or {})
    found[:0] = _seal(content, places, key, keys)
    if facts is not None:
        found += _text_differences(content, facts, is_sealed=not found)
    return PaperCheck(facts or {}, key, tuple(found))


def _seal(content: bytes, places: Sequence[re.Match[bytes]], key: bytes, keys: Sequence[bytes]) -> Iterator[Difference]:
    if len(places) != 1 or content.count(SEAL_MARK) != 1:
        yield Difference("unsealed", {})
        return
    place = places[0].start(1)
    draft = content[:place] + OPEN_SEAL + content[place + SEAL_DIGITS :]
    if not is_signed(key, SIGNED_AS + draft, bytes.fromhex(places[0].group(1).decode())):
        yield Difference("broken", {})
    elif keys and key not in keys:
        yield Difference("other_key", {"given": key.hex()})


def _facts(content: bytes) -> dict[str, Any] | None:
    """What the file says of itself; found in a file that another program has saved, too."""
    for start in _STREAM.finditer(content):
        unpacking = zlib.decompressobj()
        try:
            begin = unpacking.decompress(content[start.end() : start.end() + _BLOCK], len(_FACTS_BEGIN))
            if begin != _FACTS_BEGIN:
                continue
            rest = unpacking.unconsumed_tail + content[start.end() + _BLOCK : start.end() + _LARGEST_FACTS]
            facts = json.loads(begin + unpacking.decompress(rest, _LARGEST_FACTS))
        except (zlib.error, ValueError, RecursionError):
            continue
        if _is_well_formed(facts):
            return facts
    return None


def _is_well_formed(facts: object) -> TypeGuard[dict[str, Any]]:
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        return False
    texts = all(isinstance(facts.get(name), str) for name in _FACT_TEXTS)
    amounts, figures, digests = facts.get("amounts_fen"), facts.get("figures"), facts.get("texts")
    return (
        texts
        and isinstance(amounts, dict)
        and all(type(fen) is int for fen in amounts.values())
        and isinstance(digests, list)
        and isinstance(figures, list)
        and len(figures) == len(digests)
        and all(isinstance(sheet, list) and all(_is_figure(each) for each in sheet) for sheet in figures)
    )


def _is_figure(given: object) -> bool:
    return isinstance(given, list) and len(given) == 2 and all(isinstance(part, str) for part in given)


def _key_of(facts: Mapping[str, Any]) -> bytes:
    try:
        return bytes.fromhex(facts["key"])
    except (KeyError, ValueError):
        return b""


def _text_differences(content: bytes, facts: Mapping[str, Any], *, is_sealed: bool) -> Iterator[Difference]:
    """Amounts always; words only to name where a file was changed, for no two readers give odd characters alike."""
    try:
        texts = _page_texts(content)
    except pypdfium2.PdfiumError:
        yield Difference("unreadable", {})
        return
    signed = facts["figures"]
    if len(texts) != len(signed):
        yield Difference("sheets", {"signed": len(signed), "found": len(texts)})
    for sheet, (text, figures, digest) in enumerate(zip(texts, signed, facts["texts"], strict=False), 1):
        differing = list(_figure_differences(sheet, figures, AMOUNT.findall(text)))
        yield from differing
        if not is_sealed and not differing and text_digest(text) != digest:
            yield Difference("text", {"sheet": sheet})
    if facts["qr"] and not _fits_qr(facts):
        yield Difference("qr", {})


def _figure_differences(sheet: int, signed: Sequence[Sequence[str]], found: Sequence[str]) -> Iterator[Difference]:
    """Amounts in the order of the page; a reader may give neighbours the other way round, so a sum decides first."""
    amounts = [amount for _name, amount in signed]
    if sorted(amounts) == sorted(found):
        return
    for tag, first, last, start, end in SequenceMatcher(None, amounts, list(found), autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        paired = min(last - first, end - start)
        for (name, amount), other in zip(signed[first : first + paired], found[start : start + paired], strict=True):
            yield Difference("changed", {"sheet": sheet, "name": name, "signed": amount, "found": other})
        for name, amount in signed[first + paired : last]:
            yield Difference("missing", {"sheet": sheet, "name": name, "signed": amount})
        for other in found[start + paired : end]:
            yield Difference("added", {"sheet": sheet, "found": other})


def _fits_qr(facts: Mapping[str, Any]) -> bool:
    """Whether the code says the number and, where it has one, an amount of the paper."""
    number, qr = facts["number"], facts["qr"]
    amount = qr.removeprefix(f"{number}:").partition(":")[0]
    known = {format_yuan(fen) for fen in facts["amounts_fen"].values()}
    return qr == number or (qr.startswith(f"{number}:") and amount in known)


def _page_texts(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [_page_text(document[at]) for at in range(min(len(document), _MOST_SHEETS))]
    finally:
        document.close()


def _page_text(page: Any) -> str:
    text_page = page.get_textpage()
    try:
        text: str = text_page.get_text_bounded()
        return text
    finally:
        text_page.close()
        page.close()
