"""Exceptions name what they override: every 取代 of a file is read, and held against the slots that there are.

An exception takes the place of a general rule for some persons, diseases, institutions or days. It says which slot of
the file it replaces and, where that slot has an article, which; so that nothing is replaced by accident, two
exceptions for one case are found before they are paid, and the explanation can name both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clerk_app.policy.strict_yaml import Findings, Item, Section, nearest
from clerk_app.policy.version import Replaced, Source

#: A basis that begins so is the office's own practice and no article.
_NO_ARTICLE = "未明文"


@dataclass(frozen=True, slots=True)
class Named:
    """One entry of 取代 with the line it stands on."""

    replaced: Replaced
    line: int


@dataclass(frozen=True, slots=True)
class Override:
    """An exception and what it says that it replaces.

    Attributes:
        slot: Where the exception stands, e.g. 备案.未备案.
        by: Its own source; the days for which it holds are there.
        targets: The slots that an exception of this kind can replace.
        named: What it names; empty where 取代 is missing.
        takes_exceptions: It works on whatever figure holds, another exception's included, and has to name that too.
    """

    slot: str
    by: Source
    line: int
    targets: tuple[str, ...]
    named: tuple[Named, ...]
    takes_exceptions: bool = False


@dataclass(frozen=True, slots=True)
class SlotValues:
    """What may be named: the sources of a slot's values.

    Attributes:
        is_block: The slot is a whole block, e.g. 普通门诊, and has no article of its own.
    """

    general: tuple[Source, ...] = ()
    exceptions: tuple[Source, ...] = ()
    is_block: bool = False


def read_named(section: Section, document: str) -> tuple[Named, ...]:
    """Read 取代: a slot by name or as ``{项目, 依据}``, or a list of them; empty where the key is absent.

    Args:
        document: The 文号 meant where an entry names none.
    """
    item = section.get("取代")
    if item is None:
        return ()
    return tuple(_named(entry, document) for entry in (item.items() if item.is_list else [item]))


def _named(item: Item, document: str) -> Named:
    if item.is_scalar:
        return Named(Replaced(item.text()), item.line)
    block = item.section()
    slot, article = block.needed_text("项目"), block.text("依据")
    own = document if has_article(article) else ""
    named = Named(Replaced(slot, block.text("文号", own), article), item.line)
    block.finish()
    return named


def has_article(basis: str) -> bool:
    """Whether a basis is an article of a document, and not the office's own practice."""
    return bool(basis) and not basis.startswith(_NO_ARTICLE)


def check_overrides(findings: Findings, overrides: Sequence[Override], slots: Mapping[str, SlotValues]) -> None:
    """Report every exception that names nothing, what is not there, what it cannot replace, or too little.

    Args:
        slots: Every slot of the file by name.
    """
    for override in overrides:
        if not override.named:
            if override.targets:
                findings.add(override.line, "override_missing", slot=override.slot, known=override.targets)
            continue
        usable = [_is_usable(findings, override, named, slots) for named in override.named]  # Each says its problem.
        if all(usable):
            _check_complete(findings, override, slots)


def _is_usable(findings: Findings, override: Override, named: Named, slots: Mapping[str, SlotValues]) -> bool:
    """Whether an entry names a slot that is there and that this exception can replace, and a right article of it."""
    slot = named.replaced.slot
    there = tuple(target for target in override.targets if target in slots)
    if slot in there and slots[slot].is_block:
        if named.replaced.article:
            findings.add(named.line, "key_unknown", key="依据", nearest="项目", known=("项目",))
        return not named.replaced.article
    if slot in there:
        return _is_right_article(findings, override, named, slots[slot])
    if slot:  # An empty one has been reported as a missing key.
        code = "override_not_applicable" if slot in slots else "override_unknown"
        findings.add(
            named.line, code, slot=override.slot, given=slot, nearest=nearest(slot, there or slots), known=there or "—"
        )
    return False


def _is_right_article(findings: Findings, override: Override, named: Named, values: SlotValues) -> bool:
    slot, given = named.replaced.slot, named.replaced
    meant = [source for source in _candidates(override, values) if overlap(source, override.by)]
    if any(_is_meant(given, source) for source in meant):
        return True
    known = tuple(dict.fromkeys(str(source) for source in meant))
    if not meant:
        findings.add(named.line, "override_idle", slot=slot)
    elif not given.article:
        findings.add(named.line, "override_article_missing", slot=slot, known=known)
    else:
        close = nearest(given.citation, known)
        findings.add(named.line, "override_article", slot=slot, given=given.citation, nearest=close, known=known)
    return False


def _check_complete(findings: Findings, override: Override, slots: Mapping[str, SlotValues]) -> None:
    """An exception names every value that it meets in its days, so that none is replaced by accident."""
    for slot in override.targets:
        for source in _candidates(override, slots.get(slot, SlotValues())):
            if overlap(source, override.by) and not _names(override, slot, source):
                details = {"slot": override.slot, "missing": slot, "article": str(source)}
                findings.add(override.line, "override_incomplete", **details)


def _candidates(override: Override, values: SlotValues) -> tuple[Source, ...]:
    return (*values.general, *values.exceptions) if override.takes_exceptions else values.general


def _names(override: Override, slot: str, source: Source) -> bool:
    return any(named.replaced.slot == slot and _is_meant(named.replaced, source) for named in override.named)


def _is_meant(replaced: Replaced, source: Source) -> bool:
    if not replaced.article:
        return not has_article(source.article)
    return (replaced.document, replaced.article) == (source.document, source.article)


def overlap(one: Source, other: Source) -> bool:
    """Whether there is a day for which both hold."""
    starts_on = max(one.holds_from or date.min, other.holds_from or date.min)
    return starts_on <= min(one.holds_until or date.max, other.holds_until or date.max)
