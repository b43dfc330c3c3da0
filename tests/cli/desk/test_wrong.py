"""What is wrong is one line, exit code 2, and nothing is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.desk.office import H20, LISTED, Office, csv_of, licence, office_at, on_day
from tests.house.program import klartecken

GROUPS = ("licence", "application", "evidence", "audit", "condition", "cap", "people", "token")
# one command of each module, with arguments that would do
COMMANDS = (
    ("worklist",), ("show", "E-1"), ("edit", "E-1", "--set", "quantity=1"), ("release", "E-1"),
    ("import", "FILE"), ("reevaluate",), ("look-backs",), ("settings",), ("people", "list"),
    ("token", "list"), ("licence", "list"), ("condition", "list"), ("cap", "list"),
    ("application", "list"), ("application", "event", "A-00001", "submit"),
    ("application", "sheet", "A-00001", "-o", "s.html"), ("evidence", "list"),
    ("filing", "E-1"), ("audit", "verify"), ("audit", "bundle", "SO-1", "-o", "b.zip"),
    ("audit", "legal-hold", "list"), ("audit", "retention"), ("break-glass", "list"),
    ("webhook", "list"), ("application", "statuses", "FILE"), ("licence", "reconcile", "FILE"),
)  # fmt: skip


@pytest.fixture(scope="module")
def shared(sqlite_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A desk with two lines, that nothing below changes."""
    folder = tmp_path_factory.mktemp("wrong")
    path = folder / "desk.sqlite"
    path.write_bytes(sqlite_model.read_bytes())
    with on_day():
        office = office_at(str(path), folder)
        office.tell("import", office.file("orders.csv", csv_of(LISTED, H20)))
        office.tell("application", "new")
        office.tell("licence", "register", office.file("lic.json", licence()), by="Liv")
        office.tell("hold", "E-1", "a doubt")
    return office


def filled(arguments: tuple[str, ...], office: Office) -> list[str]:
    return [office.file("some.csv", csv_of(LISTED)) if part == "FILE" else part
            for part in arguments]  # fmt: skip


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_desk_and_nobody(
    arguments: tuple[str, ...], shared: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    said = ["desk", *filled(arguments, shared), "--home", str(tmp_path)]
    for more, told in (
        (["--token", shared.tokens["Pia"]], "there is no such desk"),
        (["--db", shared.url], "nobody is named. Give --token, or set KLARTECKEN_TOKEN"),
    ):
        ran = klartecken(*said, *more)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1), ran
        assert told in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("token", [
    "kt_1_2", "@absent", "kt_\udcff_x", "kt_a\0b_c", "kt__", "x", "kt_ä_ä", "@", "é_é_é",
])  # fmt: skip
@pytest.mark.parametrize("by", ["--token", "KLARTECKEN_TOKEN"])
def test_a_token_that_is_none(
    token: str, by: str, shared: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["desk", "worklist", "--db", shared.url]
    if by == "--token":
        said += [by, token]
    elif "\0" in token:
        return
    else:
        monkeypatch.setenv(by, token)
    ran = klartecken(*said)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1), ran
    assert ("no token that can be read" if token[0] == "@" else "the token is not valid") in ran.err


NOT_ALLOWED = {
    ("import", "FILE"): "Vic", ("edit", "E-1", "--set", "quantity=1"): "Vic",
    ("release", "E-1"): "Pia", ("ship", "E-1"): "Pia", ("hold", "E-1", "x"): "Vic",
    ("assign", "E-1", "--exception", "NAC"): "Ann", ("approve", "E-1", "--why", "x"): "Ann",
    ("cancel", "E-1", "--why", "x"): "Ann", ("reevaluate",): "Vic",
    ("settings", "release_days", "3"): "Pia", ("people", "add", "Z", "--role", "viewer"): "Pia",
    ("people", "invite", "2"): "Aud", ("lift", "E-1", "--why", "x"): "Pia",
    ("licence", "register", "LICENCE"): "Pia",
    ("licence", "verify", "D1234567", "--why", "x"): "Pia",
    ("licence", "event", "D1234567", "suspend", "--why", "x"): "Ann",
    ("cap", "add", "LICENCE", "--why", "x"): "Pia", ("application", "new"): "Ann",
    ("application", "event", "A-00001", "submit"): "Pia",
    ("application", "statuses", "FILE"): "Pia",
    ("application", "approve", "A-00001", "--why", "x"): "Pia",
    ("application", "prefill", "E-2"): "Vic",
    ("evidence", "record", "--rung", "1", "--on", "2026-11-01", "--source", "x"): "Vic",
    ("evidence", "verify", "1", "--why", "x"): "Pia", ("evidence", "news", "E-1"): "Vic",
    ("audit", "verify"): "Ann", ("audit", "anchor"): "Liv", ("audit", "retention"): "Pia",
    ("audit", "search", "--party", "x"): "Vic", ("audit", "history", "--line", "E-1"): "Pia",
    ("audit", "bundle", "SO-1", "-o", "b.zip"): "Pia", ("audit", "legal-hold", "list"): "Pia",
    ("audit", "legal-hold", "place", "x", "--everything"): "Ada",
    ("break-glass", "ask", "E-1", "--hold", "manual", "--why", "x"): "Vic",
    ("break-glass", "second", "1", "--why", "x"): "Pia", ("webhook", "list"): "Aud",
    ("webhook", "add", "https://example.com/x"): "Pia", ("webhook", "deliveries", "1"): "Aud",
}  # fmt: skip


@pytest.mark.parametrize("arguments", NOT_ALLOWED, ids=" ".join)
def test_who_may_not(
    arguments: tuple[str, ...], shared: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    before = shared.count()
    paper = shared.file("l.json", licence(number="D7"))
    said = [paper if part == "LICENCE" else part for part in filled(arguments, shared)]
    told = shared.fails(*said, by=NOT_ALLOWED[arguments])
    assert "may not do that" in told or "no approval is asked" in told
    assert shared.count() == before
    assert list(tmp_path.iterdir()) == []


WRONG = {
    ("show", "E-9"): "there is no line 'E-9'",
    ("show", "#99999999999999999"): "there is no line",
    ("show", "a\0b"): "NUL",
    ("edit", "E-1"): "nothing is to be changed",
    ("edit", "E-1", "--set", "quantity=0"): "quantity",
    ("edit", "E-1", "--set", "nonsense=1"): "nonsense",
    ("edit", "E-1", "--set", "destination=Atlantis"): "Atlantis",
    ("worklist", "--hold", "nonsense"): "'nonsense' is no hold",
    ("worklist", "--columns", "id,nonsense"): "there is no column 'nonsense'",
    ("worklist", "-o", "list.pdf"): "must end in .csv or .xlsx",
    ("import", "absent.csv"): "absent.csv: cannot be read",
    ("import", "BAD"): "Error: ",
    ("settings", "release_days"): "no value is given",
    ("condition", "close", "1"): "give one of --evidence, --end and --reopen",
    ("condition", "close", "77", "--evidence", "x"): "there is no record 77",
    ("assign", "E-1"): "give one of --licence, --exception and --none",
    ("assign", "E-1", "--licence", "D9"): "there is no line 1 of a licence 'D9'",
    ("licence", "show", "D9"): "there is no licence 'D9'",
    ("licence", "list", "--state", "nonsense"): "'nonsense' is no state of a licence",
    ("licence", "edit", "D1234567"): "nothing is to be changed",
    ("licence", "register", "absent.yaml"): "cannot be read",
    ("licence", "register", "LISTED"): "holds no fields",
    ("licence", "register", "FOREIGN"): "'colour' is no field",
    ("licence", "register", "SAME"): "there is already a licence",
    ("licence", "event", "D1234567", "suspend", "--why", " "): "why: is empty",
    ("licence", "event", "D1234567", "dance", "--why", "x"): "dance",
    ("licence", "event", "D1234567", "expire", "--why", "x"): "is not recorded by hand",
    ("licence", "event", "D1234567", "reinstate", "--why", "x"): "cannot happen",
    ("licence", "event", "D1234567", "void", "--until", "2030-01-01", "--why", "x"): "for extend",
    ("licence", "event", "D1234567", "extend", "--letter", "x", "--why", "x"): "go together",
    ("licence", "reconcile", "LISTED"): "LISTED, row 1",
    ("licence", "reminders", "--on", "2026-13-01"): "2026-13-01",
    ("application", "new", "FOREIGN"): "colour",
    ("application", "show", "A-9"): "there is no application 'A-9'",
    ("application", "edit", "A-00001"): "nothing is to be changed",
    ("application", "edit", "A-00001", "--set", "x"): "is not PATH=TEXT",
    ("application", "edit", "A-00001", "--set", "nonsense=x"): "nonsense",
    ("application", "edit", "A-00001", "--set", "lines[1].eccn=x"): "no such place",
    ("application", "event", "A-00001", "submit"): "cannot happen",
    ("application", "event", "A-00001", "nonsense"): "nonsense",
    ("application", "tick", "A-00001", "nonsense", "--evidence", "x"): "is not on the checklist",
    ("application", "sheet", "A-00001", "-o", "s.pdf"): "must end in .html or .csv",
    ("application", "list", "--state", "nonsense"): "'nonsense' is no state",
    ("application", "change", "A-00001", "x"): "nothing at BIS to correct",
    ("application", "resubmit", "A-00001"): "only what BIS had",
    ("evidence", "record", "--on", "2026-11-01", "--source", "x"): "give one of --rung and --kind",
    ("evidence", "record", "--rung", "6", "--on", "2026-11-01", "--source", "x"): "sixth rung",
    ("evidence", "record", "--rung", "2", "--on", "2027-01-01", "--source", "x"): "in the future",
    ("evidence", "list", "--line", "E-1", "--licence", "D1234567"): "name one record",
    ("break-glass", "ask", "E-2", "--hold", "licence_required", "--why", "x"): "be set aside",
    ("break-glass", "ask", "E-1", "--hold", "nonsense", "--why", "x"): "'nonsense' is no hold",
    ("token", "revoke", "999"): "there is no record 999",
}  # fmt: skip


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_what_is_wrong(
    arguments: tuple[str, ...], shared: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    before = shared.count()
    files = {
        "BAD": b"\xff\xfe", "LISTED": "- 1\n", "FOREIGN": "colour: red\n", "SAME": licence(),
    }  # fmt: skip
    said = [shared.file(part, files[part]) if part in files else part for part in arguments]
    assert WRONG[arguments] in shared.fails(*said, by="Liv")
    assert shared.count() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("arguments", "told"), [
    (("audit", "verify", "--head", "7"), "'7' is no anchor"),
    (("audit", "verify", "--head", "@absent"), "absent: holds no anchor"),
    (("audit", "search",), "give one of party, country and reference"),
    (("audit", "search", "--party", "a", "--country", "DE"), "give one of"),
    (("audit", "history"), "no record is named"),
    (("audit", "history", "--line", "E-1", "--at", "never"), "'never' is no moment"),
    (("audit", "history", "--line", "E-1", "--at", "2020-01-01"), "was not there"),
    (("audit", "bundle", "SO-9", "-o", "b.zip"), "there is no order 'SO-9'"),
    (("audit", "bundle", "-o", "b.zip"), "give ORDER, or --application"),
    (("audit", "bundle", "SO-1", "-o", "absent/b.zip"), "cannot be written"),
    (("audit", "legal-hold", "place", "x"), "name one record, or --everything"),
    (("audit", "legal-hold", "lift", "5", "--why", "x"), "there is no record 5"),
    (("audit", "retention", "--line", "E-9"), "there is no line 'E-9'"),
])  # fmt: skip
def test_what_is_wrong_with_an_audit(
    arguments: tuple[str, ...], told: str, shared: Office, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert told in shared.fails(*arguments, by="Aud")
    assert list(tmp_path.iterdir()) == []


def test_a_token_that_counts_no_longer(office: Office) -> None:
    office.tell("worklist", by="Vic")
    (row,) = office.ask("token", "list", by="Vic")
    assert office.ask("token", "new", "--label", "mine", by="Vic")["token"].startswith("kt_")
    assert office.ask("token", "revoke", str(row["id"]), by="Ada") == {
        "id": row["id"], "revoked": True,
    }  # fmt: skip
    assert "the token is not valid" in office.fails("worklist", by="Vic")
    office.tell("people", "change", "2", "--inactive", "--why", "left", by="Ada")
    assert "the token is not valid" in office.fails("worklist", by="Pia")


def test_a_desk_begins_with_an_admin_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a" / "new.sqlite"
    keep = tmp_path / "token"
    init = ("desk", "init", "--db", str(path))
    ran = klartecken(*init)
    assert (ran.code, "Name its first admin" in ran.err) == (2, True)
    assert "control character" in klartecken(*init, "--admin", "a\nb").err
    keep.write_text("mine")
    ran = klartecken(*init, "--admin", "Ada", "--keep", str(keep))
    assert (ran.code, "is already there" in ran.err) == (2, True)
    assert [keep] == list(tmp_path.iterdir())
    assert klartecken(*init, "--admin", "Ada").out.count("kt_") == 1
    ran = klartecken(*init, "--admin", "Eve", "--keep", str(tmp_path / "second"))
    assert (ran.code, "up to date" in ran.out, "kt_" in ran.out) == (0, True, False)
    assert sorted(held.name for held in tmp_path.iterdir()) == ["a", "token"]


def test_a_file_that_is_no_desk(office: Office, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    other.write_bytes(b"no database at all, and long enough to be looked at" * 40)
    for url in (str(other), "mysql://x/y", "postgresql://desk@127.0.0.1:1/desk"):
        ran = klartecken("desk", "worklist", "--db", url, "--token", office.tokens["Pia"])
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1), ran


@pytest.mark.parametrize("group", GROUPS)
def test_an_unknown_command_of_a_group(group: str) -> None:
    ran = klartecken("desk", group, "nonsense")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
