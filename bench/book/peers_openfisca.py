"""The rules in openfisca-core: one entity, a variable for each column and step."""

from __future__ import annotations

from functools import cache
from typing import Any

import peers_taxbenefit as shared
from data import Array
from openfisca_core import entities, periods
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

prepare = shared.prepare


@cache
def encoded() -> tuple[shared.Library, Any]:
    """The engine with the rules in it."""
    entity = entities.build_entity(
        key="line", plural="lines", label="an order line", doc="", roles=None, is_person=True
    )
    library = shared.Library(
        entity, TaxBenefitSystem([entity]), Variable, periods.MONTH,
        lambda system, count: SimulationBuilder().build_default_simulation(system, count),
    )  # fmt: skip
    return library, shared.encode(library)


def run(columns: dict[str, Array]) -> Array:
    """The code of each line."""
    return shared.calculate(*encoded(), columns, "code").astype("uint8")


def unknown(rows: list[dict[str, Any]]) -> list[tuple[bool | None, int | None] | str]:
    """(is a licence needed, code) where facts may be None."""
    return shared.unknown(*encoded(), rows)
