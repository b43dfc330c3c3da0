from collections import Counter
from pathlib import Path

import pytest

from klartecken.parties.lists.conditions import footnote_unread, footnotes, review_policy
from klartecken.parties.lists.formats.recognise import read_files

DENIAL, POLICY, CASE = "presumption_of_denial", "policy_of_denial", "case_by_case"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("For all items subject to the EAR. (See §744.11 of the EAR)", ()),
        ("For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR)4", ("4",)),
        ("For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR) 4", ("4",)),
        ("For All Items Subject to the EAR (See §734.9(e), and 744.11 of the EAR)4.", ("4",)),
        ("For all items subject to the EAR. (See §§ 734.9(e)(2) and 744.11 of the EAR)", ("4",)),
        ("For all items (See §§734.4(a)(9), 734.9(e)(3), and 744.11 of the EAR)5", ("5",)),
        ("For all items subject to the EAR, see §§ 734.9(e)1 and 744.11 of the EAR2", ("1",)),
        ("For all items subject to the EAR, see §§ 734.9(e) 1 and 744.11 of the EAR 2", ("1",)),
        ("For All Items Subject to the EAR (See §734.9(e)1, and §744.11 of the EAR)2.", ("1",)),
        ("(See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)", ("3",)),
        ("(See §§ 734.9(g), 746.8(a)(3), and 744.21(b) of the EAR)", ("3",)),
        ("(See §§ 734.9(e)1, 734.9(e)(2) and 744.11 of the EAR)4", ("1", "4")),
        ("(See §734.9(e)(2) and 744.11 of the EAR)4. License Exception GOV under (e).", ("4",)),
        ("For all items (See § 746.8(a)(3) of the EAR)", ()),
        ("", ()),
    ],
)
def test_footnotes(text: str, expected: tuple[str, ...]) -> None:
    assert footnotes(text) == expected


def test_a_rule_cited_without_a_footnote_is_told() -> None:
    assert footnote_unread("(See §734.9(e) and §744.11 of the EAR)")
    assert not footnote_unread("(See §734.9(e)(2) and §744.11 of the EAR)")
    assert not footnote_unread("(See §744.11 of the EAR)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Presumption of denial.", DENIAL),
        ("Presumption for denial", DENIAL),
        ("Presumption of Denial", DENIAL),
        ("Policy of denial", POLICY),
        ("Policy of denial for all items subject to the EAR. See §§ 746.8(b)", POLICY),
        ("Policy of denial See §§ 746.8(b) and 744.21(e).", POLICY),
        ("Case-by-case basis.", CASE),
        ("Case-by-case review.", CASE),
        ("", ""),
        ("See §744.3(d) of this part", ""),
        ("Presumption of approval for EAR99 items", ""),
        ("Policy of denial Case-by-case basis for items for the space station.", ""),
        ("Policy of denial for all items apart from food and medicine.", ""),
        ("Presumption of denial except case-by-case for items not described in ECCN 3B001", ""),
        ("Presumption of denial for all other items subject to the EAR.", ""),
        ("Case-by-Case review for licenses for the safety of civil aviation of aircraft.", ""),
        ("Case-by-case for all items on the CCL. Presumption of approval for EAR99 items", ""),
        ("Policy of denial. See § 746.8(b), except for food", ""),
    ],
)
def test_review_policies(text: str, expected: str) -> None:
    assert review_policy(text) == expected


def test_the_snapshot_of_july_2026(shared: Path) -> None:
    """Counted once by hand of the 89 requirement and 78 policy texts.

    150 rows have footnote 1 as ``734.9(e)1``; six more, all of Huawei's, as ``734.9(e) 1``.
    """
    (file,) = read_files([shared / "data/lists/csl-reduced-2026-07-31.json.gz"])
    entries = [e for e in file.entries if e.list == "EL"]
    assert Counter(f for e in entries for f in e.footnotes) == {"1": 156, "3": 771, "4": 96,
                                                              "5": 16}  # fmt: skip
    assert sum("734.9(e)1" in e.requirement for e in entries) == 150
    apart = [e for e in entries if "734.9(e) 1" in e.requirement]
    assert len(apart) == 6
    assert all("85 FR 51603" in e.citation and e.footnotes == ("1",) for e in apart)
    assert [e.name for e in entries if footnote_unread(e.requirement)] == [
        "Shanghai Supercomputing Technology Co., Ltd."
    ]
    assert not any("2" in e.footnotes for e in entries)
    # rows by policy text: 964 + 1169 + 18 + 8 + 27; 95 + 55 + 1 + 4 + 52 + 9 + 33 + 4 + 111 + 1;
    # 3 + 2 + 3
    assert Counter(e.review_policy for e in file.entries if e.review_policy) == {
        DENIAL: 2186, POLICY: 365, CASE: 8,
    }  # fmt: skip
    assert all("case-by" not in e.policy.lower() for e in entries if e.review_policy == POLICY)
