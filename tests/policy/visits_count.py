"""An area that has visits count (就诊先后), as an officer lays it among the office's documents: files alone.

The skeleton as the program writes it, with one word changed: deductible 600, 60 / 55 / 50 % by tier, cap 1800.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from clerk_app.policy.skeleton import write_skeleton

CODE, NAME = "619901", "示例先后市"
BEGINS = date(2025, 1, 1)


def lay(policies: Path) -> Path:
    """Write the area's folder into a folder of policies; returns its document."""
    folder = policies / CODE
    write_skeleton(folder, CODE, NAME, BEGINS, date(2026, 11, 22))
    document = folder / f"{BEGINS.isoformat()}.yaml"
    text = document.read_text(encoding="utf-8")
    assert text.count("扣减次序: {值: 结算先后") == 1
    document.write_text(text.replace("扣减次序: {值: 结算先后", "扣减次序: {值: 就诊先后"), encoding="utf-8")
    return document
