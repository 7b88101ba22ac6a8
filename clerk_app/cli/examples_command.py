"""``clerk-app examples`` and ``clerk-app settle``: worked examples through the engine."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from clerk_app.cli.exit_codes import DONE, FAILED, UNUSABLE
from clerk_app.cli.office_in_use import policy_folders
from clerk_app.errors import ClerkError
from clerk_app.examples.case_file import read_cases
from clerk_app.examples.report import as_json, lines, settled_lines
from clerk_app.examples.runner import run_case
from clerk_app.policy.shelf import load_shelf
from clerk_app.wording import _, filled, sentence


def run_examples(files: Sequence[Path]) -> int:
    """Run every case of every file, a line each; a file that cannot be used is said and the others go on."""
    shelf = load_shelf(*policy_folders())
    held = failed = unusable = 0
    for file in files:
        try:
            cases = read_cases(file, shelf)
        except ClerkError as error:
            print(sentence(error), file=sys.stderr)
            unusable += 1
            continue
        for case in cases:
            result = run_case(case)
            held, failed = held + result.holds, failed + (not result.holds)
            for line in lines(result):
                print(line)
    if held or failed:
        print(filled(_("{held} 个通过，{failed} 个不符"), {"held": held, "failed": failed}))
    if unusable:
        print(filled(_("{count} 个文件不能使用，其中的案例没有运行"), {"count": unusable}), file=sys.stderr)
    if unusable:
        return UNUSABLE
    return FAILED if failed else DONE


def settle_cases(file: Path, *, as_machine_json: bool) -> int:
    """Say what the engine computes for each case of a file."""
    shelf = load_shelf(*policy_folders())
    results = [run_case(case) for case in read_cases(file, shelf, need_expectations=False)]
    if as_machine_json:
        print(json.dumps({"cases": [as_json(result) for result in results]}, ensure_ascii=False, indent=2))
    else:
        for result in results:
            for line in settled_lines(result):
                print(line)
    return FAILED if any(result.error for result in results) else DONE
