"""The peer of two figures of bench.py: Jiangxi's rule as OpenFisca expresses it, in an interpreter of its own.

    <python with openfisca-core> packaging/bench_openfisca.py FOLDER single|batch

bench.py starts it and sends a line a round on the standard input: ``traced`` or ``plain``, and how many times. Each is
answered by one line, the milliseconds that the work took once, measured here. ``FOLDER`` holds the inputs in yuan,
``single.npz`` (one array a variable, shape (months, persons) or (persons,)) or ``batch.npz`` (a table of receipts with
``person`` and ``month``, shape (rows,)); what the fund pays goes to ``single.npy`` or ``batch.npy`` in the same shape.

A person is the entity, a month the period: one receipt a month, its deductible and its payment add to what the months
of the year before it have used, and the figures are dated parameters by status and tier.
"""

# In OpenFisca a variable's name is that of its class, and `formula` takes the entity for `self`.
# ruff: noqa: D101, D102, N801, N805

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.model_api import ETERNITY, MONTH, YEAR, Enum, Variable, max_, min_, select, where
from openfisca_core.parameters import ParameterNode
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

MONTHS = [f"2023-{month:02d}" for month in range(1, 13)]
PAPER = ("tier", "total", "self_funded", "over_limit", "paid_first", "in_scope")
START = "2023-01-01"

Insured = build_entity(key="insured", plural="insured", label="参保人", is_person=True)


class Tier(Enum):
    """医院等级."""

    none = "无等级"
    one = "一级"
    two = "二级"
    three = "三级"


class Status(Enum):
    """人员类别."""

    employed = "在职"
    retired = "退休"


def _value(amount: float) -> dict:
    return {"values": {START: {"value": amount}}}


def _by_tier(one: float, two: float, three: float) -> dict:
    return {"none": _value(one), "one": _value(one), "two": _value(two), "three": _value(three)}


PARAMETERS = {
    "deductible": _value(600),
    "cap": {"employed": _value(1800), "retired": _value(2000)},
    "ratio": {"employed": _by_tier(0.60, 0.55, 0.50), "retired": _by_tier(0.65, 0.60, 0.55)},
}


class status(Variable):
    value_type = Enum
    possible_values = Status
    default_value = Status.employed
    entity = Insured
    definition_period = ETERNITY


class tier(Variable):
    value_type = Enum
    possible_values = Tier
    default_value = Tier.three
    entity = Insured
    definition_period = MONTH


class total(Variable):
    value_type = float
    entity = Insured
    definition_period = MONTH


class self_funded(Variable):
    value_type = float
    entity = Insured
    definition_period = MONTH


class over_limit(Variable):
    value_type = float
    entity = Insured
    definition_period = MONTH


class paid_first(Variable):
    value_type = float
    entity = Insured
    definition_period = MONTH


class in_scope(Variable):
    """Worked out from what is printed, unless it is given."""

    value_type = float
    entity = Insured
    definition_period = MONTH

    def formula(insured, period):
        borne_first = insured("self_funded", period) + insured("over_limit", period) + insured("paid_first", period)
        return insured("total", period) - borne_first


class prior_deductible(Variable):
    value_type = float
    entity = Insured
    definition_period = YEAR


class prior_fund(Variable):
    value_type = float
    entity = Insured
    definition_period = YEAR


class deductible_used(Variable):
    """Charged in the year before the month."""

    value_type = float
    entity = Insured
    definition_period = MONTH

    def formula(insured, period):
        if period.start.month == 1:
            return insured("prior_deductible", period.this_year)
        return insured("deductible_used", period.last_month) + insured("deductible", period.last_month)


class deductible_open(Variable):
    """Still to be charged in the year."""

    value_type = float
    entity = Insured
    definition_period = MONTH

    def formula(insured, period, parameters):
        return max_(parameters(period).deductible - insured("deductible_used", period), 0)


class deductible(Variable):
    """Charged in the month."""

    value_type = float
    entity = Insured
    definition_period = MONTH

    def formula(insured, period):
        return min_(insured("deductible_open", period), insured("in_scope", period))


class ratio(Variable):
    value_type = float
    entity = Insured
    definition_period = MONTH

    def formula(insured, period, parameters):
        # Choosing among scalars: a look-up of `ratio[status][tier]` goes through the persons one by one.
        employed, retired = parameters(period).ratio.employed, parameters(period).ratio.retired
        is_retired = insured("status", period) == Status.retired
        hospital = insured("tier", period)
        return select(
            [hospital == Tier.three, hospital == Tier.two],
            [where(is_retired, retired.three, employed.three), where(is_retired, retired.two, employed.two)],
            where(is_retired, retired.one, employed.one),
        )


class share(Variable):
    """What the ratio gives, half a fen up."""

    value_type = float
    entity = Insured
    definition_period = MONTH

    def formula(insured, period):
        segment = insured("in_scope", period) - insured("deductible", period)
        return np.floor(segment * insured("ratio", period) * 100 + 0.5) / 100


class fund_used(Variable):
    """Paid in the year before the month."""

    value_type = float
    entity = Insured
    definition_period = MONTH

    def formula(insured, period):
        if period.start.month == 1:
            return insured("prior_fund", period.this_year)
        return insured("fund_used", period.last_month) + insured("fund", period.last_month)


class cap_left(Variable):
    """Open under the cap of the year."""

    value_type = float
    entity = Insured
    definition_period = MONTH

    def formula(insured, period, parameters):
        cap = parameters(period).cap
        of_status = where(insured("status", period) == Status.retired, cap.retired, cap.employed)
        return max_(of_status - insured("fund_used", period), 0)


class fund(Variable):
    """Paid in the month."""

    value_type = float
    entity = Insured
    definition_period = MONTH

    def formula(insured, period):
        return min_(insured("share", period), insured("cap_left", period))


class over_cap(Variable):
    """The part of the in-scope amount that stays above the cap."""

    value_type = float
    entity = Insured
    definition_period = MONTH

    def formula(insured, period):
        segment = insured("in_scope", period) - insured("deductible", period)
        covered = np.floor(insured("fund", period) / insured("ratio", period) * 100 + 0.5) / 100
        return where(insured("share", period) > insured("cap_left", period), max_(segment - covered, 0), 0)


class person(Variable):
    """Left to the insured person."""

    value_type = float
    entity = Insured
    definition_period = MONTH

    def formula(insured, period):
        return insured("total", period) - insured("fund", period)


def jiangxi() -> TaxBenefitSystem:
    """The rule with its parameters."""
    system = TaxBenefitSystem([Insured])
    system.add_variables(status, tier, total, self_funded, over_limit, paid_first, in_scope)
    system.add_variables(prior_deductible, deductible_used, deductible_open, deductible)
    system.add_variables(prior_fund, fund_used, ratio, share, cap_left, fund, over_cap, person)
    system.parameters = ParameterNode("", data=PARAMETERS)
    return system


def by_month(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A table of receipts, shape (rows,), as the months that the system counts in, shape (months, persons)."""
    shape = (int(columns["month"].max()) + 1, columns["status"].size)
    monthly = {}
    for name in ("tier", "in_scope"):
        monthly[name] = np.zeros(shape, columns[name].dtype)
        monthly[name][columns["month"], columns["person"]] = columns[name]
    return {**columns, **monthly}


def run(
    system: TaxBenefitSystem, columns: dict[str, np.ndarray], answers: tuple[str, ...], *, traced: bool
) -> list[np.ndarray]:
    """Each answer of shape (months, persons), yuan; a simulation keeps its results, so every run has its own."""
    simulation = SimulationBuilder().build_default_simulation(system, columns["status"].size)
    simulation.trace = traced
    for name in ("status", "prior_deductible", "prior_fund"):
        simulation.set_input(name, "2023", columns[name])
    monthly = [name for name in PAPER if name in columns]
    months = MONTHS[: len(columns["tier"])]
    for place, month in enumerate(months):
        for name in monthly:
            simulation.set_input(name, month, columns[name][place])
    return [np.stack([simulation.calculate(answer, month) for month in months]) for answer in answers]


def main() -> None:
    """Answer the rounds until the input ends."""
    folder, name = Path(sys.argv[1]), sys.argv[2]
    system = jiangxi()
    case = dict(np.load(folder / f"{name}.npz"))

    def work(traced: bool) -> list[np.ndarray]:
        if name == "single":
            return run(system, case, ("fund", "over_cap", "person"), traced=traced)
        (paid,) = run(system, by_month(case), ("fund",), traced=traced)
        return [paid[case["month"], case["person"]]]

    for line in sys.stdin:
        way, times = line.split()[0], int(line.split()[1])
        start = time.perf_counter()
        for _time in range(times):
            answers = work(way == "traced")
        elapsed_ms = (time.perf_counter() - start) * 1000 / times
        np.save(folder / f"{name}.npy", answers[0])
        print(elapsed_ms, flush=True)


if __name__ == "__main__":
    main()
