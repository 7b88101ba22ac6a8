"""Take back what was typed into a claim, step by step; a step is what was typed before the keyboard went elsewhere."""

from __future__ import annotations

import dataclasses

from clerk_app.counter.draft import ClaimDraft
from clerk_app.counter.draft_text import draft_of, text_of

_MOST_STEPS = 200


class UndoSteps:
    """The states of one draft. A draft is put back in place: everybody who shows it keeps the same one."""

    def __init__(self) -> None:
        self._before: list[str] = []
        self._after: list[str] = []
        self._now = ""

    def begin(self, draft: ClaimDraft) -> None:
        """Another draft is in hand; of the one before nothing is left."""
        self._before, self._after = [], []
        self._now = text_of(draft)

    def note(self, draft: ClaimDraft) -> None:
        """Remember how the draft stands, if that is something new."""
        text = text_of(draft)
        if text == self._now:
            return
        self._before = [*self._before, self._now][-_MOST_STEPS:]
        self._after = []
        self._now = text

    def stand(self, draft: ClaimDraft) -> None:
        """Take the draft as it stands for the step in hand: what the register has added is no step of the clerk's."""
        self._now = text_of(draft)

    def undo(self, draft: ClaimDraft) -> bool:
        """Put the draft back to the step before.

        Returns:
            Whether there was one.
        """
        self.note(draft)
        if not self._before:
            return False
        self._after.append(self._now)
        self._now = self._before.pop()
        _put_back(draft, self._now)
        return True

    def redo(self, draft: ClaimDraft) -> bool:
        """Go forward again to what was taken back last, if nothing else was typed since.

        Returns:
            Whether there was anything.
        """
        self.note(draft)
        if not self._after:
            return False
        self._before.append(self._now)
        self._now = self._after.pop()
        _put_back(draft, self._now)
        return True


def _put_back(draft: ClaimDraft, text: str) -> None:
    former = draft_of(text)
    for field in dataclasses.fields(ClaimDraft):
        setattr(draft, field.name, getattr(former, field.name))
