"""Every case of ``cases/*.yaml`` is one test; its id is file and case."""

from __future__ import annotations

import pytest

from tests.cases.compare import all_cases, answer, differences
from tests.cases.names import check_names


@pytest.mark.parametrize("name", list(all_cases()))
def test_case(name: str) -> None:
    case = all_cases()[name]
    check_names(case)
    wrong = differences(case, answer(name))
    if wrong:
        lines = [f"{case.title} ({case.source}; {case.tag})", *wrong]
        pytest.fail("\n  ".join(lines), pytrace=False)
