"""One policy file: the national schema of slots, filled by one document of one area.

A file is read into slots first and resolved into versions afterwards, because a framework is resolved once for each
pooling area that fills its parameters. Every slot may carry several dated values; the days on which one of them
changes cut the document's life into versions. An exception says with 取代 which general slot it replaces.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from clerk_app.codes import Benefit, FilingCategory, Insurance, Material, Payer
from clerk_app.policy.cross_checks import cross_check, slots_of_the_unfiled
from clerk_app.policy.overrides import Override, read_named
from clerk_app.policy.parameters import read_parameter
from clerk_app.policy.slots import (
    BenefitSlots,
    CapSlot,
    CitedFigures,
    Dated,
    DeductibleSlot,
    DiseaseCaps,
    PolicyFile,
    RatioSlot,
    SettledAs,
)
from clerk_app.policy.strict_yaml import Item, Section, nearest, read_yaml
from clerk_app.policy.tables import Table, read_slot_value
from clerk_app.policy.version import (
    AccountCredit,
    AccountRule,
    DeductibleBasis,
    Document,
    Exclusion,
    FilingRule,
    ManualClaimRule,
    SeparatePolicy,
    Source,
    Stated,
    TierExpectation,
    UnfiledRule,
    VisitWindow,
)

_Body = TypeVar("_Body")
_TermT = TypeVar("_TermT", Insurance, FilingCategory, Material, Payer)
_SlotT = TypeVar("_SlotT", DeductibleSlot, RatioSlot, CapSlot)

#: The choices that change the money and are stated in every file, with the values that the program knows.
STATED_SLOTS = {
    "版本日期": ("就诊日",),
    "扣减次序": ("结算先后", "就诊先后"),
    "计算步骤": ("起付线、比例、限额",),
    "舍入": ("逐票四舍五入到分",),
    "退休待遇": ("办理次月",),
}
#: Grounds of refusal and review that hold in every area; each file states its basis.
GROUND_SLOTS = ("参保期外", "重复票据", "住院期间", "已联网结算", "非异地", "非定点", "药店购药")


def read_policy_file(path: Path) -> PolicyFile:
    """Read one document's file.

    Raises:
        FileProblems: Everything that is wrong in it, at once.
    """
    item = read_yaml(path, f"{path.parent.name}/{path.name}")
    content_hash = hashlib.sha256(path.read_bytes()).hexdigest()
    policy_file = _Reader(item).read(content_hash)
    item.findings.raise_if_any()
    return policy_file


class _Reader:
    """Reads one file; problems are collected in the item's findings."""

    def __init__(self, item: Item) -> None:
        self._item = item
        self._top = item.section()
        self._document = Document("", "", "")
        self._from = date.min
        self._until: date | None = None
        self._general_materials: tuple[frozenset[Material], Source] | None = None
        self._overrides: list[Override] = []

    def read(self, content_hash: str) -> PolicyFile:
        top = self._top
        area_code, area_name = self._area()
        self._read_document()
        verified_until = top.need("已核实至")
        insurances_section = self._needed_section("险种")
        account = top.section("个人账户")
        materials = top.section("材料")
        self._general_materials = self._materials(materials) if materials else None
        policy_file = PolicyFile(
            item=self._item,
            content_hash=content_hash,
            area_code=area_code,
            area_name=area_name,
            document=self._document,
            effective_from=self._from,
            effective_until=self._until,
            effect_source=self._effect_source(),
            verified_until=verified_until.day() if verified_until else date.min,
            insurances=frozenset(self._terms(insurances_section, "值", Insurance))
            if insurances_section
            else frozenset(),
            insurances_source=self._source_of(insurances_section),
            stated=self._stated(),
            grounds=self._grounds(),
            manual_claims=self._dated(top.need("零星报销"), self._manual_claims),
            networked_institution_source=self._only_source("联网机构"),
            overlap_source=self._exception_basis(top, "慢特病优先", "", (Benefit.ORDINARY.term,)),
            exclusions=tuple(self._exclusion(item) for item in top.items("不予支付情形")),
            separate_policies=self._separate_policies(top.items("另行政策")),
            account=self._account(account) if account else None,
        )
        if insurances_section:
            insurances_section.finish()
        self._read_benefits(policy_file)
        unfiled_replaces = slots_of_the_unfiled(policy_file)
        policy_file.filing = self._dated(
            top.need("备案"), lambda section, source: self._filing(section, source, unfiled_replaces)
        )
        parameters = top.section("参数")
        if parameters:
            policy_file.parameters = {
                name: read_parameter(name, item, self._document.number) for name, item in parameters.rest()
            }
        top.finish()
        cross_check(policy_file, self._overrides)
        return policy_file

    # -- the document ---------------------------------------------------------------------------------------

    def _area(self) -> tuple[str, str]:
        section = self._needed_section("统筹区")
        if section is None:
            return "", ""
        code, name = section.needed_text("代码"), section.needed_text("名称")
        if code and not is_area_code(code):
            section.item.problem("area_code_form", given=code)
        section.finish()
        return code, name

    def _read_document(self) -> None:
        section = self._needed_section("文件")
        if section is not None:
            self._document = Document(
                section.needed_text("文号"), section.needed_text("标题"), section.needed_text("发文机关")
            )
            section.finish()
        effect = self._needed_section("施行")
        if effect is not None:
            starts_on = effect.need("起")
            self._from = starts_on.day() if starts_on else date.min
            self._until = effect.day("止")

    def _effect_source(self) -> Source:
        effect = self._top.section("施行")
        source = self._source_of(effect)
        if effect:
            effect.day("起")
            effect.day("止")
            effect.finish()
        return source

    def _source_of(self, section: Section | None, starts_on: date | None = None, ends_on: date | None = None) -> Source:
        """The basis of a slot: the file's document unless 文号 names another; what no document says has none."""
        if section is None:
            return Source("", "")
        article = section.needed_text("依据")
        own = "" if article.startswith("未明文") else self._document.number
        return Source(section.text("文号", own), article, starts_on or self._from, ends_on or self._until)

    def _exception(
        self, section: Section, source: Source, slot: str, targets: tuple[str, ...], *, takes_exceptions: bool = False
    ) -> Source:
        """The source of an exception with what it replaces; held against the slots when all are read."""
        named = read_named(section, self._document.number)
        source = replace(source, replaces=tuple(each.replaced for each in named))
        self._overrides.append(Override(slot, source, section.line, targets, named, takes_exceptions))
        return source

    def _exception_basis(self, section: Section, key: str, owner: str, targets: tuple[str, ...]) -> Source | None:
        """The source of an optional exception that is nothing but a basis, e.g. 视同备案."""
        slot = section.section(key)
        if slot is None:
            return None
        source = self._exception(slot, self._source_of(slot), f"{owner}.{key}" if owner else key, targets)
        slot.finish()
        return source

    def _only_source(self, key: str) -> Source | None:
        section = self._top.section(key)
        return self._basis(section) if section else None

    def _basis(self, section: Section) -> Source:
        source = self._source_of(section)
        section.finish()
        return source

    def _needed_section(self, key: str) -> Section | None:
        item = self._top.need(key)
        return item.section() if item else None

    def _terms(self, section: Section, key: str, terms: type[_TermT]) -> list[_TermT]:
        known = {member.term: member for member in terms}
        item = section.need(key)
        if item is None:
            return []
        default = next(iter(terms))
        return [entry.choice(known, default) for entry in (item.items() if item.is_list else [item])]

    # -- dated values ---------------------------------------------------------------------------------------

    def _dated(self, item: Item | None, read_body: Callable[[Section, Source], _Body]) -> tuple[Dated[_Body], ...]:
        """One value, or a list of values each with 起 and 止."""
        if item is None:
            return ()
        dated = []
        for entry in item.items() if item.is_list else [item]:
            section = entry.section()
            starts_on = section.day("起") or self._from
            ends_on = section.day("止") or self._until
            source = self._source_of(section, starts_on, ends_on)
            dated.append(Dated(read_body(section, source), starts_on, ends_on, entry.line))
            section.finish()
        return tuple(dated)

    # -- general slots --------------------------------------------------------------------------------------

    def _stated(self) -> dict[str, Stated]:
        stated: dict[str, Stated] = {}
        section = self._needed_section("口径")
        if section is None:
            return stated
        for name, known in STATED_SLOTS.items():
            item = section.need(name)
            if item is None:
                continue
            slot = item.section()
            value = slot.need("值")
            chosen = value.choice({word: word for word in known}, known[0]) if value else known[0]
            stated[name] = Stated(chosen, self._source_of(slot))
            slot.finish()
        section.finish()
        return stated

    def _grounds(self) -> dict[str, Source]:
        section = self._needed_section("情形依据")
        if section is None:
            return {}
        grounds = {}
        for name in GROUND_SLOTS:
            item = section.need(name)
            if item is not None:
                grounds[name] = self._basis(item.section())
        section.finish()
        return grounds

    @staticmethod
    def _manual_claims(section: Section, source: Source) -> ManualClaimRule:
        value = section.need("值")
        return ManualClaimRule(bool(value and value.choice({"受理": True, "不予受理": False}, True)), source)

    def _filing(self, section: Section, source: Source, unfiled_replaces: tuple[str, ...]) -> FilingRule:
        categories_item = section.need("类别")
        categories: frozenset[FilingCategory] | None = None
        if categories_item and categories_item.is_list:
            categories = frozenset(self._terms(section, "类别", FilingCategory))
        elif categories_item:
            categories_item.choice({"不限": None}, None)
        unfiled = section.section("未备案")
        if unfiled is None:
            section.item.problem("key_missing", key="未备案")
            return FilingRule(categories, source, UnfiledRule.REVIEW, source)
        rule_item = unfiled.need("处理")
        rule = rule_item.choice({rule.value: rule for rule in UnfiledRule}, UnfiledRule.REVIEW) if rule_item else None
        unfiled_source = self._source_of(unfiled, source.holds_from, source.holds_until)
        reduction: Item | None = None
        if rule in (UnfiledRule.POINTS_OFF, UnfiledRule.PAID_FIRST):
            reduction = unfiled.need("百分点")
            targets = unfiled_replaces if rule is UnfiledRule.POINTS_OFF else ("口径.计算步骤",)
            unfiled_source = self._exception(unfiled, unfiled_source, "备案.未备案", targets, takes_exceptions=True)
        filing = FilingRule(
            categories,
            source,
            rule or UnfiledRule.REVIEW,
            unfiled_source,
            reduction.ratio_bp() if reduction else 0,
        )
        unfiled.finish()
        return filing

    def _exclusion(self, item: Item) -> Exclusion:
        section = item.section()
        exclusion = Exclusion(section.needed_text("代码"), section.needed_text("情形"), self._source_of(section))
        section.finish()
        return exclusion

    def _separate_policies(self, items: list[Item]) -> tuple[SeparatePolicy, ...]:
        """A disease follows one document of its own, not two."""
        found: list[SeparatePolicy] = []
        for item in items:
            separate = self._separate_policy(item)
            for earlier in found:
                if earlier.meets(separate):
                    item.problem("override_conflict", slot="待遇", one=earlier.document, other=separate.document)
            found.append(separate)
        return tuple(found)

    def _separate_policy(self, item: Item) -> SeparatePolicy:
        section = item.section()
        separate = SeparatePolicy(
            frozenset(disease.text() for disease in section.items("病种")),
            section.needed_text("适用文件"),
            self._exception(section, self._source_of(section), "另行政策", ("待遇",)),
        )
        section.finish()
        return separate

    def _account(self, section: Section) -> AccountRule:
        payers = frozenset(self._terms(section, "付款人", Payer))
        source = self._source_of(section)
        monthly = tuple(self._credit(item) for item in section.items("计入"))
        section.finish()
        return AccountRule(payers, source, monthly)

    def _credit(self, item: Item) -> AccountCredit:
        section = item.section()
        share = section.need("比例")
        credit = AccountCredit(
            section.needed_text("人员"),
            share.ratio_bp() if share else 0,
            section.needed_text("基数"),
            self._source_of(section),
        )
        section.finish()
        return credit

    # -- benefits -------------------------------------------------------------------------------------------

    def _read_benefits(self, policy_file: PolicyFile) -> None:
        item = self._top.need("待遇")
        if item is None:
            return
        known = {benefit.term: benefit for benefit in Benefit}
        for name, block in item.pairs():
            if name not in known:
                block.problem("value_unknown", given=name, nearest=nearest(name, known), known=tuple(known))
                continue
            section = block.section()
            settled_as = section.get("按")
            if settled_as:
                policy_file.settled_as[known[name]] = SettledAs(
                    settled_as.choice(known, Benefit.ORDINARY),
                    self._source_of(section),
                    self._exception_basis(section, "视同备案", name, ("备案",)),
                    section.line,
                )
                section.finish()
            else:
                policy_file.benefits[known[name]] = self._benefit(known[name], section)

    def _benefit(self, benefit: Benefit, section: Section) -> BenefitSlots:
        expected = section.section("机构等级")
        materials = section.section("材料")
        name = benefit.term
        deductible, less = self._figures(
            name, section, "起付标准", lambda slot, source: _deductible(benefit, slot, source)
        )
        ratio, better = self._figures(name, section, "支付比例", lambda slot, source: self._ratio(name, slot, source))
        cap, higher = self._figures(name, section, "年度限额", lambda slot, source: self._cap(benefit, slot, source))
        slots = BenefitSlots(
            line=section.line,
            deductible=deductible,
            ratio=ratio,
            cap=cap,
            expected_tier=self._expected_tier(expected) if expected else None,
            condition_source=self._optional_basis(section, "登记病种"),
            materials=self._materials(materials) if materials else self._general_materials,
            dual_channel_source=self._exception_basis(section, "双通道药品", name, (name,)),
            filed_source=self._exception_basis(section, "视同备案", name, ("备案",)),
            exceptions={"起付标准": less, "支付比例": better, "年度限额": higher},
        )
        section.finish()
        return slots

    def _figures(
        self, owner: str, section: Section, key: str, read_body: Callable[[Section, Source], _SlotT]
    ) -> tuple[tuple[Dated[_SlotT], ...], tuple[Dated[CitedFigures], ...]]:
        """The general values of a slot, and the exceptions among them: those that say what they replace."""
        slot = f"{owner}.{key}"
        read_leaf = Item.ratio_bp if key == "支付比例" else Item.standard_fen

        def read_either(entry: Section, source: Source) -> _SlotT | CitedFigures:
            if "取代" not in entry:
                return read_body(entry, source)
            value = entry.need("值")
            figures = read_slot_value(value, read_leaf) if value else Table({})
            return CitedFigures(figures, self._exception(entry, source, slot, (slot,)))

        general: list[Dated[_SlotT]] = []
        exceptions: list[Dated[CitedFigures]] = []
        for dated in self._dated(section.need(key), read_either):
            body = dated.body
            if isinstance(body, CitedFigures):
                exceptions.append(Dated(body, dated.starts_on, dated.ends_on, dated.line))
            else:
                general.append(Dated(body, dated.starts_on, dated.ends_on, dated.line))
        return tuple(general), tuple(exceptions)

    def _ratio(self, owner: str, section: Section, source: Source) -> RatioSlot:
        value = section.need("值")
        bonus = section.section("退休加成")
        return RatioSlot(
            read_slot_value(value, Item.ratio_bp) if value else Table({}),
            self._retired_bonus(owner, bonus, source) if bonus else None,
            source,
        )

    def _retired_bonus(self, owner: str, section: Section, general: Source) -> CitedFigures:
        value = section.need("值")
        source = self._source_of(section, general.holds_from, general.holds_until)
        bonus = CitedFigures(
            read_slot_value(value, Item.ratio_bp) if value else Table({}),
            self._exception(section, source, f"{owner}.退休加成", (f"{owner}.支付比例",)),
        )
        section.finish()
        return bonus

    def _cap(self, benefit: Benefit, section: Section, source: Source) -> CapSlot:
        value = section.need("值")
        by_disease = section.section("病种限额")
        return CapSlot(
            read_slot_value(value, Item.standard_fen) if value else Table({}),
            _pool(benefit, section),
            self._disease_caps(benefit.term, by_disease, source) if by_disease else None,
            source,
        )

    def _disease_caps(self, owner: str, section: Section, general: Source) -> DiseaseCaps:
        source = self._source_of(section, general.holds_from, general.holds_until)
        caps = DiseaseCaps(
            section.needed_text("参数"),
            self._exception(section, source, f"{owner}.病种限额", (f"{owner}.年度限额",), takes_exceptions=True),
            section.line,
        )
        section.finish()
        return caps

    def _optional_basis(self, section: Section, key: str) -> Source | None:
        slot = section.section(key)
        return self._basis(slot) if slot else None

    def _expected_tier(self, section: Section) -> tuple[TierExpectation, Source]:
        value = section.need("值")
        known = {expectation.value: expectation for expectation in TierExpectation}
        chosen = value.choice(known, TierExpectation.TWO_OR_LOWER) if value else TierExpectation.TWO_OR_LOWER
        return chosen, self._basis(section)

    def _materials(self, section: Section) -> tuple[frozenset[Material], Source]:
        materials = frozenset(self._terms(section, "值", Material))
        return materials, self._basis(section)


def _deductible(benefit: Benefit, section: Section, source: Source) -> DeductibleSlot:
    basis = section.need("方式")
    window = section.get("合并计算")
    value = section.need("值")
    return DeductibleSlot(
        read_slot_value(value, Item.standard_fen) if value else Table({}),
        basis.choice({word.value: word for word in DeductibleBasis}, DeductibleBasis.ANNUAL)
        if basis
        else DeductibleBasis.ANNUAL,
        _pool(benefit, section),
        window.choice({word.value: word for word in VisitWindow}, VisitWindow.SAME_LABEL)
        if window
        else VisitWindow.SAME_LABEL,
        source,
    )


def _pool(benefit: Benefit, section: Section) -> str:
    """与…合并: which benefit's pool the amounts count to."""
    shared = section.get("与之合并")
    return (shared.choice({other.term: other for other in Benefit}, benefit) if shared else benefit).value


def is_area_code(text: str) -> bool:
    """Whether a text has the form of GB/T 2260."""
    return len(text) == 6 and text.isascii() and text.isdigit()


def renamed(policy_file: PolicyFile, area_code: str, area_name: str) -> PolicyFile:
    """The same slots for a pooling area that a framework covers."""
    return replace(policy_file, area_code=area_code, area_name=area_name)
