"""The skeleton of a new area: a policy file with a comment for each slot, and a first worked example."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from clerk_app.errors import ClerkError
from clerk_app.jobs import whole_file
from clerk_app.paths import resources
from clerk_app.policy.shelf import EXAMPLES_NAME


def write_skeleton(folder: Path, area_code: str, area_name: str, effective_from: date, today: date) -> list[Path]:
    """Write both files into a folder of the area; nothing that is there already is overwritten.

    Args:
        area_code: Six digits of GB/T 2260.

    Raises:
        ClerkError: ``area_code_form``, ``file_there``, ``folder_not_made`` or ``file_not_written``.
    """
    if not (len(area_code) == 6 and area_code.isascii() and area_code.isdigit()):
        raise ClerkError("area_code_form", given=area_code)
    values = {
        "area_code": area_code,
        "area_name": area_name,
        "document": f"{area_name}文号",
        "effective_from": effective_from.isoformat(),
        "today": today.isoformat(),
        "deductible": "600",
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClerkError("folder_not_made", folder=str(folder), reason=error.strerror or str(error)) from error
    templates = resources() / "policy-skeleton"
    written = {
        folder / f"{effective_from.isoformat()}.yaml": templates / "policy.yaml",
        folder / EXAMPLES_NAME: templates / EXAMPLES_NAME,
    }
    for target in written:
        if target.exists():
            raise ClerkError("file_there", file=str(target))
    for target, template in written.items():
        with whole_file(target) as draft:
            draft.write_text(_filled(template.read_text(encoding="utf-8"), values), encoding="utf-8")
    return list(written)


def _filled(template: str, values: Mapping[str, str]) -> str:
    """YAML is full of braces, so only the names of the values are replaced."""
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template
