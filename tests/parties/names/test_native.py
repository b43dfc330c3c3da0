"""Native names: keys, and when a text meets one."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.parties.names.han import glossary, is_han, simplified
from klartecken.parties.names.native import NativeName, native_hits, native_key, native_names
from klartecken.parties.names.scripts import script_of


def hits(text: str) -> dict[str, str]:
    return {hit.name.listed_name: hit.how for hit in native_hits(text)}


@pytest.mark.parametrize("name", native_names(), ids=lambda name: name.native)
def test_each_native_name_meets_its_listing_exactly(name: NativeName) -> None:
    assert hits(name.native)[name.listed_name] == "exact"
    assert name.script in script_of(name.native)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("龍芯中科技術股份有限公司", "龙芯中科技术有限责任公司"),
        ("浪潮（北京）电子信息产业 有限公司", "浪潮(北京)电子信息产业有限公司"),
        ("ООО «Зорбла»", "ооо зорбла"),
    ],
)
def test_equal_keys(one: str, other: str) -> None:
    assert native_key(one) == native_key(other)


def test_the_city_in_brackets_stays_in_the_key() -> None:
    assert native_key("卓拉(北京)有限公司") != native_key("卓拉(上海)有限公司")


@pytest.mark.parametrize(
    ("text", "listed", "how"),
    [
        ("海思半导体股份公司", "HiSilicon Technologies Co., Ltd (HiSilicon)", "core"),
        ("海思光电科技(武汉)", "HiSilicon Optoelectronics Co., Ltd.", "core"),
        ("大华技术(成都)有限公司", "Dahua Technology", "core"),
        ("大华股份", "Dahua Technology", "core"),
        ("卓拉海思电子有限公司", "HiSilicon Technologies Co., Ltd (HiSilicon)", "contains"),
        ("上海海思", "Shanghai HiSilicon Technologies Co., Ltd.", "core"),
        ("Zorbla Ltd (華為技術有限公司)", "Huawei Technologies Co., Ltd. (Huawei)", "exact"),
        ("哈尔滨工业大学(深圳)", "Harbin Institute of Technology", "contains"),
        ("Huawei 华为 Zorbla", "Huawei Technologies Co., Ltd. (Huawei)", "core"),
    ],
)
def test_a_listing_is_met(text: str, listed: str, how: str) -> None:
    assert hits(text)[listed] == how


@pytest.mark.parametrize(
    "text",
    [
        "上海思卓拉技术有限公司",  # 上海|思, not 海思
        "大华建设有限公司",  # the brand is an ordinary word; another business
        "大华集团",
        "曙光电气有限公司",
        "哈尔滨理工大学",
        "北京工业大学",
        "西安电子科技大学",  # another university; ends as a listed one
        "智元创新(上海)科技有限公司",  # sounds like 智源
        "荣耀终端股份有限公司",
        "卓拉科技有限公司",
        "有限公司",
        "深圳市",
        "",
        "Huawei Technologies",  # Latin text is for the screen of listed names
    ],
)
def test_nothing_is_met(text: str) -> None:
    assert native_hits(text) == ()


def test_the_parent_stands_before_its_branches() -> None:
    assert native_hits("浪潮集团")[0].name.listed_name == "Inspur Group Co., Ltd."


BRANDS = [name for name in native_names() if name.distinctive and name.script == "Han"]


@given(st.sampled_from(BRANDS), st.text("卓拉科技有限公司()甲乙", max_size=6))
def test_a_distinctive_brand_is_never_missed_after_it(name: NativeName, after: str) -> None:
    """Whatever follows: the brand itself is a hit of one of its listings."""
    found = native_hits(name.brand + after)
    assert simplified(name.brand)[:2] in {hit.name.brand[:2] for hit in found}


@given(st.text("深圳上海思华为大学卓拉科技有限公司() AЖ", max_size=14))
def test_any_text_is_taken_and_the_key_is_stable(text: str) -> None:
    names = [hit.name.listed_name for hit in native_hits(text)]
    assert len(names) == len(set(names))
    assert native_key(native_key(text)) == native_key(text)


def test_each_chinese_brand_is_a_brand_of_the_glossary() -> None:
    """Else a reading would cut it in pieces."""
    for name in native_names():
        if name.brand and all(map(is_han, name.brand)):
            assert glossary()[name.brand].kind == "brand", name.brand


def test_listed_names_are_listed(shared: Path) -> None:
    path = shared / "data" / "lists" / "csl-reduced-2026-07-31.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        entries = json.load(stream)["entries"]
    listed = {" ".join(entry["n"].split()) for entry in entries}
    assert {name.listed_name for name in native_names()} <= listed
