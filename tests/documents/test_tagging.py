"""The tags of every paper, re-read from its file: nothing untagged, nothing twice, read in the order of the paper."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pikepdf
import pytest

from clerk_app.documents.layout import Column
from clerk_app.documents.page_format import PageFormat
from tests.documents.all_papers import OFFICE, PAPERS
from tests.documents.reading import letters
from tests.documents.test_layout import paper as empty_paper

#: Papers whose rows of tables are one part each, so that they stay within 60 kB.
BY_ROW = ("voucher", "reversal", "correction")
_SHOWS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "b"}


@dataclass
class Sheet:
    """One sheet: the text of each marked content by its number, in the order of the page, and what else there is."""

    marked: dict[int, str] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)
    artifacts: list[str] = field(default_factory=list)
    untagged: list[str] = field(default_factory=list)


@functools.cache
def made(name: str, sheet: PageFormat = PageFormat.A4) -> bytes:
    return PAPERS[name](replace(OFFICE, page_format=sheet))


def read_sheet(page: pikepdf.Page) -> Sheet:
    sheet, in_hand, texts = Sheet(), None, ""
    faces = {name: letters(font) for name, font in page.Resources.Font.items()}
    font: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BMC" | "BDC":
                assert in_hand is None, "marked content in marked content"
                in_hand, texts = (str(operands[0]), int(operands[1].MCID) if len(operands) > 1 else None), ""
            case "EMC":
                assert in_hand is not None
                tag, number = in_hand
                if number is None:
                    assert tag == "/Artifact"
                    sheet.artifacts.append(texts)
                else:
                    assert number not in sheet.marked
                    sheet.marked[number], sheet.tags[number] = texts, tag
                in_hand = None
            case "Tf":
                font = faces[str(operands[0])]
            case shows if shows in _SHOWS:
                words = "".join(font[each] for each in bytes(operands[0])) if shows == "Tj" else ""
                texts += words
                if in_hand is None:
                    sheet.untagged.append(words or shows)
    return sheet


@dataclass
class Element:
    kind: str
    alt: str
    content: list[tuple[int, int]]
    kids: list[Element]

    def walk(self) -> Iterator[Element]:
        yield self
        for kid in self.kids:
            yield from kid.walk()


def read_tree(pdf: pikepdf.Pdf) -> Element:
    places = {page.objgen: place for place, page in enumerate(pdf.pages)}
    root = pdf.Root.StructTreeRoot
    assert bool(pdf.Root.MarkInfo.Marked)

    def element(node: pikepdf.Object, above: pikepdf.Object) -> Element:
        assert node.P.objgen == above.objgen
        kids = node.get("/K", pikepdf.Array())
        each = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        read = Element(str(node.S)[1:], str(node.get("/Alt", "")), [], [])
        for kid in each:
            if isinstance(kid, int):
                read.content.append((places[node.Pg.objgen], kid))
            elif kid.get("/Type") == "/MCR":
                read.content.append((places[kid.Pg.objgen], int(kid.MCID)))
            else:
                read.kids.append(element(kid, node))
        return read

    tree = element(root.K, root)
    parents = list(root.ParentTree.Nums)
    assert parents[::2] == list(range(len(pdf.pages)))
    for place, page in enumerate(pdf.pages):
        assert page.StructParents == place
    told = [(place, number) for place, of_page in enumerate(parents[1::2]) for number in range(len(of_page))]
    assert sorted(told) == sorted(each for part in tree.walk() for each in part.content)
    return tree


@pytest.mark.parametrize("sheet", [PageFormat.A4, PageFormat.A5_TWO_UP], ids=lambda each: each.setting)
@pytest.mark.parametrize("name", PAPERS)
def test_every_text_is_in_one_part_or_an_artifact_and_the_parts_stand_in_the_order_of_the_paper(
    name: str, sheet: PageFormat
) -> None:
    with pikepdf.open(io.BytesIO(made(name, sheet))) as pdf:
        sheets = [read_sheet(page) for page in pdf.pages]
        tree = read_tree(pdf)
    assert [each.untagged for each in sheets] == [[]] * len(sheets)

    content = [place for part in tree.walk() for place in part.content]
    figures = {place for part in tree.walk() if part.kind == "Figure" for place in part.content}
    assert sorted(content) == [(place, number) for place, each in enumerate(sheets) for number in sorted(each.marked)]
    assert len(content) == len(set(content))
    in_order = [place for place in content if place not in figures]
    assert in_order == sorted(in_order), "read as it stands on the paper"
    for part in tree.walk():
        assert all(sheets[place].tags[number] == f"/{part.kind}" for place, number in part.content)


@pytest.mark.parametrize("name", PAPERS)
def test_what_is_said_again_on_every_page_is_an_artifact(name: str) -> None:
    with pikepdf.open(io.BytesIO(made(name))) as pdf:
        sheets = [read_sheet(page) for page in pdf.pages]
    for place, sheet in enumerate(sheets):
        again, once = "".join(sheet.artifacts), "".join(sheet.marked.values())
        assert f"第 {place + 1} 页" in again
        for words in ("共 ", "（续页）", "承前页", "过次页"):
            assert words + "页" not in once if words == "共 " else words not in once
        assert ("（续页）" in again) == (place > 0)


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_has_one_title_a_code_and_a_place_for_the_stamp_with_words_for_who_does_not_see_them(name: str) -> None:
    with pikepdf.open(io.BytesIO(made(name))) as pdf:
        tree = read_tree(pdf)
        sheets = [read_sheet(page) for page in pdf.pages]
        title = str(pdf.docinfo["/Title"])
    parts = list(tree.walk())
    (heading,) = [part for part in parts if part.kind == "H1"]
    assert "".join(sheets[place].marked[number] for place, number in heading.content) in title
    figures = [part.alt for part in parts if part.kind == "Figure"]
    assert all(figures)
    assert any("盖章" in alt for alt in figures)
    assert any(alt.startswith("二维码：") for alt in figures)


@pytest.mark.parametrize("name", [name for name in PAPERS if not name.startswith(BY_ROW)])
def test_a_cell_stands_in_its_row_and_its_row_in_a_table_under_a_head(name: str) -> None:
    with pikepdf.open(io.BytesIO(made(name))) as pdf:
        tree = read_tree(pdf)
    tables = [part for part in tree.walk() if part.kind == "Table"]
    assert tables
    for table in tables:
        assert {kid.kind for kid in table.kids} == {"TR"}
        assert all(cell.kind in ("TH", "TD") for row in table.kids for cell in row.kids)
        if {cell.kind for cell in table.kids[0].kids} == {"TH"}:
            assert {len(row.kids) for row in table.kids} == {len(table.kids[0].kids)}
            assert all(cell.kind == "TD" for row in table.kids[1:] for cell in row.kids)
        else:
            assert all(row.kids[0].kind == "TH" for row in table.kids), "a label with its value"
    cells = [id(cell) for table in tables for row in table.kids for cell in row.kids]
    assert len(cells) == len(set(cells)) == sum(part.kind in ("TH", "TD") for part in tree.walk())


@pytest.mark.parametrize("name", [name for name in PAPERS if name.startswith(BY_ROW)])
def test_a_row_of_a_vouchers_table_is_one_part(name: str) -> None:
    with pikepdf.open(io.BytesIO(made(name))) as pdf:
        tree = read_tree(pdf)
        sheets = [read_sheet(page) for page in pdf.pages]
    rows = ["".join(sheets[place].marked[number] for place, number in part.content) for part in tree.kids]
    assert any(row.startswith("序就诊日期") for row in rows)
    assert {part.kind for part in tree.kids} == {"H1", "H2", "P", "Figure"}


def test_a_cell_that_goes_on_over_the_page_is_one_cell_still() -> None:
    filled = empty_paper()
    words = "".join(f"字{number}，" for number in range(3000))
    filled.table((Column("序", 0.2), Column("内容", 0.8)), [("1", words)])
    with pikepdf.open(io.BytesIO(filled.to_bytes())) as pdf:
        tree = read_tree(pdf)
        sheets = [read_sheet(page) for page in pdf.pages]
    ((_head, row),) = [part.kids for part in tree.walk() if part.kind == "Table"]
    cell = row.kids[1]
    on = [place for place, _number in cell.content]
    assert on == list(range(on[0], len(sheets)))
    assert len(on) > 1
    assert "".join(sheets[place].marked[number] for place, number in cell.content) == words
