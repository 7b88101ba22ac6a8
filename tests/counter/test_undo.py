"""What was typed is taken back step by step, and brought back."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from clerk_app.counter.draft import ReceiptDraft, new_draft
from clerk_app.counter.draft_text import text_of
from clerk_app.counter.undo import UndoSteps

TODAY = date(2026, 11, 22)


def test_steps_are_taken_back_and_brought_back_in_the_same_draft() -> None:
    draft, steps = new_draft(TODAY), UndoSteps()
    steps.begin(draft)
    key = draft.key
    draft.person.name = "张三示例"
    steps.note(draft)
    draft.receipts.insert(0, ReceiptDraft(number="A1"))

    assert steps.undo(draft)
    assert (draft.person.name, len(draft.receipts)) == ("张三示例", 1)
    assert steps.undo(draft)
    assert draft.person.name == ""
    assert not steps.undo(draft)
    assert steps.redo(draft)
    assert steps.redo(draft)
    assert (draft.person.name, draft.receipts[0].number, draft.key) == ("张三示例", "A1", key)
    assert not steps.redo(draft)


def test_typing_anew_forgets_what_was_taken_back() -> None:
    draft, steps = new_draft(TODAY), UndoSteps()
    steps.begin(draft)
    draft.person.name = "张三示例"
    steps.undo(draft)
    draft.person.phone = "138"

    assert not steps.redo(draft)
    assert draft.person.phone == "138"


def test_another_draft_has_nothing_of_the_one_before() -> None:
    draft, other, steps = new_draft(TODAY), new_draft(TODAY), UndoSteps()
    steps.begin(draft)
    draft.person.name = "张三示例"
    steps.note(draft)
    steps.begin(other)

    assert not steps.undo(other)


@given(st.lists(st.tuples(st.sampled_from(["name", "phone"]), st.text(max_size=3)), min_size=1, max_size=12))
def test_all_the_way_back_and_forward_is_the_same_draft(typed: list[tuple[str, str]]) -> None:
    draft, steps = new_draft(TODAY), UndoSteps()
    steps.begin(draft)
    first = text_of(draft)
    for field, text in typed:
        setattr(draft.person, field, text)
        steps.note(draft)
    last = text_of(draft)
    while steps.undo(draft):
        pass
    assert text_of(draft) == first
    while steps.redo(draft):
        pass
    assert text_of(draft) == last
