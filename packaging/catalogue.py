#!/usr/bin/env python3
"""Bring the English catalogue up to date with the source: .venv/bin/python packaging/catalogue.py [--check].

Collects every sentence that the program marks with ``_()`` or ``N_()``, merges it into
``resources/locale/en/LC_MESSAGES/clerk_app.po`` and compiles the ``.mo`` beside it. New sentences stay empty until
somebody translates them; ``--check`` changes nothing and says what is missing, unused or not compiled.
"""

from __future__ import annotations

import io
import string
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from clerk_app import codes  # noqa: E402 -- found through the path above

HEADER = "# What the program says in English; packaging/catalogue.py keeps it in step with the source."
#: The moment that the compiled catalogue names, which has to name one.
_UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
PO = ROOT / "resources" / "locale" / "en" / "LC_MESSAGES" / "clerk_app.po"


def collected() -> Catalog:
    """Every sentence of the source, with the module that says it."""
    catalogue = Catalog(locale="en", header_comment=HEADER, project="clerk_app", fuzzy=False, charset="utf-8")
    keywords = {"_": None, "N_": None}
    for file, _line, text, _comments, _context in extract_from_dir(ROOT / "clerk_app", keywords=keywords):
        # A line number would change the file with every edit; the module is enough for a translator.
        catalogue.add(text, locations=[(f"clerk_app/{file}", 0)])
    for term in code_terms():
        catalogue.add(term, locations=[("clerk_app/codes.py", 0)])
    return catalogue


def code_terms() -> list[str]:
    """The words of the code lists, which the window shows in its own language."""
    lists = [each for each in vars(codes).values() if isinstance(each, type) and issubclass(each, codes.Term)]
    return [*(member.term for each in lists for member in each), *codes.Tier.terms()]


def merged() -> Catalog:
    """The translations kept, sentences of the source added, those that are gone dropped."""
    source = collected()
    if PO.exists():
        with PO.open("rb") as file:
            kept = read_po(file, locale="en")
        for message in source:
            old = kept.get(message.id) if message.id else None
            if old is not None and old.string:
                message.string = old.string
    return source


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as text, sorted, so that a change shows as a small difference."""
    target = io.BytesIO()
    write_po(target, catalogue, sort_output=True, omit_header=False, include_lineno=False, width=110)
    return b"\n".join(line for line in target.getvalue().split(b"\n") if not _is_dated(line))


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as the program reads it; the same sentences make the same file on every day."""
    target = io.BytesIO()
    catalogue.creation_date = catalogue.revision_date = _UNDATED
    write_mo(target, catalogue)
    return target.getvalue()


def problems() -> list[str]:
    """What is missing, unused or not compiled; empty when the catalogue is whole."""
    if not PO.exists():
        return [f"{PO.name} is missing"]
    wanted = merged()
    found = [f"not translated: {message.id}" for message in wanted if message.id and not message.string]
    with PO.open("rb") as file:
        kept = read_po(file, locale="en")
    source_ids = {message.id for message in wanted}
    found += [f"no longer used: {message.id}" for message in kept if message.id and message.id not in source_ids]
    found += [f"placeholders differ: {message.id}" for message in kept if message.id and _placeholders_differ(message)]
    compiled = PO.with_suffix(".mo")
    if not compiled.exists() or _translations(compiled.read_bytes()) != _translations(mo_bytes(kept)):
        found.append("the compiled catalogue is not that of the text: run packaging/catalogue.py")
    return found


def _is_dated(line: bytes) -> bool:
    return line.startswith(
        (
            b'"POT-Creation-Date',
            b'"PO-Revision-Date',
            b'"Generated-By',
            b'"Last-Translator',
            b'"Report-Msgid',
            b'"Language-Team',
        )
    )


def _placeholders_differ(message: Message) -> bool:
    def names(text: str) -> set[str]:
        return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}

    return bool(message.string) and names(str(message.id)) != names(str(message.string))


def _translations(content: bytes) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in read_mo(io.BytesIO(content)) if message.id}


def main() -> int:
    """Update the catalogue, or check it."""
    if "--check" in sys.argv[1:]:
        found = problems()
        print("\n".join(found) or "the catalogue is whole")
        return 1 if found else 0
    catalogue = merged()
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(catalogue))
    PO.with_suffix(".mo").write_bytes(mo_bytes(catalogue))
    untranslated = sum(1 for message in catalogue if message.id and not message.string)
    print(f"{len(catalogue)} sentences, {untranslated} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
