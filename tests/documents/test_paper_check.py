"""A paper's file that was changed is never taken for what the office issued, and what differs is named."""

from __future__ import annotations

import io
import random
import zlib
from dataclasses import replace
from datetime import datetime

import pikepdf
import pytest

from clerk_app.documents import archive_pdf
from clerk_app.documents.drawing import Ink, Page, Text, draw_pages
from clerk_app.documents.issued import Issued, facts_of
from clerk_app.documents.office import Copy, Office
from clerk_app.documents.page_format import A4_HEIGHT, WIDTH, PageFormat
from clerk_app.documents.paper_check import LARGEST_FILE, check_paper
from clerk_app.documents.refusal_notice import refusal_notice_bytes
from clerk_app.documents.signing import Signer
from clerk_app.documents.tagging import Part
from clerk_app.documents.voucher import voucher_bytes
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Settlement
from tests.documents import samples
from tests.documents.reading import letters

SIGNER = Signer(bytes(range(32)))
OTHER = Signer(bytes(range(1, 33)))
OFFICE = replace(samples.OFFICE, signer=SIGNER)


def made(settlement: Settlement | None = None, office: Office = OFFICE, **changes: object) -> bytes:
    return voucher_bytes(settlement or samples.with_fees(), **({"office": office, "copy": Copy.AGENCY} | changes))


def kinds(content: bytes, *keys: bytes) -> list[str]:
    return [difference.kind for difference in check_paper(content, keys).differences]


@pytest.mark.parametrize("page_format", PageFormat, ids=lambda each: each.setting)
@pytest.mark.parametrize("name", ["plain", "many", "worst", "reversal", "refusal"])
def test_a_paper_as_it_was_issued_is_sound_and_says_what_it_is(name: str, page_format: PageFormat) -> None:
    office = replace(OFFICE, page_format=page_format)
    settlement = {
        "plain": samples.with_fees(),
        "many": samples.settlement(*samples.many_receipts()),
        "worst": samples.worst(),
        "reversal": samples.reversal_of(samples.with_fees()),
        "refusal": samples.refusal(),
    }[name]
    paper = refusal_notice_bytes(settlement, office=office) if name == "refusal" else made(settlement, office)

    check = check_paper(paper, [SIGNER.public_key])

    assert [difference.sentence for difference in check.differences] == []
    assert check.public_key == SIGNER.public_key
    assert check.facts["number"] == settlement.voucher_number
    assert check.facts["office"] == samples.OFFICE.name
    if name != "refusal":
        assert check.facts["amounts_fen"]["统筹支付"] == settlement.fund_fen


def flips(content: bytes, count: int, seed: int) -> list[int]:
    print(f"seed {seed}")  # noqa: T201 -- whoever repeats a failure needs it
    return random.Random(seed).sample(range(8 * len(content)), count)  # noqa: S311 -- no secret


def accepted(content: bytes, places: list[int]) -> list[int]:
    changed = bytearray(content)
    found = []
    for place in places:
        changed[place // 8] ^= 1 << place % 8
        if check_paper(bytes(changed), [SIGNER.public_key]).is_sound:
            found.append(place)
        changed[place // 8] ^= 1 << place % 8
    return found


def test_no_file_with_one_bit_changed_is_accepted() -> None:
    content = made()
    assert accepted(content, flips(content, 200, seed=20_261_122)) == []


@pytest.mark.parametrize("bits", [1, pytest.param(8, marks=pytest.mark.full)])
def test_no_byte_of_the_seal_the_key_or_the_dates_can_be_changed(bits: int) -> None:
    content = made()
    marks = [content.index(mark) for mark in (archive_pdf.SEAL_MARK, b"/LastModified", b"/CreationDate", b"%PDF")]
    places = [mark + far for mark in marks for far in range(150)]
    assert accepted(content, [8 * place + (place + bit) % 8 for place in places for bit in range(bits)]) == []


@pytest.mark.full
def test_no_file_with_one_bit_changed_is_accepted_ten_thousand_times() -> None:
    content = made()
    assert accepted(content, flips(content, 10_000, seed=random.SystemRandom().getrandbits(32))) == []


@pytest.mark.parametrize("changed", ["cut", "doubled", "appended", "begun", "empty", "other"])
def test_a_file_that_lost_or_gained_something_is_not_accepted(changed: str) -> None:
    content = made()
    given = {
        "cut": content[:-1],
        "doubled": content + content,
        "appended": content + b"\n",
        "begun": b" " + content,
        "empty": b"",
        "other": b"%PDF-1.4\n%%EOF\n",
    }[changed]
    assert kinds(given, SIGNER.public_key)


def resaved(content: bytes, *replaced: tuple[str, str]) -> bytes:
    """What a program does that lets somebody change text: the same page with other characters."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            instructions = []
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tj" and replaced:
                    text = bytes(operands[0])
                    for old, new in replaced:
                        text = text.replace(coded(page, old), coded(page, new))
                    operands = [pikepdf.String(text)]  # noqa: PLW2901 -- the operand that is written instead
                instructions.append((operands, operator))
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))
        written = io.BytesIO()
        pdf.save(written)
    return written.getvalue()


def coded(page: pikepdf.Page, text: str) -> bytes:
    """Characters as the first cut of the paper's main face has them."""
    (font,) = [font for font in page.Resources.Font.values() if str(font.BaseFont).startswith("/AAAAAA+ClerkSans")]
    of_character = {character: place for place, character in letters(font).items()}
    return bytes(of_character[character] for character in text)


def test_a_changed_amount_is_named_with_what_it_is_and_was() -> None:
    settlement = samples.with_fees()
    assert settlement.fund_fen == 24_912
    content = resaved(made(settlement), ("¥249.12", "¥942.12"))

    check = check_paper(content, [SIGNER.public_key])

    assert not check.is_sound
    words = [difference.sentence for difference in check.differences]
    assert "第 1 页“（小写）”应为 249.12，文件中是 942.12。" in words


def test_a_changed_name_is_told_by_the_page() -> None:
    content = resaved(made(), ("张三", "张四"))
    assert kinds(content, SIGNER.public_key) == ["unsealed", "text"]


def test_a_file_saved_again_by_another_program_is_not_accepted_though_it_says_the_same() -> None:
    assert kinds(resaved(made())) == ["unsealed"]


def test_a_file_signed_by_somebody_else_is_not_the_offices() -> None:
    forged = made(office=replace(OFFICE, signer=OTHER))
    assert kinds(forged, SIGNER.public_key) == ["other_key"]
    assert kinds(forged, SIGNER.public_key, OTHER.public_key) == []
    assert check_paper(forged).public_key == OTHER.public_key, "without a key, whose it is remains to be asked"


def test_a_paper_that_nobody_signed_is_not_accepted() -> None:
    assert kinds(made(office=samples.OFFICE)) == ["unsealed"]


def test_a_sealed_file_whose_page_says_another_amount_than_its_facts_is_not_accepted() -> None:
    said, drawn = (Page([Text(Ink.BLACK, 9.0, 50.0, 50.0, f"统筹支付 {amount}")]) for amount in ("1.00", "2.00"))
    canvas = archive_pdf.archival_canvas((WIDTH, A4_HEIGHT), "单", None)
    marks = draw_pages(canvas, [drawn], PageFormat.A4, "")
    facts = facts_of(Issued("单", "1"), "甲", "", [said], PageFormat.A4)

    assert kinds(archive_pdf.finished(canvas, facts, SIGNER, Part("Document"), marks), SIGNER.public_key) == ["changed"]


def test_a_file_that_is_too_large_to_be_a_paper_is_not_read() -> None:
    with pytest.raises(ClerkError, match="paper_too_large"):
        check_paper(b"\0" * (LARGEST_FILE + 1))


@pytest.mark.parametrize(
    "facts",
    [b'{"format":1}', b'{"format":' + b"[" * 100_000, b'{"format":1' + b" " * 10_000_000 + b"}", b'{"format":2}'],
    ids=["empty", "deep", "bomb", "later"],
)
def test_facts_that_are_none_end_in_a_sentence(facts: bytes) -> None:
    stream = zlib.compress(facts)
    paper = b"%PDF-1.4\n5 0 obj\n<< /Length 9 >>\nstream\n" + stream + b"\nendstream\n/Facts 5 0 R /ClerkSeal <"
    assert kinds(paper + b"0" * 128 + b"> >>") == ["broken", "facts"]


def test_the_same_paper_is_the_same_file_and_its_time_is_the_papers() -> None:
    assert made() == made()
    later = replace(samples.with_fees(), settled_at=datetime(2026, 11, 22, 9))  # noqa: DTZ001 -- local time
    with pikepdf.open(io.BytesIO(made(later))) as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261122090000+08'00'"
