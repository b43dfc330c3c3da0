"""The data sheet: everything that is said stands on it, and nothing of it can act."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klartecken.desk.applications.blocks import BLOCKS
from klartecken.desk.applications.cells import ALL_OR_NOTHING, Cell, cells
from klartecken.desk.applications.cells_csv import COLUMNS, read_csv, write_csv
from klartecken.desk.applications.checklist import items_of
from klartecken.desk.applications.finding import Finding
from klartecken.desk.applications.form import blank, read_form
from klartecken.desk.applications.sheet import sheet
from klartecken.errors import InputError
from tests.desk.applications.make import ready

EVIL = '<script>alert("x")</script>&\'"'


class Page(HTMLParser):
    """Gathers tags, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [pair for pair in attrs if pair[0] in ("href", "src", "action")]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def row_of(form: dict[str, Any], **said: Any) -> dict[str, Any]:
    return {"reference": "A-00001", "acn": None, "state": "draft", "review_policy": "",
            "form": read_form(form), "checklist": items_of(["january_2026"]),
            "content": "0" * 64, **said}  # fmt: skip


def test_what_is_said_stands_on_it() -> None:
    form = ready(narrative="Two\nlines", all_or_nothing=True)
    file = {"name": "po.pdf", "kind": "purchase_order", "on_file": "submitted", "size": 12345,
            "sha256": "a" * 64}  # fmt: skip
    found = Finding("duplicate", "distinct_from", "A-00007")
    page = Page(sheet(row_of(form, acn="Z123456"), [file], [found]))
    for text in ("Lantern Cloud Computing", "China (CN)", "12,500,000.00", "12,500.00", "1,000",
                 "3A090.b", "TPP 2368", "Two\nlines", ALL_OR_NOTHING, "po.pdf", "12,345 bytes",
                 "a" * 64, "pending (A-00007)", "748.4(f)", "Z123456", "Liv Manager, Officer",
                 "Not a filing, and not a licence", "foundry capacity"):  # fmt: skip
        assert text in page.text, text
    assert page.open == []
    for block in BLOCKS:
        assert block.number.removeprefix("22") in page.text


def test_nothing_on_it_acts() -> None:
    form = ready(
        narrative=EVIL, end_use=EVIL, special_purpose=EVIL, replaces_licence=EVIL,
        contact={"name": EVIL, "telephone": EVIL}, certifier={"name": EVIL, "title": EVIL},
    )  # fmt: skip
    form["parties"] = [{"role": role, "name": EVIL, "address": EVIL, "contact": EVIL}
                       for role in ("applicant", "consignee", "end_user")]  # fmt: skip
    texts_of = ("item", "eccn", "performance", "model", "unit", "manufacturer", "description")
    form["lines"] = [dict.fromkeys(texts_of, EVIL)]
    row = row_of(form, reference=EVIL, acn=EVIL, review_policy=EVIL, state=EVIL, content=EVIL)
    row["checklist"] = [{**item, "evidence": EVIL, "text": EVIL, "cite": EVIL}
                        for item in row["checklist"]]  # fmt: skip
    file = {"name": EVIL, "kind": EVIL, "on_file": EVIL, "size": 1, "sha256": EVIL}
    text = sheet(row, [file], [Finding("duplicate", EVIL, EVIL)])
    page = Page(text)
    assert "script" not in page.tags
    assert page.links == []
    assert "<script" not in text
    assert EVIL in page.text
    assert "http" not in text.split("</style>")[0]  # no outside address in the style either


def test_an_empty_one_is_whole() -> None:
    page = Page(sheet({**row_of({}), "checklist": []}))
    assert page.open == []
    assert "Applicant" in page.text


def test_numbers_in_the_csv_are_plain() -> None:
    held = {(cell.block, cell.entry): cell for cell in cells(read_form(ready()))}
    assert held["22(h)", 1].value == "12500000"
    assert held["23", 0].value == "12500000"
    assert held["18", 1].value == "Lantern Cloud Computing\n2 Road, Shanghai\nCN"
    assert held["16", 0].value == ""  # an empty block is there, and empty
    assert held["21", 0].value.endswith("[Commercial]")
    assert {cell.tag for cell in held.values()} == {"primary", "secondary", "memory"}
    assert [c.block for c in cells(blank())] == [block.number for block in BLOCKS]


texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
starts = st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n", "'", "''=", "＝", "'x"])


@given(st.lists(st.tuples(starts, texts), max_size=6))
def test_the_csv_reads_back_exactly(parts: list[tuple[str, str]]) -> None:
    held = [Cell("24", number, "name", start + text, "memory")
            for number, (start, text) in enumerate(parts)]  # fmt: skip
    assert read_csv(write_csv(held)) == held


@given(starts.filter(lambda start: start not in ("", "'", "'x")), texts)
def test_no_cell_is_a_formula(start: str, text: str) -> None:
    written = write_csv([Cell("24", 0, "name", start + text, "memory")])
    value = list(csv.reader(io.StringIO(written, newline="")))[1][3]
    assert value.startswith("'")


@pytest.mark.parametrize("text", [
    "", "a,b\r\n", ",".join(COLUMNS) + "\r\n1,2\r\n", ",".join(COLUMNS) + "\r\n1,x,n,v,t\r\n",
])  # fmt: skip
def test_another_csv_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_csv(text)
