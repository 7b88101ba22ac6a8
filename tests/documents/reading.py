"""Papers read again, as whoever receives them would."""

from __future__ import annotations

import io
import re
from collections import Counter

import pikepdf
import pypdfium2

_AMOUNT = re.compile(r"-?\d{1,3}(?:,\d{3})*\.\d{2}(?!\d)")


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [_page_text(page) for page in document]
    finally:
        document.close()


def _page_text(page: pypdfium2.PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        return text_page.get_text_bounded()
    finally:
        text_page.close()
        page.close()


def text(content: bytes) -> str:
    return "\n".join(pages(content))


def run_on(content: bytes) -> str:
    """The text without any white space: what was wrapped reads as one again."""
    return "".join(text(content).split())


def amounts(content: bytes) -> Counter[int]:
    """Every amount on the paper, in fen."""
    return figures_in(text(content))


def figures_in(words: str) -> Counter[int]:
    """Every amount in a text, in fen."""
    return Counter(int(amount.replace(",", "").replace(".", "")) for amount in _AMOUNT.findall(words))


def fonts(content: bytes) -> dict[str, bool]:
    """Base name of every font, and whether it is embedded."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = [pdf_object for pdf_object in pdf.objects if _is_font(pdf_object)]
        return {str(font.BaseFont): "/FontFile2" in font.get("/FontDescriptor", {}) for font in found}


def letters(font: pikepdf.Object) -> dict[int, str]:
    """The characters of a cut of a face by their places in it."""
    if "/ToUnicode" not in font:
        return {}
    (codes,) = re.findall(r"<00><[0-9A-F]{2}>\[(.*?)\]", font.ToUnicode.read_bytes().decode())
    written = enumerate(re.findall("<([0-9A-F]+)>", codes))
    return {place: bytes.fromhex(code).decode("utf-16-be") for place, code in written}


def _is_font(pdf_object: pikepdf.Object) -> bool:
    return isinstance(pdf_object, pikepdf.Dictionary) and pdf_object.get("/Type") == "/Font"


def collisions(content: bytes) -> list[str]:
    """Characters that cover another one or leave the margins, by page."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [found for number, page in enumerate(document, 1) for found in _page_collisions(page, number)]
    finally:
        document.close()


def _page_collisions(page: pypdfium2.PdfPage, number: int) -> list[str]:
    text_page = page.get_textpage()
    characters = [
        (text_page.get_text_range(place, 1), text_page.get_charbox(place)) for place in range(text_page.count_chars())
    ]
    text_page.close()
    page.close()
    boxes = sorted((box, character) for character, box in characters if character.strip() and box[2] > box[0])
    found = []
    for place, (box, character) in enumerate(boxes):
        if box[0] < 40 or box[2] > 556 or box[1] < 15 or box[3] > 830:
            found.append(f"{number}: {character} leaves the margins at {box}")
        for other, other_character in boxes[place + 1 :]:
            if other[0] > box[2] - 1:
                break
            if min(box[3], other[3]) - max(box[1], other[1]) > 1:
                found.append(f"{number}: {character} and {other_character} at {box}")
    return found
