"""The whole life of a line by commands alone, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from klartecken.desk.demo.lists import keep_invented
from tests.cli.desk.office import DAY, H20, LISTED, Office, csv_of, licence
from tests.house.program import klartecken

ROLES = {"Pia": "preparer", "Ann": "approver", "Liv": "licence_manager", "Aud": "auditor"}


def set_up(url: str, folder: Path) -> Office:
    """A desk of one's own, from `init` on; every token in a file that only its owner reads."""
    home = ("--home", str(folder / "home"))
    keep_invented(folder / "home", DAY)
    ran = klartecken("desk", "init", "--admin", "Ada", "--keep", str(folder / "Ada"), "--db", url,
                     *home)  # fmt: skip
    assert ran.code == 0, ran.err
    office = Office(url, folder, {"Ada": f"@{folder / 'Ada'}"})
    for name, role in ROLES.items():
        ident = office.ask("people", "add", name, "--role", role, by="Ada")["id"]
        letter = folder / f"{name}.invitation"
        office.tell("people", "invite", str(ident), "--keep", str(letter), by="Ada")
        office.tokens[name] = f"@{letter}"
        assert "this is an invitation" in office.fails("worklist", by=name)
        told = office.tell("token", "accept", "--keep", str(folder / name), by=name)
        assert told == f"kept in {folder / name}\n"
        assert "the token is not valid" in office.fails("token", "accept", by=name)
        office.tokens[name] = f"@{folder / name}"
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    return office


def test_the_life_of_a_line(kind: str, make_url: Callable[[], str], tmp_path: Path) -> None:
    url = str(tmp_path / "new.sqlite") if kind == "sqlite" else make_url()
    office = set_up(url, tmp_path)
    orders = office.file("orders.csv", csv_of(LISTED, H20))
    assert office.ask("import", orders)["new"] == 2
    assert office.ask("import", orders)["unchanged"] == 2
    rows = {row["external_id"]: row for row in office.ask("worklist")["lines"]}
    assert {name: row["state"] for name, row in rows.items()} == {"E-1": "ready", "E-2": "held"}
    assert rows["E-2"]["first_hold"] == "licence_required"
    row = office.ask("edit", "E-2", "--set", "quantity=90", "--why", "the customer asked")
    assert row["quantity"] == "90"

    paper = office.file("licence.pdf", b"%PDF-1.4 invented")
    office.ask("licence", "register", office.file("licence.json", licence()), "--document", paper,
               "--in-hand", "2026-11-05", by="Liv")  # fmt: skip
    assert [one["verified"] for one in office.ask("licence", "list")] == [False]
    office.ask("assign", "E-2", "--licence", "D1234567", by="Liv")
    office.ask("licence", "verify", "D1234567", "--why", "compared", by="Ann")
    row = office.ask("approve", "E-2", "--why", "it names this customer", by="Ann")
    assert [hold["code"] for hold in row["holds"]] == ["end_user_statement"]
    statement = ("--line", "E-2", "--kind", "end_user_statement", "--file", paper)
    seen = ("--on", "2026-11-10", "--source", "invented")
    made = office.ask("evidence", "record", *statement, *seen, by="Liv")
    office.ask("evidence", "verify", str(made["id"]), "--why", "seen", by="Ann")
    told = office.ask("release", "E-1", "E-2", by="Ann")
    assert [one["state"] for one in told] == ["released", "released"]
    filing = office.ask("filing", "E-2")
    assert (filing["code"], filing["licence"], filing["eccn"]) == ("C30", "D1234567", "3A991.p")
    office.tell("ship", "E-1", "E-2", "--itn", "X1", by="Liv")
    left = office.ask("licence", "show", "D1234567")["lines"][0]
    assert (left["shipped_quantity"], left["left_quantity"]) == ("90", "20")

    anchor = office.ask("audit", "anchor", by="Aud")["anchor"]
    checked = office.ask("audit", "verify", "--head", anchor, by="Aud")
    assert (checked["ok"], checked["findings"], checked["head"]) == (True, [], anchor)
    bundle = str(tmp_path / "so2.zip")
    digest = office.ask("audit", "bundle", "SO-2", "-o", bundle, by="Aud")["digest"]
    ran = klartecken("desk", "audit", "check-bundle", bundle, "--digest", digest, "--json")
    told = json.loads(ran.out)
    assert (ran.code, told["ok"], told["receipts"], told["findings"]) == (0, True, 1, [])
    ran = klartecken("desk", "audit", "check-bundle", bundle, "--digest", "0" * 64)
    assert ran.code == 1
    assert "ALTERED" in ran.out
    office.ask("take-back", "E-2", "--why", "refused at the door", by="Liv")
    assert office.ask("licence", "show", "D1234567")["lines"][0]["left_quantity"] == "110"


@pytest.mark.parametrize("gone", ["zip", "folder"])
def test_a_bundle_that_was_altered(gone: str, office: Office) -> None:
    office.tell("import", office.file("orders.csv", csv_of(LISTED)))
    out = office.folder / ("b.zip" if gone == "zip" else "b")
    office.tell("audit", "bundle", "SO-1", "-o", str(out), by="Aud")
    ran = klartecken("desk", "audit", "check-bundle", str(out))
    assert (ran.code, "as it was made" in ran.out) == (0, True)
    target = out if gone == "zip" else out / "bundle.json"
    target.write_bytes(target.read_bytes().replace(b'"quantity": "8"', b'"quantity": "9"'))
    ran = klartecken("desk", "audit", "check-bundle", str(out))
    assert ran.code in (1, 2)
    assert "is as it was made" not in ran.out
