"""Latin readings of Chinese names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.parties.names.forms import FORM_WORDS, replace_forms
from klartecken.parties.names.han import (
    MOST_READINGS,
    glossary,
    han_readings,
    is_han,
    pieces,
    simplified,
)

HAN = st.text("深圳市上海华为科技有限公司第十二研究所长江卓拉()（） AZ7龍カ한", max_size=16)


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("深圳卓拉科技有限公司", "Shenzhen Zhuola Technology Co., Ltd."),
        ("深圳市卓拉科技有限公司", "Shenzhen Zhuola Keji Youxian Gongsi"),
        ("重慶卓拉半導體股份有限公司", "Chongqing Zhuola Semiconductor Co., Ltd."),
        ("重庆卓拉半导体股份有限公司", "Chongqing Zhuola Bandaoti Gufen Youxian Gongsi"),
        ("卓拉江河(厦门)微电子有限公司", "Zhuola Jianghe (Xiamen) Microelectronics Co., Ltd."),
        ("卓拉江河(厦门)微电子有限公司", "Zhuolajianghe (Xiamen) Microelectronics Co., Ltd."),
        ("长风卓拉", "Changfeng Zhuola"),
        ("拓卓", "Tuo Zhuo"),
        ("卓拉第二十八研究所", "Zhuola No. 28 Research Institute"),
        ("卓拉七七二研究所", "Zhuola No. 772 Research Institute"),
        ("卓拉 Technologies（北京）", "Zhuola Technologies (Beijing)"),
        ("海光信息技术股份有限公司", "Hygon Information Technology Co., Ltd."),
        ("海光信息技术股份有限公司", "Haiguang Xinxi Jishu Gufen Youxian Gongsi"),
        ("海光信息技术股份有限公司", "Hai Guang Information Technology Co., Ltd."),
    ],
)
def test_a_reading_is_among_them(name: str, reading: str) -> None:
    assert reading in han_readings(name)


def test_the_first_reading_is_the_english_one() -> None:
    assert han_readings("上海卓拉智能科技有限公司")[0] == (
        "Shanghai Zhuola Intelligent Technology Co., Ltd."
    )


@pytest.mark.parametrize("name", ["Zorbla Ltd", "зорбла", "ゾルブラ", "주식회사", "", "7"])
def test_no_chinese_character_no_reading(name: str) -> None:
    assert han_readings(name) == ()


@given(HAN)
def test_readings_are_few_and_hold_no_chinese(text: str) -> None:
    readings = han_readings(text)
    assert len(readings) <= MOST_READINGS
    assert len(set(readings)) == len(readings)
    assert bool(readings) == any(map(is_han, simplified(text)))
    assert not any(is_han(letter) for reading in readings for letter in reading)


@given(HAN)
def test_pieces_are_the_whole_text(text: str) -> None:
    parts = pieces(simplified(text))
    assert "".join(part.text for part in parts) == simplified(text)
    assert all(simplified(text).startswith(part.text, part.start) for part in parts)


def test_the_glossary_is_simplified_and_complete() -> None:
    for han, word in glossary().items():
        assert simplified(han) == han
        assert all(map(is_han, han)), han
        assert word.english
        assert len(word.pinyin) == len(han), han
        assert all(part.isascii() and part.isalpha() for part in word.pinyin), han


@pytest.mark.parametrize("form", ["有限公司", "有限责任公司", "股份有限公司"])
def test_legal_forms_end_as_form_words(form: str) -> None:
    for reading in han_readings("卓拉" + form):
        rest = replace_forms(reading.casefold()).replace(".", "").split()[1:]
        assert set(rest) <= FORM_WORDS | {"la"}, reading


def test_simplified_is_stable() -> None:
    assert simplified("龍華際（深圳）") == "龙华际(深圳)"
    assert simplified(simplified("龍華際")) == simplified("龍華際")
