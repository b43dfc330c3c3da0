"""Reforms: what a change does to the versions of a provision, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from klartecken.decide.ask import shipped_world
from klartecken.errors import LawError, UnknownName
from klartecken.law import overlay
from klartecken.law.load import read_provision
from klartecken.law.overlay import apply, read_reform, shipped_reforms, sweep_reform, under
from klartecken.law.reform import reform_of
from klartecken.law.timeline import Timeline

WORLD = shipped_world()
LAW = WORLD.law
NEW = {"id": "X1", "when": "tpp >= 1"}
RULE = {"add": "made.up", "stage": "definition", "title": "t", "versions": [NEW]}


def reform(*changes, start=date(2024, 1, 1), until=None, **head):
    data = {
        "reform": "made-up", "title": "t", "start": start, "until": until, "cite": "c",
        "url": "https://example.org", "tag": "inferred", "changes": list(changes), **head,
    }  # fmt: skip
    return reform_of(data, "made-up.yaml")


def replaced(provision="level.c", **keys):
    return {"replace": provision, "with": keys or {"note": "other"}}


def periods(law, provision):
    return [(v.id, v.start, v.until) for v in law.provisions[provision].versions]


def test_a_version_is_parted_at_the_edges_of_the_period():
    change = replaced("parameters.a", params={"tpp_a1": 6000})
    law = apply(LAW, reform(change, start=date(2024, 1, 1), until=date(2024, 12, 31)))
    assert periods(law, "parameters.a") == [
        ("V1", date(2022, 10, 21), date(2023, 11, 16)),
        ("V2", date(2023, 11, 17), date(2023, 12, 31)),
        ("V2/made-up", date(2024, 1, 1), date(2024, 12, 31)),
        ("V2/made-up/after", date(2025, 1, 1), None),
    ]
    before, inside, after = law.provisions["parameters.a"].versions[1:]
    assert before.when == after.when == LAW.provisions["parameters.a"].versions[1].when
    assert inside.params == {"tpp_a1": 6000, "tpp_a2": 1600, "pd_a2": Fraction("5.92")}
    assert inside.when != before.when
    assert (inside.cite, inside.tag) == ("Hypothetical (made-up): c", "inferred")
    assert not inside.instrument


def test_what_a_reform_leaves_alone_is_the_very_same():
    law = apply(LAW, reform(replaced(), RULE))
    for identity, provision in LAW.provisions.items():
        assert (law.provisions[identity] is provision) == (identity != "level.c")
    assert set(law.provisions) - set(LAW.provisions) == {"made.up"}
    assert law.regime == "us-ear+made-up"


def test_the_law_itself_stays_as_it_was():
    before = dict(LAW.provisions), LAW.hash, [dict(d) for d in LAW.docs.values()]
    apply(LAW, reform(replaced("level.a", when="true"), {"end": "level.b"}, RULE))
    assert before == (dict(LAW.provisions), LAW.hash, [dict(d) for d in LAW.docs.values()])


def test_a_provision_that_ends_binds_no_more_within_the_period():
    law = apply(LAW, reform({"end": "level.c", "from": date(2025, 1, 1)}, until=date(2025, 6, 30)))
    assert periods(law, "level.c") == [
        ("V3", date(2024, 12, 2), date(2024, 12, 31)),
        ("V3/made-up/after", date(2025, 7, 1), None),
    ]


def test_a_provision_may_end_altogether_though_others_refer_to_it():
    law = apply(LAW, reform({"end": "flag.diffusion"}, {"end": "level.c"}))
    assert not law.provisions["flag.diffusion"].versions
    assert not law.provisions["level.c"].versions


def test_a_version_is_added_and_cut_to_the_period():
    added = {"add": "level.c", "version": {**NEW, "from": date(2022, 1, 1)}}
    law = apply(LAW, reform({"end": "level.c"}, added, until=date(2024, 12, 31)))
    assert periods(law, "level.c")[-1] == ("X1", date(2024, 1, 1), date(2024, 12, 31))


def test_days_can_be_moved_within_the_period():
    change = {"replace": "744.11(a)(1).affiliates", "version": "V2",
              "with": {"from": date(2026, 10, 1)}}  # fmt: skip
    law = apply(LAW, reform(change, start=date(2026, 1, 1)))
    assert law.provisions["744.11(a)(1).affiliates"].versions[-1].start == date(2026, 10, 1)
    law = apply(LAW, reform(change, start=date(2026, 10, 15)))
    assert law.provisions["744.11(a)(1).affiliates"].versions[-1].start == date(2026, 10, 15)


def test_a_null_takes_a_key_away():
    law = apply(LAW, read_reform("ai-diffusion-enforced"))
    for version in law.provisions["742.6(a)(6)(iii)(A).worldwide"].versions:
        assert version.enforced
        assert version.view is None


def test_the_version_of_the_file_is_meant_after_another_reform_parted_it():
    first = reform(replaced("parameters.a", params={"tpp_a1": 6000}), start=date(2024, 1, 1),
                   until=date(2024, 6, 30))  # fmt: skip
    second = reform({"replace": "parameters.a", "version": "V2", "with": {"note": "n"}},
                    start=date(2024, 4, 1), reform="second")  # fmt: skip
    law = under(LAW, [first, second])
    assert [(v.id, v.start, v.params["tpp_a1"]) for v in
            law.provisions["parameters.a"].versions[1:]] == [
        ("V2", date(2023, 11, 17), 4800), ("V2/made-up", date(2024, 1, 1), 6000),
        ("V2/made-up/second", date(2024, 4, 1), 6000),
        ("V2/made-up/after/second", date(2024, 7, 1), 4800),
    ]  # fmt: skip


def test_the_hash_follows_the_law_and_all_that_the_reform_says():
    hashes = [LAW.hash]
    for given in (reform(RULE), reform(RULE, start=date(2024, 1, 2)), reform(RULE, note="other"),
                  reform({**RULE, "title": "u"}), reform(RULE, replaced())):  # fmt: skip
        hashes.append(apply(LAW, given).hash)
        assert apply(LAW, given).hash == hashes[-1]
    hashes.append(apply(apply(LAW, reform(RULE)), reform(replaced(), reform="two")).hash)
    assert len(set(hashes)) == len(hashes)


WRONG = {
    "unknown provision": (replaced("level.aa"), "Nearest: level.a"),
    "end of an unknown one": ({"end": "levl.b"}, "Nearest: level.b"),
    "unknown version": ({"end": "level.c", "version": "V9"}, "'V9'. There is: V3"),
    "unknown param": (replaced("level.c", params={"density": 3}), "Nearest: density_c"),
    "unknown key": (replaced(whne="true"), "unknown key whne"),
    "unknown fact": (replaced(when="ttp > 1"), "unknown name ttp"),
    "dangling": (replaced(when='"level.aa"'), "Nearest: level.a"),
    "later stage": (replaced(when='"NAC"'), "later stage exception"),
    "circle": (replaced("note2", when='"level.a"'), "refers to itself"),
    "overlap": ({"add": "level.c", "version": NEW}, "overlaps version"),
    "exists already": ({**RULE, "add": "level.a"}, "exists already"),
    "bad stage": ({**RULE, "stage": "definitions"}, "definitions"),
    "no policy for": ({**RULE, "stage": "policy", "policy": "unknown", "for": ["headquarter.a"]},
                      "Nearest: headquarters.a"),
    "not enforced": (replaced(enforced=False), "belongs to the text view"),
    "unknown exception": (replaced("headquarters.a", exceptions=["NAK"]), "'NAK'"),
    "bad tag": (replaced(tag="sure"), "sure"),
    "no number": (replaced(params={"density_c": "two"}), "not a number"),
    "undated key": (replaced(stage="flag"), "`stage` has no date"),
    "never binds": (
        {"end": "742.6(a)(6).destination", "version": "R22"}, "so nothing would change"),
    "outside": ({"end": "level.c", "from": date(2023, 1, 1)}, "outside the reform's period"),
    "no day of the period": (replaced(until=date(2023, 1, 1)), "on no day"),
    "no day": (replaced(**{"from": "soon"}), "no day"),
    "two kinds": ({"end": "level.c", "add": "x"}, "must be one of add, replace, end"),
    "nothing other": ({"replace": "level.c", "with": {}}, "what is other"),
    "nothing added": ({"add": "x"}, "neither a provision nor a version"),
    "no versions": ({**RULE, "versions": []}, "has no version"),
    "stands twice": ({"add": "level.c", "version": {**NEW, "id": "V3", "from": date(2025, 1, 1)}},
                     "stands twice"),
    "misspelt": ({**replaced(), "vesion": "V3"}, "vesion"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_with_its_place(name):
    change, told = WRONG[name]
    with pytest.raises(LawError) as caught:
        apply(LAW, reform(replaced("domestic"), change, start=date(2024, 1, 1)))
    line = caught.value.line()
    assert told in line
    if name != "circle":
        assert "made-up.yaml, change 2" in line


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ({"changes": []}, "changes nothing"),
        ({"changes": None}, "changes nothing"),
        ({"reform": "a b"}, "cannot name a reform"),
        ({"until": date(2023, 1, 1)}, "is before `start`"),
        ({"tag": "sure"}, "sure"),
        ({"cite": None}, "`cite` is missing"),
        ({"titel": "x"}, "unknown key titel"),
    ],
)
def test_a_reform_of_wrong_form_is_refused(head, told):
    with pytest.raises(LawError, match=told):
        reform(RULE, **head)


def test_an_unknown_reform_is_told_the_nearest():
    with pytest.raises(UnknownName, match="ai-diffusion-enforced") as caught:
        read_reform("ai-difusion-enforced")
    assert caught.value.nearest == ("ai-diffusion-enforced",)
    with pytest.raises(LawError, match=r"nowhere\.yaml"):
        read_reform("nowhere.yaml")


# -- the timeline --------------------------------------------------------------------------
@pytest.mark.parametrize("name", shipped_reforms())
@pytest.mark.parametrize("view", ["practice", "text"])
def test_outside_its_period_each_day_is_the_base_s_own(name, view):
    given = read_reform(name)
    for until in (None, given.start + timedelta(days=500)):
        bounded = type(given)(**{**vars(given), "until": until})
        base, mine = WORLD.timeline, WORLD.under(bounded).timeline
        for day in mine.days:
            for at in (day - timedelta(days=1), day):
                assert (mine.on(at, view) is base.on(at, view)) == (not bounded.within(at))


@pytest.mark.parametrize("name", shipped_reforms())
@pytest.mark.parametrize("view", ["practice", "text"])
def test_the_short_way_gives_what_the_whole_law_gives(name, view):
    """The same versions bind as when the reformed law is read like any other."""
    world = WORLD.under(read_reform(name))
    whole, mine = Timeline(world.law, world.places), world.timeline
    base = {
        id(rule) for day in WORLD.timeline.days for rule in WORLD.timeline.on(day, view).in_force
    }
    assert set(whole.days) <= set(mine.days) | set(WORLD.timeline.days)
    for day in sorted({*whole.days, *mine.days}):
        one, two = mine.on(day, view), whole.on(day, view)
        assert sorted(r.id for r in one.in_force) == sorted(r.id for r in two.in_force)
        for rule in one.in_force:
            if world.law.provisions[rule.id] is LAW.provisions.get(rule.id):
                assert id(rule) in base
            assert rule.version.trees == two.by_id[rule.id].version.trees


def test_each_stretch_of_the_period_is_one_object():
    mine = WORLD.under(read_reform("april-2025-letters-public")).timeline
    for here, after in zip(mine.days, mine.days[1:], strict=False):
        assert mine.on(here) is mine.on(after - timedelta(days=1))
        assert mine.on(here).since == here
        assert mine.on(here - timedelta(days=1)) is not mine.on(here)


def test_diffusion_enforced_makes_practice_what_the_text_says():
    world = WORLD.under(read_reform("ai-diffusion-enforced"))
    for day in [d for d in world.timeline.days if d >= date(2025, 5, 15)]:
        text, practice = WORLD.timeline.on(day, "text"), world.timeline.on(day, "practice")
        said = {r.id: r.version.when for r in text.in_force if r.id != "flag.diffusion"}
        assert {r.id: r.version.when for r in practice.in_force} == said


def test_a_swept_number_is_the_only_difference():
    world = WORLD.under(sweep_reform(LAW, "level.a.tpp_a1", "6000"))
    day = date(2025, 6, 1)
    for rule in world.timeline.on(day).in_force:
        same = rule is WORLD.timeline.on(day).by_id[rule.id]
        assert same == (rule.id != "parameters.a")


def test_only_what_changes_is_read_again(monkeypatch):
    read = []

    def counted(entry, *rest, **more):
        read.append(entry.data["id"])
        return read_provision(entry, *rest, **more)

    monkeypatch.setattr(overlay, "read_provision", counted)
    apply(LAW, reform(replaced(), RULE, replaced("level.c", tag="memory")))
    assert sorted(read) == ["level.c", "made.up"]
