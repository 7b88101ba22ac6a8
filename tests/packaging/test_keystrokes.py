"""The usual job stays within its bar of keys."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_returning_person_with_three_receipts_costs_at_most_sixty_keys() -> None:
    script = ROOT / "packaging" / "keystrokes.py"
    ended = subprocess.run(
        [sys.executable, str(script)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    counted = re.search(r"^ *(\d+)  keystrokes beyond the 50 ", ended.stdout, re.MULTILINE)
    assert counted is not None, ended.stdout + ended.stderr
    assert int(counted.group(1)) <= 60
    assert ended.returncode == 0, ended.stdout
    assert "已结算" in ended.stdout
