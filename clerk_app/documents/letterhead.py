"""The head, foot and signatures that all papers share which are not a voucher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from clerk_app.documents import fonts
from clerk_app.documents.drawing import Ink
from clerk_app.documents.issued import Issued
from clerk_app.documents.layout import FULL, LEFT, RIGHT, TOP, Align, Paper
from clerk_app.documents.notice_template import filled_lines, template
from clerk_app.documents.office import Office
from clerk_app.documents.page_format import MM, WIDTH
from clerk_app.documents.signing import key_code
from clerk_app.documents.typesetting import wrapped

_FOOT_SIZE = 7.0
_BODY_SIZE = 10.5
_QR_SIDE = 17 * MM
_STAMP_WIDTH, _STAMP_HEIGHT = 46 * MM, 26 * MM
_BODY_LEADING = 1.75
#: What four names to sign by and the stamp take.
SIGNED_HEIGHT = _STAMP_HEIGHT + 3 * MM


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands above and below every page.

    Attributes:
        note: Small, at the left under the title: who keeps the paper, the unit of amounts.
        foot_note: At the left of the foot, where the office's imprint stands otherwise.
        qr: What the code says; none when empty.
    """

    issued: Issued
    office: Office
    note: str = ""
    foot_note: str = ""
    qr: str = ""
    size: float = 8.5
    pad: float = 3.2
    title_size: float = field(default=17.0)

    def paper(self) -> Paper:
        """An empty paper."""
        return Paper(self.issued, self.office, head=self._head, foot=self._foot, size=self.size, pad=self.pad)

    def _head(self, paper: Paper, is_first: bool) -> None:
        issued = self.issued
        room = FULL - 2 * (_QR_SIDE + 3 * MM)
        paper.text(WIDTH / 2, TOP + 5 * MM, self.office.name, 10.0, align=Align.CENTRE, room=room)
        title = issued.kind if is_first else f"{issued.kind}（续页）"
        size = self.title_size if is_first else 12.0
        with paper.part("H1"):
            paper.text(WIDTH / 2, TOP + 13.5 * MM, title, size, align=Align.CENTRE, room=room)
        if issued.copy:
            paper.text(LEFT, TOP + 3.2 * MM, issued.copy, 8.5, room=_QR_SIDE * 2)
        if issued.reprint:
            paper.text(LEFT, TOP + 8.2 * MM, f"补打 {issued.reprint}", 8.5, ink=Ink.RED)
        if self.qr and is_first:
            paper.qr_code(self.qr, RIGHT - _QR_SIDE, TOP - 1 * MM, _QR_SIDE)
        below = TOP + 20 * MM
        number = f"编号 {issued.number}"
        paper.text(RIGHT, below, number, 9.0, align=Align.RIGHT)
        paper.text(LEFT, below, self.note, 9.0, room=FULL - fonts.ems(number) * 9.0 - 4 * MM)
        paper.line(LEFT, below + 2 * MM, RIGHT, below + 2 * MM)
        paper.y = below + 4.5 * MM

    def _foot(self, paper: Paper, number: int, count: int) -> None:
        baseline = paper.bottom + 7 * MM
        pages = f"{check_words(self.issued, self.office)}第 {number} 页　共 {count} 页"
        paper.text(RIGHT, baseline, pages, _FOOT_SIZE, align=Align.RIGHT, ink=Ink.GREY)
        room = FULL - fonts.ems(pages) * _FOOT_SIZE - 5 * MM
        paper.text(LEFT, baseline, self.foot_note or self.office.imprint, _FOOT_SIZE, ink=Ink.GREY, room=room)


def check_words(issued: Issued, office: Office) -> str:
    """What a paper is checked by: the head of the trail, and the beginning of the office's public key."""
    head = f"校验码 {issued.head}　" if issued.head else ""
    return head + (f"签名公钥 {key_code(office.signer.public_key)}　" if office.signer else "")


def text_of(name: str, office: Office, values: dict[str, str], place: str) -> tuple[str, ...]:
    """The body of a notice by its template, the office's own before the one that ships.

    Raises:
        ClerkError: ``template_not_read``.
        FileProblems: Everything that is wrong in it.
    """
    return filled_lines(template(name, office.templates), values, place=place)


def paragraph(paper: Paper, line: str, keep: float = 0.0) -> None:
    """A line of a notice's body; an empty one leaves space.

    Args:
        keep: The height of what follows and must not stand on a page without it: the signatures.
    """
    if not line.strip():
        paper.gap(_BODY_SIZE)
        return
    if keep:
        paper.need(len(wrapped(line.rstrip(), _BODY_SIZE, FULL)) * _BODY_SIZE * _BODY_LEADING + keep)
    paper.paragraph(line.rstrip(), _BODY_SIZE, leading=_BODY_LEADING)


def last_words(lines: Sequence[str]) -> int:
    """The place of the last line that is not empty."""
    return max((place for place, line in enumerate(lines) if line.strip()), default=-1)


def signed(paper: Paper, office: Office, names: Sequence[tuple[str, str]], when: str = "") -> None:
    """Lines to sign on at the left, the stamp's place at the right, all on one page."""
    height = max(_STAMP_HEIGHT, (len(names) + 1) // 2 * 12 * MM)
    paper.need(height + 3 * MM)
    top = paper.y + 3 * MM
    paper.frame(RIGHT - _STAMP_WIDTH, top, RIGHT, top + height)
    middle, room = RIGHT - _STAMP_WIDTH / 2, _STAMP_WIDTH - 2 * MM
    if when:
        paper.text(middle, top + height - 8 * MM, when, 9.0, align=Align.CENTRE, room=room)
    words = office.word("盖章处")
    with paper.part("Figure", words):
        paper.text(middle, top + height - 2 * MM, words, 7.5, align=Align.CENTRE, ink=Ink.GREY, room=room)
    width = (FULL - _STAMP_WIDTH - 4 * MM) / 2
    for place, (label, name) in enumerate(names):
        x, baseline = LEFT + place % 2 * width, top + (9 + 12 * (place // 2)) * MM
        start, end = x + fonts.ems(f"{label}：") * 9.5, x + width - 4 * MM
        with paper.part("P"):
            paper.text(x, baseline, f"{label}：", 9.5)
            if name:
                paper.text(start + 1 * MM, baseline, name, 9.0, room=end - start - 1 * MM)
        paper.line(start, baseline + 1.2 * MM, end, baseline + 1.2 * MM)
    paper.y = top + height
