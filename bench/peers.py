"""The same small rules in two other engines. Each gives a function: case -> outcome."""

from __future__ import annotations

import json
from collections.abc import Callable

from sampling import BenchCase

Engine = Callable[[BenchCase], str]

LICENCE, NONE = "licence_required", "no_licence_required"
LEVEL_A = "tpp >= 4800 or (tpp >= 1600 and density >= 5.92)"
LEVEL_B = (
    "(tpp >= 2400 and tpp < 4800 and density >= 1.6 and density < 5.92)"
    " or (tpp >= 1600 and density >= 3.2 and density < 5.92)"
)


def zen(scope: frozenset[str]) -> Engine:
    """zen-engine: two decision tables, with its trace."""
    import zen as library

    places = ", ".join(f"'{code}'" for code in sorted(scope))
    stages = (
        ("level", ((LEVEL_A, "'a'"), (LEVEL_B, "'b'"), ("true", "'none'"))),
        ("outcome", ((f"level != 'none' and destination in [{places}]", f"'{LICENCE}'"),
                     ("true", f"'{NONE}'"))),
    )  # fmt: skip
    nodes = [{"id": "in", "type": "inputNode", "name": "in"}]
    edges = []
    before = "in"
    for stage, rules in stages:
        nodes.append({"id": stage, "type": "decisionTableNode", "name": stage,
                      "content": _table(stage, rules)})  # fmt: skip
        edges.append({"id": f"{before}-{stage}", "sourceId": before, "targetId": stage})
        before = stage
    nodes.append({"id": "out", "type": "outputNode", "name": "out"})
    edges.append({"id": "last", "sourceId": before, "targetId": "out"})
    decision = library.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def ask(case: BenchCase) -> str:
        given = {
            "tpp": case.tpp, "density": case.tpp / case.die_area,
            "destination": case.destination,
        }  # fmt: skip
        answer = decision.evaluate(given, {"trace": True})
        assert answer["trace"]
        return str(answer["result"]["outcome"])

    return ask


def _table(stage: str, rules: tuple[tuple[str, str], ...]) -> dict[str, object]:
    return {
        "hitPolicy": "first", "passThrough": True, "executionMode": "single",
        "inputs": [{"id": "i", "name": "i", "type": "expression"}],
        "outputs": [{"id": "o", "name": "o", "field": stage, "type": "expression"}],
        "rules": [
            {"_id": f"{stage}{number}", "i": condition, "o": result}
            for number, (condition, result) in enumerate(rules)
        ],
    }  # fmt: skip


def openfisca(scope: frozenset[str]) -> Engine:
    """openfisca-core: one entity, six variables, with its trace; one simulation for a case."""
    import numpy as np
    from openfisca_core import entities, periods, taxbenefitsystems, variables
    from openfisca_core.simulations import SimulationBuilder

    entity = entities.build_entity(
        key="case", plural="cases", label="a case", doc="", roles=None, is_person=True
    )
    system = taxbenefitsystems.TaxBenefitSystem([entity])
    places = sorted(scope)
    numbers = {code: number for number, code in enumerate(places, 1)}

    def variable(name: str, kind: type, formula: object = None) -> None:
        body: dict[str, object] = {
            "value_type": kind, "entity": entity, "definition_period": periods.MONTH,
            "label": name,
        }  # fmt: skip
        if formula is not None:
            body["formula"] = formula
        system.add_variable(type(name, (variables.Variable,), body))

    def density(case, period):  # type: ignore[no-untyped-def]
        return case("tpp", period) / case("die_area", period)

    def level_a(case, period):  # type: ignore[no-untyped-def]
        tpp, dense = case("tpp", period), case("density", period)
        return (tpp >= 4800) | ((tpp >= 1600) & (dense >= 5.92))

    def level_b(case, period):  # type: ignore[no-untyped-def]
        tpp, dense = case("tpp", period), case("density", period)
        first = (tpp >= 2400) & (tpp < 4800) & (dense >= 1.6) & (dense < 5.92)
        return first | ((tpp >= 1600) & (dense >= 3.2) & (dense < 5.92))

    def licence(case, period):  # type: ignore[no-untyped-def]
        inside = np.isin(case("destination", period), list(numbers.values()))
        return (case("level_a", period) | case("level_b", period)) & inside

    for name in ("tpp", "die_area"):
        variable(name, float)
    variable("destination", int)
    variable("density", float, density)
    variable("level_a", bool, level_a)
    variable("level_b", bool, level_b)
    variable("licence", bool, licence)
    month = "2025-03"

    def ask(case: BenchCase) -> str:
        simulation = SimulationBuilder().build_default_simulation(system, 1)
        simulation.trace = True
        simulation.set_input("tpp", month, np.array([case.tpp]))
        simulation.set_input("die_area", month, np.array([case.die_area]))
        place = numbers.get(case.destination, 0)
        simulation.set_input("destination", month, np.array([place]))
        needed = simulation.calculate("licence", month)[0]
        assert simulation.tracer.trees
        return LICENCE if needed else NONE

    return ask
