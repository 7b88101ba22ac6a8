"""``clerk-app policy check`` and ``new``: what each area's documents cover, and the files of a new area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from clerk_app.adjudication.explanation import percent
from clerk_app.cli.exit_codes import DONE, FAILED
from clerk_app.cli.office_in_use import policy_folders
from clerk_app.errors import ClerkError
from clerk_app.money import format_yuan
from clerk_app.policy.grid import OUTPATIENT, GridRow, grid, uncovered_spans
from clerk_app.policy.shelf import load_shelf
from clerk_app.policy.skeleton import write_skeleton
from clerk_app.policy.strict_yaml import parse_day
from clerk_app.policy.version import DeductibleBasis, OpenTerms, Policy, PolicyVersion, Terms
from clerk_app.wording import _, filled


def check_policies(area_codes: Sequence[str], today: date) -> int:
    """Print the grid of the named areas, or of all.

    A conflict, a hole that can be proved or a broken bound stops the reading before, with every problem listed.
    """
    shelf = load_shelf(*policy_folders())
    has_hole = False
    for area_code, _name in shelf.areas():
        if area_codes and area_code not in area_codes:
            continue
        policy = shelf.policy(area_code)
        for line in _lines(policy, today):
            print(line)
        has_hole = has_hole or any(row.has_hole for row in grid(policy)) or any(uncovered_spans(policy))
    for unknown in set(area_codes) - {code for code, _name in shelf.areas()}:
        shelf.policy(unknown)  # Raises, naming the areas that there are.
    return FAILED if has_hole else DONE


def new_policy(area_code: str, area_name: str, effective_from: str, folder: Path, today: date) -> int:
    """Write the skeleton of an area, to be filled by a policy officer.

    Raises:
        ClerkError: ``area_there`` or ``area_fills_framework``, the area has its policy; a new document of it follows
            the one it has. Or as ``write_skeleton``.
    """
    _need_to_be_new(area_code)
    for written in write_skeleton(folder / area_code, area_code, area_name, parse_day(effective_from), today):
        print(written)
    return DONE


def _need_to_be_new(area_code: str) -> None:
    shelf = load_shelf(*policy_folders())
    name = dict(shelf.areas()).get(area_code)
    if name is None:
        return
    framework = shelf.framework_of(area_code)
    if framework != area_code:
        raise ClerkError("area_fills_framework", area=name, framework=framework)
    latest = shelf.policy(area_code).versions[-1].document.number
    raise ClerkError("area_there", area=name, area_code=area_code, document=latest)


def _lines(policy: Policy, today: date) -> Iterator[str]:
    yield f"{policy.area_code} {policy.area_name}"
    version: PolicyVersion | None = None
    for row in grid(policy):
        if row.version is not version:
            version = row.version
            yield from _head(version, today)
        if row.is_covered:
            yield f"    {row.insurance.term}·{row.status.term}·{row.benefit.term}"
            yield from _cells(row)
    for first, last in uncovered_spans(policy):
        yield "  " + filled(_("{first} 至 {last} 没有文件施行"), {"first": first, "last": last})


def _head(version: PolicyVersion, today: date) -> Iterator[str]:
    until = version.effective_until.isoformat() if version.effective_until else _("今")
    yield "  " + filled(
        _("{document}，{from_day} 至 {until}，已核实至 {verified}"),
        {
            "document": version.document.number,
            "from_day": version.effective_from,
            "until": until,
            "verified": version.verified_until,
        },
    )
    if version.effective_until is None and version.verified_until < today:
        yield "  " + _("！核实日期已过，请政策岗重新核对文件后更新“已核实至”")
    silent = [benefit.term for benefit in OUTPATIENT if benefit not in version.benefits]
    if silent:
        yield "    " + filled(_("文件没有规定：{benefits}"), {"benefits": silent})
    for rule in version.exceptions:
        details = {"slot": rule.slot, "source": rule.source, "replaced": rule.source.replaces}
        yield "    " + filled(_("例外：{slot}〔{source}〕，取代{replaced}"), details)


def _cells(row: GridRow) -> Iterator[str]:
    if row.open_parameters:
        yield "      " + filled(_("待统筹区确定：{names}"), {"names": row.open_parameters})
        return
    for tier, cell in zip((_("一级及以下"), _("二级"), _("三级")), row.cells, strict=True):
        yield f"      {tier}  {_figures(cell)}"


def _figures(cell: Terms | OpenTerms | None) -> str:
    if not isinstance(cell, Terms):
        return _("没有规定")
    basis = _("每年") if cell.deductible_basis is DeductibleBasis.ANNUAL else _("每次")
    return filled(
        _("起付 {deductible}（{basis}） 比例 {ratio}% 限额 {cap}〔{article}〕"),
        {
            "deductible": format_yuan(cell.deductible_fen),
            "basis": basis,
            "ratio": percent(cell.ratio_bp),
            "cap": format_yuan(cell.cap_fen),
            "article": cell.ratio_source,
        },
    )
