"""A claim on the desk as one text, for the ledger to keep while it is typed, and back as it was.

What was typed is kept as it was typed, readable or not. A text of another version of the program is refused whole:
a form that is half filled looks like one that was typed so.
"""

from __future__ import annotations

import dataclasses
import json
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from clerk_app.counter.draft import ClaimDraft
from clerk_app.errors import ClerkError

#: One more with every change to the fields of a draft.
VERSION = 3

_DRAFT, _VERSION = "draft", "version"


def text_of(draft: ClaimDraft) -> str:
    """The draft as one line of JSON; ASCII alone, so that no character that was typed can keep it from being saved."""
    return json.dumps({_VERSION: VERSION, _DRAFT: _plain(draft)}, separators=(",", ":"))


def draft_of(text: str) -> ClaimDraft:
    """The draft that a text was made of, whole.

    Raises:
        ClerkError: ``draft_of_other_version``; ``draft_unreadable``, something is missing, unknown or not of its kind.
    """
    try:
        kept = json.loads(text)
    except ValueError:
        raise ClerkError("draft_unreadable") from None
    if not isinstance(kept, dict) or type(kept.get(_VERSION)) is not int:
        raise ClerkError("draft_unreadable")
    if kept[_VERSION] != VERSION:
        raise ClerkError("draft_of_other_version", found=kept[_VERSION], expected=VERSION)
    if kept.keys() != {_VERSION, _DRAFT}:
        raise ClerkError("draft_unreadable")
    draft = _typed(ClaimDraft, kept[_DRAFT])
    assert isinstance(draft, ClaimDraft)
    return draft


def _plain(value: Any) -> Any:
    """Values as JSON has them; a set in order, so that the same draft is always the same text."""
    if dataclasses.is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, set):
        return sorted(_plain(each) for each in value)
    return value.value if isinstance(value, Enum) else value


def _typed(kind: Any, plain: Any) -> Any:
    """The value of a kind that a field names.

    Raises:
        ClerkError: ``draft_unreadable``.
    """
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _typed_fields(kind, plain)
    origin, of = get_origin(kind), get_args(kind)
    if origin in (list, set) and isinstance(plain, list):
        return origin(_typed(of[0], each) for each in plain)
    if origin is UnionType and NoneType in of:
        return None if plain is None else _typed(next(each for each in of if each is not NoneType), plain)
    if isinstance(kind, type) and issubclass(kind, Enum) and isinstance(plain, str):
        for member in kind:
            if member.value == plain:
                return member
    elif kind in (str, bool) and type(plain) is kind:
        return plain
    raise ClerkError("draft_unreadable")


def _typed_fields(kind: type[Any], plain: Any) -> Any:
    hints = get_type_hints(kind)
    if not isinstance(plain, dict) or plain.keys() != hints.keys():
        raise ClerkError("draft_unreadable")
    return kind(**{name: _typed(hint, plain[name]) for name, hint in hints.items()})
