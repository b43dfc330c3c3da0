"""Every named case of ``cases/*.yaml``, asked as a line of a book."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from klartecken.book.job import Job, Settings
from klartecken.book.table.columns import Layout
from klartecken.decide.ask import shipped_world
from tests.book.compare import in_bulk, table
from tests.cases.compare import all_cases, answer, reformed, spelt_out
from tests.cases.form import NamedCase

NAMES = {"to": "destination", "on": "ship_date", "from": "ship_from", "hq": "consignee_hq"}
Group = tuple[str, bool, str]


def line(case: NamedCase) -> dict[str, str]:
    """The case's question as cells."""
    found: dict[str, str] = {}
    for name, said in case.ask.items():
        if name in ("view", "strict", "reform"):
            continue
        if name == "facts":
            found.update((fact, str(text)) for fact, text in spelt_out(said).items())
        else:
            text = ",".join(said) if isinstance(said, (list, tuple)) else str(said)
            found[NAMES.get(name, name)] = text
    return found


def groups() -> Iterator[tuple[Group, list[NamedCase]]]:
    found: dict[Group, list[NamedCase]] = {}
    for case in all_cases().values():
        strict = case.ask.get("strict") is True
        group = (case.ask.get("view", "practice"), strict, case.ask.get("reform", ""))
        found.setdefault(group, []).append(case)
    yield from found.items()


@pytest.mark.parametrize(("group", "cases"), list(groups()), ids=lambda held: str(held)[:60])
def test_the_named_cases_as_one_book(group: Group, cases: list[NamedCase]) -> None:
    view, strict, reform = group
    world = reformed(reform) if reform else shipped_world()
    rows = [line(case) for case in cases]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    full: list[dict[str, Any]] = [{name: row.get(name) for name in columns} for row in rows]
    layout = Layout({name: name for name in columns})
    job = Job(world, layout, Settings(view=view, strict=strict))
    for case, got in zip(cases, in_bulk(job, table(full, columns)), strict=True):
        assert got == answer(case.name).verdict, case.name
