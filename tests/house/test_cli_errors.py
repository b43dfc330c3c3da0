"""A mistake in the question: one line on standard error, exit code 2, no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.program import klartecken

PROGRAM = "from klartecken.cli import main; main()"
H20 = ("check", "nvidia-h20", "--to", "CN", "--on", "2025-07-15")

WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "unknown chip": (("check", "nvidia-h21", "--to", "CN", "--on", "2025-07-15"), "nvidia-h20"),
    "no chip": (("check", "", "--to", "CN", "--on", "2025-07-15"), "item"),
    "unknown country": (("check", "h20", "--to", "Chine", "--on", "2025-07-15"), "China"),
    "unknown headquarters": ((*H20, "--hq", "ZZ"), "ZZ"),
    "impossible date": (("check", "h20", "--to", "CN", "--on", "2025-02-30"), "2025-02-30"),
    "not a date": (("check", "h20", "--to", "CN", "--on", "tomorrow"), "2025-07-15"),
    "date before the law": (("check", "h20", "--to", "CN", "--on", "2020-01-01"), "2022-08-01"),
    "history before the law": (
        ("history", "h20", "--to", "CN", "--until", "2020-01-01"), "2022-08-01",
    ),
    "fact without a value": ((*H20, "--fact", "tpp"), "NAME=VALUE"),
    "fact with an empty value": ((*H20, "--fact", "tpp="), "NAME=VALUE"),
    "fact that is no number": ((*H20, "--fact", "tpp=much"), "much"),
    "fact that is not finite": ((*H20, "--fact", "tpp=nan"), "nan"),
    "range upside down": ((*H20, "--fact", "tpp=5..2"), "5..2"),
    "flag that is no answer": ((*H20, "--fact", "datacenter=maybe"), "yes, no or unknown"),
    "fact given twice": ((*H20, "--fact", "tpp=1", "--fact", "tpp=2"), "twice"),
    "unknown fact": ((*H20, "--fact", "bandwith=4"), "bandwidth"),
    "unknown end use": ((*H20, "--end-use", "mining"), "supercomputer"),
    "unknown list": ((*H20, "--listed", "blacklist"), "entity_list"),
    "none beside a list": ((*H20, "--listed", "none", "--listed", "meu"), "none"),
    "exporter without a name": ((*H20, "--exporter", ""), "exporter"),
    "absent item file": (("check", "absent.yaml", "--to", "CN", "--on", "2025-07-15"), "absent"),
    "unwritable receipt": ((*H20, "--receipt", "absent/receipt.json"), "cannot be written"),
    "unknown provision": (("law", "show", "level.aa"), "level.a"),
    "bad day of the law": (("law", "--on", "x"), "2025-07-15"),
    "bad day of changes": (("law", "changes", "--since", "x"), "2025-07-15"),
    "unknown reform": (("reform", "diff", "april"), "april-2025-letters-public"),
    "reform to show that is not there": (("reform", "show", "x.yaml"), "x.yaml"),
    "option before a subcommand": (("reform", "--json", "list"), "put it behind"),
    "no book there": (("reform", "diff", "ai-diffusion-enforced", "--book", "x.csv"), "x.csv"),
    "day before the law to compare": (
        ("diff", "--from", "2020-01-01", "--to", "2026-01-01"), "2022-08-01",
    ),
    "no day to compare": (("diff", "--from", "x", "--to", "2026-01-01"), "2025-07-15"),
    "catalogue to no place": (
        ("diff", "--from", "2025-01-01", "--to", "2026-01-01", "--destination", "Chine"), "China",
    ),
    "book beside destinations": (
        ("reform", "diff", "ai-diffusion-enforced", "--book", "x.csv", "--destination", "IN"),
        "--destination",
    ),
    "constant without a value": (
        ("reform", "diff", "ai-diffusion-enforced", "--set", "exporter"), "NAME=VALUE",
    ),
    "unknown parameter": (("sweep", "parameters.a.tpp_x", "1..2"), "tpp_a1"),
    "no range to sweep": (("sweep", "parameters.a.tpp_a1", "1600"), "1600..6000"),
    "range to sweep upside down": (("sweep", "parameters.a.tpp_a1", "5..2"), "5..2"),
    "picture of no kind": (
        ("sweep", "parameters.a.tpp_a1", "1..2", "-o", "x.pdf"), "Name the file .svg or .png",
    ),
    "currency of no money": (
        ("sweep", "parameters.b.tpp_b1", "1..2", "--steps", "2", "--on", "2026-03-02",
         "--currency", "CHF"), "no money",
    ),
    "lines to no kind of file": (
        ("reform", "diff", "january-2026-path-40000", "-o", "lines.doc"), ".csv",
    ),
    "events at no place": (("events", "--to", "Chine"), "China"),
}  # fmt: skip


def one_line(code: int, err: str) -> str:
    assert code == 2
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize("name", WRONG)
def test_one_line_and_exit_code_two(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, hint = WRONG[name]
    ran = klartecken(*arguments)
    assert hint in one_line(ran.code, ran.err)
    assert ran.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "option",
    ["--exporter", "--to", "--on", "--hq", "--end-use"],
)
def test_an_empty_name_is_no_answer(option: str) -> None:
    question = {"--to": "CN", "--on": "2025-07-15"} | {option: ""}
    ran = klartecken("check", "h20", *(part for pair in question.items() for part in pair))
    one_line(ran.code, ran.err)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"format": "klartecken-receipt-1"}', "\udcff"],
)  # fmt: skip
def test_a_broken_receipt(content: str, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    ran = klartecken("replay", str(path))
    assert "receipt.json" in one_line(ran.code, ran.err)


def test_an_unknown_command() -> None:
    ran = klartecken("chek")
    assert "check" in one_line(ran.code, ran.err)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "h20", "--on", "2025-07-15"),
        (*H20, "--activity", "fly"),
        (*H20, "--view", "banana"),
        (*H20, "--tf32-bits", "0"),
        (*H20, "--tpp", "4"),
        ("replay", "absent.json"),
        ("law", "nonsense"),
    ],
    ids=" ".join,
)
def test_a_mistyped_command(arguments: tuple[str, ...]) -> None:
    ran = klartecken(*arguments)
    one_line(ran.code, ran.err)


def test_a_receipt_that_was_altered_is_told(tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    assert klartecken(*H20, "--receipt", str(path)).code == 0
    assert klartecken("replay", str(path)).code == 0
    path.write_text(path.read_text(encoding="utf-8").replace("2025-07-15", "2025-07-16"))
    ran = klartecken("replay", str(path))
    assert ran.code == 1
    assert "altered" in ran.out


def test_as_a_program() -> None:
    """The same from outside: nothing but that line."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "check", "x", "--to", "CN"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    one_line(done.returncode, done.stderr)
    assert done.stdout == ""
