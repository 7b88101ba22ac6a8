from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.codes import Benefit, FilingCategory, Insurance, Material, Status
from clerk_app.counter.draft import (
    ClaimDraft,
    ConditionDraft,
    FilingDraft,
    PersonDraft,
    PriorDraft,
    ReceiptDraft,
    ReviewDraft,
    StayDraft,
)
from clerk_app.counter.draft_text import draft_of, text_of
from clerk_app.errors import ClerkError
from clerk_app.wording import sentence

#: Whatever a keyboard, a scanner or a broken clipboard gives, half characters included.
TYPED = st.text(st.characters(exclude_categories=()), max_size=12)
FLAG = st.booleans()


def typed(kind: type[Any], **others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    texts = {each.name: TYPED for each in dataclasses.fields(kind) if each.type == "str"}
    flags = {each.name: FLAG for each in dataclasses.fields(kind) if each.type == "bool"}
    return st.builds(kind, **{**texts, **flags, **others})


def some(each: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(each, max_size=3)


DRAFTS = typed(
    ClaimDraft,
    person=typed(PersonDraft, insurance=st.sampled_from(Insurance), status=st.sampled_from(Status)),
    filings=some(typed(FilingDraft, category=st.none() | st.sampled_from(FilingCategory))),
    priors=some(typed(PriorDraft, benefit=st.sampled_from(Benefit))),
    conditions=some(typed(ConditionDraft, benefit=st.sampled_from(Benefit))),
    stays=some(typed(StayDraft)),
    materials=st.sets(st.sampled_from(Material)),
    receipts=some(typed(ReceiptDraft, copied=st.sets(st.sampled_from(["hospital", "tier"])))),
    review=typed(ReviewDraft),
)


@given(DRAFTS)
def test_a_draft_comes_back_as_it_was_typed(draft: ClaimDraft) -> None:
    text = text_of(draft)

    again = draft_of(text)

    assert again == draft
    assert text.isascii()
    assert text_of(again) == text
    assert type(again.person.insurance) is Insurance


def test_a_draft_has_no_field_for_a_password() -> None:
    assert {each.name for each in dataclasses.fields(ReviewDraft)} == {"login", "reason"}
    assert "password" not in text_of(ClaimDraft("k"))


def changed(*path: str, to: object = None, gone: bool = False) -> str:
    """The text of a draft with one place changed."""
    whole: dict[str, Any] = json.loads(text_of(ClaimDraft("k")))
    place: Any = whole
    for step in path[:-1]:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if gone:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return json.dumps(whole)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": true}',
        '{"version": 3}',
        changed("extra", to=1),
        changed("draft", to=[]),
        changed("draft", "handed_in_on", gone=True),
        changed("draft", "handed_in_on", to=20260101),
        changed("draft", "person", "name", gone=True),
        changed("draft", "person", "nickname", to="x"),
        changed("draft", "person", "insurance", to="nothing known"),
        changed("draft", "receipts", to={}),
        changed("draft", "receipts", "0", "total", gone=True),
        changed("draft", "receipts", "0", "networked", to="yes"),
        changed("draft", "receipts", "0", "networked", to=1),
        changed("draft", "materials", to=["a thing nobody hands in"]),
        changed("draft", "materials", to=[["1"]]),
        changed("draft", "filings", "0", "category", to=3),
        changed("draft", "review", to=None),
    ],
)
def test_what_is_not_whole_is_not_opened(text: str) -> None:
    with pytest.raises(ClerkError, match="draft_unreadable"):
        draft_of(text)


def test_a_draft_of_another_version_says_so() -> None:
    with pytest.raises(ClerkError, match="draft_of_other_version") as raised:
        draft_of(changed("version", to=2))
    assert "格式 2" in sentence(raised.value)
